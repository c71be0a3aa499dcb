package org.isoflop.harness.plan;

import java.util.ArrayList;
import java.util.Optional;
import org.isoflop.harness.analysis.design.DesignCell;
import org.isoflop.harness.analysis.design.Trainable;
import org.isoflop.harness.config.SweepConfig;
import org.isoflop.models.SizeLadder;

/**
 * The cells that a sweep's configuration can train: its decoders' sizes, whole steps, and no more
 * passes over the data than its limit.
 */
public final class TrainableCells implements Trainable {

  private final SizeLadder ladder;
  private final JobBuilder builder;
  private final double mostTokens;

  /** Lays out what this configuration can train on this corpus. */
  public TrainableCells(SweepConfig config, DataFacts data) {
    ladder = config.decoder().ladder(data.vocabulary());
    builder = new JobBuilder(config.training());
    mostTokens = config.limits().epochs() * data.epochTokens(config);
  }

  @Override
  public Optional<DesignCell> nearest(double budget, double params) {
    if (SizeChoice.lacking(ladder, params).isPresent()) {
      return Optional.empty();
    }
    return builder
        .cell(
            budget,
            new SizeChoice.Chosen(params, ladder.nearest(params), 1, Setting.ONE),
            new ArrayList<>())
        .map(builder::alone)
        .filter(job -> job.horizon().orElseThrow().tokens() <= mostTokens)
        .map(TrainableCells::cell);
  }

  /** Returns the place of a job's horizon in a design. */
  static DesignCell cell(Job job) {
    Horizon horizon = job.horizon().orElseThrow();
    return new DesignCell(horizon.budget(), job.decoder().parameters().total(), horizon.tokens());
  }
}
