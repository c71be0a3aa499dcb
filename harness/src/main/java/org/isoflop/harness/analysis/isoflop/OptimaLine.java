package org.isoflop.harness.analysis.isoflop;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.isoflop.harness.analysis.isoflop.Exponents.LocalExponent;
import org.isoflop.harness.analysis.isoflop.FrontierFit.Frontier;
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
  private final int to;
  private final double[] weights;
  private final Frontier line;
  private final List<Frontier> drawn;

  /** Fits the line through optima from, from + 1, … to the one before an end; at least 2. */
  OptimaLine(Optima optima, int from, int to) {
    this.optima = optima;
    this.from = from;
    this.to = to;
    weights = weights(IntStream.range(from, to).mapToDouble(k -> optima.deviations()[k]).toArray());
    line = through(optima.found());
    drawn =
        IntStream.range(0, optima.draws()).mapToObj(optima::bounded).map(this::through).toList();
  }

  private Frontier through(List<LnOptimum> all) {
    return Frontier.through(all.subList(from, to), weights);
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

  /** Returns the slopes with their intervals. */
  Exponents exponents() {
    return new Exponents(a().estimate(), b().estimate());
  }

  /** Returns the slope of ln N* with its draws. */
  Draws a() {
    return draws(found -> found.params().exponent());
  }

  /** Returns the slope of ln D* with its draws. */
  Draws b() {
    return draws(found -> found.tokens().exponent());
  }

  /**
   * Returns the slopes with that of N* held: D* then follows from N* along every budget. They are
   * given, so their intervals are points.
   */
  Exponents holding(double a) {
    PowerLaw held = new PowerLaw(line.params().centre(), line.params().atCentre(), a);
    double[] lnFlops = optima.lnFlops();
    double[] lnTokens =
        IntStream.range(0, lnFlops.length)
            .mapToDouble(k -> optima.along(k, held.ln(lnFlops[k])).lnTokens())
            .toArray();
    return new Exponents(known(a), known(PowerLaw.fit(lnFlops, lnTokens, weights).exponent()));
  }

  private static Estimate known(double value) {
    return new Estimate(value, new Interval(value, value));
  }

  /** Returns the slopes as those of a part of the range. */
  LocalExponent local() {
    return new LocalExponent(
        optima.found().get(from).budget(),
        optima.found().get(to - 1).budget(),
        to - from,
        exponents());
  }

  /** Returns by how much, in ln C, the furthest optimum of this line is away. */
  double furthest(double lnFlops) {
    return Math.max(
        Math.abs(lnFlops - optima.found().get(from).lnFlops()),
        Math.abs(optima.found().get(to - 1).lnFlops() - lnFlops));
  }

  /** Returns ln N* at ln C with its draws. */
  Draws lnParamsAt(double lnFlops) {
    return draws(found -> found.params().ln(lnFlops));
  }

  /** Returns ln D* at ln C with its draws. */
  Draws lnTokensAt(double lnFlops) {
    return draws(found -> found.tokens().ln(lnFlops));
  }

  private Draws draws(ToDoubleFunction<Frontier> of) {
    return new Draws(of.applyAsDouble(line), drawn.stream().mapToDouble(of).toArray());
  }
}
