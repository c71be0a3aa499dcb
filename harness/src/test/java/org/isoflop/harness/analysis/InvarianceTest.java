package org.isoflop.harness.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.LongRange;
import org.assertj.core.data.Offset;
import org.isoflop.harness.analysis.isoflop.EfficientFrontier;
import org.isoflop.harness.analysis.isoflop.FrontierFit.Frontier;
import org.isoflop.harness.analysis.isoflop.RobustFit;
import org.isoflop.harness.analysis.isoflop.RobustIsoFlop;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.stats.IntervalScheme;
import org.isoflop.harness.analysis.stats.Resampling;

/** What must not change the answer: the order of the rows, repeated rows, and all units. */
final class InvarianceTest {

  private static final AnalysisSettings SETTINGS =
      new AnalysisSettings(IntervalScheme.AUTO, new Resampling(5, 100));

  /** The climb to the best shape ends this close. */
  private static final Offset<Double> SAME = within(1e-5);

  private static List<LossPoint> sweep(long seed) {
    return LawGrid.centred(LawGrid.CHINCHILLA, 4, 7, 6).dirty(0.003, 0.05, seed);
  }

  private static Frontier fit(List<LossPoint> points) {
    return new RobustFit().fit(points).value().orElseThrow();
  }

  private static List<LossPoint> map(List<LossPoint> points, UnaryOperator<LossPoint> change) {
    return points.stream().map(change).toList();
  }

  @Property(tries = 3, shrinking = ShrinkingMode.OFF)
  void rowOrderChangesNothingAtAll(@ForAll @LongRange(min = 0, max = 1000) long seed) {
    List<LossPoint> points = sweep(seed);
    List<LossPoint> shuffled = new ArrayList<>(points);
    Collections.shuffle(shuffled, new Random(seed));
    assertThat(IsoFlopAnalysis.analyze(shuffled, SETTINGS))
        .isEqualTo(IsoFlopAnalysis.analyze(points, SETTINGS));
  }

  @Property(tries = 3, shrinking = ShrinkingMode.OFF)
  void repeatedRowsChangeNothingAtAll(@ForAll @LongRange(min = 0, max = 1000) long seed) {
    List<LossPoint> twice = new ArrayList<>(sweep(seed));
    twice.addAll(sweep(seed));
    assertThat(IsoFlopAnalysis.analyze(twice, SETTINGS))
        .isEqualTo(IsoFlopAnalysis.analyze(sweep(seed), SETTINGS));
  }

  @Property(tries = 4, shrinking = ShrinkingMode.OFF)
  void unitsOfParamsAndTokensChangeNoExponent(
      @ForAll @LongRange(min = 0, max = 1000) long seed,
      @ForAll @DoubleRange(min = -6, max = 6) double paramsDecades,
      @ForAll @DoubleRange(min = -6, max = 6) double tokensDecades) {
    double n = Math.pow(10, paramsDecades);
    double d = Math.pow(10, tokensDecades);
    List<LossPoint> points = sweep(seed);
    Frontier one = fit(points);
    Frontier other =
        fit(map(points, p -> LossPoint.of(p.budget(), n * p.params(), d * p.tokens(), p.loss())));
    assertSame(one, other);
    double lnFlops = one.params().centre();
    assertThat(other.params().ln(lnFlops) - one.params().ln(lnFlops)).isCloseTo(Math.log(n), SAME);
    assertThat(other.tokens().ln(lnFlops) - one.tokens().ln(lnFlops)).isCloseTo(Math.log(d), SAME);
  }

  @Property(tries = 4, shrinking = ShrinkingMode.OFF)
  void unitsOfLossChangeNoExponent(
      @ForAll @LongRange(min = 0, max = 1000) long seed,
      @ForAll @DoubleRange(min = 0.2, max = 5) double unit) {
    List<LossPoint> points = sweep(seed);
    assertSame(fit(points), fit(map(points, p -> p.withLoss(unit * p.loss()))));
  }

  @Property(tries = 4, shrinking = ShrinkingMode.OFF)
  void unitsOfComputeChangeNoExponent(
      @ForAll @LongRange(min = 0, max = 1000) long seed,
      @ForAll @DoubleRange(min = 0.01, max = 100) double unit) {
    List<LossPoint> points = sweep(seed);
    assertSame(
        fit(points),
        fit(map(points, p -> LossPoint.of(unit * p.budget(), p.params(), p.tokens(), p.loss()))));
  }

  @Property(tries = 4, shrinking = ShrinkingMode.OFF)
  void moreComputeBuysMoreParams(@ForAll @LongRange(min = 0, max = 1000) long seed) {
    EfficientFrontier frontier =
        RobustIsoFlop.of(
                LawGrid.centred(LawGrid.CHINCHILLA, 5, 7, 6).noisy(0.001, seed),
                Optional.empty(),
                IntervalScheme.AUTO,
                new Resampling(seed, 100))
            .frontier()
            .value()
            .orElseThrow();
    double last = 0;
    for (double budget = frontier.lowest() / 10; budget < 100 * frontier.highest(); budget *= 1.3) {
      double params = frontier.at(budget).params().value();
      if (frontier.at(budget).exponents().a().value() > 0) {
        assertThat(params).isGreaterThan(last);
      }
      last = params;
    }
  }

  private static void assertSame(Frontier one, Frontier other) {
    assertThat(other.params().exponent()).isCloseTo(one.params().exponent(), SAME);
    assertThat(other.tokens().exponent()).isCloseTo(one.tokens().exponent(), SAME);
  }
}
