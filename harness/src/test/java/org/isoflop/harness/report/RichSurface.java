package org.isoflop.harness.report;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.DoubleStream;
import org.isoflop.harness.analysis.Analysis;
import org.isoflop.harness.analysis.Analysis.Part;
import org.isoflop.harness.analysis.Bias;
import org.isoflop.harness.analysis.Method;
import org.isoflop.harness.analysis.isoflop.BudgetCurve;
import org.isoflop.harness.analysis.isoflop.Exponents;
import org.isoflop.harness.analysis.isoflop.Exponents.LocalExponent;
import org.isoflop.harness.analysis.isoflop.LinearityTest;
import org.isoflop.harness.analysis.isoflop.LossFrontierFit;
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
    List<LocalExponent> windows = Bowls.slopes(curves, 4, 0.07);
    draft.parts =
        Map.of(
            Part.TOP,
            windows.subList(windows.size() - 1, windows.size()),
            Part.LOCAL,
            Bowls.slopes(curves, 2, 0.21),
            Part.WINDOWS,
            windows,
            Part.LAW_WINDOWS,
            windows.stream().map(RichSurface::byLaw).toList());
    draft.straightness =
        Optional.of(
            new LinearityTest(0.0031, new Estimate(-0.043, new Interval(-0.071, -0.014)), false));
    draft.frontier = bowls.frontier(curves, 1);
    draft.allocation =
        DoubleStream.of(1, 3.1623, 10, 100)
            .mapToObj(times -> bowls.at(curves, 3e21 * times))
            .toList();
    draft.law = Optional.of(Surfaces.parametric(Surfaces.CHINCHILLA));
    draft.lossFrontier =
        Optional.of(
            new LossFrontierFit.Parameters(
                new Estimate(1.8172, new Interval(1.74, 1.88)),
                new Estimate(2460, new Interval(810, 8.4e6)),
                new Estimate(0.178, new Interval(0.152, 0.204))));
    draft.bias = bias(curves);
    draft.methods = new EnumMap<>(Method.class);
    draft.methods.put(Method.ISOFLOP, Fitted.of(all.exponents()));
    draft.methods.put(Method.PARABOLA, Fitted.of(Bowls.exponents(0.486, 0.052)));
    draft.methods.put(Method.PARABOLA_CORRECTED, Fitted.of(Bowls.exponents(0.471, 0.055)));
    draft.methods.put(Method.PARAMETRIC, Fitted.of(Bowls.exponents(0.512, 0.018)));
    draft.methods.put(Method.PARAMETRIC_SQUARES, Fitted.of(Bowls.exponents(0.643, 0.02)));
    draft.methods.put(
        Method.ENVELOPE, Fitted.refused("There are no training curves beside these points."));
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

  private static LocalExponent byLaw(LocalExponent window) {
    return new LocalExponent(
        window.from(),
        window.to(),
        window.optima(),
        Bowls.exponents(window.exponents().a().value() + 0.03, 0.05));
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

  private static Map<Convention, Fitted<Exponents>> conventions(LocalExponent all) {
    Map<Convention, Fitted<Exponents>> results = new LinkedHashMap<>();
    for (Convention.Params params : Convention.Params.values()) {
      for (Convention.Flops flops : Convention.Flops.values()) {
        double a = all.exponents().a().value() + 0.012 * results.size();
        results.put(
            new Convention(params, flops),
            params == Convention.Params.MATMUL && flops == Convention.Flops.EXACT
                ? Fitted.refused("Only two budgets have an optimum counted so.")
                : Fitted.of(Bowls.exponents(a, 0.033)));
      }
    }
    return results;
  }
}
