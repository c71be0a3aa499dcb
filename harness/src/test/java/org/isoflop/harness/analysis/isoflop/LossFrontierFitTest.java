package org.isoflop.harness.analysis.isoflop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.isoflop.harness.analysis.LawGrid;
import org.isoflop.harness.analysis.isoflop.FrontierContrast.EqualLoss;
import org.isoflop.harness.analysis.law.Law;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.points.LossPoints;
import org.isoflop.harness.analysis.stats.Estimate;
import org.isoflop.harness.analysis.stats.IntervalScheme;
import org.isoflop.harness.analysis.stats.Resampling;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Loss at the optimum within the measured budgets, where it follows a law and where it does not.
 */
final class LossFrontierFitTest {

  private static final LawGrid GRID = LawGrid.centred(LawGrid.CHINCHILLA, 7, 5, 4);
  private static final double NOISE = 0.004;
  private static final int SWEEPS = 30;

  @TempDir private Path folder;

  /** Losses that fall ever faster: by 3% over the first half decade, by 15% over the last. */
  private static double faster(double x) {
    return Math.exp(-0.012 * x * x);
  }

  private static RobustIsoFlop fit(List<LossPoint> points) {
    return RobustIsoFlop.of(points, Optional.empty(), IntervalScheme.NOISE, new Resampling(1, 200));
  }

  /** Returns points whose losses are changed at every budget by its ln C from the lowest. */
  private static List<LossPoint> changed(List<LossPoint> points, DoubleUnaryOperator factor) {
    return points.stream()
        .map(p -> p.withLoss(p.loss() * factor.applyAsDouble(fromLowest(p.budget()))))
        .toList();
  }

  private static double fromLowest(double budget) {
    return Math.log(budget / GRID.budget(0));
  }

  private static double truth(double budget, DoubleUnaryOperator factor) {
    Law law = GRID.law();
    return law.loss(law.optimalParams(budget), law.optimalTokens(budget))
        * factor.applyAsDouble(fromLowest(budget));
  }

  private static Estimate loss(RobustIsoFlop sweep, double budget) {
    return sweep.frontier().value().orElseThrow().at(budget).loss().orElseThrow();
  }

  /** Returns the runs of one vocabulary of those that docs/corpora.md describes. */
  private RobustIsoFlop vocabulary(String tokens) throws IOException {
    List<String> lines = Files.readAllLines(Path.of("../runs/study/vocabularies.csv"));
    Path table = folder.resolve(tokens + ".csv");
    Files.write(
        table,
        lines.stream()
            .filter(line -> line.startsWith("vocabulary,") || line.startsWith(tokens + ","))
            .toList());
    return fit(LossPoints.read(table).points());
  }

  /**
   * Decoders of bytes and of 1,024 tokens, whose losses fall faster than any power of compute: a
   * power law through them said a gain of 4.7 where the optima say 8.9, and was 4% off at 1e11.
   */
  @Test
  void lossesThatFallFasterThanAnyPowerAreThoseOfTheOptima() throws IOException {
    RobustIsoFlop bytes = vocabulary("256");
    RobustIsoFlop tokens = vocabulary("1024");
    for (RobustIsoFlop sweep : List.of(bytes, tokens)) {
      assertThat(sweep.lossFrontier().value().orElseThrow().reachesBeyond()).isFalse();
      for (BudgetCurve curve : sweep.curves()) {
        curve
            .optimum()
            .ifPresent(
                optimum ->
                    assertThat(loss(sweep, curve.budget()).value())
                        .isCloseTo(optimum.loss().value(), within(1e-9)));
      }
    }
    double nats = Math.log(2);
    FrontierContrast contrast = new FrontierContrast(bytes, 1 / nats, tokens, 1 / nats / 2.4637);
    List<EqualLoss> equal = contrast.equalLosses(contrast.commonLosses().orElseThrow());
    EqualLoss first = equal.get(equal.size() - 1);
    // Bytes come from 2.454 to 2.268 bits between 3.16e11 and 1e12; 1,024 tokens begin at 2.286.
    assertThat(first.loss()).isCloseTo(2.286, within(0.003));
    assertThat(first.other().value()).isCloseTo(1e11, within(1e5));
    assertThat(first.gain().value()).isBetween(8.5, 9.3);
    assertThat(first.gain().interval().low()).isGreaterThan(6);
    // Beyond the budgets a law at its bound is not followed, here as little as on its own.
    assertThat(contrast.at(1e13).loss()).isPresent();
    assertThat(contrast.at(3e14).loss()).isEmpty();
  }

  @Test
  void isTrueBetweenBudgetsWhateverTheLossesFollow() {
    for (DoubleUnaryOperator factor :
        List.<DoubleUnaryOperator>of(x -> 1, LossFrontierFitTest::faster)) {
      RobustIsoFlop sweep = fit(changed(GRID.clean(), factor));
      for (double half = 0; half <= 6; half += 0.5) {
        double budget = 1e18 * Math.pow(10, half / 2);
        assertThat(loss(sweep, budget).value() / truth(budget, factor))
            .as("at %g", budget)
            .isCloseTo(1, within(4e-4));
      }
    }
  }

  /** Of 13 budgets and as many losses a sweep; the draws' intervals hold 92% in the long run. */
  @Tag("slow")
  @Test
  void intervalsHoldTheTruthWhereNoLawDoes() {
    int held = 0;
    int gains = 0;
    for (int i = 0; i < SWEEPS; i++) {
      RobustIsoFlop sweep = fit(changed(GRID.noisy(NOISE, 2L * i), LossFrontierFitTest::faster));
      for (double half = 0; half <= 6; half += 0.5) {
        double budget = 1e18 * Math.pow(10, half / 2);
        held += holds(loss(sweep, budget), truth(budget, LossFrontierFitTest::faster));
      }
      FrontierContrast contrast =
          new FrontierContrast(fit(GRID.noisy(NOISE, 2L * i + 1)), 1, sweep, 1);
      List<EqualLoss> equal = contrast.equalLosses(contrast.commonLosses().orElseThrow());
      EqualLoss middle = equal.get(equal.size() / 2);
      double gain =
          needed(middle.loss(), x -> 1) / needed(middle.loss(), LossFrontierFitTest::faster);
      gains += holds(middle.gain(), gain);
    }
    assertThat(held / 13.0 / SWEEPS).isGreaterThan(0.87);
    assertThat(gains).isGreaterThanOrEqualTo(25);
  }

  private static int holds(Estimate found, double truth) {
    return found.interval().low() <= truth && truth <= found.interval().high() ? 1 : 0;
  }

  private static double needed(double loss, DoubleUnaryOperator factor) {
    double low = 1e17;
    double high = 1e24;
    while (high / low > 1 + 1e-9) {
      double middle = Math.sqrt(low * high);
      if (truth(middle, factor) > loss) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** What a loss takes is the least compute that comes to it, and never what lies behind a rise. */
  @Test
  void lossesThatRiseFromOneBudgetToTheNextTakeTheLeastCompute() {
    double rise = fromLowest(GRID.budget(3));
    DoubleUnaryOperator bump = x -> Math.abs(x - rise) < 0.1 ? 1.08 : 1;
    RobustIsoFlop sweep = fit(changed(GRID.noisy(NOISE, 1), bump));
    LossFrontierFit found = sweep.lossFrontier().value().orElseThrow();
    double before = loss(sweep, GRID.budget(2)).value();
    assertThat(loss(sweep, GRID.budget(3)).value()).isGreaterThan(before);
    assertThat(Math.exp(found.lnFlopsAt(before).value()) / GRID.budget(2))
        .isCloseTo(1, within(1e-6));
    double last = Double.NEGATIVE_INFINITY;
    for (double loss = found.first(); loss >= found.lowest(); loss *= 0.99) {
      double lnFlops = found.lnFlopsAt(loss).estimate().value();
      assertThat(lnFlops).isGreaterThan(last);
      last = lnFlops;
    }
    assertThat(Math.exp(last)).isLessThan(GRID.budget(6) * 1.001);
  }

  /** Two budgets 8% apart differ by their noise, which must not show between the others. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void budgetsCloseTogetherDoNotSwingTheRest(long seed) {
    List<LossPoint> close =
        GRID.clean().stream()
            .map(p -> LossPoint.of(1.08 * p.budget(), p.params(), 1.08 * p.tokens(), lossOf(p)))
            .filter(p -> Math.round(2 * Math.log10(p.budget() / 1e18)) % 3 == 0)
            .toList();
    SplittableRandom random = new SplittableRandom(seed);
    RobustIsoFlop sweep =
        fit(
            Stream.concat(
                    GRID.clean().stream()
                        .filter(p -> Math.round(2 * Math.log10(p.budget() / 1e18)) % 3 == 0),
                    close.stream())
                .map(p -> p.withLoss(p.loss() * Math.exp(0.002 * random.nextGaussian())))
                .toList());
    for (double half = 0; half <= 6; half += 0.5) {
      double budget = 1e18 * Math.pow(10, half / 2);
      assertThat(loss(sweep, budget).value() / truth(budget, x -> 1)).isCloseTo(1, within(6e-3));
    }
  }

  private static double lossOf(LossPoint p) {
    return GRID.law().loss(p.params(), 1.08 * p.tokens());
  }
}
