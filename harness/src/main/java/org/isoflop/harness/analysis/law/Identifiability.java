package org.isoflop.harness.analysis.law;

import java.util.Arrays;
import java.util.Optional;
import org.hipparchus.stat.correlation.PearsonsCorrelation;
import org.isoflop.harness.Quantities;

/** Whether points determine all five parameters; where they do not, why, in one sentence. */
final class Identifiability {

  /** One more point than parameters, so that something is left to judge the fit by. */
  private static final int FEWEST_POINTS = LawData.SIZE + 1;

  /** A constant, a coefficient and an exponent need three values each of N and D. */
  private static final int FEWEST_VALUES = 3;

  /** Values of N or D closer than this, in ln, count as one. */
  private static final double SAME = 1e-3;

  /**
   * The share of ln D's variance about its line on ln N below which N and D are one variable: a
   * single budget met within 1% over a few octaves of N is at about 1e-4.
   */
  private static final double COLLINEAR = 1e-3;

  /** A term that varies by less than this share of the loss over the points is not there. */
  private static final double NO_VARIATION = 1e-5;

  /** A term that has all but this share of its fall behind it at the second value is a step. */
  private static final double STEP = 1e-3;

  private Identifiability() {}

  /** Returns why no law can be fitted to these points, whatever their losses. */
  static Optional<String> refusal(LawData data) {
    if (data.size() < FEWEST_POINTS) {
      return Optional.of(
          data.size()
              + (data.size() == 1 ? " point" : " points")
              + "; the parametric law has five parameters and needs at least "
              + FEWEST_POINTS
              + ".");
    }
    int params = distinct(data.lnParams);
    int tokens = distinct(data.lnTokens);
    if (tokens == 1) {
      double d = Math.exp(data.meanLnTokens + data.lnTokens[0]);
      return Optional.of(
          "All points saw the same "
              + Quantities.count(d)
              + " tokens, so the parametric law cannot tell B/D^beta from E.");
    }
    if (params == 1) {
      double n = Math.exp(data.meanLnParams + data.lnParams[0]);
      return Optional.of(
          "All points have the same "
              + Quantities.count(n)
              + " params, so the parametric law cannot tell A/N^alpha from E.");
    }
    if (params < FEWEST_VALUES || tokens < FEWEST_VALUES) {
      return Optional.of(
          "Points at only two values of "
              + (params < FEWEST_VALUES ? "params" : "tokens")
              + "; the parametric law needs at least three to tell an exponent.");
    }
    double correlation = new PearsonsCorrelation().correlation(data.lnParams, data.lnTokens);
    if (1 - correlation * correlation < COLLINEAR) {
      return Optional.of(
          "Tokens follow from params at all points (one budget, or one ratio of tokens to params),"
              + " so the parametric law cannot tell alpha and beta apart.");
    }
    return Optional.empty();
  }

  /** Returns why a fitted position is no law. */
  static Optional<String> refusal(LawData data, double[] position) {
    Law law = data.law(position);
    double sum = law.e() + law.a() + law.b() + law.alpha() + law.beta();
    if (!(sum < Double.POSITIVE_INFINITY)) {
      return Optional.of("The parametric law's fit ran away to numbers that are not finite.");
    }
    return variation(data.lnParams, position[LawData.A], law.alpha(), "params", "A")
        .or(() -> variation(data.lnTokens, position[LawData.B], law.beta(), "tokens", "B"));
  }

  private static Optional<String> variation(
      double[] lnSizes, double lnTerm, double exponent, String what, String coefficient) {
    double[] sizes = Arrays.stream(lnSizes).sorted().toArray();
    double smallest = sizes[0];
    int next = 0;
    while (sizes[next] - smallest <= SAME) {
      next++;
    }
    double atLargest = Math.exp(lnTerm - exponent * sizes[sizes.length - 1]);
    double atNext = Math.exp(lnTerm - exponent * sizes[next]);
    double atSmallest = Math.exp(lnTerm - exponent * smallest);
    if (!(atSmallest - atLargest > NO_VARIATION)) {
      return Optional.of(
          "The loss does not fall with "
              + what
              + " over these points ("
              + coefficient
              + " = 0 fits best), so there is no parametric law.");
    }
    if (!(atNext - atLargest > STEP * (atSmallest - atLargest))) {
      return Optional.of(
          "The loss falls with "
              + what
              + " from the smallest value only, so the parametric law has no finite exponent of "
              + what
              + ".");
    }
    return Optional.empty();
  }

  private static int distinct(double[] values) {
    int distinct = 0;
    double last = Double.NEGATIVE_INFINITY;
    for (double next : Arrays.stream(values).sorted().toArray()) {
      if (next - last > SAME) {
        distinct++;
        last = next;
      }
    }
    return distinct;
  }
}
