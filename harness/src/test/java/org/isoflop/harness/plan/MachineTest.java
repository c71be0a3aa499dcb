package org.isoflop.harness.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.Cache;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.isoflop.ParabolaFit;
import org.isoflop.harness.config.SweepConfig;
import org.isoflop.models.DecoderConfig;
import org.isoflop.models.DeviceMemory;
import org.junit.jupiter.api.Test;

/** Whether a plan fits its machine: said before it is run, with what would. */
final class MachineTest {

  private static final Cache NO_CACHE = new Cache(Path.of("/dev/null"));

  private static final long GIB = 1 << 30;
  private static final SweepConfig CONFIG =
      SweepConfig.of("test", List.of("f"), List.of(1e12, 1e14, 1e16));

  /** A device that was timed up to a million parameters. */
  private static final Plan.Throughput TIMED =
      new Plan.Throughput() {
        @Override
        public double flopsPerSecond(DecoderConfig decoder, int passTokens) {
          return 5e9;
        }

        @Override
        public double largestMeasured() {
          return 1e6;
        }
      };

  private static final DataFacts DATA = new DataFacts(2_000_000_000L, 100_000_000L, 256);
  private static final Plan PLAN = Plan.of(CONFIG, DATA, TIMED);
  private static final double LARGEST =
      PLAN.forecasts().stream().mapToLong(JobForecast::memoryBytes).max().orElseThrow();

  private static Machine cpu(int slots, int processors, double totalBytes, double freeBytes) {
    return new Machine(
        0, slots, processors, Optional.of(new DeviceMemory((long) totalBytes, (long) freeBytes)));
  }

  @Test
  void whatFitsIsNotWarnedOf() {
    assertThat(cpu(4, 4, 64 * GIB, 4 * LARGEST + GIB).warnings(PLAN)).isEmpty();
    assertThat(new Machine(1, 4, 1, Optional.empty()).warnings(PLAN)).isEmpty();
  }

  @Test
  void slotsThatDoNotFitTogetherAreWarnedOfWithHowManyDo() {
    List<String> warnings = cpu(4, 4, 64 * GIB, 2.1 * LARGEST + 0.3 * GIB).warnings(PLAN);
    assertThat(warnings)
        .singleElement()
        .asString()
        .startsWith("4 jobs at a time (")
        .contains(" the largest) may need about ", " of which this machine has ")
        .containsPattern("use --slots [23] or a lower training.micro_batch_tokens\\.");
    assertThat(cpu(1, 4, 64 * GIB, 0.5 * LARGEST).warnings(PLAN))
        .singleElement()
        .asString()
        .contains(" may need about ", "free; use a lower training.micro_batch_tokens.");
  }

  @Test
  void aJobThatCannotFitEvenAloneIsRefused() {
    Machine small = cpu(1, 4, 0.5 * LARGEST, 0.5 * LARGEST);
    assertThat(small.warnings(PLAN)).as("planned for another machine").hasSize(1);
    cpu(4, 4, LARGEST, LARGEST).checkFits(PLAN);
    assertThatThrownBy(() -> small.checkFits(PLAN))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith("training.micro_batch_tokens: c1e16-")
        .hasMessageContaining(" alone needs about ")
        .hasMessageContaining("lower it");
  }

  @Test
  void moreSlotsThanProcessorsPromiseNoSpeed() {
    Machine machine = cpu(8, 2, 64 * GIB, 64 * GIB);
    assertThat(machine.warnings(PLAN))
        .containsExactly(
            "--slots 8 is more than the 2 processors here: no faster than --slots 2, and it takes"
                + " more memory.");
    assertThat(machine.lanes()).isEqualTo(2);
    assertThat(cpu(1, 2, GIB, GIB).lanes()).isEqualTo(1);
    assertThat(new Machine(1, 8, 2, Optional.empty()).lanes()).isEqualTo(1);

    String screen =
        PlanText.render(
            PLAN, machine, PrecisionForecast.of(CONFIG, PLAN, DATA, new ParabolaFit(), NO_CACHE));
    assertThat(screen)
        .contains("8 jobs at a time", "(as fast as 2 at a time; there are no more processors)")
        .contains("time: on one slot,", "~ beyond what was timed")
        .containsPattern(" ~\\d")
        .contains(Quantities.duration(PLAN.seconds(2)) + " with 8 jobs");
  }
}
