package org.isoflop.harness.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.isoflop.harness.analysis.isoflop.Exponents;
import org.isoflop.harness.analysis.isoflop.ParabolaFit;
import org.isoflop.harness.analysis.law.Law;
import org.isoflop.harness.analysis.stats.IntervalScheme;
import org.isoflop.harness.analysis.stats.Resampling;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Without noise what is left of a method's error is its bias, and the analysis knows it. */
final class BiasTest {

  private static final Offset<Double> CLOSE = within(1e-3);
  private static final AnalysisSettings SETTINGS =
      new AnalysisSettings(IntervalScheme.NOISE, new Resampling(3, 100));

  static Stream<Arguments> grids() {
    return Stream.of(
            LawGrid.SYMMETRIC, LawGrid.STEEP_IN_PARAMS, LawGrid.STEEP_IN_TOKENS, LawGrid.CHINCHILLA)
        .flatMap(
            law ->
                Stream.of(
                        new LawGrid(law, 4, 9, 30, 0, 0),
                        new LawGrid(law, 4, 9, 8, 1, 0.1),
                        new LawGrid(law, 4, 7, 30, 1, 0.4))
                    .map(Arguments::of));
  }

  @ParameterizedTest
  @MethodSource("grids")
  void isKnownAndTakenFromTheParabolas(LawGrid grid) {
    Analysis analysis = IsoFlopAnalysis.analyze(grid.clean(), SETTINGS);
    Law law = grid.law();
    Exponents headline = analysis.isoflop().orElseThrow();
    assertThat(headline.a().value()).isCloseTo(law.paramsExponent(), CLOSE);
    assertThat(headline.b().value()).isCloseTo(law.tokensExponent(), CLOSE);
    Exponents corrected = analysis.exponents(Method.PARABOLA_CORRECTED).orElseThrow();
    assertThat(corrected.a().value()).isCloseTo(law.paramsExponent(), CLOSE);
    assertThat(corrected.b().value()).isCloseTo(law.tokensExponent(), CLOSE);
    Exponents raw = analysis.exponents(Method.PARABOLA).orElseThrow();
    Bias bias = bias(analysis, Method.PARABOLA);
    assertThat(bias.a()).isCloseTo(raw.a().value() - law.paramsExponent(), CLOSE);
    assertThat(bias.b()).isCloseTo(raw.b().value() - law.tokensExponent(), CLOSE);
    assertThat(bias(analysis, Method.ISOFLOP).a()).isCloseTo(0, CLOSE);
    assertThat(bias.optima()).hasSize(grid.budgets());
  }

  private static Bias bias(Analysis analysis, Method method) {
    return analysis.bias().stream().filter(b -> b.method() == method).findFirst().orElseThrow();
  }

  /** The cases above would mean nothing if the parabolas were right in them. */
  @ParameterizedTest
  @MethodSource("drifting")
  void isLargeWhereTheCentreDrifts(LawGrid grid, double least) {
    double found = new ParabolaFit().fit(grid.clean()).value().orElseThrow().params().exponent();
    assertThat(Math.abs(found - grid.law().paramsExponent())).isGreaterThan(least);
  }

  static Stream<Arguments> drifting() {
    return Stream.of(
        Arguments.of(new LawGrid(LawGrid.STEEP_IN_PARAMS, 4, 9, 8, 1, 0.3), 0.01),
        Arguments.of(new LawGrid(LawGrid.STEEP_IN_TOKENS, 4, 7, 30, 1, 0.4), 0.05));
  }
}
