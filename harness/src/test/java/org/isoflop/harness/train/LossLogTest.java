package org.isoflop.harness.train;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.isoflop.harness.BadInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A loss log that is cut off in the middle of a row, as a killed process leaves it. */
final class LossLogTest {

  @TempDir private Path path;

  private JobFolder folder() {
    return new JobFolder(path);
  }

  @Test
  void aRunThatResumesDropsWhatItsCheckpointDoesNotKnow() throws IOException {
    log(0, 1, 2, 3);
    cutOff("4,2048,1e");

    log(2, 3);

    assertThat(Files.readAllLines(folder().losses()))
        .containsExactly(
            String.join(",", LossLog.COLUMNS),
            "1,512,1.0E9,0.001,3.5,0.25,1000",
            "2,1024,2.0E9,0.001,3.5,0.25,1000",
            "3,1536,3.0E9,0.001,3.5,0.25,1000");
  }

  @Test
  void halfALineIsNoStep() throws IOException {
    assertThat(LossLog.lastStep(folder().losses())).as("without a log").isZero();
    cutOff("step,tok");
    assertThat(LossLog.lastStep(folder().losses())).as("half a header").isZero();
    log(0);
    assertThat(LossLog.lastStep(folder().losses())).as("a header").isZero();
    log(0, 1, 2);
    assertThat(LossLog.lastStep(folder().losses())).isEqualTo(2);
    cutOff("3,1536,3.0E9,0.001,3.5,0.25,10");
    assertThat(LossLog.lastStep(folder().losses())).isEqualTo(2);
  }

  @Test
  void progressIsThatOfTheLastWholeLine() throws IOException {
    assertThat(JobProgress.read(folder()).begun()).isFalse();
    cutOff("step,tok");
    assertThat(JobProgress.read(folder()).begun()).isTrue();
    assertThat(JobProgress.read(folder()).loss()).isEmpty();
    log(0);
    assertThat(JobProgress.read(folder()).step()).isZero();
    log(0, 1, 2);
    cutOff("3,1536,3.0E9,0.001,9");

    JobProgress progress = JobProgress.read(folder());

    assertThat(progress.step()).isEqualTo(2);
    assertThat(progress.loss()).contains(3.5);
  }

  @Test
  void aLineThatIsNoRowIsNamed() throws IOException {
    log(0, 1);
    cutOff("who wrote this?\n");
    assertThatThrownBy(() -> JobProgress.read(folder()))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(folder().losses() + ": its last line is no row of losses");
  }

  @Test
  void aRunDoesNotGoOnFromADamagedRow() throws IOException {
    log(0, 1, 2, 3);
    String whole = Files.readString(folder().losses());
    for (String damaged :
        List.of(
            whole.replace("2,1024,", "9,1024,"),
            whole.replace("2,1024,2.0E9,", "2,1024,"),
            whole.replace("2,1024,2.0E9,", "2,1024,x,"),
            whole.replace("1024", "1\u00ff24"))) {
      Files.write(folder().losses(), damaged.getBytes(ISO_8859_1));
      assertThat(LossLog.lastStep(folder().losses())).isEqualTo(3);
      assertThatThrownBy(() -> LossLog.open(folder().losses(), 0, 3))
          .isInstanceOf(BadInputException.class)
          .hasMessage(
              "%s, line 3: is not the row of step 2; delete %s, and the sweep command trains that"
                      .formatted(folder().losses(), path)
                  + " job again");
      assertThat(folder().losses()).hasBinaryContent(damaged.getBytes(ISO_8859_1));
      LossLog.open(folder().losses(), 0, 1).close(); // before the damage
    }
  }

  private void log(long keep, long... steps) {
    try (LossLog log = LossLog.open(folder().losses(), 0, keep)) {
      for (long step : steps) {
        log.append(step, step * 512, step * 1e9, 1e-3, 3.5f, 0.25f, 1000.2);
      }
    }
  }

  private void cutOff(String end) throws IOException {
    Files.writeString(folder().losses(), end, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }
}
