package org.isoflop.harness.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import org.isoflop.harness.Quantities;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The terminal screen, and the numbers on it. */
final class AnalysisSummaryTest {

  private static final AnalysisSettings SETTINGS = new AnalysisSettings(1, 200);

  @Test
  void showsOptimaRefusalsExponentsAndWarningsOnOneScreen() {
    double[] budgets = Surfaces.budgets(1e17, 4, 4);
    List<LossPoint> points =
        new ArrayList<>(
            Surfaces.noisy(
                Surfaces.sampleBowls(0.5, budgets, 6, 5), 0.002, new SplittableRandom(4)));
    points.add(Surfaces.point(4e17, 9e7, 1e10, 2.9));
    points.add(Surfaces.point(1e20, 1e9, 1e20 / 6e9, 2.5));
    String text = AnalysisSummary.text(IsoFlopAnalysis.analyze(points, SETTINGS));
    assertThat(text.lines()).allMatch(line -> line.length() <= 100).hasSizeLessThan(30);
    assertThat(text)
        .startsWith("26 loss points at 5 budgets; 95% intervals in brackets\n")
        .containsPattern("  1e17 +3\\d\\.\\dM +\\[3\\d\\.?\\d?M, 3\\d\\.?\\d?M] ")
        .contains("1e20  no optimum: 1 different size at 1e20 FLOPs;")
        .containsPattern("1e17 to 4e17 +0\\.\\d{3} \\[0\\.\\d{3}, 0\\.\\d{3}]")
        .containsPattern("all budgets +0\\.\\d{3} \\[")
        .contains("warning: At 1 of 26 points 6ND is not the stated budget");
  }

  @Test
  void showsBitsPerByteWhereThePointsHaveThem() {
    List<LossPoint> points =
        Surfaces.sampleBowls(0.5, Surfaces.budgets(1e17, 10, 2), 5, 4).stream()
            .map(
                p ->
                    new LossPoint(
                        p.budget(),
                        p.params(),
                        p.tokens(),
                        p.loss(),
                        OptionalDouble.of(p.loss() / 4),
                        "own"))
            .toList();
    String text = AnalysisSummary.text(IsoFlopAnalysis.analyze(points, SETTINGS));
    assertThat(text)
        .containsPattern("3\\.0903 +0\\.7726\n")
        .contains("all budgets: refused: Only two budgets have an optimum");
  }

  @Test
  void countsManyRefusedBudgetsInsteadOfListingThem() {
    List<LossPoint> points = new ArrayList<>();
    for (double budget : Surfaces.budgets(1e17, 1.5, 30)) {
      points.add(Surfaces.point(budget, 1e7, budget / 6e7, 3));
    }
    String text = AnalysisSummary.text(IsoFlopAnalysis.analyze(points, SETTINGS));
    assertThat(text).contains("no optimum at 30 budgets; optima.csv says why for each");
    assertThat(text.lines()).hasSizeLessThan(15);
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
    "0.5, 0.50",
    "2.5e12, 2.5T",
    "4e15, 4e15",
    "9.996, 10",
    "99.96, 100"
  })
  void countsReadAsPeopleWriteThem(double value, String expected) {
    assertThat(Numbers.count(value)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"1.2e17, 1.2e17", "6e18, 6e18", "1e20, 1e20", "9.999e19, 1e20", "0.001, 1e-3"})
  void budgetsReadAsPeopleWriteThem(double value, String expected) {
    assertThat(Quantities.flops(value)).isEqualTo(expected);
  }
}
