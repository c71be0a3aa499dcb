package org.isoflop.harness.report;

import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.isoflop.harness.analysis.isoflop.Exponents;
import org.isoflop.harness.analysis.isoflop.FrontierPoint;
import org.isoflop.harness.analysis.isoflop.Optimum;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.stats.Estimate;

/**
 * What is drawn against the budget, params or tokens: where a panel finds it in points, optima,
 * line and exponents.
 *
 * @param symbol N or D
 * @param unit params or tokens
 * @param letter of its exponent, a or b
 * @param measured of a loss point
 * @param optimum of an optimum
 * @param line of the line through the optima
 * @param exponent its exponent
 */
record Quantity(
    String symbol,
    String unit,
    String letter,
    ToDoubleFunction<LossPoint> measured,
    Function<Optimum, Estimate> optimum,
    Function<FrontierPoint, Estimate> line,
    Function<Exponents, Estimate> exponent) {

  static final Quantity PARAMS =
      new Quantity(
          "N",
          "params",
          "a",
          LossPoint::params,
          Optimum::params,
          FrontierPoint::params,
          Exponents::a);

  static final Quantity TOKENS =
      new Quantity(
          "D",
          "tokens",
          "b",
          LossPoint::tokens,
          Optimum::tokens,
          FrontierPoint::tokens,
          Exponents::b);

  /** Returns the name of its axis. */
  String axis() {
    return symbol + "* (" + unit + ")";
  }

  /** Returns its power law with the exponent and interval. */
  String law(Estimate found) {
    return "%s* \u221d C^%s, %s = %s"
        .formatted(symbol, letter, letter, Numbers.exponentWithInterval(found));
  }
}
