package org.isoflop.harness.analysis.isoflop;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The curves of all budgets with one shape: for a given shape least squares, so that only the shape
 * is searched (variable projection, Golub and Pereyra 1973). Noise is relative to the loss and a
 * power of compute ({@link BudgetNoise}).
 *
 * <p>Why not parabolas: over sizes wider than the bottom a vertex follows the far points ({@link
 * ParabolaFit}). Here far points are described by the form itself, and count less as far as the
 * data say that the form fails there.
 *
 * <p>A shape is judged by its marginal likelihood: everything else (three coefficients a budget and
 * the noise) is integrated out with flat priors on the loss, slope and curvature at each curve's
 * centre and on the logarithm of the noise. Unlike the least sum of squares that does not prefer
 * the shape with the most freedom, and stays defined with a few points more than coefficients.
 */
final class CurveModel {

  /** Coefficients that every curve has of its own. */
  static final int COEFFICIENTS = 3;

  /** Squared relative residuals below this share are rounding. */
  private static final double ROUNDING = 1e-26;

  private static final double SMALLEST_LOSS = 1e-300;

  private final List<BudgetPoints> budgets;
  private final boolean[][] kept;
  private final double[][] smooth;
  private final double[] lowest;
  private final int[] counts;
  private final int[] freedom;
  private final double[] lnFlops;
  private final double[][] work;

  /**
   * Prepares a model.
   *
   * @param kept which points count, by budget; at least three different sizes of each
   * @param smooth an earlier estimate of every point's loss without its noise, which sets weights
   */
  CurveModel(List<BudgetPoints> budgets, boolean[][] kept, double[][] smooth) {
    this.budgets = budgets;
    this.kept = kept;
    this.smooth = smooth;
    counts = new int[budgets.size()];
    lowest = new double[budgets.size()];
    freedom = new int[budgets.size()];
    lnFlops = budgets.stream().mapToDouble(points -> Math.log(points.flops())).toArray();
    for (int k = 0; k < counts.length; k++) {
      int[] points = keptOf(k);
      double[] losses = smooth[k];
      counts[k] = points.length;
      freedom[k] = points.length - COEFFICIENTS;
      lowest[k] =
          Arrays.stream(points).mapToDouble(i -> losses[i]).min().orElse(Double.POSITIVE_INFINITY);
    }
    work = new double[COEFFICIENTS + 1][Arrays.stream(counts).max().orElse(0)];
  }

  /** Prepares a model of some points, weighted by their own losses. */
  static CurveModel of(List<BudgetPoints> budgets, boolean[][] kept) {
    return new CurveModel(
        budgets, kept, budgets.stream().map(BudgetPoints::losses).toArray(double[][]::new));
  }

  /** Prepares a model of all points. */
  static CurveModel ofAll(List<BudgetPoints> budgets) {
    boolean[][] all = new boolean[budgets.size()][];
    for (int k = 0; k < all.length; k++) {
      all[k] = new boolean[budgets.get(k).size()];
      Arrays.fill(all[k], true);
    }
    return of(budgets, all);
  }

  /**
   * What the budgets share of their curves: how steeply loss rises to both sides, and how fast
   * trust in the form fades away from the bottom.
   *
   * @param alpha exponent of params, positive
   * @param beta exponent of tokens, positive
   * @param locality a point whose loss is a share h above the lowest has √(1 + (locality·h)²) times
   *     the noise of one at the bottom; 0 trusts the form everywhere
   */
  record Shape(double alpha, double beta, double locality) {

    /** How many exponents there are to be fitted. */
    static final int EXPONENTS = 2;

    /** Where published fits of the two exponents lie, and how widely, in logarithms. */
    private static final double USUAL = Math.log(0.35);

    private static final double SPREAD = 0.7;

    /**
     * Returns ln of the prior density, but for a constant: exponents near 0.35 within factors of 2.
     */
    double lnPrior() {
      double a = (Math.log(alpha) - USUAL) / SPREAD;
      double b = (Math.log(beta) - USUAL) / SPREAD;
      return -(a * a + b * b) / 2;
    }
  }

  /**
   * Returns the model of every m-th kept point of each curve, so that about so many points are
   * left; itself where there are no more.
   */
  CurveModel thinned(int most) {
    if (size() <= most) {
      return this;
    }
    int every = size() / most + 1;
    boolean[][] fewer = new boolean[kept.length][];
    for (int k = 0; k < fewer.length; k++) {
      fewer[k] = kept[k].clone();
      int step = Math.min(every, Math.max(1, counts[k] / FrontierFit.FEWEST_SIZES / 2));
      int seen = 0;
      for (int i = 0; i < fewer[k].length; i++) {
        fewer[k][i] = kept[k][i] && seen++ % step == 0;
      }
    }
    return new CurveModel(budgets, fewer, smooth);
  }

  /** Returns the budgets that have curves, lowest first. */
  List<BudgetPoints> budgets() {
    return budgets;
  }

  /** Returns whether a point belongs to its curve. */
  boolean kept(int k, int point) {
    return kept[k][point];
  }

  /** Returns which points belong to their curves, by budget; a copy. */
  boolean[][] kept() {
    return Arrays.stream(kept).map(boolean[]::clone).toArray(boolean[][]::new);
  }

  /** Returns how many points belong to curves. */
  int size() {
    return Arrays.stream(counts).sum();
  }

  private IntStream points(int k) {
    return IntStream.range(0, kept[k].length);
  }

  /** Returns the points of budget k that belong to its curve. */
  int[] keptOf(int k) {
    return points(k).filter(i -> kept[k][i]).toArray();
  }

  /** Returns how many points there are beyond the coefficients. */
  int freedom() {
    return Arrays.stream(freedom).sum();
  }

  /** Returns the standard deviation of a point's loss, in units of its budget's relative noise. */
  double deviation(Shape shape, int k, int point) {
    return smooth[k][point] * widening(shape, k, point);
  }

  /** Returns a point's relative noise over that at the bottom of its curve, 1 or more. */
  double widening(Shape shape, int k, int point) {
    double height = shape.locality() * Math.max(0, smooth[k][point] / lowest[k] - 1);
    return Math.sqrt(1 + height * height);
  }

  /** Returns a point's row of the design, in units of its own noise but for the budget's. */
  double[] row(Shape shape, int k, int point) {
    BudgetPoints points = budgets.get(k);
    double weight = 1 / deviation(shape, k, point);
    return new double[] {
      weight,
      weight * Math.exp(-shape.alpha() * points.x(point)),
      weight * Math.exp(-shape.beta() * points.d(point))
    };
  }

  /** Fits one curve alone, with one shape, to some of its points. Thread-safe. */
  LeastSquares.Solution solve(Shape shape, int k, boolean[] some) {
    double[][] columns = new double[COEFFICIENTS + 1][some.length];
    return LeastSquares.solve(columns, fill(columns, shape, k, some));
  }

  private int fill(double[][] columns, Shape shape, int k, boolean[] some) {
    int filled = 0;
    for (int i = 0; i < some.length; i++) {
      if (some[i]) {
        double[] row = row(shape, k, i);
        for (int j = 0; j < COEFFICIENTS; j++) {
          columns[j][filled] = row[j];
        }
        columns[COEFFICIENTS][filled] = row[0] * budgets.get(k).loss(i);
        filled++;
      }
    }
    return filled;
  }

  /** Fits all curves with one shape. Not to be called from several threads at once. */
  Fit fit(Shape shape) {
    LeastSquares.Solution[] solutions = new LeastSquares.Solution[budgets.size()];
    double[] squares = new double[solutions.length];
    double evidence = 0;
    double alpha = shape.alpha();
    double beta = shape.beta();
    // Determinant of (loss, slope, curvature at the centre) against (e, p, q).
    double lnPrior = Math.log(alpha * beta * (alpha + beta));
    for (int k = 0; k < solutions.length; k++) {
      int rows = fill(work, shape, k, kept[k]);
      double scale = 0;
      for (int i = 0; i < rows; i++) {
        evidence += Math.log(work[0][i]);
        scale += work[COEFFICIENTS][i] * work[COEFFICIENTS][i];
      }
      solutions[k] = LeastSquares.solve(work, rows);
      squares[k] = solutions[k].squares() + ROUNDING * scale;
      evidence += lnPrior - solutions[k].lnDeterminant();
    }
    BudgetNoise noise = new BudgetNoise(squares, freedom, lnFlops);
    double lnPosterior = evidence + noise.lnEvidence() + shape.lnPrior();
    return new Fit(
        this,
        shape,
        solutions,
        noise,
        Double.isNaN(lnPosterior) ? Double.NEGATIVE_INFINITY : lnPosterior);
  }

  /**
   * The curves of all budgets, fitted with one shape.
   *
   * @param solutions of the least squares, by curve
   * @param noise that the residuals show
   * @param lnPosterior ln of the posterior density of the shape, but for a constant
   */
  @SuppressWarnings("ArrayRecordComponent") // one a curve, never compared
  record Fit(
      CurveModel model,
      Shape shape,
      LeastSquares.Solution[] solutions,
      BudgetNoise noise,
      double lnPosterior) {

    LeastSquares.Solution solution(int k) {
      return solutions[k];
    }

    private BudgetPoints points(int k) {
      return model.budgets.get(k);
    }

    IsoFlopCurve curve(int k) {
      double[] c = solutions[k].coefficients();
      return new IsoFlopCurve(points(k), shape, c[0], c[1], c[2]);
    }

    List<IsoFlopCurve> curves() {
      return IntStream.range(0, solutions.length).mapToObj(this::curve).toList();
    }

    /** Returns ln of a point's loss over its curve. */
    double residual(int k, int point) {
      double fitted = Math.max(curve(k).lossOf(point), SMALLEST_LOSS);
      return Math.log(points(k).loss(point) / fitted);
    }

    /** Returns a point's loss over its curve in units of its own noise but for a constant. */
    double standardised(int k, int point) {
      double off = points(k).loss(point) - curve(k).lossOf(point);
      return off * model.row(shape, k, point)[0] / noise.scale(k);
    }

    /** Returns the same of all points, by budget. */
    double[][] standardised() {
      return IntStream.range(0, solutions.length)
          .mapToObj(k -> model.points(k).mapToDouble(i -> standardised(k, i)).toArray())
          .toArray(double[][]::new);
    }

    /**
     * Returns the losses of all points without their noise, which set the weights of a next fit.
     */
    double[][] smooth() {
      return IntStream.range(0, solutions.length)
          .mapToObj(k -> positive(curve(k), points(k)))
          .toArray(double[][]::new);
    }

    /**
     * Returns the standard deviation of ln N* of curve k for a given shape, where it has a bottom,
     * by the delta method: at the bottom alpha·p·exp(−alpha·x) balances the term of tokens.
     */
    double deviation(int k) {
      IsoFlopCurve curve = curve(k);
      double bend = shape.alpha() - shape.beta() * curve.points().tokensSlope(curve.bottom());
      double relative = solutions[k].leverage(0, 1 / curve.p(), -1 / curve.q());
      return Math.exp(noise.law().ln(model.lnFlops[k])) * Math.sqrt(relative) / bend;
    }
  }

  /** A fit may run below zero far out; a loss does not, and weights need one that is positive. */
  private static double[] positive(IsoFlopCurve curve, BudgetPoints points) {
    return IntStream.range(0, points.size())
        .mapToDouble(i -> Math.max(curve.lossAt(points.x(i), points.d(i)), points.loss(i) / 2))
        .toArray();
  }

  /** Prepares a model of all points of budgets that are parts of those of a fit. */
  static CurveModel around(List<BudgetPoints> parts, Fit whole, List<Integer> at) {
    CurveModel all = ofAll(parts);
    for (int j = 0; j < parts.size(); j++) {
      all.smooth[j] = positive(whole.curve(at.get(j)), parts.get(j));
    }
    return new CurveModel(parts, all.kept, all.smooth);
  }
}
