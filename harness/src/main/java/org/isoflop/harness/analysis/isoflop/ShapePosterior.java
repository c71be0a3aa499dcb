package org.isoflop.harness.analysis.isoflop;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Which shapes the points allow: a grid around the most likely one of every locality, weighted. The
 * grid follows the posterior's own axes and widths (as INLA does for hyperparameters; Rue, Martino
 * and Chopin 2009), so it is as fine as the data are sharp.
 */
final class ShapePosterior {

  private static final double STEP = 0.75;
  private static final int STEPS = 4;

  /** Localities so much less likely, in ln, than the best are left out. */
  private static final double UNLIKELY = 9;

  /** So are single shapes. */
  private static final double NEGLIGIBLE = 12;

  private static final int FEW = 24;

  private static final double WIDEST = 0.7;

  private final List<BowlModel.Solved> nodes;
  private final double[] cumulative;

  private ShapePosterior(List<BowlModel.Solved> nodes, double[] cumulative) {
    this.nodes = nodes;
    this.cumulative = cumulative;
  }

  /** A shape of the grid and ln of its weight. */
  private record Node(BowlModel.Solved solved, double lnWeight) {}

  /** Weighs the shapes of a model. */
  static ShapePosterior of(BowlModel model) {
    BowlModel searched = model.thinned(ShapeSearch.ENOUGH);
    List<BowlModel.Solved> modes = new ArrayList<>();
    double best = Double.NEGATIVE_INFINITY;
    int bestAt = 0;
    for (int i = 0; i < ShapeSearch.localities(); i++) {
      modes.add(ShapeSearch.mode(searched, i, i == 0 ? null : modes.get(bestAt)));
      double value = ShapeSearch.lnPosterior(modes.get(i), i);
      if (value > best) {
        best = value;
        bestAt = i;
      }
    }
    List<Node> all = new ArrayList<>();
    for (int i = 0; i < modes.size(); i++) {
      if (ShapeSearch.lnPosterior(modes.get(i), i) > best - UNLIKELY) {
        grid(searched, modes.get(i), i, all);
      }
    }
    double most = all.stream().mapToDouble(Node::lnWeight).max().orElseThrow();
    List<Node> likely =
        all.stream()
            .filter(node -> node.lnWeight() > most - NEGLIGIBLE)
            .sorted(Comparator.comparingDouble(Node::lnWeight).reversed())
            // Of very many points each shape costs a pass over all of them.
            .limit(searched == model ? Long.MAX_VALUE : FEW)
            .toList();
    double[] cumulative =
        likely.stream().mapToDouble(node -> Math.exp(node.lnWeight() - most)).toArray();
    Arrays.parallelPrefix(cumulative, Double::sum);
    List<BowlModel.Solved> nodes =
        likely.stream()
            .map(Node::solved)
            .map(node -> searched == model ? node : model.solve(node.shape()))
            .toList();
    return new ShapePosterior(nodes, cumulative);
  }

  /** Draws a shape, solved. */
  BowlModel.Solved draw(SplittableRandom random) {
    double u = random.nextDouble() * cumulative[cumulative.length - 1];
    int at = Arrays.binarySearch(cumulative, u);
    return nodes.get(Math.min(nodes.size() - 1, at < 0 ? -at - 1 : at));
  }

  private static void grid(BowlModel model, BowlModel.Solved mode, int locality, List<Node> nodes) {
    double a = Math.log(mode.shape().alpha());
    double b = Math.log(mode.shape().beta());
    double[][] axes = axes(model, a, b, mode.shape().locality());
    // The area a node stands for grows with the axes, which differ between localities.
    double lnArea = Math.log(Math.abs(axes[0][0] * axes[1][1] - axes[0][1] * axes[1][0]));
    for (int i = -STEPS; i <= STEPS; i++) {
      for (int j = -STEPS; j <= STEPS; j++) {
        double atA = a + STEP * (i * axes[0][0] + j * axes[1][0]);
        double atB = b + STEP * (i * axes[0][1] + j * axes[1][1]);
        if (ShapeSearch.allowed(atA, atB)) {
          BowlModel.Solved node =
              model.solve(new BowlShape(Math.exp(atA), Math.exp(atB), mode.shape().locality()));
          nodes.add(new Node(node, ShapeSearch.lnPosterior(node, locality) + lnArea));
        }
      }
    }
  }

  /** Returns the two directions one standard deviation long along which the posterior falls. */
  private static double[][] axes(BowlModel model, double a, double b, double locality) {
    double h = 0.05;
    double centre = ShapeSearch.value(model, a, b, locality);
    // Shrinks the step until the posterior falls by about a unit over it: sharp data need that.
    for (int i = 0; i < 60; i++) {
      double fall =
          centre
              - Math.min(
                  ShapeSearch.value(model, a + h, b, locality),
                  ShapeSearch.value(model, a, b + h, locality));
      if (fall < 2) {
        break;
      }
      h /= 2;
    }
    double aa = second(model, a, b, h, 0, locality, centre) / (h * h);
    double bb = second(model, a, b, 0, h, locality, centre) / (h * h);
    double ab =
        (ShapeSearch.value(model, a + h, b + h, locality)
                - ShapeSearch.value(model, a + h, b - h, locality)
                - ShapeSearch.value(model, a - h, b + h, locality)
                + ShapeSearch.value(model, a - h, b - h, locality))
            / (4 * h * h);
    double mean = -(aa + bb) / 2;
    double half = -(aa - bb) / 2;
    double off = -ab;
    double root = Math.hypot(half, off);
    double angle = 0.5 * Math.atan2(off, half);
    double wide = deviation(mean + root);
    double narrow = deviation(mean - root);
    return new double[][] {
      {wide * Math.cos(angle), wide * Math.sin(angle)},
      {-narrow * Math.sin(angle), narrow * Math.cos(angle)}
    };
  }

  private static double deviation(double curvature) {
    return Math.min(WIDEST, 1 / Math.sqrt(Math.max(curvature, 1e-9)));
  }

  private static double second(
      BowlModel model, double a, double b, double da, double db, double locality, double centre) {
    return ShapeSearch.value(model, a + da, b + db, locality)
        - 2 * centre
        + ShapeSearch.value(model, a - da, b - db, locality);
  }
}
