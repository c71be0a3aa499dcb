package org.isoflop.harness.analysis;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.hipparchus.stat.StatUtils;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.isoflop.CurveNoise;
import org.isoflop.harness.analysis.isoflop.Exponents;
import org.isoflop.harness.analysis.output.Words;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.points.LossPoints;
import org.isoflop.harness.analysis.points.Run;
import org.isoflop.harness.analysis.stats.Estimate;
import org.isoflop.harness.analysis.stats.Interval;

/**
 * How the losses of branches that share trunks differ from those of separate runs of the same
 * cells, each with its own learning rate and batch; and what that does to the headline exponents.
 * They are fitted once more with the separate runs in place of the branches they were made beside,
 * all other points as they are. The mean difference is taken out first: as a factor common to all
 * points it moves no optimum, but on some points of a curve alone it would. With every cell run
 * separately that is the separate sweep's own fit.
 *
 * @param cells what was run both ways, at least one
 * @param difference ln loss of the branch less that of the separate run: the mean over trunks of
 *     the mean over their cells, with Student's interval over the trunks, as the branches of one
 *     differ from separate runs by much the same; its ends infinite where there is one trunk
 * @param noise standard deviation of ln loss from one seed to another, where it is known
 * @param ofSeeds whether that comes from repeats of cells, or from the scatter about the curves
 * @param shared the exponents with the branches, where there are any
 * @param separate the exponents with the separate runs in their place, where there are any
 */
public record SeparateRuns(
    List<Pair> cells,
    Estimate difference,
    OptionalDouble noise,
    boolean ofSeeds,
    Optional<Exponents> shared,
    Optional<Exponents> separate) {

  /** A certain difference of less than this share of the loss endangers nothing. */
  private static final double SMALLEST = 0.001;

  /**
   * A cell that was trained both ways.
   *
   * @param branch its point, which shares a trunk with others
   * @param separate the same cell as a run of its own
   */
  public record Pair(LossPoint branch, LossPoint separate) {

    /** Returns how far the branch's loss lies above its separate run's, as a share of the loss. */
    double difference() {
      return Math.log(branch.loss() / separate.loss());
    }
  }

  /** Copies the list. */
  public SeparateRuns {
    cells = List.copyOf(cells);
  }

  /**
   * Returns the points that a separate run was made of too, by budget, params, seed and setting.
   */
  public static List<Pair> pairs(LossPoints input) {
    List<Pair> pairs = new ArrayList<>();
    for (Run alone : input.separate()) {
      for (int i = 0; i < input.runs().size(); i++) {
        Run branch = input.runs().get(i);
        if (branch.budget().equals(alone.budget())
            && branch.params() == alone.params()
            && branch.seed().equals(alone.seed())
            && branch.setting().equals(alone.setting())) {
          pairs.add(new Pair(input.points().get(i), alone.in(input.convention())));
        }
      }
    }
    return pairs;
  }

  /**
   * Compares; empty where no cell was trained both ways.
   *
   * @param points all of the sweep
   * @param sources of the noise of the sweep's losses
   * @param shared the exponents of the points
   * @param refit gives the exponents of other points
   */
  static Optional<SeparateRuns> of(
      List<Pair> cells,
      List<LossPoint> points,
      NoiseSources sources,
      Optional<Exponents> shared,
      Function<List<LossPoint>, Optional<Exponents>> refit) {
    if (cells.isEmpty()) {
      return Optional.empty();
    }
    Map<String, Double> trunks =
        cells.stream()
            .collect(
                Collectors.groupingBy(
                    cell -> cell.branch().lineage(), Collectors.averagingDouble(Pair::difference)));
    Estimate difference =
        mean(trunks.values().stream().mapToDouble(Double::doubleValue).sorted().toArray());
    double level = Math.exp(difference.value());
    Map<LossPoint, LossPoint> alone = new HashMap<>();
    for (Pair cell : cells) {
      alone.put(cell.branch(), cell.separate().withLoss(level * cell.separate().loss()));
    }
    boolean ofSeeds = !sources.seeds().isEmpty();
    return Optional.of(
        new SeparateRuns(
            cells,
            difference,
            ofSeeds
                ? sources.pooled()
                : sources.curves().stream().mapToDouble(all -> typical(all, cells)).findFirst(),
            ofSeeds,
            shared,
            refit.apply(points.stream().map(p -> alone.getOrDefault(p, p)).toList())));
  }

  private static double typical(CurveNoise noise, List<Pair> cells) {
    return cells.stream()
        .mapToDouble(cell -> noise.at(cell.branch().budget()))
        .average()
        .orElseThrow();
  }

  private static Estimate mean(double[] values) {
    double error = values.length == 1 ? 0 : Math.sqrt(StatUtils.variance(values) / values.length);
    return Estimate.student(StatUtils.mean(values), error, values.length - 1, 0.95);
  }

  /** Returns whether chance alone would not show so large a difference. */
  boolean certain() {
    Interval interval = difference.interval();
    return (interval.low() > 0 || interval.high() < 0) && Math.abs(difference.value()) > SMALLEST;
  }

  /** Returns all of it in one sentence. */
  String sentence() {
    long trunks = cells.stream().map(cell -> cell.branch().lineage()).distinct().count();
    return Quantities.format(
        "Shared trunks: at %s of %s trained both ways the branches' losses lie %s%s"
            + " above the separate runs'%s%s.",
        Quantities.plural(cells.size(), "cell"),
        Quantities.plural(trunks, "trunk"),
        Words.FINE_DIFFERENCE.of(difference.value()),
        trunks == 1 ? "" : " " + Words.FINE_DIFFERENCE.of(difference.interval()),
        noise.isEmpty()
            ? ""
            : Quantities.format(
                " (%s scatter by %.2g%%)",
                ofSeeds ? "seeds" : "points about their curves", 100 * noise.getAsDouble()),
        shared.isEmpty() || separate.isEmpty()
            ? ""
            : Quantities.format(
                "; but for that, with those in their place a is %s instead of %s",
                Quantities.exponent(separate.get().a().value()),
                Quantities.exponent(shared.get().a().value())));
  }
}
