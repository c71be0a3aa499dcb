package org.isoflop.harness.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Predicate;
import org.isoflop.harness.analysis.Comparison.Contrast;
import org.isoflop.harness.analysis.Comparison.Difference;
import org.isoflop.harness.analysis.Comparison.Recipes;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.points.LossPoints;
import org.isoflop.harness.analysis.stats.Fitted;
import org.isoflop.harness.analysis.stats.IntervalScheme;
import org.isoflop.harness.analysis.stats.Resampling;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a comparison says, and what it refuses to say. */
final class ComparisonTest {

  private static final LawGrid GRID = LawGrid.centred(LawGrid.CHINCHILLA, 6, 5, 4);
  private static final AnalysisSettings SETTINGS =
      new AnalysisSettings(IntervalScheme.NOISE, new Resampling(1, 100));
  private static final Recipes UNKNOWN =
      new Recipes(Fitted.refused("They are tables."), false, Optional.empty(), List.of());

  @TempDir private Path folder;

  private static List<LossPoint> budgets(Predicate<Integer> wanted) {
    List<LossPoint> all = GRID.noisy(0.002, 11);
    return all.stream().filter(p -> wanted.test(all.indexOf(p) / GRID.sizes())).toList();
  }

  /** Returns points of a tokenizer of so many bytes a token, at equal loss per byte. */
  private static List<LossPoint> tokenized(List<LossPoint> points, double bytes) {
    return points.stream()
        .map(
            p ->
                new LossPoint(
                    p.budget(),
                    p.flops(),
                    p.params(),
                    p.tokens(),
                    p.loss() * bytes,
                    OptionalDouble.of(p.loss() / Math.log(2)),
                    p.lineage()))
        .toList();
  }

  private static Comparison compare(
      List<LossPoint> baseline, List<LossPoint> other, Recipes recipes, Double... budgets) {
    return Comparison.of(
        List.of(
            new Comparison.Input("one", LossPoints.of(baseline)),
            new Comparison.Input("two", LossPoints.of(other))),
        i -> recipes,
        List.of(budgets),
        SETTINGS);
  }

  private static Contrast only(Comparison comparison) {
    assertThat(comparison.contrasts()).hasSize(1);
    return comparison.contrasts().get(0);
  }

  @Test
  void twoBudgetsGiveNothingToCompareWith() {
    Comparison found = compare(budgets(k -> k < 3), budgets(k -> k < 2), UNKNOWN);
    String why = "two has no exponents: Only two budgets have an optimum";
    assertThat(only(found).exponents().refused().orElseThrow()).startsWith(why);
    assertThat(only(found).gain().refused().orElseThrow()).startsWith(why);
    assertThat(ComparisonText.text(found)).containsOnlyOnce("No exponents compared. " + why);
    assertThat(ComparisonText.rows(only(found))).isEmpty();
  }

  @Test
  void rangesThatDoNotOverlapLeaveTheExponents() throws IOException {
    List<LossPoint> low = budgets(k -> k < 3);
    List<LossPoint> high = budgets(k -> k >= 3);
    Comparison found = compare(low, high, UNKNOWN);
    assertThat(only(found).exponents().value().orElseThrow()).hasSize(1);
    assertThat(only(found).splits().refused().orElseThrow())
        .contains("one 1e18 to 1e19, two 3.16e19 to 3.16e20", "--budget C");
    assertThat(only(found).gain().refused().orElseThrow())
        .startsWith("No loss lies in both measured ranges");
    assertThat(only(found).cautions()).anyMatch(said -> said.contains("of other budgets"));

    ComparisonJson.write(found, folder);
    JsonNode json =
        new ObjectMapper().readTree(folder.resolve("compare.json").toFile()).at("/contrasts/0");
    assertThat(json.at("/exponents/0/a_difference").asDouble())
        .isEqualTo(only(found).exponents().value().orElseThrow().get(0).a().change().value());
    assertThat(json.path("splits").isNull()).isTrue();
    assertThat(json.at("/refused/splits").asText()).startsWith("No budget lies in both");
    assertThat(json.path("gain").isNull()).isTrue();

    Contrast asked = only(compare(low, high, UNKNOWN, 1e20));
    assertThat(asked.splits().value().orElseThrow().get(0).baselineBeyond())
        .isCloseTo(1, within(0.01));
    assertThat(asked.cautions())
        .contains("1e20 FLOPs are 1.0 decades beyond what one has measured.");
  }

  @Test
  void whereTokenizersDifferBitsPerByteAreCompared() {
    List<LossPoint> points = budgets(k -> k < 3);
    Comparison comparison = compare(tokenized(points, 1), tokenized(points, 4), UNKNOWN);
    Contrast found = only(comparison);
    assertThat(found.gain().value().orElseThrow().unit()).isEqualTo("bits per byte");
    assertThat(found.gain().value().orElseThrow().shown())
        .hasSize(3)
        .allSatisfy(at -> assertThat(at.gain().value()).isCloseTo(1, within(1e-6)));
    assertThat(found.cautions())
        .anyMatch(
            said -> said.contains("A token of one is 1 bytes of the held-out text, one of two 4"));
    assertThat(ComparisonText.text(comparison)).contains("bits per byte, takes one 1e19 FLOPs");
    assertThat(ComparisonText.text(comparison).lines()).allMatch(line -> line.length() <= 100);
  }

  @Test
  void lossesOfOneTokenizerStayInNats() {
    List<LossPoint> points = budgets(k -> k < 3);
    Contrast found = only(compare(tokenized(points, 4), tokenized(points, 4), UNKNOWN));
    assertThat(found.gain().value().orElseThrow().unit()).isEqualTo("nats per token");
    assertThat(found.cautions()).anyMatch(said -> said.contains("as if both were the same"));
  }

  @Test
  void lossesOfOtherTextAreNotComparedButAllElseIs() {
    List<LossPoint> points = budgets(k -> k < 3);
    Recipes otherText =
        new Recipes(
            Fitted.of(List.of(new Difference("training.schedule.kind", "wsd", "cosine"))),
            false,
            Optional.of("The losses of one and two cannot be compared: other text."),
            List.of("Both have one seed."));
    Comparison comparison = compare(points, points, otherText);
    Contrast found = only(comparison);
    assertThat(found.gain().refused()).isEqualTo(otherText.otherText());
    assertThat(found.splits().value().orElseThrow().get(0).loss()).isEmpty();
    assertThat(ComparisonText.text(comparison))
        .contains(
            "No loss compared. The losses of one and two cannot be compared",
            "a differs by +0.000",
            "N* at 1e19",
            "recipe: training.schedule.kind is cosine, was wsd",
            "caution: Both have one seed.")
        .doesNotContain("loss at", "C for loss");
  }
}
