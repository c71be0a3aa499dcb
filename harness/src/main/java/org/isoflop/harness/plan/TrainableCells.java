package org.isoflop.harness.plan;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.isoflop.harness.analysis.design.DesignCell;
import org.isoflop.harness.analysis.design.DesignSearch.Trainable;
import org.isoflop.harness.config.Hyperparameter;
import org.isoflop.harness.config.Rule;
import org.isoflop.harness.config.SweepConfig;
import org.isoflop.harness.config.Training;
import org.isoflop.models.DecoderConfig;
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
        .filter(job -> job.end().tokens() <= mostTokens)
        .map(TrainableCells::cell);
  }

  /** Returns the place of a job's horizon in a design. */
  static DesignCell cell(Job job) {
    Horizon horizon = job.end();
    return new DesignCell(horizon.budget(), job.decoder().parameters().total(), horizon.tokens());
  }

  /**
   * What a rule would have a cell trained with, to be compared with what was found best.
   *
   * @param name of the rule, or {@code as is} for the sweep's own configuration where that is none
   * @param learningRate the peak, for the schedule of the sweep
   * @param batchTokens tokens per step, in whole sequences and no more than the fewest steps allow
   */
  public record RuleSettings(String name, double learningRate, double batchTokens) {

    /** Returns what every rule says of a cell; nothing where it cannot be trained. */
    public static List<RuleSettings> of(SweepConfig config, double budget, DecoderConfig decoder) {
      Map<String, Training> asked = new LinkedHashMap<>();
      for (Rule rule : Rule.values()) {
        Hyperparameter named = new Hyperparameter.ByRule(rule, 1);
        asked.put(rule.toString(), config.training().with(named, named));
      }
      if (!asked.containsValue(config.training())) {
        asked.put("as is", config.training());
      }
      List<RuleSettings> settings = new ArrayList<>();
      asked.forEach(
          (name, training) -> {
            var place = new SizeChoice.Chosen(1, decoder, training.seed(), Setting.ONE);
            new JobBuilder(training)
                .cell(budget, place, new ArrayList<>())
                .map(
                    cell ->
                        new RuleSettings(
                            name,
                            cell.learningRate(),
                            (double) cell.batchSequences() * decoder.options().context()))
                .ifPresent(settings::add);
          });
      return settings;
    }
  }
}
