package org.isoflop.harness.analysis.isoflop;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.hipparchus.exception.MathIllegalStateException;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.EigenDecompositionSymmetric;
import org.hipparchus.optim.InitialGuess;
import org.hipparchus.optim.MaxEval;
import org.hipparchus.optim.SimpleBounds;
import org.hipparchus.optim.nonlinear.scalar.GoalType;
import org.hipparchus.optim.nonlinear.scalar.ObjectiveFunction;
import org.hipparchus.optim.nonlinear.scalar.noderiv.BOBYQAOptimizer;
import org.isoflop.harness.analysis.isoflop.CurveModel.Fit;
import org.isoflop.harness.analysis.isoflop.CurveModel.Shape;

/**
 * Which shapes the points allow. The most likely one is found in (ln alpha, ln beta) by quadratics
 * through places tried (BOBYQA; Powell 2009): the posterior has a valley that is narrow where the
 * data are sharp, and no derivatives worth having at a noise-free optimum. About the most likely
 * shape of every locality lies a weighted grid along the posterior's own axes and widths (as INLA
 * does for hyperparameters; Rue, Martino and Chopin 2009), so it is as fine as the data are sharp;
 * draws are taken from it.
 *
 * @param nodes the curves of every shape of the grid, the likeliest first
 * @param cumulative their weights, each with those before it
 */
@SuppressWarnings("ArrayRecordComponent") // weights, never compared
record ShapePosterior(List<Fit> nodes, double[] cumulative) {

  /** How local a fit may be. */
  private static final double[] LOCALITIES = {0, 10, 30, 100, 300};

  /** How likely each is before the data are seen: a form should be trusted until it fails. */
  private static final double[] PRIORS = {0.5, 0.2, 0.15, 0.1, 0.05};

  private static final double USUAL = 0.35;
  private static final double SMALLEST = Math.log(0.02);
  private static final double LARGEST = Math.log(3);
  private static final double LOWEST = -1e100;
  private static final int EVALUATIONS = 600;

  /** Places the optimiser's quadratic goes through: 2n + 1, as its author has it. */
  private static final int INTERPOLATED = 5;

  /** First radii of its trust region, and the last, in ln alpha and ln beta. */
  private static final double FAR = 0.3;

  private static final double NEAR = 0.1;
  private static final double CLOSE = 1e-8;

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

  /** Of ln alpha and ln beta, to see how the posterior falls. */
  private static final double FIRST_STEP = 0.05;

  private static final int HALVINGS = 60;

  /** Fits the most likely shape, whatever its locality. */
  static Fit mode(CurveModel model) {
    CurveModel searched = model.thinned(ENOUGH);
    Fit best = best(modes(searched));
    return searched == model ? best : model.fit(best.shape());
  }

  /** Fits the most likely shape as local as a given one, from there. */
  static Fit near(CurveModel model, Shape shape) {
    return new Search(model, shape).climb(NEAR);
  }

  /** Returns the most likely fits of every locality, each begun at the best one before it. */
  private static List<Fit> modes(CurveModel model) {
    List<Fit> modes = new ArrayList<>();
    Shape best = new Shape(USUAL, USUAL, 0);
    for (double locality : LOCALITIES) {
      Shape start = new Shape(best.alpha(), best.beta(), locality);
      modes.add(new Search(model, start).climb(FAR));
      best = best(modes).shape();
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

  /** The posterior of the shapes of one locality about one of them, and the highest place seen. */
  private static final class Search {

    private final CurveModel model;
    private final double locality;
    private double[] place;
    private double highest;

    Search(CurveModel model, Shape start) {
      this.model = model;
      locality = start.locality();
      place = new double[] {Math.log(start.alpha()), Math.log(start.beta())};
      highest = at(place);
    }

    private Shape shape(double[] where) {
      return new Shape(Math.exp(where[0]), Math.exp(where[1]), locality);
    }

    /** Returns whether a shape lies where it is searched. */
    private static boolean allowed(double[] where) {
      return Arrays.stream(where).allMatch(at -> at >= SMALLEST && at <= LARGEST);
    }

    /** Returns ln of the posterior density in (ln alpha, ln beta), the locality given. */
    private double at(double... where) {
      double found =
          allowed(where) ? Math.max(LOWEST, model.fit(shape(where)).lnPosterior()) : LOWEST;
      if (found > highest) {
        highest = found;
        place = where.clone();
      }
      return found;
    }

    /** Returns the fit at the highest place, sought within so much of the start at first. */
    Fit climb(double radius) {
      double[] low = {SMALLEST, SMALLEST};
      double[] high = {LARGEST, LARGEST};
      try {
        new BOBYQAOptimizer(INTERPOLATED, radius, CLOSE)
            .optimize(
                new MaxEval(EVALUATIONS),
                GoalType.MAXIMIZE,
                new ObjectiveFunction(this::at),
                new InitialGuess(place.clone()),
                new SimpleBounds(low, high));
      } catch (MathIllegalStateException e) {
        // Where noise-free points make a hole without a floor no quadratic fits, and the highest
        // place seen is as good as any further step.
      }
      return model.fit(shape(place));
    }

    /** Returns the shapes about the start, along the axes of the posterior there. */
    List<Node> grid() {
      double[] centre = place;
      double[][] axes = axes(centre);
      // The area a node stands for grows with the axes, which differ between localities.
      double lnArea = Math.log(Math.abs(axes[0][0] * axes[1][1] - axes[0][1] * axes[1][0]));
      List<Node> nodes = new ArrayList<>();
      for (int i = -STEPS; i <= STEPS; i++) {
        for (int j = -STEPS; j <= STEPS; j++) {
          double[] where = {
            centre[0] + STEP * (i * axes[0][0] + j * axes[1][0]),
            centre[1] + STEP * (i * axes[0][1] + j * axes[1][1])
          };
          if (allowed(where)) {
            Fit fit = model.fit(shape(where));
            nodes.add(new Node(fit, ShapePosterior.lnPosterior(fit) + lnArea));
          }
        }
      }
      return nodes;
    }

    /** Returns the two directions one standard deviation long along which the posterior falls. */
    private double[][] axes(double[] centre) {
      double a = centre[0];
      double b = centre[1];
      double top = at(a, b);
      double h = FIRST_STEP;
      // Shrinks the step until the posterior falls by about a unit over it: sharp data need that.
      for (int i = 0; i < HALVINGS && top - Math.min(at(a + h, b), at(a, b + h)) >= 2; i++) {
        h /= 2;
      }
      double aa = 2 * top - at(a + h, b) - at(a - h, b);
      double bb = 2 * top - at(a, b + h) - at(a, b - h);
      double ab = (at(a + h, b - h) + at(a - h, b + h) - at(a + h, b + h) - at(a - h, b - h)) / 4;
      EigenDecompositionSymmetric curvature =
          new EigenDecompositionSymmetric(
              new Array2DRowRealMatrix(new double[][] {{aa, ab}, {ab, bb}})
                  .scalarMultiply(1 / (h * h)));
      return IntStream.range(0, 2)
          .mapToObj(
              i ->
                  curvature
                      .getEigenvector(i)
                      .mapMultiply(deviation(curvature.getEigenvalue(i)))
                      .toArray())
          .toArray(double[][]::new);
    }

    private static double deviation(double curvature) {
      return Math.min(WIDEST, 1 / Math.sqrt(Math.max(curvature, 1e-9)));
    }
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
            .flatMap(mode -> new Search(searched, mode.shape()).grid().stream())
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
}
