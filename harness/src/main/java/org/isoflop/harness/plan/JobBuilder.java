package org.isoflop.harness.plan;

import java.util.List;
import java.util.Optional;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.config.Hyperparameter;
import org.isoflop.harness.config.OptimizerConfig;
import org.isoflop.harness.config.Rule;
import org.isoflop.harness.config.Schedule;
import org.isoflop.harness.config.Training;
import org.isoflop.models.DecoderConfig;
import org.isoflop.models.OptimizerSettings;

/** Fits batch, steps, learning rate and schedule of cells to their budgets. */
final class JobBuilder {

  /** Nobody trains longer, and counts beyond it would overflow. */
  private static final double MOST_TOKENS = 1e16;

  /**
   * Warm-up is at most this share of a run where nobody asks for another; longer ones have cost 0.8
   * nats in a published set.
   */
  static final double LONGEST_WARMUP = 0.1;

  /** β2 from {@link #SMALL_BATCH_TOKENS} up, and below (Porian et al. 2024, section 3.5). */
  private static final double BETA2 = 0.95;

  private static final double SMALL_BATCH_BETA2 = 0.99;
  private static final long SMALL_BATCH_TOKENS = 65_536;

  private final Training training;

  JobBuilder(Training training) {
    this.training = training;
  }

  /** Returns a cell with its settings; one that cannot be trained goes to the dropped. */
  Optional<Cell> cell(double budget, SizeChoice.Chosen chosen, List<Plan.DroppedCell> dropped) {
    DecoderConfig decoder = chosen.decoder();
    int context = decoder.options().context();
    double tokens = budget / decoder.flopsPerToken();
    long mostSequences = (long) (tokens / context / training.minSteps());
    if (mostSequences < 1) {
      String reason =
          Quantities.format(
              "the budget buys %.0f sequences of %d tokens, fewer than the %d steps a run needs",
              Math.floor(tokens / context), context, training.minSteps());
      dropped.add(new Plan.DroppedCell(budget, chosen.targetParams(), reason));
      return Optional.empty();
    }
    if (tokens > MOST_TOKENS) {
      String reason = "it would take " + Quantities.flops(tokens) + " tokens";
      dropped.add(new Plan.DroppedCell(budget, chosen.targetParams(), reason));
      return Optional.empty();
    }
    int most = (int) Math.min(mostSequences, Integer.MAX_VALUE);
    Rule.Cell cell = Rule.Cell.of(budget, decoder);
    double own = (double) sequences(cell, Setting.ONE, context, most) * context;
    Hyperparameter rate = training.learningRate();
    return Optional.of(
        new Cell(
            budget,
            chosen.targetParams(),
            decoder,
            chosen.seed(),
            chosen.setting(),
            chosen.setting().learningRate()
                * rate.learningRate(rate.rateCell(budget, decoder), own, training.schedule()),
            sequences(cell, chosen.setting(), context, most),
            most));
  }

  /** Returns the whole sequences of a batch that leaves the run its fewest steps. */
  private int sequences(Rule.Cell cell, Setting setting, int context, int most) {
    long wanted = Math.max(1, Math.round(wantedBatchTokens(cell, setting) / context));
    return (int) Math.min(wanted, most);
  }

  /** Returns the cell of a job that ends in a horizon, its own settings included. */
  Cell cell(Job job) {
    Horizon horizon = job.end();
    double tokens = horizon.budget() / job.decoder().flopsPerToken();
    double most = tokens / job.decoder().options().context() / training.minSteps();
    return new Cell(
        horizon.budget(),
        (double) job.decoder().parameters().total(),
        job.decoder(),
        job.seed(),
        horizon.setting(),
        job.schedule().peak() / horizon.learningRateDeparture(),
        (int) Math.round(job.batchSequences() / horizon.batchDeparture()),
        (int) Math.min((long) most, Integer.MAX_VALUE));
  }

  /** Returns the job that trains a cell from initial weights to its horizon by itself. */
  Job alone(Cell cell) {
    Settings own = settings(cell, cell.learningRate(), cell.batchSequences());
    Horizon end = own.horizon(cell);
    Schedule.Fitted schedule = schedule(own, end.steps());
    return own.job(cell.id(), cell, schedule, Optional.empty(), 0, end.steps(), Optional.of(end));
  }

  /** What follows a cell's id in that of its separate run. */
  static final String SEPARATE = "-separate";

  /** Returns the separate run that a cell's branch is to be compared with. */
  Job verification(Cell cell) {
    Job run = alone(cell);
    Horizon end = run.end().of(cell.setting(), Horizon.Use.VERIFICATION);
    return run.fromStart(cell.id() + SEPARATE, run.schedule(), end);
  }

  /** What follows a cell's id, before the multiplier, in that of a run at another learning rate. */
  static final String CONTROL = "-control";

  /** Returns the run that differs from a cell's branch in its learning rate alone. */
  Job control(Job branch, double multiplier) {
    Setting own = branch.end().setting();
    Setting setting = new Setting(multiplier * own.learningRate(), own.batch(), own.changes());
    Settings settings = Settings.of(branch);
    return branch.fromStart(
        branch.id() + CONTROL + Quantities.digits(multiplier),
        training
            .schedule()
            .fitted(multiplier * settings.peak(), settings.warmupSteps(), branch.end().steps()),
        branch.end().of(setting, Horizon.Use.CONTROL));
  }

  /**
   * What all jobs of a lineage have in common.
   *
   * @param peak learning rate after the warm-up
   * @param batchSequences sequences per step
   * @param warmupSteps steps of the warm-up
   * @param optimizer AdamW's settings
   */
  record Settings(double peak, int batchSequences, long warmupSteps, OptimizerSettings optimizer) {

    static Settings of(Job job) {
      Schedule.Fitted schedule = job.schedule();
      return new Settings(
          schedule.peak(), job.batchSequences(), schedule.warmupSteps(), job.optimizer());
    }

    /** Returns the whole steps that come nearest to a cell's budget. */
    long steps(Cell cell) {
      return Math.round(cell.tokens() / batchTokens(cell));
    }

    /** Returns the horizon of a cell in a lineage of these settings. */
    Horizon horizon(Cell cell) {
      long tokens = steps(cell) * batchTokens(cell);
      return new Horizon(
          cell.budget(),
          steps(cell),
          tokens,
          tokens * cell.decoder().flopsPerToken(),
          peak / cell.learningRate(),
          (double) batchSequences / cell.batchSequences(),
          cell.setting(),
          Horizon.Use.POINT);
    }

    private long batchTokens(Cell cell) {
      return (long) batchSequences * cell.decoder().options().context();
    }

    /** Returns a stretch of a cell's training. */
    Job job(
        String id,
        Cell cell,
        Schedule.Fitted schedule,
        Optional<String> parent,
        long firstStep,
        long lastStep,
        Optional<Horizon> horizon) {
      return new Job(
          id,
          cell.decoder(),
          cell.seed(),
          batchSequences,
          optimizer,
          schedule,
          parent,
          firstStep,
          lastStep,
          horizon);
    }
  }

  /** Returns the settings of a lineage whose shortest horizon is this cell's. */
  Settings settings(Cell shortest, double peak, int sequences) {
    long batchTokens = (long) sequences * shortest.decoder().options().context();
    Training own = shortest.setting().changes().of(training);
    return new Settings(
        peak,
        sequences,
        warmupSteps(
            own.schedule(),
            (double) shortest.decoder().parameters().matmul(),
            Math.round(shortest.tokens() / batchTokens),
            batchTokens),
        optimizer(own.optimizer(), batchTokens));
  }

  /** Returns what the rule, the law or the user asks for, before it is fitted to the run. */
  double wantedBatchTokens(Rule.Cell cell, Setting setting) {
    return setting.batch() * training.batchTokens().batchTokens(cell);
  }

  /** Returns the course of the learning rate to a horizon after so many steps. */
  Schedule.Fitted schedule(Settings settings, long steps) {
    return training.schedule().fitted(settings.peak(), settings.warmupSteps(), steps);
  }

  /**
   * Returns the share that is asked for; else as many tokens as parameters (Porian et al. 2024,
   * section 3.3), within the run's tenth.
   */
  static long warmupSteps(Schedule schedule, double params, long steps, long batchTokens) {
    long longest = longestWarmup(schedule, steps);
    return schedule.warmup().isPresent()
        ? longest
        : Math.min(longest, wantedWarmup(params, batchTokens));
  }

  /** Returns the steps of a warm-up in a run of any length. */
  static long wantedWarmup(double params, long batchTokens) {
    return Math.max(1, Math.round(params / batchTokens));
  }

  /** Returns the most steps that a run of so many may warm up for. */
  long longestWarmup(Cell cell, long steps) {
    return longestWarmup(cell.setting().changes().of(training).schedule(), steps);
  }

  private static long longestWarmup(Schedule schedule, long steps) {
    return Math.max(1, (long) (schedule.warmup().orElse(LONGEST_WARMUP) * steps));
  }

  private static OptimizerSettings optimizer(OptimizerConfig asked, long batchTokens) {
    double chosen = batchTokens < SMALL_BATCH_TOKENS ? SMALL_BATCH_BETA2 : BETA2;
    return new OptimizerSettings(
        asked.beta1(),
        asked.beta2().orElse(chosen),
        asked.epsilon(),
        asked.weightDecay(),
        asked.clipNorm());
  }
}
