package org.isoflop.harness.analysis.isoflop;

import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.isoflop.harness.analysis.isoflop.Exponents.LocalExponent;
import org.isoflop.harness.analysis.stats.Draws;
import org.isoflop.harness.analysis.stats.Estimate;
import org.isoflop.harness.analysis.stats.Interval;
import org.isoflop.harness.analysis.stats.PowerLaw;
import org.isoflop.harness.analysis.stats.Quantiles;

/**
 * The straight line through neighbouring optima, ln N* and ln D* against ln C, weighted by how sure
 * each optimum is, and again through every draw of them.
 */
final class OptimaLine {

  /** No optimum weighs as if it were surer than this share of the usual one. */
  private static final double SUREST = 0.5;

  private final Optima optima;
  private final int from;
  private final int count;
  private final double[] weights;
  private final PowerLaw params;
  private final PowerLaw tokens;
  private final PowerLaw[] drawnParams;
  private final PowerLaw[] drawnTokens;

  /** Fits the line through optima from, from + 1, … (count of them, at least 2). */
  OptimaLine(Optima optima, int from, int count) {
    this.optima = optima;
    this.from = from;
    this.count = count;
    weights = weights(optima, from, count);
    params = fit(optima::lnFlops, optima::lnParams);
    tokens = fit(optima::lnFlops, optima::lnTokens);
    drawnParams = new PowerLaw[optima.draws()];
    drawnTokens = new PowerLaw[optima.draws()];
    for (int r = 0; r < drawnParams.length; r++) {
      double[] shift = new double[count];
      for (int i = 0; i < count; i++) {
        shift[i] = optima.shift(r, from + i);
      }
      DrawnValue lnFlops = k -> optima.lnFlopsShifted(k, shift[k - from]);
      drawnParams[r] = fit(lnFlops, k -> optima.lnParams(k) + shift[k - from]);
      drawnTokens[r] = fit(lnFlops, k -> optima.lnTokensShifted(k, shift[k - from]));
    }
  }

  /** A quantity of the optimum with this number. */
  @FunctionalInterface
  private interface DrawnValue {
    double of(int k);
  }

  /** Returns 1/variance of each optimum. */
  static double[] weights(Optima optima, int from, int count) {
    return weights(IntStream.range(from, from + count).mapToDouble(optima::deviation).toArray());
  }

  /** Returns 1/variance, but for a constant, of optima of these standard deviations of ln N*. */
  static double[] weights(double[] deviations) {
    double least = SUREST * Quantiles.of(deviations, 50);
    double[] weights = new double[deviations.length];
    for (int i = 0; i < weights.length; i++) {
      double deviation = Math.max(deviations[i], least);
      weights[i] = least > 0 ? Math.pow(least / deviation, 2) : 1;
    }
    return weights;
  }

  private PowerLaw fit(DrawnValue x, DrawnValue y) {
    double[] xs = new double[count];
    double[] ys = new double[count];
    for (int i = 0; i < count; i++) {
      xs[i] = x.of(from + i);
      ys[i] = y.of(from + i);
    }
    return PowerLaw.fit(xs, ys, weights);
  }

  /** Returns N*(C). */
  PowerLaw params() {
    return params;
  }

  /** Returns D*(C). */
  PowerLaw tokens() {
    return tokens;
  }

  /** Returns the slopes with their intervals. */
  Exponents exponents() {
    return new Exponents(a().estimate(), b().estimate());
  }

  /** Returns the slope of ln N* with its draws. */
  Draws a() {
    return draws(PowerLaw::exponent, params, drawnParams);
  }

  /** Returns the slope of ln D* with its draws. */
  Draws b() {
    return draws(PowerLaw::exponent, tokens, drawnTokens);
  }

  /**
   * Returns the slopes with that of N* held: D* then follows from N* along every budget. They are
   * given, so their intervals are points.
   */
  Exponents holding(double a) {
    PowerLaw held = new PowerLaw(params.centre(), params.atCentre(), a);
    PowerLaw followed =
        fit(
            optima::lnFlops,
            k -> optima.lnTokensShifted(k, held.ln(optima.lnFlops(k)) - optima.lnParams(k)));
    return new Exponents(known(a), known(followed.exponent()));
  }

  private static Estimate known(double value) {
    return new Estimate(value, new Interval(value, value));
  }

  /** Returns the slopes as those of a part of the range. */
  LocalExponent local() {
    return new LocalExponent(
        optima.budget(from), optima.budget(from + count - 1), count, exponents());
  }

  /** Returns ln N* at ln C with its draws. */
  Draws lnParamsAt(double lnFlops) {
    return draws(line -> line.ln(lnFlops), params, drawnParams);
  }

  /** Returns ln D* at ln C with its draws. */
  Draws lnTokensAt(double lnFlops) {
    return draws(line -> line.ln(lnFlops), tokens, drawnTokens);
  }

  private static Draws draws(ToDoubleFunction<PowerLaw> of, PowerLaw line, PowerLaw[] drawn) {
    return new Draws(of.applyAsDouble(line), Arrays.stream(drawn).mapToDouble(of).toArray());
  }
}
