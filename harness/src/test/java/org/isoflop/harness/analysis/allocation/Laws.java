package org.isoflop.harness.analysis.allocation;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.isoflop.harness.analysis.isoflop.EfficientFrontier;
import org.isoflop.harness.analysis.isoflop.EfficientFrontier.FrontierPoint;
import org.isoflop.harness.analysis.isoflop.Exponents;
import org.isoflop.harness.analysis.law.Law;
import org.isoflop.harness.analysis.law.LawSample;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.stats.Estimate;
import org.isoflop.harness.analysis.stats.Interval;

/** Known laws as if they had been fitted, with frontiers and points that follow them. */
final class Laws {

  /** Besiroglu et al. 2024 (arXiv 2404.10102), table 1. */
  static final Law CHINCHILLA = new Law(1.8172, 482.01, 2085.43, 0.3478, 0.3658);

  private static final double LOWEST = 1e18;
  private static final double HIGHEST = 1e20;

  private Laws() {}

  /** Returns a law with resamples about it, their exponents off by that standard deviation. */
  static LawSample sample(Law law, double deviation, int resamples) {
    SplittableRandom random = new SplittableRandom(1);
    List<Law> resampled =
        IntStream.range(0, resamples)
            .mapToObj(
                r ->
                    new Law(
                        law.e(),
                        law.a(),
                        law.b(),
                        law.alpha() * Math.exp(deviation * random.nextGaussian()),
                        law.beta() * Math.exp(deviation * random.nextGaussian())))
            .toList();
    return new LawSample(law, resampled, 0);
  }

  /** Returns the points of two budgets of a law, five sizes each, at C = 6ND. */
  static List<LossPoint> points(Law law) {
    return Stream.of(LOWEST, HIGHEST)
        .flatMap(
            budget ->
                Stream.of(0.25, 0.5, 1.0, 2.0, 4.0)
                    .map(
                        size -> {
                          double params = size * law.optimalParams(budget);
                          double tokens = budget / 6 / params;
                          return new LossPoint(
                              budget,
                              budget,
                              params,
                              tokens,
                              law.loss(params, tokens),
                              OptionalDouble.empty(),
                              "own");
                        }))
        .toList();
  }

  /** Returns the frontier of a law, measured from 1e18 to 1e20 FLOPs, with intervals of 10%. */
  static EfficientFrontier frontier(Law law) {
    return new LawFrontier(law);
  }

  private record LawFrontier(Law law) implements EfficientFrontier {
    @Override
    public FrontierPoint at(double budget) {
      Estimate a = new Estimate(law.paramsExponent(), new Interval(0, 1));
      Estimate b = new Estimate(law.tokensExponent(), new Interval(0, 1));
      return new FrontierPoint(
          budget,
          about(law.optimalParams(budget), 0.1),
          about(law.optimalTokens(budget), 0.1),
          Optional.of(about(law.loss(law.optimalParams(budget), law.optimalTokens(budget)), 0.01)),
          new Exponents(a, b),
          0);
    }

    @Override
    public double lowest() {
      return LOWEST;
    }

    @Override
    public double highest() {
      return HIGHEST;
    }
  }

  private static Estimate about(double value, double share) {
    return new Estimate(value, new Interval(value * (1 - share), value * (1 + share)));
  }
}
