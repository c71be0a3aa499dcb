package org.isoflop.harness.analysis.isoflop;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.isoflop.harness.analysis.law.Criterion;
import org.isoflop.harness.analysis.law.Law;
import org.isoflop.harness.analysis.law.LawFit;
import org.isoflop.harness.analysis.points.BudgetGroup;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.stats.Fitted;
import org.isoflop.harness.analysis.stats.PowerLaw;

/**
 * The headline method without its intervals, a hundred times faster: for simulating what a grid of
 * runs will show.
 */
public final class RobustFit implements FrontierFit {

  private final boolean screening;

  /** Fits measured runs, some of which may have gone wrong. */
  public RobustFit() {
    this(true);
  }

  private RobustFit(boolean screening) {
    this.screening = screening;
  }

  /** Fits simulated runs, none of which went wrong: without the search for those, much faster. */
  public static RobustFit ofCleanRuns() {
    return new RobustFit(false);
  }

  @Override
  public Fitted<Frontier> fit(List<LossPoint> points) {
    Optional<BowlFit> fit = screening ? curves(points) : fit(points, BowlFit::ofClean);
    List<LnOptimum> optima = fit.map(RobustFit::optima).orElse(List.of());
    return ParabolaFit.refusal(points, optima.size())
        .map(Fitted::<Frontier>refused)
        .orElseGet(() -> Fitted.of(frontier(optima, deviations(fit.orElseThrow()))));
  }

  private static Frontier frontier(List<LnOptimum> optima, double[] deviations) {
    double[] lnFlops = optima.stream().mapToDouble(LnOptimum::lnFlops).toArray();
    double[] weights = OptimaLine.weights(deviations);
    return new Frontier(
        PowerLaw.fit(lnFlops, optima.stream().mapToDouble(LnOptimum::lnParams).toArray(), weights),
        PowerLaw.fit(lnFlops, optima.stream().mapToDouble(LnOptimum::lnTokens).toArray(), weights));
  }

  /** Returns the noise of measured runs about their curves; empty without a curve. */
  public static Optional<BowlNoise> noise(List<LossPoint> points) {
    return curves(points).map(BowlNoise::of);
  }

  /** Returns the optima, lowest budget first, of the budgets that have one. */
  public static List<LnOptimum> optima(List<LossPoint> points) {
    return curves(points).map(RobustFit::optima).orElse(List.of());
  }

  private static Optional<BowlFit> curves(List<LossPoint> points) {
    Optional<Law> law = LawFit.fit(points, Criterion.HUBER_LOG).value().map(LawFit::law);
    return fit(points, curves -> BowlFit.of(curves, law));
  }

  /** Returns the optima of losses without noise, none of which went wrong. */
  public static List<LnOptimum> cleanOptima(List<LossPoint> points) {
    return fit(points, BowlFit::ofClean).map(RobustFit::optima).orElse(List.of());
  }

  private static Optional<BowlFit> fit(
      List<LossPoint> points, Function<List<Curve>, BowlFit> method) {
    List<Curve> prepared =
        BudgetGroup.of(points).stream().flatMap(g -> Curve.of(g).value().stream()).toList();
    return prepared.isEmpty() ? Optional.empty() : Optional.of(method.apply(prepared));
  }

  private static IntStream withBottom(BowlFit fit) {
    return IntStream.range(0, fit.model().curves().size()).filter(k -> inside(fit.bowl(k)));
  }

  private static double[] deviations(BowlFit fit) {
    return withBottom(fit).mapToDouble(fit::deviation).toArray();
  }

  private static List<LnOptimum> optima(BowlFit fit) {
    List<Curve> curves = fit.model().curves();
    return withBottom(fit)
        .mapToObj(
            k -> {
              Curve curve = curves.get(k);
              double x = fit.bowl(k).bottom();
              return new LnOptimum(
                  curve.group().flops(), curve.lnParams(x), curve.lnTokens(x), curve.lnFlops(x));
            })
        .toList();
  }

  private static boolean inside(Bowl bowl) {
    double x = bowl.bottom();
    return x > bowl.curve().lowest() && x < bowl.curve().highest() && !bowl.flatFrom(x);
  }
}
