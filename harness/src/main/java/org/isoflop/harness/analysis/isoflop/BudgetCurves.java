package org.isoflop.harness.analysis.isoflop;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.IntStream;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.law.LackOfFit;
import org.isoflop.harness.analysis.points.BudgetGroup;
import org.isoflop.harness.analysis.points.LossPoint;

/** Which budgets have an optimum, why the others have none, and what lies off the curves. */
final class BudgetCurves {

  /** A budget whose draws have an optimum less often than this has none to speak of. */
  private static final double MOST_LOST = 0.5;

  private final Map<BudgetGroup, String> refused;
  private final Map<LossPoint, Double> residuals = new LinkedHashMap<>();
  private final Set<LossPoint> outliers = new LinkedHashSet<>();
  private Optional<BowlNoise> noise = Optional.empty();

  /**
   * Begins with what is refused before any fit.
   *
   * @param refused why budgets have no curve
   */
  BudgetCurves(Map<BudgetGroup, String> refused) {
    this.refused = new HashMap<>(refused);
  }

  /** Takes the curves fitted to some budgets, and returns the optima of those that have one. */
  Optima accept(List<Curve> prepared, BowlFit fit, OptimaDraws draws) {
    List<Curve> fitted = fit.model().curves();
    noise = Optional.of(BowlNoise.of(fit));
    Set<BudgetGroup> sound = new LinkedHashSet<>();
    List<Bowl> bowls = new ArrayList<>();
    List<Integer> columns = new ArrayList<>();
    for (int k = 0; k < fitted.size(); k++) {
      BudgetGroup group = fitted.get(k).group();
      sound.add(group);
      describe(fit, k);
      Optional<String> reason = refusal(fit, draws, k);
      if (reason.isPresent()) {
        refused.put(group, reason.get());
      } else {
        bowls.add(fit.bowl(k));
        columns.add(k);
      }
    }
    prepared.stream()
        .map(Curve::group)
        .filter(group -> !sound.contains(group))
        .forEach(group -> refused.put(group, unsound(group)));
    return new Optima(
        bowls,
        columns.stream().mapToInt(Integer::intValue).toArray(),
        draws,
        fit.model().freedom());
  }

  /** Returns the residuals of the points that belong to curves. */
  LackOfFit.Curves onCurves(int freedom) {
    List<LossPoint> points =
        residuals.keySet().stream().filter(point -> !outliers.contains(point)).toList();
    double squares = points.stream().mapToDouble(p -> Math.pow(residuals.get(p), 2)).sum();
    return new LackOfFit.Curves(points, squares, freedom);
  }

  private void describe(BowlFit fit, int k) {
    Curve curve = fit.model().curves().get(k);
    for (int i = 0; i < curve.size(); i++) {
      LossPoint point = curve.group().points().get(i);
      residuals.put(point, fit.residual(k, i));
      if (!fit.kept(k, i)) {
        outliers.add(point);
      }
    }
  }

  private static Optional<String> refusal(BowlFit fit, OptimaDraws draws, int k) {
    Curve curve = fit.model().curves().get(k);
    Bowl bowl = fit.bowl(k);
    String budget = Quantities.flops(curve.group().flops());
    int[] kept = IntStream.range(0, curve.size()).filter(i -> fit.kept(k, i)).toArray();
    int sizes = Curve.distinct(curve.only(kept).group().points());
    if (sizes < Curve.FEWEST_SIZES) {
      return Optional.of(
          Quantities.format(
              "Without its outliers only %d sizes are left at %s FLOPs; a curve and its noise need"
                  + " at least %d.",
              sizes, budget, Curve.FEWEST_SIZES));
    }
    double bottom = bowl.bottom();
    if (Double.isNaN(bottom)) {
      return Optional.of(curve.noBottom());
    }
    if (bottom <= curve.x(kept[0]) || bottom >= curve.x(kept[kept.length - 1])) {
      return Optional.of(curve.outside(bottom));
    }
    if (bowl.flatFrom(bottom)) {
      return Optional.of(curve.noBottom());
    }
    long lost =
        IntStream.range(0, draws.size())
            .mapToDouble(r -> curve.x(draws.lnParams(r, k)))
            .filter(x -> !(x > curve.lowest() && x < curve.highest()))
            .count();
    return lost > MOST_LOST * draws.size()
        ? Optional.of(
            Quantities.format(
                "The noise hides the minimum at %s FLOPs: %s of the resamples have none inside the"
                    + " measured sizes.",
                budget, Quantities.percent((double) lost / draws.size())))
        : Optional.empty();
  }

  private static String unsound(BudgetGroup group) {
    return Quantities.format(
        "Most runs at %s FLOPs lie far above those of the other budgets and follow no curve; look"
            + " for runs that diverged or stopped early.",
        Quantities.flops(group.flops()));
  }

  /** Returns every budget with its optimum or why it has none, lowest first. */
  List<BudgetCurve> all(List<BudgetGroup> groups, Optima optima) {
    List<BudgetCurve> all = new ArrayList<>();
    int next = 0;
    for (BudgetGroup group : groups) {
      Optional<String> reason = Optional.ofNullable(refused.get(group));
      Optional<Optimum> optimum = Optional.empty();
      if (reason.isEmpty()) {
        OptionalDouble bitsPerByte = bitsPerByte(group, optima.loss(next));
        double deviation = noise.orElseThrow().at(group.flops());
        optimum = Optional.of(optima.optimum(next, bitsPerByte, deviation));
        next++;
      }
      all.add(new BudgetCurve(group.flops(), group.points(), bracketed(group), optimum, reason));
    }
    return List.copyOf(all);
  }

  /** Returns whether the lowest point that is no outlier has smaller and larger ones about it. */
  private boolean bracketed(BudgetGroup group) {
    LossPoint lowest =
        group.points().stream()
            .filter(point -> !outliers.contains(point))
            .min(Comparator.comparingDouble(LossPoint::loss))
            .orElse(group.points().get(0));
    return lowest.params() > group.smallest() && lowest.params() < group.largest();
  }

  /** Returns a loss in bits per byte, where all points convert alike. */
  private static OptionalDouble bitsPerByte(BudgetGroup group, double loss) {
    OptionalDouble bitsPerNat = LossPoint.bitsPerNat(group.points());
    return bitsPerNat.isPresent() ? OptionalDouble.of(loss * bitsPerNat.getAsDouble()) : bitsPerNat;
  }

  /** Returns ln of a point's loss over its curve, where its budget could be fitted. */
  OptionalDouble residual(LossPoint point) {
    Double residual = residuals.get(point);
    return residual == null ? OptionalDouble.empty() : OptionalDouble.of(residual);
  }

  /** Returns the noise of the losses about the curves; nothing without a curve. */
  Optional<BowlNoise> noise() {
    return noise;
  }

  /** Returns the points left out because they do not belong to their curves. */
  Set<LossPoint> outliers() {
    return Collections.unmodifiableSet(outliers);
  }
}
