package org.isoflop.harness.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.config.SweepConfig;
import org.isoflop.harness.sweep.SweepStatus.JobStatus;
import org.isoflop.harness.sweep.SweepStatus.State;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every state a job can be in, laid by hand as the trainer leaves it. */
final class SweepStatusTest {

  private static final String LOSSES =
      "step,tokens,flops,learning_rate,loss,gradient_norm,tokens_per_second\n";

  @TempDir private Path path;

  @BeforeEach
  void layASweep() throws IOException {
    sweep().writeConfig(SweepConfig.of("hand", List.of("a.txt"), List.of(1e9, 1e10)));
    write(
        "plan.csv",
        "job,steps,seconds\ndone,100,1\nwild,100,1\nhurt,100,10\nbegun,100,10\nleft,100,10\n");
    write("jobs/done/losses.csv", LOSSES + row(100, 3.9));
    write(
        "jobs/done/result.json",
        result("done", 100, "{\"budget\": 1e9, \"loss\": 3.5, \"bits_per_byte\": 5.05}"));
    write("jobs/wild/result.json", result("diverged", 17, ""));
    write("jobs/hurt/losses.csv", LOSSES + row(50, 4.2));
    write("jobs/hurt/failure.txt", "java.lang.OutOfMemoryError: heap\n\tat somewhere\n");
    write("jobs/begun/losses.csv", LOSSES + row(19, 4.6) + row(20, 4.5) + "21,134");
  }

  @Test
  void aSweepAtRestHasJobsDoneDivergedFailedStoppedAndLeft() {
    SweepStatus status = SweepStatus.read(sweep());

    assertThat(status.running()).isFalse();
    assertThat(status.jobs())
        .extracting(
            JobStatus::id, JobStatus::state, JobStatus::step, JobStatus::loss, JobStatus::remark)
        .containsExactly(
            tuple("done", State.DONE, 100L, Optional.of(3.5), Optional.empty()),
            tuple("wild", State.DIVERGED, 17L, Optional.empty(), Optional.of("stopped at step 17")),
            tuple(
                "hurt",
                State.FAILED,
                50L,
                Optional.of(4.2),
                Optional.of("java.lang.OutOfMemoryError: heap")),
            tuple("begun", State.STOPPED, 20L, Optional.of(4.5), Optional.empty()),
            tuple("left", State.LEFT, 0L, Optional.empty(), Optional.empty()));
    for (State state : State.values()) {
      assertThat(status.count(state)).isEqualTo(state == State.RUNNING ? 0 : 1);
    }
    assertThat(status.left()).as("5 + 8 + 10 forecast seconds").isEqualTo(Duration.ofSeconds(23));
  }

  @Test
  void whatIsBegunIsRunningWhileAProcessHoldsTheFolder() {
    try (SweepFolder.Lock lock = sweep().lock()) {
      assertThat(lock.channel().isOpen()).isTrue();
      SweepStatus status = SweepStatus.read(sweep());
      assertThat(status.running()).isTrue();
      assertThat(status.count(State.RUNNING)).isEqualTo(1);
      assertThat(status.count(State.STOPPED)).isZero();
      assertThat(status.count(State.LEFT)).isEqualTo(1);
      assertThat(status.count(State.FAILED)).isEqualTo(1);
    }
    assertThat(SweepStatus.read(sweep()).count(State.STOPPED)).isEqualTo(1);
  }

  @Test
  void readingWritesNothing() throws IOException {
    SweepStatus.read(sweep());
    try (var files = Files.list(path)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("sweep.yaml", "plan.csv", "jobs");
    }
  }

  @Test
  void aDamagedFileIsNamed() throws IOException {
    write("jobs/begun/losses.csv", LOSSES + "who wrote this?\n");
    assertThatThrownBy(() -> SweepStatus.read(sweep()))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(sweep().job("begun").losses().toString());
    write("plan.csv", "job,steps,seconds\n\"open,1,1\n");
    assertThatThrownBy(() -> SweepStatus.read(sweep()))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(sweep().plan() + ": cannot be read");
  }

  private SweepFolder sweep() {
    return new SweepFolder(path);
  }

  private static String row(int step, double loss) {
    return step + "," + step * 64 + ",1e6,1e-3," + loss + ",0.5,1000\n";
  }

  private static String result(String status, int step, String horizons) {
    return """
        {"job": "x", "status": "%s", "step": %d, "seconds": 1.5, "device": "cpu",
         "precision": "float32", "horizons": [%s]}
        """
        .formatted(status, step, horizons);
  }

  private void write(String name, String text) throws IOException {
    Files.createDirectories(path.resolve(name).getParent());
    Files.writeString(path.resolve(name), text);
  }
}
