package org.isoflop.harness.analysis.law;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.isoflop.harness.analysis.Surfaces;
import org.isoflop.harness.analysis.law.LawFit.Criterion;
import org.isoflop.harness.analysis.points.LossPoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The law of points that were made by one, and of points that have none. */
final class LawFitTest {

  private static final Law SYMMETRIC = new Law(1.69, 400, 400, 0.31, 0.31);

  static void assertSame(Law law, Law truth, double percent) {
    assertThat(law.e()).isCloseTo(truth.e(), withinPercentage(percent));
    assertThat(law.a()).isCloseTo(truth.a(), withinPercentage(percent));
    assertThat(law.b()).isCloseTo(truth.b(), withinPercentage(percent));
    assertThat(law.alpha()).isCloseTo(truth.alpha(), withinPercentage(percent));
    assertThat(law.beta()).isCloseTo(truth.beta(), withinPercentage(percent));
  }

  static Stream<Arguments> exactSurfaces() {
    Law[] laws = {
      SYMMETRIC,
      LawPoints.CHINCHILLA,
      new Law(1.5, 20000, 6, 0.6, 0.2),
      new Law(1.5, 6, 80000, 0.2, 0.6)
    };
    List<Arguments> surfaces = new ArrayList<>();
    for (Law law : laws) {
      for (Criterion criterion : Criterion.values()) {
        surfaces.add(Arguments.of(law, criterion, 2, 1, 1));
        surfaces.add(Arguments.of(law, criterion, 16, 1, 1));
        surfaces.add(Arguments.of(law, criterion, 8, 3, 1));
        surfaces.add(Arguments.of(law, criterion, 8, 0.5, 1.5));
      }
    }
    return surfaces.stream();
  }

  @ParameterizedTest
  @MethodSource("exactSurfaces")
  void findsTheLawThatMadeThePoints(
      Law law, Criterion criterion, double span, double offCentre, double drift) {
    List<LossPoint> points = LawPoints.grid(law, 5, 7, span, offCentre, drift);
    assertSame(LawPoints.fit(points, criterion).law(), law, 0.01);
  }

  @Test
  void outliersMoveLeastSquaresAndNotHuber() {
    List<LossPoint> points = new ArrayList<>(LawPoints.noisy240(3));
    for (int i = 0; i < 5; i++) {
      LossPoint p = points.get(i);
      points.set(i, Surfaces.point(p.budget(), p.params(), p.tokens(), 1.3 * p.loss()));
    }
    double truth = LawPoints.CHINCHILLA.paramsExponent();
    double huber = LawPoints.fit(points, Criterion.HUBER_LOG).law().paramsExponent();
    double squares = LawPoints.fit(points, Criterion.SQUARES).law().paramsExponent();
    assertThat(huber).isCloseTo(truth, within(0.02));
    assertThat(Math.abs(squares - truth)).isGreaterThan(0.04);
  }

  @Test
  void saysWhenTheLossDoesNotLevelOff() {
    // Straight on logarithmic axes in both directions.
    List<LossPoint> points =
        changed(
            LawPoints.grid(SYMMETRIC, 5, 7, 8, 1, 1),
            p -> 100 * Math.pow(p.params(), -0.1) * Math.pow(p.tokens(), -0.1));
    LawFit fit = LawPoints.fit(points, Criterion.HUBER_LOG);
    assertThat(fit.law().e()).isZero();
    assertThat(fit.warnings())
        .containsExactly(
            "The parametric law fits best with E = 0: the points do not show the loss levelling"
                + " off.");
  }

  @Test
  void manyPointsAreSearchedByAPartAndPolishedOnAll() {
    List<LossPoint> grid = LawPoints.grid(LawPoints.CHINCHILLA, 10, 30, 6, 1, 1);
    List<LossPoint> points = new ArrayList<>();
    for (int repeat = 0; repeat < 10; repeat++) {
      points.addAll(Surfaces.noisy(grid, 0.004, new SplittableRandom(repeat)));
    }
    assertThat(points).hasSizeGreaterThan(LawFit.MOST_POINTS);
    LawFit fit = LawPoints.fit(points, Criterion.HUBER_LOG);
    LawData data = new LawData(LawData.sorted(points));
    LawObjective all = new LawObjective(data, Criterion.HUBER_LOG);
    double[] position = data.position(LawPoints.CHINCHILLA);
    all.minimize(position);
    assertThat(fit.objective()).isCloseTo(all.criterion(position), withinPercentage(1e-7));
  }

  private static String refusal(List<LossPoint> points) {
    return LawFit.fit(points, Criterion.HUBER_LOG).refused().orElseThrow();
  }

  private static List<LossPoint> cross(double[] sizes, double[] tokens) {
    List<LossPoint> points = new ArrayList<>();
    for (double n : sizes) {
      for (double d : tokens) {
        points.add(Surfaces.point(6 * n * d, n, d, SYMMETRIC.loss(n, d)));
      }
    }
    return points;
  }

  @Test
  void refusesPointsThatDoNotDetermineTheFiveParameters() {
    double[] many = {1e8, 2e8, 4e8, 8e8, 16e8, 32e8};
    assertThat(refusal(List.of()))
        .isEqualTo("0 points; the parametric law has five parameters and needs at least 6.");
    assertThat(refusal(LawPoints.grid(SYMMETRIC, 1, 5, 8, 1, 1)))
        .isEqualTo("5 points; the parametric law has five parameters and needs at least 6.");
    assertThat(refusal(cross(many, new double[] {1e10})))
        .isEqualTo(
            "All points saw the same 10B tokens, so the parametric law cannot tell B/D^beta from"
                + " E.");
    assertThat(refusal(cross(new double[] {1e8}, many)))
        .isEqualTo(
            "All points have the same 100M params, so the parametric law cannot tell A/N^alpha"
                + " from E.");
    assertThat(refusal(cross(many, new double[] {1e10, 2e10})))
        .isEqualTo(
            "Points at only two values of tokens; the parametric law needs at least three to tell"
                + " an exponent.");
    assertThat(refusal(cross(new double[] {1e8, 2e8}, many)))
        .startsWith("Points at only two values of params;");
  }

  @Test
  void refusesParamsAndTokensThatAreOneVariable() {
    List<LossPoint> twentyTokensAParam =
        LawPoints.map(
            LawPoints.grid(SYMMETRIC, 5, 7, 8, 1, 1),
            p ->
                Surfaces.point(
                    120 * p.params() * p.params(),
                    p.params(),
                    20 * p.params(),
                    SYMMETRIC.loss(p.params(), 20 * p.params())));
    assertThat(refusal(twentyTokensAParam)).startsWith("Tokens follow from params at all points");
    assertThat(refusal(LawPoints.grid(SYMMETRIC, 1, 15, 8, 1, 1)))
        .startsWith("Tokens follow from params at all points");
  }

  @Test
  void refusesALossThatDoesNotFallWithBoth() {
    List<LossPoint> grid = LawPoints.grid(SYMMETRIC, 5, 7, 8, 1, 1);
    for (Criterion criterion : Criterion.values()) {
      assertThat(
              LawFit.fit(changed(grid, p -> 2 + 400 * Math.pow(p.tokens(), -0.3)), criterion)
                  .refused())
          .hasValue(
              "The loss does not fall with params over these points (A = 0 fits best), so there is"
                  + " no parametric law.");
      assertThat(
              LawFit.fit(changed(grid, p -> 2 + 400 * Math.pow(p.params(), -0.3)), criterion)
                  .refused())
          .hasValueSatisfying(r -> assertThat(r).contains("fall with tokens", "(B = 0 fits best)"));
      assertThat(LawFit.fit(changed(grid, p -> 3), criterion).refused()).isPresent();
      assertThat(
              LawFit.fit(changed(grid, p -> 2 + Math.pow(p.params(), 0.05)), criterion).refused())
          .isPresent();
    }
  }

  @Test
  void refusesAnExponentThatRunsAway() {
    double[] sizes = {1e8, 2e8, 4e8, 8e8};
    double[] tokens = {1e9, 2e9, 4e9, 8e9};
    List<LossPoint> points =
        changed(
            cross(sizes, tokens),
            p -> 2 + (p.params() < 1.5e8 ? 1 : 0) + 400 * Math.pow(p.tokens(), -0.3));
    assertThat(refusal(points))
        .isEqualTo(
            "The loss falls with params from the smallest value only, so the parametric law has no"
                + " finite exponent of params.");
  }

  private static List<LossPoint> changed(List<LossPoint> points, ToDoubleFunction<LossPoint> loss) {
    return LawPoints.map(
        points, p -> Surfaces.point(p.budget(), p.params(), p.tokens(), loss.applyAsDouble(p)));
  }

  /** Against the conditions that hold at the solution of non-negative least squares only. */
  @Test
  void startsNearTheNonNegativeLeastSquares() {
    SplittableRandom random = new SplittableRandom(5);
    int bound = 0;
    for (int trial = 0; trial < 500; trial++) {
      double[][] columns = new double[3][8];
      double[] y = new double[8];
      for (int i = 0; i < 8; i++) {
        for (double[] column : columns) {
          column[i] = random.nextDouble();
        }
        y[i] = random.nextDouble(-0.5, 1);
      }
      double[] right = new double[3];
      double[][] gram = new double[3][3];
      for (int i = 0; i < 8; i++) {
        for (int j = 0; j < 3; j++) {
          right[j] += columns[j][i] * y[i];
          for (int k = 0; k < 3; k++) {
            gram[j][k] += columns[j][i] * columns[k][i];
          }
        }
      }
      double[] c = LawFit.nonNegative(gram, right);
      for (int j = 0; j < 3; j++) {
        double downhill = right[j];
        for (int k = 0; k < 3; k++) {
          downhill -= gram[j][k] * c[k];
        }
        assertThat(c[j]).isNotNegative();
        if (c[j] > 0) {
          assertThat(downhill).isCloseTo(0, within(0.02));
        } else {
          assertThat(downhill).isLessThan(0.02);
          bound++;
        }
      }
    }
    assertThat(bound).isBetween(200, 1300);
  }
}
