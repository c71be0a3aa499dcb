package org.isoflop.harness.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The written files, read back. */
final class AnalysisFilesTest {

  private static final AnalysisSettings SETTINGS = new AnalysisSettings(1, 200);

  @TempDir private Path folder;

  /** Four good budgets, and one with too few sizes. */
  private static Analysis good() {
    double[] budgets = Surfaces.budgets(1e17, 4, 4);
    List<LossPoint> points =
        new ArrayList<>(
            Surfaces.noisy(
                Surfaces.sampleBowls(0.5, budgets, 6, 5), 0.002, new SplittableRandom(4)));
    points.add(Surfaces.point(1e20, 1e9, 1e20 / 6e9, 2.5));
    return IsoFlopAnalysis.analyze(points, SETTINGS);
  }

  private JsonNode json(Analysis analysis) throws IOException {
    AnalysisFiles.write(analysis, folder);
    return new ObjectMapper().readTree(folder.resolve("analysis.json").toFile());
  }

  private List<CSVRecord> csv(String name) throws IOException {
    CSVFormat format = CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).get();
    try (CSVParser parser =
        CSVParser.parse(new StringReader(Files.readString(folder.resolve(name))), format)) {
      return parser.getRecords();
    }
  }

  private static List<String> keys(JsonNode node) {
    List<String> keys = new ArrayList<>();
    node.fieldNames().forEachRemaining(keys::add);
    return keys;
  }

  private static void assertInterval(JsonNode node, Interval interval) {
    assertThat(node.isArray()).isTrue();
    assertThat(node).hasSize(2);
    assertThat(node.get(0).doubleValue()).isEqualTo(interval.low());
    assertThat(node.get(1).doubleValue()).isEqualTo(interval.high());
  }

  @Test
  void jsonHoldsTheAnalysisAsTheDesignLaysItOut() throws IOException {
    Analysis analysis = good();
    JsonNode root = json(analysis);
    assertThat(keys(root))
        .containsExactly("points", "convention", "optima", "exponents", "local", "warnings");
    assertThat(root.get("points").intValue()).isEqualTo(25);
    assertThat(root.at("/convention/params").textValue()).isEqualTo("total");
    assertThat(root.at("/convention/flops").textValue()).isEqualTo("budget");
    assertThat(root.get("optima")).hasSize(5);
    for (int k = 0; k < 4; k++) {
      JsonNode node = root.get("optima").get(k);
      Optimum optimum = analysis.curves().get(k).optimum().orElseThrow();
      assertThat(keys(node))
          .containsExactly(
              "budget", "params", "tokens", "loss", "bracketed", "params_interval", "refused");
      assertThat(node.get("budget").doubleValue()).isEqualTo(analysis.curves().get(k).budget());
      assertThat(node.get("params").doubleValue()).isEqualTo(optimum.params());
      assertThat(node.get("tokens").doubleValue()).isEqualTo(optimum.tokens());
      assertThat(node.get("loss").doubleValue()).isEqualTo(optimum.loss());
      assertThat(node.get("bracketed").booleanValue()).isTrue();
      assertInterval(node.get("params_interval"), optimum.paramsInterval());
      assertThat(node.get("refused").isNull()).isTrue();
    }
    Exponents exponents = analysis.isoflop().orElseThrow();
    JsonNode isoflop = root.at("/exponents/isoflop");
    assertThat(keys(isoflop)).containsExactly("a", "a_interval", "b", "b_interval");
    assertThat(isoflop.get("a").doubleValue()).isEqualTo(exponents.a());
    assertInterval(isoflop.get("a_interval"), exponents.aInterval());
    assertThat(isoflop.get("b").doubleValue()).isEqualTo(exponents.b());
    assertInterval(isoflop.get("b_interval"), exponents.bInterval());
    assertThat(root.get("local")).hasSize(3);
    assertThat(keys(root.get("local").get(0)))
        .containsExactly("from", "to", "a", "a_interval", "b", "b_interval");
    assertThat(root.at("/local/2/to").doubleValue()).isEqualTo(analysis.curves().get(3).budget());
    assertThat(root.get("warnings")).hasSameSizeAs(analysis.warnings());
  }

  @Test
  void whatWasRefusedIsNullWithItsReason() throws IOException {
    Analysis analysis =
        IsoFlopAnalysis.analyze(List.of(Surfaces.point(1e17, 1e7, 1e9, 3)), SETTINGS);
    JsonNode root = json(analysis);
    JsonNode optimum = root.at("/optima/0");
    for (String key : List.of("params", "tokens", "loss", "params_interval")) {
      assertThat(optimum.get(key).isNull()).as(key).isTrue();
    }
    assertThat(optimum.get("refused").textValue()).startsWith("1 different size");
    for (String method : List.of("isoflop", "parametric", "envelope")) {
      assertThat(root.at("/exponents/" + method).isNull()).as(method).isTrue();
      assertThat(root.at("/exponents/refused/" + method).textValue()).isNotBlank();
    }
    assertThat(csv("optima.csv"))
        .singleElement()
        .satisfies(row -> assertThat(row.get("params")).isEmpty());
    assertThat(csv("exponents.csv"))
        .singleElement()
        .satisfies(row -> assertThat(row.get("refused")).isNotBlank());
  }

  @Test
  void spreadsheetsHoldTheSameNumbers() throws IOException {
    Analysis analysis = good();
    AnalysisFiles.write(analysis, folder.resolve("new/folder"));
    AnalysisFiles.write(analysis, folder);
    List<CSVRecord> optima = csv("optima.csv");
    assertThat(optima).hasSize(5).allMatch(CSVRecord::isConsistent);
    Optimum first = analysis.curves().get(0).optimum().orElseThrow();
    assertThat(Double.parseDouble(optima.get(0).get("params"))).isEqualTo(first.params());
    assertThat(Double.parseDouble(optima.get(0).get("tokens_high")))
        .isEqualTo(first.tokensInterval().high());
    assertThat(optima.get(0).get("points")).isEqualTo("6");
    assertThat(optima.get(4).get("refused")).startsWith("1 different size");
    List<CSVRecord> exponents = csv("exponents.csv");
    assertThat(exponents).hasSize(4).allMatch(CSVRecord::isConsistent);
    assertThat(exponents)
        .extracting(row -> row.get("scope"))
        .containsExactly("global", "local", "local", "local");
    assertThat(Double.parseDouble(exponents.get(0).get("a_low")))
        .isEqualTo(analysis.isoflop().orElseThrow().aInterval().low());
    assertThat(Double.parseDouble(exponents.get(3).get("b")))
        .isEqualTo(analysis.local().get(2).b());
    try (var files = Files.list(folder.resolve("new/folder"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("analysis.json", "optima.csv", "exponents.csv");
    }
  }
}
