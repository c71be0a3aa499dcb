package org.isoflop.harness.analysis.isoflop;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.points.BudgetGroup;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.stats.Estimate;
import org.isoflop.harness.analysis.stats.Fitted;
import org.isoflop.harness.analysis.stats.PowerLaw;
import org.isoflop.harness.analysis.stats.Quantiles;
import org.isoflop.harness.analysis.stats.Resampling;

/**
 * One way from loss points to the compute-optimal frontier. The methods stand beside each other
 * behind this interface (Hoffmann et al. 2022, arXiv 2203.15556, section 3, has three), so that the
 * analysis can run, resample and compare them alike.
 */
@FunctionalInterface
public interface FrontierFit {

  /** Sizes of a budget: three coefficients, and one degree of freedom to see the noise with. */
  int FEWEST_SIZES = 4;

  /** Two optima always lie on a line, and say nothing about how far to trust it. */
  int FEWEST_BUDGETS = 3;

  /** Fewer draws than this share, and an interval would describe the exceptions. */
  double FEWEST_SHARE = 0.5;

  /** Returns the power laws N*(C) and D*(C), or why these points do not give them. */
  Fitted<Frontier> fit(List<LossPoint> points);

  /**
   * Returns the frontier again as the noise allows, without the draws that cannot be fitted: here
   * by the bootstrap of points within their budgets.
   *
   * @param points that can be fitted
   */
  default List<Frontier> draws(List<LossPoint> points, Resampling settings) {
    List<BudgetGroup> budgets = BudgetGroup.of(points);
    return settings
        .draws(
            random ->
                budgets.stream()
                    .map(BudgetGroup::points)
                    .flatMap(of -> random.ints(of.size(), 0, of.size()).mapToObj(of::get))
                    .toList())
        .flatMap(resample -> fit(resample).value().stream())
        .toList();
  }

  /** Returns the exponents with intervals of the draws, refused where those are too few. */
  default Fitted<Exponents> exponents(List<LossPoint> points, Resampling settings) {
    return fit(points)
        .flatMap(
            line -> {
              List<Frontier> drawn = draws(points, settings);
              return drawn.size() < FEWEST_SHARE * settings.replicates()
                  ? Fitted.refused(
                      "Most resamples keep fewer than 3 optima, so the noise hides the exponents;"
                          + " more sizes or seeds at every budget would show them.")
                  : Fitted.of(line.exponents(drawn));
            });
  }

  /** Returns why so many optima give no exponents, if they do not. */
  static Optional<String> refusal(List<LossPoint> points, int optima) {
    if (points.isEmpty()) {
      return Optional.of("There are no loss points.");
    }
    if (BudgetPoints.oneTokenCount(points)) {
      return Optional.of(
          "Every point was trained on "
              + Quantities.count(points.get(0).tokens())
              + " tokens; exponents need sizes that trade params for tokens at equal compute.");
    }
    Optional<String> unshared = Histories.unplanned(BudgetGroup.of(points));
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

  /**
   * The compute-optimal frontier: N*(C) and D*(C) as power laws.
   *
   * @param params N*, parameters, of C in FLOPs
   * @param tokens D*, training tokens, of C in FLOPs
   */
  record Frontier(PowerLaw params, PowerLaw tokens) {

    /** Returns the exponents with the intervals of their draws. */
    public Exponents exponents(List<Frontier> drawn) {
      return new Exponents(
          estimate(drawn, line -> line.params().exponent()),
          estimate(drawn, line -> line.tokens().exponent()));
    }

    private Estimate estimate(List<Frontier> drawn, ToDoubleFunction<Frontier> exponent) {
      return Quantiles.estimate(
          exponent.applyAsDouble(this), drawn.stream().mapToDouble(exponent).toArray());
    }

    /** Fits the lines through two optima or more. */
    public static Frontier through(List<LnOptimum> optima) {
      double[] equal = new double[optima.size()];
      Arrays.fill(equal, 1);
      return through(optima, equal);
    }

    /** Fits the lines through two optima or more, weighted. */
    static Frontier through(List<LnOptimum> optima, double[] weights) {
      double[] lnFlops = optima.stream().mapToDouble(LnOptimum::lnFlops).toArray();
      double[] lnParams = optima.stream().mapToDouble(LnOptimum::lnParams).toArray();
      double[] lnTokens = optima.stream().mapToDouble(LnOptimum::lnTokens).toArray();
      return new Frontier(
          PowerLaw.fit(lnFlops, lnParams, weights), PowerLaw.fit(lnFlops, lnTokens, weights));
    }
  }
}
