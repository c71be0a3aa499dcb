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
import java.util.function.ToDoubleFunction;
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

  /**
   * What a row is of.
   *
   * @param trunk id of the first job of its lineage
   * @param seconds that its lineage took
   * @param epoch tokens of one; 0 where nothing in the folder says
   */
  private record Row(
      Job job,
      Horizon horizon,
      JobResult result,
      String status,
      String trunk,
      double seconds,
      long epoch) {

    DecoderConfig decoder() {
      return job.decoder();
    }

    ParameterCounts counts() {
      return decoder().parameters();
    }

    /** Returns one of the losses that were reached. */
    double loss(ToDoubleFunction<HorizonResult> which) {
      return result.horizon().stream().mapToDouble(which).findFirst().orElse(Double.NaN);
    }
  }

  private static final CsvFiles.Columns<Row> TABLE =
      new CsvFiles.Columns<Row>()
          .with("job", row -> row.job().id())
          .with("budget_flops", row -> row.horizon().budget())
          .with("params", row -> row.counts().total())
          .with("tokens", row -> row.horizon().tokens())
          .with("loss", row -> row.loss(HorizonResult::loss))
          .with("bits_per_byte", row -> row.loss(HorizonResult::bitsPerByte))
          .with("params_embedding", row -> row.counts().embedding())
          .with("params_attention", row -> row.counts().attention())
          .with("params_mlp", row -> row.counts().mlp())
          .with("params_norm", row -> row.counts().norm())
          .with("params_head", row -> row.counts().head())
          .with("flops_per_token", row -> row.decoder().flopsPerToken())
          .with("flops", row -> row.horizon().flops())
          .with("layers", row -> row.decoder().layers())
          .with("width", row -> row.decoder().width())
          .with("heads", row -> row.decoder().heads())
          .with("context", row -> row.decoder().options().context())
          .with("batch_tokens", row -> row.job().batchTokens())
          .with("steps", row -> row.horizon().steps())
          .with("learning_rate", row -> row.job().schedule().peak())
          .with("seed", row -> row.job().seed())
          .with("lineage", Row::trunk)
          .with("status", Row::status)
          .with("precision", row -> row.result().precision())
          .with("seconds", row -> Math.round(10 * row.seconds()) / 10.0)
          .with("device", row -> row.result().device())
          .with("spikes", row -> row.result().spikes())
          .with("learning_rate_departure", row -> row.horizon().learningRateDeparture())
          .with("batch_departure", row -> row.horizon().batchDeparture())
          .with("learning_rate_multiplier", row -> row.horizon().setting().learningRate())
          .with("batch_multiplier", row -> row.horizon().setting().batch())
          .with("short_of_steps", row -> row.job().shortOfSteps())
          .with("changes", row -> row.horizon().setting().changes().toString())
          .with(
              "unique_tokens",
              row -> row.epoch() == 0 ? "" : Math.min(row.horizon().tokens(), row.epoch()))
          .with(
              "epochs",
              row -> row.epoch() == 0 ? "" : (double) row.horizon().tokens() / row.epoch());

  static final List<String> COLUMNS = TABLE.names();

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
    underLock(() -> TABLE.write(folder.points(), rows()));
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
          List<Row> rows = rows();
          Path points = folder.points();
          String before = Files.exists(points) ? Files.readString(points) : "";
          Set<String> jobs = rows.stream().map(row -> row.job().id() + ",").collect(toSet());
          boolean keepsAll =
              before
                  .lines()
                  .skip(1)
                  .allMatch(line -> jobs.contains(line.substring(0, line.indexOf(',') + 1)));
          if (keepsAll && !rows.isEmpty() && !before.equals(TABLE.text(rows))) {
            TABLE.write(points, rows);
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

  private List<Row> rows() {
    Map<Job, Optional<JobResult>> read = new HashMap<>();
    Function<Job, Optional<JobResult>> results = job -> read.computeIfAbsent(job, this::result);
    BestSettings best = new BestSettings(folder, plan, results);
    long trainTokens = trainTokens();
    List<Row> rows = new ArrayList<>();
    for (PlannedJob planned : plan.jobs()) {
      Job job = planned.job();
      job.horizon()
          .flatMap(
              horizon ->
                  results
                      .apply(job)
                      .map(
                          end ->
                              new Row(
                                  job,
                                  horizon,
                                  end,
                                  status(job, end, best),
                                  lineages.trunk(job),
                                  seconds(job, end, results),
                                  DataFacts.epochTokens(
                                      trainTokens, job.decoder().options().context()))))
          .ifPresent(rows::add);
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
