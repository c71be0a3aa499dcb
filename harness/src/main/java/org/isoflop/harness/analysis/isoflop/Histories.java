package org.isoflop.harness.analysis.isoflop;

import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntToDoubleFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.hipparchus.distribution.continuous.FDistribution;
import org.hipparchus.distribution.continuous.NormalDistribution;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.isoflop.LeastSquares.Quadratic;
import org.isoflop.harness.analysis.law.Law;
import org.isoflop.harness.analysis.points.BudgetGroup;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.stats.Projection;

/**
 * Whether rows are runs planned at common budgets, as the IsoFLOP method needs, or checkpoints of a
 * few runs. All checkpoints of a run share its seed, data and settings, so twenty rows of one run
 * say little more of the law's errors than one: intervals must come from runs.
 *
 * <p>Where the input names the runs (a lineage) and plans no common budgets, its word is taken.
 * Where it does not, exact N stands for the run if most points have many other numbers of tokens at
 * the same N, the budgets are not planned, and the residuals say so: what is left of them over a
 * smooth surface differs between the N by more than it does within them, or consecutive tokens err
 * alike. A sweep with one ladder of sizes at several budgets has few tokens an N, and its budgets
 * are planned; independent runs over a grid of N and D pass the test of the residuals.
 *
 * @param points each with its run for a lineage
 * @param warning what to say of it, where the points are checkpoints
 */
public record Histories(List<LossPoint> points, Optional<String> warning) {

  /** From so many numbers of tokens on, one N may be the history of a run. */
  private static final int MANY = 8;

  /** Named runs of fewer rows than this are hardly histories. */
  private static final int SOME = 3;

  /** The most likely chance that independent points look as dependent as this. */
  private static final double CHANCE = 1e-3;

  /** At least so many of the points must lie at budgets of enough sizes. */
  private static final double FEWEST_SHARED = 2.0 / 3;

  /** Nobody plans so many budgets … */
  private static final int MANY_BUDGETS = 10;

  /** … closer together than this, in ln C (20%): where most are, the range is simply filled. */
  private static final double PACKED = Math.log(1.2);

  /** Budgets of one group this close, in ln C, were stated as one. */
  private static final double EQUAL = 1e-9;

  /** Copies the list. */
  public Histories {
    points = List.copyOf(points);
  }

  /**
   * Looks for histories.
   *
   * @param law of all points, by whose residuals they are told; may be missing
   */
  public static Histories of(List<LossPoint> points, Optional<Law> law) {
    Optional<String> unplanned = unplanned(BudgetGroup.of(points));
    Map<String, List<LossPoint>> named = by(points, LossPoint::lineage);
    if (unplanned.isEmpty()) {
      return new Histories(points, Optional.empty());
    }
    if (named.size() < points.size()) {
      boolean most = inRunsOf(named, SOME) > points.size() / 2;
      return new Histories(
          points,
          most
              ? Optional.of(sentence("The rows are checkpoints of", points, named.size()))
              : Optional.empty());
    }
    Map<String, List<LossPoint>> sameParams = by(points, p -> Double.toString(p.params()));
    if (inRunsOf(sameParams, MANY) <= points.size() / 2
        || law.isEmpty()
        || !dependent(List.copyOf(sameParams.values()), law.get())) {
      return new Histories(points, Optional.empty());
    }
    return new Histories(
        points.stream()
            .map(p -> p.inLineage(Quantities.count(p.params()) + " params, " + p.params()))
            .toList(),
        Optional.of(
            sentence("The rows look like checkpoints of", points, sameParams.size())
                + " The input does not say which rows are of one run, so equal params stand for"
                + " it; --column lineage=HEADER would say."));
  }

  private static String sentence(String are, List<LossPoint> points, int runs) {
    return Quantities.format(
        "%s %d runs, %d a run, not runs of their own: their budgets are shared by accident, so only"
            + " the law answers, with intervals from whole runs.",
        are, runs, Math.round((double) points.size() / runs));
  }

  private static Map<String, List<LossPoint>> by(
      List<LossPoint> points, Function<LossPoint, String> key) {
    return points.stream()
        .sorted(Comparator.comparingDouble(LossPoint::tokens))
        .collect(Collectors.groupingBy(key, LinkedHashMap::new, Collectors.toList()));
  }

  /** Returns how many points are in runs of so many different numbers of tokens. */
  private static int inRunsOf(Map<String, List<LossPoint>> runs, int fewest) {
    return runs.values().stream()
        .filter(run -> BudgetPoints.distinct(run, LossPoint::tokens) >= fewest)
        .mapToInt(List::size)
        .sum();
  }

  /** Returns whether residuals are more alike within the runs than chance allows. */
  private static boolean dependent(List<List<LossPoint>> runs, Law law) {
    List<LossPoint> all = runs.stream().flatMap(List::stream).toList();
    double[] left = overSmoothSurface(all, law);
    int at = 0;
    double between = 0;
    double within = 0;
    double neighbours = 0;
    for (List<LossPoint> run : runs) {
      double[] own = Arrays.copyOfRange(left, at, at + run.size());
      double mean = Arrays.stream(own).average().orElseThrow();
      between += own.length * mean * mean;
      for (int i = 0; i < own.length; i++) {
        within += Math.pow(own[i] - mean, 2);
        neighbours += i == 0 ? 0 : (own[i] - mean) * (own[i - 1] - mean);
      }
      at += own.length;
    }
    int free = runs.size() - 1 - CURVED;
    // As many pairs of neighbours as there is freedom within the runs.
    int inside = all.size() - runs.size();
    if (free > 0 && inside > 0 && within > 0) {
      double f = between / free / (within / inside);
      if (1 - new FDistribution(free, inside).cumulativeProbability(f) < CHANCE) {
        return true;
      }
    }
    // Under independence the sum of products of neighbours has variance inside·sigma⁴.
    double z = within > 0 ? neighbours / (within / inside) / Math.sqrt(inside) : 0;
    return 1 - new NormalDistribution().cumulativeProbability(z) < CHANCE;
  }

  /** Terms in ln N alone that the smooth surface has beside its constant. */
  private static final int CURVED = 2;

  /** Returns the law's residuals less a quadratic surface of them, which misfit may have left. */
  private static double[] overSmoothSurface(List<LossPoint> points, Law law) {
    double[] n = centred(points, LossPoint::params);
    double[] d = centred(points, LossPoint::tokens);
    Projection left = new Projection(points.stream().mapToDouble(law::residual).toArray());
    List.<IntToDoubleFunction>of(
            i -> 1, i -> n[i], i -> n[i] * n[i], i -> d[i], i -> d[i] * d[i], i -> n[i] * d[i])
        .forEach(term -> left.explain(IntStream.range(0, n.length).mapToDouble(term).toArray()));
    return left.left();
  }

  private static double[] centred(List<LossPoint> points, ToDoubleFunction<LossPoint> quantity) {
    return Quadratic.centred(points.stream().mapToDouble(quantity).map(Math::log).toArray());
  }

  /**
   * Returns why runs were not planned at these budgets, as the IsoFLOP method needs, if they were
   * not. Of many runs at any compute, and more so of their checkpoints, some lie within a few per
   * cent of each other by chance; curves through those would pass for optima.
   */
  static Optional<String> unplanned(List<BudgetGroup> groups) {
    long points = groups.stream().mapToLong(group -> group.points().size()).sum();
    List<BudgetGroup> full =
        groups.stream()
            .filter(
                group ->
                    BudgetPoints.distinct(group.points(), LossPoint::params)
                        >= FrontierFit.FEWEST_SIZES)
            .toList();
    long shared = full.stream().mapToLong(group -> group.points().size()).sum();
    if (groups.size() < FrontierFit.FEWEST_BUDGETS) {
      return Optional.empty();
    }
    if (shared < FEWEST_SHARED * points) {
      return Optional.of(
          Quantities.format(
              "%d of %d budgets have fewer than %d sizes: these runs do not share budgets, which"
                  + " the IsoFLOP method needs.",
              groups.size() - full.size(), groups.size(), FrontierFit.FEWEST_SIZES));
    }
    double apart = typicalDistance(groups);
    if (groups.size() >= MANY_BUDGETS
        && apart < PACKED
        && !full.stream().allMatch(Histories::stated)) {
      return Optional.of(
          Quantities.format(
              "The %d points fill their range of compute: %d budgets, %s apart, which rows share by"
                  + " accident and not by plan, while the IsoFLOP method needs runs planned at"
                  + " common budgets.",
              points, groups.size(), Quantities.percent(Math.expm1(apart))));
    }
    return Optional.empty();
  }

  /** Returns the median distance of neighbouring budgets in ln C. */
  private static double typicalDistance(List<BudgetGroup> groups) {
    double[] distances = new double[groups.size() - 1];
    Arrays.setAll(distances, k -> groups.get(k + 1).lnFlops() - groups.get(k).lnFlops());
    Arrays.sort(distances);
    return distances[distances.length / 2];
  }

  private static boolean stated(BudgetGroup group) {
    double least = group.points().stream().mapToDouble(LossPoint::budget).min().orElseThrow();
    double most = group.points().stream().mapToDouble(LossPoint::budget).max().orElseThrow();
    return Math.log(most / least) <= EQUAL;
  }
}
