package org.isoflop.harness.analysis;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.isoflop.harness.AtomicFiles;
import org.isoflop.harness.CsvFiles;

/**
 * Writes what the analysis found for programs ({@code analysis.json}) and for spreadsheets ({@code
 * optima.csv}, {@code exponents.csv}), each file whole or not at all.
 */
public final class AnalysisFiles {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final JsonNodeFactory NODES = JSON.getNodeFactory();
  private static final String NOT_HERE =
      "Not fitted: this version of isoflop fits exponents by the IsoFLOP method only.";

  private static final List<String> OPTIMA_COLUMNS =
      List.of(
          "budget_flops",
          "params",
          "params_low",
          "params_high",
          "tokens",
          "tokens_low",
          "tokens_high",
          "tokens_per_param",
          "loss",
          "loss_low",
          "loss_high",
          "bits_per_byte",
          "bracketed",
          "points",
          "refused");
  private static final List<String> EXPONENTS_COLUMNS =
      List.of(
          "method", "scope", "from", "to", "a", "a_low", "a_high", "b", "b_low", "b_high",
          "refused");

  private AnalysisFiles() {}

  /**
   * Writes the three files into a folder, which is made where missing.
   *
   * @throws java.io.UncheckedIOException if the disk refuses
   */
  public static void write(Analysis analysis, Path folder) {
    AtomicFiles.writeText(folder.resolve("analysis.json"), out -> json(analysis, out));
    CsvFiles.write(folder.resolve("optima.csv"), OPTIMA_COLUMNS, optima(analysis));
    CsvFiles.write(folder.resolve("exponents.csv"), EXPONENTS_COLUMNS, exponents(analysis));
  }

  private static void json(Analysis analysis, Writer out) throws IOException {
    ObjectNode root = NODES.objectNode();
    root.put("points", analysis.points());
    root.putObject("convention").put("params", "total").put("flops", "budget");
    ArrayNode optima = root.putArray("optima");
    analysis.curves().forEach(curve -> optima.add(optimum(curve)));
    ObjectNode exponents = root.putObject("exponents");
    ObjectNode refused = NODES.objectNode();
    analysis
        .isoflop()
        .ifPresentOrElse(
            found ->
                slopes(
                    exponents.putObject("isoflop"),
                    found.a(),
                    found.aInterval(),
                    found.b(),
                    found.bInterval()),
            () -> exponents.putNull("isoflop"));
    analysis.refused().ifPresent(reason -> refused.put("isoflop", reason));
    for (String method : List.of("parametric", "envelope")) {
      exponents.putNull(method);
      refused.put(method, NOT_HERE);
    }
    exponents.set("refused", refused);
    ArrayNode local = root.putArray("local");
    for (LocalExponent found : analysis.local()) {
      ObjectNode node = local.addObject().put("from", found.from()).put("to", found.to());
      slopes(node, found.a(), found.aInterval(), found.b(), found.bInterval());
    }
    ArrayNode warnings = root.putArray("warnings");
    analysis.warnings().forEach(warnings::add);
    out.write(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root));
    out.write('\n');
  }

  private static ObjectNode optimum(BudgetCurve curve) {
    ObjectNode node = NODES.objectNode().put("budget", curve.budget());
    Optional<Optimum> optimum = curve.optimum();
    node.put("params", optimum.map(Optimum::params).orElse(null));
    node.put("tokens", optimum.map(Optimum::tokens).orElse(null));
    node.put("loss", optimum.map(Optimum::loss).orElse(null));
    node.put("bracketed", curve.bracketed());
    optimum.ifPresentOrElse(
        found -> node.set("params_interval", interval(found.paramsInterval())),
        () -> node.putNull("params_interval"));
    return node.put("refused", curve.refused().orElse(null));
  }

  private static void slopes(ObjectNode node, double a, Interval ofA, double b, Interval ofB) {
    node.put("a", a);
    node.set("a_interval", interval(ofA));
    node.put("b", b);
    node.set("b_interval", interval(ofB));
  }

  private static ArrayNode interval(Interval interval) {
    return NODES.arrayNode().add(interval.low()).add(interval.high());
  }

  private static List<List<Object>> optima(Analysis analysis) {
    List<List<Object>> rows = new ArrayList<>();
    for (BudgetCurve curve : analysis.curves()) {
      List<Object> row = new ArrayList<>(List.of(curve.budget()));
      if (curve.optimum().isPresent()) {
        Optimum found = curve.optimum().get();
        add(row, found.params(), found.paramsInterval());
        add(row, found.tokens(), found.tokensInterval());
        row.add(found.tokens() / found.params());
        add(row, found.loss(), found.lossInterval());
        row.add(found.bitsPerByte().isPresent() ? found.bitsPerByte().getAsDouble() : "");
      } else {
        blank(row, 11);
      }
      row.add(curve.bracketed());
      row.add(curve.points().size());
      row.add(curve.refused().orElse(""));
      rows.add(row);
    }
    return rows;
  }

  private static List<List<Object>> exponents(Analysis analysis) {
    List<List<Object>> rows = new ArrayList<>();
    List<Object> global = new ArrayList<>(List.of("isoflop", "global"));
    if (analysis.isoflop().isPresent()) {
      Exponents found = analysis.isoflop().get();
      List<FrontierPoint> frontier = analysis.frontier();
      if (frontier.isEmpty()) {
        blank(global, 2);
      } else {
        global.add(frontier.get(0).budget());
        global.add(frontier.get(frontier.size() - 1).budget());
      }
      add(global, found.a(), found.aInterval());
      add(global, found.b(), found.bInterval());
    } else {
      blank(global, 8);
    }
    global.add(analysis.refused().orElse(""));
    rows.add(global);
    for (LocalExponent found : analysis.local()) {
      List<Object> row = new ArrayList<>(List.of("isoflop", "local", found.from(), found.to()));
      add(row, found.a(), found.aInterval());
      add(row, found.b(), found.bInterval());
      row.add("");
      rows.add(row);
    }
    return rows;
  }

  private static void add(List<Object> row, double value, Interval interval) {
    row.add(value);
    row.add(interval.low());
    row.add(interval.high());
  }

  private static void blank(List<Object> row, int cells) {
    for (int i = 0; i < cells; i++) {
      row.add("");
    }
  }
}
