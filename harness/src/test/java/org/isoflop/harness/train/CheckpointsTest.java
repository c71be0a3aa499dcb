package org.isoflop.harness.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.train.Checkpoints.Checkpoint;
import org.isoflop.models.DecoderConfig;
import org.isoflop.models.DecoderOptions;
import org.isoflop.models.DecoderState;
import org.isoflop.models.MlpKind;
import org.isoflop.models.NormKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CheckpointsTest {

  private static final DecoderConfig DECODER =
      new DecoderConfig(
          new DecoderOptions(8, 16, MlpKind.GELU, NormKind.LAYERNORM, true, false), 1, 8, 1, 16);

  @TempDir private Path folder;
  private final List<String> notes = new ArrayList<>();

  @Test
  void aStateComesBackBitForBit() {
    Checkpoint saved = at(7);
    checkpoints("job").save(saved);
    Checkpoint loaded = load("job", 7).orElseThrow();

    assertThat(loaded.seconds()).isEqualTo(saved.seconds());
    assertThat(loaded.state().step()).isEqualTo(7);
    assertSame(loaded.state().weights(), saved.state().weights());
    assertSame(loaded.state().firstMoments(), saved.state().firstMoments());
    assertSame(loaded.state().secondMoments(), saved.state().secondMoments());
    assertThat(notes).isEmpty();
  }

  @Test
  void theNewestTwoAreKeptByStepAndNotByName() throws IOException {
    for (long step : new long[] {8, 9, 10, 100}) {
      checkpoints("job").save(at(step));
    }
    assertThat(names()).containsExactlyInAnyOrder("step-10", "step-100");
    checkpoints("job").save(at(100));
    assertThat(names()).as("saved again").containsExactlyInAnyOrder("step-10", "step-100");
    assertThat(load("job", 100).orElseThrow().state().step()).isEqualTo(100);
  }

  @Test
  void oneLaterThanTheLossLogIsPassedOver() {
    checkpoints("job").save(at(10));
    checkpoints("job").save(at(20));
    assertThat(load("job", 15).orElseThrow().state().step()).isEqualTo(10);
    assertThat(notes)
        .singleElement()
        .asString()
        .contains("step-20", "losses.csv ends at step 15", "going further back");
    assertThat(load("job", 5)).isEmpty();
  }

  @Test
  void whatAKilledSaveLeftIsNoCheckpointAndInNobodysWay() throws IOException {
    checkpoints("job").save(at(10));
    Files.createDirectories(folder.resolve("step-20.tmp"));
    Files.writeString(folder.resolve("step-20.tmp/state.safetensors"), "half");
    assertThat(load("job", 20).orElseThrow().state().step()).isEqualTo(10);
    assertThat(notes).isEmpty();
    checkpoints("job").save(at(20));
    assertThat(load("job", 20).orElseThrow().state().step()).isEqualTo(20);
    assertThat(names()).containsExactlyInAnyOrder("step-10", "step-20");
  }

  @Test
  void oneWithoutItsDescriptionIsPassedOver() throws IOException {
    checkpoints("job").save(at(10));
    checkpoints("job").save(at(20));
    Files.delete(folder.resolve("step-20/state.json"));
    assertThat(load("job", 20).orElseThrow().state().step()).isEqualTo(10);
    Files.writeString(folder.resolve("step-10/state.json"), "{");
    notes.clear();
    assertThat(load("job", 20)).isEmpty();
    assertThat(notes).hasSize(2).allMatch(note -> note.contains("cannot be used"));
  }

  @Test
  void noFlippedBitOfADescriptionChangesWhatIsLoaded() throws IOException {
    checkpoints("job").save(at(10));
    Path description = folder.resolve("step-10/state.json");
    byte[] whole = Files.readAllBytes(description);
    int believed = 0;
    for (int bit = 0; bit < 8 * whole.length; bit += 3) { // every byte, each of its bits in turn
      byte[] hurt = whole.clone();
      hurt[bit / 8] ^= (byte) (1 << bit % 8);
      Files.write(description, hurt);
      notes.clear();
      Optional<Checkpoint> loaded = load("job", 10);
      if (loaded.isPresent()) { // one blank for another
        believed++;
        assertThat(loaded.get().seconds()).isEqualTo(at(10).seconds());
        assertThat(loaded.get().state().step()).isEqualTo(10);
      } else {
        assertThat(notes).singleElement().asString().contains("cannot be used");
      }
    }
    assertThat(believed).isLessThan(10);
  }

  @Test
  void oneOfAnotherJobIsRefusedAndOneRenamedPassedOver() throws IOException {
    checkpoints("job").save(at(10));
    assertThatThrownBy(() -> load("other job", 10))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("step-10: belongs to another job")
        .hasMessageContaining("delete " + folder.getParent());
    Files.move(folder.resolve("step-10"), folder.resolve("step-12"));
    assertThat(load("job", 12)).isEmpty();
    assertThat(notes).singleElement().asString().contains("step-12", "renamed");
  }

  @Test
  void clearingTakesEverything() {
    checkpoints("job").clear(); // nothing there yet
    checkpoints("job").save(at(10));
    checkpoints("job").clear();
    assertThat(folder).doesNotExist();
    assertThat(load("job", 10)).isEmpty();
  }

  private Checkpoints checkpoints(String job) {
    return new Checkpoints(folder, DECODER, job);
  }

  private Optional<Checkpoint> load(String job, long latestStep) {
    return checkpoints(job).load(latestStep, notes::add);
  }

  private List<String> names() throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.map(entry -> entry.getFileName().toString()).toList();
    }
  }

  private static Checkpoint at(long step) {
    return new Checkpoint(
        new DecoderState(
            step,
            DecoderState.initial(DECODER, step).weights(),
            DecoderState.initial(DECODER, step + 1).weights(),
            DecoderState.initial(DECODER, step + 2).weights()),
        step / 2,
        step * 1.5);
  }

  private static void assertSame(List<float[]> actual, List<float[]> expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      assertThat(actual.get(i)).isEqualTo(expected.get(i));
    }
  }
}
