package org.isoflop.harness.analysis.isoflop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.isoflop.harness.analysis.Surfaces;
import org.isoflop.harness.analysis.law.Criterion;
import org.isoflop.harness.analysis.law.Law;
import org.isoflop.harness.analysis.law.LawFit;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.stats.Estimate;
import org.isoflop.harness.analysis.stats.IntervalScheme;
import org.isoflop.harness.analysis.stats.Resampling;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * How often the 95% intervals of the headline hold the truth, by simulation. Long-running, so in a
 * profile of its own: {@code mvn -Pcoverage -pl harness -am verify -Dcoverage.replicates=1000}; the
 * table goes to {@code harness/target/coverage.md}, and by hand into {@code docs/coverage.md}.
 */
@Tag("coverage")
final class CoverageStudyTest {

  private static final int REPLICATES = Integer.getInteger("coverage.replicates", 400);
  private static final double LOWEST_BUDGET = 1e18;
  private static final double RATIO = Math.sqrt(10);
  private static final double SPAN = 4;

  /** Besiroglu et al. 2024, and two lopsided bowls. */
  private static final List<Surface> SURFACES =
      List.of(
          new Surface("Chinchilla", new Law(1.8172, 482.01, 2085.43, 0.3478, 0.3658)),
          new Surface("alpha = 3 beta", new Law(1.7, 3e4, 100, 0.6, 0.2)),
          new Surface("beta = 3 alpha", new Law(1.7, 30, 1e6, 0.2, 0.6)));

  private record Surface(String name, Law law) {}

  private record Design(Surface surface, int budgets, int sizes, double noise) {

    double top() {
      return LOWEST_BUDGET * Math.pow(RATIO, budgets - 1.0);
    }

    List<LossPoint> sample(SplittableRandom random) {
      List<LossPoint> points = new ArrayList<>();
      for (int k = 0; k < budgets; k++) {
        double budget = LOWEST_BUDGET * Math.pow(RATIO, k);
        for (int i = 0; i < sizes; i++) {
          double params =
              surface.law().optimalParams(budget) * Math.pow(SPAN, 2.0 * i / (sizes - 1) - 1);
          double tokens = budget / 6 / params;
          double loss = surface.law().loss(params, tokens);
          points.add(
              Surfaces.point(
                  budget, params, tokens, loss * Math.exp(noise * random.nextGaussian())));
        }
      }
      return points;
    }
  }

  /** What is counted, in the order of the table. */
  private enum Quantity {
    A,
    NEIGHBOURS,
    TOP,
    PARAMS,
    PARAMS_BEYOND,
    LOSS_BEYOND
  }

  private static final class Counts {
    private final Map<Quantity, Integer> held = new EnumMap<>(Quantity.class);
    private final Map<Quantity, Integer> tried = new EnumMap<>(Quantity.class);
    private int refused;
    private double width;

    void count(Quantity quantity, Estimate estimate, double truth) {
      boolean inside = estimate.interval().low() <= truth && truth <= estimate.interval().high();
      tried.merge(quantity, 1, Integer::sum);
      held.merge(quantity, inside ? 1 : 0, Integer::sum);
    }

    Counts plus(Counts other) {
      Counts sum = new Counts();
      for (Counts one : List.of(this, other)) {
        one.held.forEach((quantity, count) -> sum.held.merge(quantity, count, Integer::sum));
        one.tried.forEach((quantity, count) -> sum.tried.merge(quantity, count, Integer::sum));
      }
      sum.refused = refused + other.refused;
      sum.width = width + other.width;
      return sum;
    }

    double share(Quantity quantity) {
      return 100.0 * held.getOrDefault(quantity, 0) / tried.getOrDefault(quantity, 1);
    }
  }

  private static Counts run(Design design, long seed) {
    List<LossPoint> points = design.sample(new SplittableRandom(seed));
    Optional<Law> fitted = LawFit.fit(points, Criterion.HUBER_LOG).value().map(LawFit::law);
    RobustIsoFlop found =
        RobustIsoFlop.of(points, fitted, IntervalScheme.AUTO, new Resampling(seed, 1000));
    Law law = design.surface().law();
    double a = law.paramsExponent();
    Counts counts = new Counts();
    for (BudgetCurve curve : found.curves()) {
      curve
          .optimum()
          .ifPresent(
              o -> counts.count(Quantity.PARAMS, o.params(), law.optimalParams(curve.budget())));
    }
    found.neighbours().forEach(l -> counts.count(Quantity.NEIGHBOURS, l.exponents().a(), a));
    if (found.exponents().value().isEmpty()) {
      counts.refused++;
      return counts;
    }
    Estimate global = found.exponents().value().get().a();
    counts.count(Quantity.A, global, a);
    counts.width += global.interval().high() - global.interval().low();
    counts.count(Quantity.TOP, found.top().orElseThrow().exponents().a(), a);
    double beyond = 10 * design.top();
    FrontierPoint point = found.frontier().orElseThrow().at(beyond);
    double params = law.optimalParams(beyond);
    counts.count(Quantity.PARAMS_BEYOND, point.params(), params);
    point
        .loss()
        .ifPresent(
            loss ->
                counts.count(
                    Quantity.LOSS_BEYOND, loss, law.loss(params, law.optimalTokens(beyond))));
    return counts;
  }

  @Test
  void intervalsHoldTheTruthAsOftenAsTheySay() throws IOException {
    List<String> table = new ArrayList<>();
    table.add(
        "| surface | budgets | sizes | noise | a | neighbours | top | N* | N* at 10× | L* at 10× |"
            + " width of a | refused |");
    table.add("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    List<Double> shares = new ArrayList<>();
    for (Design design : designs().toList()) {
      Counts counts =
          IntStream.range(0, REPLICATES)
              .parallel()
              .mapToObj(r -> run(design, 1_000_003L * r + design.hashCode()))
              .reduce(new Counts(), Counts::plus);
      StringBuilder row =
          new StringBuilder(
              String.format(
                  Locale.ROOT,
                  "| %s | %d | %d | %.1f%% |",
                  design.surface().name(),
                  design.budgets(),
                  design.sizes(),
                  100 * design.noise()));
      for (Quantity quantity : Quantity.values()) {
        shares.add(counts.share(quantity));
        row.append(String.format(Locale.ROOT, " %.1f |", counts.share(quantity)));
      }
      row.append(
          String.format(
              Locale.ROOT,
              " %.3f | %d |",
              counts.width / (REPLICATES - counts.refused),
              counts.refused));
      table.add(row.toString());
      System.out.println(row);
    }
    Files.writeString(Path.of("target/coverage.md"), String.join("\n", table) + "\n");
    // A share of 95% strays by 1.1 points with 400 replicates; what lies further off is named in
    // docs/coverage.md.
    assertThat(shares).allMatch(share -> share > 90);
    assertThat(shares.stream().mapToDouble(s -> s).average().orElseThrow()).isBetween(94.0, 97.0);
  }

  private static Stream<Design> designs() {
    return SURFACES.stream()
        .flatMap(
            surface ->
                Stream.of(3, 5, 7)
                    .flatMap(
                        budgets ->
                            Stream.of(5, 9)
                                .flatMap(
                                    sizes ->
                                        Stream.of(0.002, 0.01)
                                            .map(
                                                noise ->
                                                    new Design(surface, budgets, sizes, noise)))));
  }
}
