package org.isoflop.harness.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.TinySweep;
import org.isoflop.harness.analysis.RateControl;
import org.isoflop.harness.analysis.SeparateRuns;
import org.isoflop.harness.analysis.points.LossPoints;
import org.isoflop.harness.cli.IsoflopProcess;
import org.isoflop.harness.config.Schedule;
import org.isoflop.harness.config.SweepConfig;
import org.isoflop.harness.data.TokenStore;
import org.isoflop.harness.data.windows.Windows;
import org.isoflop.harness.plan.Job;
import org.isoflop.harness.plan.Lineages;
import org.isoflop.harness.plan.Plan;
import org.isoflop.harness.sweep.SweepStatus.State;
import org.isoflop.harness.train.JobResult;
import org.isoflop.models.Precision;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole sweeps of tiny decoders, trained for real; most tests extend a copy of one of them. */
final class SweepTest {

  @TempDir private static Path folder;
  private static SweepConfig config;
  private static SweepFolder whole;
  private static SweepEvents events;
  private static Sweep.Outcome outcome;

  @BeforeAll
  static void train() throws IOException {
    Path yaml =
        TinySweep.write(
            folder.resolve("tiny.yaml"),
            "3e8, 1e9",
            4,
            "training: {batch_tokens: 64, min_steps: 50, learning_rate: 0.02}",
            "evaluation: {tokens: 4000}");
    config = SweepConfig.read(yaml);
    whole = new SweepFolder(folder.resolve("whole"));
    events = new SweepEvents();
    outcome = TinySweep.of(config, whole, 1).run(events, () -> false);
  }

  /** Returns a copy of the whole sweep. */
  private static SweepFolder copy(String name) throws IOException {
    FileUtils.copyDirectory(whole.path().toFile(), folder.resolve(name).toFile());
    return new SweepFolder(folder.resolve(name));
  }

  /** Returns the configuration with a line of it replaced. */
  private static SweepConfig with(String line, String replacement) throws IOException {
    Path yaml = folder.resolve("with.yaml");
    Files.writeString(yaml, config.toYaml().replaceFirst(line, replacement));
    return SweepConfig.read(yaml);
  }

  @Test
  void leavesEverythingItPromisesAndDoesNothingTwice() throws IOException {
    SweepFolder sweep = whole;
    assertThat(outcome.failed()).isZero();
    int jobs = outcome.jobs();
    assertThat(jobs).isEqualTo(events.ended.size()).isGreaterThan(5);
    assertThat(SweepConfig.read(sweep.config())).isEqualTo(config.on(Precision.FLOAT32));
    assertThat(sweep.environment())
        .content()
        .contains("\"libtorch\"", "\"seed\" : 1")
        .contains(TokenStore.open(sweep.tokens()).statistics().hash());
    assertThat(Files.readAllLines(sweep.planTable())).hasSize(jobs + 1);
    List<String> cells = events.ended.stream().filter(job -> !job.endsWith("-trunk")).toList();
    assertThat(cells).hasSize(8);
    assertThat(Files.readAllLines(sweep.points())).hasSize(cells.size() + 1);
    List<String> header = List.of(Files.readAllLines(sweep.points()).get(0).split(",", -1));
    assertThat(header).startsWith("job", "budget_flops", "params", "tokens", "loss");
    assertThat(header)
        .endsWith(
            "status",
            "precision",
            "seconds",
            "device",
            "spikes",
            "learning_rate_departure",
            "batch_departure",
            "learning_rate_multiplier",
            "batch_multiplier",
            "short_of_steps",
            "changes",
            "unique_tokens",
            "epochs");
    long pass = 16 * Windows.count(TokenStore.open(sweep.tokens()).train().count(), 16);
    assertThat(rows(sweep.points()))
        .hasSize(8)
        .allSatisfy(
            row -> {
              long tokens = Long.parseLong(row[PointsFile.COLUMNS.indexOf("tokens")]);
              assertThat(row)
                  .endsWith(
                      String.valueOf(Math.min(tokens, pass)),
                      String.valueOf((double) tokens / pass));
            });
    assertThat(sweep.points()).content().contains(",done,float32,");
    for (String job : events.ended) {
      assertThat(sweep.job(job).result()).exists();
      assertThat(sweep.job(job).checkpoints()).doesNotExist();
    }
    for (String job : cells) {
      assertThat(sweep.job(job).weights()).exists();
      assertThat(sweep.job(job).evaluations()).exists();
    }
    Lineages lineages = new Lineages(events.plan.jobs());
    for (Job job : events.plan.jobs()) {
      boolean tip =
          job.horizon().isEmpty()
              && lineages.children(job).stream().allMatch(child -> child.horizon().isPresent());
      assertThat(Files.exists(sweep.job(job.id()).end())).as("end of " + job.id()).isEqualTo(tip);
    }
    assertThat(events.plan.jobs()).anyMatch(job -> lineages.of(job).size() == 3);
    SweepStatus status = SweepStatus.read(sweep);
    assertThat(status.running()).isFalse();
    assertThat(status.count(State.DONE)).isEqualTo(jobs);
    assertThat(status.left().seconds()).isZero();
    assertThat(status.fraction()).isEqualTo(1);

    byte[] before = Files.readAllBytes(sweep.points());
    SweepEvents again = new SweepEvents();
    TinySweep.of(config, sweep, 1).run(again, () -> false);
    assertThat(again.started).isEmpty();
    assertThat(Files.readAllBytes(sweep.points())).isEqualTo(before);
  }

  @Tag("slow")
  @Test
  void pointsDoNotDependOnSlotsStopsOrAKilledWorker() throws IOException {
    SweepFolder hurt = new SweepFolder(folder.resolve("hurt"));
    SweepEvents first = new SweepEvents();
    assertThat(TinySweep.of(config, hurt, 1).run(first, () -> first.ended.size() > 9).stopped())
        .isTrue();
    SweepEvents second = new SweepEvents();
    AtomicBoolean killed = new AtomicBoolean();
    BooleanSupplier killOnce =
        () -> {
          if (!second.ended.isEmpty() && killed.compareAndSet(false, true)) {
            IsoflopProcess.of(hurt.path()).stream()
                .findFirst()
                .ifPresent(ProcessHandle::destroyForcibly);
          }
          return false;
        };
    assertThat(TinySweep.of(config, hurt, 2).run(second, killOnce).failed()).isZero();
    assertThat(second.remarks).anyMatch(line -> line.contains("(killed by signal 9), another"));
    assertThat(PointsWithoutSeconds.of(hurt.points()))
        .isEqualTo(PointsWithoutSeconds.of(whole.points()));
  }

  @Test
  void aGrownConfigurationTrainsOnlyWhatIsNew() throws IOException {
    SweepFolder sweep = copy("grown");
    List<String> before = PointsWithoutSeconds.of(sweep.points());
    SweepConfig grown = with("- 1.0e\\+9", "- 1.0e+9\n  - 2.0e+9");
    assertThat(grown.grid().budgets()).containsExactly(3e8, 1e9, 2e9);
    SweepEvents events = new SweepEvents();
    assertThat(TinySweep.of(grown, sweep, 1).run(events, () -> false).failed()).isZero();
    assertThat(events.ended.stream().filter(job -> job.contains("-s1")))
        .hasSize(8)
        .allMatch(job -> job.startsWith("c2e9-"));
    assertThat(events.ended.stream().filter(job -> !job.contains("-s1")))
        .as("a repeat, now that there will be an exponent")
        .hasSize(2)
        .allMatch(job -> job.contains("-s2"));
    assertThat(SweepConfig.read(sweep.config())).isEqualTo(grown.on(Precision.FLOAT32));
    assertThat(PointsWithoutSeconds.of(sweep.points())).containsAll(before).hasSize(14);
    Lineages lineages = new Lineages(events.plan.jobs());
    List<Job> onward =
        events.plan.jobs().stream()
            .filter(job -> job.id().startsWith("c2e9-") && job.horizon().isEmpty())
            .filter(job -> job.parent().isPresent())
            .toList();
    assertThat(onward).isNotEmpty();
    for (Job job : onward) {
      assertThat(JobResult.read(sweep.job(job.id())).orElseThrow().startStep())
          .as("goes on from the tip")
          .isEqualTo(lineages.parent(job).orElseThrow().lastStep());
    }
    SweepConfig changed = with("learning_rate: 0.02", "learning_rate: 0.01");
    assertThatThrownBy(() -> TinySweep.of(changed, sweep, 1))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("training.learning_rate is 0.02, now 0.01");
  }

  @Test
  void refusesAFolderOfAnotherSweepAndAForeignOne() throws IOException {
    SweepFolder sweep = new SweepFolder(folder.resolve("mine"));
    sweep.writeConfig(
        SweepConfig.of("other", List.of("src/main/java"), List.of(1e9, 1e10))
            .on(Precision.FLOAT32));
    assertThatThrownBy(() -> TinySweep.of(config, sweep, 1))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("another configuration")
        .hasMessageContaining("evaluation.tokens is 200000, now 4000")
        .message()
        .doesNotContain("grid.budgets");

    Files.createDirectories(folder.resolve("foreign"));
    Files.writeString(folder.resolve("foreign/thesis.txt"), "do not touch");
    assertThatThrownBy(() -> TinySweep.of(config, new SweepFolder(folder.resolve("foreign")), 1))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("holds files but no sweep");
  }

  @Test
  void twoProcessesCannotRunTheSameSweep() {
    SweepFolder sweep = new SweepFolder(folder.resolve("locked"));
    try (LockFile.Held lock = sweep.lock()) {
      assertThat(sweep.isLocked()).isTrue();
      assertThatThrownBy(() -> TinySweep.of(config, sweep, 1).run(new SweepEvents(), () -> false))
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("another process is running this sweep");
    }
    assertThat(sweep.isLocked()).isFalse();
  }

  @Test
  void oneJobThatFailsDoesNotStopTheOthers() throws IOException {
    SweepFolder sweep = copy("failing");
    Plan plan = events.plan;
    Lineages lineages = new Lineages(plan.jobs());
    Job stretch =
        plan.jobs().stream()
            .filter(job -> lineages.children(job).size() == 2)
            .findFirst()
            .orElseThrow();
    String victim = stretch.id();
    List<String> after =
        plan.jobs().stream()
            .filter(job -> lineages.of(job).contains(stretch))
            .map(Job::id)
            .toList();
    List<String> others =
        plan.jobs().stream()
            .map(Job::id)
            .filter(job -> !after.contains(job) && !job.endsWith("-trunk"))
            .limit(2)
            .toList();
    for (String job : after) {
      FileUtils.deleteDirectory(sweep.job(job).path().toFile());
    }
    for (String job : others) {
      Files.delete(sweep.job(job).result());
    }
    // A file where the job's folder must be: the job cannot be trained.
    Files.writeString(sweep.job(victim).path(), "in the way");
    SweepEvents events = new SweepEvents();
    Sweep.Outcome outcome = TinySweep.of(config, sweep, 1).run(events, () -> false);
    assertThat(outcome.failed()).isEqualTo(1);
    assertThat(outcome.waiting()).as("those that go on from it").isEqualTo(after.size() - 1);
    assertThat(events.failed).containsExactly(victim);
    assertThat(events.ended).containsExactlyInAnyOrderElementsOf(others);

    Files.delete(sweep.job(victim).path());
    SweepEvents second = new SweepEvents();
    assertThat(TinySweep.of(config, sweep, 1).run(second, () -> false).failed()).isZero();
    assertThat(second.ended).containsExactlyInAnyOrderElementsOf(after);
  }

  /** The same cells, with and without trunks: points differ in what they cost alone. */
  @Test
  void pointsAreThoseOfRunsOfTheirOwn() throws IOException {
    SweepFolder separate = new SweepFolder(folder.resolve("separate"));
    SweepEvents alone = new SweepEvents();
    TinySweep.of(with("kind: trunk\n    tolerance", "kind: none\n    tolerance"), separate, 1)
        .run(alone, () -> false);

    assertThat(alone.ended).hasSize(8);
    assertThat(events.plan.flops()).isLessThan(alone.plan.flops());
    Map<String, String[]> runs =
        rows(separate.points()).collect(Collectors.toMap(row -> row[0], Function.identity()));
    List<String[]> branches = rows(whole.points()).toList();
    assertThat(branches).hasSize(8);
    Map<String, Schedule.Fitted> schedules =
        alone.plan.jobs().stream().collect(Collectors.toMap(Job::id, Job::schedule));
    List<String> same =
        events.plan.jobs().stream()
            .filter(job -> job.schedule().equals(schedules.get(job.id())))
            .map(Job::id)
            .toList();
    assertThat(same).as("branches with the settings of their own").hasSizeGreaterThan(3);
    for (String[] branch : branches) {
      String[] run = runs.get(branch[0]);
      if (same.contains(branch[0])) {
        for (String own : List.of("lineage", "seconds")) {
          branch[PointsFile.COLUMNS.indexOf(own)] = run[PointsFile.COLUMNS.indexOf(own)];
        }
        assertThat(branch).isEqualTo(run);
      }
    }
  }

  @Test
  void cellsAreTrainedAsSeparateRunsTooWhereAsked() throws IOException {
    SweepFolder sweep = copy("verified");
    Sweep.Outcome outcome =
        TinySweep.of(with("verify: 0", "verify: 2"), sweep, 1).run(new SweepEvents(), () -> false);
    assertThat(outcome.failed()).isZero();
    assertThat(outcome.points()).as("of its cells").isEqualTo(8);
    int status = PointsFile.COLUMNS.indexOf("status");
    assertThat(rows(sweep.points()).filter(row -> row[status].equals("verification")))
        .hasSize(2)
        .allMatch(row -> row[0].endsWith("-separate"))
        .allMatch(row -> row[PointsFile.COLUMNS.indexOf("lineage")].equals(row[0]));
    LossPoints points = LossPoints.read(sweep.points());
    assertThat(points.points()).hasSize(8);
    assertThat(SeparateRuns.pairs(points))
        .hasSize(2)
        .allMatch(pair -> pair.branch().budget() == pair.separate().budget())
        .allMatch(pair -> Math.abs(pair.branch().loss() / pair.separate().loss() - 1) < 0.2)
        .noneMatch(pair -> pair.branch().loss() == pair.separate().loss());
    TinySweep.of(config, sweep, 1).run(new SweepEvents(), () -> false);
    assertThat(LossPoints.read(sweep.points())).as("what was planned stays").isEqualTo(points);
  }

  @Test
  void someCellsAreTrainedAtOtherLearningRatesTooToCheckThem() throws IOException {
    SweepFolder sweep = copy("controlled");
    Sweep.Outcome outcome =
        TinySweep.of(with("control: .*", "control: 0.2"), sweep, 1)
            .run(new SweepEvents(), () -> false);
    assertThat(outcome.failed()).isZero();
    assertThat(outcome.points()).as("of its cells").isEqualTo(8);
    int status = PointsFile.COLUMNS.indexOf("status");
    List<String[]> controls =
        rows(sweep.points()).filter(row -> row[status].equals("control")).toList();
    assertThat(controls).isNotEmpty().allMatch(row -> row[0].matches(".*-control(0\\.5|2)"));
    LossPoints points = LossPoints.read(sweep.points());
    assertThat(points.points()).hasSize(8);
    assertThat(points.warnings()).noneMatch(warning -> warning.contains("learning_rate"));
    assertThat(RateControl.cells(points)).hasSize(controls.size() / 2);
    for (RateControl.Cell cell : RateControl.cells(points)) {
      assertThat(cell.others().keySet()).containsExactly(0.5, 2.0);
      assertThat(cell.points()).hasSize(1);
      assertThat(cell.others().values()).noneMatch(loss -> loss == cell.loss());
      assertThat(Math.abs(cell.difference(0.5))).isLessThan(0.2);
    }
  }

  private static Stream<String[]> rows(Path points) throws IOException {
    return Files.readAllLines(points).stream().skip(1).map(row -> row.split(",", -1));
  }
}
