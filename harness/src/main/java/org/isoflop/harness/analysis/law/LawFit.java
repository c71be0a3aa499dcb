package org.isoflop.harness.analysis.law;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.hipparchus.optim.PointValuePair;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.points.PointSample;
import org.isoflop.harness.analysis.stats.Fitted;

/**
 * The law that fits all points best (Hoffmann et al. 2022, arXiv 2203.15556, approach 3).
 *
 * <p>The search starts from a grid over (alpha, beta), at each pair of which the law is linear in
 * E, A and B (variable projection; Golub and Pereyra 1973): two well-behaved directions instead of
 * five badly conditioned ones. Every start is polished to a minimum in all five parameters, and the
 * best is kept. Above {@value #MOST_POINTS} points the starts run on a part of them, and the best
 * few minima are polished on all.
 *
 * @param law the fit
 * @param criterion what it minimises
 * @param objective the minimum: a sum over the points, with Huber's loss ½r² inside δ; for {@link
 *     Criterion#SQUARES} in squared nats
 * @param starts how many starts were polished
 * @param agreeing how many of them ended within 1e-6, relative, of the best
 * @param warnings what to doubt about it, one sentence each
 */
public record LawFit(
    Law law,
    Criterion criterion,
    double objective,
    int starts,
    int agreeing,
    List<String> warnings) {

  /** More points than this are searched by a part of them. */
  static final int MOST_POINTS = 1000;

  private static final int POLISHED_ON_ALL = 3;
  private static final double AGREEMENT = 1e-6;

  /** Starts go on while so many further minima are to be expected. */
  private static final double MOST_UNSEEN = 0.5;

  /** Minima of a part this close may change places on all points. */
  private static final double UNDECIDED = 0.1;

  /** Objectives this close, for each point in ln L or in mean losses, differ by rounding only. */
  private static final double ROUNDING = 1e-20;

  /** Exponents from far below to far above any published one, geometric. */
  private static final double[] EXPONENTS = {0.05, 0.1, 0.18, 0.35, 0.65, 1.25, 2.5};

  /** ln of the share of the loss at which a coefficient that fits best at zero starts. */
  static final double SMALLEST = Math.log(0.02);

  private static final int SWEEPS = 30;

  /** What a fit of the law minimises. */
  public enum Criterion {
    /**
     * The sum of Huber's loss, δ = 1e-3, of ln L residuals (Hoffmann et al. 2022, section 3.3): the
     * field's choice, and robust.
     */
    HUBER_LOG,
    /**
     * The sum of absolute ln L residuals: what the published re-fit of the Chinchilla points is
     * (Besiroglu et al. 2024, arXiv 2404.10102).
     */
    ABSOLUTE_LOG,
    /** The sum of squared residuals of the loss itself. */
    SQUARES
  }

  /** Copies the list. */
  public LawFit {
    warnings = List.copyOf(warnings);
  }

  /**
   * Fits the law, or says why these points have none: too few, all at one N or one D, N and D tied
   * to each other, or a loss that does not fall with one of them. The result does not depend on the
   * order of the points nor on the units of N, D and the loss.
   *
   * @param points any number, from any budgets
   * @param criterion what to minimise
   */
  public static Fitted<LawFit> fit(List<LossPoint> points, Criterion criterion) {
    return fit(points, criterion, OptionalDouble.empty());
  }

  /**
   * Fits the law with a = beta/(alpha + beta) held at a value.
   *
   * @param held between 0 and 1
   */
  public static Fitted<LawFit> fitHolding(
      List<LossPoint> points, Criterion criterion, double held) {
    return fit(points, criterion, OptionalDouble.of(held));
  }

  private static Fitted<LawFit> fit(
      List<LossPoint> points, Criterion criterion, OptionalDouble held) {
    List<LossPoint> sorted = LawData.sorted(points);
    LawData data = new LawData(sorted);
    Optional<String> refusal = Identifiability.refusal(data);
    if (refusal.isPresent()) {
      return Fitted.refused(refusal.get());
    }
    LawObjective objective = new LawObjective(data, criterion, held);
    boolean inPart = data.size() > MOST_POINTS;
    LawData searched = inPart ? new LawData(PointSample.of(sorted, MOST_POINTS)) : data;
    List<PointValuePair> minima = minima(new LawObjective(searched, criterion, held));
    double limit = justAbove(minima.get(0), searched);
    int agreeing = (int) minima.stream().filter(m -> m.getValue() <= limit).count();
    double[] best = (inPart ? polished(minima, searched, objective) : minima.get(0)).getPointRef();
    Optional<String> noLaw = Identifiability.refusal(data, best);
    if (noLaw.isPresent()) {
      return Fitted.refused(noLaw.get());
    }
    return Fitted.of(
        new LawFit(
            data.law(best),
            criterion,
            objective.criterion(best),
            minima.size(),
            agreeing,
            warnings(best, minima.size(), agreeing)));
  }

  /** Polishes starts until no further minimum is to be expected; the lowest minimum first. */
  static List<PointValuePair> minima(LawObjective objective) {
    List<PointValuePair> minima = new ArrayList<>();
    for (PointValuePair start : starts(objective)) {
      minima.add(minimum(objective, start.getPoint()));
      minima.sort(Comparator.comparingDouble(PointValuePair::getValue));
      int found = distinct(minima, objective.data()).size();
      // What is still to be expected after n starts that ended in w minima: w·(w+1)/(n−w−2).
      double beyond = minima.size() - found - 2;
      if (beyond > 0 && found * (found + 1) / beyond < MOST_UNSEEN) {
        break;
      }
    }
    return minima;
  }

  /** Returns the minima that differ by more than rounding, of those sorted lowest first. */
  private static List<PointValuePair> distinct(List<PointValuePair> minima, LawData data) {
    List<PointValuePair> distinct = new ArrayList<>();
    double last = Double.NEGATIVE_INFINITY;
    for (PointValuePair minimum : minima) {
      if (minimum.getValue() > last) {
        distinct.add(minimum);
        last = justAbove(minimum, data);
      }
    }
    return distinct;
  }

  private static double justAbove(PointValuePair minimum, LawData data) {
    return minimum.getValue() * (1 + AGREEMENT) + ROUNDING * data.size();
  }

  private static PointValuePair minimum(LawObjective objective, double[] position) {
    double value = objective.minimize(position);
    return new PointValuePair(position, Double.isNaN(value) ? Double.POSITIVE_INFINITY : value);
  }

  /**
   * Returns the best position for each pair of exponents, and minus what it explains of the sum of
   * squares, of losses or of relative ones; the best first.
   */
  static List<PointValuePair> starts(LawObjective objective) {
    LawData data = objective.data();
    int n = data.size();
    double[] loss = Arrays.stream(data.lnLoss).map(Math::exp).toArray();
    double[] weights = data.weights.clone();
    for (int i = 0; i < n && objective.logarithmic(); i++) {
      weights[i] /= loss[i] * loss[i];
    }
    double[] ones = powers(data.lnParams, 0);
    Map<Double, double[]> byTokens = new LinkedHashMap<>();
    Arrays.stream(EXPONENTS).forEach(beta -> byTokens.put(beta, powers(data.lnTokens, beta)));
    List<PointValuePair> starts = new ArrayList<>();
    for (double alpha : EXPONENTS) {
      double[] byParams = powers(data.lnParams, alpha);
      for (double beta : EXPONENTS) {
        double[][] columns = {ones, byParams, byTokens.get(beta)};
        double[] right = new double[3];
        double[][] gram = new double[3][3];
        for (int j = 0; j < 3; j++) {
          right[j] = dot(weights, columns[j], loss);
          for (int k = 0; k < 3; k++) {
            gram[j][k] = dot(weights, columns[j], columns[k]);
          }
        }
        double[] terms = nonNegative(gram, right);
        double explained = terms[0] * right[0] + terms[1] * right[1] + terms[2] * right[2];
        double[] position = Arrays.copyOf(terms, LawData.SIZE);
        Arrays.setAll(position, j -> Math.max(Math.log(position[j]), SMALLEST));
        position[LawData.ALPHA] = Math.log(alpha);
        position[LawData.BETA] = Math.log(beta);
        starts.add(new PointValuePair(position, -explained));
      }
    }
    starts.sort(Comparator.comparingDouble(PointValuePair::getValue));
    return starts;
  }

  /** Returns x^−exponent of ln x. */
  private static double[] powers(double[] lnX, double exponent) {
    return Arrays.stream(lnX).map(ln -> Math.exp(-exponent * ln)).toArray();
  }

  private static double dot(double[] weights, double[] one, double[] other) {
    double sum = 0;
    for (int i = 0; i < weights.length; i++) {
      sum += weights[i] * one[i] * other[i];
    }
    return sum;
  }

  /**
   * Approaches non-negative least squares by moving one coefficient after the other to its best
   * value, which is near enough to start from.
   *
   * @param gram the normal matrix
   * @param right its right-hand side
   */
  static double[] nonNegative(double[][] gram, double[] right) {
    double[] found = new double[right.length];
    for (int sweep = 0; sweep < SWEEPS; sweep++) {
      for (int j = 0; j < found.length; j++) {
        double downhill = right[j];
        for (int k = 0; k < found.length; k++) {
          downhill -= gram[j][k] * found[k];
        }
        found[j] = Math.max(0, found[j] + downhill / gram[j][j]);
      }
    }
    return found;
  }

  /** Polishes on all points what may be the best minimum of them. */
  private static PointValuePair polished(
      List<PointValuePair> minima, LawData part, LawObjective all) {
    double limit = minima.get(0).getValue() * (1 + UNDECIDED) + ROUNDING * part.size();
    return distinct(minima, part).stream()
        .filter(minimum -> minimum.getValue() <= limit)
        .limit(POLISHED_ON_ALL)
        .map(minimum -> all.data().position(part.law(minimum.getPointRef())))
        .map(position -> new PointValuePair(position, all.minimizeNear(position), false))
        .min(Comparator.comparingDouble(PointValuePair::getValue))
        .orElseThrow();
  }

  private static List<String> warnings(double[] best, int starts, int agreeing) {
    List<String> warnings = new ArrayList<>();
    if (best[LawData.E] == Double.NEGATIVE_INFINITY) {
      warnings.add(
          "The parametric law fits best with E = 0: the points do not show the loss levelling"
              + " off.");
    }
    if (agreeing == 1) {
      warnings.add(
          "Only one of the parametric law's "
              + starts
              + " starts reached its best fit, so a better one may exist.");
    }
    return warnings;
  }
}
