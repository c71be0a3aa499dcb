package org.isoflop.harness.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.isoflop.harness.config.SweepConfig;
import org.isoflop.harness.sweep.SweepStatus.JobStatus;
import org.isoflop.harness.sweep.SweepStatus.State;
import org.isoflop.harness.train.JobResult;
import org.isoflop.harness.train.JobResult.HorizonResult;
import org.isoflop.harness.train.JobResult.Status;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every state a job can be in, laid by hand as the trainer leaves it. */
final class SweepStatusTest {

  private static final String LOSSES =
      "step,tokens,flops,learning_rate,loss,gradient_norm,tokens_per_second\n";

  private static final WorkerPlan PLAN =
      WorkerPlans.of(
          1,
          WorkerPlans.root("done", 100, 1),
          WorkerPlans.root("wild", 100, 1),
          WorkerPlans.root("hurt", 100, 10),
          WorkerPlans.root("begun", 100, 10),
          WorkerPlans.root("left", 100, 10));

  @TempDir private Path path;

  @BeforeEach
  void layASweep() throws IOException {
    sweep().writeConfig(SweepConfig.of("hand", List.of("a.txt"), List.of(1e9, 1e10)));
    PLAN.write(sweep().plan());
    write("jobs/done/losses.csv", LOSSES + row(100, 3.9));
    result("done", Status.DONE, 100, Optional.of(new HorizonResult(3.5, 5.05)));
    result("wild", Status.DIVERGED, 17, Optional.empty());
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
            tuple("wild", State.DIVERGED, 17L, Optional.empty(), Optional.of("why not")),
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
    assertThat(status.fraction())
        .as("1 + 1 + 10 / 2 + 10 / 5 of 32 forecast seconds")
        .isEqualTo(9.0 / 32);
  }

  @Test
  void lossesComeToBitsPerByteWhereTokensAreNotBytes() throws IOException {
    assertThat(SweepStatus.read(sweep()).bitsPerByte()).as("nobody says").isEmpty();
    String text =
        "{\"precision\": \"float32\", \"corpus\": {\"hash\": \"a\", \"train_tokens\": 900,"
            + " \"validation_tokens\": %d, \"validation_bytes\": 400}}";
    write("environment.json", text.formatted(100));
    assertThat(SweepStatus.read(sweep()).bitsPerByte().orElseThrow().of(Math.log(2)))
        .isCloseTo(0.25, within(1e-12));
    write("environment.json", text.formatted(404));
    assertThat(SweepStatus.read(sweep()).bitsPerByte()).as("bytes and separators").isEmpty();
    write("environment.json", "{");
    assertThat(SweepStatus.read(sweep()).bitsPerByte()).as("damaged").isEmpty();
  }

  @Test
  void aJobIsRunningWhileAWorkerHoldsIt() throws IOException {
    try (Claim claim = Claim.of(PLAN.jobs().get(4).job(), sweep()).orElseThrow()) {
      SweepStatus status = SweepStatus.read(sweep());
      assertThat(status.running()).isTrue();
      assertThat(status.jobs().get(4).state()).as(claim.job().id()).isEqualTo(State.RUNNING);
      assertThat(status.count(State.STOPPED)).isEqualTo(1);
      assertThat(status.count(State.LEFT)).isZero();
    }
    assertThat(SweepStatus.read(sweep()).running()).isFalse();
    assertThat(SweepStatus.read(sweep()).count(State.LEFT)).isEqualTo(1);
    try (LockFile.Held lock = sweep().lock()) {
      assertThat(lock.channel().isOpen()).isTrue();
      assertThat(SweepStatus.read(sweep()).running()).isTrue();
    }
  }

  @Test
  void readingWritesNothing() throws IOException {
    SweepStatus.read(sweep());
    try (var files = Files.list(path)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("sweep.yaml", "plan.json", "jobs");
    }
  }

  @Test
  void aDamagedFileFailsItsJobAlone() throws IOException {
    write("jobs/done/result.json", "{\"job\":");
    write("jobs/begun/losses.csv", LOSSES + "who wrote this?\n");
    Files.write(
        path.resolve("jobs/hurt/failure.txt"), new byte[] {'d', 'i', 's', 'k', (byte) 0xff});
    Files.move(path.resolve("jobs/wild"), path.resolve("jobs/left"));

    SweepStatus status = SweepStatus.read(sweep());
    assertThat(status.jobs())
        .extracting(JobStatus::id, JobStatus::state)
        .containsExactly(
            tuple("done", State.FAILED),
            tuple("wild", State.LEFT),
            tuple("hurt", State.FAILED),
            tuple("begun", State.STOPPED),
            tuple("left", State.FAILED));
    assertThat(status.jobs())
        .extracting(job -> job.remark().orElse(""))
        .satisfiesExactly(
            remark ->
                assertThat(remark)
                    .contains("done/result.json: cannot be used (it is not whole); delete "),
            remark -> assertThat(remark).isEmpty(),
            remark -> assertThat(remark).startsWith("disk"),
            remark ->
                assertThat(remark).contains("begun/losses.csv: its last line is no row of losses"),
            remark -> assertThat(remark).contains("left/result.json").contains("of the job wild"));
  }

  @Test
  void aByteThatIsNotUtf8InALogIsInNobodysWay() throws IOException {
    write("jobs/begun/losses.csv", LOSSES + row(18, 4.7) + row(19, 4.6) + row(20, 4.5));
    byte[] log = Files.readAllBytes(path.resolve("jobs/begun/losses.csv"));
    log[LOSSES.length() + 9] = (byte) 0xff;
    Files.write(path.resolve("jobs/begun/losses.csv"), log);
    assertThat(SweepStatus.read(sweep()).jobs().get(3).step()).isEqualTo(20);
  }

  @Test
  void aFileInThePlaceOfAJobsFolderIsNamed() throws IOException {
    Files.writeString(path.resolve("jobs/left"), "in the way");
    JobStatus left = SweepStatus.read(sweep()).jobs().get(4);
    assertThat(left.state()).isEqualTo(State.FAILED);
    assertThat(left.remark().orElseThrow()).startsWith(path.resolve("jobs/left") + ": is a file");
  }

  private SweepFolder sweep() {
    return new SweepFolder(path);
  }

  private static String row(int step, double loss) {
    return step + "," + step * 64 + ",1e6,1e-3," + loss + ",0.5,1000\n";
  }

  private void result(String job, Status status, long step, Optional<HorizonResult> horizon) {
    String reason = status == Status.DIVERGED ? "why not" : "";
    String identity =
        PLAN.jobs().stream()
            .map(planned -> planned.job())
            .filter(planned -> planned.id().equals(job))
            .map(PLAN.conditions()::identity)
            .findFirst()
            .orElseThrow();
    new JobResult(job, identity, status, reason, 0, step, 0, 1.5, "cpu", "float32", horizon)
        .write(sweep().job(job).result());
  }

  private void write(String name, String text) throws IOException {
    Files.createDirectories(path.resolve(name).getParent());
    Files.writeString(path.resolve(name), text);
  }
}
