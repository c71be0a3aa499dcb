package org.isoflop.harness.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.isoflop.harness.analysis.Analysis.PointResidual;
import org.isoflop.harness.analysis.isoflop.BudgetCurve;
import org.isoflop.harness.analysis.isoflop.BudgetCurve.Optimum;
import org.isoflop.harness.analysis.isoflop.EfficientFrontier.FrontierPoint;
import org.isoflop.harness.analysis.isoflop.Exponents;
import org.isoflop.harness.analysis.isoflop.Exponents.LocalExponent;
import org.isoflop.harness.analysis.law.Law;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.stats.Estimate;
import org.isoflop.harness.analysis.stats.Interval;
import org.isoflop.harness.analysis.stats.PowerLaw;

/**
 * Curves and lines of a chosen law: points with noise, optima where the law has them, or moved off
 * by what the form of the law does not describe.
 *
 * @param law the truth
 * @param noise standard deviation of ln L, about
 */
record Bowls(Law law, double noise) {

  /** A curve of sizes around its optimum, itself times {@code shift} off the law's. */
  BudgetCurve curve(double budget, int sizes, double span, double shift) {
    double best = law.optimalParams(budget) * shift;
    List<LossPoint> points = points(budget, sizes, span, best, shift);
    double tokens = budget / (6 * best);
    double loss = law.loss(best / shift, tokens * shift);
    double wide = 1.12 + 25 * noise;
    List<Optimum.CurvePoint> drawn =
        IntStream.rangeClosed(0, 60)
            .mapToDouble(i -> best * Math.pow(span, i / 60.0 - 0.5))
            .mapToObj(n -> new Optimum.CurvePoint(n, law.loss(n / shift, budget * shift / 6 / n)))
            .toList();
    Optimum optimum =
        new Optimum(
            new Estimate(best, new Interval(best / wide, best * wide)),
            new Estimate(tokens, new Interval(tokens / wide, tokens * wide)),
            new Estimate(loss, new Interval(loss * (1 - noise), loss * (1 + noise))),
            OptionalDouble.of(loss / Math.log(2)),
            new Interval(best / wide, best * wide),
            0,
            drawn);
    return new BudgetCurve(budget, points, true, Optional.of(optimum), Optional.empty());
  }

  /** A curve of sizes far below the optimum, which has none. */
  BudgetCurve refused(double budget, int sizes, String reason) {
    double best = law.optimalParams(budget);
    return new BudgetCurve(
        budget,
        points(budget, sizes, 16, best / 5, 1),
        false,
        Optional.empty(),
        Optional.of(reason));
  }

  private List<LossPoint> points(
      double budget, int sizes, double span, double centre, double shift) {
    SplittableRandom random = new SplittableRandom(Double.doubleToLongBits(budget));
    List<LossPoint> points = new ArrayList<>();
    for (int i = 0; i < sizes; i++) {
      double params = centre * Math.pow(span, (double) i / (sizes - 1) - 0.5);
      double tokens = budget / (6 * params);
      double loss =
          law.loss(params / shift, tokens * shift)
              * Math.exp(noise * (3.46 * random.nextDouble() - 1.73));
      points.add(point(budget, params, tokens, loss));
    }
    return points;
  }

  private static LossPoint point(double budget, double params, double tokens, double loss) {
    return new LossPoint(
        budget,
        budget,
        params,
        tokens,
        loss,
        OptionalDouble.of(loss / Math.log(2)),
        "n%.0f-c%.0e".formatted(params, budget));
  }

  /** The same curve with the loss of one point raised. */
  static BudgetCurve withOutlier(BudgetCurve curve, int which, double factor) {
    List<LossPoint> points = new ArrayList<>(curve.points());
    LossPoint old = points.get(which);
    points.set(which, point(old.budget(), old.params(), old.tokens(), old.loss() * factor));
    return new BudgetCurve(
        curve.budget(), points, curve.bracketed(), curve.optimum(), curve.refused());
  }

  /** Residuals of all points; one more than 4% above its curve is an outlier. */
  List<PointResidual> residuals(List<BudgetCurve> curves) {
    List<PointResidual> residuals = new ArrayList<>();
    for (BudgetCurve curve : curves) {
      for (LossPoint point : curve.points()) {
        OptionalDouble fromCurve =
            curve
                .optimum()
                .map(o -> OptionalDouble.of(Math.log(point.loss() / nearest(o, point.params()))))
                .orElse(OptionalDouble.empty());
        residuals.add(
            new PointResidual(
                point,
                fromCurve,
                OptionalDouble.of(
                    Math.log(point.loss() / law.loss(point.params(), point.tokens()))),
                fromCurve.orElse(0) > 0.04));
      }
    }
    return residuals;
  }

  private static double nearest(Optimum optimum, double params) {
    return optimum.curve().stream()
        .min((a, b) -> Double.compare(off(a, params), off(b, params)))
        .orElseThrow()
        .loss();
  }

  private static double off(Optimum.CurvePoint at, double params) {
    return Math.abs(Math.log(at.params() / params));
  }

  /** The slope through the optima of neighbouring curves, with intervals half that wide. */
  static LocalExponent slope(List<BudgetCurve> curves, double half) {
    PowerLaw line = line(curves);
    return new LocalExponent(
        curves.get(0).budget(),
        curves.get(curves.size() - 1).budget(),
        curves.size(),
        exponents(line.exponent(), half));
  }

  /** The slopes through every run of so many curves. */
  static List<LocalExponent> slopes(List<BudgetCurve> curves, int many, double half) {
    return IntStream.rangeClosed(0, curves.size() - many)
        .mapToObj(i -> slope(curves.subList(i, i + many), half * (1 + 0.3 * (i % 2))))
        .toList();
  }

  static Exponents exponents(double a, double half) {
    return new Exponents(
        new Estimate(a, new Interval(a - half, a + 1.1 * half)),
        new Estimate(1 - a, new Interval(1 - a - 1.1 * half, 1 - a + half)));
  }

  private static PowerLaw line(List<BudgetCurve> curves) {
    double[] budgets = curves.stream().mapToDouble(c -> Math.log(c.budget())).toArray();
    double[] params =
        curves.stream()
            .mapToDouble(c -> Math.log(c.optimum().orElseThrow().params().value()))
            .toArray();
    return PowerLaw.fit(budgets, params);
  }

  /** The line through the optima over their budgets and some decades beyond. */
  List<FrontierPoint> frontier(List<BudgetCurve> curves, double decadesBeyond) {
    double from = curves.get(0).budget();
    double to = curves.get(curves.size() - 1).budget() * Math.pow(10, decadesBeyond);
    return IntStream.rangeClosed(0, 60)
        .mapToObj(i -> at(curves, from * Math.pow(to / from, i / 60.0)))
        .toList();
  }

  /** The line through the optima at one budget. */
  FrontierPoint at(List<BudgetCurve> curves, double budget) {
    PowerLaw line = line(curves);
    double from = curves.get(0).budget();
    double to = curves.get(curves.size() - 1).budget();
    double beyond = budget > to * (1 + 1e-9) ? Math.log10(budget / to) : 0;
    double spread =
        Math.exp(0.05 + 0.06 * Math.abs(Math.log10(budget / Math.sqrt(from * to))) + 0.1 * beyond);
    double params = Math.exp(line.ln(Math.log(budget)));
    double tokens = budget / (6 * params);
    double loss = law.loss(params, tokens);
    return new FrontierPoint(
        budget,
        new Estimate(params, new Interval(params / spread, params * spread)),
        new Estimate(tokens, new Interval(tokens / spread, tokens * spread)),
        Optional.of(new Estimate(loss, new Interval(loss * 0.995, loss * 1.006))),
        exponents(line.exponent(), 0.03 + 0.02 * beyond),
        beyond);
  }
}
