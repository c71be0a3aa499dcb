package org.isoflop.harness.analysis;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.isoflop.harness.analysis.isoflop.Exponents;
import org.isoflop.harness.analysis.isoflop.FrontierFit;
import org.isoflop.harness.analysis.isoflop.FrontierFit.Frontier;
import org.isoflop.harness.analysis.isoflop.LnOptimum;
import org.isoflop.harness.analysis.isoflop.ParabolaFit;
import org.isoflop.harness.analysis.isoflop.RobustFit;
import org.isoflop.harness.analysis.law.Law;
import org.isoflop.harness.analysis.law.LawSample;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.stats.Estimate;
import org.isoflop.harness.analysis.stats.Interval;
import org.isoflop.harness.analysis.stats.Quantiles;

/**
 * What a method finds on the measured grid if the fitted law were the truth, less that truth: the
 * law takes the place of the losses, without noise, and the method is run on it. A parabola over an
 * asymmetric curve, over sizes far apart, or off centre by an amount that drifts with the budget
 * gives wrong exponents even so.
 *
 * @param method the method
 * @param a found less true exponent of N*
 * @param b found less true exponent of D*
 * @param optima at each budget where the method finds an optimum
 */
public record Bias(Method method, double a, double b, List<AtBudget> optima) {

  /** Laws of the bootstrap that the interval of a corrected exponent also runs over. */
  private static final int LAWS = 100;

  /** Copies the list. */
  public Bias {
    optima = List.copyOf(optima);
  }

  /**
   * The bias at one budget.
   *
   * @param budget FLOPs, C
   * @param lnParams ln of the N* found over the true one
   */
  public record AtBudget(double budget, double lnParams) {}

  /** Returns the bias of a method under a law, where it finds at least three optima. */
  static Optional<Bias> of(List<LossPoint> points, Method method, Law law) {
    Function<List<LossPoint>, List<LnOptimum>> fit =
        method == Method.PARABOLA ? ParabolaFit::lnOptima : RobustFit.ofCleanRuns()::optima;
    List<LossPoint> clean =
        points.stream().map(p -> p.withLoss(law.loss(p.params(), p.tokens()))).toList();
    List<LnOptimum> found = fit.apply(clean);
    Map<Double, LnOptimum> byLaw =
        LnOptimum.byLaw(clean, law).stream()
            .collect(Collectors.toMap(LnOptimum::budget, one -> one, (one, other) -> one));
    List<LnOptimum> kept = found.stream().filter(one -> byLaw.containsKey(one.budget())).toList();
    if (kept.size() < FrontierFit.FEWEST_BUDGETS) {
      return Optional.empty();
    }
    Frontier off = Frontier.through(kept);
    Frontier truth = Frontier.through(kept.stream().map(one -> byLaw.get(one.budget())).toList());
    List<AtBudget> optima =
        kept.stream()
            .map(
                one ->
                    new AtBudget(one.budget(), one.lnParams() - byLaw.get(one.budget()).lnParams()))
            .toList();
    return Optional.of(
        new Bias(
            method,
            off.params().exponent() - truth.params().exponent(),
            off.tokens().exponent() - truth.tokens().exponent(),
            optima));
  }

  /**
   * Takes the bias of the parabolas from their exponents. The interval adds what the law's own
   * uncertainty does to the bias to the interval of the exponents, as independent.
   */
  Exponents corrected(Exponents found, List<LossPoint> points, LawSample laws) {
    List<Law> some = laws.resampled().stream().limit(LAWS).toList();
    List<Bias> others =
        some.parallelStream().flatMap(law -> of(points, Method.PARABOLA, law).stream()).toList();
    return new Exponents(
        corrected(found.a(), a, others.stream().mapToDouble(Bias::a).toArray()),
        corrected(found.b(), b, others.stream().mapToDouble(Bias::b).toArray()));
  }

  private static Estimate corrected(Estimate found, double bias, double[] biases) {
    double value = found.value() - bias;
    Interval of = Quantiles.interval(biases, bias);
    double down = Math.hypot(found.value() - found.interval().low(), of.high() - bias);
    double up = Math.hypot(found.interval().high() - found.value(), bias - of.low());
    return new Estimate(value, new Interval(value - down, value + up));
  }
}
