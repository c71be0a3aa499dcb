package org.isoflop.harness.analysis.tuning;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import org.hipparchus.analysis.differentiation.Gradient;
import org.hipparchus.exception.MathRuntimeException;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.DiagonalMatrix;
import org.hipparchus.linear.RealMatrix;
import org.hipparchus.linear.RealVector;
import org.hipparchus.optim.nonlinear.vector.leastsquares.LeastSquaresBuilder;
import org.hipparchus.optim.nonlinear.vector.leastsquares.LeastSquaresOptimizer.Optimum;
import org.hipparchus.optim.nonlinear.vector.leastsquares.LevenbergMarquardtOptimizer;
import org.hipparchus.util.Pair;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.stats.Fitted;
import org.isoflop.harness.analysis.tuning.TunedLaws.Centre;
import org.isoflop.harness.analysis.tuning.TunedLaws.LossRise;
import org.isoflop.harness.analysis.tuning.TuningRun.Cell;

/**
 * Fits {@link LossRise} to all runs of all cells by least squares: two power laws, one shape for
 * all cells, and every cell's own best loss.
 *
 * <p>A run's error is the noise of its budget and, with it, a seventh of its rise, because the
 * shape is no truer than that far up; so runs far from the best have a say only where no nearer
 * ones are. The noise of each budget is estimated by what the fit leaves there, drawn towards that
 * of all. Weak priors, a row of the least squares each, hold what runs leave open: exponents 0 ±
 * 0.5, a factor of 2 in the rate costing 2.4% and in the batch 0.7% of the loss within a factor of
 * 4.5 either way, the best rate growing with the batch as B^(0.5 ± 0.5) (the square root: Malladi
 * et al. 2022, arXiv 2205.10287), the cone beginning 7% up within a factor of 2.7.
 */
public final class TuningFit {

  /** Cells that a plane of ln N and ln D can be put through. */
  private static final int FEWEST_CELLS = 3;

  private static final int FEWEST_FREE = 5;

  /** Share of a run's rise that the shape may be wrong by. */
  private static final double SHAPE_ERROR = 0.15;

  /** Runs whose ln loss is this far above the best of their cell say nothing of the bottom. */
  private static final double FAR = 0.25;

  /** What the noise of all budgets together counts for in that of each, in degrees of freedom. */
  private static final double NOISE_PRIOR = 4;

  /** Relative noise where repeats agree to the digit. */
  private static final double LEAST_NOISE = 1e-4;

  private static final double FIRST_NOISE = 0.01;
  private static final int PASSES = 8;

  /** A prior of one parameter. */
  private record Prior(int index, double mean, double sd) {}

  private static final List<Prior> PRIORS =
      List.of(
          new Prior(LossRise.RATE + 1, 0, 0.5),
          new Prior(LossRise.RATE + 2, 0, 0.5),
          new Prior(LossRise.BATCH + 1, 0, 0.5),
          new Prior(LossRise.BATCH + 2, 0, 0.5),
          new Prior(LossRise.RATE_CURVATURE, Math.log(0.1), 1.5),
          new Prior(LossRise.BATCH_CURVATURE, Math.log(0.03), 1.5),
          new Prior(LossRise.COUPLING, 0.5, 0.5),
          new Prior(LossRise.WINGS, Math.log(0.07), 1));

  /** A run that the fit uses, and which of the cells it is of. */
  private record Row(int cell, TuningRun run) {

    double budget() {
      return run.cell().budget();
    }

    double lnLoss() {
      return Math.log(run.loss().orElseThrow());
    }
  }

  private final List<CellRuns> cells;
  private final Centre centre;
  private final List<Row> rows = new ArrayList<>();

  private TuningFit(List<CellRuns> cells) {
    this.cells = cells;
    centre =
        new Centre(
            cells.stream().mapToDouble(c -> Math.log(c.cell().params())).average().orElse(0),
            cells.stream().mapToDouble(c -> Math.log(c.tokens())).average().orElse(0));
    for (int i = 0; i < cells.size(); i++) {
      double highest = cells.get(i).lowest() * Math.exp(FAR);
      for (TuningRun run : cells.get(i).runs()) {
        if (run.loss().orElse(Double.POSITIVE_INFINITY) <= highest) {
          rows.add(new Row(i, run));
        }
      }
    }
  }

  /** Returns the laws that these runs show, or why they show none. */
  public static Fitted<TunedLaws> of(List<TuningRun> runs) {
    List<CellRuns> cells = CellRuns.of(runs);
    if (cells.size() < FEWEST_CELLS) {
      return Fitted.refused(
          Quantities.format(
              "only %d cells have a loss, and laws of params and tokens need %d",
              cells.size(), FEWEST_CELLS));
    }
    if (alike(cells, TuningRun::learningRate) || alike(cells, TuningRun::batchTokens)) {
      return Fitted.refused(
          "no cell was trained with several learning rates and several batches, so nothing says"
              + " which are best");
    }
    TuningFit fit = new TuningFit(cells);
    int free = fit.rows.size() - cells.size() - LossRise.COUNT + PRIORS.size();
    if (free < FEWEST_FREE) {
      return Fitted.refused(
          Quantities.format(
              "%d runs of %d cells with losses near the best are too few to tell laws from noise;"
                  + " it takes %d more",
              fit.rows.size(), cells.size(), FEWEST_FREE - free));
    }
    Optional<String> edge = edge(cells);
    if (edge.isPresent()) {
      return Fitted.refused(edge.get());
    }
    try {
      return Fitted.of(fit.fit());
    } catch (MathRuntimeException e) {
      return Fitted.refused(
          "the least squares found no end, which runs so far apart can make them");
    }
  }

  private static boolean alike(List<CellRuns> cells, ToDoubleFunction<TuningRun> value) {
    return cells.stream()
        .allMatch(cell -> cell.runs().stream().mapToDouble(value).distinct().count() == 1);
  }

  /** Returns why no laws show where most cells are best at the least or the largest rate tried. */
  private static Optional<String> edge(List<CellRuns> cells) {
    int lowest = 0;
    int highest = 0;
    for (CellRuns cell : cells) {
      var tried = cell.runs().stream().mapToDouble(TuningRun::learningRate).summaryStatistics();
      double best = cell.best().learningRate();
      lowest += best == tried.getMin() ? 1 : 0;
      highest += best == tried.getMax() && tried.getMin() < tried.getMax() ? 1 : 0;
    }
    int most = Math.max(lowest, highest);
    return 2 * most <= cells.size()
        ? Optional.empty()
        : Optional.of(
            Quantities.format(
                "at %d of %d cells the best learning rate is the %s tried, so the best lies beyond"
                    + " what was tried",
                most, cells.size(), lowest >= highest ? "lowest" : "highest"));
  }

  private double[] start() {
    double[] theta = new double[LossRise.COUNT + cells.size()];
    PRIORS.forEach(prior -> theta[prior.index()] = prior.mean());
    for (int i = 0; i < cells.size(); i++) {
      TuningRun best = cells.get(i).best();
      theta[LossRise.RATE] += Math.log(best.learningRate()) / cells.size();
      theta[LossRise.BATCH] += Math.log(best.batchTokens()) / cells.size();
      theta[LossRise.COUNT + i] = Math.log(cells.get(i).lowest());
    }
    return theta;
  }

  private TunedLaws fit() {
    double[] theta = start();
    Map<Double, Double> noise = new TreeMap<>();
    rows.forEach(row -> noise.put(row.budget(), FIRST_NOISE));
    double[] variances = new double[rows.size()];
    Arrays.fill(variances, FIRST_NOISE * FIRST_NOISE);
    RealMatrix covariance = null;
    double freedom = 0;
    for (int pass = 0; pass < PASSES; pass++) {
      Optimum found = leastSquares(theta, variances);
      theta = found.getPoint().toArray();
      covariance = found.getCovariances(0);
      freedom = estimateNoise(found, covariance, variances, noise);
      for (int i = 0; i < variances.length; i++) {
        TuningRun run = rows.get(i).run();
        double rise = LossRise.at(theta, centre, run).getValue();
        variances[i] = variance(noise.get(rows.get(i).budget()), rise);
      }
    }
    return new TunedLaws(
        new ArrayRealVector(theta), covariance, centre, Math.max(1, freedom), noise, cells);
  }

  /** Returns the variance of a run's ln loss about the fit. */
  static double variance(double noise, double rise) {
    return noise * noise + Math.pow(SHAPE_ERROR * rise, 2);
  }

  private Optimum leastSquares(double[] start, double[] variances) {
    double[] weights =
        DoubleStream.concat(
                Arrays.stream(variances), PRIORS.stream().mapToDouble(p -> p.sd() * p.sd()))
            .map(variance -> 1 / variance)
            .toArray();
    var problem =
        new LeastSquaresBuilder()
            .start(start)
            .model(this::model)
            .target(
                DoubleStream.concat(
                        rows.stream().mapToDouble(Row::lnLoss),
                        PRIORS.stream().mapToDouble(Prior::mean))
                    .toArray())
            .weight(new DiagonalMatrix(weights))
            .lazyEvaluation(false)
            .maxEvaluations(2000)
            .maxIterations(2000)
            .build();
    return new LevenbergMarquardtOptimizer().optimize(problem);
  }

  /** Returns ln loss of every row, then what the priors are of; and the derivatives of both. */
  private Pair<RealVector, RealMatrix> model(RealVector at) {
    double[] theta = at.toArray();
    RealVector values = new ArrayRealVector(rows.size() + PRIORS.size());
    RealMatrix jacobian = new Array2DRowRealMatrix(values.getDimension(), theta.length);
    for (int i = 0; i < rows.size(); i++) {
      int level = LossRise.COUNT + rows.get(i).cell();
      Gradient rise = LossRise.at(theta, centre, rows.get(i).run());
      values.setEntry(i, theta[level] + rise.getValue());
      jacobian.setSubMatrix(new double[][] {rise.getGradient()}, i, 0);
      jacobian.setEntry(i, level, 1);
    }
    for (int i = 0; i < PRIORS.size(); i++) {
      int parameter = PRIORS.get(i).index();
      values.setEntry(rows.size() + i, theta[parameter]);
      jacobian.setEntry(rows.size() + i, parameter, 1);
    }
    return new Pair<>(values, jacobian);
  }

  /**
   * Puts the noise of every budget where the fit's residuals have it; a run counts by how much of
   * its variance is noise and not the shape's error.
   *
   * @return degrees of freedom left of all
   */
  private double estimateNoise(
      Optimum found, RealMatrix covariance, double[] variances, Map<Double, Double> noise) {
    RealMatrix design = found.getJacobian();
    Map<Double, double[]> sums = new TreeMap<>();
    for (int i = 0; i < rows.size(); i++) {
      double budget = rows.get(i).budget();
      RealVector slopes = design.getRowVector(i);
      double share = Math.pow(noise.get(budget), 2) / variances[i];
      double[] sum = sums.computeIfAbsent(budget, any -> new double[2]);
      sum[0] += share * Math.pow(found.getResiduals().getEntry(i), 2);
      sum[1] += share * (1 - slopes.dotProduct(covariance.operate(slopes)));
    }
    sums.forEach((budget, sum) -> sum[0] *= Math.pow(noise.get(budget), 2));
    double squares = sums.values().stream().mapToDouble(sum -> sum[0]).sum();
    double freedom = sums.values().stream().mapToDouble(sum -> sum[1]).sum();
    double prior = NOISE_PRIOR * squares / freedom;
    sums.forEach(
        (budget, sum) ->
            noise.put(
                budget,
                Math.max(LEAST_NOISE, Math.sqrt((prior + sum[0]) / (NOISE_PRIOR + sum[1])))));
    return freedom;
  }

  /**
   * A cell with all its runs as the configuration has them but for learning rate and batch.
   *
   * @param runs at least one
   */
  record CellRuns(Cell cell, List<TuningRun> runs) {

    /** Returns the cells that have a loss, by budget and size. */
    static List<CellRuns> of(List<TuningRun> all) {
      return all.stream()
          .filter(TuningRun::unchanged)
          .collect(Collectors.groupingBy(TuningRun::cell, TreeMap::new, Collectors.toList()))
          .entrySet()
          .stream()
          .map(cell -> new CellRuns(cell.getKey(), cell.getValue()))
          .filter(cell -> cell.lowest() < Double.MAX_VALUE)
          .toList();
    }

    /** Returns a run of the best setting, by its mean loss; one that diverged is worse. */
    TuningRun best() {
      return runs.stream()
          .collect(
              Collectors.groupingBy(
                  run -> List.of(run.learningRate(), run.batchTokens()),
                  LinkedHashMap::new,
                  Collectors.toList()))
          .values()
          .stream()
          .min(Comparator.comparingDouble(CellRuns::mean))
          .orElseThrow()
          .get(0);
    }

    private static double mean(List<TuningRun> runs) {
      return runs.stream()
          .mapToDouble(run -> run.loss().orElse(Double.POSITIVE_INFINITY))
          .average()
          .orElseThrow();
    }

    /** Returns the lowest loss. */
    double lowest() {
      return runs.stream()
          .mapToDouble(run -> run.loss().orElse(Double.MAX_VALUE))
          .min()
          .orElseThrow();
    }

    /** Returns the geometric mean of its runs' tokens, which differ by whole steps. */
    double tokens() {
      return Math.exp(
          runs.stream().mapToDouble(run -> Math.log(run.tokens())).average().orElseThrow());
    }
  }
}
