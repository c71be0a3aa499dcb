package org.isoflop.harness.analysis.isoflop;

import java.util.SplittableRandom;

/** Draws of a noise whose scale is known from few degrees of freedom only. */
final class StudentWidth {

  /** From so many degrees of freedom on, the normal approximation is used: it costs one draw. */
  private static final int MANY = 200;

  private StudentWidth() {}

  /** Draws a sum of squares of that many standard normals. */
  static double chiSquare(SplittableRandom random, int freedom) {
    if (freedom > MANY) {
      // Wilson and Hilferty (1931).
      double spread = 2.0 / (9.0 * freedom);
      return freedom * Math.pow(1 - spread + Math.sqrt(spread) * random.nextGaussian(), 3);
    }
    double sum = 0;
    for (int i = 0; i < freedom; i++) {
      double normal = random.nextGaussian();
      sum += normal * normal;
    }
    return sum;
  }
}
