package org.isoflop.harness.plan;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class BatchTest {

  @ParameterizedTest
  @CsvSource({
    "  1280, 99, 128, 10,  1", // fits one pass
    " 65536, 999, 128, 512,  4", // four full passes
    "  2176, 99,  16,  16,  1", // 17 is prime, so one sequence less
    "     3, 99, 128,   1,  1", // at least one sequence
    "  9000, 20, 128,  20,  1", // capped by the run's length
  })
  void wholeSequencesInEqualPasses(
      double wanted, long most, int pass, int sequences, int microBatches) {
    Batch batch = Batch.fit(wanted, most, pass, 128);

    assertThat(batch).isEqualTo(new Batch(sequences, microBatches));
  }

  @Property
  void neverMoreThanAllowedAndHardlyLess(
      @ForAll @DoubleRange(min = 1, max = 1e6) double wanted,
      @ForAll @IntRange(min = 1, max = 100_000) int most,
      @ForAll @IntRange(min = 1, max = 1000) int pass) {
    Batch batch = Batch.fit(wanted, most, pass, 64);
    long allowed = Math.min(most, Math.max(1, Math.round(wanted / 64)));

    assertThat(batch.sequences() % batch.microBatches()).isZero();
    assertThat(batch.sequences() / batch.microBatches()).isBetween(1, pass);
    assertThat((long) batch.sequences()).isLessThanOrEqualTo(allowed);
    assertThat(batch.sequences()).isGreaterThanOrEqualTo((int) Math.floor(0.75 * allowed));
  }
}
