package org.isoflop.harness.analysis.law;

/**
 * Minimises an objective from a start by Newton's method on the exact second derivatives, damped by
 * the Gauss-Newton matrix (Levenberg) so that every step goes downhill. One instance serves one
 * thread and allocates nothing between fits.
 */
final class LawNewton {

  private static final int STEPS = 300;
  private static final int STEPS_ON_THE_WAY = 30;

  /** The largest change of a coordinate in one step: a factor e of a term or an exponent. */
  private static final double LARGEST_STEP = 1;

  private static final double SMALLEST_STEP = 1e-11;

  /** A gain this far below the value is rounding. */
  private static final double SMALLEST_GAIN = 1e-13;

  /** A value below this a point leaves residuals of 1e-13, all rounding: the law is exact. */
  private static final double EXACT = 1e-26;

  /** Below this share of the mean loss, E is tried at zero. */
  private static final double SMALL_E = 0.02;

  private Expansion here = new Expansion();
  private Expansion there = new Expansion();
  private final double[] matrix = new double[Expansion.PACKED];
  private final double[] step = new double[Frame.SIZE];
  private final double[] trial = new double[Frame.SIZE];
  private final double[] withoutE = new double[Frame.SIZE];

  /**
   * Moves a position to a minimum. E ends at exactly zero (the coordinate at −∞) where no positive
   * one fits better.
   *
   * @param position a rough start; replaced by the minimum
   * @return the objective's value with the last delta
   */
  double minimize(LawObjective objective, double[] position) {
    return minimize(objective, position, 0);
  }

  /** The same from a start that should be near, for which the widest deltas are left out. */
  double minimizeNear(LawObjective objective, double[] position) {
    return minimize(objective, position, Math.max(0, objective.deltas().length - 2));
  }

  private double minimize(LawObjective objective, double[] position, int from) {
    double[] deltas = objective.deltas();
    int last = deltas.length - 1;
    for (int stage = from; stage < last; stage++) {
      descend(objective, position, deltas[stage], STEPS_ON_THE_WAY, 1e-4);
    }
    double value = descend(objective, position, deltas[last], STEPS, SMALLEST_GAIN);
    if (position[Frame.E] < Math.log(SMALL_E)) {
      System.arraycopy(position, 0, withoutE, 0, Frame.SIZE);
      withoutE[Frame.E] = Double.NEGATIVE_INFINITY;
      double at0 = descend(objective, withoutE, deltas[last], STEPS, SMALLEST_GAIN);
      if (at0 <= value * (1 + 1e-9)) {
        System.arraycopy(withoutE, 0, position, 0, Frame.SIZE);
        return at0;
      }
    }
    return value;
  }

  private double descend(
      LawObjective objective, double[] position, double delta, int steps, double gain) {
    objective.expand(position, delta, here);
    double damping = 1e-3;
    for (int i = 0; i < steps; i++) {
      if (!dampedStep(damping)) {
        damping = Math.max(10 * damping, 1e-3);
        if (damping > 1e12) {
          break;
        }
        continue;
      }
      double largest = shorten();
      for (int j = 0; j < Frame.SIZE; j++) {
        trial[j] = position[j] + step[j];
      }
      double predicted = predictedGain();
      objective.expand(trial, delta, there);
      double gained = here.value - there.value;
      if (gained >= 0) {
        System.arraycopy(trial, 0, position, 0, Frame.SIZE);
        Expansion swap = here;
        here = there;
        there = swap;
      }
      if (largest < SMALLEST_STEP
          || predicted <= gain * here.value
          || here.value <= EXACT * objective.data().size()) {
        break;
      }
      if (gained > 0.75 * predicted) {
        damping /= 10;
      } else if (!(gained > 0.25 * predicted)) {
        damping = Math.max(damping * (gained >= 0 ? 4 : 10), 1e-6);
      }
    }
    return here.value;
  }

  /** Solves for the step; false where the damped matrix is not positive definite. */
  private boolean dampedStep(double damping) {
    for (int k = 0; k < matrix.length; k++) {
      matrix[k] = here.hessian[k] + damping * here.gauss[k];
    }
    for (int j = 0; j < Frame.SIZE; j++) {
      int diagonal = Cholesky.at(j, j);
      // A coordinate nothing depends on (E at zero) stays where it is.
      matrix[diagonal] += here.gauss[diagonal] == 0 ? 1 : 1e-12 * here.gauss[diagonal];
      step[j] = -here.gradient[j];
    }
    return Cholesky.solve(Frame.SIZE, matrix, step);
  }

  private double shorten() {
    double largest = 0;
    for (double change : step) {
      largest = Math.max(largest, Math.abs(change));
    }
    if (largest > LARGEST_STEP) {
      for (int j = 0; j < Frame.SIZE; j++) {
        step[j] *= LARGEST_STEP / largest;
      }
    }
    return largest;
  }

  private double predictedGain() {
    double gain = 0;
    for (int j = 0; j < Frame.SIZE; j++) {
      gain -= here.gradient[j] * step[j];
      for (int k = 0; k < Frame.SIZE; k++) {
        double h = here.hessian[Cholesky.at(Math.max(j, k), Math.min(j, k))];
        gain -= 0.5 * step[j] * step[k] * h;
      }
    }
    return gain;
  }
}
