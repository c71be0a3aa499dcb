package org.isoflop.harness.report;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.isoflop.harness.analysis.Analysis;
import org.isoflop.harness.analysis.Analysis.Checks;
import org.isoflop.harness.analysis.Analysis.Frontier;
import org.isoflop.harness.analysis.Analysis.ParametricLaw;
import org.isoflop.harness.analysis.Analysis.Part;
import org.isoflop.harness.analysis.Analysis.PointResidual;
import org.isoflop.harness.analysis.Bias;
import org.isoflop.harness.analysis.Method;
import org.isoflop.harness.analysis.NoiseSources;
import org.isoflop.harness.analysis.RateControl;
import org.isoflop.harness.analysis.isoflop.BudgetCurve;
import org.isoflop.harness.analysis.isoflop.EfficientFrontier.FrontierPoint;
import org.isoflop.harness.analysis.isoflop.Exponents;
import org.isoflop.harness.analysis.isoflop.Exponents.LocalExponent;
import org.isoflop.harness.analysis.isoflop.LinearityTest;
import org.isoflop.harness.analysis.isoflop.LossFrontierFit;
import org.isoflop.harness.analysis.points.Convention;
import org.isoflop.harness.analysis.points.Remarks.Remark;
import org.isoflop.harness.analysis.points.Remarks.Severity;
import org.isoflop.harness.analysis.stats.Fitted;

/** An analysis under construction, because few tests need all of its parts. */
final class AnalysisDraft {

  List<BudgetCurve> curves = List.of();
  Map<Method, Fitted<Exponents>> methods = Map.of();
  Map<Part, List<LocalExponent>> parts = Map.of();
  Optional<LinearityTest> straightness = Optional.empty();
  List<FrontierPoint> frontier = List.of();
  List<FrontierPoint> allocation = List.of();
  Optional<ParametricLaw> law = Optional.empty();
  Optional<LossFrontierFit.Parameters> lossFrontier = Optional.empty();
  List<Bias> bias = List.of();
  Map<Convention, Fitted<Exponents>> conventions = Map.of();
  List<PointResidual> residuals = List.of();
  NoiseSources noise = new NoiseSources(List.of(), Optional.empty(), Optional.empty());
  Optional<RateControl> rateControl = Optional.empty();
  List<String> warnings = List.of();
  List<String> notes = List.of();

  Analysis build() {
    return new Analysis(
        curves.stream().mapToInt(curve -> curve.points().size()).sum(),
        Convention.DEFAULT,
        curves,
        residuals,
        methods,
        conventions,
        parts,
        straightness,
        bias,
        law,
        new Frontier(frontier, allocation, lossFrontier),
        new Checks(noise, Optional.empty(), rateControl, Optional.empty()),
        Stream.concat(
                warnings.stream().map(said -> new Remark(Severity.WARNING, said)),
                notes.stream().map(said -> new Remark(Severity.NOTE, said)))
            .toList());
  }
}
