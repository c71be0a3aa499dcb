package org.isoflop.harness.analysis.law;

import java.util.Arrays;
import java.util.OptionalDouble;

/**
 * What a criterion makes of a law at some points, with exact first and second derivatives in the
 * position of {@link Frame}.
 *
 * <p>There ln of the law is a log-sum-exp of three functions that are linear but for the two
 * exponents, whose derivatives are the terms' shares of the loss.
 */
final class LawObjective {

  /** Width of Huber's quadratic part, in ln L (Hoffmann et al. 2022, section 3.3). */
  static final double HUBER_DELTA = 1e-3;

  /** Standard deviation of a normal in its median absolute deviations. */
  private static final double NORMAL_DEVIATION = 1.4826;

  /** (9/2 · √(2π))^(1/5), where squared bias and variance of a window's count add up to least. */
  private static final double NORMAL_WINDOW = 1.623;

  /** Against at most δ a point: holds ln alpha − ln beta to 1e-7. */
  private static final double STIFFNESS = 1e4;

  private final LawData data;
  private final Criterion criterion;
  private final OptionalDouble held;

  LawObjective(LawData data, Criterion criterion) {
    this(data, criterion, OptionalDouble.empty());
  }

  /**
   * An objective that holds a = beta/(alpha + beta) at a value, which in a position is one linear
   * equation: a stiff spring keeps it to more digits than anybody reads.
   */
  LawObjective(LawData data, Criterion criterion, OptionalDouble held) {
    this.data = data;
    this.criterion = criterion;
    this.held = held;
  }

  /** Returns a start with alpha where the exponent that is held wants it. */
  double[] onHeld(double[] start) {
    if (held.isEmpty()) {
      return start;
    }
    double[] moved = start.clone();
    moved[Frame.ALPHA] = moved[Frame.BETA] + lnRatio();
    return moved;
  }

  private double lnRatio() {
    return Math.log((1 - held.getAsDouble()) / held.getAsDouble());
  }

  private void addSpring(double[] position, Expansion out) {
    double stiffness = STIFFNESS * data.size();
    double off = position[Frame.ALPHA] - position[Frame.BETA] - lnRatio();
    out.value += 0.5 * stiffness * off * off;
    out.gradient[Frame.ALPHA] += stiffness * off;
    out.gradient[Frame.BETA] -= stiffness * off;
    for (double[] matrix : new double[][] {out.hessian, out.gauss}) {
      matrix[Cholesky.at(Frame.ALPHA, Frame.ALPHA)] += stiffness;
      matrix[Cholesky.at(Frame.BETA, Frame.BETA)] += stiffness;
      matrix[Cholesky.at(Frame.BETA, Frame.ALPHA)] -= stiffness;
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
      double residual = Math.abs(residual(position, i));
      sum +=
          data.weight(i)
              * switch (criterion) {
                case HUBER_LOG -> huber(residual, HUBER_DELTA);
                case ABSOLUTE_LOG -> residual;
                case SQUARES -> residual * residual;
              };
    }
    double unit = data.frame().loss();
    return criterion == Criterion.SQUARES ? sum * unit * unit : sum;
  }

  private static double huber(double size, double delta) {
    return size <= delta ? 0.5 * size * size : delta * (size - 0.5 * delta);
  }

  /** Returns the law's loss at a point, as a multiple of the frame's. */
  double loss(double[] position, int i) {
    return Math.exp(position[Frame.E])
        + Math.exp(position[Frame.A] - Math.exp(position[Frame.ALPHA]) * data.params(i))
        + Math.exp(position[Frame.B] - Math.exp(position[Frame.BETA]) * data.tokens(i));
  }

  /** Returns the law less the point, as the criterion takes the difference. */
  double residual(double[] position, int i) {
    double loss = loss(position, i);
    return criterion == Criterion.SQUARES
        ? loss - Math.exp(data.lnLoss(i))
        : Math.log(loss) - data.lnLoss(i);
  }

  /** Returns whether residuals are of ln L rather than of L. */
  boolean logarithmic() {
    return criterion != Criterion.SQUARES;
  }

  /** Expands half the sum of squares, or Huber's loss of this width, about a position. */
  void expand(double[] position, double delta, Expansion out) {
    out.clear();
    out.at(position);
    for (int i = 0; i < data.size(); i++) {
      addPoint(delta, i, out);
    }
    if (held.isPresent()) {
      addSpring(position, out);
    }
  }

  /** Adds one point to the expansion about the position it is at. */
  void addPoint(double delta, int i, Expansion out) {
    double lnParams = -out.alpha * data.params(i);
    double lnTokens = -out.beta * data.tokens(i);
    double byParams = Math.exp(out.lnA + lnParams);
    double byTokens = Math.exp(out.lnB + lnTokens);
    double loss = out.e + byParams + byTokens;
    double[] slope = out.slope;
    slope[Frame.E] = out.e / loss;
    slope[Frame.A] = byParams / loss;
    slope[Frame.B] = byTokens / loss;
    slope[Frame.ALPHA] = slope[Frame.A] * lnParams;
    slope[Frame.BETA] = slope[Frame.B] * lnTokens;
    double weight = data.weight(i);
    if (criterion == Criterion.SQUARES) {
      double residual = loss - Math.exp(data.lnLoss(i));
      double first = weight * residual * loss;
      double square = weight * loss * loss;
      out.value += weight * 0.5 * residual * residual;
      out.add(first, square, square, lnParams, lnTokens);
    } else {
      double residual = Math.log(loss) - data.lnLoss(i);
      double size = Math.abs(residual);
      boolean inside = size <= delta;
      double first = weight * (inside ? residual : Math.copySign(delta, residual));
      double robust = inside ? weight : weight * delta / size;
      out.value += weight * huber(size, delta);
      out.add(first, (inside ? weight : 0) - first, robust, lnParams, lnTokens);
    }
  }

  /**
   * Returns a width of Huber's quadratic part that holds enough points to take second derivatives
   * by: the criterion's own, or where that is narrower, the half-width of a window that estimates
   * the density of normal residuals at zero best (the density of the points decides the curvature).
   */
  double smoothDelta(double[] position) {
    double[] deltas = deltas();
    double[] sizes = new double[data.size()];
    Arrays.setAll(sizes, i -> Math.abs(residual(position, i)));
    Arrays.sort(sizes);
    double deviation = NORMAL_DEVIATION * sizes[sizes.length / 2];
    double window = NORMAL_WINDOW * deviation * Math.pow(sizes.length, -0.2);
    return Math.max(deltas[deltas.length - 1], window);
  }
}
