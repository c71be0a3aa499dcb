package org.isoflop.harness.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.train.JobResult.HorizonResult;
import org.isoflop.harness.train.JobResult.Status;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A result is taken as it was written, or not at all. */
final class JobResultTest {

  private static final JobResult RESULT =
      new JobResult(
          "a-job",
          "identity",
          Status.DONE,
          "",
          0,
          100,
          0,
          1.5,
          "cpu",
          "float32",
          Optional.of(new HorizonResult(3.21875, 4.64)));

  @TempDir private Path sweep;
  private JobFolder folder;

  @BeforeEach
  void writeResult() {
    folder = new JobFolder(sweep.resolve("a-job"));
    RESULT.write(folder.result());
  }

  @Test
  void comesBackAsItWas() {
    assertThat(JobResult.read(folder)).contains(RESULT);
    assertThat(JobResult.read(folder, "identity")).contains(RESULT);
    assertThat(JobResult.read(new JobFolder(sweep.resolve("none")))).isEmpty();
  }

  @Test
  void noFlippedBitChangesWhatIsRead() throws IOException {
    byte[] whole = Files.readAllBytes(folder.result());
    int believed = 0;
    for (int bit = 0; bit < 8 * whole.length; bit += 3) { // every byte, each of its bits in turn
      byte[] hurt = whole.clone();
      hurt[bit / 8] ^= (byte) (1 << bit % 8);
      Files.write(folder.result(), hurt);
      try {
        assertThat(JobResult.read(folder)).contains(RESULT);
        believed++; // one blank for another
      } catch (BadInputException e) {
        assertRefused();
      }
    }
    assertThat(believed).isLessThan(10);
  }

  @Test
  void noBeginningIsBelieved() throws IOException {
    String whole = Files.readString(folder.result());
    for (int length = 0; length < whole.length() - 2; length++) {
      Files.writeString(folder.result(), whole.substring(0, length));
      assertRefused();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "[]",
        "\"done\"",
        "{\"job\":",
        "{}",
        "{\"job\": \"a-job\", \"status\": \"done\", \"step\": 1}"
      })
  void whatAnotherProgramWroteIsNoResult(String text) throws IOException {
    Files.writeString(folder.result(), text);
    assertRefused();
  }

  @Test
  void oneOfAnotherJobIsNamed() throws IOException {
    JobFolder renamed = new JobFolder(sweep.resolve("b-job"));
    Files.move(folder.path(), renamed.path());
    assertThatThrownBy(() -> JobResult.read(renamed))
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            renamed.result()
                + ": cannot be used (it is of the job a-job); delete "
                + renamed.path()
                + ", and the sweep command trains that job again");
  }

  @Test
  void oneThatNoJobCanEndWithIsRefused() {
    assertThatThrownBy(() -> new HorizonResult(Double.NaN, 1)).hasMessageContaining("NaN");
    assertThatThrownBy(() -> new HorizonResult(-1, 1)).hasMessageContaining("loss of -1");
    assertThatThrownBy(() -> result(Status.DIVERGED, 0, 1, RESULT.horizon()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("diverged with a loss");
    assertThatThrownBy(() -> result(Status.DONE, 2, 1, RESULT.horizon()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("from step 2 to 1");
  }

  @Test
  void oneWithoutAHorizonComesBackToo() {
    JobResult trunk = result(Status.DONE, 0, 100, Optional.empty());
    trunk.write(folder.result());
    assertThat(JobResult.read(folder)).contains(trunk);
  }

  private static JobResult result(
      Status status, long start, long step, Optional<HorizonResult> horizon) {
    return new JobResult("a-job", "i", status, "", start, step, 0, 1, "cpu", "float32", horizon);
  }

  private void assertRefused() {
    assertThatThrownBy(() -> JobResult.read(folder))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(folder.result() + ": cannot be used (")
        .hasMessageEndingWith(
            "; delete " + folder.path() + ", and the sweep command trains that job again");
  }
}
