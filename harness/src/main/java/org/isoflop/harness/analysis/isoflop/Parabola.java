package org.isoflop.harness.analysis.isoflop;

/**
 * Loss against ln N at one budget: {@code minimum + curvature · (ln N − vertex)²}.
 *
 * @param vertex ln N at the bottom
 * @param minimum loss at the bottom, nats per token
 * @param curvature half the second derivative, nats per token; positive where it opens upward
 */
public record Parabola(double vertex, double minimum, double curvature) {

  /** Returns the loss at N parameters. */
  public double loss(double params) {
    double distance = Math.log(params) - vertex;
    return minimum + curvature * distance * distance;
  }
}
