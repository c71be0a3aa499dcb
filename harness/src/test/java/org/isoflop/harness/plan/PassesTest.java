package org.isoflop.harness.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.isoflop.harness.config.Schedule;
import org.isoflop.models.DecoderConfig;
import org.isoflop.models.DecoderOptions;
import org.isoflop.models.DeviceMemory;
import org.isoflop.models.MlpKind;
import org.isoflop.models.NormKind;
import org.isoflop.models.OptimizerSettings;
import org.junit.jupiter.api.Test;

/** How long a pass is where the user says, where memory does, and where neither does. */
final class PassesTest {

  private static final int CONTEXT = 64;

  @Test
  void whatTheUserSaysIsTakenWhateverTheMemory() {
    Passes asked = new Passes(Optional.of(10 * CONTEXT + 5), 1, false);
    assertThat(asked.trained(job(10))).isEqualTo(10);
    assertThat(asked.trained(job(24))).as("three even passes").isEqualTo(8);
    assertThat(asked.refusal(job(24))).isEmpty();
  }

  @Test
  void withoutALimitAPassIsTheBatchUpToAsManyTokensAsAreFaster() {
    Passes any = Passes.unlimited(Optional.empty());
    assertThat(any.trained(job(1))).isEqualTo(1);
    assertThat(any.trained(job(256))).as("16,384 tokens").isEqualTo(256);
    assertThat(any.trained(job(257))).as("two even passes").isEqualTo(129);
  }

  @Test
  void memoryHalvesPassesUntilTheyFit() {
    Job job = job(100);
    for (int sequences : List.of(100, 50, 25, 13, 7, 4, 2, 1)) {
      long needed = new Passes(Optional.empty(), 0, false).bytes(job, sequences);
      assertThat(new Passes(Optional.empty(), needed, false).trained(job)).isEqualTo(sequences);
      assertThat(new Passes(Optional.empty(), needed - 1, false).trained(job))
          .isEqualTo(Passes.halved(job, sequences));
    }
    assertThat(Stream.iterate(100, pass -> Passes.halved(job, pass)).limit(9))
        .containsExactly(100, 50, 25, 13, 7, 4, 2, 1, 1);
  }

  @Test
  void lossesAreTakenInLongerPassesThanASmallBatchHasWhereMemoryAllows() {
    Job job = job(3);
    Passes any = Passes.unlimited(Optional.empty());
    assertThat(any.most(job)).as("16,384 tokens").isEqualTo(256);
    assertThat(any.trained(job)).isEqualTo(3);
    assertThat(new Passes(Optional.empty(), any.bytes(job, 256) - 1, false).most(job)).isEqualTo(3);
    assertThat(Stream.iterate(256, pass -> Passes.halved(job, pass)).limit(4))
        .containsExactly(256, 2, 1, 1);
  }

  @Test
  void whatFitsAtNoPassIsRefusedWithTheSizes() {
    Job job = job(100);
    long needed = new Passes(Optional.empty(), 0, false).bytes(job, 1);
    assertThat(new Passes(Optional.empty(), needed * 3 / 4, false).refusal(job)).isEmpty();
    assertThat(new Passes(Optional.empty(), needed / 2, false).refusal(job).orElseThrow())
        .matches(
            "out of memory: it needs about [0-9.]+ MiB with one sequence in a pass, and a worker"
                + " has [0-9.]+ KiB here; use fewer --slots, or a device with more memory");
  }

  @Test
  void workersThatShareADeviceHaveAPartOfWhatIsFreeEach() {
    Optional<DeviceMemory> memory = Optional.of(new DeviceMemory(8000, 1000));
    assertThat(Passes.shared(Optional.empty(), memory, 3, true).bytes()).isEqualTo(300);
    assertThat(Passes.shared(Optional.empty(), memory, 100, 2, false).bytes()).isEqualTo(400);
    assertThat(Passes.shared(Optional.empty(), memory, 2000, 2, false).bytes()).isZero();
    assertThat(Passes.shared(Optional.empty(), Optional.empty(), 3, true))
        .isEqualTo(Passes.unlimited(Optional.empty()));
    Passes share = Passes.shared(Optional.empty(), memory, 2, false);
    assertThat(share.within(new Passes(Optional.empty(), 70, false)).bytes()).isEqualTo(70);
    assertThat(share.within(Passes.unlimited(Optional.empty())).bytes()).isEqualTo(450);
  }

  private static Job job(int sequences) {
    DecoderConfig decoder =
        new DecoderConfig(
            new DecoderOptions(CONTEXT, 256, MlpKind.SWIGLU, NormKind.LAYERNORM, true, false),
            2,
            16,
            2,
            40);
    return new Job(
        "job",
        decoder,
        1,
        sequences,
        new OptimizerSettings(0.9, 0.95, 1e-8, 0.1, 1),
        new Schedule.Trunk(1e-3, 5),
        Optional.empty(),
        0,
        10,
        Optional.empty());
  }
}
