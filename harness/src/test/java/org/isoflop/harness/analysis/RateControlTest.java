package org.isoflop.harness.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.isoflop.harness.analysis.law.Law;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.points.LossPoints;
import org.isoflop.harness.analysis.stats.Interval;
import org.isoflop.harness.analysis.stats.IntervalScheme;
import org.isoflop.harness.analysis.stats.Resampling;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cells trained at half and twice their rate, against the parabola they were drawn from. */
final class RateControlTest {

  private static final double NOISE = 0.005;
  private static final int SIMULATED = 50;
  private static final Law LAW = new Law(1.7, 400, 1000, 0.34, 0.34);
  private static final AnalysisSettings FEW =
      new AnalysisSettings(IntervalScheme.NOISE, new Resampling(1, 100));

  @TempDir private Path folder;

  /**
   * Draws cells.
   *
   * @param best ln of the multiplier that is best
   * @param curvature of ln loss in (ln multiplier)²
   */
  private static List<RateControl.Cell> cells(
      int count, int seeds, double best, double curvature, double noise, SplittableRandom random) {
    List<RateControl.Cell> cells = new ArrayList<>();
    for (int cell = 0; cell < count; cell++) {
      double level = 2 + cell;
      List<LossPoint> points = new ArrayList<>();
      for (int seed = 0; seed < seeds; seed++) {
        points.add(
            LossPoint.of(
                1e12, 1e5 * (cell + 1), 1e6, loss(level, 0, best, curvature, noise, random)));
      }
      TreeMap<Double, Double> others = new TreeMap<>();
      for (double multiplier : new double[] {0.5, 2}) {
        others.put(multiplier, loss(level, Math.log(multiplier), best, curvature, noise, random));
      }
      cells.add(new RateControl.Cell(points, others));
    }
    return cells;
  }

  private static double loss(
      double level,
      double x,
      double best,
      double curvature,
      double noise,
      SplittableRandom random) {
    double rise = curvature * (x - best) * (x - best);
    return level * Math.exp(rise + noise * random.nextGaussian());
  }

  private static NoiseSources seeds(List<NoiseSources.Seeds> seeds) {
    return new NoiseSources(seeds, Optional.empty(), Optional.empty());
  }

  /** Seeds of one budget that show the noise with so many degrees of freedom. */
  private static NoiseSources seeds(double noise, int freedom, SplittableRandom random) {
    double squares = 0;
    for (int i = 0; i < freedom; i++) {
      squares += Math.pow(noise * random.nextGaussian(), 2);
    }
    return seeds(List.of(new NoiseSources.Seeds(1e12, squares, freedom, freedom)));
  }

  @Test
  void theBestMultiplierAndTheCostAreFound() {
    SplittableRandom random = new SplittableRandom(1);
    double best = Math.log(0.6);
    RateControl found =
        RateControl.of(cells(3, 2, best, 0.05, 1e-5, random), seeds(1e-5, 9, random)).orElseThrow();
    assertThat(found.multiplier().orElseThrow().value()).isCloseTo(0.6, within(0.02));
    assertThat(found.cost().orElseThrow().value()).isCloseTo(0.05 * best * best, within(2e-4));
    assertThat(found.edge()).isEmpty();
    assertThat(found.certain()).isTrue();
    assertThat(found.sentence())
        .startsWith("too high by more than the noise, 1.3% [1.")
        .contains(
            "] above the best loss at 3 cells of 1e12 FLOPs (100k, 200k, 300k params); the best"
                + " rate is 0.60 [0.")
        .contains("] times the sweep's, between those tried; 'isoflop tune' finds");
  }

  /** Where truth lies inside and beyond what was tried, flat and steep, one cell and three. */
  @Tag("slow")
  @Test
  void intervalsHoldTheTruthAsOftenAsTheySay() {
    int held = 0;
    int costHeld = 0;
    int cases = 0;
    for (double best : new double[] {0, Math.log(0.7), Math.log(0.4)}) {
      for (double curvature : new double[] {0.025, 0.1}) {
        for (int count : new int[] {1, 3}) {
          SplittableRandom random = new SplittableRandom(7 + cases++);
          int own = 0;
          int alarms = 0;
          for (int i = 0; i < SIMULATED; i++) {
            List<RateControl.Cell> cells = cells(count, i % 2 + 1, best, curvature, NOISE, random);
            RateControl found = RateControl.of(cells, seeds(NOISE, 6, random)).orElseThrow();
            own += holds(found.multiplier().orElseThrow().interval(), Math.exp(best));
            double edge = Math.max(best, Math.log(0.5));
            double cost = curvature * (best * best - (best - edge) * (best - edge));
            costHeld += holds(found.cost().orElseThrow().interval(), cost);
            alarms += found.certain() ? 1 : 0;
          }
          held += own;
          String where = "best %.2f, curvature %s, %d cells".formatted(best, curvature, count);
          assertThat(own).as(where).isGreaterThan(SIMULATED * 17 / 20);
          if (best == 0) {
            assertThat(alarms).as("false alarms, " + where).isLessThan(SIMULATED / 20);
          } else if (curvature == 0.1) {
            assertThat(alarms).as("alarms, " + where).isGreaterThan(SIMULATED * 9 / 10);
          }
        }
      }
    }
    assertThat(held / (double) (cases * SIMULATED)).isBetween(0.93, 0.98);
    assertThat(costHeld / (double) (cases * SIMULATED)).isBetween(0.93, 0.98);
  }

  private static int holds(Interval interval, double truth) {
    return interval.low() <= truth && truth <= interval.high() ? 1 : 0;
  }

  @Test
  void aRateFarOffIsAtTheEdge() {
    SplittableRandom random = new SplittableRandom(3);
    RateControl high =
        RateControl.of(cells(2, 1, Math.log(0.3), 0.05, 0.002, random), seeds(0.002, 12, random))
            .orElseThrow();
    assertThat(high.edge()).contains("lowest");
    assertThat(high.certain()).isTrue();
    assertThat(high.sentence()).contains("at or beyond the lowest tried, where it may be better");
    assertThat(high.cost().orElseThrow().value())
        .as("beside the best that was tried, not one beyond")
        .isLessThan(0.065);
    RateControl low =
        RateControl.of(cells(2, 1, Math.log(4), 0.05, 0.002, random), seeds(0.002, 12, random))
            .orElseThrow();
    assertThat(low.edge()).contains("highest");
    assertThat(low.sentence()).startsWith("too low by more than the noise");
  }

  @Test
  void whatDivergedTellsNothingOfTheBest() {
    SplittableRandom random = new SplittableRandom(4);
    RateControl.Cell whole = cells(1, 1, 0, 0.05, 0, random).get(0);
    TreeMap<Double, Double> others = new TreeMap<>(whole.others());
    others.put(2.0, Double.POSITIVE_INFINITY);
    RateControl.Cell diverged = new RateControl.Cell(whole.points(), others);
    RateControl alone = RateControl.of(List.of(diverged), seeds(NOISE, 9, random)).orElseThrow();
    assertThat(alone.multiplier()).isEmpty();
    assertThat(alone.certain()).isFalse();
    assertThat(alone.sentence())
        .isEqualTo(
            "at the cell of 1e12 FLOPs (100k params) 0.5 times its rate gives +2.40% of the loss, 2"
                + " times its rate diverged, which does not tell the best");
    RateControl beside =
        RateControl.of(List.of(diverged, whole), seeds(NOISE, 9, random)).orElseThrow();
    assertThat(beside.multiplier().orElseThrow().value()).isCloseTo(1, within(0.05));
    assertThat(RateControl.of(List.of(whole), seeds(List.of())).orElseThrow().cost())
        .as("nothing is known of the noise")
        .isEmpty();
  }

  /** From a sweep's own table to screen and JSON: the runs are no points, and move none. */
  @Test
  void controlsOfATableAreNoPointsAndChangeNoNumber() throws IOException {
    Analysis with = analyze(true, 0.02);
    Analysis without = analyze(false, 0.02);
    assertThat(with.points()).isEqualTo(without.points()).isEqualTo(24);
    assertThat(with.methods()).isEqualTo(without.methods());
    assertThat(without.checks().rateControl()).isEmpty();
    RateControl found = with.checks().rateControl().orElseThrow();
    assertThat(found.cells()).hasSize(2).allMatch(cell -> cell.others().containsKey(0.5));
    assertThat(found.certain()).isFalse();
    assertThat(AnalysisSummary.text(with).replaceAll("\\s+", " "))
        .containsOnlyOnce("Learning rate: within 0.");
    JsonNode json = AnalysisFiles.json(with).tree().get("rate_control");
    assertThat(json.get("runs")).hasSize(4);
    assertThat(json.at("/runs/0/difference").asDouble()).isPositive();
    assertThat(json.get("best_multiplier").asDouble()).isBetween(0.7, 1.4);
    assertThat(json.get("cost_interval").get(0).asDouble()).isZero();
    assertThat(json.get("edge").isNull()).isTrue();

    Analysis high = analyze(true, -0.05);
    assertThat(high.warnings())
        .anyMatch(warning -> warning.startsWith("Learning rate: too high by more than the noise"));
    assertThat(AnalysisSummary.text(high).replaceAll("\\s+", " "))
        .containsOnlyOnce("Learning rate: too high");
  }

  /**
   * Analyses four budgets of six sizes.
   *
   * @param controls whether two cells were trained at half and twice their rate too
   * @param half ln of the loss at half the rate over that at the rate
   */
  private Analysis analyze(boolean controls, double half) throws IOException {
    SplittableRandom random = new SplittableRandom(5);
    List<String> rows = new ArrayList<>();
    String row = "%s,%s,%s,%s,%s,1,%s,%s,%s";
    for (double budget : new double[] {1e18, 4e18, 1.6e19, 6.4e19}) {
      for (int size = 0; size < 6; size++) {
        double params = 0.12 * Math.sqrt(budget / 6 / 20) * 8 * Math.pow(1.9, size - 2.5);
        double tokens = budget / 6 / params;
        double clean = LAW.loss(params, tokens);
        double loss = clean * (1 + 0.001 * random.nextGaussian());
        String trunk = "t" + size;
        rows.add(row.formatted(budget, params, tokens, loss, trunk, 0.012, 1.2, "done"));
        if (controls && budget == 4e18 && (size == 2 || size == 3)) {
          double lower = clean * Math.exp(half);
          double upper = clean * Math.exp(half < 0 ? 0.08 : half);
          rows.add(row.formatted(budget, params, tokens, lower, "a" + size, 0.006, 1.2, "control"));
          rows.add(row.formatted(budget, params, tokens, upper, "b" + size, 0.024, 1.2, "control"));
        }
      }
    }
    Path csv = folder.resolve("points.csv");
    String header =
        "budget_flops,params,tokens,loss,lineage,seed,learning_rate,learning_rate_departure,status";
    Files.writeString(csv, header + "\n" + String.join("\n", rows) + "\n");
    return IsoFlopAnalysis.analyze(LossPoints.read(csv), FEW);
  }
}
