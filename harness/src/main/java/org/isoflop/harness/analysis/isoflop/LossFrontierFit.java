package org.isoflop.harness.analysis.isoflop;

import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.isoflop.harness.analysis.stats.Draws;
import org.isoflop.harness.analysis.stats.Estimate;
import org.isoflop.harness.analysis.stats.Fitted;

/**
 * Loss at the optimum against compute, L*(C) = E + K·C^−gamma with E ≥ 0 (the compute-optimal
 * frontier of the parametric law has this form; Hoffmann et al. 2022, arXiv 2203.15556, appendix
 * D), by variable projection: for a given gamma the rest is linear.
 */
public final class LossFrontierFit {

  private static final int FEWEST = 3;
  private static final double FLATTEST = 0.003;
  private static final double STEEPEST = 1.5;
  private static final int GRID = 40;
  private static final int REFINEMENTS = 60;
  private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;

  private final double centre;
  private final LossCurve estimate;
  private final LossCurve[] drawn;

  private LossFrontierFit(double centre, LossCurve estimate, LossCurve[] drawn) {
    this.centre = centre;
    this.estimate = estimate;
    this.drawn = drawn;
  }

  /**
   * One curve.
   *
   * @param e irreducible loss
   * @param k of compute in units of the centre
   * @param gamma exponent of compute
   */
  private record LossCurve(double e, double k, double gamma) {
    double at(double lnFlopsFromCentre) {
      return e + k * Math.exp(-gamma * lnFlopsFromCentre);
    }

    /** Infinite where no compute reaches the loss; NaN where loss does not fall with compute. */
    double lnFlopsFromCentre(double loss) {
      return k <= 0
          ? Double.NaN
          : loss <= e ? Double.POSITIVE_INFINITY : -Math.log((loss - e) / k) / gamma;
    }
  }

  /** Fits the curve through at least three optima, and through every draw of them. */
  static Fitted<LossFrontierFit> of(Optima optima) {
    int count = optima.size();
    if (count < FEWEST) {
      return Fitted.refused("Loss against compute needs at least 3 budgets with an optimum.");
    }
    double centre = 0;
    for (int k = 0; k < count; k++) {
      centre += optima.lnFlops(k) / count;
    }
    double[] x = new double[count];
    double[] y = new double[count];
    for (int k = 0; k < count; k++) {
      x[k] = optima.lnFlops(k) - centre;
      y[k] = optima.loss(k);
    }
    LossCurve estimate = fit(x, y);
    if (!(estimate.k() > 0)) {
      return Fitted.refused("Loss at the optimum does not fall with compute.");
    }
    LossCurve[] drawn =
        IntStream.range(0, optima.draws())
            .parallel()
            .mapToObj(
                r -> IntStream.range(0, count).mapToDouble(k -> optima.draw(r, k).loss()).toArray())
            .filter(losses -> Arrays.stream(losses).allMatch(Double::isFinite))
            .map(losses -> fit(x, losses))
            .toArray(LossCurve[]::new);
    return Fitted.of(new LossFrontierFit(centre, estimate, drawn));
  }

  private static LossCurve fit(double[] x, double[] y) {
    double bestGamma = FLATTEST;
    double best = Double.POSITIVE_INFINITY;
    double ratio = Math.pow(STEEPEST / FLATTEST, 1.0 / GRID);
    for (int i = 0; i <= GRID; i++) {
      double gamma = FLATTEST * Math.pow(ratio, i);
      double squares = squares(x, y, gamma);
      if (squares < best) {
        best = squares;
        bestGamma = gamma;
      }
    }
    double low = Math.max(FLATTEST, bestGamma / ratio);
    double high = Math.min(STEEPEST, bestGamma * ratio);
    for (int i = 0; i < REFINEMENTS; i++) {
      double one = high - GOLDEN * (high - low);
      double other = low + GOLDEN * (high - low);
      if (squares(x, y, one) < squares(x, y, other)) {
        high = other;
      } else {
        low = one;
      }
    }
    return linear(x, y, (low + high) / 2);
  }

  private static double squares(double[] x, double[] y, double gamma) {
    LossCurve curve = linear(x, y, gamma);
    double squares = 0;
    for (int i = 0; i < x.length; i++) {
      double off = curve.at(x[i]) / y[i] - 1;
      squares += off * off;
    }
    return squares;
  }

  /** Fits E and K for a given gamma, relative to the loss; E not below 0. */
  private static LossCurve linear(double[] x, double[] y, double gamma) {
    double ww = 0;
    double wu = 0;
    double uu = 0;
    double w = 0;
    double u = 0;
    for (int i = 0; i < x.length; i++) {
      double one = 1 / y[i];
      double power = Math.exp(-gamma * x[i]) / y[i];
      ww += one * one;
      wu += one * power;
      uu += power * power;
      w += one;
      u += power;
    }
    double det = ww * uu - wu * wu;
    double e = (w * uu - u * wu) / det;
    double k = (u * ww - w * wu) / det;
    return e >= 0 ? new LossCurve(e, k, gamma) : new LossCurve(0, u / uu, gamma);
  }

  /**
   * Returns whether the curve may be followed beyond the budgets. Not where E is 0 in all but one
   * of forty draws: then losses fall faster than any power of compute over the budgets, as they do
   * where decoders are only beginning to learn, the form is at its bound, and its intervals know
   * nothing of that.
   */
  public boolean reachesBeyond() {
    return e().interval().high() > 0;
  }

  /** Returns E, nats per token. */
  public Estimate e() {
    return of(LossCurve::e).estimate();
  }

  /** Returns K for C in FLOPs. */
  public Estimate k() {
    return of(curve -> curve.k() * Math.exp(curve.gamma() * centre)).estimate();
  }

  /** Returns gamma. */
  public Estimate gamma() {
    return of(LossCurve::gamma).estimate();
  }

  /** Returns L* at ln C with its draws, nats per token. */
  public Draws at(double lnFlops) {
    return of(curve -> curve.at(lnFlops - centre));
  }

  /**
   * Returns the ln C at which L* is a loss in nats per token, with its draws: infinite where no
   * compute reaches it.
   */
  Draws lnFlopsAt(double loss) {
    return of(curve -> centre + curve.lnFlopsFromCentre(loss));
  }

  private Draws of(ToDoubleFunction<LossCurve> quantity) {
    double[] values = Arrays.stream(drawn).mapToDouble(quantity).toArray();
    return new Draws(quantity.applyAsDouble(estimate), values);
  }
}
