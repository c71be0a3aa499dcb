package org.isoflop.harness.analysis.isoflop;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.hipparchus.distribution.continuous.FDistribution;
import org.hipparchus.special.Gamma;
import org.isoflop.harness.analysis.isoflop.CurveModel.Shape;

/**
 * Which points do not belong to their curves. From a trimmed start the points left out are taken
 * back one after another, nearest first, so that several outliers cannot hide each other; on the
 * way every set of points still out is held against the hypothesis that all belong: an F test of
 * that many free shifts (Cook and Weisberg 1982, section 2.2), times the number of sets of that
 * size. So a sweep without outliers loses points once in a hundred times at most.
 */
final class Outliers {

  private static final double CHANCE = 0.01;

  /** More points than this are taken back a quarter at a time. */
  private static final int MANY = 200;

  /**
   * Squared residuals below this share of the squared loss are rounding: losses are computed in
   * float32 at best, to 6e-8 of themselves. Without a floor the least residual of a noise-free
   * sweep makes any other look large.
   */
  private static final double ROUNDING = 1e-14;

  /** A point of a curve. */
  private record Place(int curve, int point) {}

  private final CurveModel model;
  private final Optional<LawScreen> law;
  private final Shape shape;
  private final double[] scale;
  private final boolean[][] kept;
  private final LeastSquares.Solution[] solutions;
  private final List<Place> out = new ArrayList<>();
  private final int points;

  private Outliers(
      CurveModel model, Shape shape, double[] scale, Optional<LawScreen> law, boolean[][] kept) {
    this.model = model;
    this.law = law;
    this.shape = shape;
    this.scale = scale;
    this.kept = kept;
    solutions = new LeastSquares.Solution[kept.length];
    int all = 0;
    for (int k = 0; k < kept.length; k++) {
      all += kept[k].length;
      solutions[k] = model.solve(shape, k, kept[k]);
      for (int i = 0; i < kept[k].length; i++) {
        if (!kept[k][i]) {
          out.add(new Place(k, i));
        }
      }
    }
    points = all;
  }

  /**
   * Takes back what belongs.
   *
   * @param scale of each budget's noise against the others'
   * @param kept the trimmed start, by curve; becomes what belongs
   * @return ln of the chance of points so far out in a sweep without outliers; 0 where none are
   */
  static double find(
      CurveModel model, Shape shape, double[] scale, Optional<LawScreen> law, boolean[][] kept) {
    return new Outliers(model, shape, scale, law, kept).run();
  }

  private double run() {
    List<Place> order = new ArrayList<>();
    List<Double> sums = new ArrayList<>();
    List<Integer> taken = new ArrayList<>(List.of(0));
    sums.add(sum());
    while (!out.isEmpty()) {
      List<Place> nearest = nearest();
      nearest.forEach(place -> kept[place.curve()][place.point()] = true);
      nearest.stream()
          .mapToInt(Place::curve)
          .distinct()
          .forEach(k -> solutions[k] = model.solve(shape, k, kept[k]));
      order.addAll(nearest);
      sums.add(sum());
      taken.add(order.size());
    }
    double all = sums.get(sums.size() - 1);
    double least = Math.log(CHANCE);
    int best = order.size();
    for (int step = 0; step < sums.size() - 1; step++) {
      int back = taken.get(step);
      int left = order.size() - back;
      int freedom = points - left - 3 * kept.length - 2;
      double chance =
          Math.min(
              lnChance(all, sums.get(step), left, freedom),
              lnChanceByLaw(order.subList(back, order.size())));
      if (chance < least) {
        least = chance;
        best = back;
      }
    }
    for (int i = best; i < order.size(); i++) {
      kept[order.get(i).curve()][order.get(i).point()] = false;
    }
    return best == order.size() ? 0 : least;
  }

  private double sum() {
    double sum = 0;
    for (int k = 0; k < solutions.length; k++) {
      sum += (solutions[k].squares() + ROUNDING * kept[k].length) / (scale[k] * scale[k]);
    }
    return sum;
  }

  /** Returns ln of the chance that some so many shifts gain so much by noise alone. */
  private double lnChance(double all, double without, int shifts, int freedom) {
    if (freedom < 1) {
      return 0;
    }
    double f = Math.max(0, all - without) / shifts / (without / freedom);
    double tail = 1 - new FDistribution(shifts, freedom).cumulativeProbability(f);
    double lnTail =
        tail > 1e-12
            ? Math.log(tail)
            // Far out the tail falls as F^(−freedom/2).
            : Math.min(Math.log(1e-12), -0.5 * freedom * Math.log(all / without) + 2 * shifts);
    double lnSets =
        Gamma.logGamma(points + 1.0)
            - Gamma.logGamma(shifts + 1.0)
            - Gamma.logGamma(points - shifts + 1.0);
    return lnTail + lnSets;
  }

  /** Returns the same for points so far above the law of all points. */
  private double lnChanceByLaw(List<Place> shifted) {
    if (law.isEmpty()) {
      return 0;
    }
    double floor = ROUNDING * points;
    double all = floor;
    for (int k = 0; k < kept.length; k++) {
      for (int i = 0; i < kept[k].length; i++) {
        all += Math.pow(law.get().residual(k, i), 2);
      }
    }
    double without = all;
    for (Place place : shifted) {
      if (law.get().near(place.curve(), place.point())) {
        return 0;
      }
      without -= Math.pow(law.get().residual(place.curve(), place.point()), 2);
    }
    return lnChance(
        all,
        Math.max(without, floor),
        shifted.size(),
        points - shifted.size() - LawScreen.PARAMETERS);
  }

  /**
   * Removes from those left out, and returns, the point that lies nearest to its curve by its
   * standard error there; where very many are left out, a quarter of them at once.
   */
  private List<Place> nearest() {
    double[] distance = new double[out.size()];
    for (int o = 0; o < distance.length; o++) {
      distance[o] = distance(out.get(o).curve(), out.get(o).point());
    }
    int count = Math.max(1, distance.length > MANY ? distance.length / 4 : 1);
    List<Integer> places =
        IntStream.range(0, distance.length)
            .boxed()
            .sorted(Comparator.comparingDouble(o -> distance[o]))
            .limit(count)
            .toList();
    List<Place> nearest = places.stream().map(out::get).toList();
    out.removeAll(new HashSet<>(nearest));
    return nearest;
  }

  private double distance(int k, int i) {
    LeastSquares.Solution solution = solutions[k];
    double[] c = solution.coefficients();
    BudgetPoints curve = model.budgets().get(k);
    IsoFlopCurve bowl = new IsoFlopCurve(curve, shape, c[0], c[1], c[2]);
    double residual =
        (curve.loss(i) - bowl.lossAt(curve.x(i), curve.d(i))) / model.deviation(shape, k, i);
    double[] row = model.row(shape, k, i);
    return Math.abs(residual) / scale[k] / Math.sqrt(1 + solution.leverage(row));
  }
}
