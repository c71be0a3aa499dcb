package org.isoflop.harness.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.isoflop.harness.analysis.isoflop.FrontierFit;
import org.isoflop.harness.analysis.isoflop.FrontierFit.Frontier;
import org.isoflop.harness.analysis.isoflop.ParabolaFit;
import org.isoflop.harness.analysis.isoflop.RobustFit;
import org.isoflop.harness.analysis.law.Law;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.stats.Fitted;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Sweeps as bad as real ones get, over surfaces whose exponent is known: the headline must find it
 * to 0.02 or refuse. The raw parabola's error stands beside it in {@code target/torture.txt}.
 */
final class TortureTest {

  private static final double ALLOWED = 0.02;
  private static final int SEEDS = 3;
  private static final List<String> TABLE = new CopyOnWriteArrayList<>();

  /** What is wrong with a sweep, whatever its surface. */
  private enum Wrong {
    NOTHING(9, 4, 0, 0, 0, false),
    FIVE_SIZES(5, 4, 0, 0, 0, false),
    // Centred on the optimum a parabola is wrong by the same factor at every budget.
    FAR_TOO_WIDE(15, 400, 0, 0, 0, false),
    FAR_TOO_WIDE_FIVE_SIZES(5, 400, 0, 0, 0, false),
    FAR_TOO_WIDE_AND_DRIFTING(15, 400, 0, 0.2, 0, true),
    FAR_TOO_WIDE_FIVE_SIZES_AND_DRIFTING(5, 400, 0, 0.2, 0, true),
    OUTLIERS(9, 4, 0, 0, 0.1, true),
    OUTLIERS_FIVE_SIZES(5, 4, 0, 0, 0.1, true),
    OFF_CENTRE(9, 8, 1, 0, 0, false),
    DRIFTING(9, 8, 0, 0.2, 0, false),
    DRIFTING_FAST(9, 8, 0, 0.4, 0, false),
    OFF_CENTRE_AND_DRIFTING(9, 30, 1, 0.4, 0, true),
    ONE_SIDED_AT_TWO_BUDGETS(9, 8, 0, 1, 0, false),
    ONE_SIDED_EVERYWHERE(9, 4, 2, 0, 0, false),
    WIDE_WITH_OUTLIERS(15, 400, 0, 0, 0.1, true),
    ALL(15, 400, 2, 0.4, 0.1, true),
    ALL_NINE_SIZES(9, 100, 1.5, 0.2, 0.1, true),
    ALL_FIVE_SIZES(5, 30, 1, 0.2, 0.1, true);

    private final int sizes;
    private final double span;
    private final double offset;
    private final double drift;
    private final double outliers;

    /** Whether a parabola fails on it, on some surface. */
    private final boolean torture;

    Wrong(int sizes, double span, double offset, double drift, double outliers, boolean torture) {
      this.sizes = sizes;
      this.span = span;
      this.offset = offset;
      this.drift = drift;
      this.outliers = outliers;
      this.torture = torture;
    }

    private List<List<LossPoint>> sweeps(Law law, double noise) {
      LawGrid grid = new LawGrid(law, 6, sizes, span, offset, drift);
      boolean one = noise == 0 && outliers == 0;
      return IntStream.range(0, one ? 1 : SEEDS)
          .mapToObj(seed -> grid.dirty(noise, outliers, 100 + seed))
          .toList();
    }
  }

  private enum Surface {
    CHINCHILLA,
    STEEP_IN_PARAMS,
    STEEP_IN_TOKENS;

    private Law law() {
      return switch (this) {
        case CHINCHILLA -> LawGrid.CHINCHILLA;
        case STEEP_IN_PARAMS -> LawGrid.STEEP_IN_PARAMS;
        case STEEP_IN_TOKENS -> LawGrid.STEEP_IN_TOKENS;
      };
    }
  }

  /** The worst error of a over the seeds, where there is an answer, and how often there is none. */
  private record Outcome(OptionalDouble worst, int refused) {

    static Outcome of(FrontierFit fit, List<List<LossPoint>> sweeps, double truth) {
      List<Fitted<Frontier>> found = sweeps.parallelStream().map(fit::fit).toList();
      return new Outcome(
          found.stream().flatMap(f -> f.value().stream()).mapToDouble(f -> error(f, truth)).max(),
          (int) found.stream().filter(f -> f.refused().isPresent()).count());
    }

    private static double error(Frontier found, double truth) {
      return Math.abs(found.params().exponent() - truth);
    }

    @Override
    public String toString() {
      String error =
          worst.isEmpty() ? "     -" : String.format(Locale.ROOT, "%.4f", worst.getAsDouble());
      return error + (refused > 0 ? " (" + refused + " refused)" : "");
    }

    /** Returns the worst error, 0 where all are refused. */
    private double worstError() {
      return worst.orElse(0);
    }
  }

  static Stream<Arguments> cases() {
    return Stream.of(Wrong.values())
        .flatMap(
            wrong ->
                Stream.of(Surface.values())
                    .flatMap(
                        surface ->
                            Stream.of(0.0, 0.001)
                                .map(noise -> Arguments.of(wrong, surface, noise))));
  }

  @ParameterizedTest(name = "{0}, {1}, noise {2}")
  @MethodSource("cases")
  void theHeadlineIsRightOrRefused(Wrong wrong, Surface surface, double noise) {
    List<List<LossPoint>> sweeps = wrong.sweeps(surface.law(), noise);
    double truth = surface.law().paramsExponent();
    Outcome robust = Outcome.of(new RobustFit(), sweeps, truth);
    Outcome parabola = Outcome.of(new ParabolaFit(), sweeps, truth);
    String row =
        String.format(
            Locale.ROOT,
            "%-36s %-15s noise %.3f: headline %-6s  parabola %s",
            wrong,
            surface,
            noise,
            robust,
            parabola);
    TABLE.add(row);
    assertThat(robust.worstError()).as(row).isLessThan(ALLOWED);
    assertThat(robust.refused())
        .as(row)
        .isEqualTo(wrong == Wrong.ONE_SIDED_EVERYWHERE ? sweeps.size() : 0);
    if (wrong.torture) {
      assertThat(parabola.worstError())
          .as(row)
          .isGreaterThan(5 * robust.worstError())
          .isGreaterThan(ALLOWED);
    }
  }

  /**
   * Surfaces that no parametric law describes as a whole, each with how far a of sweeps with
   * moderate errors may be off, root mean square.
   */
  private enum Lawless {
    /** The level goes up and down by 3% with compute. */
    WAVING(Surfaces.CHINCHILLA_A, 0.011),
    /** Curves are parabolas. */
    PARABOLAS(0.5, 0.0095);

    private final double a;
    private final double allowed;

    Lawless(double a, double allowed) {
      this.a = a;
      this.allowed = allowed;
    }

    private double loss(double params, double tokens) {
      double wave = 1 + 0.03 * Math.sin(1.1 * Math.log(6 * params * tokens / 1e18));
      return this == WAVING
          ? wave * Surfaces.chinchilla(params, tokens)
          : Surfaces.bowls(a, 0.05).applyAsDouble(params, tokens);
    }

    private double lnOptimum(double budget) {
      return this == WAVING
          ? Surfaces.chinchillaLnParams(budget)
          : Math.log(0.1) + a * Math.log(budget);
    }

    /** Returns 7 budgets of 9 sizes with 0.2% of noise, one run in ten 1 to 6% too high. */
    private List<LossPoint> sweep(long seed) {
      SplittableRandom random = new SplittableRandom(seed);
      double[] budgets = Surfaces.budgets(1e18, Math.sqrt(10), 7);
      double[] centres = Arrays.stream(budgets).map(this::lnOptimum).toArray();
      return Surfaces.sample(this::loss, budgets, centres, 9, 4).stream()
          .map(
              p -> {
                double loss = p.loss() * Math.exp(0.002 * random.nextGaussian());
                boolean wrong = random.nextDouble() < 0.1;
                double factor = 1.01 + 0.05 * random.nextDouble();
                return p.withLoss(wrong ? factor * loss : loss);
              })
          .toList();
    }
  }

  @ParameterizedTest
  @EnumSource
  void moderateErrorsAreFoundWhereNoLawHolds(Lawless surface) {
    double[] errors =
        IntStream.range(0, 40)
            .parallel()
            .mapToObj(seed -> new RobustFit().fit(surface.sweep(1000 + seed)))
            .mapToDouble(fit -> Outcome.error(fit.value().orElseThrow(), surface.a))
            .toArray();
    double rms = Math.sqrt(Arrays.stream(errors).map(e -> e * e).average().orElseThrow());
    TABLE.add(
        String.format(
            Locale.ROOT, "moderate errors, no law, %s: root mean square %.4f", surface, rms));
    assertThat(rms).isLessThan(surface.allowed);
  }

  @AfterAll
  static void table() throws IOException {
    Path file = Path.of("target", "torture.txt");
    Files.createDirectories(file.getParent());
    List<String> lines = new ArrayList<>(TABLE);
    lines.add(0, "Worst error of a over " + SEEDS + " sweeps each (where refused, of how many).");
    Files.write(file, lines);
  }
}
