package org.isoflop.harness.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.points.LossPoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The terminal screen, and the numbers on it. */
final class AnalysisSummaryTest {

  private static final String EXPONENT = "-?\\d\\.\\d{3} \\[-?\\d\\.\\d{3}, -?\\d\\.\\d{3}]";
  private static final String PAIR = "N\\* ~ C\\^" + EXPONENT + ", D\\* ~ C\\^" + EXPONENT;

  private static String summary(List<LossPoint> points) {
    return shown(IsoFlopAnalysis.analyze(points, Analyses.SETTINGS));
  }

  private static String shown(Analysis analysis) {
    String text = AnalysisSummary.text(analysis);
    assertThat(text.lines()).allMatch(line -> line.length() <= 100);
    assertThat(text).endsWith("\n").doesNotContain("\n\n\n", " \n", "Infinity", "NaN");
    return text;
  }

  @Test
  void eightBudgetsFillOneScreenTheAnswerFirst() {
    Analysis analysis = IsoFlopAnalysis.analyze(Analyses.points(8, 3), Analyses.SETTINGS);
    String text = shown(analysis);
    assertThat(text.lines().takeWhile(line -> !line.startsWith("warning")))
        .hasSizeLessThanOrEqualTo(38);
    assertThat(text.lines().limit(2).toList())
        .satisfiesExactly(
            line -> assertThat(line).matches("Top of the range, .*e\\d+ FLOPs: " + PAIR),
            line -> assertThat(line).matches("All budgets: +" + PAIR));
    assertThat(text)
        .containsSubsequence(
            "C^" + Quantities.exponent(analysis.top().orElseThrow().exponents().a().value()),
            "C^" + Quantities.exponent(analysis.isoflop().orElseThrow().a().value()),
            "Straightness: one line will",
            "56 loss points at 8 budgets; N total, C the stated budget; 95% intervals in brackets",
            "N*",
            "neighbours",
            "windows",
            "all budgets, N* ~ C^a and D* ~ C^b",
            "IsoFLOP, robust curves",
            "parametric law, least squares",
            " FLOPs, 1.0 decades beyond: N* ",
            " tokens per param",
            "Law: L = 1.");
    assertThat(text).doesNotContain("bits/byte", "refused");
  }

  @Test
  void threeBudgetsHaveOneHeadlineAndARefusedOneItsReason() {
    List<LossPoint> points = new ArrayList<>(Analyses.points(3, 10));
    LossPoint off = points.get(3);
    points.set(3, Surfaces.point(off.budget(), off.params(), off.tokens() * 1.5, off.loss()));
    points.add(Surfaces.point(1e21, 1e9, 1e21 / 6e9, 2.2));
    String text = summary(points);
    assertThat(text)
        .startsWith("All budgets: N* ~ C^0.")
        .doesNotContain("Top of the range")
        .contains("1e21  no optimum: 1 different size at 1e21 FLOPs;")
        .containsPattern("  1e18 to 1e19 +0\\.\\d{3}  \\[0\\.\\d{3}, 0\\.\\d{3}]")
        .contains("warning: By 6ND, 1 of 22 rows spent more or less than its budget: 80.5M params");
  }

  @Test
  void showsBitsPerByteWhereThePointsHaveThem() {
    List<LossPoint> points =
        Surfaces.sampleBowls(0.5, Surfaces.budgets(1e17, 10, 2), 5, 4).stream()
            .map(
                p ->
                    new LossPoint(
                        p.budget(),
                        p.flops(),
                        p.params(),
                        p.tokens(),
                        p.loss(),
                        OptionalDouble.of(p.loss() / 4),
                        "own"))
            .toList();
    assertThat(summary(points))
        .containsPattern("loss  bits/byte\n")
        .containsPattern("3\\.0903 +0\\.7726\n")
        .contains("IsoFLOP, robust curves; IsoFLOP, raw parabolas; ");
  }

  @Test
  void runsThatShareNoBudgetsGetTheLawAndOneSentence() {
    List<LossPoint> points = new ArrayList<>();
    SplittableRandom random = new SplittableRandom(3);
    for (double budget : Surfaces.budgets(1e18, 1.1, 80)) {
      double params = Math.exp(Surfaces.chinchillaLnParams(budget) + random.nextDouble(-1.5, 1.5));
      double tokens = budget / (6 * params);
      points.add(Surfaces.point(budget, params, tokens, Surfaces.chinchilla(params, tokens)));
    }
    String text = summary(Surfaces.noisy(points, 0.001, random));
    assertThat(text.lines().limit(3).toList())
        .satisfiesExactly(
            line -> assertThat(line).startsWith("By the parametric law alone, because IsoFLOP"),
            line -> assertThat(line).matches("Top of the range, .* FLOPs: " + PAIR),
            line -> assertThat(line).matches("All points: +" + PAIR));
    assertThat(text)
        .contains("\nNo optimum at any of 80 budgets; optima.csv says why for each.\n")
        .contains("  windows, by the law")
        .doesNotContain("D*/N*", "no optimum:");
  }

  @Test
  void oneRunGetsReasonsOnly() {
    assertThat(shown(Analyses.refused()))
        .startsWith("No exponents: no method gives any, for the reasons below.\n")
        .contains("1 loss point at 1 budget;", "1e17  no optimum: 1 different size at 1e17 FLOPs")
        .contains(": refused: ")
        .doesNotContain("beyond: N*", "Law:", "neighbours");
  }

  @Test
  void anOpenEndReadsNoBound() {
    assertThat(shown(Analyses.unbounded()))
        .startsWith("All budgets: N* ~ C^0.500 [no bound, 0.600], D* ~ C^0.500 [0.400, no bound]\n")
        .contains("1 loss point at 1 budget; N non-embedding, C 6ND;")
        .contains("  1e18  100M  [no bound, 200M]  1B  [800M, no bound]     10  3.0000\n")
        .contains("  1e18 to 2e18    0.500  [no bound, 0.600]\n")
        .contains("  IsoFLOP, N total, C the stated budget  refused\n")
        .contains("  IsoFLOP, raw parabolas; IsoFLOP, parabolas less bias: refused: Too few.\n")
        .contains(
            "At 1e19 FLOPs, 1.0 decades beyond: N* 100M [no bound, 200M], D* 1B [800M, no bound]")
        .contains(", 10 tokens per");
  }

  @Test
  void wrapsBetweenWordsButNotWithinBrackets() {
    List<String> lines = new ArrayList<>();
    ScreenText.wrap("label:", "x".repeat(84) + " [0.1, 0.2] end", lines);
    assertThat(lines).containsExactly("label: " + "x".repeat(84), "  [0.1, 0.2] end");
    lines.clear();
    ScreenText.wrap("", "x".repeat(89) + " [0.1, 0.2]", lines);
    assertThat(lines).singleElement().asString().hasSize(100);
  }

  @ParameterizedTest
  @CsvSource({
    "3400000, 3.4M",
    "49e6, 49M",
    "1.62e9, 1.62B",
    "999.4e6, 999M",
    "999.6e6, 1B",
    "12, 12",
    "18.75, 18.8",
    "100, 100",
    "1, 1",
    "0.9999, 1",
    "2.5e12, 2.5T",
    "4e15, 4e15",
    "9.996, 10",
    "99.96, 100"
  })
  void countsReadAsPeopleWriteThem(double value, String expected) {
    assertThat(Quantities.count(value)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"1.2e17, 1.2e17", "6e18, 6e18", "1e20, 1e20", "9.999e19, 1e20", "0.001, 1e-3"})
  void budgetsReadAsPeopleWriteThem(double value, String expected) {
    assertThat(Quantities.flops(value)).isEqualTo(expected);
  }
}
