package org.isoflop.harness.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.isoflop.harness.AtomicFiles;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.stats.Estimate;
import org.isoflop.harness.analysis.tuning.ChangeEffects;
import org.isoflop.harness.analysis.tuning.TunedLaws;
import org.isoflop.harness.analysis.tuning.TuningRun;

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
  public record Tried(ChangeEffects.Effect effect, String insteadOf) {}

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
    Path figures = folder.resolve("figures");
    new TunedFigure(laws, runs).write(figures, "tuned");
    String body =
        Template.fill(
            "tuned.html",
            Map.of(
                "title", Html.text(title),
                "lead", lead(laws, runs),
                "laws-table", lawsTable(laws),
                "cells-table", cellsTable(laws),
                "figure", svg(figures.resolve("tuned.svg")),
                "changes-table", changesTable(tried),
                "rules-table", rulesTable(laws, rules)));
    String page = Template.plainPage(Html.text(title) + ": tuned", body);
    AtomicFiles.writeText(folder.resolve("tuned.html"), out -> out.write(page));
  }

  private static String lead(TunedLaws laws, List<TuningRun> runs) {
    return Quantities.format(
        "%d runs of %d cells. A learning rate that is off by a factor of 2 costs %s of the loss, a"
            + " batch %s; with another batch the best learning rate goes as its power %s.",
        runs.size(),
        laws.cells().size(),
        shares(laws.costOfTwiceTheRate()),
        shares(laws.costOfTwiceTheBatch()),
        Numbers.exponentWithInterval(laws.rateByBatch()));
  }

  private static String shares(Estimate share) {
    return Quantities.percent(share.value()) + " " + share.interval().text(Quantities::percent);
  }

  private static String lawsTable(TunedLaws laws) {
    return Html.table(
        "Exponents, learning rate and batch at their best together, 95% intervals beneath",
        List.of("", "of params <i>N</i>", "of tokens <i>D</i>"),
        List.of(
            Html.row(
                List.of(
                    "Learning rate",
                    Html.exponent(laws.rateByParams()),
                    Html.exponent(laws.rateByTokens()))),
            Html.row(
                List.of(
                    "Batch",
                    Html.exponent(laws.batchByParams()),
                    Html.exponent(laws.batchByTokens())))));
  }

  private static String cellsTable(TunedLaws laws) {
    List<String> rows = new ArrayList<>();
    for (TunedLaws.CellFit cell : laws.cells()) {
      Estimate rate = laws.learningRate(cell.cell().params(), cell.tokens());
      rows.add(
          Html.row(
              List.of(
                  Quantities.flops(cell.cell().budget()),
                  Quantities.count(cell.cell().params()),
                  Quantities.count(cell.tokens()),
                  Integer.toString(cell.runs()),
                  Quantities.percent(laws.noise(cell.cell().budget())),
                  Html.estimate(
                      Quantities.digits(rate.value()), rate.interval().text(Quantities::digits)),
                  Html.count(laws.batchTokens(cell.cell().params(), cell.tokens())),
                  Numbers.loss(Math.exp(cell.lnLoss())))));
    }
    return Html.table(
        "The cells, and their best by the laws",
        List.of(
            "Budget, FLOPs",
            "Params",
            "Tokens",
            "Runs",
            "Seed noise",
            "Learning rate",
            "Batch, tokens",
            "Loss there"),
        rows);
  }

  private static String changesTable(List<Tried> tried) {
    return tried.isEmpty()
        ? ""
        : Html.table(
            "Tried one at a time at the cheapest cells, rate and batch near their best; the change of"
                + " the loss beside the same run without, with intervals that hold all together in"
                + " 95% of tunings",
            List.of("", "Value", "In place of", "Runs", "Change of the loss", ""),
            tried.stream()
                .map(
                    one ->
                        Html.row(
                            List.of(
                                Html.text(one.effect().change().key()),
                                one.effect().change().text(),
                                Html.text(one.insteadOf()),
                                Integer.toString(one.effect().runs()),
                                one.effect()
                                    .loss()
                                    .map(
                                        loss ->
                                            Html.estimate(
                                                Numbers.percentDifference(loss.value()),
                                                Numbers.ends(
                                                    loss.interval(), Numbers::percentDifference)))
                                    .orElse(Html.NONE),
                                one.effect().verdict())))
                .toList());
  }

  private static String rulesTable(TunedLaws laws, List<RuleCost> rules) {
    Map<String, List<RuleCost>> byName = new LinkedHashMap<>();
    rules.forEach(rule -> byName.computeIfAbsent(rule.name(), n -> new ArrayList<>()).add(rule));
    List<String> heads = new ArrayList<>(List.of("Rule"));
    laws.cells()
        .forEach(
            cell ->
                heads.add(
                    Quantities.flops(cell.cell().budget())
                        + ",<br>"
                        + Quantities.count(cell.cell().params())));
    List<String> rows = new ArrayList<>();
    byName.forEach(
        (name, costs) -> {
          List<String> cells = new ArrayList<>(List.of(Html.text(name)));
          for (TunedLaws.CellFit cell : laws.cells()) {
            cells.add(
                costs.stream()
                    .filter(cost -> cost.cell().equals(cell.cell()))
                    .findAny()
                    .map(
                        cost ->
                            Html.estimate(
                                Quantities.percent(cost.cost()),
                                Quantities.digits(cost.learningRate())
                                    + ", "
                                    + Quantities.count(cost.batchTokens())))
                    .orElse(Html.NONE));
          }
          rows.add(Html.row(cells));
        });
    return Html.table(
        "What rules cost at these cells, of the loss, by the fitted shape; beneath their learning"
            + " rate and batch",
        heads,
        rows);
  }

  /** Returns the element of an SVG file, without what goes before it. */
  private static String svg(Path file) {
    try {
      String text = Files.readString(file);
      return text.substring(text.indexOf("<svg"));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }
}
