package org.isoflop.harness.sweep;

import ai.djl.Device;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.isoflop.harness.Cache;
import org.isoflop.harness.config.SweepConfig;
import org.isoflop.harness.data.CorpusStatistics;
import org.isoflop.harness.data.TokenStore;
import org.isoflop.harness.data.Windows;
import org.isoflop.harness.plan.DataFacts;
import org.isoflop.harness.plan.Job;
import org.isoflop.harness.plan.Machine;
import org.isoflop.harness.plan.Plan;
import org.isoflop.harness.plan.PlanFiles;
import org.isoflop.harness.train.Conditions;
import org.isoflop.harness.train.JobResult;
import org.isoflop.harness.train.MeasuredThroughput;
import org.isoflop.harness.train.Trainer;
import org.isoflop.harness.train.TrainingData;
import org.isoflop.models.DeviceMemory;
import org.isoflop.models.Precision;
import org.isoflop.models.TorchRuntime;

/**
 * One sweep, top to bottom: corpus → plan → jobs → points. Run again in the same folder it goes on
 * where it stopped.
 */
public final class Sweep {

  private final SweepConfig config;
  private final SweepFolder folder;
  private final Settings settings;
  private final SweepText text;
  private final Cache cache = Cache.ofUser();
  private final MeasuredThroughput speeds;

  /**
   * How a sweep is run, as opposed to what it is.
   *
   * @param device where all jobs train
   * @param slots jobs at once
   * @param checkpointEvery time between a job's checkpoints
   */
  public record Settings(Device device, int slots, Duration checkpointEvery) {}

  /**
   * How a sweep ended.
   *
   * @param jobs in the plan
   * @param done jobs that have reached their horizons, now or in an earlier run
   * @param failed jobs that could not be trained; the same command tries them again
   * @param halfWay jobs that saved where they were when they were asked to stop
   * @param stopped whether it was asked to stop before the end
   */
  public record Outcome(int jobs, int done, int failed, int halfWay, boolean stopped) {}

  /**
   * Prepares a sweep; nothing is written.
   *
   * @param asked whose precision, where it is {@code auto}, is that of the sweep in the folder, or
   *     that of the device where none has begun
   * @param configFile where the configuration was read from
   * @throws org.isoflop.harness.BadInputException if the folder holds something else
   */
  public Sweep(SweepConfig asked, Path configFile, SweepFolder folder, Settings settings) {
    this.config = folder.configuration(asked, TorchRuntime.precision(settings.device()));
    this.folder = folder;
    this.settings = settings;
    this.text = new SweepText(config.corpus(), configFile, folder, cache);
    this.speeds = new MeasuredThroughput(settings.device(), precision(), cache);
  }

  /** Measures the corpus, or takes what an earlier run measured; writes nothing. */
  public CorpusStatistics corpus() {
    return text.measure();
  }

  /**
   * Plans the sweep; writes nothing.
   *
   * @throws org.isoflop.harness.BadInputException if the plan cannot be trained on this corpus
   */
  public Plan plan(CorpusStatistics corpus) {
    evaluatedWindows(corpus);
    Plan plan = Plan.of(config, facts(corpus), speeds);
    speeds.remember();
    return plan.warnedOf(corpus.warnings()).warnedOf(machine().warnings(plan.forecast()));
  }

  /** Returns how long ago the speeds that a plan forecasts by were timed. */
  public Duration speedsAge() {
    return Duration.between(speeds.since(), Instant.now());
  }

  /** Returns what the sweep is to run on. */
  public Machine machine() {
    return new Machine(
        settings.device().isGpu(),
        settings.slots(),
        Runtime.getRuntime().availableProcessors(),
        DeviceMemory.of(settings.device()));
  }

  /** Returns what a plan must know of the corpus. */
  public DataFacts facts(CorpusStatistics corpus) {
    return new DataFacts(
        corpus.trainTokens(), corpus.validationTokens(), text.tokenizer().vocabulary());
  }

  /**
   * Runs what is left of the sweep.
   *
   * @param stop once true, running jobs save a checkpoint and the sweep ends
   * @throws org.isoflop.harness.BadInputException if the input is wrong; nothing has been written
   *     then
   */
  public Outcome run(SweepObserver observer, BooleanSupplier stop) {
    folder.checkUnlocked();
    observer.preparing("reading the corpus");
    try (SweepText.Opened opened = text.open()) {
      return run(opened, observer, stop);
    }
  }

  private Outcome run(SweepText.Opened opened, SweepObserver observer, BooleanSupplier stop) {
    CorpusStatistics corpus = opened.statistics();
    observer.preparing("timing the device");
    Plan plan = plan(corpus);
    machine().checkFits(plan.forecast());
    try (SweepFolder.Lock lock = folder.lock()) {
      folder.writeConfig(config);
      TokenStore tokens = opened.tokens(folder.tokens());
      Environment.write(
          folder.environment(),
          config,
          corpus,
          TorchRuntime.name(settings.device()),
          precision().name().toLowerCase(Locale.ROOT));
      if (!Files.exists(folder.plan())) {
        PlanFiles.write(plan, folder.plan());
      }
      Conditions conditions = conditions(corpus);
      PointsFile points = new PointsFile(folder, plan.jobs(), conditions);
      observer.planned(
          corpus,
          plan,
          points.results().keySet().stream().map(Job::id).collect(Collectors.toSet()));
      LocalExecutor.Tally tally = train(plan, tokens, conditions, points, observer, stop);
      points.write();
      int done =
          (int)
              points.results().values().stream()
                  .filter(result -> result.status() == JobResult.Status.DONE)
                  .count();
      return new Outcome(
          plan.jobs().size(), done, tally.failed(), tally.halfWay(), stop.getAsBoolean());
    }
  }

  private Precision precision() {
    return config.training().precision().decided();
  }

  private Conditions conditions(CorpusStatistics corpus) {
    return new Conditions(
        corpus.hash(),
        text.tokenizer().name(),
        config.corpus().validationFraction(),
        evaluatedWindows(corpus),
        precision());
  }

  private long evaluatedWindows(CorpusStatistics corpus) {
    return Windows.evaluated(
        corpus.validationTokens(), config.decoder().context(), config.evaluation().tokens());
  }

  private LocalExecutor.Tally train(
      Plan plan,
      TokenStore tokens,
      Conditions conditions,
      PointsFile points,
      SweepObserver observer,
      BooleanSupplier stop) {
    CorpusStatistics corpus = tokens.statistics();
    TrainingData data =
        new TrainingData(
            tokens.train(),
            tokens.validation(),
            settings.device(),
            corpus.tokensPerByte(),
            corpus.unigramNats(),
            conditions);
    return new LocalExecutor(folder, plan, points, settings.slots(), observer)
        .run(
            job ->
                new Trainer(
                    job,
                    data,
                    folder.job(job.id()),
                    new Trainer.Settings(
                        config.training().microBatchTokens(), settings.checkpointEvery()),
                    observer),
            stop);
  }
}
