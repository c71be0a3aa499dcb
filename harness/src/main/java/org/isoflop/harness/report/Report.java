package org.isoflop.harness.report;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.isoflop.harness.AtomicFiles;
import org.isoflop.harness.analysis.Comparison;

/** Writes the report of an analysis, or of several beside each other, into a folder. */
public final class Report {

  /** A browser draws so many points without delay, and nobody could tell more of them apart. */
  private static final int MOST_POINTS = 3000;

  private Report() {}

  /**
   * Writes {@code report.html}, one page that opens offline, and its figures as SVG and PNG under
   * {@code figures/}: {@code isoflop}, {@code frontier}, and where there is something to draw
   * {@code exponents}, {@code surface}, {@code residuals} and {@code training}. Older ones are
   * replaced, each file at once; a figure that an older analysis had and this one has not is
   * removed.
   *
   * @throws java.io.UncheckedIOException if the folder cannot be written
   */
  public static void write(ReportInput input, Path folder) {
    ReportInput shown = input.thinned(MOST_POINTS);
    String page = ReportPage.render(shown);
    AtomicFiles.writeText(folder.resolve("report.html"), out -> out.write(page));
    write(ReportPage.figures(shown), folder);
  }

  /**
   * Writes {@code compare.html}, one page that opens offline and shows several data sets beside
   * each other, and {@code figures/compare} and {@code figures/compare-exponents} as SVG and PNG. A
   * set whose own report stands at {@code <its title>/report.html} in the folder is linked to it,
   * so write those first.
   *
   * @param title the heading
   * @param sets what is compared, at least one, in the order shown
   * @throws java.io.UncheckedIOException if the folder cannot be written
   */
  public static void compare(String title, List<ReportInput> sets, Path folder) {
    compare(title, sets, List.of(), folder);
  }

  /**
   * Writes the same page of sets that are held against the first, with what that says at its head,
   * and {@code figures/gain} where compute at equal loss can be compared.
   *
   * @throws java.io.UncheckedIOException if the folder cannot be written
   */
  public static void compare(Comparison comparison, Path folder) {
    compare(
        "Against " + comparison.sets().get(0).name(),
        comparison.sets().stream()
            .map(set -> new ReportInput(set.name(), List.of(), set.analysis(), List.of()))
            .toList(),
        ContrastSection.of(comparison),
        folder);
  }

  private static void compare(
      String title, List<ReportInput> sets, List<ContrastSection> contrasts, Path folder) {
    if (sets.isEmpty()) {
      throw new IllegalArgumentException("nothing to compare");
    }
    String page = ComparePage.render(title, sets, contrasts, folder);
    AtomicFiles.writeText(folder.resolve("compare.html"), out -> out.write(page));
    write(
        Map.of(
            "compare", Optional.of(CompareFigure.optima(sets)),
            "compare-exponents", CompareFigure.exponents(sets),
            "gain", GainFigure.of(contrasts)),
        folder);
  }

  private static void write(Map<String, Optional<Figure>> figures, Path folder) {
    Path files = folder.resolve("figures");
    // Compressing pictures takes most of the time that a report takes.
    figures.entrySet().parallelStream()
        .forEach(
            named ->
                named
                    .getValue()
                    .ifPresentOrElse(
                        figure -> figure.write(files), () -> Figure.remove(files, named.getKey())));
  }
}
