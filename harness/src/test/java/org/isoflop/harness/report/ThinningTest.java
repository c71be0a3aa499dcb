package org.isoflop.harness.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.isoflop.harness.report.TrainingCurve.Sample;
import org.junit.jupiter.api.Test;

final class ThinningTest {

  @Property(tries = 50)
  void neverReturnsMoreThanAsked(
      @ForAll @IntRange(min = 1, max = 5000) int rows,
      @ForAll @IntRange(min = 1, max = 20) int stretches) {
    List<Sample> samples = new ArrayList<>();
    for (int stretch = 0; stretch < stretches; stretch++) {
      for (int i = 1; i <= rows; i++) {
        samples.add(new Sample(100.0 * i, 3));
      }
    }

    assertThat(Thinning.thin(samples, 300))
        .hasSizeLessThanOrEqualTo(300)
        .allSatisfy(sample -> assertThat(sample.loss()).isEqualTo(3));
  }

  @Test
  void averagesNoiseAway() {
    List<Sample> samples = new ArrayList<>();
    for (int i = 1; i <= 100_000; i++) {
      samples.add(new Sample(i, 2 + (i % 2 == 0 ? 0.5 : -0.5)));
    }
    List<Sample> thin = Thinning.thin(samples, 300);

    assertThat(thin.get(thin.size() - 1).loss()).isCloseTo(2, within(0.01));
    assertThat(thin.get(0)).isEqualTo(new Sample(1, 1.5));
  }

  @Test
  void keepsBranchAndTrunkApart() {
    List<Sample> samples = new ArrayList<>();
    for (int i = 1; i <= 1000; i++) {
      samples.add(new Sample(i, 2));
    }
    for (int i = 801; i <= 2000; i++) {
      samples.add(new Sample(i, 3));
    }

    assertThat(Thinning.thin(samples, 100))
        .hasSizeLessThanOrEqualTo(100)
        .extracting(Sample::loss)
        .containsOnly(2.0, 3.0);
  }
}
