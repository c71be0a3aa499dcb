package org.isoflop.harness.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.nio.file.Path;
import java.util.List;
import org.isoflop.harness.analysis.tuning.TunedLaws;
import org.isoflop.harness.analysis.tuning.TuningFit;
import org.isoflop.harness.analysis.tuning.TuningRun;
import org.isoflop.models.DecoderConfig;
import org.isoflop.models.DecoderOptions;
import org.isoflop.models.MlpKind;
import org.isoflop.models.NormKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RuleTest {

  /** The three rules at the optimal sizes of Porian et al., evaluated by hand from the papers. */
  @ParameterizedTest
  @CsvSource({
    "1e15, 3.4e6, 49e6,   .0165, 30e3,  .0042, 24e3,  .0091, 14e3",
    "1e16, 10.7e6, 156e6, .0109, 66e3,  .0031, 50e3,  .0057, 28e3",
    "1e17, 33e6, 498e6,   .0072, 148e3, .0023, 106e3, .0036, 54e3",
    "1e18, 105e6, 1.6e9,  .0048, 330e3, .0018, 226e3, .0023, 104e3",
    "1e19, 330e6, 5.1e9,  .0032, 738e3, .0013, 479e3, .0014, 201e3"
  })
  void rulesGiveTheirPrintedValues(
      double flops,
      double params,
      double tokens,
      double porianRate,
      double porianBatch,
      double deepseekRate,
      double deepseekBatch,
      double steplawRate,
      double steplawBatch) {
    var cell = new Rule.Cell(params, params, params, params, tokens, flops);

    check(Rule.PORIAN, cell, porianRate, porianBatch);
    check(Rule.DEEPSEEK, cell, deepseekRate, deepseekBatch);
    check(Rule.STEPLAW, cell, steplawRate, steplawBatch);
  }

  @Test
  void deepseekCountsComputeAsItsPaperDoes() {
    DecoderOptions options =
        new DecoderOptions(512, 50_000, MlpKind.GELU, NormKind.LAYERNORM, true, false);
    DecoderConfig decoder = new DecoderConfig(options, 6, 384, 6, 4 * 384);
    Rule.Cell cell = Rule.Cell.of(1e18, decoder);
    double perToken = 72.0 * 6 * 384 * 384 + 12.0 * 6 * 384 * 512;
    double compute = perToken * cell.tokens();

    assertThat(compute).isLessThan(0.5e18); // the head has the rest
    assertThat(Rule.DEEPSEEK.learningRate(cell, 1))
        .isCloseTo(0.3118 * Math.pow(compute, -0.125), within(1e-12));
    assertThat(Rule.DEEPSEEK.batchTokens(cell))
        .isCloseTo(0.2920 * Math.pow(compute, 0.3271), within(1e-6));
  }

  @ParameterizedTest
  @CsvSource({
    "1e10, 5.8e3, 214e3,  .0294, 128",
    "1e12, 130e3, 1.14e6, .0074, 302",
    "1e14, 1.05e6, 14.1e6, .0037, 1370",
    "1e17, 33e6, 498e6,   .0072, 148e3",
    "1e18, 105e6, 1.6e9,  .0048, 330e3"
  })
  void autoIsTheStudyBelowAndPorianAbove(
      double flops, double params, double tokens, double rate, double batch) {
    var cell = new Rule.Cell(params, params, params, params, tokens, flops);

    check(Rule.AUTO, cell, rate, batch);
  }

  /** By the shape that is fitted to the study's runs; what each rule costs stands in recipe.md. */
  @Test
  void autoIsWithinOnePercentOfTheBestEverywhereInTheStudy() {
    List<TuningRun> study = TuningRun.read(Path.of("..", "runs", "study", "java.csv"));
    TunedLaws fitted = TuningFit.of(study).value().orElseThrow();

    assertThat(fitted.cells()).hasSize(17);
    for (TunedLaws.CellFit fit : fitted.cells()) {
      double params = fit.cell().params();
      var cell = new Rule.Cell(params, params, params, params, fit.tokens(), fit.cell().budget());
      assertThat(cost(Rule.AUTO, cell, fitted)).as("%s", fit).isLessThan(0.01);
      assertThat(cost(Rule.PORIAN, cell, fitted)).as("%s", fit).isGreaterThan(0.05);
    }
  }

  /** The runs stand in recipe.md: with 4,096 tokens the rate by all params was 4 times too low. */
  @Test
  void autoGivesTheSameRateWhateverTheVocabulary() {
    Rule.Cell bytes = Rule.Cell.of(1e11, decoder(256));
    Rule.Cell more = Rule.Cell.of(1e11, decoder(4096));
    Rule.Cell sameTokens =
        new Rule.Cell(
            more.params(),
            more.byteParams(),
            more.matmulParams(),
            more.nonEmbeddingParams(),
            bytes.tokens(),
            more.flops());
    assertThat(more.params()).isGreaterThan(8 * bytes.params());
    assertThat(Rule.AUTO.learningRate(sameTokens, 128))
        .isCloseTo(Rule.AUTO.learningRate(bytes, 128), withinPercentage(1e-9));
    assertThat(bytes.byteParams()).isEqualTo(bytes.params());
  }

  private static DecoderConfig decoder(int vocabulary) {
    DecoderOptions options =
        new DecoderOptions(128, vocabulary, MlpKind.SWIGLU, NormKind.LAYERNORM, true, false);
    return new DecoderConfig(options, 2, 24, 2, 64);
  }

  private static double cost(Rule rule, Rule.Cell cell, TunedLaws fitted) {
    double batch = rule.batchTokens(cell);
    double rate = Wsd.DEFAULT.peakOverCosines() * rule.learningRate(cell, batch);
    return fitted.rise(cell.params(), cell.tokens(), rate, batch);
  }

  @Test
  void autoHasNoJumpInBetween() {
    for (double flops = 1e9; flops < 1e17; flops *= 1.1) {
      var cell = cell(flops);
      var next = cell(1.1 * flops);

      double batch = Rule.AUTO.batchTokens(cell);
      double nextBatch = Rule.AUTO.batchTokens(next);

      assertThat(Rule.AUTO.learningRate(next, nextBatch) / Rule.AUTO.learningRate(cell, batch))
          .isBetween(0.95, 1.05);
      assertThat(nextBatch / batch).isBetween(1.0 - 1e-12, 1.2);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "AUTO, 5e9, false",
    "AUTO, 1e11, true",
    "AUTO, 9e13, true",
    "AUTO, 1e15, false",
    "AUTO, 1e18, true",
    "PORIAN, 1e16, false",
    "PORIAN, 1e18, true",
    "PORIAN, 1e20, false",
    "DEEPSEEK, 1e16, false",
    "DEEPSEEK, 1e18, true",
    "DEEPSEEK, 1e21, false",
    "STEPLAW, 1e16, false",
    "STEPLAW, 1e18, false",
    "STEPLAW, 6e18, true"
  })
  void rulesKnowTheirRange(Rule rule, double flops, boolean validated) {
    assertThat(rule.validated(cell(flops))).isEqualTo(validated);
  }

  private static Rule.Cell cell(double flops) {
    double params = Math.sqrt(flops / 120);
    return new Rule.Cell(params, params, params, params, 20 * params, flops);
  }

  private static void check(Rule rule, Rule.Cell cell, double rate, double batch) {
    // Sizes and tokens are printed to two or three digits, rates to the fourth decimal.
    assertThat(rule.learningRate(cell, rule.batchTokens(cell)))
        .isCloseTo(rate, within(0.00005 + 0.01 * rate));
    assertThat(rule.batchTokens(cell))
        .isCloseTo(batch, within(Math.min(500, 0.1 * batch) + 0.015 * batch));
  }
}
