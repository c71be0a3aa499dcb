package org.isoflop.harness.analysis;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import org.isoflop.harness.analysis.Analysis.Checks;
import org.isoflop.harness.analysis.Analysis.Frontier;
import org.isoflop.harness.analysis.Analysis.Part;
import org.isoflop.harness.analysis.isoflop.BudgetCurve;
import org.isoflop.harness.analysis.isoflop.BudgetCurve.Optimum;
import org.isoflop.harness.analysis.isoflop.EfficientFrontier.FrontierPoint;
import org.isoflop.harness.analysis.isoflop.Exponents;
import org.isoflop.harness.analysis.isoflop.Exponents.LocalExponent;
import org.isoflop.harness.analysis.points.Convention;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.stats.Estimate;
import org.isoflop.harness.analysis.stats.Fitted;
import org.isoflop.harness.analysis.stats.Interval;
import org.isoflop.harness.analysis.stats.IntervalScheme;
import org.isoflop.harness.analysis.stats.Resampling;

/** Analyses to write: real ones of small sweeps, and one made by hand of what is rare. */
final class Analyses {

  static final AnalysisSettings SETTINGS =
      new AnalysisSettings(IntervalScheme.AUTO, new Resampling(1, 100));

  static final double INFINITY = Double.POSITIVE_INFINITY;

  private Analyses() {}

  /** Returns budgets of seven sizes on the noisy Chinchilla surface. */
  static List<LossPoint> points(int budgets, double ratio) {
    double[] flops = Surfaces.budgets(1e18, ratio, budgets);
    double[] centres = new double[budgets];
    for (int k = 0; k < budgets; k++) {
      centres[k] = Surfaces.chinchillaLnParams(flops[k]);
    }
    return Surfaces.noisy(
        Surfaces.sample(Surfaces::chinchilla, flops, centres, 7, 5),
        0.001,
        new SplittableRandom(4));
  }

  /** Returns five budgets, of which one point lies far off, and a sixth with one size. */
  static Analysis good() {
    List<LossPoint> points = new ArrayList<>(points(5, 4));
    LossPoint off = points.get(9);
    points.set(9, off.withLoss(off.loss() * 1.4));
    points.add(Surfaces.point(1e21, 1e9, 1e21 / 6e9, 2.5));
    return IsoFlopAnalysis.analyze(points, SETTINGS);
  }

  /** Returns what a single run gives: refusals. */
  static Analysis refused() {
    return IsoFlopAnalysis.analyze(List.of(Surfaces.point(1e17, 1e7, 1e9, 3)), SETTINGS);
  }

  /** Returns one budget whose optimum has no bound to one side, in another convention. */
  static Analysis unbounded() {
    LossPoint point = Surfaces.point(1e18, 1e8, 1e18 / 6e8, 3);
    Estimate params = estimate(1e8, 0, 2e8);
    Estimate tokens = estimate(1e9, 8e8, INFINITY);
    Exponents exponents =
        new Exponents(estimate(0.5, -INFINITY, 0.6), estimate(0.5, 0.4, INFINITY));
    BudgetCurve curve =
        new BudgetCurve(
            1e18,
            List.of(point),
            true,
            Optional.of(
                new Optimum(
                    params,
                    tokens,
                    estimate(3, 2.9, 3.1),
                    OptionalDouble.empty(),
                    new Interval(5e7, 2e8),
                    0,
                    List.of())),
            Optional.empty());
    return new Analysis(
        1,
        new Convention(Convention.Params.NON_EMBEDDING, Convention.Flops.SIX_ND),
        List.of(curve),
        List.of(),
        new EnumMap<>(
            Map.of(
                Method.ISOFLOP,
                Fitted.of(exponents),
                Method.PARABOLA,
                Fitted.refused("Too few."),
                Method.PARABOLA_CORRECTED,
                Fitted.refused("Too few."))),
        Map.of(Convention.DEFAULT, Fitted.refused("Too few.")),
        Map.of(Part.LOCAL, List.of(new LocalExponent(1e18, 2e18, 2, exponents))),
        Optional.empty(),
        List.of(),
        Optional.empty(),
        new Frontier(
            List.of(),
            List.of(new FrontierPoint(1e19, params, tokens, Optional.empty(), exponents, 1)),
            Optional.empty()),
        new Checks(
            new NoiseSources(List.of(), Optional.empty(), Optional.empty()),
            Optional.empty(),
            Optional.empty(),
            Optional.empty()),
        List.of());
  }

  private static Estimate estimate(double value, double low, double high) {
    return new Estimate(value, new Interval(low, high));
  }
}
