package org.isoflop.harness.analysis.stats;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/** A number that was fitted, and the same number of every draw of the noise behind it. */
public final class Draws {

  /**
   * Of the order in which two sets of draws meet: any will do, as long as it is always the same.
   */
  private static final long SEED = 1;

  private final double value;
  private final double[] drawn;

  /**
   * Takes a number.
   *
   * @param value the estimate
   * @param drawn one a draw; NaN or infinite where the draw leaves it open
   */
  public Draws(double value, double[] drawn) {
    this.value = value;
    this.drawn = drawn.clone();
  }

  /** Returns the estimate. */
  public double value() {
    return value;
  }

  /** Returns the estimate with the 95% interval of its draws. */
  public Estimate estimate() {
    return Quantiles.estimate(value, Quantiles.bothWays(drawn));
  }

  /** Returns this number through a function. */
  public Draws map(DoubleUnaryOperator function) {
    return new Draws(function.applyAsDouble(value), Arrays.stream(drawn).map(function).toArray());
  }

  /**
   * Returns what two numbers come to whose errors are independent: every draw of this one meets one
   * of the other in random order, because draws with the same number rest on the same random
   * numbers.
   *
   * @param both of this number and the other
   */
  public Draws with(Draws other, DoubleBinaryOperator both) {
    double[] mixed = other.drawn.clone();
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = mixed.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      double kept = mixed[i];
      mixed[i] = mixed[j];
      mixed[j] = kept;
    }
    double[] met = new double[Math.min(drawn.length, mixed.length)];
    for (int r = 0; r < met.length; r++) {
      met[r] = both.applyAsDouble(drawn[r], mixed[r]);
    }
    return new Draws(both.applyAsDouble(value, other.value), met);
  }
}
