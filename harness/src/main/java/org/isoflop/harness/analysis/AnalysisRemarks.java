package org.isoflop.harness.analysis;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.hipparchus.distribution.continuous.NormalDistribution;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.isoflop.BetweenBudgetVariance;
import org.isoflop.harness.analysis.isoflop.BudgetCurve;
import org.isoflop.harness.analysis.isoflop.Exponents;
import org.isoflop.harness.analysis.isoflop.FrontierFit;
import org.isoflop.harness.analysis.isoflop.LinearityTest;
import org.isoflop.harness.analysis.isoflop.LocalFrontier;
import org.isoflop.harness.analysis.isoflop.RobustIsoFlop;
import org.isoflop.harness.analysis.law.LawFit;
import org.isoflop.harness.analysis.output.Words;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.points.Remarks;
import org.isoflop.harness.analysis.stats.Estimate;
import org.isoflop.harness.analysis.stats.Fitted;
import org.isoflop.harness.analysis.stats.Interval;

/** What a careful reader should know beside the numbers, what matters most first. */
final class AnalysisRemarks {

  /** Draws lost below this share move no end of a 95% interval that matters. */
  private static final double LOST = 0.02;

  /** Sizes within noise of the minimum over more than this factor make a flat curve. */
  private static final double WIDE = 4;

  /** Exponents from a shorter range, in decades of compute, have standard errors near 0.07. */
  private static final double SHORTEST_RANGE = 1.5;

  /** An optimum within this share of the measured range of ln N from an end is near the edge. */
  private static final double EDGE = 0.2;

  /** 6ND further than this from the budget, as a share, is another convention. */
  private static final double SIX_ND = 0.05;

  /** Half a 95% interval in standard deviations. */
  private static final double HALF = 1.96;

  private static final double CONTRADICTED = 0.05;

  private static final int LISTED = 5;

  private final Remarks remarks;

  AnalysisRemarks(Remarks remarks) {
    this.remarks = remarks;
  }

  /** Remarks on the fits. */
  void ofFits(RobustIsoFlop robust, Map<Method, Fitted<Exponents>> methods, Fitted<LawFit> law) {
    disagreement(methods);
    robust.frontier().value().map(LocalFrontier::linearity).ifPresent(this::bend);
    if (robust.lossFrontier().value().filter(found -> !found.reachesBeyond()).isPresent()) {
      remarks.warn(
          "The lowest losses fall faster with compute than a power law does, as none with a floor"
              + " can for long; so no loss is given beyond the budgets.");
    }
    scatter(robust.scatter());
    outliers(robust.outliers());
    lost(robust.curves());
    flat(robust);
    // What to doubt about the law endangers the answer where the law alone gives it.
    boolean byLaw = methods.get(Method.ISOFLOP).value().isEmpty();
    law.value().ifPresent(fit -> fit.warnings().forEach(said -> remarks.add(byLaw, said)));
  }

  private void disagreement(Map<Method, Fitted<Exponents>> methods) {
    Map<Method, Exponents> off = Method.disagreeing(methods);
    if (!off.isEmpty()) {
      remarks.warn(
          "The methods disagree by more than their intervals: a is %s, but %s. At least one form"
              + " does not describe these points; trust what is local.",
          a(Method.ISOFLOP, methods.get(Method.ISOFLOP).value().orElseThrow()),
          off.entrySet().stream()
              .map(other -> a(other.getKey(), other.getValue()))
              .collect(Collectors.joining(", ")));
    }
  }

  private static String a(Method method, Exponents found) {
    return Words.EXPONENT.of(found.a().value()) + " by " + method.words();
  }

  private void bend(LinearityTest found) {
    if (!found.straight()) {
      remarks.warn(
          "One line does not describe the optima (linearity test, p = %.2g): a changes by"
              + " %s per decade %s, so extrapolate from the top of the range only.",
          found.pValue(),
          Words.CHANGE.of(found.drift().value()),
          Words.CHANGE.of(found.drift().interval()));
    }
  }

  private void scatter(BetweenBudgetVariance scatter) {
    if (scatter.excess() > 0) {
      remarks.note(
          "Between-budget variance: the optima lie off their line by %.2g in ln N* beyond what"
              + " the noise of their curves explains (%.2g): a seed or a setting that a whole"
              + " budget shares, perhaps. All intervals allow for it.",
          scatter.excess(), scatter.explained());
    }
  }

  private void outliers(Collection<LossPoint> outliers) {
    if (!outliers.isEmpty()) {
      remarks.warn(
          "Left %s out of the curves, too far off to belong to them: %s. The parabolas"
              + " and the law still have them.",
          Quantities.plural(outliers.size(), "point"),
          listed(
              outliers.stream()
                  .map(
                      point ->
                          Quantities.format(
                              "%s params at %s FLOPs",
                              Quantities.count(point.params()), Quantities.flops(point.budget())))
                  .toList()));
    }
  }

  private static String listed(List<String> all) {
    return String.join(", ", all.subList(0, Math.min(LISTED, all.size())))
        + (all.size() > LISTED ? ", …" : "");
  }

  private void lost(List<BudgetCurve> all) {
    where(
        true,
        "Resamples without an optimum inside the measured sizes at %s FLOPs: the noise all but"
            + " hides the minimum there; more sizes or seeds would show it.",
        curves(all, curve -> lostShare(curve) > LOST).stream()
            .map(curve -> flops(curve) + " (" + Quantities.percent(lostShare(curve)) + ")")
            .collect(Collectors.joining(", ")));
  }

  private static double lostShare(BudgetCurve curve) {
    return curve.optimum().orElseThrow().lostShare();
  }

  private void flat(RobustIsoFlop robust) {
    where(
        false,
        "Flat curves: within one standard deviation of the noise of the minimum lie %s; the loss"
            + " hardly tells sizes there apart.",
        listed(
            curves(robust.curves(), curve -> width(curve) > WIDE).stream()
                .map(
                    curve ->
                        Quantities.format(
                            "%s at %s FLOPs (%.2g%%)",
                            Words.COUNT.of(curve.optimum().orElseThrow().paramsWithinNoise()),
                            flops(curve),
                            100 * robust.noise().orElseThrow().at(curve.budget())))
                .toList()));
  }

  private static double width(BudgetCurve curve) {
    Interval range = curve.optimum().orElseThrow().paramsWithinNoise();
    return range.high() / range.low();
  }

  /** Adds a remark on places, where there are some. */
  private void where(boolean endangered, String sentence, String places) {
    if (!places.isEmpty()) {
      remarks.add(endangered, Quantities.format(sentence, places));
    }
  }

  /** Remarks on the grid of runs: doubtful optima, a short range, compute that is not 6ND. */
  void ofPoints(List<LossPoint> points, List<BudgetCurve> curves) {
    range(curves);
    where(
        true,
        "At %s FLOPs the lowest point is the smallest or largest size; that the fitted minimum lies"
            + " inside rests on the curve's shape.",
        budgets(curves(curves, curve -> !curve.bracketed())));
    where(
        false,
        "At %s FLOPs the optimum lies near the edge of the measured sizes, where the parabola is"
            + " least certain; add sizes beyond it.",
        budgets(curves(curves, curve -> curve.bracketed() && nearEdge(curve))));
    sixNd(points);
  }

  private void range(List<BudgetCurve> curves) {
    List<BudgetCurve> optima = curves(curves, curve -> true);
    if (optima.size() < FrontierFit.FEWEST_BUDGETS) {
      remarks.warn(
          "%d of %d budgets have an optimum; exponents need at least %d over %.1f decades.",
          optima.size(), curves.size(), FrontierFit.FEWEST_BUDGETS, SHORTEST_RANGE);
      return;
    }
    double decades = Math.log10(optima.get(optima.size() - 1).budget() / optima.get(0).budget());
    // A grid of 1.5 decades by ratio √10 must not be warned about for its rounding.
    if (decades < SHORTEST_RANGE - 0.01) {
      remarks.warn(
          "The optima span %.1f decades of compute; below %.1f an exponent follows the noise.",
          decades, SHORTEST_RANGE);
    }
  }

  private static boolean nearEdge(BudgetCurve curve) {
    double low = Math.log(curve.points().get(0).params());
    double high = Math.log(curve.points().get(curve.points().size() - 1).params());
    double place = (Math.log(curve.optimum().orElseThrow().params().value()) - low) / (high - low);
    return place < EDGE || place > 1 - EDGE;
  }

  private void sixNd(List<LossPoint> points) {
    double[] off =
        points.stream()
            .filter(LossPoint::onBudget)
            .mapToDouble(point -> 6 * point.params() * point.tokens() / point.flops())
            .filter(ratio -> Math.abs(ratio - 1) > SIX_ND)
            .sorted()
            .toArray();
    if (off.length > 0) {
      remarks.note(
          "At %d of %d points 6ND is not the stated budget (%.2f to %.2f of it), so a + b need"
              + " not be 1; the table of conventions has both.",
          off.length, points.size(), off[0], off[off.length - 1]);
    }
  }

  private static List<BudgetCurve> curves(
      List<BudgetCurve> all, Predicate<BudgetCurve> withOptimum) {
    return all.stream().filter(curve -> curve.optimum().isPresent()).filter(withOptimum).toList();
  }

  private static String budgets(List<BudgetCurve> curves) {
    return curves.stream().map(AnalysisRemarks::flops).collect(Collectors.joining(", "));
  }

  private static String flops(BudgetCurve curve) {
    return Quantities.flops(curve.budget());
  }

  /**
   * Remarks on what holding an exponent costs: a Wald test of the value named against the free fit,
   * by the free fit's own interval, so that it knows of shared trunks and of scatter between
   * budgets as that does.
   */
  void ofHeld(double held, Map<Method, Fitted<Exponents>> methods) {
    against(held, methods, Method.ISOFLOP, Method.ISOFLOP_HELD);
    against(held, methods, Method.PARAMETRIC, Method.PARAMETRIC_HELD);
  }

  private void against(
      double held, Map<Method, Fitted<Exponents>> methods, Method free, Method fixed) {
    Optional<Exponents> found = methods.get(free).value();
    if (found.isEmpty() || methods.get(fixed).value().isEmpty()) {
      return;
    }
    Estimate a = found.get().a();
    double z = distance(a, held);
    double chance = 2 * new NormalDistribution().cumulativeProbability(-Math.abs(z));
    boolean contradicted = chance < CONTRADICTED;
    remarks.add(
        contradicted,
        Quantities.format(
            "%s at a = %.3g: against the free %s the likelihood falls by a factor %.2g (p ="
                + " %.2g).%s",
            fixed.words(),
            held,
            Words.EXPONENT.of(a),
            Math.exp(-z * z / 2),
            chance,
            contradicted ? " The points contradict it." : ""));
  }

  /** Returns how many standard deviations a value lies from an estimate, on its side of it. */
  private static double distance(Estimate a, double held) {
    Interval interval = a.interval();
    double side = held < a.value() ? a.value() - interval.low() : interval.high() - a.value();
    double off = held - a.value();
    return off == 0 ? 0 : off / (side / HALF);
  }
}
