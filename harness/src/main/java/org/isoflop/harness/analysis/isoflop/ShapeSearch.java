package org.isoflop.harness.analysis.isoflop;

import org.hipparchus.exception.MathIllegalStateException;
import org.hipparchus.optim.InitialGuess;
import org.hipparchus.optim.MaxEval;
import org.hipparchus.optim.SimpleValueChecker;
import org.hipparchus.optim.nonlinear.scalar.GoalType;
import org.hipparchus.optim.nonlinear.scalar.ObjectiveFunction;
import org.hipparchus.optim.nonlinear.scalar.noderiv.NelderMeadSimplex;
import org.hipparchus.optim.nonlinear.scalar.noderiv.SimplexOptimizer;

/**
 * The most likely shape of a model, by a simplex in (ln alpha, ln beta): the posterior has a valley
 * that is narrow where the data are sharp, and no derivatives worth having at a noise-free optimum.
 */
final class ShapeSearch {

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

  /** So many points show the shape; the bowls then take all. */
  static final int ENOUGH = 2000;

  private ShapeSearch() {}

  static int localities() {
    return LOCALITIES.length;
  }

  /** Returns ln of the posterior density, the prior of the locality included. */
  static double lnPosterior(BowlModel.Solved solved, int locality) {
    return solved.lnPosterior() + Math.log(PRIORS[locality]);
  }

  /** Returns the most likely shape whatever its locality. */
  static BowlModel.Solved mode(BowlModel model) {
    BowlModel searched = model.thinned(ENOUGH);
    BowlModel.Solved best = null;
    double bestValue = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < LOCALITIES.length; i++) {
      BowlModel.Solved found = mode(searched, i, best);
      double value = lnPosterior(found, i);
      if (best == null || value > bestValue) {
        best = found;
        bestValue = value;
      }
    }
    return searched == model ? best : model.solve(best.shape());
  }

  /**
   * Returns the most likely shape of one locality.
   *
   * @param near a shape to begin from; may be null
   */
  static BowlModel.Solved mode(BowlModel model, int locality, BowlModel.Solved near) {
    double alpha = near == null ? USUAL : near.shape().alpha();
    double beta = near == null ? USUAL : near.shape().beta();
    BowlShape start = new BowlShape(alpha, beta, LOCALITIES[locality]);
    // A simplex can collapse early in a narrow valley; a second one from there does not cost much.
    return climb(model, start, FIRST_SIZE, 2);
  }

  /** Finds the most likely shape as local as a given one, from there. */
  static BowlModel.Solved near(BowlModel model, BowlShape shape) {
    return climb(model, shape, NEAR_SIZE, 1);
  }

  private static BowlModel.Solved climb(
      BowlModel model, BowlShape start, double firstSize, int rounds) {
    Highest highest = new Highest(model, start);
    double size = firstSize;
    for (int round = 0; round < rounds; round++) {
      try {
        new SimplexOptimizer(new SimpleValueChecker(1e-14, 1e-9))
            .optimize(
                new MaxEval(EVALUATIONS),
                GoalType.MAXIMIZE,
                new ObjectiveFunction(highest::at),
                new InitialGuess(highest.place()),
                new NelderMeadSimplex(new double[] {size, size}));
      } catch (MathIllegalStateException e) {
        // Out of evaluations: noise-free points pull the simplex into a hole without a floor, and
        // the highest place seen is as good as any further step.
        break;
      }
      size = LATER_SIZE;
    }
    return highest.solved();
  }

  /** Remembers the highest place of a climb. */
  private static final class Highest {

    private final BowlModel model;
    private final double locality;
    private double lnAlpha;
    private double lnBeta;
    private double value;

    Highest(BowlModel model, BowlShape start) {
      this.model = model;
      locality = start.locality();
      lnAlpha = Math.log(start.alpha());
      lnBeta = Math.log(start.beta());
      value = at(new double[] {lnAlpha, lnBeta});
    }

    double at(double[] place) {
      double found = ShapeSearch.value(model, place[0], place[1], locality);
      if (found > value) {
        value = found;
        lnAlpha = place[0];
        lnBeta = place[1];
      }
      return found;
    }

    double[] place() {
      return new double[] {lnAlpha, lnBeta};
    }

    BowlModel.Solved solved() {
      return model.solve(new BowlShape(Math.exp(lnAlpha), Math.exp(lnBeta), locality));
    }
  }

  /** Returns ln of the posterior density of a shape, its locality given. */
  static double value(BowlModel model, double lnAlpha, double lnBeta, double locality) {
    if (!allowed(lnAlpha, lnBeta)) {
      return LOWEST;
    }
    BowlShape shape = new BowlShape(Math.exp(lnAlpha), Math.exp(lnBeta), locality);
    return Math.max(LOWEST, model.solve(shape).lnPosterior());
  }

  /** Returns whether a shape lies where it is searched. */
  static boolean allowed(double lnAlpha, double lnBeta) {
    return lnAlpha >= SMALLEST && lnBeta >= SMALLEST && lnAlpha <= LARGEST && lnBeta <= LARGEST;
  }
}
