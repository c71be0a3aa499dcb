package org.isoflop.harness.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.isoflop.harness.sweep.WorkerPlans.root;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.isoflop.harness.analysis.points.LossPoints;
import org.isoflop.harness.config.SweepConfig;
import org.isoflop.harness.data.windows.WindowSampler;
import org.isoflop.harness.plan.Job;
import org.isoflop.harness.train.JobResult;
import org.isoflop.harness.train.JobResult.HorizonResult;
import org.isoflop.harness.train.JobResult.Status;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is done about points whose job ended when nobody was left to write them. */
final class PointsFileTest {

  private static final WorkerPlan PLAN =
      WorkerPlans.of(2, root("first", 100, 5), root("second", 200, 5), root("third", 300, 5));

  @TempDir private Path path;

  @BeforeEach
  void layASweep() {
    folder().writeConfig(SweepConfig.of("hand", List.of("a.txt"), List.of(1e9, 1e10)));
    PLAN.write(folder().plan());
  }

  @Test
  void pointsThatTheFileLacksAreAdded() throws IOException {
    end(0);
    new PointsFile(folder(), PLAN).write();
    end(2);
    PointsFile.complete(folder());
    assertThat(jobs()).containsExactly("first", "third");
    long written = Files.getLastModifiedTime(folder().points()).toMillis();
    PointsFile.complete(folder());
    assertThat(Files.getLastModifiedTime(folder().points()).toMillis()).isEqualTo(written);
  }

  @Test
  void pointsWithoutAResultStay() throws IOException {
    end(0);
    end(1);
    new PointsFile(folder(), PLAN).write();
    Files.delete(folder().job("first").result());
    end(2);
    PointsFile.complete(folder());
    assertThat(jobs()).as("somebody has tidied up").containsExactly("first", "second");
  }

  @Test
  void aPlanThatCannotBeReadIsNoFaultOfThePoints() throws IOException {
    end(0);
    new PointsFile(folder(), PLAN).write();
    end(1);
    Files.writeString(folder().plan(), "{");
    PointsFile.complete(folder());
    assertThat(jobs()).containsExactly("first");
  }

  @Test
  void uniqueTokensAndEpochsAreThoseOfEveryPointsOwnTokens() throws IOException {
    WorkerPlan plan =
        WorkerPlans.of(
            1,
            WorkerPlans.trunk("trunk", "", 0, 120, 5),
            WorkerPlans.branch("short", "trunk", 120, 150, 5),
            WorkerPlans.branch("long", "trunk", 120, 400, 5));
    plan.write(folder().plan());
    end(plan, 1);
    end(plan, 2);
    new PointsFile(folder(), plan).write();
    assertThat(passes()).as("an earlier version's folder").containsExactly(",", ",");

    long windows = new WindowSampler(10_016, 16, 1).windows();
    environment(10_016);
    PointsFile.complete(folder());
    assertThat(windows * 16).isEqualTo(10_000);
    assertThat(passes()).containsExactly("9600,0.96", "10000,2.56");
    assertThat(LossPoints.read(path).runs())
        .extracting(run -> run.uniqueTokens().getAsDouble())
        .containsExactly(9600.0, 10_000.0);

    Files.writeString(folder().environment(), "{");
    new PointsFile(folder(), plan).write();
    assertThat(passes()).as("damaged").containsExactly(",", ",");
  }

  private void environment(long trainTokens) throws IOException {
    Files.writeString(
        folder().environment(),
        "{\"precision\": \"float32\", \"corpus\": {\"hash\": \"a\", \"train_tokens\": "
            + trainTokens
            + "}}");
  }

  private List<String> passes() throws IOException {
    return Files.readAllLines(folder().points()).stream()
        .skip(1)
        .map(line -> line.replaceFirst(".*,(.*,.*)$", "$1"))
        .toList();
  }

  private List<String> jobs() throws IOException {
    return Files.readAllLines(folder().points()).stream()
        .skip(1)
        .map(line -> line.substring(0, line.indexOf(',')))
        .toList();
  }

  private void end(int index) {
    end(PLAN, index);
  }

  private void end(WorkerPlan plan, int index) {
    Job job = plan.jobs().get(index).job();
    new JobResult(
            job.id(),
            plan.conditions().identity(job),
            Status.DONE,
            "",
            0,
            job.lastStep(),
            0,
            1.5,
            "cpu",
            "float32",
            Optional.of(new HorizonResult(3.5, 5.05)))
        .write(folder().job(job.id()).result());
  }

  private SweepFolder folder() {
    return new SweepFolder(path);
  }
}
