package org.isoflop.harness.sweep;

import static java.util.stream.Collectors.toSet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.isoflop.harness.AtomicFiles;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.CsvFiles;
import org.isoflop.harness.plan.DataFacts;
import org.isoflop.harness.plan.Horizon;
import org.isoflop.harness.plan.Job;
import org.isoflop.harness.plan.Lineages;
import org.isoflop.harness.sweep.WorkerPlan.PlannedJob;
import org.isoflop.harness.train.JobFolder;
import org.isoflop.harness.train.JobResult;
import org.isoflop.harness.train.JobResult.HorizonResult;
import org.isoflop.harness.train.JobResult.Status;
import org.isoflop.models.DecoderConfig;
import org.isoflop.models.ParameterCounts;

/**
 * {@code points.csv}: one row per horizon of every job that has ended, in the plan's order, with
 * every count needed to change convention later. Steps, tokens, FLOPs and seconds are those of the
 * whole lineage; {@code lineage} is its trunk, whose errors the rows of one share. The row of a job
 * that diverged has the loss NaN and its status says so; one of a setting that is not its cell's
 * best has the status {@code superseded}, that of a separate run beside a branch {@code
 * verification}, that of a run at another learning rate beside it {@code control}, whether it
 * diverged or not; {@code spikes} counts how often a training loss rose and came back, {@code
 * short_of_steps} names what of its schedule had too few steps to act, {@code changes} what of the
 * cell is not as the configuration has it, such as {@code weight_decay=0.3}; {@code unique_tokens}
 * are the {@code tokens} with repeated ones counted once, and {@code epochs} the tokens over those
 * of one epoch; both empty where nothing in the folder says how many these are.
 */
public final class PointsFile {

  static final List<String> COLUMNS =
      List.of(
          "job",
          "budget_flops",
          "params",
          "tokens",
          "loss",
          "bits_per_byte",
          "params_embedding",
          "params_attention",
          "params_mlp",
          "params_norm",
          "params_head",
          "flops_per_token",
          "flops",
          "layers",
          "width",
          "heads",
          "context",
          "batch_tokens",
          "steps",
          "learning_rate",
          "seed",
          "lineage",
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

  private final SweepFolder folder;
  private final WorkerPlan plan;
  private final Lineages lineages;

  PointsFile(SweepFolder folder, WorkerPlan plan) {
    this.folder = folder;
    this.plan = plan;
    this.lineages = plan.lineages();
  }

  /**
   * Writes the points of all jobs that have ended, whoever trained them. One at a time does, so
   * that nobody puts what it read earlier over what another has read since. A result that is
   * damaged or of another job is no point: it fails the job it stands for, when that job's turn
   * comes.
   */
  void write() {
    underLock(() -> CsvFiles.write(folder.points(), COLUMNS, rows()));
  }

  /**
   * Adds what the points of a sweep lack, before they are read: who ended a job may have died right
   * then. What the file has and no result is there for stays, and all of it where there is no plan,
   * or nothing can be written.
   */
  public static void complete(SweepFolder folder) {
    if (!Files.exists(folder.plan()) || !Files.isWritable(folder.path())) {
      return;
    }
    try {
      new PointsFile(folder, WorkerPlan.read(folder)).complete();
    } catch (BadInputException e) {
      // A plan that cannot be read, a copy where nothing can be locked: no fault of the points.
    }
  }

  private void complete() {
    underLock(
        () -> {
          List<List<?>> rows = rows();
          Path points = folder.points();
          String before = Files.exists(points) ? Files.readString(points) : "";
          Set<String> jobs = rows.stream().map(row -> row.get(0) + ",").collect(toSet());
          boolean keepsAll =
              before
                  .lines()
                  .skip(1)
                  .allMatch(line -> jobs.contains(line.substring(0, line.indexOf(',') + 1)));
          if (keepsAll && !rows.isEmpty() && !before.equals(CsvFiles.text(COLUMNS, rows))) {
            CsvFiles.write(points, COLUMNS, rows);
          }
        });
  }

  /** Writes something. */
  private interface Writing {
    void write() throws IOException;
  }

  private void underLock(Writing writing) {
    try (LockFile.Held held = folder.pointsLock().hold()) {
      writing.write();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + folder.points() + ": " + e.getMessage(), e);
    }
  }

  private List<List<?>> rows() {
    Map<Job, Optional<JobResult>> read = new HashMap<>();
    Function<Job, Optional<JobResult>> results = job -> read.computeIfAbsent(job, this::result);
    BestSettings best = new BestSettings(folder, plan, results);
    long trainTokens = trainTokens();
    List<List<?>> rows = new ArrayList<>();
    for (PlannedJob planned : plan.jobs()) {
      Job job = planned.job();
      Optional<JobResult> result = job.horizon().flatMap(horizon -> results.apply(job));
      result.ifPresent(
          end -> rows.add(row(job, end, status(job, end, best), results, trainTokens)));
    }
    return rows;
  }

  /** Returns how a job has ended, if it has, and its file is whole and its own. */
  Optional<JobResult> result(Job job) {
    JobFolder files = folder.job(job.id());
    try {
      String identity = plan.conditions().identity(job);
      Optional<JobResult> result = JobResult.read(files, identity);
      if (result.isEmpty() && Files.isDirectory(files.path())) {
        AtomicFiles.lookAnew(files.path()); // another machine may have ended it just now
        result = JobResult.read(files, identity);
      }
      return result;
    } catch (BadInputException | IOException e) {
      return Optional.empty();
    }
  }

  /** Returns the tokens of the train split; 0 where the folder does not say. */
  private long trainTokens() {
    try {
      return Environment.trainTokens(folder.environment()).orElse(0);
    } catch (BadInputException e) {
      return 0; // damaged: said where it matters
    }
  }

  private List<?> row(
      Job job,
      JobResult result,
      String status,
      Function<Job, Optional<JobResult>> results,
      long trainTokens) {
    Horizon horizon = job.horizon().orElseThrow();
    DecoderConfig decoder = job.decoder();
    long epoch = DataFacts.epochTokens(trainTokens, decoder.options().context());
    ParameterCounts counts = decoder.parameters();
    return List.of(
        job.id(),
        horizon.budget(),
        counts.total(),
        horizon.tokens(),
        result.horizon().map(HorizonResult::loss).orElse(Double.NaN),
        result.horizon().map(HorizonResult::bitsPerByte).orElse(Double.NaN),
        counts.embedding(),
        counts.attention(),
        counts.mlp(),
        counts.norm(),
        counts.head(),
        decoder.flopsPerToken(),
        horizon.flops(),
        decoder.layers(),
        decoder.width(),
        decoder.heads(),
        decoder.options().context(),
        job.batchTokens(),
        horizon.steps(),
        job.schedule().peak(),
        job.seed(),
        lineages.trunk(job),
        status,
        result.precision(),
        Math.round(10 * seconds(job, result, results)) / 10.0,
        result.device(),
        result.spikes(),
        horizon.learningRateDeparture(),
        horizon.batchDeparture(),
        horizon.setting().learningRate(),
        horizon.setting().batch(),
        job.shortOfSteps(),
        horizon.setting().changes().toString(),
        epoch == 0 ? "" : Math.min(horizon.tokens(), epoch),
        epoch == 0 ? "" : (double) horizon.tokens() / epoch);
  }

  private static String status(Job job, JobResult result, BestSettings best) {
    if (job.isFor(Horizon.Use.CONTROL)) {
      return "control";
    }
    if (result.status() == Status.DIVERGED) {
      return "diverged";
    }
    if (job.isFor(Horizon.Use.VERIFICATION)) {
      return "verification";
    }
    return best.superseded(job) ? "superseded" : "done";
  }

  /** Returns what those jobs of a lineage took whose states its last one's came from. */
  private double seconds(Job job, JobResult result, Function<Job, Optional<JobResult>> results) {
    double seconds = result.seconds();
    long reached = result.startStep();
    List<Job> lineage = lineages.of(job);
    for (int i = lineage.size() - 2; i >= 0 && reached > 0; i--) {
      Optional<JobResult> before = results.apply(lineage.get(i));
      if (before.isPresent() && lineage.get(i).lastStep() == reached) {
        seconds += before.get().seconds();
        reached = before.get().startStep();
      }
    }
    return seconds;
  }
}
