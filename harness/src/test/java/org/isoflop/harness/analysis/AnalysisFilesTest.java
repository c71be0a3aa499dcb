package org.isoflop.harness.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.analysis.design.EarlierSweep;
import org.isoflop.harness.analysis.isoflop.BudgetCurve;
import org.isoflop.harness.analysis.isoflop.BudgetCurve.Optimum;
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
        .isEqualTo(GOOD.law().orElseThrow().alpha().interval().low());
    assertThat(csv("frontier.csv")).hasSameSizeAs(GOOD.frontier());
    CSVRecord far = csv("allocation.csv").get(2);
    assertEstimate(far, "params", GOOD.allocation().get(2).params());
    assertEstimate(far, "loss", GOOD.allocation().get(2).loss().orElseThrow());
    assertEstimate(far, "b", GOOD.allocation().get(2).exponents().b());
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
            "law_window", found -> assertThat(found).hasSameSizeAs(GOOD.lawWindows()))
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
    assertThat(sweep.law()).contains(analysis.law().orElseThrow().law());
    BudgetCurve middle = analysis.curves().get(2);
    assertThat(sweep.noise().orElseThrow().at(middle.budget())).isBetween(0.0005, 0.002);
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
}
