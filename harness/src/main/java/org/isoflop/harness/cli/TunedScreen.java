package org.isoflop.harness.cli;

import static org.isoflop.harness.Quantities.percent;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.ScreenLines;
import org.isoflop.harness.analysis.output.ResultTable;
import org.isoflop.harness.analysis.output.Words;
import org.isoflop.harness.analysis.tuning.ChangeEffects;
import org.isoflop.harness.analysis.tuning.TunedLaws;
import org.isoflop.harness.analysis.tuning.TunedLaws.Estimates;
import org.isoflop.harness.analysis.tuning.TuningRun;
import org.isoflop.harness.config.Changes;
import org.isoflop.harness.report.TunedReport;
import org.isoflop.harness.report.TunedReport.RuleCost;
import org.isoflop.harness.report.TunedReport.Tried;

/** What a tuning says on the screen at its end. */
final class TunedScreen {

  /** Expected loss, as a share, that a person should not take without a word. */
  private static final double TOO_MUCH = 0.01;

  private final TunedResult result;
  private final TunedLaws laws;

  TunedScreen(TunedResult result) {
    this.result = result;
    this.laws = result.laws();
  }

  /** Returns its lines, of at most 100 columns. */
  List<String> lines(Path folder) {
    ScreenLines lines = new ScreenLines();
    Estimates found = laws.estimates();
    lines.add(
        "learning rate* ~ N^%s D^%s",
        Words.EXPONENT.of(found.learningRateByParams()),
        Words.EXPONENT.of(found.learningRateByTokens()));
    lines.add(
        "batch*         ~ N^%s D^%s",
        Words.EXPONENT.of(found.batchByParams()), Words.EXPONENT.of(found.batchByTokens()));
    lines.wrap("", TunedReport.costs(laws));
    lines.add("");
    lines.add(
        "%d runs of %d cells, %s FLOPs; 95%% intervals in brackets",
        result.runs(), laws.cells().size(), Quantities.flops(result.flops()));
    lines.addAll(TunedReport.cells().lines(laws.cells()));
    lines.add("The sweep's cells, by the laws:");
    List<double[]> byFlops =
        result.targets().stream().sorted(Comparator.comparingDouble(at -> at[0] * at[1])).toList();
    lines.addAll(
        new ResultTable<double[]>()
            .number("", "N", "", at -> at[0], Words.COUNT)
            .number("", "D", "", at -> at[1], Words.COUNT)
            .estimate("", "learning rate*", "", at -> laws.learningRate(at[0], at[1]), Words.NUMBER)
            .estimate("", "batch*", "", at -> laws.batchTokens(at[0], at[1]), Words.COUNT)
            .lines(
                IntStream.of(0, byFlops.size() / 2, byFlops.size() - 1)
                    .mapToObj(byFlops::get)
                    .toList()));
    double sequence = result.sweep().decoder().context();
    if (laws.cells().stream().anyMatch(cell -> cell.batchTokens().value() < sequence)) {
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
    List<Tried> tried = result.tried();
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
    lines.addAll(TunedReport.tried().lines(tried));
    if (result.use().values().size() > 1) {
      lines.add("What is better was found each by itself; together it was not tried.");
    }
    lines.add("");
  }

  /** Says what rules would cost at the cells that were tried. */
  private void published(ScreenLines lines) {
    lines.add("Rules at these cells cost, of the loss (least to most):");
    result.rules().stream()
        .collect(
            Collectors.groupingBy(
                RuleCost::name, LinkedHashMap::new, Collectors.summarizingDouble(RuleCost::cost)))
        .forEach(
            (rule, all) ->
                lines.add(
                    "  %-9s %6s  (%s to %s)",
                    rule, percent(all.getAverage()), percent(all.getMin()), percent(all.getMax())));
  }
}
