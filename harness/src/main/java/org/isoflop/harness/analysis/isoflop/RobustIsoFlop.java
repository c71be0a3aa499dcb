package org.isoflop.harness.analysis.isoflop;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.IntStream;
import org.isoflop.harness.analysis.law.LackOfFit;
import org.isoflop.harness.analysis.law.Law;
import org.isoflop.harness.analysis.points.BudgetGroup;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.points.PointSample;
import org.isoflop.harness.analysis.stats.Fitted;
import org.isoflop.harness.analysis.stats.IntervalScheme;
import org.isoflop.harness.analysis.stats.Resampling;

/**
 * The headline: robust curves at every budget ({@link BowlFit}), their optima with intervals, local
 * exponents between them, and lines through them weighted by how sure each optimum is.
 *
 * <p>Coverage of the 95% intervals in simulation stands in {@code docs/coverage.md}.
 */
public final class RobustIsoFlop {

  /** Of hundreds of budgets not every window is worth a line. */
  private static final int MOST_WINDOWS = 40;

  private final List<BudgetCurve> curves;
  private final BudgetCurves budgets;
  private final Optima optima;
  private final Scatter scatter;
  private final Fitted<OptimaLine> line;
  private final Fitted<LossFrontierFit> loss;
  private final Optional<LocalFrontier> frontier;
  private final double trunkShare;
  private final int freedom;

  private RobustIsoFlop(
      List<LossPoint> points, Optional<Law> law, IntervalScheme scheme, Resampling settings) {
    List<BudgetGroup> groups = BudgetGroup.of(points);
    Optional<String> unshared = SharedBudgets.refusal(groups);
    Map<BudgetGroup, String> refused = new HashMap<>();
    List<Curve> usable = new ArrayList<>();
    for (BudgetGroup group : groups) {
      Fitted<Curve> curve = Curve.of(group);
      Optional<String> reason = curve.refused().or(() -> unshared);
      reason.ifPresentOrElse(
          why -> refused.put(group, why), () -> usable.add(curve.value().orElseThrow()));
    }
    budgets = new BudgetCurves(refused);
    Optima found;
    if (usable.isEmpty()) {
      found = new Optima(List.of(), new int[0], new OptimaDraws(settings, 0), 1);
      trunkShare = 0;
      freedom = 0;
    } else {
      BowlFit fit = BowlFit.of(usable, law);
      boolean auto = scheme == IntervalScheme.AUTO;
      SharedNoise trunks = auto ? TrunkNoise.of(fit.model(), fit.mode()) : SharedNoise.none();
      SharedNoise cells = auto ? CellNoise.of(fit.model(), fit.mode()) : SharedNoise.none();
      OptimaDraws draws =
          switch (scheme) {
            case AUTO, NOISE -> NoiseDraws.of(fit, List.of(trunks, cells), settings);
            case POINTS -> ResampledDraws.of(fit, false, settings);
            case TRUNKS -> ResampledDraws.of(fit, true, settings);
          };
      found = budgets.accept(usable, fit, draws);
      trunkShare = trunks.share();
      freedom = fit.model().freedom() - BowlShape.EXPONENTS;
    }
    scatter = Scatter.of(found);
    optima = scatter.addTo(found, settings);
    curves = budgets.all(groups, optima);
    line =
        ParabolaFit.refusal(points, optima.size())
            .map(Fitted::<OptimaLine>refused)
            .orElseGet(() -> Fitted.of(new OptimaLine(optima, 0, optima.size())));
    loss = LossFrontierFit.of(optima);
    frontier = line.value().map(whole -> new LocalFrontier(optima, loss.value()));
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
    return line.map(OptimaLine::exponents);
  }

  /** Returns the exponents of that line with the one of N* held at a value. */
  public Fitted<Exponents> exponentsHolding(double a) {
    return line.map(found -> found.holding(a));
  }

  /** Returns the exponents between neighbouring optima, lowest first. */
  public List<LocalExponent> neighbours() {
    return IntStream.range(0, optima.size() - 1).mapToObj(optima::between).toList();
  }

  /** Returns the exponents over sliding windows of optima, lowest first; none where all are one. */
  public List<LocalExponent> windows() {
    List<OptimaLine> all = frontier.map(LocalFrontier::windows).orElse(List.of());
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
    return frontier.map(LocalFrontier::top);
  }

  /** Returns the split at any budget. */
  public Optional<EfficientFrontier> frontier() {
    return frontier.map(found -> found);
  }

  /** Returns the optima with their draws. */
  Optima optima() {
    return optima;
  }

  /** Returns the line through all optima; only where there are exponents. */
  OptimaLine line() {
    return line.value().orElseThrow();
  }

  /** Returns the split at any budget with its draws; only where there are exponents. */
  LocalFrontier local() {
    return frontier.orElseThrow();
  }

  /** Returns loss at the optimum against compute. */
  public Fitted<LossFrontierFit> lossFrontier() {
    return loss;
  }

  /** Returns whether one line describes the optima; nothing with fewer than three. */
  public Optional<Straightness> straightness() {
    return line.value().map(found -> Bend.test(optima));
  }

  /** Returns how the optima scatter about a smooth frontier. */
  public Scatter scatter() {
    return scatter;
  }

  /** Returns ln of a point's loss over its curve, where its budget could be fitted. */
  public OptionalDouble residual(LossPoint point) {
    return budgets.residual(point);
  }

  /** Returns the curves' residuals, where there is a curve. */
  public Optional<LackOfFit.Curves> residuals() {
    return freedom > 0 ? Optional.of(budgets.onCurves(freedom)) : Optional.empty();
  }

  /** Returns the points left out because they do not belong to their curves. */
  public Set<LossPoint> outliers() {
    return budgets.outliers();
  }

  /** Returns the relative noise of the losses about their curves; nothing without a curve. */
  public Optional<BowlNoise> noise() {
    return budgets.noise();
  }

  /** Returns the share of the noise that points of one trunk have in common. */
  public double trunkShare() {
    return trunkShare;
  }

  /** Returns the share of draws that lose the optimum of a budget, by its place in the optima. */
  public List<Double> lostShares() {
    return IntStream.range(0, optima.size()).mapToObj(optima::lostShare).toList();
  }
}
