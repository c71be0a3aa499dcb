package org.isoflop.harness.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.analysis.Analysis.ParametricLaw;
import org.isoflop.harness.analysis.Analysis.Part;
import org.isoflop.harness.analysis.Analysis.PointResidual;
import org.isoflop.harness.analysis.design.EarlierSweep;
import org.isoflop.harness.analysis.design.LossSurface;
import org.isoflop.harness.analysis.isoflop.BudgetCurve;
import org.isoflop.harness.analysis.isoflop.BudgetCurve.Optimum;
import org.isoflop.harness.analysis.isoflop.EfficientFrontier.FrontierPoint;
import org.isoflop.harness.analysis.isoflop.Exponents;
import org.isoflop.harness.analysis.isoflop.Exponents.LocalExponent;
import org.isoflop.harness.analysis.isoflop.LinearityTest;
import org.isoflop.harness.analysis.isoflop.LossFrontierFit;
import org.isoflop.harness.analysis.law.Law;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.stats.Estimate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The written files, read back. */
final class AnalysisFilesTest {

  /** Without --fix there are no methods that hold an exponent. */
  private static final int FREE_METHODS =
      (int) Stream.of(Method.values()).filter(method -> !method.held()).count();

  private static final Analysis GOOD = Analyses.good();

  private static final String[] CSVS = {
    "optima.csv",
    "exponents.csv",
    "curves.csv",
    "frontier.csv",
    "allocation.csv",
    "conventions.csv",
    "residuals.csv",
    "law.csv"
  };

  @TempDir private Path folder;

  private JsonNode json(Analysis analysis) throws IOException {
    AnalysisFiles.write(analysis, folder);
    return new ObjectMapper().readTree(folder.resolve("analysis.json").toFile());
  }

  private List<CSVRecord> csv(String name) throws IOException {
    CSVFormat format = CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).get();
    try (CSVParser parser = CSVParser.parse(Files.readString(folder.resolve(name)), format)) {
      return parser.getRecords();
    }
  }

  private static void assertEstimate(CSVRecord row, String column, Estimate estimate) {
    assertThat(Double.parseDouble(row.get(column))).as(column).isEqualTo(estimate.value());
    assertThat(Double.parseDouble(row.get(column + "_low")))
        .as(column)
        .isEqualTo(estimate.interval().low());
    assertThat(Double.parseDouble(row.get(column + "_high")))
        .as(column)
        .isEqualTo(estimate.interval().high());
  }

  private static Optimum optimum(int k) {
    return GOOD.curves().get(k).optimum().orElseThrow();
  }

  @Test
  void spreadsheetsHoldTheSameNumbers() throws IOException {
    AnalysisFiles.write(GOOD, folder);
    List<CSVRecord> optima = csv("optima.csv");
    assertThat(optima).hasSize(6).allMatch(CSVRecord::isConsistent);
    assertEstimate(optima.get(1), "params", optimum(1).params());
    assertEstimate(optima.get(1), "tokens", optimum(1).tokens());
    assertEstimate(optima.get(1), "loss", optimum(1).loss());
    assertThat(optima.get(1).get("points")).isEqualTo("7");
    assertThat(optima.get(1).get("outliers")).isEqualTo("1");
    assertThat(optima.get(5).get("params_high")).isEmpty();
    assertThat(optima.get(5).get("bracketed")).isEqualTo("false");
    assertThat(optima.get(5).get("refused")).startsWith("1 different size");
    assertThat(csv("residuals.csv"))
        .hasSize(36)
        .filteredOn(row -> row.get("outlier").equals("true"))
        .singleElement()
        .satisfies(row -> assertThat(Double.parseDouble(row.get("curve"))).isGreaterThan(0.2));
    assertThat(csv("law.csv"))
        .extracting(row -> row.get("parameter"))
        .containsExactly("E", "A", "B", "alpha", "beta");
    assertThat(Double.parseDouble(csv("law.csv").get(3).get("low")))
        .isEqualTo(GOOD.law().orElseThrow().sample().estimate(Law::alpha).interval().low());
    assertThat(csv("frontier.csv")).hasSameSizeAs(GOOD.frontier().drawn());
    CSVRecord far = csv("allocation.csv").get(2);
    assertEstimate(far, "params", GOOD.frontier().allocation().get(2).params());
    assertEstimate(far, "loss", GOOD.frontier().allocation().get(2).loss().orElseThrow());
    assertEstimate(far, "b", GOOD.frontier().allocation().get(2).exponents().b());
    assertEstimate(csv("conventions.csv").get(0), "a", GOOD.isoflop().orElseThrow().a());
    assertThat(csv("curves.csv")).hasSize(5 * optimum(0).curve().size());
    assertThat(Double.parseDouble(csv("curves.csv").get(0).get("loss")))
        .isEqualTo(optimum(0).curve().get(0).loss());
  }

  @Test
  void exponentsOfEveryMethodAndRangeAreOneTable() throws IOException {
    AnalysisFiles.write(GOOD, folder);
    List<CSVRecord> rows = csv("exponents.csv");
    assertThat(rows).allMatch(CSVRecord::isConsistent);
    assertThat(rows.stream().collect(Collectors.groupingBy(row -> row.get("scope"))))
        .hasEntrySatisfying("global", found -> assertThat(found).hasSize(FREE_METHODS))
        .hasEntrySatisfying("top", found -> assertThat(found).hasSize(1))
        .hasEntrySatisfying("local", found -> assertThat(found).hasSize(4))
        .hasEntrySatisfying("window", found -> assertThat(found).hasSize(3))
        .hasEntrySatisfying(
            "law_window", found -> assertThat(found).hasSameSizeAs(GOOD.part(Part.LAW_WINDOWS)))
        .hasSize(5);
    assertEstimate(rows.get(0), "a", GOOD.isoflop().orElseThrow().a());
    CSVRecord top = rows.get(FREE_METHODS);
    assertThat(top.get("method")).isEqualTo("isoflop");
    assertThat(top.get("optima")).isEqualTo("3");
    assertEstimate(top, "b", GOOD.top().orElseThrow().exponents().b());
    CSVRecord last = rows.get(rows.size() - 1);
    assertThat(last.get("method")).isEqualTo("parametric");
    assertThat(last.get("optima")).isEmpty();
    assertThat(Integer.parseInt(last.get("points"))).isGreaterThan(7);
  }

  @Test
  void whatWasRefusedIsNullWithItsReasonAndReplacesWhatWasThere() throws IOException {
    AnalysisFiles.write(GOOD, folder);
    JsonNode root = json(Analyses.refused());
    for (String method : List.of("isoflop", "parabola", "parabola_corrected", "parametric")) {
      assertThat(root.at("/exponents/" + method).isNull()).as(method).isTrue();
      assertThat(root.at("/exponents/refused/" + method).textValue()).isNotBlank();
    }
    for (String key : List.of("top", "straightness", "loss_frontier")) {
      assertThat(root.get(key).isNull()).as(key).isTrue();
    }
    assertThat(root.get("local")).isEmpty();
    for (String name : List.of("curves.csv", "frontier.csv", "allocation.csv", "law.csv")) {
      assertThat(Files.readAllLines(folder.resolve(name))).as(name).hasSize(1);
    }
    assertThat(csv("exponents.csv"))
        .hasSize(FREE_METHODS)
        .allSatisfy(row -> assertThat(row.get("refused")).isNotBlank())
        .allSatisfy(row -> assertThat(row.get("a_low")).isEmpty());
  }

  @Test
  void allFilesAreWrittenIntoAFolderThatIsMade() throws IOException {
    AnalysisFiles.write(Analyses.refused(), folder.resolve("new/folder"));
    try (var files = Files.list(folder.resolve("new/folder"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .contains(CSVS)
          .contains("analysis.json")
          .hasSize(CSVS.length + 1);
    }
  }

  @Test
  void anInfiniteEndIsNullOrEmptyBesideTheOther() throws IOException {
    JsonNode root = json(Analyses.unbounded());
    assertThat(root.at("/convention/params").textValue()).isEqualTo("non-embedding");
    assertThat(root.at("/convention/flops").textValue()).isEqualTo("6nd");
    assertThat(root.at("/optima/0/params_interval/0").doubleValue()).isZero();
    assertThat(root.at("/optima/0/tokens_interval/0").doubleValue()).isEqualTo(8e8);
    assertThat(root.at("/optima/0/tokens_interval/1").isNull()).isTrue();
    assertThat(root.at("/exponents/isoflop/a_interval/0").isNull()).isTrue();
    assertThat(root.at("/exponents/isoflop/a_interval/1").doubleValue()).isEqualTo(0.6);
    assertThat(root.at("/allocation/0/loss_interval").isNull()).isTrue();
    assertThat(root.at("/conventions/0/a").isNull()).isTrue();
    assertThat(root.at("/conventions/0/refused").textValue()).isEqualTo("Too few.");
    CSVRecord optimum = csv("optima.csv").get(0);
    assertThat(optimum.get("tokens_high")).isEmpty();
    assertThat(Double.parseDouble(optimum.get("tokens_low"))).isEqualTo(8e8);
    assertThat(csv("exponents.csv").get(0).get("a_low")).isEmpty();
    CSVRecord allocation = csv("allocation.csv").get(0);
    assertThat(allocation.get("loss_high")).isEmpty();
    assertThat(Double.parseDouble(allocation.get("a"))).isEqualTo(0.5);
  }

  @Test
  void aLaterPlanReadsWhatIsWritten() throws IOException {
    List<LossPoint> points = Analyses.points(5, 4);
    Analysis analysis = IsoFlopAnalysis.analyze(points, Analyses.SETTINGS);
    AnalysisFiles.write(analysis, folder);
    StringBuilder csv = new StringBuilder("budget_flops,params,tokens,loss\n");
    for (LossPoint p : points) {
      csv.append(p.budget() + "," + p.params() + "," + p.tokens() + "," + p.loss() + "\n");
    }
    Files.writeString(folder.resolve("points.csv"), csv);
    EarlierSweep sweep = EarlierSweep.read(folder.toString());
    LossSurface surface = sweep.surface().orElseThrow();
    assertThat(surface.law()).isEqualTo(analysis.law().orElseThrow().law());
    BudgetCurve middle = analysis.curves().get(2);
    assertThat(surface.noise().at(middle.budget())).isBetween(0.0005, 0.002);
    assertThat(Math.exp(sweep.params().ln(Math.log(middle.budget()))))
        .isCloseTo(middle.optimum().orElseThrow().params().value(), within(0.3e8));
  }

  @Test
  void aLaterPlanRefusesAnotherConvention() {
    AnalysisFiles.write(Analyses.unbounded(), folder);
    assertThatThrownBy(() -> EarlierSweep.read(folder.toString()))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("counts non-embedding params and 6nd FLOPs");
  }

  private static List<String> keys(JsonNode node) {
    List<String> keys = new ArrayList<>();
    node.fieldNames().forEachRemaining(keys::add);
    return keys;
  }

  private static void assertEstimate(JsonNode node, String key, Estimate estimate) {
    assertThat(node.get(key).doubleValue()).as(key).isEqualTo(estimate.value());
    JsonNode interval = node.get(key + "_interval");
    assertThat(interval).as(key).hasSize(2);
    assertThat(interval.get(0).doubleValue()).as(key).isEqualTo(estimate.interval().low());
    assertThat(interval.get(1).doubleValue()).as(key).isEqualTo(estimate.interval().high());
  }

  private static void assertSlopes(JsonNode node, Exponents exponents) {
    assertEstimate(node, "a", exponents.a());
    assertEstimate(node, "b", exponents.b());
  }

  @Test
  void jsonHoldsEveryBudgetWithItsOptimumOrTheReasonThereIsNone() throws IOException {
    JsonNode root = json(GOOD);
    assertThat(root.get("points").intValue()).isEqualTo(36);
    assertThat(root.at("/convention/params").textValue()).isEqualTo("total");
    assertThat(root.at("/convention/flops").textValue()).isEqualTo("budget");
    assertThat(root.get("optima")).hasSize(6);
    for (int k = 0; k < 5; k++) {
      JsonNode node = root.get("optima").get(k);
      assertThat(node.get("budget").doubleValue()).isEqualTo(GOOD.curves().get(k).budget());
      assertEstimate(node, "params", optimum(k).params());
      assertEstimate(node, "tokens", optimum(k).tokens());
      assertEstimate(node, "loss", optimum(k).loss());
      assertThat(node.get("bits_per_byte").isNull()).isTrue();
      assertThat(node.get("bracketed").booleanValue()).isTrue();
      assertThat(node.get("points").intValue()).isEqualTo(7);
      assertThat(node.get("outliers").intValue()).isEqualTo(k == 1 ? 1 : 0);
      assertThat(node.get("refused").isNull()).isTrue();
    }
    JsonNode refused = root.at("/optima/5");
    assertThat(refused.get("refused").textValue()).startsWith("1 different size");
    assertThat(keys(refused)).isEqualTo(keys(root.at("/optima/0")));
    for (String key : List.of("params", "tokens_interval", "loss", "bits_per_byte")) {
      assertThat(refused.get(key).isNull()).as(key).isTrue();
    }
  }

  @Test
  void jsonHoldsEveryMethodAndTheLaw() throws IOException {
    JsonNode exponents = json(GOOD).get("exponents");
    assertThat(keys(exponents))
        .containsExactly(
            "isoflop",
            "parabola",
            "parabola_corrected",
            "parametric",
            "parametric_squares",
            "isoflop_held",
            "parametric_held",
            "envelope",
            "refused");
    GOOD.methods()
        .forEach(
            (method, result) -> {
              JsonNode node = exponents.get(method.key());
              result
                  .value()
                  .ifPresentOrElse(
                      found -> assertSlopes(node, found), () -> assertThat(node.isNull()).isTrue());
            });
    assertThat(GOOD.exponents(Method.PARAMETRIC)).isPresent();
    assertThat(exponents.get("envelope").isNull()).isTrue();
    assertThat(exponents.get("refused").get("envelope").asText()).startsWith("No training");
    JsonNode parametric = exponents.get("parametric");
    ParametricLaw law = GOOD.law().orElseThrow();
    assertEstimate(parametric, "E", law.sample().estimate(Law::e));
    assertEstimate(parametric, "A", law.sample().estimate(Law::a));
    assertEstimate(parametric, "B", law.sample().estimate(Law::b));
    assertEstimate(parametric, "alpha", law.sample().estimate(Law::alpha));
    assertEstimate(parametric, "beta", law.sample().estimate(Law::beta));
    assertThat(parametric.get("objective").doubleValue()).isEqualTo(law.objective()).isPositive();
  }

  @Test
  void jsonHoldsTheRestOfTheAnalysis() throws IOException {
    JsonNode root = json(GOOD);
    assertThat(keys(root))
        .containsExactly(
            "points",
            "convention",
            "optima",
            "exponents",
            "top",
            "local",
            "windows",
            "law_windows",
            "straightness",
            "loss_frontier",
            "bias",
            "conventions",
            "allocation",
            "frontier",
            "residuals",
            "noise",
            "separate_runs",
            "rate_control",
            "repeated_tokens",
            "warnings",
            "notes");
    JsonNode noise = root.get("noise");
    assertThat(noise.get("scatter")).hasSize(5);
    assertThat(noise.at("/scatter/0/deviation").asDouble())
        .isEqualTo(GOOD.checks().noise().scatter().get(0).deviation());
    assertThat(noise.get("scatter_exponent_interval")).hasSize(2);
    assertThat(noise.get("seeds")).isEmpty();
    assertThat(noise.get("left_over").isNull()).isTrue();
    assertPart(root.get("top"), "optima", GOOD.top().orElseThrow());
    assertParts(root.get("local"), "optima", GOOD.part(Part.LOCAL));
    assertParts(root.get("windows"), "optima", GOOD.part(Part.WINDOWS));
    assertParts(root.get("law_windows"), "points", GOOD.part(Part.LAW_WINDOWS));
    LinearityTest straightness = GOOD.straightness().orElseThrow();
    JsonNode straight = root.get("straightness");
    assertThat(straight.get("p_value").doubleValue()).isEqualTo(straightness.pValue());
    assertThat(straight.get("straight").booleanValue()).isEqualTo(straightness.straight());
    assertThat(straight.get("drift_per_decade").doubleValue())
        .isEqualTo(straightness.drift().value());
    assertThat(straight.at("/drift_interval/1").doubleValue())
        .isEqualTo(straightness.drift().interval().high());
    LossFrontierFit.Parameters loss = GOOD.frontier().loss().orElseThrow();
    assertEstimate(root.get("loss_frontier"), "E", loss.e());
    assertEstimate(root.get("loss_frontier"), "K", loss.k());
    assertEstimate(root.get("loss_frontier"), "gamma", loss.gamma());
    assertThat(root.get("bias")).hasSameSizeAs(GOOD.bias()).isNotEmpty();
    Bias bias = GOOD.bias().get(0);
    assertThat(root.at("/bias/0/method").textValue()).isEqualTo("parabola");
    assertThat(root.at("/bias/0/a").doubleValue()).isEqualTo(bias.a());
    assertThat(root.at("/bias/0/b").doubleValue()).isEqualTo(bias.b());
    assertThat(root.at("/bias/0/optima/2/ln_params").doubleValue())
        .isEqualTo(bias.optima().get(2).lnParams());
    assertSlopes(root.at("/conventions/0"), GOOD.isoflop().orElseThrow());
    assertThat(root.get("frontier")).hasSameSizeAs(GOOD.frontier().drawn());
    assertThat(root.get("allocation")).hasSize(4);
    FrontierPoint far = GOOD.frontier().allocation().get(2);
    JsonNode farNode = root.at("/allocation/2");
    assertThat(farNode.get("budget").doubleValue()).isEqualTo(far.budget());
    assertThat(farNode.get("decades_beyond").doubleValue()).isCloseTo(1, within(1e-9));
    assertEstimate(farNode, "params", far.params());
    assertEstimate(farNode, "tokens", far.tokens());
    assertEstimate(farNode, "loss", far.loss().orElseThrow());
    assertSlopes(farNode, far.exponents());
    assertResidual(root.at("/residuals/3"), GOOD.residuals().get(3));
    assertThat(root.get("residuals")).hasSize(36);
    assertThat(root.at("/residuals/35/curve").isNull()).isTrue();
    assertThat(root.get("warnings")).extracting(JsonNode::textValue).isEqualTo(GOOD.warnings());
    assertThat(root.get("notes")).extracting(JsonNode::textValue).isEqualTo(GOOD.notes());
  }

  private static void assertParts(JsonNode nodes, String restsOn, List<LocalExponent> parts) {
    assertThat(nodes).hasSameSizeAs(parts).isNotEmpty();
    for (int i = 0; i < parts.size(); i++) {
      assertPart(nodes.get(i), restsOn, parts.get(i));
    }
  }

  private static void assertPart(JsonNode node, String restsOn, LocalExponent part) {
    assertThat(node.get("from").doubleValue()).isEqualTo(part.from());
    assertThat(node.get("to").doubleValue()).isEqualTo(part.to());
    assertThat(node.get(restsOn).intValue()).isEqualTo(part.optima());
    assertSlopes(node, part.exponents());
  }

  private static void assertResidual(JsonNode node, PointResidual residual) {
    LossPoint point = residual.point();
    assertThat(node.get("budget").doubleValue()).isEqualTo(point.budget());
    assertThat(node.get("params").doubleValue()).isEqualTo(point.params());
    assertThat(node.get("tokens").doubleValue()).isEqualTo(point.tokens());
    assertThat(node.get("loss").doubleValue()).isEqualTo(point.loss());
    assertThat(node.get("curve").doubleValue()).isEqualTo(residual.curve().orElseThrow());
    assertThat(node.get("law").doubleValue()).isEqualTo(residual.law().orElseThrow());
    assertThat(node.get("outlier").booleanValue()).isEqualTo(residual.outlier());
  }
}
