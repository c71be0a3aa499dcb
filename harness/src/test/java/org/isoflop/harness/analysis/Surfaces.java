package org.isoflop.harness.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleBinaryOperator;
import org.isoflop.harness.analysis.points.LossPoint;

/** Loss surfaces whose optima are known, for tests to sample. */
public final class Surfaces {

  /** Besiroglu et al. 2024 (arXiv 2404.10102), Table 1. */
  public static final double CHINCHILLA_A = 0.3658 / (0.3478 + 0.3658);

  private Surfaces() {}

  /** Returns the re-fitted Chinchilla loss at N and D. */
  public static double chinchilla(double params, double tokens) {
    return 1.8172 + 482.01 / Math.pow(params, 0.3478) + 2085.43 / Math.pow(tokens, 0.3658);
  }

  /** Returns ln N* of the re-fitted Chinchilla loss at a budget of 6ND. */
  public static double chinchillaLnParams(double budget) {
    double g = Math.log(0.3478 * 482.01 / (0.3658 * 2085.43)) / (0.3478 + 0.3658);
    return g + CHINCHILLA_A * Math.log(budget / 6);
  }

  /** Returns a loss that is exactly quadratic in ln N at every budget, with N* = 0.1·C^a. */
  public static DoubleBinaryOperator bowls(double a, double curvature) {
    return (params, tokens) -> {
      double lnFlops = Math.log(6 * params * tokens);
      double distance = Math.log(params) - Math.log(0.1) - a * lnFlops;
      return 10 * Math.exp(-0.03 * lnFlops) + curvature * distance * distance;
    };
  }

  /** Returns budgets from low, each ratio times the last. */
  public static double[] budgets(double low, double ratio, int count) {
    double[] budgets = new double[count];
    for (int i = 0; i < count; i++) {
      budgets[i] = low * Math.pow(ratio, i);
    }
    return budgets;
  }

  /** Returns sizes a budget, geometric from centre/span to centre·span, with D = C/6N. */
  public static List<LossPoint> sample(
      DoubleBinaryOperator loss, double[] budgets, double[] lnCentres, int sizes, double span) {
    List<LossPoint> points = new ArrayList<>();
    for (int k = 0; k < budgets.length; k++) {
      for (int i = 0; i < sizes; i++) {
        double offset = Math.log(span) * (2.0 * i / (sizes - 1) - 1);
        double params = Math.exp(lnCentres[k] + offset);
        double tokens = budgets[k] / (6 * params);
        points.add(point(budgets[k], params, tokens, loss.applyAsDouble(params, tokens)));
      }
    }
    return points;
  }

  /** Returns sizes a budget about the optimum N* = 0.1·C^a of {@link #bowls}. */
  public static List<LossPoint> sampleBowls(double a, double[] budgets, int sizes, double span) {
    double[] centres = new double[budgets.length];
    for (int k = 0; k < budgets.length; k++) {
      centres[k] = Math.log(0.1) + a * Math.log(budgets[k]);
    }
    return sample(bowls(a, 0.1), budgets, centres, sizes, span);
  }

  /** Returns the points with normal noise, as a share of the loss. */
  public static List<LossPoint> noisy(
      List<LossPoint> points, double share, SplittableRandom random) {
    return points.stream()
        .map(
            p ->
                point(
                    p.budget(),
                    p.params(),
                    p.tokens(),
                    p.loss() * (1 + share * random.nextGaussian())))
        .toList();
  }

  /** Returns a point without the optional columns. */
  public static LossPoint point(double budget, double params, double tokens, double loss) {
    return LossPoint.of(budget, params, tokens, loss);
  }
}
