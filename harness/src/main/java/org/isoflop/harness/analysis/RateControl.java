package org.isoflop.harness.analysis;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.DoubleSummaryStatistics;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.output.Words;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.points.LossPoints;
import org.isoflop.harness.analysis.points.Run;
import org.isoflop.harness.analysis.stats.Estimate;
import org.isoflop.harness.analysis.stats.Interval;
import org.isoflop.harness.analysis.stats.Projection;

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
    List<Cell> cells,
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

  /** A multiplier of two rounded numbers has no more digits than this. */
  private static final MathContext MULTIPLIER_DIGITS = new MathContext(6);

  /**
   * A cell that was trained at other learning rates too, to tell how far its own is from the best.
   *
   * @param points its own, one a seed, at least one
   * @param others losses by what the learning rate is multiplied by, at least one; infinite where
   *     the run diverged
   */
  public record Cell(List<LossPoint> points, SortedMap<Double, Double> others) {

    /** Copies both. */
    public Cell {
      points = List.copyOf(points);
      others = Collections.unmodifiableSortedMap(new TreeMap<>(others));
    }

    /** Returns its own loss, the geometric mean of its seeds. */
    public double loss() {
      return Math.exp(points.stream().mapToDouble(p -> Math.log(p.loss())).average().orElseThrow());
    }

    /** Returns ln of the loss at another rate over its own. */
    public double difference(double multiplier) {
      return Math.log(others.get(multiplier) / loss());
    }
  }

  /** Copies the list. */
  public RateControl {
    cells = List.copyOf(cells);
  }

  /**
   * Returns the cells that were trained at other learning rates too: those points that agree with a
   * control in budget and size and differ from it in one setting.
   */
  public static List<Cell> cells(LossPoints input) {
    Map<List<Object>, List<LossPoint>> own = new LinkedHashMap<>();
    Map<List<Object>, SortedMap<Double, Double>> others = new HashMap<>();
    for (Run control : input.controls()) {
      List<LossPoint> points = new ArrayList<>();
      double multiplier = 1;
      for (int i = 0; i < input.runs().size(); i++) {
        OptionalDouble found = multiplier(control, input.runs().get(i));
        if (found.isPresent() && input.points().get(i).onBudget()) {
          points.add(input.points().get(i));
          multiplier = found.getAsDouble();
        }
      }
      if (!points.isEmpty()) {
        List<Object> cell = List.of(control.budget(), control.params());
        own.put(cell, points);
        others
            .computeIfAbsent(cell, any -> new TreeMap<>())
            .merge(multiplier, control.loss(), Math::min);
      }
    }
    List<Cell> cells = new ArrayList<>();
    own.forEach((cell, points) -> cells.add(new Cell(points, others.get(cell))));
    return cells;
  }

  /** Returns the one setting of a control over that of a point, where both are of one cell. */
  private static OptionalDouble multiplier(Run control, Run point) {
    if (!control.budget().equals(point.budget()) || control.params() != point.params()) {
      return OptionalDouble.empty();
    }
    Set<Map.Entry<String, String>> different = new HashSet<>(control.setting().entrySet());
    different.removeAll(point.setting().entrySet());
    return different.stream()
        .filter(setting -> different.size() == 1)
        .mapToDouble(s -> number(s.getValue()) / number(point.setting().get(s.getKey())))
        .filter(ratio -> ratio > 0 && Double.isFinite(ratio))
        .map(ratio -> new BigDecimal(ratio).round(MULTIPLIER_DIGITS).doubleValue())
        .findFirst();
  }

  private static double number(String setting) {
    return setting == null ? Double.NaN : Quantities.parseNumber(setting).orElse(Double.NaN);
  }

  /**
   * Measures; empty where no cell was trained at other rates.
   *
   * @param sources of the noise of the sweep's losses
   */
  static Optional<RateControl> of(List<Cell> cells, NoiseSources sources) {
    if (cells.isEmpty()) {
      return Optional.empty();
    }
    Parabola parabola = new Parabola();
    cells.forEach(parabola::add);
    double budget = cells.get(0).points().get(0).budget();
    // Repeats differ in nothing but what controls do not share with their points either.
    for (NoiseSources.Seeds own : sources.seeds()) {
      double scale =
          sources.curves().map(found -> found.at(budget) / found.at(own.budget())).orElse(1.0);
      parabola.addNoise(scale * own.deviation(), own.freedom());
    }
    if (sources.seeds().isEmpty()) {
      sources
          .curves()
          .ifPresent(found -> parabola.addNoise(found.at(budget), found.bottomFreedom()));
    }
    if (!parabola.isKnown()) {
      return Optional.of(
          new RateControl(cells, parabola.noise(), Optional.empty(), Optional.empty()));
    }
    List<Node> posterior = posterior(parabola);
    Estimate best = estimate(posterior, Node::best);
    Estimate cost = estimate(posterior, parabola::cost);
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

  /** Least squares of ln loss on 1 a cell, ln m and (ln m)², beside what else shows the noise. */
  private static final class Parabola {

    /** ln m, its square and ln loss, each less its cell's mean, by the root of the run's weight. */
    private final List<double[]> rows = new ArrayList<>();

    /** The sums of their products. */
    private final double[][] products = new double[3][3];

    private double lowest = Double.POSITIVE_INFINITY;
    private double highest = Double.NEGATIVE_INFINITY;
    private double freedom = -2;
    private double squares;
    private double noiseFreedom;

    /** Adds a cell, but for runs that diverged; without one on either side it says nothing. */
    void add(Cell cell) {
      SortedMap<Double, Double> losses = new TreeMap<>(cell.others());
      losses.values().removeIf(loss -> Double.isInfinite(loss));
      losses.put(1.0, cell.loss());
      double least = Math.log(losses.firstKey());
      double most = Math.log(losses.lastKey());
      if (least == 0 || most == 0) {
        return;
      }
      lowest = Math.min(lowest, least);
      highest = Math.max(highest, most);
      double weights = losses.size() - 1 + cell.points().size();
      List<double[]> own = new ArrayList<>();
      double[] mean = new double[3];
      losses.forEach(
          (multiplier, loss) -> {
            double x = Math.log(multiplier);
            double root = multiplier == 1 ? Math.sqrt(cell.points().size()) : 1;
            double[] row = {x, x * x, Math.log(loss), root};
            Arrays.setAll(mean, k -> mean[k] + root * root * row[k] / weights);
            own.add(row);
          });
      for (double[] row : own) {
        double[] weighted = new double[3];
        Arrays.setAll(weighted, k -> row[3] * (row[k] - mean[k]));
        rows.add(weighted);
        for (int j = 0; j < 3; j++) {
          for (int k = 0; k < 3; k++) {
            products[j][k] += weighted[j] * weighted[k];
          }
        }
      }
      freedom += own.size() - 1;
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

    /** Returns what the sweep's rate costs beside the best of those between the ends tried. */
    double cost(Node node) {
      double best = node.best();
      double held = Math.max(lowest, Math.min(highest, best));
      return node.curvature() * (best * best - Math.pow(best - held, 2));
    }

    /** Returns ln of the likelihood of a best multiplier and a curvature, the noise unknown. */
    double lnLikelihood(double best, double curvature) {
      double[][] p = products;
      double off =
          p[2][2]
              - 2 * curvature * (p[1][2] - 2 * best * p[0][2])
              + curvature * curvature * (p[1][1] + 4 * best * (best * p[0][0] - p[0][1]));
      double left = squares + ROUNDING + Math.max(0, off);
      return -(freedom + 2 + noiseFreedom) / 2 * Math.log(left);
    }

    /** Returns the standard deviation that all together show, where anything does. */
    Optional<Double> noise() {
      double free = Math.max(0, freedom) + noiseFreedom;
      if (!(free > 0)) {
        return Optional.empty();
      }
      Projection left = new Projection(column(2));
      left.explain(column(0));
      left.explain(column(1));
      return Optional.of(Math.sqrt((squares + (freedom > 0 ? left.squares() : 0)) / free));
    }

    private double[] column(int k) {
      return rows.stream().mapToDouble(row -> row[k]).toArray();
    }
  }

  /**
   * A place of the posterior's grid.
   *
   * @param z of the best multiplier, and
   * @param w of the curvature, in spreads of their priors from their middles
   */
  private record Node(double z, double w, double lnWeight) {

    double best() {
      return z * LN_BEST_SPREAD;
    }

    double curvature() {
      return Math.exp(LN_CURVATURE + w * LN_CURVATURE_SPREAD);
    }
  }

  /** Returns the posterior of best multiplier and curvature, on a grid laid where it is not 0. */
  private static List<Node> posterior(Parabola parabola) {
    Interval ofBest = new Interval(-REACH, REACH);
    Interval ofCurvature = ofBest;
    List<Node> grid = grid(parabola, ofBest, ofCurvature);
    for (int pass = 0; pass < PASSES; pass++) {
      double least = most(grid) + Math.log(NOTHING);
      List<Node> likely = grid.stream().filter(node -> node.lnWeight > least).toList();
      ofBest = about(likely, Node::z, ofBest);
      ofCurvature = about(likely, Node::w, ofCurvature);
      grid = grid(parabola, ofBest, ofCurvature);
    }
    return grid;
  }

  private static List<Node> grid(Parabola parabola, Interval ofBest, Interval ofCurvature) {
    List<Node> grid = new ArrayList<>();
    for (int i = 0; i <= 2 * STEPS; i++) {
      for (int j = 0; j <= 2 * STEPS; j++) {
        Node prior =
            new Node(ofBest.low() + i * step(ofBest), ofCurvature.low() + j * step(ofCurvature), 0);
        double lnPrior = -(prior.z * prior.z + prior.w * prior.w) / 2;
        double lnLikelihood = parabola.lnLikelihood(prior.best(), prior.curvature());
        grid.add(new Node(prior.z, prior.w, lnPrior + lnLikelihood));
      }
    }
    return grid;
  }

  private static double step(Interval interval) {
    return (interval.high() - interval.low()) / (2 * STEPS);
  }

  /** Returns the range of some places of a grid, and a step more. */
  private static Interval about(List<Node> nodes, ToDoubleFunction<Node> place, Interval grid) {
    DoubleSummaryStatistics range = nodes.stream().mapToDouble(place).summaryStatistics();
    return new Interval(range.getMin() - step(grid), range.getMax() + step(grid));
  }

  private static double most(List<Node> nodes) {
    return nodes.stream().mapToDouble(Node::lnWeight).max().orElseThrow();
  }

  /** Returns median and 95% interval of a function of best multiplier and curvature. */
  private static Estimate estimate(List<Node> posterior, ToDoubleFunction<Node> of) {
    double most = most(posterior);
    List<Node> sorted = posterior.stream().sorted(Comparator.comparingDouble(of)).toList();
    double[] below = sorted.stream().mapToDouble(node -> Math.exp(node.lnWeight - most)).toArray();
    Arrays.parallelPrefix(below, Double::sum);
    DoubleUnaryOperator quantile =
        share -> {
          int at = Arrays.binarySearch(below, share * below[below.length - 1]);
          return of.applyAsDouble(sorted.get(at < 0 ? -at - 1 : at));
        };
    return new Estimate(
        quantile.applyAsDouble(0.5),
        new Interval(quantile.applyAsDouble(0.025), quantile.applyAsDouble(0.975)));
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

  private static String losses(Cell cell) {
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
