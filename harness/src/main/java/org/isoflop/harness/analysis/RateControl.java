package org.isoflop.harness.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.Collectors;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.isoflop.CurveNoise;
import org.isoflop.harness.analysis.output.Words;
import org.isoflop.harness.analysis.points.LossPoints;
import org.isoflop.harness.analysis.stats.Estimate;
import org.isoflop.harness.analysis.stats.Interval;

/**
 * How far the learning rate of a sweep is from the best, by the cells that were trained at other
 * rates too.
 *
 * <p>ln loss is a parabola of the logarithm of the rate with one curvature and one best multiplier
 * for all these cells, and a level for each. Three losses and their noise leave the curvature open,
 * so both have a prior: a factor of 2 off costs 2.4% of the loss within a factor of 2.2 either way
 * (the middle is that of {@code TuningFit}; what was measured at 1e10 to 1e12 FLOPs lies between 1
 * and 4%), and the best rate lies within a factor of 4. The posterior is summed over a grid; the
 * noise is integrated out, which gives Student's tails.
 *
 * @param cells with their losses, at least one
 * @param noise standard deviation of ln loss, where it is known
 * @param multiplier of the rates that would be best; empty where a cell's runs or its noise do not
 *     tell
 * @param cost what the sweep's rate costs beside the best of those between the least and the
 *     largest tried, as a share of the loss; there with the multiplier
 */
public record RateControl(
    List<LossPoints.Controlled> cells,
    Optional<Double> noise,
    Optional<Estimate> multiplier,
    Optional<Estimate> cost) {

  /** A certain cost of less than this share of the loss endangers nothing. */
  private static final double SMALLEST = 0.01;

  private static final double LN_CURVATURE = Math.log(0.05);
  private static final double LN_CURVATURE_SPREAD = 0.8;
  private static final double LN_BEST_SPREAD = Math.log(4);

  /** Steps of the grid to either side of its middle. */
  private static final int STEPS = 40;

  /** How many spreads of the priors it reaches at first. */
  private static final double REACH = 4;

  /** How often it is laid anew, and what of the largest weight is not worth it. */
  private static final int PASSES = 4;

  private static final double NOTHING = 1e-6;

  /** Squares of ln loss below this are rounding. */
  private static final double ROUNDING = 1e-20;

  /** Copies the list. */
  public RateControl {
    cells = List.copyOf(cells);
  }

  /**
   * Measures; empty where no cell was trained at other rates.
   *
   * @param curves what the sweep's curves say of the noise
   * @param seeds how far repeats of the sweep's cells lie apart
   */
  static Optional<RateControl> of(
      List<LossPoints.Controlled> cells,
      Optional<CurveNoise> curves,
      List<NoiseSources.Seeds> seeds) {
    if (cells.isEmpty()) {
      return Optional.empty();
    }
    Parabola parabola = new Parabola();
    cells.forEach(parabola::add);
    double budget = cells.get(0).points().get(0).budget();
    // Repeats differ in nothing but what controls do not share with their points either.
    for (NoiseSources.Seeds own : seeds) {
      double scale = curves.map(found -> found.at(budget) / found.at(own.budget())).orElse(1.0);
      parabola.addNoise(scale * own.deviation(), own.freedom());
    }
    if (seeds.isEmpty()) {
      curves.ifPresent(found -> parabola.addNoise(found.at(budget), found.bottomFreedom()));
    }
    if (!parabola.isKnown()) {
      return Optional.of(
          new RateControl(cells, parabola.noise(), Optional.empty(), Optional.empty()));
    }
    Posterior posterior = new Posterior(parabola);
    Estimate best = posterior.estimate((x, h) -> x);
    Estimate cost = posterior.estimate((x, h) -> h * (x * x - Math.pow(x - parabola.held(x), 2)));
    boolean sure = best.interval().low() > 0 || best.interval().high() < 0;
    return Optional.of(
        new RateControl(
            cells,
            parabola.noise(),
            Optional.of(best.map(Math::exp)),
            Optional.of(
                sure
                    ? cost
                    : new Estimate(cost.value(), new Interval(0, cost.interval().high())))));
  }

  /** Least squares of ln loss on 1 a cell, ln m and (ln m)². */
  private static final class Parabola {

    // Sums of weights times products of the two columns and ln loss, each less its cell's mean.
    private double xx;
    private double xq;
    private double qq;
    private double xy;
    private double qy;
    private double yy;
    private double lowest = Double.POSITIVE_INFINITY;
    private double highest = Double.NEGATIVE_INFINITY;
    private double freedom = -2;
    private double squares;
    private double noiseFreedom;

    /** Adds a cell, but for runs that diverged; without one on either side it says nothing. */
    void add(LossPoints.Controlled cell) {
      List<double[]> rows = new ArrayList<>();
      rows.add(new double[] {cell.points().size(), 0, Math.log(cell.loss())});
      cell.others()
          .forEach(
              (multiplier, loss) -> {
                if (Double.isFinite(loss)) {
                  rows.add(new double[] {1, Math.log(multiplier), Math.log(loss)});
                }
              });
      double least = rows.stream().mapToDouble(row -> row[1]).min().orElseThrow();
      double most = rows.stream().mapToDouble(row -> row[1]).max().orElseThrow();
      if (!(least < 0 && most > 0)) {
        return;
      }
      lowest = Math.min(lowest, least);
      highest = Math.max(highest, most);
      double weights = 0;
      double[] centre = new double[3];
      for (double[] row : rows) {
        weights += row[0];
        centre[0] += row[0] * row[1];
        centre[1] += row[0] * row[1] * row[1];
        centre[2] += row[0] * row[2];
      }
      for (double[] row : rows) {
        double x = row[1] - centre[0] / weights;
        double q = row[1] * row[1] - centre[1] / weights;
        double y = row[2] - centre[2] / weights;
        xx += row[0] * x * x;
        xq += row[0] * x * q;
        qq += row[0] * q * q;
        xy += row[0] * x * y;
        qy += row[0] * q * y;
        yy += row[0] * y * y;
      }
      freedom += rows.size() - 1;
    }

    /** Adds what else is known of the noise. */
    void addNoise(double deviation, double ofFreedom) {
      if (ofFreedom > 0 && Double.isFinite(deviation)) {
        squares += ofFreedom * deviation * deviation;
        noiseFreedom += ofFreedom;
      }
    }

    /** Returns whether there are both sides, and noise to weigh them by. */
    boolean isKnown() {
      return highest > lowest && freedom + noiseFreedom > 0;
    }

    /** Returns a logarithm of a multiplier held between the least and the largest tried. */
    double held(double x) {
      return Math.max(lowest, Math.min(highest, x));
    }

    /** Returns the sum of squares that a curvature and a best multiplier leave. */
    double squares(double best, double curvature) {
      double slope = -2 * curvature * best;
      return squares
          + yy
          - 2 * (slope * xy + curvature * qy)
          + slope * slope * xx
          + 2 * slope * curvature * xq
          + curvature * curvature * qq;
    }

    /** Returns the degrees of freedom of those squares, where nothing is fitted. */
    double degrees() {
      return freedom + 2 + noiseFreedom;
    }

    /** Returns the standard deviation that all together show, where anything does. */
    Optional<Double> noise() {
      double free = Math.max(0, freedom) + noiseFreedom;
      if (!(free > 0)) {
        return Optional.empty();
      }
      double left = 0;
      if (freedom > 0) {
        double determinant = xx * qq - xq * xq;
        double slope = (xy * qq - qy * xq) / determinant;
        double curvature = (qy * xx - xy * xq) / determinant;
        left = Math.max(0, yy - slope * xy - curvature * qy);
      }
      return Optional.of(Math.sqrt((squares + left) / free));
    }
  }

  /** The posterior of best multiplier and curvature on a grid, which is laid where it is not 0. */
  private static final class Posterior {

    private final double[] best = new double[2 * STEPS + 1];
    private final double[] curvature = new double[2 * STEPS + 1];
    private final double[][] weight = new double[best.length][best.length];

    // Middles and half widths of the grid, in spreads of the priors.
    private double z;
    private double w;
    private double halfZ = REACH;
    private double halfW = REACH;

    Posterior(Parabola parabola) {
      for (int pass = 0; pass < PASSES; pass++) {
        weigh(parabola);
        layAnew();
      }
      weigh(parabola);
    }

    private void weigh(Parabola parabola) {
      double most = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < best.length; i++) {
        double ofBest = z + halfZ * (i - STEPS) / STEPS;
        best[i] = ofBest * LN_BEST_SPREAD;
        for (int j = 0; j < best.length; j++) {
          double ofCurvature = w + halfW * (j - STEPS) / STEPS;
          curvature[j] = Math.exp(LN_CURVATURE + ofCurvature * LN_CURVATURE_SPREAD);
          weight[i][j] =
              -parabola.degrees() / 2 * Math.log(ROUNDING + parabola.squares(best[i], curvature[j]))
                  - (ofBest * ofBest + ofCurvature * ofCurvature) / 2;
          most = Math.max(most, weight[i][j]);
        }
      }
      for (double[] row : weight) {
        for (int j = 0; j < row.length; j++) {
          row[j] = Math.exp(row[j] - most);
        }
      }
    }

    /** Lays the grid about what has a weight. */
    private void layAnew() {
      int[] from = {best.length, best.length};
      int[] to = {0, 0};
      for (int i = 0; i < best.length; i++) {
        for (int j = 0; j < best.length; j++) {
          if (weight[i][j] > NOTHING) {
            from[0] = Math.min(from[0], i - 1);
            from[1] = Math.min(from[1], j - 1);
            to[0] = Math.max(to[0], i + 1);
            to[1] = Math.max(to[1], j + 1);
          }
        }
      }
      z += halfZ * ((from[0] + to[0]) / 2.0 - STEPS) / STEPS;
      w += halfW * ((from[1] + to[1]) / 2.0 - STEPS) / STEPS;
      halfZ *= (to[0] - from[0]) / 2.0 / STEPS;
      halfW *= (to[1] - from[1]) / 2.0 / STEPS;
    }

    /** Returns median and 95% interval of a function of the two. */
    Estimate estimate(DoubleBinaryOperator of) {
      double[][] values = new double[best.length * best.length][];
      double sum = 0;
      for (int i = 0; i < best.length; i++) {
        for (int j = 0; j < best.length; j++) {
          values[i * best.length + j] =
              new double[] {of.applyAsDouble(best[i], curvature[j]), weight[i][j]};
          sum += weight[i][j];
        }
      }
      Arrays.sort(values, Comparator.comparingDouble(value -> value[0]));
      double[] shares = {0.025, 0.5, 0.975};
      double[] found = new double[shares.length];
      double below = 0;
      int next = 0;
      for (double[] value : values) {
        below += value[1] / sum;
        while (next < shares.length && below >= shares[next]) {
          found[next++] = value[0];
        }
      }
      return new Estimate(found[1], new Interval(found[0], found[2]));
    }
  }

  /** Returns which end of the rates that were tried the best lies at or beyond, if it does. */
  public Optional<String> edge() {
    double lowest = cells.stream().mapToDouble(c -> c.others().firstKey()).min().orElseThrow();
    double highest = cells.stream().mapToDouble(c -> c.others().lastKey()).max().orElseThrow();
    return multiplier
        .map(Estimate::value)
        .filter(best -> best <= lowest || best >= highest)
        .map(best -> best <= lowest ? "lowest" : "highest");
  }

  /** Returns whether the noise alone would not show so high a cost. */
  public boolean certain() {
    return multiplier
            .map(Estimate::interval)
            .filter(interval -> interval.low() > 1 || interval.high() < 1)
            .isPresent()
        && cost.orElseThrow().value() > SMALLEST;
  }

  /** Returns all of it in one sentence, without its full stop. */
  public String sentence() {
    String where =
        Quantities.format(
            "at %s of %s FLOPs (%s params)",
            cells.size() == 1 ? "the cell" : cells.size() + " cells",
            cells.stream()
                .map(cell -> Quantities.flops(cell.points().get(0).budget()))
                .distinct()
                .collect(Collectors.joining(" and ")),
            cells.stream()
                .map(cell -> Quantities.count(cell.points().get(0).params()))
                .collect(Collectors.joining(", ")));
    if (multiplier.isEmpty()) {
      return where
          + " "
          + cells.stream().map(RateControl::losses).collect(Collectors.joining("; "))
          + ", which does not tell the best";
    }
    Estimate best = multiplier.get();
    String far = Words.TENTH_SHARE.of(cost.orElseThrow());
    return Quantities.format(
        "%s the best loss %s; the best rate is %s %s times the sweep's, %s%s",
        certain()
            ? "too %s by more than the noise, %s above"
                .formatted(best.value() < 1 ? "high" : "low", far)
            : "within " + far + " of",
        where,
        times(best.value()),
        best.interval().text(RateControl::times),
        edge()
            .map(end -> "at or beyond the " + end + " tried, where it may be better still")
            .orElse("between those tried"),
        certain()
            ? "; 'isoflop tune' finds that of all cells, or try this multiplier in another sweep"
            : "");
  }

  private static String losses(LossPoints.Controlled cell) {
    return cell.others().keySet().stream()
        .map(
            multiplier ->
                Quantities.format(
                    "%s times its rate %s",
                    Quantities.digits(multiplier),
                    Double.isFinite(cell.others().get(multiplier))
                        ? Quantities.format(
                            "gives %+.2f%% of the loss", 100 * cell.difference(multiplier))
                        : "diverged"))
        .collect(Collectors.joining(", "));
  }

  private static String times(double multiplier) {
    return Quantities.format(multiplier < 10 ? "%.2f" : "%.0f", multiplier);
  }
}
