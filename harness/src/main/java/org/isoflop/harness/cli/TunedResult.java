package org.isoflop.harness.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.isoflop.harness.SealedJson;
import org.isoflop.harness.analysis.stats.Estimate;
import org.isoflop.harness.analysis.tuning.ChangeEffects;
import org.isoflop.harness.analysis.tuning.ChangeEffects.Effect;
import org.isoflop.harness.analysis.tuning.TunedLaws;
import org.isoflop.harness.analysis.tuning.TuningRun;
import org.isoflop.harness.config.Changes;
import org.isoflop.harness.config.Law;
import org.isoflop.harness.config.SweepConfig;
import org.isoflop.harness.plan.TrainableCells.RuleSettings;
import org.isoflop.harness.report.TunedReport;
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

  /** Writes the file, whole or not at all. */
  void write(Path file) {
    ObjectNode json = SealedJson.RECORDS.createObjectNode().put("format", Law.FORMAT);
    json.put(
        "units",
        "learning_rate: peak of the schedule; batch_tokens: tokens a step; params: total; tokens:"
            + " trained; losses: shares of the loss; intervals: 95%");
    ObjectNode found = json.putObject("laws");
    found.set("learning_rate", law(laws.ratePower()));
    found.set("batch_tokens", law(laws.batchPower()));
    ObjectNode estimates = json.putObject("estimates");
    put(estimates, "learning_rate_by_params", laws.rateByParams());
    put(estimates, "learning_rate_by_tokens", laws.rateByTokens());
    put(estimates, "batch_by_params", laws.batchByParams());
    put(estimates, "batch_by_tokens", laws.batchByTokens());
    put(estimates, "learning_rate_by_batch", laws.rateByBatch());
    put(estimates, "cost_of_twice_the_learning_rate", laws.costOfTwiceTheRate());
    put(estimates, "cost_of_twice_the_batch", laws.costOfTwiceTheBatch());
    ArrayNode cells = json.putArray("cells");
    for (TunedLaws.CellFit cell : laws.cells()) {
      ObjectNode one = cells.addObject();
      one.put("budget_flops", cell.cell().budget());
      one.put("params", cell.cell().params());
      one.put("tokens", cell.tokens());
      one.put("runs", cell.runs());
      one.put("loss", Math.exp(cell.lnLoss()));
      one.put("noise", laws.noise(cell.cell().budget()));
      put(one, "learning_rate", laws.learningRate(cell.cell().params(), cell.tokens()));
      put(one, "batch_tokens", laws.batchTokens(cell.cell().params(), cell.tokens()));
    }
    ArrayNode tried = json.putArray("changes");
    for (TunedReport.Tried change : tried()) {
      Effect effect = change.effect();
      ObjectNode one = tried.addObject();
      one.put("key", effect.change().key());
      one.put("value", effect.change().value());
      one.put("instead_of", change.insteadOf());
      one.put("runs", effect.runs());
      one.put("diverged", effect.diverged());
      effect.loss().ifPresent(loss -> put(one, "loss", loss));
      one.put("verdict", effect.verdict());
    }
    json.set("use", SealedJson.RECORDS.valueToTree(use()));
    json.put("runs", runs);
    json.put("flops", flops);
    json.put("expected_loss", laws.expectedLoss(targets));
    SealedJson.write(file, json);
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
  List<TunedReport.Tried> tried() {
    return changes.effects().stream()
        .map(effect -> new TunedReport.Tried(effect, has(effect.change().key() + " ")))
        .toList();
  }

  private String has(String key) {
    return sweep.recipe().stream()
        .filter(part -> part.startsWith(key))
        .map(part -> part.substring(key.length()))
        .findAny()
        .orElseThrow();
  }

  private ObjectNode law(TunedLaws.Power power) {
    return SealedJson.RECORDS.valueToTree(
        new Law(
            power.factor(),
            power.params(),
            power.tokens(),
            power.batch(),
            range(laws.cells().stream().map(cell -> cell.cell().params()).toList()),
            range(laws.cells().stream().map(TunedLaws.CellFit::tokens).toList()),
            sweep.changed(use()).recipe()));
  }

  private static List<Double> range(List<Double> values) {
    var all = values.stream().mapToDouble(value -> value).summaryStatistics();
    return List.of(all.getMin(), all.getMax());
  }

  private static void put(ObjectNode to, String name, Estimate estimate) {
    to.putObject(name)
        .put("value", estimate.value())
        .put("low", estimate.interval().low())
        .put("high", estimate.interval().high());
  }

  /** Returns what rules would cost at the cells that were tried, by the fitted shape. */
  List<TunedReport.RuleCost> rules() {
    SizeLadder ladder = sweep.decoder().ladder(vocabulary);
    List<TunedReport.RuleCost> costs = new ArrayList<>();
    for (TunedLaws.CellFit cell : laws.cells()) {
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
