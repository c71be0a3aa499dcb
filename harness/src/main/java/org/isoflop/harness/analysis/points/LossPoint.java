package org.isoflop.harness.analysis.points;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalDouble;
import org.isoflop.harness.BitsPerByte;
import org.isoflop.harness.analysis.stats.Quantiles;

/**
 * One trained model: what the analysis needs of it, and nothing it does not.
 *
 * @param budget FLOPs the point is grouped by: the stated budget, where there is one
 * @param flops FLOPs of this very run, C as the convention counts it
 * @param params parameters, N as the convention counts them
 * @param tokens training tokens seen, D
 * @param loss validation loss, nats per token
 * @param bitsPerByte the same loss in bits per byte of text, where the input says it
 * @param lineage the trunk whose seed and data order the point shares with others; its own where
 *     the input does not say
 * @param onBudget whether its params and tokens agree with its budget, and its tokens with how
 *     often they were repeated, so that it may stand on that budget's curve
 */
public record LossPoint(
    double budget,
    double flops,
    double params,
    double tokens,
    double loss,
    OptionalDouble bitsPerByte,
    String lineage,
    boolean onBudget) {

  /** By params, then tokens, then loss. */
  static final Comparator<LossPoint> BY_SIZE =
      Comparator.comparingDouble(LossPoint::params)
          .thenComparingDouble(LossPoint::tokens)
          .thenComparingDouble(LossPoint::loss);

  static final Comparator<LossPoint> BY_BUDGET_AND_SIZE =
      Comparator.comparingDouble(LossPoint::budget).thenComparing(BY_SIZE);

  /** Losses per byte over losses per token differ by rounding this much, as a share. */
  public static final double ROUNDING = 0.005;

  /** Refuses quantities whose logarithm the fits could not take. */
  public LossPoint {
    requirePositive("budget", budget);
    requirePositive("flops", flops);
    requirePositive("params", params);
    requirePositive("tokens", tokens);
    requirePositive("loss", loss);
    bitsPerByte.ifPresent(bits -> requirePositive("bitsPerByte", bits));
  }

  /** Makes a point that agrees with its budget. */
  public LossPoint(
      double budget,
      double flops,
      double params,
      double tokens,
      double loss,
      OptionalDouble bitsPerByte,
      String lineage) {
    this(budget, flops, params, tokens, loss, bitsPerByte, lineage, true);
  }

  /** Returns a point of which no more is known than this: C is its budget, its trunk its own. */
  public static LossPoint of(double budget, double params, double tokens, double loss) {
    String own = "N " + params + ", D " + tokens + ", loss " + loss;
    return new LossPoint(budget, budget, params, tokens, loss, OptionalDouble.empty(), own);
  }

  /**
   * Returns bits per byte of text over nats per token, one number for a tokenizer and a text; empty
   * where points do not say or contradict each other.
   *
   * @param points any number
   */
  public static OptionalDouble bitsPerNat(Collection<LossPoint> points) {
    if (points.isEmpty() || points.stream().anyMatch(point -> point.bitsPerByte().isEmpty())) {
      return OptionalDouble.empty();
    }
    double[] ratios =
        points.stream()
            .mapToDouble(point -> point.bitsPerByte().getAsDouble() / point.loss())
            .toArray();
    double low = Quantiles.of(ratios, Quantiles.LOW);
    double high = Quantiles.of(ratios, Quantiles.HIGH);
    return high / low < 1 + ROUNDING
        ? OptionalDouble.of(Quantiles.of(ratios, 50))
        : OptionalDouble.empty();
  }

  /**
   * Returns what losses of some points come to in bits per byte; empty where points do not say or
   * contradict each other, and where their tokens are bytes.
   */
  public static Optional<BitsPerByte> bits(Collection<LossPoint> points) {
    return BitsPerByte.perNat(bitsPerNat(points).orElse(Double.NaN));
  }

  /** Returns the same run with another loss, as a resample gives it. */
  public LossPoint withLoss(double other) {
    return new LossPoint(budget, flops, params, tokens, other, bitsPerByte, lineage, onBudget);
  }

  /** Returns the same run, known not to have spent its budget as others did. */
  LossPoint offBudget() {
    return new LossPoint(budget, flops, params, tokens, loss, bitsPerByte, lineage, false);
  }

  /** Returns the same point as one of the trunk, or of the run, of that name. */
  public LossPoint inLineage(String other) {
    return new LossPoint(budget, flops, params, tokens, loss, bitsPerByte, other, onBudget);
  }

  private static void requirePositive(String name, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(name + " must be positive and finite, not " + value);
    }
  }
}
