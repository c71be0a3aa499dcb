package org.isoflop.harness.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.isoflop.harness.TinySweep;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.points.LossPoints;
import org.isoflop.harness.plan.Job;
import org.isoflop.harness.plan.Setting;
import org.isoflop.harness.sweep.WorkerPlan.PlannedJob;
import org.isoflop.harness.train.JobResult;
import org.isoflop.harness.train.JobResult.HorizonResult;
import org.isoflop.harness.train.JobResult.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which setting of a cell is its point, in points.csv and for the analysis. */
final class BestSettingsTest {

  @TempDir private Path temporary;

  @Test
  void theLowestMeanOverSeedsIsThePointOnceAllHaveEnded() throws IOException {
    Folder folder = new Folder(cell(0.5), cell(1), cell(2));
    folder.done("lr0.5-s1", 2.0);
    folder.done("lr0.5-s2", 2.4);
    folder.done("lr1-s1", 2.1);
    folder.done("lr1-s2", 2.1);
    folder.done("lr2-s1", 2.3);
    assertThat(folder.statuses()).as("one is still to come").containsOnly("done").hasSize(5);
    assertThat(folder.edges()).isEmpty();

    folder.done("lr2-s2", 2.3);
    assertThat(folder.statuses())
        .as("2.0 was luck")
        .containsExactly("superseded", "superseded", "done", "done", "superseded", "superseded");
    assertThat(folder.edges()).isEmpty();
    LossPoints points = LossPoints.read(folder.sweep.points());
    assertThat(points.points()).extracting(LossPoint::loss).containsExactly(2.1, 2.1);
    assertThat(points.warnings()).isEmpty();
    assertThat(points.notes())
        .contains("Left out 4 of 6 rows whose status is not done: 4 superseded.");
  }

  @Test
  void theBestAtAnEdgeIsFlaggedUnlessWhatLiesBeyondDiverged() throws IOException {
    Folder folder = new Folder(cell(1), cell(2), cell(4));
    for (String seed : List.of("s1", "s2")) {
      folder.done("lr1-" + seed, 2.2);
      folder.done("lr2-" + seed, 2.1);
      folder.done("lr4-" + seed, 2.0);
    }
    folder.write();
    assertThat(folder.edges())
        .containsExactly(
            "At 1 of 1 cells the best learning rate is the highest tried (1e9 d16-l1): add larger"
                + " multipliers.");
    assertThat(LossPoints.read(folder.sweep.points()).warnings())
        .containsExactly(
            "At 1 of 1 cells the best learning_rate is the largest that was tried (1e9 FLOPs, 3.97k"
                + " params); one beyond it may be better.");

    Folder diverging = new Folder(cell(1), cell(2), cell(4));
    for (String seed : List.of("s1", "s2")) {
      diverging.done("lr1-" + seed, 2.2);
      diverging.done("lr2-" + seed, 2.1);
    }
    diverging.done("lr4-s1", 1.9);
    diverging.diverged("lr4-s2");
    assertThat(diverging.statuses())
        .as("what diverges with one seed of two is no setting to take")
        .containsExactly("superseded", "superseded", "done", "done", "superseded", "diverged");
    assertThat(diverging.edges()).isEmpty();
    assertThat(LossPoints.read(diverging.sweep.points()).warnings()).isEmpty();
  }

  @Test
  void aSettingThatFailedHoldsNothingUp() throws IOException {
    Folder folder = new Folder(cell(1), cell(2));
    folder.done("lr1-s1", 2.2);
    folder.done("lr1-s2", 2.2);
    folder.done("lr2-s1", 2.1);
    Files.createDirectories(folder.sweep.job("lr2-s2").path());
    Files.writeString(folder.sweep.failure("lr2-s2"), "out of memory\n");
    assertThat(folder.statuses()).containsExactly("done", "done", "superseded");
  }

  /** Trained for real: rates 1 and 2 first, then a third and a second seed. */
  @Test
  void aSweepWithSettingsEndsInTheBestAndGrows() throws IOException {
    SweepFolder folder = new SweepFolder(temporary.resolve("sweep"));
    String rates = "learning_rate: {value: 0.02, multipliers: [%s]}, seeds: ";
    train(folder, rates.formatted("0.5, 1") + 1);
    Map<String, String> before = statuses(folder);
    assertThat(before).hasSize(8).containsValue("superseded");
    assertThat(before.values().stream().filter("done"::equals)).hasSize(4);
    assertThat(LossPoints.read(folder.points()).points()).hasSize(4);

    Map<String, byte[]> results = new HashMap<>();
    for (String job : before.keySet()) {
      results.put(job, Files.readAllBytes(folder.job(job).result()));
    }
    train(folder, rates.formatted("0.5, 1, 2") + 2);
    Map<String, String> after = statuses(folder);
    assertThat(after).hasSize(24).containsKeys(before.keySet().toArray(String[]::new));
    for (Map.Entry<String, byte[]> result : results.entrySet()) {
      assertThat(folder.job(result.getKey()).result()).hasBinaryContent(result.getValue());
    }
    assertThat(after.values().stream().filter("done"::equals)).hasSize(8);
    LossPoints points = LossPoints.read(folder.points());
    assertThat(points.points()).hasSize(8);
    assertThat(points.runs()).extracting(run -> run.seed().orElseThrow()).contains("1", "2");
  }

  private void train(SweepFolder folder, String training) throws IOException {
    Path yaml =
        TinySweep.write(
            temporary.resolve("tiny.yaml"),
            "2e8",
            4,
            "training: {batch_tokens: 128, min_steps: 50, %s}".formatted(training),
            "evaluation: {tokens: 4000}");
    assertThat(TinySweep.of(yaml, folder, 1).run(new SweepEvents(), () -> false).failed()).isZero();
  }

  private static Map<String, String> statuses(SweepFolder folder) throws IOException {
    return rows(folder).stream()
        .collect(Collectors.toMap(row -> row[0], row -> row[PointsFile.COLUMNS.indexOf("status")]));
  }

  private static List<String[]> rows(SweepFolder folder) throws IOException {
    return Files.readAllLines(folder.points()).stream().skip(1).map(r -> r.split(",", -1)).toList();
  }

  private static Setting cell(double learningRate) {
    return new Setting(learningRate, 1);
  }

  /** A sweep's folder of one cell, two seeds and nobody who trains. */
  private final class Folder {

    private final SweepFolder sweep;
    private final WorkerPlan plan;

    Folder(Setting... settings) throws IOException {
      sweep = new SweepFolder(Files.createTempDirectory(temporary, "folder"));
      PlannedJob[] jobs = new PlannedJob[2 * settings.length];
      for (int i = 0; i < jobs.length; i++) {
        jobs[i] = WorkerPlans.withSetting(settings[i / 2], 1 + i % 2);
      }
      plan = WorkerPlans.of(1, jobs);
      plan.write(sweep.plan());
      Files.writeString(sweep.config(), "");
    }

    void done(String job, double loss) throws IOException {
      end(job, Status.DONE, Optional.of(new HorizonResult(loss, 3)));
    }

    void diverged(String job) throws IOException {
      end(job, Status.DIVERGED, Optional.empty());
    }

    private void end(String id, Status status, Optional<HorizonResult> horizon) throws IOException {
      Job job =
          plan.jobs().stream()
              .map(PlannedJob::job)
              .filter(planned -> planned.id().equals(id))
              .findFirst()
              .orElseThrow();
      String identity = plan.conditions().identity(job);
      Files.createDirectories(sweep.job(id).path());
      new JobResult(id, identity, status, "", 0, job.lastStep(), 0, 1, "cpu", "float32", horizon)
          .write(sweep.job(id).result());
    }

    void write() {
      new PointsFile(sweep, plan).write();
    }

    List<String> statuses() throws IOException {
      write();
      return rows(sweep).stream().map(r -> r[PointsFile.COLUMNS.indexOf("status")]).toList();
    }

    List<String> edges() {
      return BestSettings.atEdges(sweep, plan);
    }
  }
}
