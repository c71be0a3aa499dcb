package org.isoflop.harness.analysis.law;

import static org.isoflop.harness.analysis.law.LawData.A;
import static org.isoflop.harness.analysis.law.LawData.ALPHA;
import static org.isoflop.harness.analysis.law.LawData.B;
import static org.isoflop.harness.analysis.law.LawData.BETA;
import static org.isoflop.harness.analysis.law.LawData.E;
import static org.isoflop.harness.analysis.law.LawData.SIZE;

import java.util.Arrays;
import java.util.OptionalDouble;
import org.isoflop.harness.analysis.law.LawFit.Criterion;

/**
 * What a criterion makes of a law at some points, and its minimum by Newton's method on exact
 * second derivatives, damped by the Gauss-Newton matrix (Levenberg) so that every step goes
 * downhill. Everything is a function of the position of {@link LawData}: there ln of the law is a
 * log-sum-exp of three functions that are linear but for the two exponents, whose derivatives are
 * the terms' shares of the loss.
 *
 * <p>Second derivatives are needed: most residuals lie where Huber's loss is straight, and
 * reweighted least squares, which the libraries have, creep there. One instance serves one thread.
 */
final class LawObjective {

  /** Width of Huber's quadratic part, in ln L (Hoffmann et al. 2022, section 3.3). */
  static final double HUBER_DELTA = 1e-3;

  private static final int STEPS = 300;
  private static final int STEPS_ON_THE_WAY = 30;

  /** The largest change of a coordinate in one step: a factor e of a term or an exponent. */
  private static final double LARGEST_STEP = 1;

  private static final double SMALLEST_STEP = 1e-11;

  /** A gain this far below the value is rounding. */
  private static final double SMALLEST_GAIN = 1e-13;

  private static final double SMALLEST_GAIN_ON_THE_WAY = 1e-4;

  /** A value below this a point leaves residuals of 1e-13, all rounding: the law is exact. */
  private static final double EXACT = 1e-26;

  /** Below this share of the mean loss, E is tried at zero, to which it otherwise creeps. */
  private static final double SMALL_E = 0.1;

  private static final double FIRST_DAMPING = 1e-3;
  private static final double LEAST_DAMPING = 1e-4;
  private static final double MOST_DAMPING = 1e12;

  private final LawData data;
  private final Criterion criterion;
  private final OptionalDouble held;
  private Expansion here = new Expansion();
  private Expansion there = new Expansion();
  private final double[][] damped = new double[SIZE][SIZE];

  LawObjective(LawData data, Criterion criterion) {
    this(data, criterion, OptionalDouble.empty());
  }

  /**
   * Prepares to fit.
   *
   * @param held what a = beta/(alpha + beta) is held at, which ties ln alpha to ln beta
   */
  LawObjective(LawData data, Criterion criterion, OptionalDouble held) {
    this.data = data;
    this.criterion = criterion;
    this.held = held;
  }

  /** The objective about a position to second order; of the matrices only the lower triangle. */
  static final class Expansion {
    double value;
    final double[] gradient = new double[SIZE];

    /** The exact second derivatives, which may be indefinite. */
    final double[][] hessian = new double[SIZE][SIZE];

    /** The Gauss-Newton matrix with each residual at its robust weight: never negative. */
    final double[][] gauss = new double[SIZE][SIZE];

    /** The law's coordinates, and its terms' shares of the loss at the point in hand. */
    private double e;

    private double lnA;
    private double lnB;
    private double alpha;
    private double beta;
    private final double[] slope = new double[SIZE];

    /** Moves to a position, all sums zero. */
    void at(double[] position) {
      e = Math.exp(position[E]);
      lnA = position[A];
      lnB = position[B];
      alpha = Math.exp(position[ALPHA]);
      beta = Math.exp(position[BETA]);
      value = 0;
      Arrays.fill(gradient, 0);
      for (int j = 0; j < SIZE; j++) {
        Arrays.fill(hessian[j], 0);
        Arrays.fill(gauss[j], 0);
      }
    }

    /** Makes both exponents one coordinate, beta's; alpha's then has no part in anything. */
    private void tieExponents() {
      gradient[BETA] += gradient[ALPHA];
      gradient[ALPHA] = 0;
      for (double[][] matrix : new double[][][] {hessian, gauss}) {
        matrix[BETA][BETA] += 2 * matrix[BETA][ALPHA] + matrix[ALPHA][ALPHA];
        for (int k = 0; k < ALPHA; k++) {
          matrix[BETA][k] += matrix[ALPHA][k];
        }
        Arrays.fill(matrix[ALPHA], 0);
        matrix[BETA][ALPHA] = 0;
      }
    }
  }

  LawData data() {
    return data;
  }

  /**
   * Returns the widths of Huber's quadratic part to minimise with, one after the other: the wide
   * ones have no false minima and lead to the last, which is the criterion's own (for least
   * absolute deviations, one too narrow to matter).
   */
  double[] deltas() {
    return switch (criterion) {
      case HUBER_LOG -> new double[] {1e-1, 1e-2, HUBER_DELTA};
      case ABSOLUTE_LOG -> new double[] {1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6};
      case SQUARES -> new double[] {Double.POSITIVE_INFINITY};
    };
  }

  /** Returns the criterion itself, in the units of the points. */
  double criterion(double[] position) {
    double sum = 0;
    for (int i = 0; i < data.size(); i++) {
      double size = Math.abs(residual(position, i));
      sum +=
          data.weights[i]
              * switch (criterion) {
                case HUBER_LOG -> huber(size, HUBER_DELTA);
                case ABSOLUTE_LOG -> size;
                case SQUARES -> size * size * data.meanLoss * data.meanLoss;
              };
    }
    return sum;
  }

  private static double huber(double size, double delta) {
    return size <= delta ? 0.5 * size * size : delta * (size - 0.5 * delta);
  }

  /** Returns whether residuals are of ln L rather than of L. */
  boolean logarithmic() {
    return criterion != Criterion.SQUARES;
  }

  /** Returns the law's loss at a point, as a multiple of the mean. */
  double loss(double[] position, int i) {
    return Math.exp(position[E])
        + Math.exp(position[A] - Math.exp(position[ALPHA]) * data.lnParams[i])
        + Math.exp(position[B] - Math.exp(position[BETA]) * data.lnTokens[i]);
  }

  /** Returns the law less the point, as the criterion takes the difference. */
  double residual(double[] position, int i) {
    double loss = loss(position, i);
    return logarithmic() ? Math.log(loss) - data.lnLoss[i] : loss - Math.exp(data.lnLoss[i]);
  }

  /** Expands half the sum of squares, or Huber's loss of this width, about a position. */
  void expand(double[] position, double delta, Expansion out) {
    out.at(position);
    for (int i = 0; i < data.size(); i++) {
      add(i, delta, out);
    }
    if (held.isPresent()) {
      out.tieExponents();
    }
  }

  /** Adds one point to the expansion about the position it is at. */
  void add(int i, double delta, Expansion out) {
    double lnParams = -out.alpha * data.lnParams[i];
    double lnTokens = -out.beta * data.lnTokens[i];
    double ofParams = Math.exp(out.lnA + lnParams);
    double ofTokens = Math.exp(out.lnB + lnTokens);
    double loss = out.e + ofParams + ofTokens;
    double[] slope = out.slope;
    slope[E] = out.e / loss;
    slope[A] = ofParams / loss;
    slope[B] = ofTokens / loss;
    slope[ALPHA] = slope[A] * lnParams;
    slope[BETA] = slope[B] * lnTokens;
    // Factors of the slope in the gradient, and of its outer product in the two matrices.
    double first;
    double outer;
    double robust;
    double weight = data.weights[i];
    if (criterion == Criterion.SQUARES) {
      double residual = loss - Math.exp(data.lnLoss[i]);
      out.value += weight * 0.5 * residual * residual;
      first = weight * residual * loss;
      outer = weight * loss * loss;
      robust = outer;
    } else {
      double residual = Math.log(loss) - data.lnLoss[i];
      double size = Math.abs(residual);
      boolean inside = size <= delta;
      out.value += weight * huber(size, delta);
      first = weight * (inside ? residual : Math.copySign(delta, residual));
      outer = (inside ? weight : 0) - first;
      robust = inside ? weight : weight * delta / size;
    }
    for (int j = 0; j < SIZE; j++) {
      out.gradient[j] += first * slope[j];
      double[] hessian = out.hessian[j];
      double[] gauss = out.gauss[j];
      double ofOuter = outer * slope[j];
      double ofRobust = robust * slope[j];
      for (int k = 0; k <= j; k++) {
        hessian[k] += ofOuter * slope[k];
        gauss[k] += ofRobust * slope[k];
      }
    }
    // The loss's own second derivatives, over the loss; those of the other pairs are zero.
    out.hessian[E][E] += first * slope[E];
    out.hessian[A][A] += first * slope[A];
    out.hessian[B][B] += first * slope[B];
    out.hessian[ALPHA][A] += first * slope[ALPHA];
    out.hessian[BETA][B] += first * slope[BETA];
    out.hessian[ALPHA][ALPHA] += first * slope[ALPHA] * (lnParams + 1);
    out.hessian[BETA][BETA] += first * slope[BETA] * (lnTokens + 1);
  }

  /**
   * Moves a position to a minimum. E ends at exactly zero (the coordinate at −∞) where no positive
   * one fits better.
   *
   * @param position a rough start; replaced by the minimum
   * @return the objective's value with the last delta
   */
  double minimize(double[] position) {
    return minimize(position, 0);
  }

  /** The same from a start that should be near, for which the widest deltas are left out. */
  double minimizeNear(double[] position) {
    return minimize(position, Math.max(0, deltas().length - 2));
  }

  private double minimize(double[] position, int from) {
    held.ifPresent(a -> position[ALPHA] = position[BETA] + Math.log((1 - a) / a));
    double[] deltas = deltas();
    int last = deltas.length - 1;
    for (int stage = from; stage < last; stage++) {
      descend(position, deltas[stage], STEPS_ON_THE_WAY, SMALLEST_GAIN_ON_THE_WAY);
    }
    double value = descend(position, deltas[last], STEPS, SMALLEST_GAIN);
    if (position[E] < Math.log(SMALL_E)) {
      double[] withoutE = position.clone();
      withoutE[E] = Double.NEGATIVE_INFINITY;
      double at0 = descend(withoutE, deltas[last], STEPS, SMALLEST_GAIN);
      if (at0 <= value * (1 + 1e-9)) {
        System.arraycopy(withoutE, 0, position, 0, SIZE);
        return at0;
      }
    }
    return value;
  }

  private double descend(double[] position, double delta, int steps, double smallestGain) {
    expand(position, delta, here);
    double[] step = new double[SIZE];
    double[] trial = new double[SIZE];
    double damping = FIRST_DAMPING;
    for (int i = 0; i < steps && damping <= MOST_DAMPING; i++) {
      if (!solve(damping, step)) {
        damping *= 10;
        continue;
      }
      double largest = 0;
      for (double change : step) {
        largest = Math.max(largest, Math.abs(change));
      }
      double promised = 0; // by the slope alone, of which a whole Newton step keeps half
      for (int j = 0; j < SIZE; j++) {
        step[j] *= Math.min(1, LARGEST_STEP / largest);
        trial[j] = position[j] + step[j];
        promised -= here.gradient[j] * step[j];
      }
      expand(trial, delta, there);
      double gained = here.value - there.value;
      if (gained >= 0) {
        System.arraycopy(trial, 0, position, 0, SIZE);
        Expansion swap = here;
        here = there;
        there = swap;
      }
      if (largest < SMALLEST_STEP
          || promised <= smallestGain * here.value
          || here.value <= EXACT * data.size()) {
        break;
      }
      if (gained > 0.4 * promised) {
        damping = Math.max(damping / 3, LEAST_DAMPING);
      } else if (!(gained > 0.25 * promised)) {
        damping *= gained >= 0 ? 4 : 10;
      }
    }
    return here.value;
  }

  /**
   * Solves for the step by elimination (LDLᵀ); false where the damped matrix is not positive
   * definite. With Hipparchus's Cholesky decomposition 300 refits of 116 and 240 points took 1.05
   * to 1.3 times the CPU time.
   */
  private boolean solve(double damping, double[] step) {
    double[][] m = damped;
    for (int j = 0; j < SIZE; j++) {
      for (int k = 0; k <= j; k++) {
        m[j][k] = here.hessian[j][k] + damping * here.gauss[j][k];
      }
      // A coordinate nothing depends on (E at zero) stays where it is.
      m[j][j] += here.gauss[j][j] == 0 ? 1 : 1e-12 * here.gauss[j][j];
      step[j] = -here.gradient[j];
    }
    for (int j = 0; j < SIZE; j++) {
      double whole = m[j][j];
      for (int k = 0; k < j; k++) {
        for (int l = 0; l < k; l++) {
          m[j][k] -= m[j][l] * m[k][l] * m[l][l];
        }
        m[j][k] /= m[k][k];
        m[j][j] -= m[j][k] * m[j][k] * m[k][k];
        step[j] -= m[j][k] * step[k];
      }
      if (!(m[j][j] > 1e-15 * whole)) {
        return false;
      }
    }
    for (int j = SIZE - 1; j >= 0; j--) {
      step[j] /= m[j][j];
      for (int k = j + 1; k < SIZE; k++) {
        step[j] -= m[k][j] * step[k];
      }
    }
    if (held.isPresent()) {
      step[ALPHA] = step[BETA];
    }
    return true;
  }
}
