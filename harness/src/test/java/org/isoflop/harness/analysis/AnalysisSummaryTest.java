package org.isoflop.harness.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.isoflop.EfficientFrontier.FrontierPoint;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.points.LossPoints;
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
    return plain(AnalysisSummary.text(analysis));
  }

  private static String shownInFull(Analysis analysis) {
    return plain(AnalysisSummary.fullText(analysis));
  }

  private static String plain(String text) {
    assertThat(text.lines()).allMatch(line -> line.length() <= 100);
    assertThat(text).endsWith("\n").doesNotContain("\n\n\n", " \n", "Infinity", "NaN");
    return text;
  }

  @Test
  void theAnswerComesFirstAndFillsHalfAScreen() {
    List<LossPoint> points = Analyses.points(3, 10);
    Analysis analysis =
        IsoFlopAnalysis.analyze(
            LossPoints.of(points),
            points.stream().map(EnvelopeMethodTest::run).toList(),
            Analyses.SETTINGS);
    String text = shown(analysis);
    String exponents = " +\\d\\.\\d{3}  \\[.*]";

    assertThat(text.lines().limit(3).toList())
        .satisfiesExactly(
            line -> assertThat(line).matches("All budgets: " + PAIR),
            line -> assertThat(line).startsWith("Linearity test: one line will do (p = "),
            line -> assertThat(line).startsWith("A decade beyond, 1e21 FLOPs: N* "));
    assertThat(text.lines()).hasSizeLessThanOrEqualTo(20);
    assertThat(text.lines())
        .anyMatch(line -> line.matches("  approach 1 \\(envelope\\)" + exponents))
        .anyMatch(line -> line.matches("  approach 2 \\(IsoFLOP curves\\)" + exponents))
        .anyMatch(line -> line.matches("  approach 3 \\(parametric law\\)" + exponents))
        .last()
        .asString()
        .startsWith("More with --full: 1 note, local exponents, all methods and conventions");
    assertThat(text).doesNotContain("note: ", "Law: ");
    assertThat(shownInFull(analysis).lines().filter(line -> line.startsWith("note: ")))
        .hasSameSizeAs(analysis.notes());
  }

  /**
   * Half a token a byte: a nat per token is 0.72 bits per byte. With bytes, losses are as they
   * were.
   */
  @Test
  void aLossOfTokensThatAreNotBytesIsSaidInBitsPerByte() {
    double half = 0.5 / Math.log(2);
    Analysis bytes = IsoFlopAnalysis.analyze(tokenized(2 * half), Analyses.SETTINGS);
    Analysis tokens = IsoFlopAnalysis.analyze(tokenized(half), Analyses.SETTINGS);
    double loss =
        bytes.frontier().allocation().stream()
            .filter(point -> Math.abs(point.decadesBeyond() - 1) < 0.01)
            .findFirst()
            .flatMap(FrontierPoint::loss)
            .orElseThrow()
            .value();
    assertThat(shown(bytes).replaceAll("\\s+", " "))
        .contains(Quantities.format(", loss %.3f [", loss))
        .doesNotContain("bits per byte");
    assertThat(shown(tokens).replaceAll("\\s+", " "))
        .containsPattern(Quantities.format(", loss %.3f \\[[^]]*] bits per byte,", half * loss));
  }

  private static List<LossPoint> tokenized(double bitsPerNat) {
    return Analyses.points(3, 10).stream()
        .map(
            point ->
                new LossPoint(
                    point.budget(),
                    point.flops(),
                    point.params(),
                    point.tokens(),
                    point.loss(),
                    OptionalDouble.of(bitsPerNat * point.loss()),
                    point.lineage()))
        .toList();
  }

  @Test
  void manyBudgetsFitOneScreenAndAllStandInFull() {
    Analysis analysis = IsoFlopAnalysis.analyze(Analyses.points(11, 2), Analyses.SETTINGS);
    String text = shown(analysis);
    assertThat(text.lines().filter(line -> !line.startsWith("warning")))
        .hasSizeLessThanOrEqualTo(30);
    assertThat(text.lines().limit(2).toList())
        .satisfiesExactly(
            line -> assertThat(line).matches("Top of the range, .*e\\d+ FLOPs: " + PAIR),
            line -> assertThat(line).matches("All budgets: +" + PAIR));
    assertThat(text)
        .containsSubsequence(
            "C^" + Quantities.exponent(analysis.top().orElseThrow().exponents().a().value()),
            "C^" + Quantities.exponent(analysis.isoflop().orElseThrow().a().value()),
            "77 loss points at 11 budgets; N total, C the stated budget; 95% intervals in brackets",
            "  3 lower ones are in optima.csv\n")
        .doesNotContain("bits/byte", "refused");
    assertThat(shownInFull(analysis))
        .containsSubsequence(
            "\n     1e18  ",
            "neighbours",
            "windows",
            "  1e18 to 2e18  ",
            "all budgets, N* ~ C^a and D* ~ C^b",
            "approach 2 (IsoFLOP curves)",
            "approach 2 (parabolas less bias)",
            "approach 3 (law by least squares)",
            "Law: L = 1.")
        .doesNotContain("optima.csv");
  }

  @Test
  void threeBudgetsHaveOneHeadlineAndARefusedOneItsReason() {
    List<LossPoint> points = new ArrayList<>(Analyses.points(3, 10));
    LossPoint off = points.get(3);
    points.set(3, Surfaces.point(off.budget(), off.params(), off.tokens() * 1.5, off.loss()));
    points.add(Surfaces.point(1e21, 1e9, 1e21 / 6e9, 2.2));
    String text = shownInFull(IsoFlopAnalysis.analyze(points, Analyses.SETTINGS));
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
        .startsWith("From 1e17 to 1e18 FLOPs: N* ~ C^0.500 [0.500, 0.500], D* ~ C^0.500 [");
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
    Analysis analysis =
        IsoFlopAnalysis.analyze(Surfaces.noisy(points, 0.001, random), Analyses.SETTINGS);
    String text = shown(analysis);
    assertThat(text.lines().limit(4).toList())
        .satisfiesExactly(
            line -> assertThat(line).isEqualTo("By approach 3 (parametric law) alone:"),
            line -> assertThat(line).matches("Top of the range, .* FLOPs: " + PAIR),
            line -> assertThat(line).matches("All points: +" + PAIR),
            line -> assertThat(line).startsWith("approach 2 (IsoFLOP curves) refused: "));
    assertThat(text)
        .contains("\nNo optimum at any of 80 budgets; optima.csv says why for each.\n")
        .doesNotContain("D*/N*", "no optimum:");
    assertThat(shownInFull(analysis)).contains("  windows, by the law");
  }

  @Test
  void oneRunGetsReasonsOnly() {
    assertThat(shown(Analyses.refused()))
        .startsWith(
            "No method gives exponents of all budgets.\napproach 2 (IsoFLOP curves) refused: ")
        .contains("1 loss point at 1 budget;", "1e17  no optimum: 1 different size at 1e17 FLOPs")
        .contains("  approach 3 (parametric law) refused: ")
        .doesNotContain("beyond", "all budgets, N*", "local exponents");
  }

  @Test
  void anOpenEndReadsNoBound() {
    assertThat(shownInFull(Analyses.unbounded()))
        .startsWith("All budgets: N* ~ C^0.500 [no bound, 0.600], D* ~ C^0.500 [0.400, no bound]\n")
        .contains("1 loss point at 1 budget; N non-embedding, C 6ND;")
        .contains("  1e18  100M  [no bound, 200M]  1B  [800M, no bound]     10  3.0000\n")
        .contains("  1e18 to 2e18    0.500  [no bound, 0.600]\n")
        .contains("  approach 2, N total, C the stated budget  refused\n")
        .contains("  approach 2 (parabolas), approach 2 (parabolas less bias) refused: Too few.\n")
        .contains("A decade beyond, 1e19 FLOPs: N* 100M [no bound, 200M], D* 1B [800M, no bound]")
        .contains(", 10 tokens per");
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
