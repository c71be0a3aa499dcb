package org.isoflop.harness.analysis;

import static org.isoflop.harness.analysis.output.ResultJson.rows;

import java.nio.file.Path;
import java.util.List;
import org.isoflop.harness.AtomicFiles;
import org.isoflop.harness.analysis.Analysis.Checks;
import org.isoflop.harness.analysis.Analysis.ParametricLaw;
import org.isoflop.harness.analysis.Analysis.Part;
import org.isoflop.harness.analysis.AnalysisTables.Parameter;
import org.isoflop.harness.analysis.isoflop.CurveNoise;
import org.isoflop.harness.analysis.isoflop.Exponents;
import org.isoflop.harness.analysis.isoflop.LinearityTest;
import org.isoflop.harness.analysis.output.ResultJson;
import org.isoflop.harness.analysis.output.ResultJson.Row;
import org.isoflop.harness.analysis.points.LossPoint;

/**
 * Writes everything the analysis found for programs ({@code analysis.json}) and for spreadsheets (a
 * CSV for every table and figure of the report), each file whole or not at all.
 *
 * <p>All files are written every time, a CSV without rows as its header alone, so that a script
 * finds them and none is left over from an earlier analysis. The CSVs are {@code optima.csv},
 * {@code exponents.csv}, {@code curves.csv}, {@code frontier.csv}, {@code allocation.csv}, {@code
 * conventions.csv}, {@code residuals.csv} and {@code law.csv}; the linearity test ({@code
 * straightness}), bias, loss against compute, warnings and notes stand in {@code analysis.json}
 * alone, whose keys are there whether or not there is a value for them.
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
        folder.resolve("analysis.json"), out -> ResultJson.writeLines(json(analysis), out));
    AnalysisTables.write(analysis, folder);
  }

  /** Returns what {@code analysis.json} holds. */
  static Row json(Analysis analysis) {
    Row json =
        new Row()
            .with("points", analysis.points())
            .with("convention", analysis.convention())
            .with("optima", AnalysisTables.optima(analysis).json(analysis.curves()))
            .with("exponents", exponents(analysis));
    for (Part part : Part.values()) {
      List<Row> found = AnalysisTables.json(part, analysis.part(part));
      json.with(part.key(), part == Part.TOP ? found.stream().findFirst() : found);
    }
    Checks checks = analysis.checks();
    return json.with("straightness", analysis.straightness().map(AnalysisFiles::straightness))
        .with(
            "loss_frontier",
            analysis.frontier().loss().map(found -> estimates(AnalysisTables.parameters(found))))
        .with("bias", analysis.bias())
        .with("conventions", AnalysisTables.conventions().json(analysis.conventions().entrySet()))
        .with("allocation", AnalysisTables.frontier().json(analysis.frontier().allocation()))
        .with("frontier", AnalysisTables.frontier().json(analysis.frontier().drawn()))
        .with("residuals", AnalysisTables.residuals().json(analysis.residuals()))
        .with("noise", noise(checks.noise()))
        .with("separate_runs", checks.separateRuns().map(AnalysisFiles::separateRuns))
        .with("rate_control", checks.rateControl().map(AnalysisFiles::rateControl))
        .with("repeated_tokens", checks.repeatedTokens())
        .with("warnings", analysis.warnings())
        .with("notes", analysis.notes());
  }

  private static Row slopes(Exponents found) {
    return new Row().estimate("a", found.a()).estimate("b", found.b());
  }

  private static Row exponents(Analysis analysis) {
    Row exponents = new Row();
    Row refused = new Row();
    for (Method method : Method.values()) {
      exponents.put(method.key(), analysis.exponents(method).map(AnalysisFiles::slopes));
      analysis.refused(method).ifPresent(reason -> refused.put(method.key(), reason));
    }
    exponents.put(Method.PARAMETRIC.key(), analysis.law().map(AnalysisFiles::law));
    return exponents.with("refused", refused);
  }

  private static Row law(ParametricLaw found) {
    return slopes(Exponents.byLaw(found.sample()))
        .all(estimates(AnalysisTables.parameters(found)))
        .with("objective", found.objective())
        .with("lack_of_fit", found.lackOfFit());
  }

  private static Row estimates(List<Parameter> parameters) {
    Row row = new Row();
    parameters.forEach(parameter -> row.estimate(parameter.key(), parameter.value()));
    return row;
  }

  private static Row straightness(LinearityTest found) {
    return new Row()
        .with("p_value", found.pValue())
        .with("drift_per_decade", found.drift().value())
        .with("drift_interval", found.drift().interval())
        .with("straight", found.straight());
  }

  private static Row noise(NoiseSources found) {
    return new Row()
        .with("scatter", found.scatter())
        .estimate("scatter_exponent", found.curves().map(CurveNoise::exponent))
        .with("scatter_above", found.above())
        .with(
            "seeds",
            rows(
                found.seeds(),
                at ->
                    new Row()
                        .with("budget", at.budget())
                        .with("deviation", at.deviation())
                        .with("cells", at.cells())
                        .with("freedom", at.freedom())))
        .with("left_over", found.leftOver().map(NoiseSources.LeftOver::deviation))
        .with("left_over_p_value", found.leftOver().map(NoiseSources.LeftOver::pValue));
  }

  private static Row separateRuns(SeparateRuns found) {
    return new Row()
        .with("cells", rows(found.cells(), AnalysisFiles::pair))
        .estimate("difference", found.difference())
        .with("noise", found.noise())
        .with("noise_of", found.noise().isEmpty() ? null : found.ofSeeds() ? "seeds" : "curves")
        .with("with_branches", found.shared().map(AnalysisFiles::slopes))
        .with("with_separate_runs", found.separate().map(AnalysisFiles::slopes));
  }

  private static Row pair(SeparateRuns.Pair cell) {
    LossPoint branch = cell.branch();
    return new Row()
        .with("budget", branch.budget())
        .with("params", branch.params())
        .with("lineage", branch.lineage())
        .with("branch_loss", branch.loss())
        .with("separate_loss", cell.separate().loss())
        .with("difference", cell.difference());
  }

  private static Row rateControl(RateControl found) {
    List<Row> runs =
        found.cells().stream()
            .flatMap(cell -> rows(List.copyOf(cell.others().keySet()), m -> run(cell, m)).stream())
            .toList();
    return new Row()
        .with("runs", runs)
        .with("noise", found.noise())
        .estimate("best_multiplier", found.multiplier())
        .estimate("cost", found.cost())
        .with("edge", found.edge())
        .with("certain", found.certain());
  }

  private static Row run(RateControl.Cell cell, double multiplier) {
    return new Row()
        .with("budget", cell.points().get(0).budget())
        .with("params", cell.points().get(0).params())
        .with("multiplier", multiplier)
        .with("loss", cell.others().get(multiplier))
        .with("difference", cell.difference(multiplier));
  }
}
