package org.isoflop.harness.report;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.isoflop.harness.AtomicFiles;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.output.ResultTable;
import org.isoflop.harness.analysis.output.Words;
import org.isoflop.harness.analysis.stats.Estimate;
import org.isoflop.harness.analysis.tuning.ChangeEffects;
import org.isoflop.harness.analysis.tuning.TunedLaws;
import org.isoflop.harness.analysis.tuning.TunedLaws.CellFit;
import org.isoflop.harness.analysis.tuning.TunedLaws.Estimates;
import org.isoflop.harness.analysis.tuning.TuningRun;
import org.isoflop.harness.analysis.tuning.TuningRun.Change;

/** The page of a tuning: its laws, its cells, every run, and what published rules would cost. */
public final class TunedReport {

  /**
   * What a rule would do at a cell.
   *
   * @param name of the rule
   * @param cell where
   * @param learningRate by the rule
   * @param batchTokens by the rule
   * @param cost share of the loss above the cell's best, by the fitted shape
   */
  public record RuleCost(
      String name, TuningRun.Cell cell, double learningRate, double batchTokens, double cost) {}

  /**
   * What was tried beside learning rate and batch.
   *
   * @param effect what it does
   * @param insteadOf what the configuration has there
   */
  public record Tried(@JsonUnwrapped ChangeEffects.Effect effect, String insteadOf) {

    private Change change() {
      return effect.change();
    }
  }

  private TunedReport() {}

  /**
   * Writes {@code tuned.html}, one page that opens offline, and {@code figures/tuned} as SVG and
   * PNG.
   *
   * @throws UncheckedIOException if the folder cannot be written
   */
  public static void write(
      String title,
      TunedLaws laws,
      List<TuningRun> runs,
      List<RuleCost> rules,
      List<Tried> tried,
      Path folder) {
    Figure figure = TunedFigure.of(laws, runs);
    figure.write(folder.resolve("figures"));
    String body =
        Template.fill(
            "tuned.html",
            Map.of(
                "title", Html.text(title),
                "lead",
                    Html.sentence(
                        "%d runs of %d cells. "
                            .formatted(runs.size(), laws.cells().size())
                            .concat(costs(laws))),
                "laws-table", lawsTable(laws),
                "cells-table",
                    Html.table("The cells, and their best by the laws", cells(), laws.cells()),
                "figure", figure.section(),
                "changes-table",
                    Html.table(
                        "Tried one at a time at the cheapest cells, rate and batch near their best;"
                            + " the change of the loss beside the same run without, with intervals"
                            + " that hold all together in 95% of tunings",
                        tried(), tried),
                "rules-table", rulesTable(laws, rules)));
    int colours = figure.legend().keys().size();
    String page =
        Template.page(
            Html.text(title) + ": tuned", Ink.css(colours, i -> Ink.budget(i, colours)), body);
    AtomicFiles.writeText(folder.resolve("tuned.html"), out -> out.write(page));
  }

  /** Returns what it costs to be off, a sentence. */
  public static String costs(TunedLaws laws) {
    Estimates found = laws.estimates();
    return Quantities.format(
        "A factor 2 off costs %s of the loss in the learning rate, %s in the batch; with another"
            + " batch the best rate goes as its power %s.",
        Words.SHARE.of(found.costOfTwiceTheLearningRate()),
        Words.SHARE.of(found.costOfTwiceTheBatch()),
        Words.EXPONENT.of(found.learningRateByBatch()));
  }

  private static String lawsTable(TunedLaws laws) {
    record Exponents(String what, Estimate byParams, Estimate byTokens) {}
    Estimates found = laws.estimates();
    return Html.table(
        "Exponents, learning rate and batch at their best together, 95% intervals beneath",
        new ResultTable<Exponents>()
            .page("Of", Exponents::what)
            .page("of params <i>N</i>", Exponents::byParams, Words.EXPONENT)
            .page("of tokens <i>D</i>", Exponents::byTokens, Words.EXPONENT),
        List.of(
            new Exponents(
                "Learning rate", found.learningRateByParams(), found.learningRateByTokens()),
            new Exponents("Batch", found.batchByParams(), found.batchByTokens())));
  }

  /** The cells, and their best by the laws. */
  public static ResultTable<CellFit> cells() {
    return new ResultTable<CellFit>()
        .number("", "C", "Budget, FLOPs", fit -> fit.cell().budget(), Words.FLOPS)
        .number("", "N", "Params", fit -> fit.cell().params(), Words.COUNT)
        .number("", "D", "Tokens", CellFit::tokens, Words.COUNT)
        .number("", "runs", "Runs", CellFit::runs, Words.NUMBER)
        .number("", "noise", "Seed noise", CellFit::noise, Words.SHARE)
        .estimate("", "learning rate*", "Learning rate", CellFit::learningRate, Words.NUMBER)
        .estimate("", "batch*", "Batch, tokens", CellFit::batchTokens, Words.COUNT)
        .page("Loss there", CellFit::loss, Words.LOSS);
  }

  /** What was tried beside learning rate and batch, and what came of it. */
  public static ResultTable<Tried> tried() {
    return new ResultTable<Tried>()
        .text("", "tried", "Setting", one -> one.change().key() + ": " + one.change().text())
        .text("", "in place of", "In place of", Tried::insteadOf)
        .number("", "runs", "Runs", one -> one.effect().runs(), Words.NUMBER)
        .estimate("", "loss", "Change of the loss", one -> one.effect().loss(), Words.DIFFERENCE)
        .text("", "verdict", "Verdict", one -> one.effect().verdict());
  }

  private static String rulesTable(TunedLaws laws, List<RuleCost> rules) {
    Map<String, List<RuleCost>> byName =
        rules.stream()
            .collect(
                Collectors.groupingBy(RuleCost::name, LinkedHashMap::new, Collectors.toList()));
    ResultTable<List<RuleCost>> table =
        new ResultTable<List<RuleCost>>().page("Rule", costs -> costs.get(0).name());
    for (CellFit cell : laws.cells()) {
      table.page(
          Quantities.flops(cell.cell().budget()) + ",<br>" + Quantities.count(cell.cell().params()),
          costs ->
              costs.stream()
                  .filter(cost -> cost.cell().equals(cell.cell()))
                  .findAny()
                  .map(TunedReport::cost));
    }
    return Html.table(
        "What rules cost at these cells, of the loss, by the fitted shape; beneath their learning"
            + " rate and batch",
        table,
        List.copyOf(byName.values()));
  }

  private static Html.Markup cost(RuleCost cost) {
    return new Html.Markup(
        Html.estimate(
            Quantities.percent(cost.cost()),
            Quantities.digits(cost.learningRate()) + ", " + Quantities.count(cost.batchTokens())));
  }
}
