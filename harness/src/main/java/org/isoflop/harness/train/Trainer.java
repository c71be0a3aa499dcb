package org.isoflop.harness.train;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.isoflop.harness.AtomicFiles;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.data.windows.WindowSampler;
import org.isoflop.harness.plan.EvaluationSteps;
import org.isoflop.harness.plan.Job;
import org.isoflop.harness.plan.Passes;
import org.isoflop.harness.train.Checkpoints.Checkpoint;
import org.isoflop.harness.train.JobResult.HorizonResult;
import org.isoflop.harness.train.JobResult.Status;
import org.isoflop.models.DecoderProgram;
import org.isoflop.models.DecoderState;
import org.isoflop.models.StepMetrics;
import org.isoflop.models.TorchRuntime;

/**
 * Trains one job to its result: from its own last checkpoint, else its parent's end state, else
 * that of the nearest ancestor that has one, else initial weights.
 *
 * <p>The numbers depend on the job and the data alone: not on how many steps go into one call, nor
 * on when checkpoints are saved, nor on how often the run was killed, nor, but for rounding, on the
 * pass.
 */
public final class Trainer {

  /**
   * Steps go to the device in calls of about this long: rare enough to be cheap, often enough to
   * watch.
   */
  private static final double CALL_SECONDS = 0.5;

  private static final int LONGEST_CALL = 500;

  /** Of the longest passes there are 16 MiB of text, held once in Java and once on the device. */
  private static final int LARGEST_CALL_PASSES = 256;

  /** How a line of {@code job.log} begins that says why a job diverged, as its result does too. */
  public static final String DIVERGED = "diverged: ";

  private static final String ITS_TRUNK = "its trunk diverged in ";

  private final Job job;
  private final List<Stretch> ancestors;
  private final TrainingData data;
  private final JobFolder folder;
  private final Settings settings;
  private final TrainingObserver observer;
  private final int context;
  private final WindowSampler sampler;
  private final String identity;
  private final Checkpoints checkpoints;
  private final EvaluationLog evaluations;

  /**
   * How a job is trained, as opposed to what it is: may be another when a job goes on.
   *
   * @param passSequences most sequences that go through the decoder at once, at least one; a larger
   *     batch takes several such passes, whose gradients are summed, and so does a validation loss
   * @param checkpointEvery least time between checkpoints, see {@link CheckpointSaver}
   * @param evaluations where validation losses are taken on the way
   */
  public record Settings(
      int passSequences, Duration checkpointEvery, EvaluationSteps evaluations) {}

  /**
   * A job and its files.
   *
   * @param job what is trained
   * @param folder where its files are
   */
  public record Stretch(Job job, JobFolder folder) {}

  /**
   * Prepares a job; nothing is written before {@link #train}.
   *
   * @param lineage the jobs from initial weights to the one to train, which is the last
   */
  public Trainer(
      List<Stretch> lineage, TrainingData data, Settings settings, TrainingObserver observer) {
    Stretch own = lineage.get(lineage.size() - 1);
    this.job = own.job();
    this.folder = own.folder();
    this.ancestors = new ArrayList<>(lineage.subList(0, lineage.size() - 1));
    Collections.reverse(ancestors); // nearest first
    this.data = data;
    this.settings = settings;
    this.observer = observer;
    context = job.decoder().options().context();
    sampler = new WindowSampler(data.train().count(), context, job.seed());
    identity = identity(job);
    checkpoints = new Checkpoints(folder.checkpoints(), job.decoder(), identity);
    evaluations = new EvaluationLog(folder.evaluations());
  }

  /**
   * Trains until the job is done, has diverged, or is asked to stop. Where memory runs out it goes
   * back to its last checkpoint and on with passes half as long.
   *
   * @param stop asked between calls to the device; once true, a checkpoint is saved and training
   *     ends
   * @return the result; empty where it was stopped
   * @throws org.isoflop.harness.BadInputException where the folder holds files of another job, or
   *     damaged ones that nothing takes the place of, or where the parent's result is damaged
   */
  public Optional<JobResult> train(BooleanSupplier stop) {
    Optional<JobResult> earlier = JobResult.read(folder, identity);
    if (earlier.isPresent()) {
      checkpoints.clear(); // left where the run that wrote the result was killed right after
      return earlier;
    }
    createFolder();
    for (Stretch ancestor : ancestors) {
      Optional<JobResult> result = JobResult.read(ancestor.folder(), identity(ancestor.job()));
      if (result.isPresent() && result.get().status() == Status.DIVERGED) {
        return Optional.of(ended(ancestor.job(), result.get()));
      }
    }
    int passSequences = settings.passSequences();
    while (true) {
      try {
        return train(passSequences, stop);
      } catch (RuntimeException | OutOfMemoryError e) {
        Optional<String> reason = FailureReason.outOfMemory(e);
        if (reason.isEmpty() || passSequences == 1) {
          throw e;
        }
        int shorter = Passes.halved(job, passSequences);
        note(
            Quantities.format(
                "%s in passes of at most %d sequences, goes back to its last checkpoint and on in"
                    + " passes of %d",
                reason.get(), passSequences, shorter));
        passSequences = shorter;
      }
    }
  }

  private Optional<JobResult> train(int passSequences, BooleanSupplier stop) {
    Checkpoint start =
        checkpoints
            .load(LossLog.lastStep(folder.losses()), this::note)
            .or(this::inherited)
            .orElseGet(() -> new Checkpoint(DecoderState.initial(job.decoder(), job.seed()), 0, 0));
    evaluations.keep(start.startStep(), start.state().step());
    observer.started(job, start.state().step());
    try (CheckpointSaver saver = new CheckpointSaver(checkpoints, settings.checkpointEvery());
        DecoderProgram program =
            DecoderProgram.load(
                job.decoder(),
                job.optimizer(),
                data.conditions().precision(),
                passSequences,
                data.device(),
                start.state());
        LossLog losses = LossLog.open(folder.losses(), start.startStep(), start.state().step())) {
      return new Run(program, losses, start, passSequences, saver).toTheEnd(stop);
    }
  }

  /** Returns the end state of the nearest ancestor that has a whole one. */
  private Optional<Checkpoint> inherited() {
    for (Stretch ancestor : ancestors) {
      Optional<Checkpoint> end = ends(ancestor).load(ancestor.job().lastStep(), this::note);
      if (end.isPresent()) {
        DecoderState state = end.get().state();
        return Optional.of(new Checkpoint(state, state.step(), 0));
      }
    }
    return Optional.empty();
  }

  private Checkpoints ends(Stretch stretch) {
    return new Checkpoints(stretch.folder().end(), job.decoder(), identity(stretch.job()));
  }

  private String identity(Job of) {
    return data.conditions().identity(of);
  }

  /** Ends this job as an ancestor did, without training: it cannot have other losses. */
  private JobResult ended(Job ancestor, JobResult diverged) {
    String reason =
        diverged.reason().startsWith(ITS_TRUNK)
            ? diverged.reason()
            : ITS_TRUNK + ancestor.id() + ": " + diverged.reason();
    log(DIVERGED + reason);
    JobResult result =
        new JobResult(
            job.id(),
            identity,
            Status.DIVERGED,
            reason,
            job.firstStep(),
            job.firstStep(),
            diverged.spikes(),
            0,
            diverged.device(),
            diverged.precision(),
            Optional.empty());
    result.write(folder.result());
    observer.ended(job, result);
    return result;
  }

  /** One run of the program, from a start to a result or a stop. */
  private final class Run {

    private final DecoderProgram program;
    private final LossLog losses;
    private final CheckpointSaver saver;
    private final long tokensPerStep = job.batchTokens();
    private final double flopsPerToken = job.decoder().flopsPerToken();
    private final long startStep;
    private final double earlierSeconds;
    private final long startNanos = System.nanoTime();
    private final double largestCallTokens;
    private long step;
    private long nextEvaluation;
    private int callSteps = 1;

    Run(
        DecoderProgram program,
        LossLog losses,
        Checkpoint start,
        int passSequences,
        CheckpointSaver saver) {
      this.program = program;
      this.losses = losses;
      this.saver = saver;
      this.largestCallTokens = (double) LARGEST_CALL_PASSES * passSequences * context;
      this.startStep = start.startStep();
      this.earlierSeconds = start.seconds();
      this.step = start.state().step();
      this.nextEvaluation = settings.evaluations().after(job, step);
    }

    Optional<JobResult> toTheEnd(BooleanSupplier stop) {
      while (step < job.lastStep()) {
        if (stop.getAsBoolean()) {
          saver.save(this::checkpoint);
          saver.finish();
          return Optional.empty();
        }
        if (!trainCall()) {
          return Optional.of(diverged("loss or gradient not finite at step " + step, 0));
        }
        if (step == nextEvaluation) {
          evaluate();
          nextEvaluation = settings.evaluations().after(job, step);
        }
        if (step < job.lastStep() && saver.isDue()) {
          saver.save(this::checkpoint);
        }
      }
      return Optional.of(job.horizon().isPresent() ? atTheHorizon() : keepEnd());
    }

    /** Ends a stretch of a trunk: its losses are no final ones, its end state is all it yields. */
    private JobResult keepEnd() {
      ends(new Stretch(job, folder)).save(checkpoint());
      return end(Status.DONE, "", 0, Optional.empty());
    }

    /** Trains and logs the next few steps; returns whether all their numbers were finite. */
    private boolean trainCall() {
      long ahead = Math.min(job.lastStep(), nextEvaluation) - step;
      int count = (int) Math.min(callSteps, ahead);
      int batch = job.batchSequences();
      float[] rates = new float[count];
      for (int i = 0; i < count; i++) {
        rates[i] = (float) job.learningRate(step + i);
      }
      long begin = System.nanoTime();
      long[] offsets = sampler.offsets(step * batch, count * batch);
      StepMetrics metrics = program.train(data.train().read(context + 1, offsets), rates);
      double seconds = (System.nanoTime() - begin) * 1e-9;
      double tokensPerSecond = count * tokensPerStep / seconds;
      double sum = 0;
      for (int i = 0; i < count; i++) {
        float loss = metrics.losses()[i];
        float norm = metrics.gradientNorms()[i];
        step++;
        long tokens = step * tokensPerStep;
        losses.append(step, tokens, tokens * flopsPerToken, rates[i], loss, norm, tokensPerSecond);
        if (!Float.isFinite(loss) || !Float.isFinite(norm)) {
          losses.flush();
          return false;
        }
        sum += loss;
      }
      losses.flush();
      observer.progressed(job, step, sum / count, tokensPerSecond);
      double most = Math.min(LONGEST_CALL, largestCallTokens / tokensPerStep);
      callSteps = (int) Math.max(1, Math.min(most, count * CALL_SECONDS / seconds));
      return true;
    }

    /** Returns the validation loss as it is now, logged. */
    private double evaluate() {
      double loss =
          program.evaluate(
              data.conditions().validationWindows(),
              window -> data.validation().read(context + 1, window * context));
      double bitsPerByte = data.bitsPerByte(loss);
      long tokens = step * tokensPerStep;
      evaluations.append(step, tokens, tokens * flopsPerToken, loss, bitsPerByte);
      return loss;
    }

    private JobResult atTheHorizon() {
      double loss = evaluate();
      if (!Double.isFinite(loss)) {
        return diverged("validation loss not finite", 0);
      }
      DecoderState state = program.state();
      AtomicFiles.write(
          folder.weights(),
          out -> SafeTensors.write(out, Checkpoints.weights(job.decoder(), state)));
      Divergence divergence = Divergence.judge(lineageLosses(), loss, data.unigramNatsPerToken());
      if (divergence.reason().isPresent()) {
        return diverged(divergence.reason().get(), divergence.spikes());
      }
      return end(
          Status.DONE,
          "",
          divergence.spikes(),
          Optional.of(new HorizonResult(loss, data.bitsPerByte(loss))));
    }

    /** Returns the training losses of every step since the initial weights. */
    private float[] lineageLosses() {
      List<float[]> stretches = new ArrayList<>(List.of(LossLog.losses(folder.losses(), step)));
      long reached = startStep;
      for (Stretch ancestor : ancestors) {
        if (reached > 0) {
          Path log = ancestor.folder().losses();
          if (ancestor.job().lastStep() >= reached) {
            float[] losses = LossLog.losses(log, reached);
            stretches.add(0, losses);
            reached -= losses.length;
          }
        }
      }
      float[] all = new float[Math.toIntExact(step)];
      int end = 0;
      for (float[] losses : stretches) {
        System.arraycopy(losses, 0, all, end, losses.length);
        end += losses.length;
      }
      return all;
    }

    private JobResult diverged(String reason, int spikes) {
      log(DIVERGED + reason);
      return end(Status.DIVERGED, reason, spikes, Optional.empty());
    }

    private JobResult end(
        Status status, String reason, int spikes, Optional<HorizonResult> horizon) {
      JobResult result =
          new JobResult(
              job.id(),
              identity,
              status,
              reason,
              startStep,
              step,
              spikes,
              seconds(),
              TorchRuntime.name(data.device()),
              data.conditions().precision().name().toLowerCase(Locale.ROOT),
              horizon);
      saver.finish();
      result.write(folder.result());
      checkpoints.clear();
      observer.ended(job, result);
      return result;
    }

    private Checkpoint checkpoint() {
      return new Checkpoint(program.state(), startStep, seconds());
    }

    private double seconds() {
      return earlierSeconds + (System.nanoTime() - startNanos) * 1e-9;
    }
  }

  private void createFolder() {
    try {
      Files.createDirectories(folder.path());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make " + folder.path() + ": " + e.getMessage(), e);
    }
  }

  private void note(String sentence) {
    log(sentence);
    observer.noted(job, sentence);
  }

  private void log(String sentence) {
    try (PrintWriter log =
        new PrintWriter(
            Files.newBufferedWriter(
                folder.log(),
                StandardCharsets.UTF_8,
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND))) {
      log.println(Instant.now().truncatedTo(ChronoUnit.SECONDS) + " " + sentence);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + folder.log() + ": " + e.getMessage(), e);
    }
  }
}
