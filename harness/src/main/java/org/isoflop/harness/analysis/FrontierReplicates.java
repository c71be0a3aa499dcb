package org.isoflop.harness.analysis;

import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.hipparchus.distribution.continuous.ChiSquaredDistribution;

/**
 * The line through the optima of every resample, and the intervals it gives.
 *
 * <p>Optima can scatter about the line more than the noise within their curves explains: a seed or
 * a data order shared by a whole budget, digitised figures, or a frontier that bends. That excess
 * is estimated by the method of moments, as between-study variance is in a random-effects
 * meta-analysis (DerSimonian and Laird 1986), and drawn again at every budget of every resample.
 * The interval of an exponent therefore covers the scatter that is there, whatever its cause.
 */
final class FrontierReplicates {

  private static final double LIKELY = 0.95;

  /** A sum of squared distances in ln N* below this is rounding. */
  private static final double ROUNDING = 1e-20;

  private final Frontier line;
  private final List<Frontier> lines;
  private final int resamples;
  private final Scatter scatter;

  private FrontierReplicates(Frontier line, List<Frontier> lines, int resamples, Scatter scatter) {
    this.line = line;
    this.lines = lines;
    this.resamples = resamples;
    this.scatter = scatter;
  }

  /**
   * How the optima lie about the line, as standard deviations of ln N*.
   *
   * @param explained by the noise within the curves
   * @param excess what is left
   * @param significant whether so much would be left by chance in fewer than 1 of 20 sweeps
   */
  record Scatter(double explained, double excess, boolean significant) {

    /**
     * Draws the excess; a significant one with Student-t width, as few budgets measure it badly.
     */
    double draw(int freedom, SplittableRandom random) {
      return significant
          ? excess * Math.sqrt(freedom / RelativeNoise.chiSquare(random, freedom))
          : excess;
    }
  }

  /** Fits the line to every resample that keeps at least three optima. */
  static FrontierReplicates of(Frontier line, Replicates optima, AnalysisSettings settings) {
    Scatter scatter = scatter(line, optima);
    // Seeds of their own: the noise within the curves and that between them are independent.
    long[] seeds =
        ResidualBootstrap.seeds(new AnalysisSettings(~settings.seed(), settings.replicates()));
    List<Frontier> lines =
        IntStream.range(0, optima.size())
            .parallel()
            .mapToObj(r -> refit(optima, r, scatter, new SplittableRandom(seeds[r])))
            .filter(Objects::nonNull)
            .toList();
    return new FrontierReplicates(line, lines, optima.size(), scatter);
  }

  private static Frontier refit(
      Replicates optima, int r, Scatter scatter, SplittableRandom random) {
    List<CurveFit> curves = optima.curves();
    int[] kept =
        IntStream.range(0, curves.size())
            .filter(k -> Double.isFinite(optima.lnParams(r, k)))
            .toArray();
    if (kept.length < IsoFlopFit.FEWEST_BUDGETS) {
      return null;
    }
    double excess = scatter.draw(curves.size() - 2, random);
    double[] lnFlops = new double[kept.length];
    double[] lnParams = new double[kept.length];
    double[] lnTokens = new double[kept.length];
    for (int i = 0; i < kept.length; i++) {
      CurveFit curve = curves.get(kept[i]);
      lnFlops[i] = curve.lnFlops();
      lnParams[i] = optima.lnParams(r, kept[i]) + excess * random.nextGaussian();
      // Along the budget's curve: more params mean fewer tokens.
      lnTokens[i] = curve.design().lnTokens(lnParams[i]);
    }
    return new Frontier(PowerLaw.fit(lnFlops, lnParams), PowerLaw.fit(lnFlops, lnTokens));
  }

  private static Scatter scatter(Frontier line, Replicates optima) {
    List<CurveFit> curves = optima.curves();
    int count = curves.size();
    double centre = line.params().centre();
    double spread = curves.stream().mapToDouble(c -> Math.pow(c.lnFlops() - centre, 2)).sum();
    double found = 0;
    double explained = 0;
    for (int k = 0; k < count; k++) {
      CurveFit curve = curves.get(k);
      double distance = curve.lnFlops() - centre;
      double leverage = 1.0 / count + distance * distance / spread;
      found += Math.pow(curve.lnParams() - line.params().ln(curve.lnFlops()), 2);
      explained += (1 - leverage) * Math.pow(optima.deviation(k), 2);
    }
    int freedom = count - 2;
    double chance = new ChiSquaredDistribution(freedom).inverseCumulativeProbability(LIKELY);
    return new Scatter(
        Math.sqrt(explained / freedom),
        Math.sqrt(Math.max(0, found - explained) / freedom),
        found * freedom > explained * chance && found > ROUNDING);
  }

  /** Returns how the optima lie about the line. */
  Scatter scatter() {
    return scatter;
  }

  /** Returns the line through the optima themselves. */
  Frontier line() {
    return line;
  }

  /** Returns the share of resamples that keep fewer than three optima. */
  double refusedShare() {
    return 1 - (double) lines.size() / resamples;
  }

  /** Returns the exponents of the line with their intervals. */
  Exponents exponents() {
    double a = line.params().exponent();
    double b = line.tokens().exponent();
    return new Exponents(
        a, interval(f -> f.params().exponent(), a), b, interval(f -> f.tokens().exponent(), b));
  }

  /** Returns the line at one budget, with its intervals. */
  FrontierPoint at(double budget) {
    double lnFlops = Math.log(budget);
    double params = line.params().ln(lnFlops);
    double tokens = line.tokens().ln(lnFlops);
    return new FrontierPoint(
        budget,
        Math.exp(params),
        exp(interval(f -> f.params().ln(lnFlops), params)),
        Math.exp(tokens),
        exp(interval(f -> f.tokens().ln(lnFlops), tokens)));
  }

  private static Interval exp(Interval interval) {
    return new Interval(Math.exp(interval.low()), Math.exp(interval.high()));
  }

  private Interval interval(ToDoubleFunction<Frontier> quantity, double estimate) {
    double[] values = lines.stream().mapToDouble(quantity).toArray();
    return Quantiles.interval(values, estimate);
  }
}
