package org.isoflop.harness.analysis;

import java.util.List;
import java.util.Optional;
import org.hipparchus.distribution.continuous.NormalDistribution;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.isoflop.Exponents;
import org.isoflop.harness.analysis.points.Remarks;
import org.isoflop.harness.analysis.stats.Estimate;
import org.isoflop.harness.analysis.stats.Interval;

/**
 * What holding an exponent costs: a Wald test of the value named against the free fit, by the free
 * fit's own interval, so that it knows of shared trunks and of scatter between budgets as that
 * does.
 */
final class HeldRemarks {

  /** Half a 95% interval in standard deviations. */
  private static final double HALF = 1.96;

  private static final double CONTRADICTED = 0.05;

  private HeldRemarks() {}

  static void add(double held, List<MethodResult> methods, Remarks remarks) {
    against(held, methods, Method.ISOFLOP, Method.ISOFLOP_HELD, remarks);
    against(held, methods, Method.PARAMETRIC, Method.PARAMETRIC_HELD, remarks);
  }

  private static void against(
      double held, List<MethodResult> methods, Method free, Method fixed, Remarks remarks) {
    Optional<Exponents> found = exponents(methods, free);
    if (found.isEmpty() || exponents(methods, fixed).isEmpty()) {
      return;
    }
    Estimate a = found.get().a();
    double z = distance(a, held);
    double chance = 2 * new NormalDistribution().cumulativeProbability(-Math.abs(z));
    String sentence =
        Quantities.format(
            "%s at a = %.3g: against the free %.3f %s the likelihood falls by a factor %.2g (p ="
                + " %.2g).",
            fixed.words(),
            held,
            a.value(),
            a.interval().text(v -> Quantities.format("%.3f", v)),
            Math.exp(-z * z / 2),
            chance);
    if (chance < CONTRADICTED) {
      remarks.warn(sentence + " The points contradict it.");
    } else {
      remarks.note(sentence);
    }
  }

  /** Returns how many standard deviations a value lies from an estimate, on its side of it. */
  private static double distance(Estimate a, double held) {
    Interval interval = a.interval();
    double side = held < a.value() ? a.value() - interval.low() : interval.high() - a.value();
    double off = held - a.value();
    return off == 0 ? 0 : off / (side / HALF);
  }

  private static Optional<Exponents> exponents(List<MethodResult> methods, Method method) {
    return methods.stream()
        .filter(result -> result.method() == method)
        .findFirst()
        .flatMap(MethodResult::exponents);
  }
}
