package org.isoflop.harness.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import org.isoflop.harness.analysis.Analysis;
import org.isoflop.harness.analysis.Analysis.ConventionResult;
import org.isoflop.harness.analysis.Analysis.LossFrontier;
import org.isoflop.harness.analysis.Bias;
import org.isoflop.harness.analysis.Method;
import org.isoflop.harness.analysis.MethodResult;
import org.isoflop.harness.analysis.isoflop.BudgetCurve;
import org.isoflop.harness.analysis.isoflop.Exponents.LocalExponent;
import org.isoflop.harness.analysis.isoflop.LinearityTest;
import org.isoflop.harness.analysis.points.Convention;
import org.isoflop.harness.analysis.stats.Estimate;
import org.isoflop.harness.analysis.stats.Fitted;
import org.isoflop.harness.analysis.stats.Interval;

/** An analysis with everything: what a large public set of points gives. */
final class RichSurface {

  private RichSurface() {}

  /** Nine budgets of Chinchilla's size, outliers, drift, and every kind of result. */
  static Analysis analysis() {
    Bowls bowls = new Bowls(Surfaces.CHINCHILLA, 0.004);
    double[] budgets = {6e18, 1e19, 3e19, 6e19, 1e20, 3e20, 6e20, 1e21, 3e21};
    double[] scatter = {0.02, -0.05, 0.06, 0.01, -0.03, 0.07, -0.02, 0.04, -0.06};
    List<BudgetCurve> curves = new ArrayList<>();
    for (int i = 0; i < budgets.length; i++) {
      double decades = Math.log10(budgets[i] / 1e20);
      double shift = Math.exp(-0.09 * decades * decades + scatter[i]);
      curves.add(bowls.curve(budgets[i], i == 8 ? 7 : 10, 60 - 4 * i, shift));
    }
    curves.set(1, Bowls.withOutlier(curves.get(1), 8, 1.09));
    curves.set(4, Bowls.withOutlier(curves.get(4), 1, 1.07));
    curves.set(6, Bowls.withOutlier(curves.get(6), 9, 1.9));
    AnalysisDraft draft = new AnalysisDraft();
    draft.curves = curves;
    LocalExponent all = Bowls.slope(curves, 0.031);
    draft.windows = Bowls.slopes(curves, 4, 0.07);
    draft.top = Optional.of(draft.windows.get(draft.windows.size() - 1));
    draft.local = Bowls.slopes(curves, 2, 0.21);
    draft.lawWindows =
        draft.windows.stream()
            .map(
                window ->
                    new LocalExponent(
                        window.from(),
                        window.to(),
                        window.optima(),
                        Bowls.exponents(window.exponents().a().value() + 0.03, 0.05)))
            .toList();
    draft.straightness =
        Optional.of(
            new LinearityTest(0.0031, new Estimate(-0.043, new Interval(-0.071, -0.014)), false));
    draft.frontier = bowls.frontier(curves, 1);
    draft.allocation =
        DoubleStream.of(1, 3.1623, 10, 100)
            .mapToObj(times -> bowls.at(curves, 3e21 * times))
            .toList();
    draft.law = Optional.of(Surfaces.lawResult(Surfaces.CHINCHILLA));
    draft.lossFrontier =
        Optional.of(
            new LossFrontier(
                new Estimate(1.8172, new Interval(1.74, 1.88)),
                new Estimate(2460, new Interval(810, 8.4e6)),
                new Estimate(0.178, new Interval(0.152, 0.204))));
    draft.bias = bias(curves);
    draft.methods =
        List.of(
            new MethodResult(Method.ISOFLOP, Optional.of(all.exponents()), Optional.empty()),
            method(Method.PARABOLA, 0.486, 0.052),
            method(Method.PARABOLA_CORRECTED, 0.471, 0.055),
            method(Method.PARAMETRIC, 0.512, 0.018),
            method(Method.PARAMETRIC_SQUARES, 0.643, 0.02),
            MethodResult.of(
                Method.ENVELOPE,
                Fitted.refused("There are no training curves beside these points.")));
    draft.conventions = conventions(all);
    draft.residuals = bowls.residuals(curves);
    draft.notes = List.of("The optima vary more than the noise of their curves.");
    draft.warnings =
        List.of(
            "3 of 87 points lie far above their budget's curve and are left out of it: n = 1.01B at"
                + " 1e19 FLOPs, 0.36B at 1e20 and 13B at 6e20.",
            "The exponent falls with compute: extrapolate from the top of the range, not from the"
                + " line over all budgets.",
            "The parametric law by least squares disagrees with the curves by more than the"
                + " intervals.");
    return draft.build();
  }

  private static MethodResult method(Method method, double a, double half) {
    return new MethodResult(method, Optional.of(Bowls.exponents(a, half)), Optional.empty());
  }

  private static List<Bias> bias(List<BudgetCurve> curves) {
    List<Bias.AtBudget> small =
        curves.stream().map(curve -> new Bias.AtBudget(curve.budget(), 0.004)).toList();
    List<Bias.AtBudget> large =
        curves.stream()
            .map(curve -> new Bias.AtBudget(curve.budget(), -0.01 * Math.log10(curve.budget())))
            .toList();
    return List.of(
        new Bias(Method.ISOFLOP, 0.001, -0.001, small),
        new Bias(Method.PARABOLA, 0.015, -0.015, large));
  }

  private static List<ConventionResult> conventions(LocalExponent all) {
    List<ConventionResult> results = new ArrayList<>();
    for (Convention.Params params : Convention.Params.values()) {
      for (Convention.Flops flops : Convention.Flops.values()) {
        Convention convention = new Convention(params, flops);
        double a = all.exponents().a().value() + 0.012 * results.size();
        results.add(
            params == Convention.Params.MATMUL && flops == Convention.Flops.EXACT
                ? new ConventionResult(
                    convention,
                    Optional.empty(),
                    Optional.of("Only two budgets have an optimum counted so."))
                : new ConventionResult(
                    convention, Optional.of(Bowls.exponents(a, 0.033)), Optional.empty()));
      }
    }
    return results;
  }
}
