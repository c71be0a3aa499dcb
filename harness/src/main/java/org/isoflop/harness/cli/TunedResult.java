package org.isoflop.harness.cli;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.isoflop.harness.SealedJson;
import org.isoflop.harness.analysis.stats.Estimate;
import org.isoflop.harness.analysis.stats.Interval;
import org.isoflop.harness.analysis.tuning.ChangeEffects;
import org.isoflop.harness.analysis.tuning.ChangeEffects.Effect;
import org.isoflop.harness.analysis.tuning.TunedLaws;
import org.isoflop.harness.analysis.tuning.TunedLaws.CellFit;
import org.isoflop.harness.analysis.tuning.TuningRun;
import org.isoflop.harness.config.Changes;
import org.isoflop.harness.config.Law;
import org.isoflop.harness.config.SweepConfig;
import org.isoflop.harness.plan.TrainableCells.RuleSettings;
import org.isoflop.harness.report.TunedReport;
import org.isoflop.harness.report.TunedReport.Tried;
import org.isoflop.models.DecoderConfig;
import org.isoflop.models.SizeLadder;

/**
 * What a tuning found, and the file {@code tuned.json} that sweeps name.
 *
 * <p>The file: {@code format}; {@code units}; {@code laws}, of {@code learning_rate} and {@code
 * batch_tokens} each as a sweep's configuration has it, see {@link Law}; {@code estimates} with 95%
 * intervals: exponents of N and D where both are at their best, the exponent of the batch in the
 * rate that is best with it, and what a factor 2 off costs, as a share of the loss; {@code cells},
 * with the best of each by the laws; {@code changes}, what was tried beside rate and batch, {@code
 * instead_of} what the configuration has, and what it adds to the {@code loss}, a share of it, with
 * intervals that hold all together, absent where nothing can be said; {@code use}, those changes
 * that lower it beyond the noise; {@code runs}, {@code flops} and {@code expected_loss}, what the
 * laws are expected to cost the sweep; last a checksum. The laws' recipe is that with the changes
 * in {@code use}.
 */
record TunedResult(
    TunedLaws laws,
    ChangeEffects changes,
    SweepConfig sweep,
    List<double[]> targets,
    int runs,
    double flops,
    int vocabulary) {

  private static final JsonMapper JSON =
      SealedJson.RECORDS.rebuild().addMixIn(Estimate.class, Flat.class).build();

  /** An estimate as its value and the two ends of its interval. */
  interface Flat {
    @JsonUnwrapped
    Interval interval();
  }

  private record Laws(Law learningRate, Law batchTokens) {}

  private record File(
      String format,
      String units,
      Laws laws,
      TunedLaws.Estimates estimates,
      List<CellFit> cells,
      List<Tried> changes,
      Changes use,
      int runs,
      double flops,
      double expectedLoss) {}

  /** Writes the file, whole or not at all. */
  void write(Path file) {
    SealedJson.write(
        file,
        JSON.valueToTree(
            new File(
                Law.FORMAT,
                "learning_rate: peak of the schedule; batch_tokens: tokens a step; params: total;"
                    + " tokens: trained; losses: shares of the loss; intervals: 95%",
                new Laws(law(laws.ratePower()), law(laws.batchPower())),
                laws.estimates(),
                laws.cells(),
                tried(),
                use(),
                runs,
                flops,
                laws.expectedLoss(targets))));
  }

  /** Writes the page and its figure. */
  void report(List<TuningRun> all, Path folder) {
    TunedReport.write(sweep.name(), laws, all, rules(), tried(), folder);
  }

  /** Returns the changes that lower the loss beyond the noise, one of a key. */
  Changes use() {
    return new Changes(
        changes.better().stream()
            .map(Effect::change)
            .collect(Collectors.toMap(TuningRun.Change::key, TuningRun.Change::value)));
  }

  /** Returns what was tried beside rate and batch, and what the configuration has there. */
  List<Tried> tried() {
    return changes.effects().stream()
        .map(effect -> new Tried(effect, has(effect.change().key() + " ")))
        .toList();
  }

  private String has(String key) {
    return sweep.recipe().stream()
        .filter(part -> part.startsWith(key))
        .map(part -> part.substring(key.length()))
        .findAny()
        .orElseThrow();
  }

  private Law law(TunedLaws.Power power) {
    return new Law(
        power.factor(),
        power.params(),
        power.tokens(),
        power.batch(),
        range(cell -> cell.cell().params()),
        range(CellFit::tokens),
        sweep.changed(use()).recipe());
  }

  private List<Double> range(ToDoubleFunction<CellFit> value) {
    var all = laws.cells().stream().mapToDouble(value).summaryStatistics();
    return List.of(all.getMin(), all.getMax());
  }

  /** Returns what rules would cost at the cells that were tried, by the fitted shape. */
  List<TunedReport.RuleCost> rules() {
    SizeLadder ladder = sweep.decoder().ladder(vocabulary);
    List<TunedReport.RuleCost> costs = new ArrayList<>();
    for (CellFit cell : laws.cells()) {
      double params = cell.cell().params();
      DecoderConfig decoder = ladder.nearest(params);
      for (RuleSettings rule : RuleSettings.of(sweep, cell.cell().budget(), decoder)) {
        double rate = rule.learningRate();
        double batch = rule.batchTokens();
        costs.add(
            new TunedReport.RuleCost(
                rule.name(),
                cell.cell(),
                rate,
                batch,
                laws.rise(params, cell.tokens(), rate, batch)));
      }
    }
    return costs;
  }
}
