package org.isoflop.harness.sweep;

import ai.djl.Device;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.isoflop.harness.Cache;
import org.isoflop.harness.config.SweepConfig;
import org.isoflop.harness.data.CorpusStatistics;
import org.isoflop.harness.data.windows.Windows;
import org.isoflop.harness.plan.DataFacts;
import org.isoflop.harness.plan.EvaluationSteps;
import org.isoflop.harness.plan.Machine;
import org.isoflop.harness.plan.Plan;
import org.isoflop.harness.plan.PlanFiles;
import org.isoflop.harness.sweep.SweepStatus.JobStatus;
import org.isoflop.harness.sweep.SweepStatus.State;
import org.isoflop.harness.sweep.WorkerPlan.PlannedJob;
import org.isoflop.harness.train.Conditions;
import org.isoflop.harness.train.MeasuredThroughput;
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
  private final Optional<WorkerPlan> begun;
  private final SweepText text;
  private final Cache cache = Cache.ofUser();
  private final MeasuredThroughput speeds;

  /**
   * How a sweep is run, as opposed to what it is.
   *
   * @param devices where jobs train, at least one
   * @param slots jobs at once on each
   * @param checkpointEvery least time between a job's checkpoints
   * @param program the command line that runs isoflop, for workers in processes of their own
   */
  public record Settings(
      List<Device> devices, int slots, Duration checkpointEvery, Supplier<List<String>> program) {

    /** Copies the list. */
    public Settings {
      devices = List.copyOf(devices);
    }

    /** Returns the first device, which stands for the others where one must. */
    public Device device() {
      return devices.get(0);
    }

    private int workers() {
      return devices.size() * slots;
    }

    /** Returns the device of each worker: every device has one before any has two. */
    private List<Device> workerDevices() {
      return Collections.nCopies(slots, devices).stream().flatMap(List::stream).toList();
    }
  }

  /**
   * How a sweep ended.
   *
   * @param jobs in the plan
   * @param done jobs that have reached their ends, now or in an earlier run
   * @param points horizons among them
   * @param failed jobs that could not be trained, which the same command tries again
   * @param waiting jobs that were to go on from those, and so were not begun
   * @param halfWay jobs that saved where they were when they were asked to stop
   * @param stopped whether it was asked to stop before the end
   */
  public record Outcome(
      int jobs, int done, int points, int failed, int waiting, int halfWay, boolean stopped) {}

  /**
   * Prepares a sweep; nothing is written.
   *
   * @param asked whose precision, where it is {@code auto}, is that of the sweep in the folder, or
   *     that of the device where none has begun
   * @param configFile where the configuration was read from
   * @throws org.isoflop.harness.BadInputException if the folder holds something else
   */
  public Sweep(SweepConfig asked, Path configFile, SweepFolder folder, Settings settings) {
    this.config = folder.configuration(asked, precision(settings.devices()));
    this.begun = folder.isPlanned() ? Optional.of(WorkerPlan.read(folder)) : Optional.empty();
    this.folder = folder;
    this.settings = settings;
    this.text = new SweepText(config.corpus(), configFile, folder, cache);
    this.speeds = new MeasuredThroughput(settings.device(), precision(), cache);
  }

  /**
   * Looks for the files of the corpus, and reads none.
   *
   * @throws org.isoflop.harness.BadInputException where there are none
   */
  public void findCorpus() {
    text.find();
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
    Plan plan = planElsewhere(corpus);
    return plan.warnedOf(machine().warnings(plan));
  }

  /** Plans the sweep for other machines than this one. */
  private Plan planElsewhere(CorpusStatistics corpus) {
    evaluatedWindows(corpus);
    Plan plan =
        Plan.of(
            config,
            facts(corpus),
            speeds,
            machine().passes(config.training().microBatchTokens()),
            begun.stream().flatMap(was -> was.jobs().stream()).map(PlannedJob::job).toList());
    speeds.remember();
    return plan.warnedOf(begun.map(was -> BestSettings.atEdges(folder, was)).orElse(List.of()))
        .warnedOf(corpus.warnings());
  }

  /** Returns how long ago the speeds that a plan forecasts by were timed. */
  public Duration speedsAge() {
    return Duration.between(speeds.since(), Instant.now());
  }

  /** Returns what the sweep is to run on. */
  public Machine machine() {
    return new Machine(
        settings.device().isGpu() ? settings.devices().size() : 0,
        settings.slots(),
        Runtime.getRuntime().availableProcessors(),
        DeviceMemory.of(settings.device()));
  }

  /** Returns what a plan must know of the corpus. */
  public DataFacts facts(CorpusStatistics corpus) {
    return new DataFacts(corpus.trainTokens(), corpus.validationTokens(), text.vocabulary());
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
    observer.preparing("timing the device");
    Plan plan = plan(opened.statistics());
    machine().checkFits(plan);
    try (LockFile.Held lock = folder.lock()) {
      JobQueue queue = begin(opened, plan, observer);
      WorkerPlan jobs = queue.plan();
      SweepStatus end = train(jobs, queue, observer, stop);
      new PointsFile(folder, jobs).write();
      tidy(jobs, end);
      boolean stopped = stop.getAsBoolean();
      return outcome(end, stopped ? 0 : queue.left(), stopped);
    }
  }

  /** Writes all that a worker must find in the folder, which is locked. */
  private JobQueue begin(SweepText.Opened opened, Plan plan, SweepObserver observer) {
    CorpusStatistics corpus = opened.statistics();
    folder.checkTrainedAsPlanned(plan.jobs(), conditions(corpus));
    folder.writeConfig(config);
    opened.tokens(folder.tokens());
    if (!Files.exists(folder.environment())) {
      Environment.of(config, corpus, text, TorchRuntime.name(settings.device()))
          .write(folder.environment());
    }
    PlanFiles.write(plan, folder.planTable());
    WorkerPlan jobs =
        WorkerPlan.of(
            plan,
            conditions(corpus),
            config.training().microBatchTokens(),
            settings.checkpointEvery().toMillis() * 1e-3,
            new EvaluationSteps(config.evaluation().every()),
            settings.workers());
    jobs.write(folder.plan());
    JobQueue queue = new JobQueue(folder, jobs);
    queue.retryFailed();
    observer.planned(
        corpus,
        plan,
        SweepStatus.of(folder, jobs).jobs().stream()
            .filter(JobStatus::ended)
            .map(JobStatus::id)
            .collect(Collectors.toSet()));
    return queue;
  }

  /**
   * Has a scheduler's workers train what is left, and it analysed then; returns once that is
   * submitted. As many workers as the settings have slots, but no more than there are jobs left.
   * What the scheduler still has of an earlier submission is not submitted again.
   *
   * @param options of the user's for the scheduler's command
   * @return what has been done, a sentence a line, for a person
   * @throws org.isoflop.harness.BadInputException if the input is wrong, or the scheduler refuses
   *     it
   * @throws java.io.UncheckedIOException if the scheduler does not answer
   */
  public List<String> submit(Scheduler scheduler, List<String> options, SweepObserver observer) {
    folder.checkUnlocked();
    Submission submission = new Submission(scheduler, folder, settings, options);
    if (submission.isWorking()) {
      return submission.submitAnalysis();
    }
    observer.preparing("reading the corpus");
    try (SweepText.Opened opened = text.open()) {
      observer.preparing("timing the device");
      Plan plan = planElsewhere(opened.statistics());
      try (LockFile.Held lock = folder.lock()) {
        JobQueue queue = begin(opened, plan, observer);
        SweepStatus status = SweepStatus.of(folder, queue.plan());
        tidy(queue.plan(), status);
        return submission.submit(status, queue.left());
      }
    }
  }

  /** Deletes what workers that were killed right after a job had ended would have deleted. */
  private void tidy(WorkerPlan jobs, SweepStatus end) {
    EndStates endStates = new EndStates(folder, jobs.lineages());
    for (JobStatus job : end.jobs()) {
      if (job.ended()) {
        folder.job(job.id()).deleteCheckpoints();
        endStates.dropFor(job.job());
      }
    }
    folder.deleteStale();
  }

  /** Has the jobs trained: by a worker in this process, or by several in their own. */
  private SweepStatus train(
      WorkerPlan jobs, JobQueue queue, SweepObserver observer, BooleanSupplier stop) {
    SweepMonitor monitor = new SweepMonitor(folder, jobs, observer);
    try (monitor) {
      if (settings.workers() > 1) {
        try (WorkerProcesses workers =
            new WorkerProcesses(
                folder,
                settings.program().get(),
                queue,
                monitor,
                new Silence(folder, jobs, Silence.SHORTEST),
                observer)) {
          workers.run(settings.workerDevices(), stop);
        }
      } else {
        new Worker(folder, settings.device(), 1, line -> {})
            .run(stop)
            .forEach((job, why) -> observer.remark(job + " cannot be written to: " + why));
      }
    }
    return monitor.seen();
  }

  /**
   * Sums up.
   *
   * @param untouched jobs that a worker should have trained and could not even write to
   */
  private static Outcome outcome(SweepStatus end, int untouched, boolean stopped) {
    long points =
        end.jobs().stream()
            .filter(job -> job.state() == State.DONE && job.job().point().isPresent())
            .count();
    int halfWay = (int) end.count(State.STOPPED);
    return new Outcome(
        end.jobs().size(),
        (int) end.count(State.DONE),
        (int) points,
        (int) end.count(State.FAILED) + untouched,
        stopped ? 0 : (int) end.count(State.LEFT) + halfWay - untouched,
        halfWay,
        stopped);
  }

  /** Returns the fastest precision that every device computes in. */
  private static Precision precision(List<Device> devices) {
    return devices.stream().allMatch(d -> TorchRuntime.precision(d) == Precision.BFLOAT16)
        ? Precision.BFLOAT16
        : Precision.FLOAT32;
  }

  private Precision precision() {
    return config.training().precision().decided();
  }

  private Conditions conditions(CorpusStatistics corpus) {
    return new Conditions(
        corpus.hash(),
        text.tokenizerIdentity(),
        config.corpus().validationFraction(),
        evaluatedWindows(corpus),
        precision(),
        Optional.of(corpus.validationHash()));
  }

  private long evaluatedWindows(CorpusStatistics corpus) {
    return Windows.evaluated(
        corpus.validationTokens(), config.decoder().context(), config.evaluation().tokens());
  }
}
