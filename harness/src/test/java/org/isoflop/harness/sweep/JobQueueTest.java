package org.isoflop.harness.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.isoflop.harness.sweep.WorkerPlans.branch;
import static org.isoflop.harness.sweep.WorkerPlans.root;
import static org.isoflop.harness.sweep.WorkerPlans.trunk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.isoflop.harness.TestJava;
import org.isoflop.harness.config.SweepConfig;
import org.isoflop.harness.plan.Job;
import org.isoflop.harness.train.JobResult;
import org.isoflop.harness.train.JobResult.HorizonResult;
import org.isoflop.harness.train.JobResult.Status;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which job a worker gets, and what the folder remembers of those that died. */
final class JobQueueTest {

  private static final WorkerPlan FOREST =
      WorkerPlans.of(
          2,
          root("plain", 100, 5),
          trunk("trunk-1", "", 0, 80, 1),
          branch("branch-1", "trunk-1", 80, 100, 2),
          trunk("trunk-2", "trunk-1", 80, 160, 3),
          branch("branch-2", "trunk-2", 160, 200, 4));

  @TempDir private Path path;

  @BeforeEach
  void layASweep() {
    folder().writeConfig(SweepConfig.of("hand", List.of("a.txt"), List.of(1e9, 1e10)));
  }

  @Test
  void theLongestChainComesFirstAndEveryJobOnce() {
    assertThat(orderOf(FOREST))
        .containsExactly("trunk-1", "trunk-2", "plain", "branch-2", "branch-1");
  }

  @Test
  void oneWorkerFollowsThePlan() {
    WorkerPlan one =
        new WorkerPlan(
            FOREST.conditions(),
            FOREST.microBatchTokens(),
            FOREST.checkpointSeconds(),
            FOREST.evaluations(),
            1,
            FOREST.jobs());
    assertThat(orderOf(one)).containsExactly("plain", "trunk-1", "branch-1", "trunk-2", "branch-2");
  }

  /** Takes and ends one job after the other. */
  private List<String> orderOf(WorkerPlan plan) {
    JobQueue queue = new JobQueue(folder(), plan);
    List<String> order = new ArrayList<>();
    Optional<Claim> claim = queue.next();
    while (claim.isPresent()) {
      order.add(claim.get().job().id());
      end(claim.get().job());
      claim.get().close();
      claim = queue.next();
    }
    assertThat(queue.left()).isZero();
    return order;
  }

  @Test
  void whatIsTakenIsTakenAndAChildWaitsForItsParent() {
    JobQueue mine = new JobQueue(folder(), FOREST);
    JobQueue others = new JobQueue(folder(), FOREST);
    try (Claim trunk = mine.next().orElseThrow();
        Claim plain = others.next().orElseThrow()) {
      assertThat(trunk.job().id()).isEqualTo("trunk-1");
      assertThat(plain.job().id()).isEqualTo("plain");
      assertThat(mine.next()).isEmpty();
      assertThat(mine.left()).isEqualTo(5);
    }
    try (Claim again = others.next().orElseThrow()) {
      assertThat(again.job().id()).isEqualTo("trunk-1");
    }
  }

  @Test
  void theChildrenOfAJobThatFailedAreNotWaitedFor() {
    JobQueue queue = new JobQueue(folder(), FOREST);
    try (Claim trunk = queue.next().orElseThrow()) {
      queue.fail(trunk.job(), "no reason", Optional.empty());
    }
    try (Claim plain = queue.next().orElseThrow()) {
      assertThat(plain.job().id()).isEqualTo("plain");
      end(plain.job());
    }
    assertThat(queue.next()).isEmpty();
    assertThat(queue.left()).isZero();
    queue.retryFailed();
    assertThat(queue.left()).isEqualTo(4);
  }

  @Test
  void aJobThatEndsItsWorkerTwiceAtOnePlaceFails() throws Exception {
    WorkerPlan plan = WorkerPlans.of(1, root("deadly", 100, 1), root("other", 100, 1));
    plan.write(folder().plan());
    dieInTheNextJob();
    leaveTheNextJobAsADeathDoes(plan);
    JobQueue queue = new JobQueue(folder(), plan);
    try (Claim next = queue.next().orElseThrow()) {
      assertThat(next.job().id()).isEqualTo("other");
    }
    assertThat(folder().failure("deadly"))
        .content()
        .startsWith("it ended its worker 2 times at the same place (loading, step 0); the log");
    queue.retryFailed();
    try (Claim next = queue.next().orElseThrow()) {
      assertThat(next.job().id()).as("tried again by the same command").isEqualTo("deadly");
    }
  }

  @Test
  void deathsAtTwoPlacesAreAccidents() throws Exception {
    WorkerPlan plan = WorkerPlans.of(1, root("unlucky", 100, 1));
    plan.write(folder().plan());
    Path losses = folder().job("unlucky").losses();
    for (int step = 1; step <= 3; step++) {
      leaveTheNextJobAsADeathDoes(plan);
      Files.writeString(
          losses,
          "step,tokens,flops,learning_rate,loss,gradient_norm,tokens_per_second\n"
              + (step + ",64,1e6,1e-3,3.5,0.5,1000\n"));
    }
    JobQueue queue = new JobQueue(folder(), plan);
    try (Claim next = queue.next().orElseThrow()) {
      next.unmark(); // as a worker does that was asked to stop
    }
    assertThat(folder().claim("unlucky").file()).isEmptyFile();
    assertThat(folder().failure("unlucky")).doesNotExist();
  }

  private void end(Job job) {
    Optional<HorizonResult> horizon = job.horizon().map(h -> new HorizonResult(3.5, 5.05));
    new JobResult(
            job.id(),
            FOREST.conditions().identity(job),
            Status.DONE,
            "",
            job.firstStep(),
            job.lastStep(),
            0,
            1.5,
            "cpu",
            "float32",
            horizon)
        .write(folder().job(job.id()).result());
  }

  private SweepFolder folder() {
    return new SweepFolder(path);
  }

  /** A process that claims the next job and dies. */
  private void dieInTheNextJob() throws Exception {
    Process process =
        new ProcessBuilder(TestJava.command(Mortal.class, List.of(), path.toString()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    assertThat(process.waitFor()).isEqualTo(9);
  }

  /** Claims the next job and frees it with what a claim has written by then. */
  private void leaveTheNextJobAsADeathDoes(WorkerPlan plan) throws IOException {
    Claim claim = new JobQueue(folder(), plan).next().orElseThrow();
    Path file = folder().claim(claim.job().id()).file();
    String mark = Files.readString(file);
    claim.close();
    Files.writeString(file, mark);
  }

  /** What {@link #dieInTheNextJob} runs. */
  static final class Mortal {
    private Mortal() {}

    public static void main(String[] arguments) {
      SweepFolder folder = new SweepFolder(Path.of(arguments[0]));
      Claim claim = new JobQueue(folder, WorkerPlan.read(folder)).next().orElseThrow();
      Runtime.getRuntime().halt(claim.job().id().isEmpty() ? 1 : 9);
    }
  }
}
