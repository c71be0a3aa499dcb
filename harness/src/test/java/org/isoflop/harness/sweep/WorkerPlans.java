package org.isoflop.harness.sweep;

import java.util.List;
import java.util.Optional;
import org.isoflop.harness.config.Schedule;
import org.isoflop.harness.config.Wsd;
import org.isoflop.harness.plan.EvaluationSteps;
import org.isoflop.harness.plan.Horizon;
import org.isoflop.harness.plan.Job;
import org.isoflop.harness.plan.Setting;
import org.isoflop.harness.sweep.WorkerPlan.PlannedJob;
import org.isoflop.harness.train.Conditions;
import org.isoflop.models.DecoderConfig;
import org.isoflop.models.DecoderOptions;
import org.isoflop.models.MlpKind;
import org.isoflop.models.NormKind;
import org.isoflop.models.OptimizerSettings;
import org.isoflop.models.Precision;

/** Plans of jobs that nobody trains. */
final class WorkerPlans {

  static final Conditions CONDITIONS =
      new Conditions("a text", "bytes", 0.1, 3, Precision.FLOAT32, Optional.empty());

  private static final DecoderConfig DECODER =
      new DecoderConfig(
          new DecoderOptions(16, 32, MlpKind.SWIGLU, NormKind.LAYERNORM, true, false),
          1,
          16,
          2,
          40);

  private static final OptimizerSettings OPTIMIZER = new OptimizerSettings(0.9, 0.95, 1e-8, 0.1, 1);

  private WorkerPlans() {}

  static WorkerPlan of(int workers, PlannedJob... jobs) {
    return new WorkerPlan(
        CONDITIONS, Optional.of(64), 0.5, EvaluationSteps.NONE, workers, List.of(jobs));
  }

  /** A job from initial weights to a horizon. */
  static PlannedJob root(String id, long steps, double seconds) {
    return planned(id, wsd(steps), Optional.empty(), 0, steps, horizon(steps), seconds);
  }

  /** One of the runs of a cell with several settings, {@code lr0.5-s2}. */
  static PlannedJob withSetting(Setting setting, long seed) {
    long steps = 200;
    long tokens = steps * 64;
    String rate = Double.toString(setting.learningRate()).replaceFirst("\\.0$", "");
    Horizon horizon =
        new Horizon(
            1e9, steps, tokens, tokens * DECODER.flopsPerToken(), 1, 1, setting, Horizon.Use.POINT);
    Schedule.Fitted schedule = new Wsd.Fitted(3e-3 * setting.learningRate(), 10, steps, 40);
    return new PlannedJob(
        new Job(
            "lr" + rate + "-s" + seed,
            DECODER,
            seed,
            4,
            OPTIMIZER,
            schedule,
            Optional.empty(),
            0,
            steps,
            Optional.of(horizon)),
        1);
  }

  /** A job from a trunk to a horizon. */
  static PlannedJob branch(String id, String parent, long first, long last, double seconds) {
    return planned(id, wsd(last), Optional.of(parent), first, last, horizon(last), seconds);
  }

  /** A job that ends in no horizon; the first of its trunk where it begins at step 0. */
  static PlannedJob trunk(String id, String parent, long first, long last, double seconds) {
    return planned(
        id,
        new Schedule.Trunk(3e-3, 5),
        first == 0 ? Optional.empty() : Optional.of(parent),
        first,
        last,
        Optional.empty(),
        seconds);
  }

  private static Schedule.Fitted wsd(long steps) {
    return new Wsd.Fitted(3e-3, 5, steps, steps / 5);
  }

  private static Optional<Horizon> horizon(long steps) {
    long tokens = steps * 64;
    return Optional.of(new Horizon(1e9, steps, tokens, tokens * DECODER.flopsPerToken()));
  }

  private static PlannedJob planned(
      String id,
      Schedule.Fitted schedule,
      Optional<String> parent,
      long first,
      long last,
      Optional<Horizon> horizon,
      double seconds) {
    return new PlannedJob(
        new Job(id, DECODER, 1, 4, OPTIMIZER, schedule, parent, first, last, horizon), seconds);
  }
}
