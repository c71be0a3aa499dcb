package org.isoflop.harness.report;

import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.isoflop.harness.analysis.Exponents;
import org.isoflop.harness.analysis.FrontierPoint;
import org.isoflop.harness.analysis.Interval;
import org.isoflop.harness.analysis.LossPoint;
import org.isoflop.harness.analysis.Optimum;

/**
 * What is drawn against the budget, params or tokens: where a panel finds it in points, optima,
 * line and exponents.
 *
 * @param symbol N or D
 * @param axis name of the axis, with the unit
 * @param measured of a loss point
 * @param optimum of an optimum
 * @param interval of an optimum, 95%
 * @param line of the line through the optima
 * @param band of that line, 95%
 * @param letter of its exponent, a or b
 * @param exponent its exponent
 * @param exponentInterval of the exponent, 95%
 */
record Quantity(
    String symbol,
    String axis,
    ToDoubleFunction<LossPoint> measured,
    ToDoubleFunction<Optimum> optimum,
    Function<Optimum, Interval> interval,
    ToDoubleFunction<FrontierPoint> line,
    Function<FrontierPoint, Interval> band,
    String letter,
    ToDoubleFunction<Exponents> exponent,
    Function<Exponents, Interval> exponentInterval) {

  static final Quantity PARAMS =
      new Quantity(
          "N",
          "N* (params)",
          LossPoint::params,
          Optimum::params,
          Optimum::paramsInterval,
          FrontierPoint::params,
          FrontierPoint::paramsInterval,
          "a",
          Exponents::a,
          Exponents::aInterval);

  static final Quantity TOKENS =
      new Quantity(
          "D",
          "D* (tokens)",
          LossPoint::tokens,
          Optimum::tokens,
          Optimum::tokensInterval,
          FrontierPoint::tokens,
          FrontierPoint::tokensInterval,
          "b",
          Exponents::b,
          Exponents::bInterval);
}
