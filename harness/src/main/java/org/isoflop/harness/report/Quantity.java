package org.isoflop.harness.report;

import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.isoflop.BudgetCurve.Optimum;
import org.isoflop.harness.analysis.isoflop.EfficientFrontier.FrontierPoint;
import org.isoflop.harness.analysis.isoflop.Exponents;
import org.isoflop.harness.analysis.output.Words;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.stats.Estimate;

/**
 * What is drawn against the budget, params or tokens: where a panel finds it in points, optima,
 * line and exponents.
 *
 * @param symbol N or D
 * @param unit params or tokens
 * @param letter of its exponent, a or b
 * @param raised the letter as a power
 * @param measured of a loss point
 * @param optimum of an optimum
 * @param line of the line through the optima
 * @param exponent its exponent
 */
record Quantity(
    String symbol,
    String unit,
    String letter,
    String raised,
    ToDoubleFunction<LossPoint> measured,
    Function<Optimum, Estimate> optimum,
    Function<FrontierPoint, Estimate> line,
    Function<Exponents, Estimate> exponent) {

  static final Quantity PARAMS =
      new Quantity(
          "N",
          "params",
          "a",
          "\u1d43",
          LossPoint::params,
          Optimum::params,
          FrontierPoint::params,
          Exponents::a);

  static final Quantity TOKENS =
      new Quantity(
          "D",
          "tokens",
          "b",
          "\u1d47",
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
    return "%s* \u221d C%s, %s = %s"
        .formatted(symbol, raised, letter, Numbers.of(Words.EXPONENT, found));
  }

  /** Returns an estimate of it with its interval, as lines. */
  List<String> lines(Estimate found) {
    return List.of(
        symbol + "* = " + Quantities.count(found.value()) + " " + unit,
        "95% interval " + Numbers.of(Words.COUNT, found.interval()));
  }

  /** Returns an estimate of its exponent with the interval, as lines. */
  List<String> exponentLines(Estimate found) {
    return List.of(
        letter + " = " + Numbers.of(Words.EXPONENT, found.value()),
        "95% interval " + Numbers.of(Words.EXPONENT, found.interval()));
  }
}
