package org.isoflop.harness.analysis.isoflop;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.hipparchus.exception.MathIllegalStateException;
import org.hipparchus.optim.InitialGuess;
import org.hipparchus.optim.MaxEval;
import org.hipparchus.optim.SimpleValueChecker;
import org.hipparchus.optim.nonlinear.scalar.GoalType;
import org.hipparchus.optim.nonlinear.scalar.ObjectiveFunction;
import org.hipparchus.optim.nonlinear.scalar.noderiv.NelderMeadSimplex;
import org.hipparchus.optim.nonlinear.scalar.noderiv.SimplexOptimizer;
import org.isoflop.harness.analysis.isoflop.CurveModel.Fit;
import org.isoflop.harness.analysis.isoflop.CurveModel.Shape;

/**
 * Which shapes the points allow. The most likely one is found by a simplex in (ln alpha, ln beta):
 * the posterior has a valley that is narrow where the data are sharp, and no derivatives worth
 * having at a noise-free optimum. About the most likely shape of every locality lies a weighted
 * grid along the posterior's own axes and widths (as INLA does for hyperparameters; Rue, Martino
 * and Chopin 2009), so it is as fine as the data are sharp; draws are taken from it.
 */
final class ShapePosterior {

  /** How local a fit may be. */
  private static final double[] LOCALITIES = {0, 10, 30, 100, 300};

  /** How likely each is before the data are seen: a form should be trusted until it fails. */
  private static final double[] PRIORS = {0.5, 0.2, 0.15, 0.1, 0.05};

  private static final double USUAL = 0.35;
  private static final double SMALLEST = Math.log(0.02);
  private static final double LARGEST = Math.log(3);
  private static final double LOWEST = -1e300;
  private static final int EVALUATIONS = 600;
  private static final double FIRST_SIZE = 0.3;
  private static final double NEAR_SIZE = 0.1;
  private static final double LATER_SIZE = 0.02;

  /** So many points show the shape; the curves then take all. */
  private static final int ENOUGH = 2000;

  private static final double STEP = 0.75;
  private static final int STEPS = 4;

  /** Localities so much less likely, in ln, than the best are left out. */
  private static final double UNLIKELY = 9;

  /** So are single shapes. */
  private static final double NEGLIGIBLE = 12;

  private static final int FEW = 24;
  private static final double WIDEST = 0.7;

  private final List<Fit> nodes;
  private final double[] cumulative;

  private ShapePosterior(List<Fit> nodes, double[] cumulative) {
    this.nodes = nodes;
    this.cumulative = cumulative;
  }

  /** Fits the most likely shape, whatever its locality. */
  static Fit mode(CurveModel model) {
    CurveModel searched = model.thinned(ENOUGH);
    Fit best = best(modes(searched));
    return searched == model ? best : model.fit(best.shape());
  }

  /** Fits the most likely shape as local as a given one, from there. */
  static Fit near(CurveModel model, Shape shape) {
    return climb(model, shape, NEAR_SIZE, 1);
  }

  /** Returns the most likely fits of every locality, each begun at the best one before it. */
  private static List<Fit> modes(CurveModel model) {
    List<Fit> modes = new ArrayList<>();
    double alpha = USUAL;
    double beta = USUAL;
    for (double locality : LOCALITIES) {
      // A simplex can collapse early in a narrow valley; a second one from there costs little.
      modes.add(climb(model, new Shape(alpha, beta, locality), FIRST_SIZE, 2));
      Shape best = best(modes).shape();
      alpha = best.alpha();
      beta = best.beta();
    }
    return modes;
  }

  /** Returns the most likely of fits, the first of equals. */
  private static Fit best(List<Fit> fits) {
    Fit best = fits.get(0);
    for (Fit fit : fits) {
      best = lnPosterior(fit) > lnPosterior(best) ? fit : best;
    }
    return best;
  }

  /** Returns ln of the posterior density, the prior of the locality included. */
  private static double lnPosterior(Fit fit) {
    return fit.lnPosterior()
        + Math.log(PRIORS[Arrays.binarySearch(LOCALITIES, fit.shape().locality())]);
  }

  private static Fit climb(CurveModel model, Shape start, double firstSize, int rounds) {
    Highest highest = new Highest(model, start);
    double size = firstSize;
    for (int round = 0; round < rounds; round++) {
      try {
        new SimplexOptimizer(new SimpleValueChecker(1e-14, 1e-9))
            .optimize(
                new MaxEval(EVALUATIONS),
                GoalType.MAXIMIZE,
                new ObjectiveFunction(highest::at),
                new InitialGuess(highest.place.clone()),
                new NelderMeadSimplex(new double[] {size, size}));
      } catch (MathIllegalStateException e) {
        // Out of evaluations: noise-free points pull the simplex into a hole without a floor, and
        // the highest place seen is as good as any further step.
        break;
      }
      size = LATER_SIZE;
    }
    return model.fit(shape(highest.place[0], highest.place[1], start.locality()));
  }

  /** Remembers the highest place of a climb. */
  private static final class Highest {

    private final CurveModel model;
    private final double locality;
    private double[] place;
    private double value;

    Highest(CurveModel model, Shape start) {
      this.model = model;
      locality = start.locality();
      place = new double[] {Math.log(start.alpha()), Math.log(start.beta())};
      value = at(place);
    }

    double at(double[] where) {
      double found = value(model, where[0], where[1], locality);
      if (found > value) {
        value = found;
        place = where.clone();
      }
      return found;
    }
  }

  private static Shape shape(double lnAlpha, double lnBeta, double locality) {
    return new Shape(Math.exp(lnAlpha), Math.exp(lnBeta), locality);
  }

  /** Returns ln of the posterior density of a shape, its locality given. */
  private static double value(CurveModel model, double lnAlpha, double lnBeta, double locality) {
    return allowed(lnAlpha, lnBeta)
        ? Math.max(LOWEST, model.fit(shape(lnAlpha, lnBeta, locality)).lnPosterior())
        : LOWEST;
  }

  /** Returns whether a shape lies where it is searched. */
  private static boolean allowed(double lnAlpha, double lnBeta) {
    return lnAlpha >= SMALLEST && lnBeta >= SMALLEST && lnAlpha <= LARGEST && lnBeta <= LARGEST;
  }

  /** A shape of the grid and ln of its weight. */
  private record Node(Fit fit, double lnWeight) {}

  /** Weighs the shapes of a model. */
  static ShapePosterior of(CurveModel model) {
    CurveModel searched = model.thinned(ENOUGH);
    List<Fit> modes = modes(searched);
    double best = lnPosterior(best(modes));
    List<Node> all =
        modes.stream()
            .filter(mode -> lnPosterior(mode) > best - UNLIKELY)
            .flatMap(mode -> grid(searched, mode.shape()).stream())
            .toList();
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
    List<Fit> nodes =
        likely.stream()
            .map(node -> searched == model ? node.fit() : model.fit(node.fit().shape()))
            .toList();
    return new ShapePosterior(nodes, cumulative);
  }

  /** Draws the curves of a shape. */
  Fit draw(SplittableRandom random) {
    double u = random.nextDouble() * cumulative[cumulative.length - 1];
    int at = Arrays.binarySearch(cumulative, u);
    return nodes.get(Math.min(nodes.size() - 1, at < 0 ? -at - 1 : at));
  }

  private static List<Node> grid(CurveModel model, Shape mode) {
    double a = Math.log(mode.alpha());
    double b = Math.log(mode.beta());
    double[][] axes = axes(model, a, b, mode.locality());
    // The area a node stands for grows with the axes, which differ between localities.
    double lnArea = Math.log(Math.abs(axes[0][0] * axes[1][1] - axes[0][1] * axes[1][0]));
    List<Node> nodes = new ArrayList<>();
    for (int i = -STEPS; i <= STEPS; i++) {
      for (int j = -STEPS; j <= STEPS; j++) {
        double atA = a + STEP * (i * axes[0][0] + j * axes[1][0]);
        double atB = b + STEP * (i * axes[0][1] + j * axes[1][1]);
        if (allowed(atA, atB)) {
          Fit fit = model.fit(shape(atA, atB, mode.locality()));
          nodes.add(new Node(fit, lnPosterior(fit) + lnArea));
        }
      }
    }
    return nodes;
  }

  /** Returns the two directions one standard deviation long along which the posterior falls. */
  private static double[][] axes(CurveModel model, double a, double b, double locality) {
    double h = 0.05;
    double centre = value(model, a, b, locality);
    // Shrinks the step until the posterior falls by about a unit over it: sharp data need that.
    for (int i = 0; i < 60; i++) {
      double lower = Math.min(value(model, a + h, b, locality), value(model, a, b + h, locality));
      if (centre - lower < 2) {
        break;
      }
      h /= 2;
    }
    double aa = second(model, a, b, h, 0, locality, centre) / (h * h);
    double bb = second(model, a, b, 0, h, locality, centre) / (h * h);
    double ab =
        (value(model, a + h, b + h, locality)
                - value(model, a + h, b - h, locality)
                - value(model, a - h, b + h, locality)
                + value(model, a - h, b - h, locality))
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
      CurveModel model, double a, double b, double da, double db, double locality, double centre) {
    return value(model, a + da, b + db, locality)
        - 2 * centre
        + value(model, a - da, b - db, locality);
  }
}
