package org.isoflop.harness.analysis.law;

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
import org.isoflop.harness.analysis.Surfaces;
import org.isoflop.harness.analysis.law.LawFit.Criterion;
import org.isoflop.harness.analysis.points.LossPoint;

/** What the exponents must not depend on. */
final class LawPropertyTest {

  private static List<LossPoint> points(long seed) {
    return Surfaces.noisy(
        LawPoints.grid(LawPoints.CHINCHILLA, 5, 8, 8, 1, 1), 0.003, new SplittableRandom(seed));
  }

  private static void assertSameExponents(LawFit fit, LawFit expected) {
    assertThat(fit.law().alpha()).isCloseTo(expected.law().alpha(), within(1e-6));
    assertThat(fit.law().beta()).isCloseTo(expected.law().beta(), within(1e-6));
    assertThat(fit.law().paramsExponent()).isCloseTo(expected.law().paramsExponent(), within(1e-6));
  }

  @Property(tries = 10)
  void rowOrderDoesNotMatterToTheLastBit(@ForAll long seed, @ForAll Criterion criterion) {
    List<LossPoint> shuffled = new ArrayList<>(points(seed));
    Collections.shuffle(shuffled, new Random(seed));
    assertThat(LawFit.fit(shuffled, criterion)).isEqualTo(LawFit.fit(points(seed), criterion));
  }

  @Property(tries = 10)
  void unitsDoNotMatter(
      @ForAll long seed,
      @ForAll @DoubleRange(min = -9, max = 9) double params,
      @ForAll @DoubleRange(min = -9, max = 9) double tokens,
      @ForAll @DoubleRange(min = -2, max = 2) double loss) {
    List<LossPoint> scaled =
        LawPoints.map(
            points(seed),
            p ->
                Surfaces.point(
                    p.budget(),
                    p.params() * Math.pow(10, params),
                    p.tokens() * Math.pow(10, tokens),
                    p.loss() * Math.pow(10, loss)));
    for (Criterion criterion : List.of(Criterion.HUBER_LOG, Criterion.SQUARES)) {
      LawFit fit = LawPoints.fit(scaled, criterion);
      LawFit expected = LawPoints.fit(points(seed), criterion);
      assertSameExponents(fit, expected);
      double e = expected.law().e() * Math.pow(10, loss);
      assertThat(fit.law().e()).isCloseTo(e, within(1e-5 * e + 1e-300));
    }
  }

  @Property(tries = 10)
  void duplicatingAllPointsDoesNotMatter(@ForAll long seed) {
    List<LossPoint> twice = new ArrayList<>(points(seed));
    twice.addAll(points(seed));
    for (Criterion criterion : List.of(Criterion.HUBER_LOG, Criterion.SQUARES)) {
      LawFit fit = LawPoints.fit(twice, criterion);
      LawFit expected = LawPoints.fit(points(seed), criterion);
      assertSameExponents(fit, expected);
      assertThat(fit.objective())
          .isCloseTo(2 * expected.objective(), within(1e-6 * expected.objective()));
    }
  }
}
