package org.isoflop.harness.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.isoflop.harness.analysis.Analysis.PointResidual;
import org.isoflop.harness.analysis.isoflop.BudgetCurve.Optimum;
import org.isoflop.harness.analysis.isoflop.EfficientFrontier.FrontierPoint;
import org.isoflop.harness.analysis.isoflop.Exponents;
import org.isoflop.harness.analysis.isoflop.Exponents.LocalExponent;
import org.isoflop.harness.analysis.isoflop.LinearityTest;
import org.isoflop.harness.analysis.output.ResultJson;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.stats.Estimate;
import org.junit.jupiter.api.Test;

/** {@code analysis.json}, parsed back and held against the analysis. */
final class AnalysisJsonTest {

  private static final Analysis GOOD = Analyses.good();

  private static JsonNode json() throws IOException {
    StringWriter written = new StringWriter();
    ResultJson.writeLines(AnalysisFiles.json(GOOD), written);
    return new ObjectMapper().readTree(written.toString());
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

  private static Optimum optimum(int k) {
    return GOOD.curves().get(k).optimum().orElseThrow();
  }

  @Test
  void jsonHoldsEveryBudgetWithItsOptimumOrTheReasonThereIsNone() throws IOException {
    JsonNode root = json();
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
    JsonNode exponents = json().get("exponents");
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
    for (MethodResult result : GOOD.methods()) {
      JsonNode node = exponents.get(result.method().key());
      result
          .exponents()
          .ifPresentOrElse(
              found -> assertSlopes(node, found), () -> assertThat(node.isNull()).isTrue());
    }
    assertThat(GOOD.exponents(Method.PARAMETRIC)).isPresent();
    assertThat(exponents.get("envelope").isNull()).isTrue();
    assertThat(exponents.get("refused").get("envelope").asText()).startsWith("No training");
    JsonNode parametric = exponents.get("parametric");
    LawResult law = GOOD.law().orElseThrow();
    assertEstimate(parametric, "E", law.e());
    assertEstimate(parametric, "A", law.a());
    assertEstimate(parametric, "B", law.b());
    assertEstimate(parametric, "alpha", law.alpha());
    assertEstimate(parametric, "beta", law.beta());
    assertThat(parametric.get("objective").doubleValue()).isEqualTo(law.objective()).isPositive();
  }

  @Test
  void jsonHoldsTheRestOfTheAnalysis() throws IOException {
    JsonNode root = json();
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
        .isEqualTo(GOOD.noise().scatter().get(0).deviation());
    assertThat(noise.get("scatter_exponent_interval")).hasSize(2);
    assertThat(noise.get("seeds")).isEmpty();
    assertThat(noise.get("left_over").isNull()).isTrue();
    assertPart(root.get("top"), "optima", GOOD.top().orElseThrow());
    assertParts(root.get("local"), "optima", GOOD.local());
    assertParts(root.get("windows"), "optima", GOOD.windows());
    assertParts(root.get("law_windows"), "points", GOOD.lawWindows());
    LinearityTest straightness = GOOD.straightness().orElseThrow();
    JsonNode straight = root.get("straightness");
    assertThat(straight.get("p_value").doubleValue()).isEqualTo(straightness.pValue());
    assertThat(straight.get("straight").booleanValue()).isEqualTo(straightness.straight());
    assertThat(straight.get("drift_per_decade").doubleValue())
        .isEqualTo(straightness.drift().value());
    assertThat(straight.at("/drift_interval/1").doubleValue())
        .isEqualTo(straightness.drift().interval().high());
    LossFrontier loss = GOOD.lossFrontier().orElseThrow();
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
    assertThat(root.get("frontier")).hasSameSizeAs(GOOD.frontier());
    assertThat(root.get("allocation")).hasSize(4);
    FrontierPoint far = GOOD.allocation().get(2);
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

  @Test
  void jsonHasARowALine() throws IOException {
    StringWriter written = new StringWriter();
    ResultJson.writeLines(AnalysisFiles.json(GOOD), written);
    List<String> lines = written.toString().lines().toList();
    assertThat(lines).hasSizeLessThan(200);
    assertThat(lines).filteredOn(line -> line.startsWith("    { \"budget\"")).hasSize(6 + 36 + 45);
    assertThat(lines.get(1)).isEqualTo("  \"points\": 36,");
  }
}
