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
import org.hipparchus.exception.MathRuntimeException;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.CholeskyDecomposition;
import org.hipparchus.linear.RealMatrix;
import org.hipparchus.linear.RealVector;
import org.hipparchus.optim.nonlinear.vector.leastsquares.LeastSquaresBuilder;
import org.hipparchus.optim.nonlinear.vector.leastsquares.LevenbergMarquardtOptimizer;
import org.hipparchus.util.Pair;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.stats.Fitted;
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

  /** A run that the fit uses; its params and tokens are over those of the centre. */
  private record Row(
      int cell,
      double budget,
      double lnParams,
      double lnTokens,
      double lnRate,
      double lnBatch,
      double lnLoss) {

    double[] x() {
      return new double[] {1, lnParams, lnTokens};
    }
  }

  private final Map<Cell, List<TuningRun>> cells;
  private final double lnParams;
  private final double lnTokens;
  private final List<Row> rows = new ArrayList<>();

  private TuningFit(Map<Cell, List<TuningRun>> cells) {
    this.cells = cells;
    lnParams = cells.keySet().stream().mapToDouble(c -> Math.log(c.params())).average().orElse(0);
    lnTokens =
        cells.values().stream()
            .mapToDouble(c -> Math.log(TuningCells.tokens(c)))
            .average()
            .orElse(0);
    int index = 0;
    for (List<TuningRun> cell : cells.values()) {
      double best = TuningCells.lowest(cell);
      for (TuningRun run : cell) {
        if (run.loss().isPresent() && Math.log(run.loss().getAsDouble() / best) <= FAR) {
          rows.add(
              new Row(
                  index,
                  run.cell().budget(),
                  Math.log(run.cell().params()) - lnParams,
                  Math.log(run.tokens()) - lnTokens,
                  Math.log(run.learningRate()),
                  Math.log(run.batchTokens()),
                  Math.log(run.loss().getAsDouble())));
        }
      }
      index++;
    }
  }

  /** Returns the laws that these runs show, or why they show none. */
  public static Fitted<TunedLaws> of(List<TuningRun> runs) {
    TuningCells cells = new TuningCells(runs);
    Optional<String> refused = cells.refused();
    if (refused.isPresent()) {
      return Fitted.refused(refused.get());
    }
    TuningFit fit = new TuningFit(cells.runs());
    int free = fit.rows.size() - fit.cells.size() - LossRise.COUNT + PRIORS.size();
    if (free < FEWEST_FREE) {
      return Fitted.refused(
          Quantities.format(
              "%d runs of %d cells with losses near the best are too few to tell laws from noise; it"
                  + " takes %d more",
              fit.rows.size(), fit.cells.size(), FEWEST_FREE - free));
    }
    Optional<String> edge = cells.edge();
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

  private double[] start() {
    double[] theta = new double[LossRise.COUNT + cells.size()];
    PRIORS.forEach(prior -> theta[prior.index()] = prior.mean());
    int index = 0;
    for (List<TuningRun> cell : cells.values()) {
      TuningRun best = TuningCells.best(cell).get(0);
      theta[LossRise.RATE] += Math.log(best.learningRate()) / cells.size();
      theta[LossRise.BATCH] += Math.log(best.batchTokens()) / cells.size();
      theta[LossRise.COUNT + index++] = Math.log(TuningCells.lowest(cell));
    }
    return theta;
  }

  private TunedLaws fit() {
    double[] theta = start();
    double[] sd = new double[rows.size()];
    Arrays.fill(sd, FIRST_NOISE);
    Map<Double, Double> noise = new TreeMap<>();
    rows.forEach(row -> noise.put(row.budget(), FIRST_NOISE));
    RealMatrix covariance = null;
    double freedom = 0;
    for (int pass = 0; pass < PASSES; pass++) {
      theta = leastSquares(theta, sd);
      RealMatrix design = jacobian(theta, sd);
      covariance =
          new CholeskyDecomposition(design.transposeMultiply(design)).getSolver().getInverse();
      freedom = estimateNoise(theta, sd, design, covariance, noise);
      for (int i = 0; i < sd.length; i++) {
        Row row = rows.get(i);
        sd[i] = Math.sqrt(variance(noise.get(row.budget()), rise(theta, row)));
      }
    }
    return new TunedLaws(
        Arrays.copyOf(theta, LossRise.COUNT),
        covariance,
        lnParams,
        lnTokens,
        Math.max(1, freedom),
        noise,
        cellFits(theta));
  }

  private List<TunedLaws.CellFit> cellFits(double[] theta) {
    List<TunedLaws.CellFit> fits = new ArrayList<>();
    cells.forEach(
        (cell, runs) ->
            fits.add(
                new TunedLaws.CellFit(
                    cell,
                    TuningCells.tokens(runs),
                    runs.size(),
                    theta[LossRise.COUNT + fits.size()])));
    return fits;
  }

  /** Returns the variance of a run's ln loss about the fit. */
  static double variance(double noise, double rise) {
    return noise * noise + Math.pow(SHAPE_ERROR * rise, 2);
  }

  private static double rise(double[] theta, Row row) {
    return LossRise.at(theta, row.x(), row.lnRate(), row.lnBatch(), new double[LossRise.COUNT]);
  }

  private double[] leastSquares(double[] start, double[] sd) {
    var problem =
        new LeastSquaresBuilder()
            .start(start)
            .model(
                at ->
                    new Pair<RealVector, RealMatrix>(
                        new ArrayRealVector(values(at.toArray(), sd), false),
                        jacobian(at.toArray(), sd)))
            .target(targets(sd))
            .lazyEvaluation(false)
            .maxEvaluations(2000)
            .maxIterations(2000)
            .build();
    return new LevenbergMarquardtOptimizer().optimize(problem).getPoint().toArray();
  }

  private double[] targets(double[] sd) {
    double[] targets = new double[rows.size() + PRIORS.size()];
    for (int i = 0; i < rows.size(); i++) {
      targets[i] = rows.get(i).lnLoss() / sd[i];
    }
    for (int i = 0; i < PRIORS.size(); i++) {
      targets[rows.size() + i] = PRIORS.get(i).mean() / PRIORS.get(i).sd();
    }
    return targets;
  }

  private double[] values(double[] theta, double[] sd) {
    double[] values = new double[rows.size() + PRIORS.size()];
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      values[i] = (theta[LossRise.COUNT + row.cell()] + rise(theta, row)) / sd[i];
    }
    for (int i = 0; i < PRIORS.size(); i++) {
      values[rows.size() + i] = theta[PRIORS.get(i).index()] / PRIORS.get(i).sd();
    }
    return values;
  }

  private RealMatrix jacobian(double[] theta, double[] sd) {
    RealMatrix jacobian =
        new Array2DRowRealMatrix(rows.size() + PRIORS.size(), LossRise.COUNT + cells.size());
    double[] slopes = new double[LossRise.COUNT];
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      LossRise.at(theta, row.x(), row.lnRate(), row.lnBatch(), slopes);
      for (int j = 0; j < slopes.length; j++) {
        jacobian.setEntry(i, j, slopes[j] / sd[i]);
      }
      jacobian.setEntry(i, LossRise.COUNT + row.cell(), 1 / sd[i]);
    }
    for (int i = 0; i < PRIORS.size(); i++) {
      jacobian.setEntry(rows.size() + i, PRIORS.get(i).index(), 1 / PRIORS.get(i).sd());
    }
    return jacobian;
  }

  /**
   * Puts the noise of every budget where the fit's residuals have it; a run counts by how much of
   * its variance is noise and not the shape's error.
   *
   * @return degrees of freedom left of all
   */
  private double estimateNoise(
      double[] theta,
      double[] sd,
      RealMatrix design,
      RealMatrix covariance,
      Map<Double, Double> noise) {
    Map<Double, double[]> sums = new TreeMap<>();
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      RealVector slopes = design.getRowVector(i);
      double residual =
          (row.lnLoss() - theta[LossRise.COUNT + row.cell()] - rise(theta, row)) / sd[i];
      double share = Math.pow(noise.get(row.budget()) / sd[i], 2); // of its variance
      double[] sum = sums.computeIfAbsent(row.budget(), any -> new double[2]);
      sum[0] += share * residual * residual;
      sum[1] += share * (1 - slopes.dotProduct(covariance.operate(slopes)));
    }
    double squares = 0;
    double freedom = 0;
    for (Map.Entry<Double, double[]> sum : sums.entrySet()) {
      squares += sum.getValue()[0] * Math.pow(noise.get(sum.getKey()), 2);
      freedom += sum.getValue()[1];
    }
    double all = squares / freedom;
    sums.forEach(
        (budget, sum) -> {
          double own = sum[0] * Math.pow(noise.get(budget), 2);
          noise.put(
              budget,
              Math.max(LEAST_NOISE, Math.sqrt((NOISE_PRIOR * all + own) / (NOISE_PRIOR + sum[1]))));
        });
    return freedom;
  }

  /**
   * The cells that have a loss, by budget and size, with all their runs as the configuration has
   * them but for learning rate and batch: what was tried at each, and what was best.
   */
  static final class TuningCells {

    /** Cells that a plane of ln N and ln D can be put through. */
    private static final int FEWEST = 3;

    private final Map<Cell, List<TuningRun>> runs = new LinkedHashMap<>();

    TuningCells(List<TuningRun> all) {
      all.stream()
          .filter(run -> run.setting().change().isEmpty())
          .sorted(
              Comparator.comparingDouble((TuningRun run) -> run.cell().budget())
                  .thenComparingDouble(run -> run.cell().params()))
          .forEach(run -> runs.computeIfAbsent(run.cell(), any -> new ArrayList<>()).add(run));
      runs.values().removeIf(cell -> cell.stream().allMatch(run -> run.loss().isEmpty()));
    }

    /** Returns the runs of every cell. */
    Map<Cell, List<TuningRun>> runs() {
      return runs;
    }

    /** Returns why no laws can be seen in them, where none can. */
    Optional<String> refused() {
      if (runs.size() < FEWEST) {
        return Optional.of(
            Quantities.format(
                "only %d cells have a loss, and laws of params and tokens need %d",
                runs.size(), FEWEST));
      }
      if (alike(TuningRun::learningRate) || alike(TuningRun::batchTokens)) {
        return Optional.of(
            "no cell was trained with several learning rates and several batches, so nothing says"
                + " which are best");
      }
      return Optional.empty();
    }

    private boolean alike(ToDoubleFunction<TuningRun> value) {
      return runs.values().stream()
          .allMatch(cell -> cell.stream().mapToDouble(value).distinct().count() == 1);
    }

    /** Returns why none can where most cells are best at the least or the largest rate tried. */
    Optional<String> edge() {
      int lowest = 0;
      int highest = 0;
      for (List<TuningRun> cell : runs.values()) {
        var tried = cell.stream().mapToDouble(TuningRun::learningRate).summaryStatistics();
        double best = best(cell).get(0).learningRate();
        lowest += best == tried.getMin() ? 1 : 0;
        highest += best == tried.getMax() && tried.getMin() < tried.getMax() ? 1 : 0;
      }
      int most = Math.max(lowest, highest);
      return 2 * most <= runs.size()
          ? Optional.empty()
          : Optional.of(
              Quantities.format(
                  "at %d of %d cells the best learning rate is the %s tried, so the best lies beyond"
                      + " what was tried",
                  most, runs.size(), lowest >= highest ? "lowest" : "highest"));
    }

    /**
     * Returns the runs of the best setting of a cell, by its mean loss; one that diverged is worse.
     */
    static List<TuningRun> best(List<TuningRun> cell) {
      Map<List<Double>, List<TuningRun>> settings = new LinkedHashMap<>();
      for (TuningRun run : cell) {
        settings
            .computeIfAbsent(
                List.of(run.learningRate(), run.batchTokens()), any -> new ArrayList<>())
            .add(run);
      }
      return settings.values().stream()
          .min(Comparator.comparingDouble(TuningCells::mean))
          .orElseThrow();
    }

    private static double mean(List<TuningRun> runs) {
      return runs.stream()
          .mapToDouble(run -> run.loss().orElse(Double.POSITIVE_INFINITY))
          .average()
          .orElseThrow();
    }

    /** Returns the lowest loss of a cell. */
    static double lowest(List<TuningRun> cell) {
      return cell.stream()
          .mapToDouble(run -> run.loss().orElse(Double.MAX_VALUE))
          .min()
          .orElseThrow();
    }

    /** Returns the geometric mean of the tokens of a cell's runs, which differ by whole steps. */
    static double tokens(List<TuningRun> cell) {
      return Math.exp(
          cell.stream().mapToDouble(run -> Math.log(run.tokens())).average().orElseThrow());
    }
  }
}
