package org.isoflop.harness.analysis.law;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.hipparchus.exception.MathRuntimeException;
import org.hipparchus.linear.MatrixUtils;
import org.hipparchus.linear.RealMatrix;
import org.hipparchus.random.CorrelatedRandomVectorGenerator;
import org.hipparchus.random.GaussianRandomGenerator;
import org.hipparchus.random.Well19937a;
import org.isoflop.harness.analysis.law.LawFit.Criterion;
import org.isoflop.harness.analysis.law.LawObjective.Expansion;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.stats.Estimate;
import org.isoflop.harness.analysis.stats.Fitted;
import org.isoflop.harness.analysis.stats.IntervalScheme;
import org.isoflop.harness.analysis.stats.Quantiles;
import org.isoflop.harness.analysis.stats.Resampling;

/**
 * The law refitted to resamples of the points: whatever follows from a law has an interval by it.
 *
 * <p>A refit starts from the fit to the points themselves; where points are few, also from the best
 * of the grid for the resample, and the better minimum is kept. Above {@value LawFit#MOST_POINTS}
 * points the refits are replaced by what they tend to: normal draws about the fit with the sandwich
 * covariance (White 1982), in ln of the five parameters. That costs one pass over the points.
 *
 * @param law the fit to the points themselves
 * @param resampled the fits to the resamples, at least one
 * @param refused how many resamples gave no law
 */
public record LawSample(Law law, List<Law> resampled, int refused) {

  /**
   * Below this many different points a resample may have several minima: one in fifty of 20 points
   * ends in the wrong one from the fit alone; none did of 8,000 of 40 to 86, at 0.3 and 1% of noise
   * and of Llama 3's, by either criterion.
   */
  private static final int FEW_POINTS = 35;

  /** Two trunks that are drawn again and again say nothing of a third. */
  private static final int FEWEST_TRUNKS = 3;

  /** (9/2 · √(2π))^(1/5), where squared bias and variance of a window's count add up to least. */
  private static final double NORMAL_WINDOW = 1.623;

  /** A coordinate with less than this share of the largest variance has none. */
  private static final double NO_VARIANCE = 1e-12;

  /** Copies the list. */
  public LawSample {
    resampled = List.copyOf(resampled);
  }

  /** Returns a quantity with its 95% percentile interval. */
  public Estimate estimate(ToDoubleFunction<Law> quantity) {
    return Quantiles.estimate(
        quantity.applyAsDouble(law), resampled.stream().mapToDouble(quantity).toArray());
  }

  /**
   * Resamples points or whole trunks with replacement, or (by {@link IntervalScheme#NOISE}) keeps
   * every size and horizon and adds residuals, drawn with replacement, to the fitted losses; that
   * takes the noise as alike at all points and the law as true. {@link IntervalScheme#AUTO} draws
   * trunks wherever points share any, however few there are, because rows of one trunk say little
   * more than one row does.
   *
   * <p>Replicate r draws from its own generator, so the result depends on the seed and not on how
   * many threads share the work, nor on the order of the points.
   *
   * @param points those the law was fitted to
   * @param fit that fit
   * @return the refits; refused where more than half of the resamples give no law, or where there
   *     are too few trunks to draw from
   */
  public static Fitted<LawSample> of(
      List<LossPoint> points, LawFit fit, IntervalScheme scheme, Resampling settings) {
    Draws draws = new Draws(points, fit, scheme);
    if (draws.groups.length < FEWEST_TRUNKS) {
      return Fitted.refused(
          "The points come from "
              + (draws.groups.length == 1 ? "one trunk" : "two trunks")
              + ", too few to resample whole trunks.");
    }
    return draws.data().size() > LawFit.MOST_POINTS
        ? normal(draws, fit.law(), settings)
        : refits(draws, fit.law(), settings);
  }

  /** Draws resamples from a fit and its points. */
  static final class Draws {

    private final boolean noise;
    private final Criterion criterion;
    private final LawObjective objective;
    private final double[] position;
    private final int[][] groups;

    Draws(List<LossPoint> points, LawFit fit, IntervalScheme scheme) {
      List<LossPoint> sorted = LawData.sorted(points);
      LawData data = new LawData(sorted);
      noise = scheme == IntervalScheme.NOISE;
      criterion = fit.criterion();
      objective = new LawObjective(data, criterion);
      position = data.position(fit.law());
      boolean trunks = scheme == IntervalScheme.TRUNKS || scheme == IntervalScheme.AUTO;
      Map<Object, List<Integer>> groups = new LinkedHashMap<>();
      for (int i = 0; i < sorted.size(); i++) {
        groups
            .computeIfAbsent(trunks ? sorted.get(i).lineage() : i, any -> new ArrayList<>())
            .add(i);
      }
      this.groups = groups.values().stream().map(Draws::indices).toArray(int[][]::new);
    }

    private static int[] indices(Collection<Integer> members) {
      return members.stream().mapToInt(Integer::intValue).toArray();
    }

    LawData data() {
      return objective.data();
    }

    /** Returns a resample; a loss that noise has made negative is not a number. */
    LawData draw(SplittableRandom random) {
      int size = data().size();
      if (noise) {
        // Residuals of a fit are smaller than the noise, by the parameters it had to bend with.
        double inflation = Math.sqrt(size / (double) (size - LawData.SIZE));
        double[] lnLoss = new double[size];
        for (int i = 0; i < size; i++) {
          double residual = -inflation * objective.residual(position, random.nextInt(size));
          double loss = objective.loss(position, i);
          lnLoss[i] =
              objective.logarithmic() ? Math.log(loss) + residual : Math.log(loss + residual);
        }
        return data().withLnLoss(lnLoss);
      }
      int[] counts = new int[size];
      for (int draw = 0; draw < groups.length; draw++) {
        for (int i : groups[random.nextInt(groups.length)]) {
          counts[i]++;
        }
      }
      return data().resampled(counts);
    }

    /** Returns the law of a resample, or null where there is none. */
    Law refit(LawData drawn) {
      LawObjective objective = new LawObjective(drawn, criterion);
      if (Identifiability.refusal(drawn).isPresent()) {
        return null;
      }
      double[] best = position.clone();
      best[LawData.E] = Math.max(best[LawData.E], LawFit.SMALLEST);
      double value = objective.minimizeNear(best);
      if (drawn.size() < FEW_POINTS) {
        double[] other = LawFit.starts(objective).get(0).getPoint();
        double otherValue = objective.minimize(other);
        if (otherValue < value) {
          best = other;
          value = otherValue;
        }
      }
      return Double.isNaN(value) || Identifiability.refusal(drawn, best).isPresent()
          ? null
          : drawn.law(best);
    }
  }

  static Fitted<LawSample> refits(Draws draws, Law law, Resampling settings) {
    List<Law> laws =
        settings.draws(random -> draws.refit(draws.draw(random))).filter(Objects::nonNull).toList();
    int refused = settings.replicates() - laws.size();
    return 2 * refused > settings.replicates()
        ? Fitted.refused(
            refused
                + " of "
                + settings.replicates()
                + " resamples of the points give no parametric law, so it has no interval.")
        : Fitted.of(new LawSample(law, laws, refused));
  }

  /**
   * Draws laws from the distribution that refits tend to where points are many: normal about the
   * fit with covariance H⁻¹·S·H⁻¹, H the curvature of the objective and S the covariance of its
   * slope over what is drawn together (White 1982, "Maximum likelihood estimation of misspecified
   * models").
   */
  static Fitted<LawSample> normal(Draws draws, Law law, Resampling settings) {
    LawObjective objective = draws.objective;
    double[] position = draws.position;
    double[] deltas = objective.deltas();
    double delta = deltas[deltas.length - 1];
    double smooth = Math.max(delta, smoothDelta(objective, position));
    Expansion sums = new Expansion();
    objective.expand(position, smooth, sums);
    RealMatrix curvature = symmetric(sums.hessian);
    // Huber's loss is as steep as its delta is wide; both matrices must mean the same one.
    curvature = curvature.scalarMultiply(smooth == delta ? 1 : delta / smooth);
    if (position[LawData.E] == Double.NEGATIVE_INFINITY) {
      curvature.setEntry(LawData.E, LawData.E, 1);
    }
    RealMatrix slopes = MatrixUtils.createRealMatrix(LawData.SIZE, LawData.SIZE);
    for (int[] group : draws.groups) {
      sums.at(position);
      for (int i : group) {
        objective.add(i, delta, sums);
      }
      var gradient = MatrixUtils.createRealVector(sums.gradient);
      slopes = slopes.add(gradient.outerProduct(gradient));
    }
    try {
      RealMatrix inverse = MatrixUtils.inverse(curvature);
      RealMatrix covariance = inverse.multiply(slopes).multiply(inverse);
      double most =
          IntStream.range(0, LawData.SIZE)
              .mapToDouble(j -> covariance.getEntry(j, j))
              .max()
              .orElseThrow();
      CorrelatedRandomVectorGenerator normal =
          new CorrelatedRandomVectorGenerator(
              position,
              covariance,
              NO_VARIANCE * most,
              new GaussianRandomGenerator(new Well19937a(settings.seed())));
      List<Law> laws =
          Stream.generate(() -> draws.data().law(normal.nextVector()))
              .limit(settings.replicates())
              .toList();
      return Fitted.of(new LawSample(law, laws, 0));
    } catch (MathRuntimeException singular) {
      return Fitted.refused(
          "The parametric law's parameters are not determined one by one, so they have no"
              + " interval.");
    }
  }

  private static RealMatrix symmetric(double[][] lower) {
    RealMatrix matrix = MatrixUtils.createRealMatrix(lower.length, lower.length);
    for (int j = 0; j < lower.length; j++) {
      for (int k = 0; k <= j; k++) {
        matrix.setEntry(j, k, lower[j][k]);
        matrix.setEntry(k, j, lower[j][k]);
      }
    }
    return matrix;
  }

  /**
   * Returns a width of Huber's quadratic part that holds enough points to take second derivatives
   * by: the half-width of a window that estimates the density of normal residuals at zero best (the
   * density of the points decides the curvature).
   */
  private static double smoothDelta(LawObjective objective, double[] position) {
    double[] residuals = new double[objective.data().size()];
    Arrays.setAll(residuals, i -> objective.residual(position, i));
    double deviation = Quantiles.robustDeviation(residuals);
    return NORMAL_WINDOW * deviation * Math.pow(residuals.length, -0.2);
  }
}
