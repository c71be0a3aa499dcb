package org.isoflop.harness.analysis.isoflop;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.hipparchus.distribution.continuous.FDistribution;
import org.isoflop.harness.analysis.isoflop.CurveModel.Fit;
import org.isoflop.harness.analysis.isoflop.CurveModel.Shape;
import org.isoflop.harness.analysis.law.Law;

/**
 * Which budgets can be fitted at all. Where most runs of a budget went wrong, no choice among them
 * gives its curve: such a budget lies far above the law of all points in all but two of its sizes,
 * and scatters about any bowl far more than the other budgets do, noise that falls steadily with
 * compute allowed for.
 */
final class SoundCurves {

  private static final double CHANCE = 0.01;

  /** A variance so many times that of the other budgets is another kind of noise. */
  private static final double WILD = 25;

  private static final int FEWEST_NEAR = 3;

  /** A relative variance below this is rounding. */
  private static final double ROUNDING = 1e-24;

  private SoundCurves() {}

  /** Returns the budgets that can be fitted; all, where none of the others could tell. */
  static List<BudgetPoints> of(List<BudgetPoints> curves, Law law) {
    LawScreen screen =
        new LawScreen(curves, law, DoubleStream.generate(() -> 1).limit(curves.size()).toArray());
    List<BudgetPoints> sound = new ArrayList<>();
    List<BudgetPoints> doubtful = new ArrayList<>();
    for (int k = 0; k < curves.size(); k++) {
      int curve = k;
      int[] near =
          IntStream.range(0, curves.get(k).size()).filter(i -> screen.near(curve, i)).toArray();
      boolean enough =
          near.length >= FEWEST_NEAR
              && BudgetPoints.distinct(curves.get(k).only(near).group().points()) >= FEWEST_NEAR;
      (enough ? sound : doubtful).add(curves.get(k));
    }
    if (doubtful.isEmpty() || sound.isEmpty()) {
      return curves;
    }
    Shape shape = new Shape(law.alpha(), law.beta(), 0);
    double squares = ROUNDING;
    int freedom = 0;
    for (BudgetPoints curve : sound) {
      int at = curves.indexOf(curve);
      boolean[] near = new boolean[curve.size()];
      for (int i = 0; i < near.length; i++) {
        near[i] = screen.near(at, i);
      }
      squares += squares(curve, shape, near);
      freedom += Math.max(0, count(near) - 3);
    }
    if (freedom < 1) {
      return curves;
    }
    double variance = squares / freedom;
    double limit = CHANCE / doubtful.size();
    List<BudgetPoints> kept = new ArrayList<>();
    for (BudgetPoints curve : curves) {
      if (sound.contains(curve) || !scatters(curve, shape, variance, freedom, limit)) {
        kept.add(curve);
      }
    }
    return kept;
  }

  /** Returns the budget whose kept points scatter far more than all others do, if there is one. */
  static Optional<BudgetPoints> wildest(Fit fit) {
    int count = fit.model().budgets().size();
    double[] squares = new double[count];
    int[] own = new int[count];
    double all = 0;
    int freedom = 0;
    for (int k = 0; k < count; k++) {
      double scale = fit.noise().scale(k);
      squares[k] = fit.solution(k).squares() / (scale * scale);
      for (int i = 0; i < fit.model().budgets().get(k).size(); i++) {
        own[k] += fit.model().kept(k, i) ? 1 : 0;
      }
      own[k] -= 3;
      all += squares[k];
      freedom += own[k];
    }
    int worst = -1;
    double most = WILD;
    for (int k = 0; k < count; k++) {
      int others = freedom - own[k];
      if (own[k] < 1 || others < 1) {
        continue;
      }
      double ratio = squares[k] / own[k] / ((all - squares[k] + ROUNDING) / others);
      double chance = 1 - new FDistribution(own[k], others).cumulativeProbability(ratio);
      if (ratio > most && chance < CHANCE / count) {
        most = ratio;
        worst = k;
      }
    }
    return worst < 0 ? Optional.empty() : Optional.of(fit.model().budgets().get(worst));
  }

  private static boolean scatters(
      BudgetPoints curve, Shape shape, double variance, int freedom, double limit) {
    boolean[] all = new boolean[curve.size()];
    Arrays.fill(all, true);
    int own = curve.size() - 3;
    double ratio = squares(curve, shape, all) / own / variance;
    return 1 - new FDistribution(own, freedom).cumulativeProbability(ratio) < limit;
  }

  private static int count(boolean[] points) {
    return (int) IntStream.range(0, points.length).filter(i -> points[i]).count();
  }

  /** Returns the squared relative residuals of some points about their own bowl. */
  private static double squares(BudgetPoints curve, Shape shape, boolean[] points) {
    boolean[] all = new boolean[curve.size()];
    Arrays.fill(all, true);
    double[] loss = IntStream.range(0, curve.size()).mapToDouble(curve::loss).toArray();
    CurveModel model = new CurveModel(List.of(curve), new boolean[][] {all}, new double[][] {loss});
    return model.solve(shape, 0, points).squares();
  }
}
