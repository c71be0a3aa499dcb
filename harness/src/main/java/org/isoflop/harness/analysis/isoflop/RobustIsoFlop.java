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
import org.isoflop.harness.analysis.points.PointSample;
import org.isoflop.harness.analysis.stats.Fitted;
import org.isoflop.harness.analysis.stats.IntervalScheme;
import org.isoflop.harness.analysis.stats.Resampling;

/**
 * The headline: robust curves at every budget , their optima with intervals, local exponents
 * between them, and lines through them weighted by how sure each optimum is.
 *
 * <p>Coverage of the 95% intervals in simulation stands in {@code docs/coverage.md}.
 */
public final class RobustIsoFlop {

  /** Of hundreds of budgets not every window is worth a line. */
  private static final int MOST_WINDOWS = 40;

  /** A budget whose draws have an optimum less often than this has none to speak of. */
  private static final double MOST_LOST = 0.5;

  private final List<BudgetCurve> curves;
  private final Map<LossPoint, Double> residuals = new LinkedHashMap<>();
  private final Set<LossPoint> outliers = new LinkedHashSet<>();
  private final Optional<CurveNoise> noise;
  private final int freedom;
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
    Optima found;
    if (usable.isEmpty()) {
      found = new Optima(List.of(), new LnOptimum[settings.replicates()][0], 1);
      noise = Optional.empty();
      freedom = 0;
    } else {
      Fit fit = Screening.fit(usable, law);
      boolean auto = scheme == IntervalScheme.AUTO;
      RandomEffect runs = auto ? RandomEffect.ofRuns(fit) : RandomEffect.none();
      RandomEffect cells = auto ? RandomEffect.ofCells(fit) : RandomEffect.none();
      usable.stream().map(BudgetPoints::group).forEach(group -> refused.put(group, unsound(group)));
      found = accept(fit, OptimaDraws.of(fit, scheme, List.of(runs, cells), settings), refused);
      noise = Optional.of(CurveNoise.of(fit));
      freedom = fit.model().freedom() - CurveModel.Shape.EXPONENTS;
    }
    scatter = BetweenBudgetVariance.of(found);
    optima = scatter.addTo(found, settings);
    curves = curves(groups, refused);
    loss = LossFrontierFit.of(optima);
    frontier =
        ParabolaFit.refusal(points, optima.size())
            .map(Fitted::<LocalFrontier>refused)
            .orElseGet(() -> Fitted.of(LocalFrontier.of(optima, loss.value())));
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
      Optional<String> reason = refusal(fit, k, all.lostShare(k));
      if (reason.isPresent()) {
        refused.put(points.group(), reason.get());
      } else {
        refused.remove(points.group());
        accepted.add(k);
      }
    }
    return all.only(accepted);
  }

  private static Optional<String> refusal(Fit fit, int k, double lost) {
    BudgetPoints points = fit.model().budgets().get(k);
    IsoFlopCurve curve = fit.curve(k);
    int[] kept = fit.model().keptOf(k);
    int sizes = points.only(kept).sizes();
    if (sizes < BudgetPoints.FEWEST_SIZES) {
      return Optional.of(
          Quantities.format(
              "Without its outliers only %d sizes are left at %s FLOPs; a curve and its noise need"
                  + " at least %d.",
              sizes, Quantities.flops(points.flops()), BudgetPoints.FEWEST_SIZES));
    }
    double bottom = curve.bottom();
    if (Double.isNaN(bottom)) {
      return Optional.of(points.noBottom());
    }
    if (bottom <= points.x(kept[0]) || bottom >= points.x(kept[kept.length - 1])) {
      return Optional.of(points.outside(bottom));
    }
    if (curve.flatFrom(bottom)) {
      return Optional.of(points.noBottom());
    }
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
    List<BudgetCurve> all = new ArrayList<>();
    int next = 0;
    for (BudgetGroup group : groups) {
      Optional<String> reason = Optional.ofNullable(refused.get(group));
      Optional<Optimum> optimum = Optional.empty();
      if (reason.isEmpty()) {
        OptionalDouble bitsPerByte = bitsPerByte(group, optima.found().get(next).loss());
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
    return frontier.map(found -> found.whole().exponents());
  }

  /** Returns the exponents of that line with the one of N* held at a value. */
  public Fitted<Exponents> exponentsHolding(double a) {
    return frontier.map(found -> found.whole().holding(a));
  }

  /** Returns the exponents between neighbouring optima, lowest first. */
  public List<LocalExponent> neighbours() {
    return IntStream.range(0, optima.size() - 1).mapToObj(optima::between).toList();
  }

  /** Returns the exponents over sliding windows of optima, lowest first; none where all are one. */
  public List<LocalExponent> windows() {
    List<OptimaLine> all = frontier.value().map(LocalFrontier::windows).orElse(List.of());
    if (all.size() < 2) {
      return List.of();
    }
    int every = PointSample.every(all.size(), MOST_WINDOWS);
    return IntStream.range(0, all.size())
        // Counted from the top, which matters most.
        .filter(from -> (all.size() - 1 - from) % every == 0)
        .mapToObj(from -> all.get(from).local())
        .toList();
  }

  /** Returns the exponents of the highest budgets: those to extrapolate from. */
  public Optional<LocalExponent> top() {
    return frontier.value().map(LocalFrontier::top);
  }

  /** Returns the allocation at any budget. */
  public Optional<EfficientFrontier> frontier() {
    return frontier.value().map(found -> found);
  }

  /** Returns the allocation at any budget with its draws; only where there are exponents. */
  LocalFrontier local() {
    return frontier.value().orElseThrow();
  }

  /** Returns loss at the optimum against compute. */
  public Fitted<LossFrontierFit> lossFrontier() {
    return loss;
  }

  /** Returns whether one line describes the optima; nothing with fewer than three. */
  public Optional<LinearityTest> linearity() {
    return frontier.value().map(found -> LinearityTest.of(optima));
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
    if (freedom <= 0) {
      return Optional.empty();
    }
    List<LossPoint> points =
        residuals.keySet().stream().filter(point -> !outliers.contains(point)).toList();
    double squares = points.stream().mapToDouble(p -> Math.pow(residuals.get(p), 2)).sum();
    return Optional.of(new LackOfFit.Curves(points, squares, freedom));
  }

  /** Returns the points left out because they do not belong to their curves. */
  public Set<LossPoint> outliers() {
    return Collections.unmodifiableSet(outliers);
  }

  /** Returns the relative noise of the losses about their curves; nothing without a curve. */
  public Optional<CurveNoise> noise() {
    return noise;
  }

  /** Returns the share of draws that lose the optimum of a budget, by its place in the optima. */
  public List<Double> lostShares() {
    return IntStream.range(0, optima.size()).mapToObj(optima::lostShare).toList();
  }
}
