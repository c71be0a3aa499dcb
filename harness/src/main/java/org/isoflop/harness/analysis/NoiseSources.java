package org.isoflop.harness.analysis;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.hipparchus.distribution.continuous.FDistribution;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.isoflop.CurveNoise;
import org.isoflop.harness.analysis.points.LossPoint;

/**
 * Where the noise of the losses comes from: how far repeats of one cell lie apart (pure error), how
 * far all points lie from their curves, and whether that is more than seeds make of it: what is
 * left over is what a decoder's shape, its learning rate and its batch do to it, which no further
 * seed averages out.
 *
 * @param seeds how far repeats lie apart, at the budgets that have some, lowest first
 * @param curves what the curves say of the same points, where there are any
 * @param leftOver beyond the seeds, where repeats tell
 */
public record NoiseSources(
    List<Seeds> seeds, Optional<CurveNoise> curves, Optional<LeftOver> leftOver) {

  /** An excess that chance alone shows less often than this is one. */
  private static final double CHANCE = 0.05;

  /** Copies the list. */
  public NoiseSources {
    seeds = List.copyOf(seeds);
  }

  /**
   * The repeats of one budget.
   *
   * @param budget FLOPs
   * @param squares of ln loss about the means of their cells, summed
   * @param cells how many have repeats
   * @param freedom repeats less the mean of each cell
   */
  public record Seeds(double budget, double squares, int cells, int freedom) {

    /** Returns the standard deviation as a share of the loss. */
    public double deviation() {
      return Math.sqrt(squares / freedom);
    }
  }

  /**
   * The scatter of one budget.
   *
   * @param budget FLOPs
   * @param deviation as a share of the loss
   */
  public record AtBudget(double budget, double deviation) {}

  /**
   * What seeds do not explain of the scatter at the budgets with repeats: the classical test of
   * lack of fit (Draper and Smith 1998, chapter 2), every budget in units of its own scatter.
   *
   * @param deviation standard deviation from cell to cell, as a share of the loss; 0 where the
   *     scatter is no larger than the seeds'
   * @param pValue chance of so much if seeds were all
   */
  public record LeftOver(double deviation, double pValue) {}

  /**
   * Takes the noise apart.
   *
   * @param points without outliers
   * @param curves what the curves say of the same points, where there are any
   */
  static NoiseSources of(List<LossPoint> points, Optional<CurveNoise> curves) {
    List<Seeds> seeds = seeds(points);
    return new NoiseSources(seeds, curves, curves.flatMap(noise -> leftOver(points, seeds, noise)));
  }

  /** Returns the scatter about the curves at their bottoms, lowest budget first. */
  List<AtBudget> scatter() {
    return curves.stream()
        .flatMap(noise -> noise.residuals().stream().map(one -> one.budget()))
        .map(budget -> new AtBudget(budget, curves.get().at(budget)))
        .toList();
  }

  /** Returns the same further up, where points weigh less, at all budgets together. */
  Optional<CurveNoise.Above> above() {
    return curves.flatMap(CurveNoise::above);
  }

  /** Measures how far repeats lie apart; empty where nothing is repeated. */
  static List<Seeds> seeds(List<LossPoint> points) {
    Map<Double, List<Seeds>> budgets =
        cells(points).stream()
            .filter(cell -> cell.size() > 1)
            .map(NoiseSources::seedsOf)
            .collect(Collectors.groupingBy(Seeds::budget));
    return budgets.values().stream()
        .map(cells -> cells.stream().reduce(NoiseSources::sum).orElseThrow())
        .sorted(Comparator.comparingDouble(Seeds::budget))
        .toList();
  }

  /** Returns the standard deviation of repeats at all budgets together, where there are some. */
  OptionalDouble pooled() {
    return seeds.stream().reduce(NoiseSources::sum).stream()
        .mapToDouble(Seeds::deviation)
        .findFirst();
  }

  private static Seeds sum(Seeds one, Seeds other) {
    return new Seeds(
        one.budget(),
        one.squares() + other.squares(),
        one.cells() + other.cells(),
        one.freedom() + other.freedom());
  }

  /** Returns the points by cell, those of them whose runs are all their own. */
  private static List<List<LossPoint>> cells(List<LossPoint> points) {
    Map<List<Double>, List<LossPoint>> all =
        points.stream()
            .collect(
                Collectors.groupingBy(
                    point -> List.of(point.budget(), point.params()),
                    LinkedHashMap::new,
                    Collectors.toList()));
    return all.values().stream()
        .filter(cell -> cell.stream().map(LossPoint::lineage).distinct().count() == cell.size())
        .toList();
  }

  private static Seeds seedsOf(List<LossPoint> cell) {
    double mean = cell.stream().mapToDouble(NoiseSources::lnLoss).average().orElseThrow();
    double squares = cell.stream().mapToDouble(p -> Math.pow(lnLoss(p) - mean, 2)).sum();
    return new Seeds(cell.get(0).budget(), squares, 1, cell.size() - 1);
  }

  private static double lnLoss(LossPoint point) {
    return Math.log(point.loss());
  }

  private static Optional<LeftOver> leftOver(
      List<LossPoint> points, List<Seeds> seeds, CurveNoise noise) {
    double pure = 0;
    int pureFreedom = 0;
    double all = 0;
    double freedom = 0;
    double typical = 0;
    double repeats = 0;
    for (Seeds own : seeds) {
      Optional<CurveNoise.Residuals> curve =
          noise.residuals().stream().filter(one -> one.budget() == own.budget()).findFirst();
      if (curve.isPresent() && curve.get().freedom() > own.freedom()) {
        double deviation = noise.at(own.budget());
        pure += own.squares() / (deviation * deviation);
        pureFreedom += own.freedom();
        all += curve.get().squares() / (deviation * deviation);
        freedom += curve.get().freedom();
        typical += own.freedom() * deviation;
        long count = points.stream().filter(p -> p.budget() == own.budget()).count();
        repeats += own.freedom() * (double) count / (count - own.freedom());
      }
    }
    double between = freedom * noise.freeShare() - pureFreedom;
    if (pureFreedom == 0 || !(between > 0) || !(pure > 0)) {
      return Optional.empty();
    }
    double ofSeeds = pure / pureFreedom;
    double ofCells = Math.max(0, all - pure) / between;
    // The mean square between cells of m runs has the variance of a cell m times.
    double excess = Math.max(0, ofCells - ofSeeds) / (repeats / pureFreedom);
    return Optional.of(
        new LeftOver(
            Math.sqrt(excess) * typical / pureFreedom,
            1 - new FDistribution(between, pureFreedom).cumulativeProbability(ofCells / ofSeeds)));
  }

  /** Returns all of it in one sentence; empty where nothing is known. */
  public Optional<String> sentence() {
    List<String> parts = new ArrayList<>();
    List<AtBudget> scatter = scatter();
    if (!scatter.isEmpty()) {
      AtBudget low = scatter.get(0);
      AtBudget high = scatter.get(scatter.size() - 1);
      String first = percent(low.deviation());
      String last = percent(high.deviation());
      String where = above().isPresent() ? "at the bottoms of the curves" : "about the curves";
      parts.add(
          first.equals(last)
              ? "scatter " + where + " " + first
              : Quantities.format(
                  "scatter %s %s at %s FLOPs to %s at %s",
                  where,
                  first,
                  Quantities.flops(low.budget()),
                  last,
                  Quantities.flops(high.budget())));
    }
    above()
        .ifPresent(
            found ->
                parts.add(
                    Quantities.format(
                        "%s at the %d points more than %s above them, which weigh less",
                        percent(found.deviation()), found.points(), percent(found.from()))));
    if (!seeds.isEmpty()) {
      parts.add(
          "seeds "
              + seeds.stream()
                  .map(own -> percent(own.deviation()) + " at " + Quantities.flops(own.budget()))
                  .collect(Collectors.joining(", ")));
    } else if (!parts.isEmpty()) {
      parts.add("no repeats to tell what of it the seeds do");
    }
    leftOver.ifPresent(
        found ->
            parts.add(
                (found.pValue() < CHANCE
                        ? "left over for shape and rate " + percent(found.deviation())
                        : "nothing certain left over for shape and rate")
                    + Quantities.format(" (F test, p = %.2g)", found.pValue())));
    return parts.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", parts));
  }

  private static String percent(double share) {
    return Quantities.format("%.2g%%", 100 * share);
  }
}
