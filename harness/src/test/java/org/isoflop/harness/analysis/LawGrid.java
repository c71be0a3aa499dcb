package org.isoflop.harness.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import org.isoflop.harness.analysis.law.Law;
import org.isoflop.harness.analysis.points.LossPoint;

/**
 * A grid of runs over a law whose optima are known, well placed or badly: what the analyser is held
 * against. Budgets are √10 apart from 1e18 on, with D = C/6N.
 *
 * @param law the truth
 * @param budgets how many
 * @param sizes at each budget
 * @param span the sizes run from centre/span to centre·span
 * @param offset of every centre from the optimum, in ln N
 * @param drift of the centre from one budget to the next, against the optimum, in ln N
 */
public record LawGrid(Law law, int budgets, int sizes, double span, double offset, double drift) {

  /** The re-fitted Chinchilla law (Besiroglu et al. 2024, arXiv 2404.10102, Table 1). */
  public static final Law CHINCHILLA = new Law(1.8172, 482.01, 2085.43, 0.3478, 0.3658);

  /** Both terms alike. */
  public static final Law SYMMETRIC = new Law(1.69, 400, 400, 0.31, 0.31);

  /** Loss falls three times as fast with params as with tokens: alpha/beta = 3. */
  public static final Law STEEP_IN_PARAMS = new Law(1.7, 3e4, 100, 0.6, 0.2);

  /** The reverse: alpha/beta = 1/3. */
  public static final Law STEEP_IN_TOKENS = new Law(1.7, 30, 1e6, 0.2, 0.6);

  private static final double LOWEST = 1e18;

  /** Returns sizes centred on the optima, a factor of span to each side. */
  public static LawGrid centred(Law law, int budgets, int sizes, double span) {
    return new LawGrid(law, budgets, sizes, span, 0, 0);
  }

  /** Returns the budget with this number, FLOPs. */
  public double budget(int k) {
    return LOWEST * Math.pow(10, k / 2.0);
  }

  /** Returns the points without noise. */
  public List<LossPoint> clean() {
    List<LossPoint> points = new ArrayList<>();
    for (int k = 0; k < budgets; k++) {
      double shift = offset + drift * (k - (budgets - 1) / 2.0);
      double centre = law.optimalParams(budget(k)) * Math.exp(shift);
      for (int i = 0; i < sizes; i++) {
        double params = centre * Math.pow(span, 2.0 * i / (sizes - 1) - 1);
        double tokens = budget(k) / 6 / params;
        points.add(LossPoint.of(budget(k), params, tokens, law.loss(params, tokens)));
      }
    }
    return points;
  }

  /** Returns the points with normal noise of ln loss. */
  public List<LossPoint> noisy(double noise, long seed) {
    return dirty(noise, 0, seed);
  }

  /** Returns noisy points a share of which, at random, is 5% to 50% too high. */
  public List<LossPoint> dirty(double noise, double share, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return clean().stream()
        .map(
            p -> {
              double loss = p.loss() * Math.exp(noise * random.nextGaussian());
              boolean wrong = random.nextDouble() < share;
              return p.withLoss(wrong ? loss * (1.05 + 0.45 * random.nextDouble()) : loss);
            })
        .toList();
  }

  /**
   * Returns noisy points of one trunk a size, which runs through all budgets: part of the noise is
   * the trunk's.
   *
   * @param share of the variance that the points of a trunk have in common
   */
  public List<LossPoint> trunks(double noise, double share, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] common = DoubleStream.generate(random::nextGaussian).limit(sizes).toArray();
    List<LossPoint> clean = clean();
    List<LossPoint> points = new ArrayList<>();
    for (int i = 0; i < clean.size(); i++) {
      LossPoint p = clean.get(i);
      double own = Math.sqrt(1 - share) * random.nextGaussian();
      double z = Math.sqrt(share) * common[i % sizes] + own;
      points.add(p.withLoss(p.loss() * Math.exp(noise * z)).inLineage("trunk " + i % sizes));
    }
    return points;
  }

  /**
   * Returns the points with the optimum of each budget moved: all its sizes are a factor larger at
   * unchanged loss.
   *
   * @param lnShift of ln N, by budget
   */
  public static List<LossPoint> moved(List<LossPoint> points, Map<Double, Double> lnShift) {
    return points.stream()
        .map(
            p -> {
              double factor = Math.exp(lnShift.get(p.budget()));
              return LossPoint.of(p.budget(), p.params() * factor, p.tokens() / factor, p.loss());
            })
        .toList();
  }
}
