package org.isoflop.harness.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import org.isoflop.harness.analysis.Analysis;
import org.isoflop.harness.analysis.BudgetCurve;
import org.isoflop.harness.analysis.Exponents;
import org.isoflop.harness.analysis.FrontierPoint;
import org.isoflop.harness.analysis.Interval;
import org.isoflop.harness.analysis.LocalExponent;
import org.isoflop.harness.analysis.LossPoint;
import org.isoflop.harness.analysis.Optimum;
import org.isoflop.harness.analysis.Parabola;

/**
 * Analyses to report on: points of a surface of Chinchilla's form, L = E + A/N^0.34 + B/D^0.28,
 * scaled to byte-level models of 2e4 to 1e6 parameters.
 */
final class Surfaces {

  private static final double E = 0.7;
  private static final double A = 50;
  private static final double B = 75;
  private static final double ALPHA = 0.34;
  private static final double BETA = 0.28;

  static final String REFUSAL =
      "the lowest loss is at the largest size measured, so the minimum may lie beyond it";

  private Surfaces() {}

  /** Three budgets of five sizes, all with an optimum. */
  static Analysis three() {
    List<BudgetCurve> curves = new ArrayList<>();
    for (double budget : new double[] {1e11, 3e11, 1e12}) {
      curves.add(curve(budget, 5, 1, false));
    }
    return new Analysis(
        15,
        curves,
        Optional.of(exponents()),
        Optional.empty(),
        local(curves),
        frontier(1e11, 1e12),
        List.of());
  }

  /** Five budgets of seven sizes; the lowest is off centre and refused. */
  static Analysis fiveWithOneRefused() {
    List<BudgetCurve> curves = new ArrayList<>();
    curves.add(curve(1e11, 7, 0.2, true));
    for (double budget : new double[] {3e11, 1e12, 3e12, 1e13}) {
      curves.add(curve(budget, 7, 1, false));
    }
    return new Analysis(
        35,
        curves,
        Optional.of(exponents()),
        Optional.empty(),
        local(curves.subList(1, 5)),
        frontier(3e11, 1e13),
        List.of(
            "The budget of 1e11 FLOPs has no optimum and takes no part in the exponents.",
            "The optima span 1.5 decades of compute; beyond 1e13 FLOPs the exponents are an"
                + " extrapolation."));
  }

  /** Two budgets, no exponents. */
  static Analysis refused() {
    List<BudgetCurve> curves = List.of(curve(1e11, 5, 0.2, true), curve(3e11, 5, 1, false));
    return new Analysis(
        10,
        curves,
        Optional.empty(),
        Optional.of("exponents need at least 3 budgets with an optimum, and there is 1"),
        List.of(),
        List.of(),
        List.of("Two budgets cannot show a trend."));
  }

  /** Like {@link #three}, but nothing bounds the highest optimum's N*. */
  static Analysis endless() {
    Analysis three = three();
    List<BudgetCurve> curves = new ArrayList<>(three.curves());
    BudgetCurve last = curves.remove(2);
    Optimum optimum = last.optimum().orElseThrow();
    Optimum endless =
        new Optimum(
            optimum.params(),
            new Interval(0, Double.POSITIVE_INFINITY),
            optimum.tokens(),
            new Interval(0, Double.POSITIVE_INFINITY),
            optimum.loss(),
            optimum.lossInterval(),
            optimum.bitsPerByte(),
            optimum.curve());
    curves.add(
        new BudgetCurve(
            last.budget(), last.points(), true, Optional.of(endless), Optional.empty()));
    return new Analysis(
        15,
        curves,
        three.isoflop(),
        three.refused(),
        three.local(),
        three.frontier(),
        three.warnings());
  }

  /** Runs whose loss falls towards that of the points, with noise. */
  static List<TrainingCurve> training(Analysis analysis) {
    SplittableRandom random = new SplittableRandom(7);
    List<TrainingCurve> training = new ArrayList<>();
    for (BudgetCurve curve : analysis.curves()) {
      for (LossPoint point : curve.points()) {
        List<TrainingCurve.Sample> samples = new ArrayList<>();
        for (int i = 1; i <= 1500; i++) {
          double tokens = point.tokens() * i / 1500;
          double noise = 0.03 * (random.nextDouble() + random.nextDouble() - 1);
          samples.add(
              new TrainingCurve.Sample(
                  tokens, softMinimum(surface(point.params(), tokens), Math.log(256)) + noise));
        }
        training.add(
            new TrainingCurve(
                point.lineage(),
                OptionalDouble.of(point.budget()),
                OptionalDouble.of(point.params()),
                Thinning.thin(samples, TrainingCurves.MOST_SAMPLES)));
      }
    }
    return training;
  }

  /** An untrained model is at ln 256, whatever the surface says of few tokens. */
  private static double softMinimum(double a, double b) {
    return Math.pow(Math.pow(a, -6) + Math.pow(b, -6), -1.0 / 6);
  }

  private static double surface(double params, double tokens) {
    return E + A / Math.pow(params, ALPHA) + B / Math.pow(tokens, BETA);
  }

  private static BudgetCurve curve(double budget, int sizes, double centre, boolean refused) {
    double ratio = ALPHA * A / (BETA * B);
    double best = Math.pow(ratio, 1 / (ALPHA + BETA)) * Math.pow(budget / 6, BETA / (ALPHA + BETA));
    SplittableRandom random = new SplittableRandom((long) budget);
    List<LossPoint> points = new ArrayList<>();
    for (int i = 0; i < sizes; i++) {
      double params = best * centre * Math.pow(16, (double) i / (sizes - 1) - 0.5);
      double tokens = budget / (6 * params);
      double loss = surface(params, tokens) + 0.012 * (random.nextDouble() - 0.5);
      points.add(
          new LossPoint(
              budget,
              params,
              tokens,
              loss,
              OptionalDouble.of(loss / Math.log(2)),
              "n%.0f-c%.0e".formatted(params, budget)));
    }
    if (refused) {
      return new BudgetCurve(budget, points, false, Optional.empty(), Optional.of(REFUSAL));
    }
    double loss = surface(best, budget / (6 * best));
    double curvature = (surface(best * 4, budget / (24 * best)) - loss) / Math.pow(Math.log(4), 2);
    double tokens = budget / (6 * best);
    Optimum optimum =
        new Optimum(
            best,
            new Interval(best * 0.8, best * 1.3),
            tokens,
            new Interval(tokens / 1.3, tokens / 0.8),
            loss,
            new Interval(loss - 0.006, loss + 0.005),
            OptionalDouble.of(loss / Math.log(2)),
            new Parabola(Math.log(best), loss, curvature));
    return new BudgetCurve(budget, points, true, Optional.of(optimum), Optional.empty());
  }

  private static Exponents exponents() {
    double a = BETA / (ALPHA + BETA);
    return new Exponents(
        a, new Interval(a - 0.061, a + 0.072), 1 - a, new Interval(1 - a - 0.072, 1 - a + 0.061));
  }

  private static List<LocalExponent> local(List<BudgetCurve> curves) {
    List<LocalExponent> local = new ArrayList<>();
    for (int i = 1; i < curves.size(); i++) {
      double a = BETA / (ALPHA + BETA) + 0.02 * (i % 2 == 0 ? 1 : -1);
      local.add(
          new LocalExponent(
              curves.get(i - 1).budget(),
              curves.get(i).budget(),
              a,
              new Interval(a - 0.21, a + 0.19),
              1 - a,
              new Interval(1 - a - 0.19, 1 - a + 0.21)));
    }
    return local;
  }

  private static List<FrontierPoint> frontier(double from, double to) {
    List<FrontierPoint> line = new ArrayList<>();
    for (int i = 0; i <= 40; i++) {
      double budget = from * Math.pow(to / from, i / 40.0);
      double spread = 1.12 + 0.35 * Math.pow(i / 20.0 - 1, 2);
      double ratio = ALPHA * A / (BETA * B);
      double params =
          Math.pow(ratio, 1 / (ALPHA + BETA)) * Math.pow(budget / 6, BETA / (ALPHA + BETA));
      double tokens = budget / (6 * params);
      line.add(
          new FrontierPoint(
              budget,
              params,
              new Interval(params / spread, params * spread),
              tokens,
              new Interval(tokens / spread, tokens * spread)));
    }
    return line;
  }
}
