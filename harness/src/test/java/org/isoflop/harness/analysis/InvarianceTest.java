package org.isoflop.harness.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.LongRange;

/** What must not change the answer: the order of the rows, and the units of N and D. */
final class InvarianceTest {

  private static final AnalysisSettings SETTINGS = new AnalysisSettings(5, 100);

  private static List<LossPoint> sweep(long seed) {
    return Surfaces.noisy(
        Surfaces.sampleBowls(0.5, Surfaces.budgets(1e17, 5, 4), 6, 4),
        0.004,
        new SplittableRandom(seed));
  }

  @Property(tries = 30)
  void rowOrderChangesNothingAtAll(@ForAll @LongRange(min = 0, max = 1000) long seed) {
    List<LossPoint> points = sweep(seed);
    List<LossPoint> shuffled = new ArrayList<>(points);
    Collections.shuffle(shuffled, new Random(seed));
    assertThat(IsoFlopAnalysis.analyze(shuffled, SETTINGS))
        .isEqualTo(IsoFlopAnalysis.analyze(points, SETTINGS));
  }

  @Property(tries = 30)
  void unitsChangeNoExponent(
      @ForAll @LongRange(min = 0, max = 1000) long seed,
      @ForAll @DoubleRange(min = -6, max = 6) double paramsDecades,
      @ForAll @DoubleRange(min = -6, max = 6) double tokensDecades) {
    double paramsUnit = Math.pow(10, paramsDecades);
    double tokensUnit = Math.pow(10, tokensDecades);
    List<LossPoint> points = sweep(seed);
    List<LossPoint> scaled =
        points.stream()
            .map(
                p ->
                    Surfaces.point(
                        p.budget(), p.params() * paramsUnit, p.tokens() * tokensUnit, p.loss()))
            .toList();
    Analysis one = IsoFlopAnalysis.analyze(points, SETTINGS);
    Analysis other = IsoFlopAnalysis.analyze(scaled, SETTINGS);
    Exponents a = one.isoflop().orElseThrow();
    Exponents b = other.isoflop().orElseThrow();
    assertThat(b.a()).isCloseTo(a.a(), within(1e-7));
    assertThat(b.b()).isCloseTo(a.b(), within(1e-7));
    assertThat(b.aInterval().low()).isCloseTo(a.aInterval().low(), within(1e-7));
    assertThat(b.bInterval().high()).isCloseTo(a.bInterval().high(), within(1e-7));
    Optimum first = one.curves().get(0).optimum().orElseThrow();
    Optimum second = other.curves().get(0).optimum().orElseThrow();
    assertThat(second.params() / first.params() / paramsUnit).isCloseTo(1, within(1e-7));
    assertThat(second.tokens() / first.tokens() / tokensUnit).isCloseTo(1, within(1e-7));
    assertThat(second.loss()).isCloseTo(first.loss(), within(1e-9));
  }
}
