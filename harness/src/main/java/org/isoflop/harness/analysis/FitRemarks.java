package org.isoflop.harness.analysis;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.isoflop.BudgetCurve;
import org.isoflop.harness.analysis.isoflop.Optimum;
import org.isoflop.harness.analysis.isoflop.RobustIsoFlop;
import org.isoflop.harness.analysis.isoflop.Scatter;
import org.isoflop.harness.analysis.isoflop.Straightness;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.points.Remarks;

/** What a careful reader should know about the fits, what matters most first. */
final class FitRemarks {

  /** Draws lost below this share move no end of a 95% interval that matters. */
  private static final double LOST = 0.02;

  /** Sizes within noise of the minimum over more than this factor make a flat curve. */
  private static final double WIDE = 4;

  private static final int LISTED = 5;

  private FitRemarks() {}

  static void add(RobustIsoFlop robust, List<MethodResult> methods, Laws laws, Remarks remarks) {
    disagreement(methods, remarks);
    robust.straightness().ifPresent(found -> bend(found, remarks));
    if (robust.lossFrontier().value().filter(found -> !found.reachesBeyond()).isPresent()) {
      remarks.warn(
          "The lowest losses fall faster with compute than a power law does, as none with a floor can"
              + " for long; so no loss is given beyond the budgets.");
    }
    scatter(robust.scatter(), remarks);
    outliers(robust.outliers(), remarks);
    lost(robust, remarks);
    flat(robust, remarks);
    // What to doubt about the law endangers the answer where the law alone gives it.
    boolean byLaw = methods.get(0).exponents().isEmpty();
    laws.fit()
        .value()
        .ifPresent(fit -> fit.warnings().forEach(byLaw ? remarks::warn : remarks::note));
  }

  private static void disagreement(List<MethodResult> methods, Remarks remarks) {
    List<MethodResult> off = MethodResult.disagreeing(methods);
    if (off.isEmpty()) {
      return;
    }
    MethodResult headline = methods.get(0);
    remarks.warn(
        "The methods disagree by more than their intervals: a is "
            + a(headline)
            + " by "
            + headline.method().words()
            + ", but "
            + off.stream()
                .map(other -> a(other) + " by " + other.method().words())
                .collect(Collectors.joining(", "))
            + ". At least one form does not describe these points; trust what is local.");
  }

  private static String a(MethodResult result) {
    return Quantities.exponent(result.exponents().orElseThrow().a().value());
  }

  private static void bend(Straightness found, Remarks remarks) {
    if (!found.straight()) {
      remarks.warn(
          Quantities.format(
              "One line does not describe the optima (linearity test, p = %.2g): a changes by"
                  + " %+.3f per decade %s, so extrapolate from the top of the range only.",
              found.pValue(),
              found.drift().value(),
              found.drift().interval().text(v -> Quantities.format("%+.3f", v))));
    }
  }

  private static void scatter(Scatter scatter, Remarks remarks) {
    if (scatter.excess() > 0) {
      remarks.note(
          Quantities.format(
              "Between-budget variance: the optima lie off their line by %.2g in ln N* beyond what the"
                  + " noise of their curves explains (%.2g): a seed or a setting that a whole budget"
                  + " shares, perhaps. All intervals allow for it.",
              scatter.excess(), scatter.explained()));
    }
  }

  private static void outliers(Collection<LossPoint> outliers, Remarks remarks) {
    if (outliers.isEmpty()) {
      return;
    }
    String listed =
        outliers.stream()
            .limit(LISTED)
            .map(
                point ->
                    Quantities.count(point.params())
                        + " params at "
                        + Quantities.flops(point.budget())
                        + " FLOPs")
            .collect(Collectors.joining(", "));
    remarks.warn(
        Quantities.format(
            "Left %d point%s out of the curves, too far off to belong to them: %s%s. The parabolas"
                + " and the law still have them.",
            outliers.size(),
            outliers.size() == 1 ? "" : "s",
            listed,
            outliers.size() > LISTED ? ", …" : ""));
  }

  private static void flat(RobustIsoFlop robust, Remarks remarks) {
    List<String> wide =
        robust.curves().stream()
            .filter(
                curve ->
                    curve
                        .optimum()
                        .map(Optimum::paramsWithinNoise)
                        .filter(range -> range.high() > WIDE * range.low())
                        .isPresent())
            .map(
                curve ->
                    Quantities.format(
                        "%s at %s FLOPs (%.2g%%)",
                        curve.optimum().orElseThrow().paramsWithinNoise().text(Quantities::count),
                        Quantities.flops(curve.budget()),
                        100 * robust.noise().orElseThrow().at(curve.budget())))
            .toList();
    if (!wide.isEmpty()) {
      remarks.note(
          Quantities.format(
              "Flat curves: within one standard deviation of the noise of the minimum lie %s%s; the"
                  + " loss hardly tells sizes there apart.",
              String.join(", ", wide.subList(0, Math.min(LISTED, wide.size()))),
              wide.size() > LISTED ? ", …" : ""));
    }
  }

  private static void lost(RobustIsoFlop robust, Remarks remarks) {
    List<BudgetCurve> optima =
        robust.curves().stream().filter(curve -> curve.optimum().isPresent()).toList();
    List<Double> shares = robust.lostShares();
    List<String> affected = new ArrayList<>();
    for (int k = 0; k < optima.size(); k++) {
      if (shares.get(k) > LOST) {
        affected.add(
            Quantities.flops(optima.get(k).budget())
                + " ("
                + Quantities.percent(shares.get(k))
                + ")");
      }
    }
    if (!affected.isEmpty()) {
      remarks.warn(
          "Resamples without an optimum inside the measured sizes at "
              + String.join(", ", affected)
              + " FLOPs: the noise all but hides the minimum there; more sizes or seeds would show"
              + " it.");
    }
  }
}
