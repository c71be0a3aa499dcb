package org.isoflop.harness.report;

import java.nio.file.Path;
import org.isoflop.harness.AtomicFiles;

/** Writes the report of an analysis into a folder. */
public final class Report {

  private Report() {}

  /**
   * Writes {@code report.html}, one page that opens offline, and {@code isoflop} and {@code
   * frontier} as SVG and PNG under {@code figures/}; older ones are replaced, each file at once.
   *
   * @throws java.io.UncheckedIOException if the folder cannot be written
   */
  public static void write(ReportInput input, Path folder) {
    Path figures = folder.resolve("figures");
    new IsoflopFigure(input.analysis().curves()).write(figures, "isoflop");
    new FrontierFigure(input.analysis()).write(figures, "frontier");
    String page = ReportPage.render(input);
    AtomicFiles.writeText(folder.resolve("report.html"), out -> out.write(page));
  }
}
