package org.isoflop.harness.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.isoflop.harness.analysis.RepeatedTokens.Top;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.points.LossPoints;
import org.isoflop.harness.report.Report;
import org.isoflop.harness.report.ReportInput;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said where D counts repeated tokens, on a surface whose D* is known. */
final class RepeatedTokensTest {

  private static final List<LossPoint> POINTS = Analyses.points(5, 4);

  @TempDir private Path folder;

  /** Reads the points as a sweep on so many unique tokens would have them. */
  private LossPoints on(double unique) throws IOException {
    StringBuilder text =
        new StringBuilder("budget_flops,params,tokens,loss,unique_tokens,epochs\n");
    for (LossPoint p : POINTS) {
      text.append(p.budget()).append(',').append(p.params()).append(',').append(p.tokens());
      text.append(',').append(p.loss()).append(',').append(Math.min(unique, p.tokens()));
      text.append(',').append(p.tokens() / unique).append('\n');
    }
    return LossPoints.read(Files.writeString(folder.resolve("points.csv"), text));
  }

  private static Analysis analyze(LossPoints points) {
    return IsoFlopAnalysis.analyze(points, Analyses.SETTINGS);
  }

  private static double mostTokens() {
    return POINTS.stream().mapToDouble(LossPoint::tokens).max().orElseThrow();
  }

  @Test
  void withoutRepeatsNothingIsSaid() throws IOException {
    Analysis once = analyze(on(mostTokens()));
    assertThat(once.checks().repeatedTokens()).isEmpty();
    assertThat(once.warnings()).noneMatch(warning -> warning.contains("epochs"));
    assertThat(once.notes()).noneMatch(note -> note.contains("epochs"));
    assertThat(AnalysisFiles.json(once).tree().path("repeated_tokens").isNull()).isTrue();
    // The columns move no number.
    Analysis unknown = analyze(LossPoints.of(POINTS));
    assertThat(once.isoflop()).isEqualTo(unknown.isoflop());
  }

  @Test
  void aFewRepeatsBesideTheOptimumAreANote() throws IOException {
    Analysis analysis = analyze(on(mostTokens() / 1.5));
    RepeatedTokens found = analysis.checks().repeatedTokens().orElseThrow();
    double optimum = analysis.frontier().allocation().get(0).tokens().value();
    Top top = found.top().orElseThrow();
    assertThat(top.tokens()).isEqualTo(optimum);
    assertThat(top.overstated()).isZero();
    assertThat(optimum).isLessThan(found.uniqueTokens().low());
    assertThat(found.mostEpochs()).isCloseTo(1.5, within(1e-9));
    assertThat(analysis.warnings()).noneMatch(warning -> warning.contains("epochs"));
    assertThat(analysis.notes())
        .anyMatch(
            note ->
                note.startsWith("At " + found.points() + " of 35 points D counts repeated tokens")
                    && note.contains("1.5 epochs are worth as much as 1.49 of fresh tokens")
                    && note.endsWith(", lies within one."));
  }

  @Test
  void anOverstatedOptimumIsAWarningOnScreenInJsonAndOnThePage() throws IOException {
    double optimum = analyze(LossPoints.of(POINTS)).frontier().allocation().get(0).tokens().value();
    double unique = optimum / 3;
    Analysis analysis = analyze(on(unique));

    RepeatedTokens found = analysis.checks().repeatedTokens().orElseThrow();
    assertThat(found.points())
        .isEqualTo((int) POINTS.stream().filter(p -> p.tokens() > 1.005 * unique).count());
    assertThat(found.uniqueTokens().low()).isEqualTo(unique);
    assertThat(found.uniqueTokens().high()).isEqualTo(unique);
    // Three epochs are 1 + 15.387756 (1 - e^(-2/15.387756)) of fresh tokens.
    double worth = 1 + 15.387756 * (1 - Math.exp(-2 / 15.387756));
    assertThat(found.top().orElseThrow().epochs()).isCloseTo(3, within(1e-9));
    assertThat(found.top().orElseThrow().overstated()).isCloseTo(3 / worth - 1, within(1e-9));
    String warning =
        analysis.warnings().stream()
            .filter(sentence -> sentence.contains("D counts repeated tokens"))
            .findFirst()
            .orElseThrow();
    assertThat(warning)
        .contains("D* ~ C^b is of tokens seen, not of unique ones")
        .contains(" or 3 epochs, overstates by about 4.3% the fresh tokens that would do.");

    assertThat(AnalysisSummary.text(analysis).replaceAll("\\s+", " ")).contains(warning);
    assertThat(AnalysisFiles.json(analysis).tree().at("/repeated_tokens/top/overstated").asDouble())
        .isCloseTo(0.043, within(0.001));
    assertThat(
            AnalysisFiles.json(analysis).tree().at("/repeated_tokens/unique_tokens/0").asDouble())
        .isEqualTo(unique);
    Report.write(new ReportInput("repeats", List.of(), analysis, List.of()), folder);
    assertThat(folder.resolve("report.html")).content().contains("D counts repeated tokens");

    assertThat(
            IsoFlopAnalysis.allocator(on(unique), Analyses.SETTINGS)
                .value()
                .orElseThrow()
                .warnings())
        .contains(warning + " Part of what repeats cost is in these fits already.");
  }

  @Test
  void manyEpochsAreAWarningWhereverTheOptimumLies() {
    // Epochs alone, of 100M tokens whatever the run.
    Analysis analysis = analyze(Cases.sixNd("overfit_repeated", Map.of()));
    assertThat(analysis.checks().repeatedTokens().orElseThrow().mostEpochs()).isGreaterThan(4);
    assertThat(analysis.checks().repeatedTokens().orElseThrow().uniqueTokens().low())
        .isEqualTo(1e8);
    assertThat(analysis.warnings()).anyMatch(warning -> warning.contains("of 100M unique ones"));
  }
}
