package org.isoflop.harness.analysis.points;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs that contradict their budgets: found whatever a budget counts, and none where none does. */
final class OffBudgetTest {

  private static final int SETS = 30;

  private static final Path OWN = Path.of("../runs/reference/points.csv");

  @TempDir private Path folder;

  /** How far 6ND is from the budget, by what the budget counts. */
  private enum Counted {
    SIX_ND(0.2),
    ROUNDED_TO_TWO_DIGITS(0.3),
    WITHOUT_EMBEDDING(0.5),
    EXACT(0.3),
    EXACT_IN_ODD_SHAPES(0.4),
    /** As no decoder costs, but without a jump. */
    ALONG_A_WAVE(0.5);

    /** The smallest departure, in ln, that must be found. */
    private final double least;

    Counted(double least) {
      this.least = least;
    }

    private double share(double params) {
      return switch (this) {
        case SIX_ND, ROUNDED_TO_TWO_DIGITS -> 1;
        case WITHOUT_EMBEDDING -> overNonEmbedding(params);
        case EXACT -> 1 / (1 + 0.25 * Math.pow(params / 1e7, -1.0 / 3));
        case EXACT_IN_ODD_SHAPES -> 0.85 + 0.03 * Math.sin(37 * Math.log(params));
        case ALONG_A_WAVE -> Math.exp(0.12 * Math.sin(0.8 * Math.log(params)));
      };
    }
  }

  /** Returns N over non-embedding N of decoders 64 times as wide as deep, of 50,000 tokens. */
  private static double overNonEmbedding(double params) {
    double low = 1;
    double high = 1e5;
    while (high > low * (1 + 1e-12)) {
      double width = (low + high) / 2;
      if (12 * width * width * width / 64 + 5e4 * width < params) {
        low = width;
      } else {
        high = width;
      }
    }
    return params / (12 * low * low * low / 64);
  }

  /** Lays a grid of 3 to 7 budgets of 5 to 9 sizes, of which some rows spent another amount. */
  private static List<LossPoint> grid(
      Counted counted, double badShare, SplittableRandom random, Set<Integer> bad) {
    int budgets = random.nextInt(3, 8);
    int sizes = random.nextInt(5, 10);
    List<LossPoint> points = new ArrayList<>();
    for (int k = 0; k < budgets; k++) {
      double budget = 1e18 * Math.pow(10, 0.5 * k);
      for (int i = 0; i < sizes; i++) {
        double params =
            0.1
                * Math.sqrt(budget)
                * Math.pow(16, (double) i / (sizes - 1) - 0.5)
                * (1 + 0.02 * random.nextDouble());
        double tokens = counted.share(params) * budget / (6 * params);
        if (counted == Counted.ROUNDED_TO_TWO_DIGITS) {
          params = Double.parseDouble("%.1e".formatted(params));
          tokens = Double.parseDouble("%.1e".formatted(tokens));
        }
        if (random.nextDouble() < badShare && bad.size() < badShare * 2 * budgets * sizes) {
          bad.add(points.size());
          double departure = counted.least + random.nextDouble();
          tokens *= Math.exp(random.nextInt(3) == 0 ? departure : -departure);
        }
        points.add(LossPoint.of(budget, params, tokens, 3 + random.nextDouble()));
      }
    }
    return points;
  }

  private static Set<Integer> off(List<LossPoint> points) {
    List<LossPoint> marked = LossPoints.of(points).points();
    Set<Integer> off = new TreeSet<>();
    for (int i = 0; i < marked.size(); i++) {
      if (!marked.get(i).onBudget()) {
        off.add(i);
      }
    }
    return off;
  }

  @ParameterizedTest
  @EnumSource(Counted.class)
  void nothingIsWrongWithACleanSet(Counted counted) {
    SplittableRandom random = new SplittableRandom(1);
    for (int set = 0; set < SETS; set++) {
      assertThat(off(grid(counted, 0, random, new TreeSet<>()))).as("set " + set).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(Counted.class)
  void runsOffTheirBudgetsAreFoundAndNoOthers(Counted counted) {
    SplittableRandom random = new SplittableRandom(2);
    for (int set = 0; set < SETS; set++) {
      Set<Integer> bad = new TreeSet<>();
      List<LossPoint> points = grid(counted, 0.12, random, bad);
      assertThat(off(points)).as("set " + set).isEqualTo(bad);
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.25, 0.5, 2, 3, 1000})
  void aJumpAtASizeIsNoSmoothPattern(double factor) {
    SplittableRandom random = new SplittableRandom(3);
    List<LossPoint> clean = grid(Counted.SIX_ND, 0, random, new TreeSet<>());
    double middle = clean.get(clean.size() / 2).params();
    List<LossPoint> points =
        clean.stream()
            .map(
                p ->
                    p.params() < middle
                        ? LossPoint.of(p.budget(), p.params(), p.tokens() * factor, p.loss())
                        : p)
            .toList();
    assertThat(LossPoints.of(points).points()).allMatch(p -> p.onBudget() == p.params() >= middle);
  }

  @Test
  void keepsThemOffTheirBudgetsCurve() {
    List<LossPoint> points = new ArrayList<>();
    for (double params : new double[] {1e6, 2e6, 4e6, 8e6, 1.6e7}) {
      double tokens = 1e15 / (6 * params);
      points.add(LossPoint.of(1e15, params, params == 4e6 ? tokens / 3 : tokens, 3));
    }
    LossPoints read = LossPoints.of(points);
    assertThat(BudgetGroup.of(read.points()).get(0).points())
        .extracting(LossPoint::params)
        .containsExactly(1e6, 2e6, 8e6, 1.6e7);
    assertThat(read.warnings())
        .singleElement()
        .asString()
        .startsWith(
            "By 6ND, 1 of 5 rows spent more or less than its budget: 4M params at 1e15 (0.33"
                + " times). Kept off the IsoFLOP curves");
  }

  @Test
  void ownSweepsOfAllShapesAreOnBudgetByExactFlops() throws IOException {
    Path csv = Files.copy(OWN, folder.resolve("own.csv"));
    assertThat(LossPoints.read(csv).points()).hasSize(148).allMatch(LossPoint::onBudget);
  }

  /** Attention takes up to a quarter of the FLOPs, of which 6ND knows nothing. */
  @Test
  void by6ndAloneAnOwnSweepIsOnBudgetToo() throws IOException {
    List<String> lines = Files.readAllLines(OWN);
    lines.set(0, lines.get(0).replace(",flops,", ",x,").replace("flops_per_token", "y"));
    Path csv = Files.write(folder.resolve("own.csv"), lines);
    assertThat(LossPoints.read(csv).points()).hasSize(148).allMatch(LossPoint::onBudget);
  }

  @Test
  void namesRowsByFileAndLine() throws IOException {
    StringBuilder text = new StringBuilder("budget_flops,params,tokens,loss\n");
    for (int i = 0; i < 12; i++) {
      double share = Set.of(2, 3, 7).contains(i) ? 0.4 : 1;
      text.append("6e15,%de6,%s,3%n".formatted(i + 1, share * 1e9 / (i + 1)));
    }
    Path csv = Files.writeString(folder.resolve("p.csv"), text);
    assertThat(LossPoints.read(csv).warnings())
        .singleElement()
        .asString()
        .contains("3 of 12 rows", "p.csv, lines 4-5, 9 (0.40 times)");
  }

  @Test
  void theSameRowsAreOffInEveryConventionAndOrder() throws IOException {
    List<String> rows =
        Files.readAllLines(Path.of("src/test/resources/cases/offbudget_every_budget.csv"));
    List<String> turned = new ArrayList<>(rows.subList(1, rows.size()));
    Collections.reverse(turned);
    turned.add(0, rows.get(0));
    LossPoints read = LossPoints.read(Files.write(folder.resolve("turned.csv"), turned));
    Set<Double> off =
        read.points().stream()
            .filter(p -> !p.onBudget())
            .map(LossPoint::params)
            .collect(Collectors.toSet());
    assertThat(off).containsExactlyInAnyOrder(80.6e6, 210e6, 228e6, 374e6, 645e6);
    for (Convention convention : read.conventions()) {
      assertThat(read.in(convention).points())
          .allMatch(p -> p.onBudget() != off.contains(p.params()));
    }
  }
}
