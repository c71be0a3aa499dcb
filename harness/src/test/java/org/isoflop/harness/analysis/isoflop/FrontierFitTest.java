package org.isoflop.harness.analysis.isoflop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.isoflop.harness.analysis.LawGrid;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.stats.Interval;
import org.isoflop.harness.analysis.stats.Resampling;
import org.junit.jupiter.api.Test;

/** What a way to fit has from the interface when it says no more than a line. */
final class FrontierFitTest {

  private static final Resampling FEW = new Resampling(1, 200);

  /** The parabolas, without their own draws. */
  private static final FrontierFit PLAIN = points -> new ParabolaFit().fit(points);

  private static double width(Interval interval) {
    return interval.high() - interval.low();
  }

  @Test
  void resamplesThePointsOfEveryBudget() {
    List<LossPoint> points = LawGrid.centred(LawGrid.CHINCHILLA, 5, 9, 4).noisy(0.005, 1);
    Exponents plain = PLAIN.exponents(points, FEW).value().orElseThrow();
    Exponents known = new ParabolaFit().exponents(points, FEW).value().orElseThrow();
    assertThat(plain.a().value()).isEqualTo(known.a().value());
    assertThat(width(plain.a().interval()) / width(known.a().interval())).isBetween(0.5, 2.0);
    assertThat(known.b().value())
        .isBetween(plain.b().interval().low(), plain.b().interval().high());
  }

  @Test
  void refusesAsTheFitDoes() {
    List<LossPoint> two = LawGrid.centred(LawGrid.CHINCHILLA, 2, 5, 4).clean();
    assertThat(PLAIN.exponents(two, FEW).refused()).isEqualTo(PLAIN.fit(two).refused());
  }
}
