package org.isoflop.harness.analysis.isoflop;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.isoflop.harness.analysis.isoflop.CurveModel.Fit;
import org.isoflop.harness.analysis.isoflop.FrontierFit.Frontier;
import org.isoflop.harness.analysis.law.LawFit;
import org.isoflop.harness.analysis.law.LawFit.Criterion;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.stats.Fitted;

/**
 * The headline method without its intervals, a hundred times faster: for simulating what a grid of
 * runs will show.
 */
public final class RobustFit implements FrontierFit {

  private final boolean screened;

  /** Fits measured runs, some of which may have gone wrong. */
  public RobustFit() {
    this(true);
  }

  private RobustFit(boolean screened) {
    this.screened = screened;
  }

  /** Fits simulated runs, none of which went wrong: without the search for those, much faster. */
  public static RobustFit ofCleanRuns() {
    return new RobustFit(false);
  }

  private Optional<Fit> curves(List<LossPoint> points) {
    List<BudgetPoints> budgets = BudgetPoints.all(points);
    if (budgets.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        screened
            ? Screening.fit(
                budgets, LawFit.fit(points, Criterion.HUBER_LOG).value().map(LawFit::law))
            : ShapePosterior.mode(CurveModel.ofAll(budgets)));
  }

  @Override
  public Fitted<Frontier> fit(List<LossPoint> points) {
    Optional<Fit> fit = curves(points);
    List<LnOptimum> optima = fit.map(RobustFit::optima).orElse(List.of());
    return Fitted.unless(
        FrontierFit.refusal(points, optima.size()),
        () -> Frontier.through(optima, weights(fit.orElseThrow())));
  }

  /** Returns the noise of the runs about their curves; empty without a curve. */
  public Optional<CurveNoise> noise(List<LossPoint> points) {
    return curves(points).map(CurveNoise::of);
  }

  /** Returns the optima, lowest budget first, of the budgets that have one. */
  public List<LnOptimum> optima(List<LossPoint> points) {
    return curves(points).map(RobustFit::optima).orElse(List.of());
  }

  private static IntStream withOptimum(Fit fit) {
    return IntStream.range(0, fit.solutions().length)
        .filter(k -> fit.curve(k).refusal(fit.model().keptOf(k)).isEmpty());
  }

  private static double[] weights(Fit fit) {
    return OptimaLine.weights(withOptimum(fit).mapToDouble(fit::deviation).toArray());
  }

  private static List<LnOptimum> optima(Fit fit) {
    return withOptimum(fit).mapToObj(fit::curve).map(LnOptimum::of).toList();
  }
}
