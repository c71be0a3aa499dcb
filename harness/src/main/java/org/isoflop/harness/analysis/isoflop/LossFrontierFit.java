package org.isoflop.harness.analysis.isoflop;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.hipparchus.analysis.UnivariateFunction;
import org.hipparchus.analysis.solvers.UnivariateSolverUtils;
import org.hipparchus.optim.MaxEval;
import org.hipparchus.optim.nonlinear.scalar.GoalType;
import org.hipparchus.optim.univariate.BrentOptimizer;
import org.hipparchus.optim.univariate.SearchInterval;
import org.hipparchus.optim.univariate.UnivariateObjectiveFunction;
import org.isoflop.harness.analysis.isoflop.LeastSquares.Quadratic;
import org.isoflop.harness.analysis.stats.Draws;
import org.isoflop.harness.analysis.stats.Estimate;
import org.isoflop.harness.analysis.stats.Fitted;

/**
 * Loss at the optimum against compute.
 *
 * <p><b>Between the measured budgets</b> it goes through every optimum, whatever their course: ln
 * L* is the parabola in ln C that lies nearest to all of them, and straight lines between what it
 * leaves of each. A law would say another loss than the optimum at a measured budget, 4% off where
 * decoders only begin to learn. Lines alone cut off the bend between budgets that are far apart,
 * and a spline follows the noise of two that are close together ({@code docs/decisions.md}).
 *
 * <p><b>Beyond them</b> it is the law L*(C) = E + K·C^−gamma with E ≥ 0 of all optima (the
 * compute-optimal frontier of the parametric law has this form; Hoffmann et al. 2022, arXiv
 * 2203.15556, appendix D), where that may be followed.
 */
public final class LossFrontierFit {

  private static final int FEWEST = 3;
  private static final double FLATTEST = 0.003;
  private static final double STEEPEST = 1.5;
  private static final int GRID = 40;
  private static final int EVALUATIONS = 200;
  private static final double CLOSE = 1e-10;

  /** Of ln L*: a loss at an optimum comes back through units of loss. */
  private static final double ROUNDING = 1e-12;

  private final double centre;
  private final Curve estimate;
  private final Curve[] drawn;

  private LossFrontierFit(double centre, Curve estimate, Curve[] drawn) {
    this.centre = centre;
    this.estimate = estimate;
    this.drawn = drawn;
  }

  /** Fits at least three optima, and every draw of them that has them all. */
  static Fitted<LossFrontierFit> of(Optima optima) {
    int count = optima.size();
    if (count < FEWEST) {
      return Fitted.refused("Loss against compute needs at least 3 budgets with an optimum.");
    }
    double[] lnFlops = optima.lnFlops();
    double centre = Arrays.stream(lnFlops).average().orElseThrow();
    double[] x = Quadratic.centred(lnFlops);
    Curve estimate = new Curve(x, losses(optima.found().stream()));
    if (!(estimate.law().k() > 0)) {
      return Fitted.refused("Loss at the optimum does not fall with compute.");
    }
    Curve[] drawn =
        IntStream.range(0, optima.draws())
            .parallel()
            .mapToObj(r -> losses(Arrays.stream(optima.draw(r))))
            .filter(losses -> Arrays.stream(losses).allMatch(Double::isFinite))
            .map(losses -> new Curve(x, losses))
            .toArray(Curve[]::new);
    return Fitted.of(new LossFrontierFit(centre, estimate, drawn));
  }

  private static double[] losses(Stream<LnOptimum> optima) {
    return optima.mapToDouble(LnOptimum::loss).toArray();
  }

  /** The curve through some losses. */
  private static final class Curve {

    /** ln C of the losses, ascending, and of all else, less their mean. */
    private final double[] x;

    private final double[] losses;
    private final double[] lnLoss;
    private final Quadratic smooth;
    private LossLaw law;

    Curve(double[] x, double[] losses) {
      this.x = x;
      this.losses = losses;
      lnLoss = Arrays.stream(losses).map(Math::log).toArray();
      smooth = Quadratic.fit(x, lnLoss);
    }

    /** Returns the law of the losses, fitted when first asked for: many analyses never do. */
    LossLaw law() {
      LossLaw found = law;
      if (found == null) {
        found = LossLaw.fit(x, losses);
        law = found;
      }
      return found;
    }

    private double left(int k) {
      return lnLoss[k] - smooth.at(x[k]);
    }

    /** Returns ln L* within the budgets, between losses k − 1 and k. */
    private double ln(double at, int k) {
      double share = (at - x[k - 1]) / (x[k] - x[k - 1]);
      return smooth.at(at) + (1 - share) * left(k - 1) + share * left(k);
    }

    /** Returns L* within the budgets. */
    double within(double at) {
      int last = x.length - 1;
      double inside = Math.max(x[0], Math.min(x[last], at));
      int k = IntStream.range(1, last).filter(i -> inside <= x[i]).findFirst().orElse(last);
      return Math.exp(ln(inside, k));
    }

    /**
     * Returns the least compute that a loss takes: where losses do not fall from every budget to
     * the next, the first at which one is so low. Of a draw that does not come to it within the
     * budgets, along the parabola's tangent at their end, which is steady where slopes between two
     * optima are not.
     */
    double reaching(double loss) {
      double wanted = Math.log(loss);
      int last = x.length - 1;
      for (int k = 0; k <= last; k++) {
        if (lnLoss[k] <= wanted + ROUNDING) {
          return k == 0 ? onTangent(0, wanted) : between(k, Math.max(wanted, lnLoss[k]));
        }
      }
      return onTangent(last, wanted);
    }

    private double between(int k, double wanted) {
      UnivariateFunction above = at -> ln(at, k) - wanted;
      return UnivariateSolverUtils.solve(above, x[k - 1], x[k], CLOSE);
    }

    private double onTangent(int end, double wanted) {
      double slope = smooth.slope(x[end]);
      return slope < 0
          ? x[end] + (wanted - lnLoss[end]) / slope
          : end == 0 ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    }
  }

  /**
   * The law, C in units of the centre.
   *
   * @param e irreducible loss
   * @param k of compute
   * @param gamma exponent of compute
   */
  private record LossLaw(double e, double k, double gamma) {

    /** Fits by variable projection: for a given gamma the rest is linear. */
    static LossLaw fit(double[] x, double[] losses) {
      UnivariateFunction squares = lnGamma -> linear(x, losses, lnGamma).squares(x, losses);
      double step = Math.log(STEEPEST / FLATTEST) / GRID;
      double[] grid =
          IntStream.rangeClosed(0, GRID)
              .mapToDouble(i -> squares.value(Math.log(FLATTEST) + step * i))
              .toArray();
      int best =
          IntStream.rangeClosed(0, GRID)
              .boxed()
              .min(Comparator.comparingDouble(i -> grid[i]))
              .orElseThrow();
      double middle = Math.log(FLATTEST) + step * best;
      double low = best == 0 ? middle : middle - step;
      double high = best == GRID ? middle : middle + step;
      return linear(
          x,
          losses,
          new BrentOptimizer(CLOSE, CLOSE)
              .optimize(
                  new MaxEval(EVALUATIONS),
                  GoalType.MINIMIZE,
                  new UnivariateObjectiveFunction(squares),
                  new SearchInterval(low, high, middle))
              .getPoint());
    }

    /** Fits E and K for a given gamma, relative to the loss; E not below 0. */
    private static LossLaw linear(double[] x, double[] losses, double lnGamma) {
      double gamma = Math.exp(lnGamma);
      double weights = 0;
      double powers = 0;
      double ofLosses = 0;
      for (int i = 0; i < x.length; i++) {
        double weight = 1 / (losses[i] * losses[i]);
        weights += weight;
        powers += weight * Math.exp(-gamma * x[i]);
        ofLosses += weight * losses[i];
      }
      double power = powers / weights;
      double loss = ofLosses / weights;
      double products = 0;
      double squares = 0;
      for (int i = 0; i < x.length; i++) {
        double off = Math.exp(-gamma * x[i]) - power;
        products += off * (losses[i] - loss) / (losses[i] * losses[i]);
        squares += off * off / (losses[i] * losses[i]);
      }
      double k = products / squares;
      double e = loss - k * power;
      return e >= 0
          ? new LossLaw(e, k, gamma)
          : new LossLaw(
              0, (products + weights * power * loss) / (squares + weights * power * power), gamma);
    }

    private double squares(double[] x, double[] losses) {
      double squares = 0;
      for (int i = 0; i < x.length; i++) {
        double off = at(x[i]) / losses[i] - 1;
        squares += off * off;
      }
      return squares;
    }

    double at(double lnFlopsFromCentre) {
      return e + k * Math.exp(-gamma * lnFlopsFromCentre);
    }
  }

  /**
   * Returns whether the law may be followed beyond the budgets. Not where E is 0 in all but one of
   * forty draws: then losses fall faster than any power of compute over the budgets, as they do
   * where decoders are only beginning to learn, the form is at its bound, and its intervals know
   * nothing of that.
   */
  public boolean reachesBeyond() {
    return of(curve -> curve.law().e()).estimate().interval().high() > 0;
  }

  /**
   * The parameters of the law beyond the budgets, L*(C) = E + K·C^−gamma.
   *
   * @param e what no compute removes, nats per token
   * @param k of compute, FLOPs
   * @param gamma exponent of compute
   */
  public record Parameters(Estimate e, Estimate k, Estimate gamma) {}

  /** Returns the parameters of the law. */
  public Parameters parameters() {
    return new Parameters(
        of(curve -> curve.law().e()).estimate(),
        of(curve -> curve.law().k() * Math.exp(curve.law().gamma() * centre)).estimate(),
        of(curve -> curve.law().gamma()).estimate());
  }

  /**
   * Returns L* at ln C with its draws, nats per token; nothing beyond the budgets where the law may
   * not be followed.
   */
  public Optional<Draws> at(double lnFlops) {
    double at = lnFlops - centre;
    double beyond = Math.max(at - estimate.x[estimate.x.length - 1], estimate.x[0] - at);
    return beyond <= EfficientFrontier.ROUNDING
        ? Optional.of(of(curve -> curve.within(at)))
        : reachesBeyond() ? Optional.of(of(curve -> curve.law().at(at))) : Optional.empty();
  }

  /** Returns the lowest loss at any of the optima, nats per token. */
  double lowest() {
    return Math.exp(Arrays.stream(estimate.lnLoss).min().orElseThrow());
  }

  /** Returns the loss at the optimum of the lowest budget, nats per token. */
  double first() {
    return Math.exp(estimate.lnLoss[0]);
  }

  /** Returns the least ln C at which L* is down to a loss, with its draws. */
  Draws lnFlopsAt(double loss) {
    return of(curve -> centre + curve.reaching(loss));
  }

  private Draws of(ToDoubleFunction<Curve> quantity) {
    double[] values = Arrays.stream(drawn).parallel().mapToDouble(quantity).toArray();
    return new Draws(quantity.applyAsDouble(estimate), values);
  }
}
