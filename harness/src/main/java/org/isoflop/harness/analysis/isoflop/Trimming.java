package org.isoflop.harness.analysis.isoflop;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.isoflop.harness.analysis.isoflop.CurveModel.Shape;

/**
 * A start that outliers cannot spoil: the shape, and at every budget the three quarters of the
 * points, that lie closest to one bowl (least trimmed squares with concentration steps, Rousseeuw
 * and Van Driessen 2006). Every third point or so may be wrong without moving it.
 */
final class Trimming {

  private static final double[] EXPONENTS = {0.1, 0.2, 0.35, 0.6, 1.0};
  private static final double KEPT = 0.75;

  /** All triples of so many points are tried; of more, a sample of triples. */
  private static final int ALL_TRIPLES_OF = 10;

  private static final int TRIPLES = 150;

  /** So many points of a curve show its shape. */
  private static final int ENOUGH = 200;

  private static final int CONCENTRATIONS = 2;
  private static final long SEED = 1;

  /** Losses are computed in float32 at best: a squared share of less is rounding. */
  private static final double ROUNDING = 1e-14;

  private final Shape shape;
  private final boolean[][] kept;
  private final double[][] fitted;
  private final BudgetNoise noise;

  private Trimming(Shape shape, boolean[][] kept, double[][] fitted, BudgetNoise noise) {
    this.shape = shape;
    this.kept = kept;
    this.fitted = fitted;
    this.noise = noise;
  }

  /** Returns the shape under which the kept points lie closest to bowls. */
  Shape shape() {
    return shape;
  }

  /** Returns which points are kept, by curve; a copy. */
  boolean[][] kept() {
    return Arrays.stream(kept).map(boolean[]::clone).toArray(boolean[][]::new);
  }

  /** Returns the loss of every point by its curve's bowl, a copy. */
  double[][] fitted() {
    return Arrays.stream(fitted).map(double[]::clone).toArray(double[][]::new);
  }

  /** Returns the scale of each budget's noise against the others', as the kept points have it. */
  double[] scale() {
    return IntStream.range(0, kept.length).mapToDouble(noise::scale).toArray();
  }

  /** Finds the start. */
  static Trimming of(List<BudgetPoints> curves) {
    // The shape does not need every point of a curve that has hundreds.
    List<BudgetPoints> thin = curves.stream().map(Trimming::thinned).toList();
    Shape best = new Shape(EXPONENTS[0], EXPONENTS[0], 0);
    double least = Double.POSITIVE_INFINITY;
    for (double alpha : EXPONENTS) {
      for (double beta : EXPONENTS) {
        Shape shape = new Shape(alpha, beta, 0);
        double sum = 0;
        for (int k = 0; k < thin.size() && sum < least; k++) {
          Search search = new Search(thin.get(k), shape);
          sum += search.squares(search.run());
        }
        if (sum < least) {
          least = sum;
          best = shape;
        }
      }
    }
    boolean[][] kept = new boolean[curves.size()][];
    double[][] fitted = new double[curves.size()][];
    double[] squares = new double[curves.size()];
    int[] freedom = new int[curves.size()];
    double[] lnFlops = new double[curves.size()];
    for (int k = 0; k < kept.length; k++) {
      Search search = new Search(curves.get(k), best);
      if (thin.get(k).size() < curves.get(k).size()) {
        Search part = new Search(thin.get(k), best);
        part.run();
        search.beginAt(part);
      }
      kept[k] = search.run();
      fitted[k] = search.fitted();
      squares[k] = search.squares(kept[k]) + ROUNDING;
      freedom[k] = search.keep - 3;
      lnFlops[k] = Math.log(curves.get(k).group().flops());
    }
    return new Trimming(best, kept, fitted, new BudgetNoise(squares, freedom, lnFlops));
  }

  private static BudgetPoints thinned(BudgetPoints curve) {
    int every = Math.max(1, curve.size() / ENOUGH);
    return every == 1
        ? curve
        : curve.only(
            IntStream.range(0, curve.size()).filter(i -> i % every == every / 2).toArray());
  }

  /** The search in one curve for one shape. */
  private static final class Search {

    private final int n;
    private final int keep;
    private final double[] u;
    private final double[] v;
    private final double[] y;
    private final double[] c = new double[3];
    private final double[] r;
    private double least = Double.POSITIVE_INFINITY;
    private double[] best;

    Search(BudgetPoints curve, Shape shape) {
      n = curve.size();
      keep = Math.max((int) Math.ceil(KEPT * n), Math.min(n, BudgetPoints.FEWEST_SIZES));
      u = new double[n];
      v = new double[n];
      y = new double[n];
      r = new double[n];
      for (int i = 0; i < n; i++) {
        u[i] = Math.exp(-shape.alpha() * curve.x(i));
        v[i] = Math.exp(-shape.beta() * curve.d(i));
        y[i] = curve.loss(i);
      }
    }

    /** Takes the bowl that a part of the curve has found, instead of searching. */
    void beginAt(Search part) {
      best = part.c.clone();
    }

    /** Returns which points lie closest to one bowl. */
    boolean[] run() {
      if (best != null) {
        return concentrated();
      }
      if (n <= ALL_TRIPLES_OF) {
        for (int i = 0; i < n; i++) {
          for (int j = i + 1; j < n; j++) {
            for (int k = j + 1; k < n; k++) {
              attempt(i, j, k);
            }
          }
        }
      } else {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int t = 0; t < TRIPLES; t++) {
          attempt(random.nextInt(n), random.nextInt(n), random.nextInt(n));
        }
      }
      if (best == null) {
        boolean[] all = new boolean[n];
        Arrays.fill(all, true);
        least(all);
        best = c.clone();
      }
      return concentrated();
    }

    private boolean[] concentrated() {
      System.arraycopy(best, 0, c, 0, 3);
      boolean[] kept = closest();
      for (int step = 0; step < CONCENTRATIONS; step++) {
        least(kept);
        kept = closest();
      }
      least(kept);
      return kept;
    }

    double[] fitted() {
      double[] fitted = new double[n];
      for (int i = 0; i < n; i++) {
        fitted[i] = c[0] + c[1] * u[i] + c[2] * v[i];
      }
      return fitted;
    }

    double squares(boolean[] kept) {
      residuals();
      double squares = 0;
      for (int i = 0; i < n; i++) {
        squares += kept[i] ? r[i] * r[i] : 0;
      }
      return squares;
    }

    /** Tries the bowl through three points; one that does not open upward is none. */
    private void attempt(int i, int j, int k) {
      double u1 = u[j] - u[i];
      double u2 = u[k] - u[i];
      double v1 = v[j] - v[i];
      double v2 = v[k] - v[i];
      double det = u1 * v2 - u2 * v1;
      double p = ((y[j] - y[i]) * v2 - (y[k] - y[i]) * v1) / det;
      double q = (u1 * (y[k] - y[i]) - u2 * (y[j] - y[i])) / det;
      if (!(p > 0) || !(q > 0)) {
        return;
      }
      c[0] = y[i] - p * u[i] - q * v[i];
      c[1] = p;
      c[2] = q;
      residuals();
      double[] sorted = r.clone();
      Arrays.sort(sorted);
      double sum = 0;
      for (int m = 0; m < keep; m++) {
        sum += sorted[m] * sorted[m];
      }
      if (sum < least) {
        least = sum;
        best = c.clone();
      }
    }

    private void residuals() {
      for (int i = 0; i < n; i++) {
        r[i] = Math.abs((c[0] + c[1] * u[i] + c[2] * v[i]) / y[i] - 1);
      }
    }

    private boolean[] closest() {
      residuals();
      double[] sorted = r.clone();
      Arrays.sort(sorted);
      boolean[] kept = new boolean[n];
      int count = 0;
      for (int i = 0; i < n && count < keep; i++) {
        if (r[i] <= sorted[keep - 1]) {
          kept[i] = true;
          count++;
        }
      }
      return kept;
    }

    private void least(boolean[] kept) {
      double[][] columns = new double[4][n];
      int row = 0;
      for (int i = 0; i < n; i++) {
        if (kept[i]) {
          columns[0][row] = 1 / y[i];
          columns[1][row] = u[i] / y[i];
          columns[2][row] = v[i] / y[i];
          columns[3][row] = 1;
          row++;
        }
      }
      System.arraycopy(LeastSquares.solve(columns, row).coefficients(), 0, c, 0, 3);
    }
  }
}
