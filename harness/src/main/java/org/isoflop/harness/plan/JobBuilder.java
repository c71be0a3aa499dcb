package org.isoflop.harness.plan;

import java.util.List;
import java.util.Optional;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.config.Hyperparameter;
import org.isoflop.harness.config.OptimizerConfig;
import org.isoflop.harness.config.ScheduleConfig;
import org.isoflop.harness.config.Training;
import org.isoflop.models.DecoderConfig;
import org.isoflop.models.OptimizerSettings;

/** Fits batch, steps, learning rate and schedule of one cell to its budget. */
final class JobBuilder {

  /**
   * Fewest steps of a run; a batch is capped to allow them. A loss after fewer is about the warm-up
   * more than about the size, and from 100 steps up, rounding to whole steps stays within 0.5% of
   * the budget.
   */
  static final int FEWEST_STEPS = 100;

  /** Nobody trains longer, and counts beyond it would overflow. */
  private static final double MOST_TOKENS = 1e16;

  /** Warm-up is at most this share of a run; longer ones have cost 0.8 nats in a published set. */
  private static final double LONGEST_WARMUP = 0.1;

  /** The best peak of wsd over the best of cosine (Hägele et al. 2024), which the rules are for. */
  private static final double WSD_PEAK_SHARE = 0.5;

  /** β2 from {@link #SMALL_BATCH_TOKENS} up, and below (Porian et al. 2024, section 3.5). */
  private static final double BETA2 = 0.95;

  private static final double SMALL_BATCH_BETA2 = 0.99;
  private static final long SMALL_BATCH_TOKENS = 65_536;

  private final Training training;

  JobBuilder(Training training) {
    this.training = training;
  }

  /** Returns the job of a cell; one that cannot be trained goes to the dropped with its reason. */
  Optional<Job> build(double budget, SizeChoice.Chosen chosen, List<DroppedCell> dropped) {
    DecoderConfig decoder = chosen.decoder();
    int context = decoder.options().context();
    double tokens = budget / decoder.flopsPerToken();
    long mostSequences = (long) (tokens / context / FEWEST_STEPS);
    if (mostSequences < 1) {
      String reason =
          Quantities.format(
              "the budget buys %.0f sequences of %d tokens, fewer than the %d steps a run needs",
              Math.floor(tokens / context), context, FEWEST_STEPS);
      dropped.add(new DroppedCell(budget, chosen.targetParams(), reason));
      return Optional.empty();
    }
    if (tokens > MOST_TOKENS) {
      String reason = "it would take " + Quantities.flops(tokens) + " tokens";
      dropped.add(new DroppedCell(budget, chosen.targetParams(), reason));
      return Optional.empty();
    }
    HyperparameterRule.Cell cell = cell(budget, decoder);
    long wanted = Math.max(1, Math.round(wantedBatchTokens(cell) / context));
    int sequences = (int) Math.min(Math.min(wanted, mostSequences), Integer.MAX_VALUE);
    return Optional.of(job(budget, chosen, cell, sequences));
  }

  /** Returns what the rule or the user asks for, before it is fitted to the run. */
  double wantedBatchTokens(HyperparameterRule.Cell cell) {
    return value(training.batchTokens(), cell, HyperparameterRule::batchTokens);
  }

  static HyperparameterRule.Cell cell(double budget, DecoderConfig decoder) {
    return new HyperparameterRule.Cell(
        decoder.parameters().matmul(),
        decoder.parameters().nonEmbedding(),
        budget / decoder.flopsPerToken(),
        budget);
  }

  private Job job(
      double budget, SizeChoice.Chosen chosen, HyperparameterRule.Cell cell, int sequences) {
    DecoderConfig decoder = chosen.decoder();
    long batchTokens = (long) sequences * decoder.options().context();
    long steps = Math.round(cell.tokens() / batchTokens);
    long tokens = steps * batchTokens;
    Horizon horizon = new Horizon(budget, steps, tokens, tokens * decoder.flopsPerToken());
    return new Job(
        "c" + Quantities.flops(budget) + "-" + decoder.shapeName() + "-s" + chosen.seed(),
        decoder,
        chosen.seed(),
        sequences,
        optimizer(batchTokens),
        schedule(cell, steps, batchTokens),
        Optional.empty(),
        0,
        steps,
        Optional.of(horizon));
  }

  private Schedule schedule(HyperparameterRule.Cell cell, long steps, long batchTokens) {
    double peak = value(training.learningRate(), cell, HyperparameterRule::learningRate);
    long warmup = warmupSteps(cell.matmulParams(), steps, batchTokens);
    if (training.schedule() instanceof ScheduleConfig.Wsd wsd) {
      boolean byRule = training.learningRate() instanceof Hyperparameter.ByRule;
      long cooldown = Math.max(1, Math.round(wsd.cooldown() * steps));
      return new Schedule.Wsd(byRule ? WSD_PEAK_SHARE * peak : peak, warmup, steps, cooldown);
    }
    ScheduleConfig.Cosine cosine = (ScheduleConfig.Cosine) training.schedule();
    return new Schedule.Cosine(peak, warmup, steps, cosine.finalFraction());
  }

  /** As many tokens as parameters (Porian et al. 2024, section 3.3), within the run's tenth. */
  static long warmupSteps(double params, long steps, long batchTokens) {
    long longest = Math.max(1, (long) (LONGEST_WARMUP * steps));
    return Math.min(longest, Math.max(1, Math.round(params / batchTokens)));
  }

  private OptimizerSettings optimizer(long batchTokens) {
    OptimizerConfig asked = training.optimizer();
    double chosen = batchTokens < SMALL_BATCH_TOKENS ? SMALL_BATCH_BETA2 : BETA2;
    return new OptimizerSettings(
        asked.beta1(),
        asked.beta2().orElse(chosen),
        asked.epsilon(),
        asked.weightDecay(),
        asked.clipNorm());
  }

  /** What a rule says of a cell. */
  @FunctionalInterface
  private interface Formula {
    double of(HyperparameterRule rule, HyperparameterRule.Cell cell);
  }

  private static double value(Hyperparameter asked, HyperparameterRule.Cell cell, Formula formula) {
    if (asked instanceof Hyperparameter.ByRule byRule) {
      return byRule.multiplier() * formula.of(HyperparameterRule.of(byRule.rule()), cell);
    }
    return ((Hyperparameter.Fixed) asked).value();
  }
}
