package org.isoflop.harness.analysis.isoflop;

import java.util.Arrays;
import java.util.List;

/**
 * The bowls of all budgets with one shape: for a given shape least squares, so that only the shape
 * is searched (variable projection, Golub and Pereyra 1973). Noise is relative to the loss and a
 * power of compute ({@link BudgetNoise}).
 *
 * <p>A shape is judged by its marginal likelihood: everything else (three coefficients a budget and
 * the noise) is integrated out with flat priors on the loss, slope and curvature at each curve's
 * centre and on the logarithm of the noise. Unlike the least sum of squares that does not prefer
 * the shape with the most freedom, and stays defined with a few points more than coefficients.
 */
final class BowlModel {

  /** Squared relative residuals below this share are rounding. */
  static final double ROUNDING = 1e-26;

  private final List<Curve> curves;
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
   * @param kept which points count, by curve; at least three different sizes of each
   * @param smooth an earlier estimate of every point's loss without its noise, which sets weights
   */
  BowlModel(List<Curve> curves, boolean[][] kept, double[][] smooth) {
    this.curves = curves;
    this.kept = kept;
    this.smooth = smooth;
    counts = new int[curves.size()];
    lowest = new double[curves.size()];
    freedom = new int[curves.size()];
    lnFlops = new double[curves.size()];
    int most = 0;
    for (int k = 0; k < counts.length; k++) {
      lowest[k] = Double.POSITIVE_INFINITY;
      for (int i = 0; i < kept[k].length; i++) {
        if (kept[k][i]) {
          counts[k]++;
          lowest[k] = Math.min(lowest[k], smooth[k][i]);
        }
      }
      freedom[k] = counts[k] - 3;
      lnFlops[k] = Math.log(curves.get(k).group().flops());
      most = Math.max(most, counts[k]);
    }
    work = new double[4][most];
  }

  /** Prepares a model of curves that are parts of those of a fit, all points counted. */
  static BowlModel around(List<Curve> curves, Solved solved, BowlFit fit, List<Integer> at) {
    boolean[][] kept = new boolean[curves.size()][];
    double[][] smooth = new double[curves.size()][];
    for (int j = 0; j < kept.length; j++) {
      Curve part = curves.get(j);
      Bowl bowl = solved.bowl(fit.model().curves().get(at.get(j)), at.get(j));
      kept[j] = new boolean[part.size()];
      smooth[j] = new double[part.size()];
      for (int i = 0; i < part.size(); i++) {
        kept[j][i] = true;
        smooth[j][i] = Math.max(bowl.lossAt(part.x(i), part.d(i)), part.loss(i) / 2);
      }
    }
    return new BowlModel(curves, kept, smooth);
  }

  /**
   * Returns the model of every m-th kept point of each curve, so that about so many points are
   * left; itself where there are no more.
   */
  BowlModel thinned(int most) {
    int points = Arrays.stream(counts).sum();
    if (points <= most) {
      return this;
    }
    int every = points / most + 1;
    boolean[][] fewer = new boolean[kept.length][];
    for (int k = 0; k < fewer.length; k++) {
      fewer[k] = kept[k].clone();
      int step = Math.min(every, Math.max(1, counts[k] / Curve.FEWEST_SIZES / 2));
      int seen = 0;
      for (int i = 0; i < fewer[k].length; i++) {
        fewer[k][i] = kept[k][i] && seen++ % step == 0;
      }
    }
    return new BowlModel(curves, fewer, smooth);
  }

  List<Curve> curves() {
    return curves;
  }

  boolean kept(int k, int point) {
    return kept[k][point];
  }

  /** Returns how many points there are beyond the coefficients. */
  int freedom() {
    return Arrays.stream(freedom).sum();
  }

  /** Returns the standard deviation of a point's loss, in units of its budget's relative noise. */
  double deviation(BowlShape shape, int k, int point) {
    return smooth[k][point] * widening(shape, k, point);
  }

  /** Returns a point's relative noise over that at the bottom of its curve, 1 or more. */
  double widening(BowlShape shape, int k, int point) {
    double height = shape.locality() * Math.max(0, smooth[k][point] / lowest[k] - 1);
    return Math.sqrt(1 + height * height);
  }

  /** The model solved for one shape. */
  static final class Solved {

    private final BowlShape shape;
    private final LeastSquares.Solution[] bowls;
    private final BudgetNoise noise;
    private final double lnPosterior;

    private Solved(
        BowlShape shape, LeastSquares.Solution[] bowls, BudgetNoise noise, double lnPosterior) {
      this.shape = shape;
      this.bowls = bowls;
      this.noise = noise;
      this.lnPosterior = lnPosterior;
    }

    BowlShape shape() {
      return shape;
    }

    /** Returns the least-squares solution of curve k. */
    LeastSquares.Solution solution(int k) {
      return bowls[k];
    }

    /** Returns the noise that the residuals show. */
    BudgetNoise noise() {
      return noise;
    }

    /** Returns ln of the posterior density of the shape, but for a constant. */
    double lnPosterior() {
      return lnPosterior;
    }

    Bowl bowl(Curve curve, int k) {
      double[] c = bowls[k].coefficients();
      return new Bowl(curve, shape, c[0], c[1], c[2]);
    }
  }

  /** Returns a point's row of the design, in units of its own noise but for the budget's. */
  double[] row(BowlShape shape, int k, int point) {
    Curve curve = curves.get(k);
    double weight = 1 / deviation(shape, k, point);
    return new double[] {
      weight,
      weight * Math.exp(-shape.alpha() * curve.x(point)),
      weight * Math.exp(-shape.beta() * curve.d(point))
    };
  }

  /** Fits one curve alone, with one shape, to some of its points. Thread-safe. */
  LeastSquares.Solution bowl(BowlShape shape, int k, boolean[] points) {
    double[][] columns = new double[4][points.length];
    return LeastSquares.solve(columns, fill(columns, shape, k, points));
  }

  private int fill(double[][] columns, BowlShape shape, int k, boolean[] points) {
    int row = 0;
    for (int i = 0; i < points.length; i++) {
      if (points[i]) {
        double[] columnsOfRow = row(shape, k, i);
        for (int j = 0; j < 3; j++) {
          columns[j][row] = columnsOfRow[j];
        }
        columns[3][row] = columnsOfRow[0] * curves.get(k).loss(i);
        row++;
      }
    }
    return row;
  }

  /** Solves for a shape. Not to be called from several threads at once. */
  Solved solve(BowlShape shape) {
    LeastSquares.Solution[] bowls = new LeastSquares.Solution[curves.size()];
    double[] squares = new double[bowls.length];
    double evidence = 0;
    double alpha = shape.alpha();
    double beta = shape.beta();
    // Determinant of (loss, slope, curvature at the centre) against (e, p, q).
    double lnPrior = Math.log(alpha * beta * (alpha + beta));
    for (int k = 0; k < bowls.length; k++) {
      int rows = fill(work, shape, k, kept[k]);
      double scale = 0;
      for (int i = 0; i < rows; i++) {
        evidence += Math.log(work[0][i]);
        scale += work[3][i] * work[3][i];
      }
      bowls[k] = LeastSquares.solve(work, rows);
      squares[k] = bowls[k].squares() + ROUNDING * scale;
      evidence += lnPrior - bowls[k].lnDeterminant();
    }
    BudgetNoise noise = new BudgetNoise(squares, freedom, lnFlops);
    double lnPosterior = evidence + noise.lnEvidence() + shape.lnPrior();
    return new Solved(
        shape, bowls, noise, Double.isNaN(lnPosterior) ? Double.NEGATIVE_INFINITY : lnPosterior);
  }
}
