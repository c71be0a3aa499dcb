package org.isoflop.harness.analysis.output;

import java.util.function.DoubleFunction;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.stats.Estimate;
import org.isoflop.harness.analysis.stats.Interval;

/** How a result is said, by what it is: the same on a screen, in a warning and on a page. */
public enum Words {
  /** Params or tokens: {@code 2.13M}. Less than one of them is no bound. */
  COUNT(Quantities::count),
  /** FLOPs: {@code 1.04e15}. */
  FLOPS(Quantities::flops),
  /** An exponent: {@code 0.498}. */
  EXPONENT(Quantities::exponent),
  /** A difference of exponents: {@code +0.012}. */
  CHANGE(value -> Quantities.format("%+.3f", value)),
  /** A loss in nats or bits: {@code 2.1043}. */
  LOSS(value -> Quantities.format("%.4f", value)),
  /** A loss in a sentence: {@code 2.104}. */
  ROUND_LOSS(value -> Quantities.format("%.3f", value)),
  /** A share, which is positive: {@code 3.1%}. */
  SHARE(Quantities::percent),
  /** A share to a tenth of a percent, however large: {@code 12.3%}. */
  TENTH_SHARE(share -> Quantities.format("%.1f%%", 100 * share)),
  /** A relative difference: {@code +1.2%}. */
  DIFFERENCE(share -> Quantities.format("%+.1f%%", 100 * share)),
  /** The same to a digit more. */
  FINE_DIFFERENCE(share -> Quantities.format("%+.2f%%", 100 * share)),
  /** What a quantity is multiplied by: {@code 1.02}. */
  FACTOR(value -> Quantities.format("%.2f", value)),
  /** Epochs and the like: {@code 2.5}. */
  TENTHS(value -> Quantities.format("%.1f", value)),
  /** A parameter of a law, of any size: {@code 406}. */
  COEFFICIENT(
      value ->
          value == 0 || (value >= 1e-3 && value < 1e6)
              ? Quantities.digits(value)
              : Quantities.flops(value)),
  /** Anything else, to three digits: {@code 0.00412}. */
  NUMBER(Quantities::digits);

  private static final String NO_BOUND = "no bound";

  private final DoubleFunction<String> number;

  Words(DoubleFunction<String> number) {
    this.number = number;
  }

  /** Says a finite number. */
  public String of(double value) {
    return number.apply(value);
  }

  /** Returns whether an end of an interval bounds anything. */
  public boolean bounds(double end) {
    return Double.isFinite(end) && (this != COUNT || end >= 1);
  }

  /** Says an interval as {@code [low, high]}, an end that is none as {@code no bound}. */
  public String of(Interval interval) {
    return interval.text(this::end);
  }

  /** Says an estimate with its interval behind it. */
  public String of(Estimate estimate) {
    return (Double.isFinite(estimate.value()) ? of(estimate.value()) : NO_BOUND)
        + " "
        + of(estimate.interval());
  }

  private String end(double value) {
    return bounds(value) ? of(value) : NO_BOUND;
  }
}
