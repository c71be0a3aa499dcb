package org.isoflop.harness.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.util.List;
import java.util.Optional;
import org.isoflop.harness.config.Cosine;
import org.isoflop.harness.config.Schedule;
import org.isoflop.harness.config.Wsd;
import org.isoflop.models.DecoderConfig;
import org.isoflop.models.DecoderOptions;
import org.isoflop.models.MlpKind;
import org.isoflop.models.NormKind;
import org.isoflop.models.OptimizerSettings;
import org.junit.jupiter.api.Test;

/** What a job is, and that it survives being written down. */
final class JobTest {

  private static final DecoderConfig DECODER =
      new DecoderConfig(
          new DecoderOptions(16, 32, MlpKind.SWIGLU, NormKind.LAYERNORM, true, false),
          1,
          16,
          2,
          40);
  private static final Schedule.Fitted WSD = new Wsd.Fitted(1e-3, 5, 100, 20);
  private static final Optional<Horizon> HORIZON =
      Optional.of(new Horizon(1e9, 100, 100 * 64, 100 * 64 * DECODER.flopsPerToken()));

  @Test
  void jsonGivesTheSameJobBack() throws JsonProcessingException {
    ObjectMapper json = JsonMapper.builder().addModule(new Jdk8Module()).build();
    for (Job job :
        List.of(
            job(WSD, Optional.of("trunk"), 80, 100, HORIZON),
            job(new Schedule.Trunk(0.1 / 3, 5), Optional.empty(), 0, 80, Optional.empty()),
            job(new Cosine.Fitted(1e-3, 5, 100, 0.1), Optional.empty(), 0, 100, HORIZON))) {
      assertThat(json.readValue(json.writeValueAsString(job), Job.class)).isEqualTo(job);
    }
  }

  @Test
  void countsItsOwnStretchAlone() {
    Job branch = job(WSD, Optional.of("trunk"), 80, 100, HORIZON);
    assertThat(branch.steps()).isEqualTo(20);
    assertThat(branch.flops()).isEqualTo(20 * 64 * DECODER.flopsPerToken());
    assertThat(branch.fraction(0)).isZero();
    assertThat(branch.fraction(85)).isEqualTo(0.25);
    assertThat(branch.fraction(100)).isEqualTo(1);
  }

  @Test
  void refusesWhatDoesNotFit() {
    assertRefused(WSD, Optional.of("p"), 0, 100, HORIZON, "from step 0 on has a parent");
    assertRefused(WSD, Optional.empty(), 80, 100, HORIZON, "from step 80 on has no parent");
    assertRefused(WSD, Optional.of("p"), 100, 100, HORIZON, "goes from 100 to 100");
    assertRefused(WSD, Optional.empty(), 0, 99, Optional.empty(), "a last step of 99");
    Schedule.Fitted trunk = new Schedule.Trunk(1e-3, 5);
    assertRefused(trunk, Optional.empty(), 0, 99, HORIZON, "99 steps are not the horizon's");
  }

  private static void assertRefused(
      Schedule.Fitted schedule,
      Optional<String> parent,
      long first,
      long last,
      Optional<Horizon> horizon,
      String problem) {
    assertThatThrownBy(() -> job(schedule, parent, first, last, horizon))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(problem);
  }

  private static Job job(
      Schedule.Fitted schedule,
      Optional<String> parent,
      long first,
      long last,
      Optional<Horizon> end) {
    return new Job(
        "job",
        DECODER,
        1,
        4,
        new OptimizerSettings(0.9, 0.95, 1e-8, 0.1, 1),
        schedule,
        parent,
        first,
        last,
        end);
  }
}
