package org.isoflop.harness.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.isoflop.harness.train.Checkpoints.Checkpoint;
import org.isoflop.models.DecoderConfig;
import org.isoflop.models.DecoderOptions;
import org.isoflop.models.DecoderState;
import org.isoflop.models.MlpKind;
import org.isoflop.models.NormKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How often, and that nothing that goes wrong on the saving thread is lost. */
final class CheckpointSaverTest {

  private static final DecoderConfig DECODER =
      new DecoderConfig(
          new DecoderOptions(8, 16, MlpKind.GELU, NormKind.LAYERNORM, true, false), 1, 8, 1, 16);

  @TempDir private Path folder;

  @Test
  void theNextIsDueFiftyTimesWhatTheLastTookLater() {
    AtomicLong clock = new AtomicLong(1000);
    try (CheckpointSaver saver = new CheckpointSaver(checkpoints(), Duration.ZERO, clock::get)) {
      assertThat(saver.isDue()).as("at once, where no time is asked for").isTrue();
      saver.save(
          () -> {
            clock.addAndGet(40);
            return at(5);
          });
      saver.finish();
      assertThat(folder.resolve("checkpoint/step-5")).isDirectory();
      clock.set(1000 + 50 * 40 - 1);
      assertThat(saver.isDue()).isFalse();
      clock.incrementAndGet();
      assertThat(saver.isDue()).isTrue();
    }
  }

  @Test
  void noneIsDueBeforeTheTimeAskedFor() {
    try (CheckpointSaver saver = new CheckpointSaver(checkpoints(), Duration.ofDays(1))) {
      assertThat(saver.isDue()).isFalse();
      saver.save(() -> at(5));
      saver.save(() -> at(6));
      saver.finish();
      assertThat(saver.isDue()).isFalse();
      assertThat(folder.resolve("checkpoint/step-6")).isDirectory();
    }
  }

  @Test
  void whatGoesWrongIsThrownOnceByWhoeverAsksNext() throws IOException {
    Files.writeString(folder.resolve("checkpoint"), "in the way");
    CheckpointSaver saver = new CheckpointSaver(checkpoints(), Duration.ZERO);
    saver.save(() -> at(5));
    assertThatThrownBy(saver::finish)
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("cannot ")
        .hasMessageContaining("step-5");
    saver.close();
    saver.save(() -> at(6));
    assertThatThrownBy(
            () -> {
              try (saver) {
                saver.save(() -> at(7));
              }
            })
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("step-6")
        .hasNoSuppressedExceptions();
  }

  private Checkpoints checkpoints() {
    return new Checkpoints(folder.resolve("checkpoint"), DECODER, "job");
  }

  private static Checkpoint at(long step) {
    DecoderState initial = DecoderState.initial(DECODER, step);
    return new Checkpoint(
        new DecoderState(step, initial.weights(), initial.firstMoments(), initial.secondMoments()),
        0,
        1);
  }
}
