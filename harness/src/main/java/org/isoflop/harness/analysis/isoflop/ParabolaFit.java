package org.isoflop.harness.analysis.isoflop;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.points.BudgetGroup;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.stats.Fitted;
import org.isoflop.harness.analysis.stats.PowerLaw;
import org.isoflop.harness.analysis.stats.Quantiles;
import org.isoflop.harness.analysis.stats.Resampling;

/**
 * The IsoFLOP method as published: a raw parabola at every budget, then an unweighted line through
 * the optima (Hoffmann et al. 2022, arXiv 2203.15556, section 3.2, "approach 2").
 */
public final class ParabolaFit implements FrontierFit {

  /** Two optima always lie on a line, and say nothing about how far to trust it. */
  public static final int FEWEST_BUDGETS = 3;

  /** Fewer draws than this share, and an interval would describe the exceptions. */
  private static final double FEWEST_SHARE = 0.5;

  @Override
  public Fitted<Frontier> fit(List<LossPoint> points) {
    List<CurveFit> curves = optima(points);
    return refusal(points, curves.size())
        .map(Fitted::<Frontier>refused)
        .orElseGet(
            () ->
                Fitted.of(
                    line(
                        curves,
                        IntStream.range(0, curves.size())
                            .mapToDouble(k -> curves.get(k).x())
                            .toArray())));
  }

  /** Returns the optima, lowest budget first, of the budgets that have one. */
  static List<CurveFit> optima(List<LossPoint> points) {
    return BudgetGroup.of(points).stream()
        .flatMap(group -> Curve.of(group).value().stream())
        .flatMap(curve -> CurveFit.of(curve).value().stream())
        .toList();
  }

  /** Returns the optima as budget and ln N*, lowest budget first. */
  public static List<LnOptimum> lnOptima(List<LossPoint> points) {
    return optima(points).stream()
        .map(
            fit ->
                new LnOptimum(
                    fit.curve().group().flops(),
                    fit.parabola().vertex(),
                    fit.curve().lnTokens(fit.x()),
                    fit.curve().lnFlops(fit.x())))
        .toList();
  }

  /** Returns why so many optima give no exponents, if they do not. */
  static Optional<String> refusal(List<LossPoint> points, int optima) {
    if (points.isEmpty()) {
      return Optional.of("There are no loss points.");
    }
    if (Curve.oneTokenCount(points)) {
      return Optional.of(
          "Every point was trained on "
              + Quantities.count(points.get(0).tokens())
              + " tokens; exponents need sizes that trade params for tokens at equal compute.");
    }
    Optional<String> unshared = SharedBudgets.refusal(BudgetGroup.of(points));
    if (unshared.isPresent()) {
      return unshared;
    }
    return switch (optima) {
      case 0 -> Optional.of("No budget has an optimum, so there are no exponents.");
      case 1 -> Optional.of("Only one budget has an optimum; global exponents need at least 3.");
      case 2 ->
          Optional.of(
              "Only two budgets have an optimum: enough for a local exponent, while global ones"
                  + " need at least 3.");
      default -> Optional.empty();
    };
  }

  private static Frontier line(List<CurveFit> curves, double[] x) {
    int count = curves.size();
    double[] lnFlops = new double[count];
    double[] lnParams = new double[count];
    double[] lnTokens = new double[count];
    int kept = 0;
    for (int k = 0; k < count; k++) {
      Curve curve = curves.get(k).curve();
      if (x[k] > curve.lowest() && x[k] < curve.highest()) {
        lnFlops[kept] = curve.lnFlops(x[k]);
        lnParams[kept] = curve.lnParams(x[k]);
        lnTokens[kept] = curve.lnTokens(x[k]);
        kept++;
      }
    }
    if (kept < FEWEST_BUDGETS) {
      return null;
    }
    double[] at = Arrays.copyOf(lnFlops, kept);
    return new Frontier(
        PowerLaw.fit(at, Arrays.copyOf(lnParams, kept)),
        PowerLaw.fit(at, Arrays.copyOf(lnTokens, kept)));
  }

  /**
   * Fits with intervals from the noise about the parabolas: coefficients drawn with their
   * least-squares covariance, one relative noise for all budgets, of Student-t width. What the
   * parabola's own bias adds is not in them.
   */
  public static Fitted<Exponents> exponents(List<LossPoint> points, Resampling settings) {
    Fitted<Frontier> fit = new ParabolaFit().fit(points);
    if (fit.value().isEmpty()) {
      return Fitted.refused(fit.refused().orElseThrow());
    }
    List<CurveFit> curves = optima(points);
    long[] seeds = settings.seeds();
    List<Frontier> drawn =
        IntStream.range(0, settings.replicates())
            .parallel()
            .mapToObj(r -> draw(curves, new SplittableRandom(seeds[r])))
            .filter(Objects::nonNull)
            .toList();
    if (drawn.size() < FEWEST_SHARE * settings.replicates()) {
      return Fitted.refused(
          "Most resamples keep fewer than 3 optima, so the noise hides the exponents; more sizes or"
              + " seeds at every budget would show them.");
    }
    Frontier line = fit.value().orElseThrow();
    return Fitted.of(
        new Exponents(
            Quantiles.estimate(
                line.params().exponent(),
                drawn.stream().mapToDouble(f -> f.params().exponent()).toArray()),
            Quantiles.estimate(
                line.tokens().exponent(),
                drawn.stream().mapToDouble(f -> f.tokens().exponent()).toArray())));
  }

  private static Frontier draw(List<CurveFit> curves, SplittableRandom random) {
    double squares = 0;
    int freedom = 0;
    for (CurveFit fit : curves) {
      squares += fit.solution().squares() / Math.pow(fit.parabola().minimum(), 2);
      freedom += fit.curve().size() - 3;
    }
    double noise = Math.sqrt(squares / StudentWidth.chiSquare(random, freedom));
    double[] x = new double[curves.size()];
    for (int k = 0; k < x.length; k++) {
      CurveFit fit = curves.get(k);
      double[] c = fit.solution().coefficients();
      double own = noise * fit.parabola().minimum();
      fit.solution()
          .addDraw(
              own * random.nextGaussian(),
              own * random.nextGaussian(),
              own * random.nextGaussian(),
              c);
      x[k] = c[2] > 0 ? -c[1] / (2 * c[2]) : Double.NaN;
    }
    return line(curves, x);
  }
}
