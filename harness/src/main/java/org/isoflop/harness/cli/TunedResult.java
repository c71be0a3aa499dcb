package org.isoflop.harness.cli;

import static org.isoflop.harness.Quantities.count;
import static org.isoflop.harness.Quantities.digits;
import static org.isoflop.harness.Quantities.format;
import static org.isoflop.harness.Quantities.percent;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.ScreenLines;
import org.isoflop.harness.SealedJson;
import org.isoflop.harness.analysis.stats.Estimate;
import org.isoflop.harness.analysis.tuning.TunedLaws;
import org.isoflop.harness.analysis.tuning.TuningRun;
import org.isoflop.harness.config.Law;
import org.isoflop.harness.config.SweepConfig;
import org.isoflop.harness.plan.RuleSettings;
import org.isoflop.harness.report.TunedReport;
import org.isoflop.models.DecoderConfig;
import org.isoflop.models.SizeLadder;

/**
 * What a tuning found: the file {@code tuned.json} that sweeps name, and the screen.
 *
 * <p>The file: {@code format}; {@code units}; {@code laws}, of {@code learning_rate} and {@code
 * batch_tokens} each as a sweep's configuration has it, see {@link Law}; {@code estimates} with 95%
 * intervals: exponents of N and D where both are at their best, the exponent of the batch in the
 * rate that is best with it, and what a factor 2 off costs, as a share of the loss; {@code cells},
 * with the best of each by the laws; {@code runs}, {@code flops} and {@code expected_loss}, what
 * the laws are expected to cost the sweep; last a checksum.
 */
record TunedResult(
    TunedLaws laws,
    SweepConfig sweep,
    List<double[]> targets,
    int runs,
    double flops,
    int vocabulary) {

  /** Expected loss, as a share, that a person should not take without a word. */
  private static final double TOO_MUCH = 0.01;

  private static final String ROW = "  %-8s %7s %7s %5s %7s  %-28s %-28s";

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
    json.put("runs", runs);
    json.put("flops", flops);
    json.put("expected_loss", laws.expectedLoss(targets));
    SealedJson.write(file, json);
  }

  /** Writes the page and its figure. */
  void report(List<TuningRun> all, Path folder) {
    TunedReport.write(sweep.name(), laws, all, rules(), folder);
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
            sweep.recipe()));
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

  /** Returns the screen, lines of at most 100 columns. */
  List<String> screen(Path folder) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "learning rate* ~ N^"
            + exponent(laws.rateByParams())
            + " D^"
            + exponent(laws.rateByTokens()));
    lines.add(
        "batch*         ~ N^"
            + exponent(laws.batchByParams())
            + " D^"
            + exponent(laws.batchByTokens()));
    ScreenLines.wrap(
        "",
        format(
            "A factor 2 off costs %s of the loss in the learning rate, %s in the batch; with another"
                + " batch the best rate goes as batch^%s.",
            cost(laws.costOfTwiceTheRate()),
            cost(laws.costOfTwiceTheBatch()),
            exponent(laws.rateByBatch())),
        lines);
    lines.add("");
    lines.add(
        format(
            "%d runs of %d cells, %s FLOPs; 95%% intervals in brackets",
            runs, laws.cells().size(), Quantities.flops(flops)));
    lines.add(
        format(ROW, "C", "N", "D", "runs", "noise", "learning rate*", "batch*").stripTrailing());
    for (TunedLaws.CellFit cell : laws.cells()) {
      lines.add(
          row(
              Quantities.flops(cell.cell().budget()),
              cell.cell().params(),
              cell.tokens(),
              Integer.toString(cell.runs()),
              percent(laws.noise(cell.cell().budget()))));
    }
    lines.add("  the sweep's cells, by the laws");
    List<double[]> byTokens =
        targets.stream().sorted((a, b) -> Double.compare(a[0] * a[1], b[0] * b[1])).toList();
    for (int i : new int[] {0, byTokens.size() / 2, byTokens.size() - 1}) {
      lines.add(row("", byTokens.get(i)[0], byTokens.get(i)[1], "", ""));
    }
    double sequence = sweep.decoder().context();
    if (laws.cells().stream().anyMatch(cell -> batch(cell) < sequence)) {
      ScreenLines.wrap(
          "",
          "Where batch* is less than a sequence, a sweep trains with one, at the rate that is best"
              + " for it.",
          lines);
    }
    lines.add("");
    published(lines);
    ScreenLines.wrap(
        "",
        format(
            "What the laws do not know is expected to cost the sweep's cells %.2f%% of their loss on"
                + " average, if power laws hold that far; try them at one of its cells first.",
            100 * laws.expectedLoss(targets)),
        lines);
    if (laws.expectedLoss(targets) > TOO_MUCH) {
      ScreenLines.wrap(
          "warning:",
          "That is much, since the cells tried lie far from the sweep's or tell little; a larger"
              + " --share goes on from here, and a new tuning with one (--out) lies nearer.",
          lines);
    }
    lines.add("In the sweep's configuration:");
    lines.add("  learning_rate: {law: " + folder + "}");
    lines.add("  batch_tokens: {law: " + folder + "}");
    return lines;
  }

  private double batch(TunedLaws.CellFit cell) {
    return laws.batchTokens(cell.cell().params(), cell.tokens()).value();
  }

  private String row(String budget, double params, double tokens, String ofRuns, String noise) {
    Estimate rate = laws.learningRate(params, tokens);
    Estimate batch = laws.batchTokens(params, tokens);
    return format(
            ROW,
            budget,
            count(params),
            count(tokens),
            ofRuns,
            noise,
            digits(rate.value()) + " " + rate.interval().text(Quantities::digits),
            count(batch.value()) + " " + batch.interval().text(Quantities::count))
        .stripTrailing();
  }

  /** Says what rules would cost at the cells that were tried. */
  private void published(List<String> lines) {
    Map<String, List<Double>> costs = new LinkedHashMap<>();
    rules()
        .forEach(
            rule -> costs.computeIfAbsent(rule.name(), any -> new ArrayList<>()).add(rule.cost()));
    lines.add("Rules at these cells cost, of the loss (least to most):");
    costs.forEach(
        (rule, cost) -> {
          var all = cost.stream().mapToDouble(c -> c).summaryStatistics();
          lines.add(
              format(
                  "  %-9s %6s  (%s to %s)",
                  rule, percent(all.getAverage()), percent(all.getMin()), percent(all.getMax())));
        });
  }

  /** Returns what rules would cost at the cells that were tried, by the fitted shape. */
  private List<TunedReport.RuleCost> rules() {
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

  private static String exponent(Estimate estimate) {
    return Quantities.exponent(estimate.value())
        + " "
        + estimate.interval().text(Quantities::exponent);
  }

  private static String cost(Estimate estimate) {
    return percent(estimate.value()) + " " + estimate.interval().text(Quantities::percent);
  }
}
