package org.isoflop.harness.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.isoflop.harness.sweep.WorkerPlans.root;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.isoflop.harness.config.SweepConfig;
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

  private List<String> jobs() throws IOException {
    return Files.readAllLines(folder().points()).stream()
        .skip(1)
        .map(line -> line.substring(0, line.indexOf(',')))
        .toList();
  }

  private void end(int index) {
    Job job = PLAN.jobs().get(index).job();
    new JobResult(
            job.id(),
            PLAN.conditions().identity(job),
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
