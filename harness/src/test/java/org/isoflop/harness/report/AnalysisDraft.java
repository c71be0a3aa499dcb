package org.isoflop.harness.report;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.isoflop.harness.analysis.Analysis;
import org.isoflop.harness.analysis.Analysis.ConventionResult;
import org.isoflop.harness.analysis.Analysis.LawResult;
import org.isoflop.harness.analysis.Analysis.LossFrontier;
import org.isoflop.harness.analysis.Analysis.PointResidual;
import org.isoflop.harness.analysis.Bias;
import org.isoflop.harness.analysis.MethodResult;
import org.isoflop.harness.analysis.NoiseSources;
import org.isoflop.harness.analysis.RateControl;
import org.isoflop.harness.analysis.isoflop.BudgetCurve;
import org.isoflop.harness.analysis.isoflop.EfficientFrontier.FrontierPoint;
import org.isoflop.harness.analysis.isoflop.Exponents.LocalExponent;
import org.isoflop.harness.analysis.isoflop.LinearityTest;
import org.isoflop.harness.analysis.points.Convention;
import org.isoflop.harness.analysis.points.Remarks.Remark;
import org.isoflop.harness.analysis.points.Remarks.Severity;

/** An analysis under construction, because few tests need all of its parts. */
final class AnalysisDraft {

  List<BudgetCurve> curves = List.of();
  Optional<LocalExponent> top = Optional.empty();
  List<MethodResult> methods = List.of();
  List<LocalExponent> local = List.of();
  List<LocalExponent> windows = List.of();
  List<LocalExponent> lawWindows = List.of();
  Optional<LinearityTest> straightness = Optional.empty();
  List<FrontierPoint> frontier = List.of();
  List<FrontierPoint> allocation = List.of();
  Optional<LawResult> law = Optional.empty();
  Optional<LossFrontier> lossFrontier = Optional.empty();
  List<Bias> bias = List.of();
  List<ConventionResult> conventions = List.of();
  List<PointResidual> residuals = List.of();
  NoiseSources noise =
      new NoiseSources(List.of(), List.of(), Optional.empty(), Optional.empty(), Optional.empty());
  Optional<RateControl> rateControl = Optional.empty();
  List<String> warnings = List.of();
  List<String> notes = List.of();

  Analysis build() {
    return new Analysis(
        curves.stream().mapToInt(curve -> curve.points().size()).sum(),
        Convention.DEFAULT,
        curves,
        top,
        methods,
        local,
        windows,
        lawWindows,
        straightness,
        frontier,
        allocation,
        law,
        lossFrontier,
        bias,
        conventions,
        residuals,
        noise,
        Optional.empty(),
        rateControl,
        Optional.empty(),
        Stream.concat(
                warnings.stream().map(said -> new Remark(Severity.WARNING, said)),
                notes.stream().map(said -> new Remark(Severity.NOTE, said)))
            .toList());
  }
}
