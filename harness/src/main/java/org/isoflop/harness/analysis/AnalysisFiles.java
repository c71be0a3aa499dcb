package org.isoflop.harness.analysis;

import java.nio.file.Path;
import org.isoflop.harness.AtomicFiles;
import org.isoflop.harness.CsvFiles;

/**
 * Writes everything the analysis found for programs ({@code analysis.json}) and for spreadsheets (a
 * CSV for every table and figure of the report), each file whole or not at all.
 *
 * <p>All files are written every time, a CSV without rows as its header alone, so that a script
 * finds them and none is left over from an earlier analysis. The CSVs are {@code optima.csv},
 * {@code exponents.csv}, {@code curves.csv}, {@code frontier.csv}, {@code allocation.csv}, {@code
 * conventions.csv}, {@code residuals.csv} and {@code law.csv}; the linearity test ({@code
 * straightness}), bias, loss against compute, warnings and notes stand in {@code analysis.json}
 * alone.
 *
 * <p>An interval is 95%. An end of it that is infinite, because the data leave that side open, is
 * {@code null} in JSON and an empty cell in CSV; so is whatever was refused, with the reason under
 * {@code refused}. A low end of 0 of params or tokens leaves that side open too.
 */
public final class AnalysisFiles {

  private AnalysisFiles() {}

  /**
   * Writes the files into a folder, which is made where missing.
   *
   * @throws java.io.UncheckedIOException if the disk refuses
   */
  public static void write(Analysis analysis, Path folder) {
    AtomicFiles.writeText(
        folder.resolve("analysis.json"), out -> JsonLines.write(AnalysisJson.of(analysis), out));
    for (ResultTable table : AnalysisTables.of(analysis)) {
      CsvFiles.write(folder.resolve(table.file()), table.columns(), table.rows());
    }
  }
}
