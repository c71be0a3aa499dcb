package org.isoflop.harness.analysis.tuning;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.isoflop.harness.analysis.tuning.TuningRun.Cell;
import org.isoflop.harness.analysis.tuning.TuningRun.Change;
import org.isoflop.harness.analysis.tuning.TuningRun.Setting;
import org.isoflop.harness.analysis.tuning.TuningRun.Trial;

/**
 * A world whose best learning rates and batches are known power laws, and in which a run can be had
 * for the asking. Its own rule, from which settings are multiplied, is off by 1.7 and 0.6.
 */
public final class TuningTruth {

  static final int CONTEXT = 32;

  private final double noise;
  private final long seed;

  /** What the rule is off by, for all cells. */
  private final double ruleRate;

  /** How much steeper the loss rises where the rate is too high than where it is too low. */
  private final double skew;

  private final ToDoubleFunction<Change> effect;

  TuningTruth(double noise, long seed) {
    this(noise, seed, 1.7, 0);
  }

  TuningTruth(double noise, long seed, double ruleRate, double skew) {
    this(noise, seed, ruleRate, skew, change -> 0);
  }

  /**
   * A world in which changes matter.
   *
   * @param effect of a change on ln loss
   */
  public TuningTruth(
      double noise, long seed, double ruleRate, double skew, ToDoubleFunction<Change> effect) {
    this.noise = noise;
    this.seed = seed;
    this.ruleRate = ruleRate;
    this.skew = skew;
    this.effect = effect;
  }

  static double rate(double params, double tokens) {
    return 0.012 * Math.pow(params / 1e4, -0.35) * Math.pow(tokens / 3e5, 0.12);
  }

  static double batch(double tokens) {
    return 300 * Math.pow(tokens / 3e5, 0.4);
  }

  static final double RATE_CURVATURE = 0.11;
  static final double BATCH_CURVATURE = 0.05;
  static final double COUPLING = 0.4;
  static final double WINGS = 0.09;

  static double tokens(Cell cell) {
    return cell.budget() / (6.5 * cell.params());
  }

  /** Returns two sizes at each of three budgets. */
  public static List<Cell> cells() {
    List<Cell> cells = new ArrayList<>();
    for (double budget : new double[] {3e9, 1e10, 3e10}) {
      double middle = Math.sqrt(budget / 130);
      cells.add(new Cell(budget, Math.rint(middle / 2)));
      cells.add(new Cell(budget, Math.rint(middle * 2)));
    }
    return cells;
  }

  /** Returns noise of ln loss at a budget. */
  double noise(Cell cell) {
    return noise * Math.pow(cell.budget() / 3e9, -0.3);
  }

  /** Returns a run, the same whenever it is asked for; a rate 8 times too high diverges. */
  public TuningRun run(Cell cell, Setting setting, long ofSeed) {
    double tokens = tokens(cell);
    double batch =
        CONTEXT * Math.max(1, Math.rint(0.6 * batch(tokens) * setting.batch() / CONTEXT));
    double rate = ruleRate * rate(cell.params(), tokens) * setting.learningRate();
    double v = Math.log(batch / batch(tokens));
    double off = Math.log(rate / rate(cell.params(), tokens));
    double t = off - COUPLING * v;
    double q = RATE_CURVATURE * t * t + BATCH_CURVATURE * v * v;
    double rise = WINGS * (Math.sqrt(1 + q / WINGS) - 1) * (1 + skew * Math.tanh(t));
    SplittableRandom random =
        new SplittableRandom(
            seed * 1_000_003 + 31 * (cell.hashCode() + 31L * setting.hashCode()) + ofSeed);
    rise += setting.change().stream().mapToDouble(effect).sum();
    double best = 1.2 + 3 * Math.pow(cell.budget() / 1e9, -0.15);
    return new TuningRun(
        new Trial(cell, setting, ofSeed),
        tokens,
        rate,
        batch,
        off > Math.log(8)
            ? OptionalDouble.empty()
            : OptionalDouble.of(best * Math.exp(rise + noise(cell) * random.nextGaussian())));
  }

  /** Returns the same run, had it diverged. */
  static TuningRun diverged(TuningRun run) {
    return new TuningRun(
        run.trial(), run.tokens(), run.learningRate(), run.batchTokens(), OptionalDouble.empty());
  }
}
