package org.isoflop.harness.analysis.design;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.hipparchus.stat.descriptive.moment.StandardDeviation;
import org.isoflop.harness.analysis.design.DesignSimulation.DesignPrecision;
import org.isoflop.harness.analysis.isoflop.FrontierFit;
import org.isoflop.harness.analysis.isoflop.ParabolaFit;
import org.isoflop.harness.analysis.law.Law;
import org.isoflop.harness.analysis.stats.Fitted;
import org.isoflop.harness.analysis.stats.Resampling;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DesignSimulationTest {

  private static final Law CHINCHILLA = LossSurface.CHINCHILLA;
  private static final FrontierFit FIT = new ParabolaFit();

  /** A bowl that is bent alike at every budget: 0.021 in ln L, as Chinchilla's at 1e19 FLOPs. */
  private static final Law ALIKE = new Law(0, 100, 100, 0.2045, 0.2045);

  /** SCALING.md, "Precision to expect", for sd(ln N*) = 0.11 at every budget. */
  @ParameterizedTest
  @CsvSource({"3, 1, .068", "4, 1.5, .043", "5, 2, .030", "9, 4, .012"})
  void agreesWithThePrintedTable(int budgets, double decades, double expected) {
    List<DesignCell> cells = Designs.grid(ALIKE, budgets, decades, 7, 16);

    DesignPrecision found = simulate(ALIKE, RunNoise.USUAL, cells, 2000).value().orElseThrow();

    assertThat(found.standardError()).isCloseTo(expected, within(0.06 * expected));
    assertThat(found.bias()).isCloseTo(0, within(0.1 * expected));
  }

  /** The default noise scatters an optimum of Chinchilla's surface by about 0.11. */
  @Test
  void theDefaultNoiseGivesThePublicScatter() {
    List<DesignCell> cells = Designs.grid(CHINCHILLA, 3, 0.2, 7, 16);
    double[] middle =
        IntStream.range(0, 1000)
            .mapToDouble(
                seed ->
                    FIT.fit(Designs.measured(cells, CHINCHILLA, RunNoise.USUAL, seed))
                        .value()
                        .orElseThrow()
                        .params()
                        .atCentre())
            .toArray();

    // The mean of three optima scatters by 1/√3 of each.
    double deviation = new StandardDeviation().evaluate(middle) * Math.sqrt(3);
    assertThat(deviation).isCloseTo(0.11, within(0.025));
  }

  @Test
  void theTopRestsOnTheHighestHalf() {
    List<DesignCell> cells = Designs.grid(ALIKE, 6, 2.5, 7, 16);
    DesignPrecision all = simulate(ALIKE, 0.01, cells, 1000).value().orElseThrow();
    DesignPrecision top =
        simulate(ALIKE, 0.01, Designs.grid(ALIKE, 3, 1, 7, 16), 1000).value().orElseThrow();

    assertThat(all.topStandardError()).isCloseTo(top.standardError(), within(0.004));
    assertThat(all.standardError()).isLessThan(all.topStandardError() / 2);
    assertThat(top.topStandardError()).isEqualTo(top.standardError());
  }

  @Test
  void showsTheBiasOfAParabolaOffItsCentre() {
    Law lopsided = new Law(1, 1e4, 400, 0.7, 0.25);
    List<DesignCell> drifting =
        Designs.grid(lopsided, 5, 2, 7, 30).stream()
            .map(
                cell -> {
                  double params = cell.params() * Math.pow(cell.budget() / 1e19, 0.2);
                  return new DesignCell(cell.budget(), params, cell.budget() / (6 * params));
                })
            .toList();

    double centred =
        simulate(lopsided, 1e-4, Designs.grid(lopsided, 5, 2, 7, 30), 200)
            .value()
            .orElseThrow()
            .bias();
    double bias = simulate(lopsided, 1e-4, drifting, 200).value().orElseThrow().bias();

    assertThat(Math.abs(bias)).isGreaterThan(0.005).isGreaterThan(3 * Math.abs(centred));
  }

  @Test
  void doesNotDependOnTheNumberOfThreads() throws ExecutionException, InterruptedException {
    List<DesignCell> cells = Designs.grid(CHINCHILLA, 4, 2, 5, 16);
    DesignPrecision shared = simulate(CHINCHILLA, 0.02, cells, 300).value().orElseThrow();
    ForkJoinPool one = new ForkJoinPool(1);
    try {
      DesignPrecision alone =
          one.submit(() -> simulate(CHINCHILLA, 0.02, cells, 300).value().orElseThrow()).get();
      assertThat(alone).isEqualTo(shared);
    } finally {
      one.shutdown();
    }
    assertThat(shared.refusedShare()).isBetween(0.0, 0.5);
  }

  @Test
  void refusesWhatGivesNoExponent() {
    List<DesignCell> two = Designs.grid(CHINCHILLA, 2, 1, 7, 16);
    assertThat(simulate(CHINCHILLA, 0.01, two, 200).refused().orElseThrow())
        .isEqualTo(
            "2 of the budgets have the 4 sizes to both sides of the expected optimum that a curve"
                + " needs, and exponents need 3 such budgets.");
    List<DesignCell> narrow = Designs.grid(CHINCHILLA, 3, 1, 4, 1.2);
    assertThat(simulate(CHINCHILLA, 0.05, narrow, 200).refused().orElseThrow())
        .endsWith("of the simulated sweeps gave no exponent; the noise hides the optima.");
  }

  @Test
  void thePriorHasItsOptimumWhereTheGridIsCentred() {
    List<DesignCell> tiny =
        DoubleStream.of(1e10, 1e11, 1e12)
            .boxed()
            .flatMap(
                budget ->
                    DoubleStream.of(0.25, 0.5, 1, 2, 4)
                        .map(offset -> offset * Math.sqrt(budget / 60))
                        .mapToObj(n -> new DesignCell(budget, n, budget / (6 * n))))
            .toList();

    Law law = LossSurface.prior(tiny).law();

    // 10 tokens per param at the middle budget.
    assertThat(law.optimalParams(1e11)).isCloseTo(Math.sqrt(1e11 / 60), within(1.0));
    assertThat(law.paramsExponent()).isEqualTo(CHINCHILLA.paramsExponent());
    double n = law.optimalParams(1e11);
    assertThat(law.loss(n, 1e11 / (6 * n)))
        .isCloseTo(
            CHINCHILLA.loss(CHINCHILLA.optimalParams(1e19), CHINCHILLA.optimalTokens(1e19)),
            within(1e-9));
  }

  private static Fitted<DesignPrecision> simulate(
      Law law, double noise, List<DesignCell> cells, int replicates) {
    return new DesignSimulation(
            new LossSurface(law, RunNoise.of(noise)), FIT, new Resampling(3, replicates))
        .of(cells);
  }
}
