package org.isoflop.harness.cli;

import static org.isoflop.harness.Quantities.count;
import static org.isoflop.harness.Quantities.format;
import static org.isoflop.harness.Quantities.percent;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.ScreenLines;
import org.isoflop.harness.analysis.output.Words;
import org.isoflop.harness.analysis.stats.Estimate;
import org.isoflop.harness.analysis.tuning.ChangeEffects;
import org.isoflop.harness.analysis.tuning.TunedLaws;
import org.isoflop.harness.analysis.tuning.TuningRun;
import org.isoflop.harness.config.Changes;
import org.isoflop.harness.report.TunedReport;

/** What a tuning says on the screen at its end. */
final class TunedScreen {

  /** Expected loss, as a share, that a person should not take without a word. */
  private static final double TOO_MUCH = 0.01;

  private static final String ROW = "  %-8s %7s %7s %5s %7s  %-28s %-28s";

  private final TunedResult result;
  private final TunedLaws laws;

  TunedScreen(TunedResult result) {
    this.result = result;
    this.laws = result.laws();
  }

  /** Returns its lines, of at most 100 columns. */
  List<String> lines(Path folder) {
    ScreenLines lines = new ScreenLines();
    lines.add(
        "learning rate* ~ N^"
            + Words.EXPONENT.of(laws.rateByParams())
            + " D^"
            + Words.EXPONENT.of(laws.rateByTokens()));
    lines.add(
        "batch*         ~ N^"
            + Words.EXPONENT.of(laws.batchByParams())
            + " D^"
            + Words.EXPONENT.of(laws.batchByTokens()));
    lines.wrap(
        "",
        "A factor 2 off costs %s of the loss in the learning rate, %s in the batch; with another"
            + " batch the best rate goes as batch^%s.",
        Words.SHARE.of(laws.costOfTwiceTheRate()),
        Words.SHARE.of(laws.costOfTwiceTheBatch()),
        Words.EXPONENT.of(laws.rateByBatch()));
    lines.add("");
    lines.add(
        "%d runs of %d cells, %s FLOPs; 95%% intervals in brackets",
        result.runs(), laws.cells().size(), Quantities.flops(result.flops()));
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
        result.targets().stream()
            .sorted((a, b) -> Double.compare(a[0] * a[1], b[0] * b[1]))
            .toList();
    for (int i : new int[] {0, byTokens.size() / 2, byTokens.size() - 1}) {
      lines.add(row("", byTokens.get(i)[0], byTokens.get(i)[1], "", ""));
    }
    double sequence = result.sweep().decoder().context();
    if (laws.cells().stream().anyMatch(cell -> batch(cell) < sequence)) {
      lines.wrap(
          "",
          "Where batch* is less than a sequence, a sweep trains with one, at the rate that is best"
              + " for it.");
    }
    lines.add("");
    tried(lines);
    published(lines);
    lines.wrap(
        "",
        "What the laws do not know is expected to cost the sweep's cells %.2f%% of their loss on"
            + " average, if power laws hold that far; try them at one of its cells first.",
        100 * laws.expectedLoss(result.targets()));
    if (laws.expectedLoss(result.targets()) > TOO_MUCH) {
      lines.wrap(
          "warning:",
          "That is much, since the cells tried lie far from the sweep's or tell little; a larger"
              + " --share goes on from here, and a new tuning with one (--out) lies nearer.");
    }
    lines.add("In the sweep's configuration:");
    lines.add("  learning_rate: {law: " + folder + "}");
    lines.add("  batch_tokens: {law: " + folder + "}");
    for (ChangeEffects.Effect effect : result.changes().better()) {
      TuningRun.Change change = effect.change();
      String section = change.key().equals(Changes.WARMUP) ? "schedule" : "optimizer";
      lines.add("  %s: {%s: %s}", section, change.key(), change.text());
    }
    return lines.all();
  }

  /** Says what was tried beside rate and batch, and whether it matters. */
  private void tried(ScreenLines lines) {
    List<TunedReport.Tried> tried = result.tried();
    if (tried.isEmpty()) {
      lines.wrap(
          "", "Weight decay, warm-up and beta2 were not tried: the share left no runs for them.");
      lines.add("");
      return;
    }
    lines.wrap(
        "",
        "One at a time at the cheapest cells, rate and batch being near their best (change of the"
            + " loss, intervals that hold all together):");
    for (TunedReport.Tried one : tried) {
      lines.add(
          "  %-24s in place of %-7s %-24s %s",
          one.effect().change().key() + ": " + one.effect().change().text(),
          one.insteadOf(),
          one.effect().loss().map(Words.DIFFERENCE::of).orElse(""),
          one.effect().verdict());
    }
    if (result.use().values().size() > 1) {
      lines.add("What is better was found each by itself; together it was not tried.");
    }
    lines.add("");
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
            Words.NUMBER.of(rate),
            Words.COUNT.of(batch))
        .stripTrailing();
  }

  /** Says what rules would cost at the cells that were tried. */
  private void published(ScreenLines lines) {
    Map<String, List<Double>> costs = new LinkedHashMap<>();
    result
        .rules()
        .forEach(
            rule -> costs.computeIfAbsent(rule.name(), any -> new ArrayList<>()).add(rule.cost()));
    lines.add("Rules at these cells cost, of the loss (least to most):");
    costs.forEach(
        (rule, cost) -> {
          var all = cost.stream().mapToDouble(c -> c).summaryStatistics();
          lines.add(
              "  %-9s %6s  (%s to %s)",
              rule, percent(all.getAverage()), percent(all.getMin()), percent(all.getMax()));
        });
  }
}
