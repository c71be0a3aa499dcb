package org.isoflop.harness.analysis.tuning;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.hipparchus.analysis.differentiation.Gradient;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.RealMatrix;
import org.hipparchus.linear.RealVector;
import org.isoflop.harness.analysis.stats.Estimate;
import org.isoflop.harness.analysis.tuning.TuningFit.CellRuns;
import org.isoflop.harness.analysis.tuning.TuningRun.Cell;

/** Best learning rate and batch as power laws of N and D, and what the fit knows of them. */
public final class TunedLaws {

  private final RealVector theta;
  private final RealMatrix covariance;
  private final Centre centre;
  private final double freedom;
  private final List<CellFit> cells;

  /** Where ln N and ln D are 0 in the fit. */
  record Centre(double lnParams, double lnTokens) {

    /** Returns {@code 1}, ln N and ln D from here. */
    double[] place(double params, double tokens) {
      return new double[] {1, Math.log(params) - lnParams, Math.log(tokens) - lnTokens};
    }
  }

  /**
   * What was found at a cell.
   *
   * @param cell where
   * @param tokens D, in the geometric middle of its runs
   * @param runs how many, those that diverged included
   * @param loss at its optimum, nats per token
   * @param noise of ln loss between runs that differ in nothing but their seed, standard deviation
   * @param learningRate the best by the laws
   * @param batchTokens the same
   */
  public record CellFit(
      @JsonUnwrapped Cell cell,
      double tokens,
      int runs,
      double loss,
      double noise,
      Estimate learningRate,
      Estimate batchTokens) {}

  /**
   * The three numbers of {@code factor · N^params · D^tokens · B^batch}.
   *
   * @param factor where N, D and B are 1
   * @param params exponent of N
   * @param tokens exponent of D
   * @param batch exponent of B
   */
  public record Power(double factor, double params, double tokens, double batch) {}

  /**
   * What the laws come to.
   *
   * @param learningRateByParams exponent of N in the learning rate, the batch being the best too
   * @param learningRateByTokens exponent of D in it
   * @param batchByParams exponent of N in the batch
   * @param batchByTokens exponent of D in it
   * @param learningRateByBatch exponent of the batch in the learning rate that is best with it
   * @param costOfTwiceTheLearningRate by what share a rate off by a factor of 2 raises the loss
   * @param costOfTwiceTheBatch the same of the batch, the learning rate being the best for it
   */
  public record Estimates(
      Estimate learningRateByParams,
      Estimate learningRateByTokens,
      Estimate batchByParams,
      Estimate batchByTokens,
      Estimate learningRateByBatch,
      Estimate costOfTwiceTheLearningRate,
      Estimate costOfTwiceTheBatch) {}

  /**
   * Takes a fit.
   *
   * @param theta the parameters of {@link LossRise}, then every cell's ln loss at its optimum
   * @param noise standard deviation of ln loss, by budget
   */
  TunedLaws(
      RealVector theta,
      RealMatrix covariance,
      Centre centre,
      double freedom,
      Map<Double, Double> noise,
      List<CellRuns> runs) {
    this.theta = theta;
    this.covariance = covariance;
    this.centre = centre;
    this.freedom = freedom;
    List<CellFit> found = new ArrayList<>();
    for (CellRuns cell : runs) {
      found.add(
          new CellFit(
              cell.cell(),
              cell.tokens(),
              cell.runs().size(),
              Math.exp(theta.getEntry(LossRise.COUNT + found.size())),
              noise.get(cell.cell().budget()),
              learningRate(cell.cell().params(), cell.tokens()),
              batchTokens(cell.cell().params(), cell.tokens())));
    }
    cells = List.copyOf(found);
  }

  /** Returns the cells it was fitted to, in their order. */
  public List<CellFit> cells() {
    return cells;
  }

  /** Returns the best peak learning rate of a cell that trains with its best batch. */
  public Estimate learningRate(double params, double tokens) {
    return estimate(linear(LossRise.RATE, params, tokens)).map(Math::exp);
  }

  /** Returns the best batch of a cell, in tokens per step. */
  public Estimate batchTokens(double params, double tokens) {
    return estimate(linear(LossRise.BATCH, params, tokens)).map(Math::exp);
  }

  /** Returns exponents and what it costs to be off. */
  public Estimates estimates() {
    return new Estimates(
        parameter(LossRise.RATE + 1),
        parameter(LossRise.RATE + 2),
        parameter(LossRise.BATCH + 1),
        parameter(LossRise.BATCH + 2),
        parameter(LossRise.COUPLING),
        costOfTwice(LossRise.RATE_CURVATURE),
        costOfTwice(LossRise.BATCH_CURVATURE));
  }

  private Estimate costOfTwice(int curvature) {
    double s = Math.exp(theta.getEntry(LossRise.WINGS));
    double ln2 = Math.log(2);
    return parameter(curvature)
        .map(ln -> Math.expm1(s * (Math.sqrt(1 + Math.exp(ln) * ln2 * ln2 / s) - 1)));
  }

  /** Returns the law of the learning rate, which hangs on the batch that is trained with. */
  public Power ratePower() {
    double coupling = theta.getEntry(LossRise.COUPLING);
    Power rate = power(LossRise.RATE);
    Power batch = power(LossRise.BATCH);
    return new Power(
        rate.factor() * Math.pow(batch.factor(), -coupling),
        rate.params() - coupling * batch.params(),
        rate.tokens() - coupling * batch.tokens(),
        coupling);
  }

  /** Returns the law of the batch. */
  public Power batchPower() {
    return power(LossRise.BATCH);
  }

  private Power power(int from) {
    double params = theta.getEntry(from + 1);
    double tokens = theta.getEntry(from + 2);
    double lnFactor =
        theta.getEntry(from) - params * centre.lnParams() - tokens * centre.lnTokens();
    return new Power(Math.exp(lnFactor), params, tokens, 0);
  }

  /**
   * Returns by what share of the loss a run with these settings is expected above its cell's best.
   */
  public double rise(double params, double tokens, double learningRate, double batchTokens) {
    double[] x = centre.place(params, tokens);
    double[] parameters = theta.toArray();
    return Math.expm1(
        LossRise.at(parameters, x, Math.log(learningRate), Math.log(batchTokens)).getValue());
  }

  /** The same of a run's own settings. */
  double rise(TuningRun run) {
    return rise(run.cell().params(), run.tokens(), run.learningRate(), run.batchTokens());
  }

  /** Returns the derivatives of a run's ln loss by the parameters and the cells' ln losses. */
  RealVector slopes(TuningRun run) {
    RealVector row = new ArrayRealVector(theta.getDimension());
    double[] slopes = LossRise.at(theta.toArray(), centre, run).getGradient();
    row.setSubVector(0, new ArrayRealVector(slopes));
    row.setEntry(LossRise.COUNT + index(run), 1);
    return row;
  }

  private int index(TuningRun run) {
    return cells.stream().map(CellFit::cell).toList().indexOf(run.cell());
  }

  /** Returns the variance of a run's ln loss about the fit. */
  double variance(TuningRun run) {
    return TuningFit.variance(cells.get(index(run)).noise(), Math.log1p(rise(run)));
  }

  /**
   * Returns the share of the loss that cells are expected to lose by what the laws do not know of
   * their optima.
   */
  public double expectedLoss(List<double[]> paramsAndTokens) {
    return Expected.of(this, paramsAndTokens).value(covariance);
  }

  /** Expected loss at some cells as a sum of squares: half of the rows' own. */
  record Expected(List<RealVector> rows) {

    static Expected of(TunedLaws laws, List<double[]> paramsAndTokens) {
      double scale = 1 / Math.sqrt(2.0 * paramsAndTokens.size());
      double a = scale * Math.exp(laws.theta.getEntry(LossRise.RATE_CURVATURE) / 2);
      double b = scale * Math.exp(laws.theta.getEntry(LossRise.BATCH_CURVATURE) / 2);
      double coupling = laws.theta.getEntry(LossRise.COUPLING);
      return new Expected(
          paramsAndTokens.stream()
              .flatMap(
                  at -> {
                    RealVector rate = laws.linear(LossRise.RATE, at[0], at[1]);
                    RealVector batch = laws.linear(LossRise.BATCH, at[0], at[1]);
                    return Stream.of(
                        rate.subtract(batch.mapMultiply(coupling)).mapMultiply(a),
                        batch.mapMultiply(b));
                  })
              .toList());
    }

    double value(RealMatrix covariance) {
      return rows.stream().mapToDouble(row -> row.dotProduct(covariance.operate(row))).sum();
    }
  }

  /** Returns the covariance of the parameters and of every cell's ln loss at its optimum. */
  RealMatrix covariance() {
    return covariance;
  }

  private RealVector linear(int from, double params, double tokens) {
    RealVector row = new ArrayRealVector(theta.getDimension());
    row.setSubVector(from, new ArrayRealVector(centre.place(params, tokens)));
    return row;
  }

  private Estimate parameter(int index) {
    RealVector row = new ArrayRealVector(theta.getDimension());
    row.setEntry(index, 1);
    return estimate(row);
  }

  private Estimate estimate(RealVector row) {
    double error = Math.sqrt(Math.max(0, row.dotProduct(covariance.operate(row))));
    return Estimate.student(row.dotProduct(theta), error, freedom, 0.95);
  }

  /**
   * How far a run's ln loss lies above the best of its cell, by its learning rate and its batch:
   * with t = ln rate − ln rate*, v = ln batch − ln batch*,
   *
   * <pre>
   *   q = A (t − κ v)² + B v²,    rise = s (√(1 + q/s) − 1)
   * </pre>
   *
   * so a paraboloid, q/2, at the bottom and a cone far up, as losses are: a batch that is off by v
   * has its best rate at κ v. ln rate* and ln batch* are linear in ln N and ln D.
   *
   * <p>The parameters, {@value #COUNT} of them: of ln rate* the value at the centre and the
   * exponents of N and D, of ln batch* the same, ln A, ln B, κ and ln s.
   */
  static final class LossRise {

    static final int RATE = 0;
    static final int BATCH = 3;
    static final int RATE_CURVATURE = 6;
    static final int BATCH_CURVATURE = 7;
    static final int COUPLING = 8;
    static final int WINGS = 9;
    static final int COUNT = 10;

    private LossRise() {}

    /**
     * Returns the rise with its derivatives by the parameters.
     *
     * @param theta the parameters, first of all
     * @param x {@code 1}, ln N and ln D from the centre
     */
    static Gradient at(double[] theta, double[] x, double lnRate, double lnBatch) {
      Gradient[] parameters = new Gradient[COUNT];
      Arrays.setAll(parameters, i -> Gradient.variable(COUNT, i, theta[i]));
      Gradient v = dot(parameters, BATCH, x).subtract(lnBatch);
      Gradient t =
          dot(parameters, RATE, x).subtract(lnRate).subtract(parameters[COUPLING].multiply(v));
      Gradient q =
          parameters[RATE_CURVATURE]
              .exp()
              .multiply(t.square())
              .add(parameters[BATCH_CURVATURE].exp().multiply(v.square()));
      Gradient s = parameters[WINGS].exp();
      return s.multiply(q.divide(s).add(1).sqrt().subtract(1));
    }

    /** Returns that of a run, its place seen from the fit's centre. */
    static Gradient at(double[] theta, Centre centre, TuningRun run) {
      return at(
          theta,
          centre.place(run.cell().params(), run.tokens()),
          Math.log(run.learningRate()),
          Math.log(run.batchTokens()));
    }

    private static Gradient dot(Gradient[] parameters, int from, double[] x) {
      return parameters[from]
          .multiply(x[0])
          .add(parameters[from + 1].multiply(x[1]))
          .add(parameters[from + 2].multiply(x[2]));
    }
  }
}
