package org.isoflop.harness.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.isoflop.harness.config.SweepConfig;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is given to a scheduler, whichever it is, and what of it again. */
final class SubmissionTest {

  private static final WorkerPlan PLAN =
      WorkerPlans.of(
          1,
          WorkerPlans.root("long", 100, 7200),
          WorkerPlans.root("short", 100, 10),
          WorkerPlans.root("shorter", 100, 5));

  @TempDir private Path temporary;
  private final Desk desk = new Desk();

  /** A scheduler that only takes orders. */
  private static final class Desk implements Scheduler {
    private final List<Batch> batches = new ArrayList<>();
    private final List<Task> tasks = new ArrayList<>();
    private boolean reachable = true;

    @Override
    public String name() {
      return "Desk";
    }

    @Override
    public String option() {
      return "--desk";
    }

    @Override
    public String optionWords() {
      return "";
    }

    @Override
    public List<String> place() {
      return List.of();
    }

    @Override
    public void check(Batch batch) {}

    @Override
    public String submit(Batch batch) {
      batches.add(batch);
      String job = String.valueOf(batches.size());
      tasks.add(new Task(job, batch.name(), "queued", "Priority"));
      return job;
    }

    @Override
    public List<Task> tasks(Collection<String> jobs) throws UnreachableException {
      if (!reachable) {
        throw new UnreachableException("it sleeps");
      }
      return tasks.stream().filter(task -> jobs.contains(task.job())).toList();
    }

    @Override
    public String watching(String job) {
      return "watch " + job;
    }

    @Override
    public String cancelling(String job) {
      return "cancel " + job;
    }
  }

  @BeforeEach
  void layASweep() {
    folder().writeConfig(SweepConfig.of("hand", List.of("a.txt"), List.of(1e9, 1e10)));
    PLAN.write(folder().plan());
  }

  @Test
  void workersAreNoMoreThanJobsAndHaveTheTimeOfTheLongestTwice() {
    assertThat(submission().submit(SweepStatus.of(folder(), PLAN), 3))
        .startsWith("3 workers are job 1.", "The analysis is job 2, after them.")
        .anyMatch(line -> line.endsWith("; watch 1"))
        .anyMatch(line -> line.startsWith("Stop:  cancel 1; "));
    Scheduler.Batch workers = desk.batches.get(0);
    Scheduler.Batch analysis = desk.batches.get(1);
    assertThat(workers.workers()).isEqualTo(3);
    assertThat(workers.limit()).isBetween(Duration.ofHours(4), Duration.ofHours(5));
    assertThat(workers.lead()).as("ten steps of 72 s").isEqualTo(Duration.ofMinutes(12));
    assertThat(workers.after()).isEmpty();
    assertThat(analysis.isAnalysis()).isTrue();
    assertThat(analysis.after()).containsExactly("1");
    assertThat(folder().path().resolve("desk/submitted.json")).isRegularFile();
  }

  @Test
  void whatIsQueuedIsNotSubmittedAgain() {
    submission().submit(SweepStatus.of(folder(), PLAN), 3);
    assertThat(submission().isWorking()).isTrue();
    assertThat(submission().submitAnalysis())
        .first()
        .isEqualTo(
            "nothing to submit as yet: Desk has workers (job 1): 1 queued (Priority); analysis (job"
                + " 2): 1 queued (Priority).");
    assertThat(desk.batches).hasSize(2);

    desk.tasks.remove(1);
    assertThat(submission().submitAnalysis()).endsWith("The analysis is job 3, after them.");
    assertThat(desk.batches.get(2).after()).containsExactly("1");
  }

  @Test
  void anothersJobOfThatNumberIsNotOurs() {
    submission().submit(SweepStatus.of(folder(), PLAN), 3);
    desk.tasks.replaceAll(task -> new Scheduler.Task(task.job(), "other", "running", ""));
    assertThat(submission().isWorking()).isFalse();
  }

  @Test
  void whereNothingIsLeftAnAnalysisIsUnlessItIsThere() throws IOException {
    SweepStatus status = SweepStatus.of(folder(), PLAN);
    assertThat(submission().submit(status, 0)).containsExactly("The analysis is job 1.");
    assertThat(submission().submit(status, 0))
        .containsExactly("nothing to submit: Desk has analysis (job 1): 1 queued (Priority).");
    desk.tasks.clear();
    Files.writeString(folder().points(), "");
    Files.writeString(folder().path().resolve("report.html"), "");
    assertThat(submission().submit(status, 0))
        .containsExactly("nothing to submit: every job has ended, and is analysed.");
  }

  @Test
  void aSchedulerThatDoesNotAnswerGetsNothing() {
    desk.reachable = false;
    assertThatThrownBy(this::submission)
        .isInstanceOf(UncheckedIOException.class)
        .hasMessage(
            "Desk cannot be asked what it has of this sweep, so nothing is submitted: it sleeps");
  }

  private SweepFolder folder() {
    return new SweepFolder(temporary.resolve("sweep"));
  }

  private Submission submission() {
    Sweep.Settings settings =
        new Sweep.Settings(List.of(Device.cpu()), 8, Duration.ZERO, () -> List.of("isoflop"));
    return new Submission(desk, folder(), settings, List.of());
  }
}
