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
import org.isoflop.harness.analysis.isoflop.BudgetCurve.Optimum;
import org.isoflop.harness.analysis.isoflop.CurveModel.Fit;
import org.isoflop.harness.analysis.isoflop.Exponents.LocalExponent;
import org.isoflop.harness.analysis.law.LackOfFit;
import org.isoflop.harness.analysis.law.Law;
import org.isoflop.harness.analysis.points.BudgetGroup;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.stats.Fitted;
import org.isoflop.harness.analysis.stats.IntervalScheme;
import org.isoflop.harness.analysis.stats.Resampling;

/**
 * The headline: robust curves at every budget, their optima with intervals, local exponents between
 * them, and lines through them weighted by how sure each optimum is.
 *
 * <p>Coverage of the 95% intervals in simulation stands in {@code docs/coverage.md}.
 */
public final class RobustIsoFlop {

  /** A budget whose draws have an optimum less often than this has none to speak of. */
  private static final double MOST_LOST = 0.5;

  private final List<BudgetCurve> curves;
  private final Map<LossPoint, Double> residuals = new LinkedHashMap<>();
  private final Set<LossPoint> outliers = new LinkedHashSet<>();
  private final Optional<CurveNoise> noise;
  private final Optima optima;
  private final BetweenBudgetVariance scatter;
  private final Fitted<LossFrontierFit> loss;
  private final Fitted<LocalFrontier> frontier;

  private RobustIsoFlop(
      List<LossPoint> points, Optional<Law> law, IntervalScheme scheme, Resampling settings) {
    List<BudgetGroup> groups = BudgetGroup.of(points);
    Optional<String> unshared = Histories.unplanned(groups);
    Map<BudgetGroup, String> refused = new HashMap<>();
    List<BudgetPoints> usable = new ArrayList<>();
    for (BudgetGroup group : groups) {
      Fitted<BudgetPoints> prepared = BudgetPoints.of(group);
      Optional<String> reason = prepared.refused().or(() -> unshared);
      reason.ifPresentOrElse(
          why -> refused.put(group, why), () -> usable.add(prepared.value().orElseThrow()));
    }
    Optional<Fit> fit =
        usable.isEmpty() ? Optional.empty() : Optional.of(Screening.fit(usable, law));
    noise = fit.map(CurveNoise::of);
    usable.stream().map(BudgetPoints::group).forEach(group -> refused.put(group, unsound(group)));
    Optima found =
        fit.map(all -> accept(all, OptimaDraws.of(all, scheme, settings), refused))
            .orElseGet(() -> Optima.none(settings));
    scatter = BetweenBudgetVariance.of(found);
    optima = scatter.addTo(found, settings);
    curves = curves(groups, refused);
    loss = LossFrontierFit.of(optima);
    frontier =
        Fitted.unless(
            FrontierFit.refusal(points, optima.size()),
            () -> new LocalFrontier(optima, loss.value()));
  }

  /** Notes residuals and outliers of all curves, and returns the optima of those that have one. */
  private Optima accept(Fit fit, Optima all, Map<BudgetGroup, String> refused) {
    List<Integer> accepted = new ArrayList<>();
    for (int k = 0; k < all.size(); k++) {
      BudgetPoints points = fit.model().budgets().get(k);
      for (int i = 0; i < points.size(); i++) {
        LossPoint point = points.points().get(i);
        residuals.put(point, fit.residual(k, i));
        if (!fit.model().kept(k, i)) {
          outliers.add(point);
        }
      }
      double lost = all.lostShare(k);
      Optional<String> reason =
          fit.curve(k).refusal(fit.model().keptOf(k)).or(() -> hidden(points, lost));
      if (reason.isPresent()) {
        refused.put(points.group(), reason.get());
      } else {
        refused.remove(points.group());
        accepted.add(k);
      }
    }
    return all.only(accepted);
  }

  private static Optional<String> hidden(BudgetPoints points, double lost) {
    return lost > MOST_LOST
        ? Optional.of(
            Quantities.format(
                "The noise hides the minimum at %s FLOPs: %s of the resamples have none inside the"
                    + " measured sizes.",
                Quantities.flops(points.flops()), Quantities.percent(lost)))
        : Optional.empty();
  }

  private static String unsound(BudgetGroup group) {
    return Quantities.format(
        "Most runs at %s FLOPs lie far above those of the other budgets and follow no curve; look"
            + " for runs that diverged or stopped early.",
        Quantities.flops(group.flops()));
  }

  /** Returns every budget with its optimum or why it has none, lowest first. */
  private List<BudgetCurve> curves(List<BudgetGroup> groups, Map<BudgetGroup, String> refused) {
    Map<BudgetGroup, Optimum> found = new HashMap<>();
    for (int k = 0; k < optima.size(); k++) {
      BudgetGroup group = optima.group(k);
      found.put(group, optima.optimum(k, noise.orElseThrow().at(group.flops())));
    }
    return groups.stream()
        .map(
            group ->
                new BudgetCurve(
                    group.flops(),
                    group.points(),
                    bracketed(group),
                    Optional.ofNullable(found.get(group)),
                    Optional.ofNullable(refused.get(group))))
        .toList();
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

  /** Fits points in any order; at least one. */
  public static RobustIsoFlop of(
      List<LossPoint> points, Optional<Law> law, IntervalScheme scheme, Resampling settings) {
    return new RobustIsoFlop(points, law, scheme, settings);
  }

  /** Returns every budget with its optimum or why it has none, lowest first. */
  public List<BudgetCurve> curves() {
    return curves;
  }

  /** Returns the exponents of the line through all optima. */
  public Fitted<Exponents> exponents() {
    return frontier.map(LocalFrontier::exponents);
  }

  /** Returns the exponents between neighbouring optima, lowest first. */
  public List<LocalExponent> neighbours() {
    return IntStream.range(0, optima.size() - 1).mapToObj(optima::between).toList();
  }

  /**
   * Returns what the optima say of any budget; refused where there are fewer than three or these
   * are no runs planned at common budgets.
   */
  public Fitted<LocalFrontier> frontier() {
    return frontier;
  }

  /** Returns loss at the optimum against compute. */
  public Fitted<LossFrontierFit> lossFrontier() {
    return loss;
  }

  /** Returns how the optima scatter about a smooth frontier. */
  public BetweenBudgetVariance scatter() {
    return scatter;
  }

  /** Returns ln of a point's loss over its curve, where its budget could be fitted. */
  public OptionalDouble residual(LossPoint point) {
    Double residual = residuals.get(point);
    return residual == null ? OptionalDouble.empty() : OptionalDouble.of(residual);
  }

  /** Returns the residuals of the points that belong to curves, where there is a curve. */
  public Optional<LackOfFit.Curves> residuals() {
    List<LossPoint> points =
        residuals.keySet().stream().filter(point -> !outliers.contains(point)).toList();
    return noise
        .filter(found -> found.freedom() > CurveModel.Shape.EXPONENTS)
        .map(
            found ->
                new LackOfFit.Curves(
                    points, found.squares(), found.freedom() - CurveModel.Shape.EXPONENTS));
  }

  /** Returns the points left out because they do not belong to their curves. */
  public Set<LossPoint> outliers() {
    return Collections.unmodifiableSet(outliers);
  }

  /** Returns the relative noise of the losses about their curves; nothing without a curve. */
  public Optional<CurveNoise> noise() {
    return noise;
  }
}
