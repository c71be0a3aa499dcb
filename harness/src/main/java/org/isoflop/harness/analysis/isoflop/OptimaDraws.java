package org.isoflop.harness.analysis.isoflop;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.isoflop.harness.analysis.isoflop.CurveModel.Fit;
import org.isoflop.harness.analysis.stats.IntervalScheme;
import org.isoflop.harness.analysis.stats.Resampling;

/** The optima again and again, as far as the noise of the losses leaves them open. */
final class OptimaDraws {

  private OptimaDraws() {}

  private static final LnOptimum NONE =
      new LnOptimum(Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN);

  /** Draws the optima of all curves. */
  static Optima of(Fit fit, IntervalScheme scheme, Resampling settings) {
    Function<SplittableRandom, LnOptimum[]> row =
        switch (scheme) {
          case AUTO -> byNoise(fit, List.of(RandomEffect.ofRuns(fit), RandomEffect.ofCells(fit)));
          case NOISE -> byNoise(fit, List.of());
          case POINTS -> random -> refitted(fit, points(fit, random));
          case TRUNKS -> {
            int[][] run = RandomEffect.runs(fit.model().budgets());
            int runs = RandomEffect.count(run);
            yield random -> refitted(fit, runs(fit, run, runs, random));
          }
        };
    LnOptimum[][] draws = settings.draws(row).toArray(LnOptimum[][]::new);
    return new Optima(fit.curves(), draws, fit.model().freedom());
  }

  private static Function<SplittableRandom, LnOptimum[]> byNoise(
      Fit fit, List<RandomEffect> effects) {
    ShapePosterior shapes = ShapePosterior.of(fit.model());
    return random -> byNoise(shapes.draw(random), effects, random);
  }

  /**
   * Draws from the noise of the losses about their curves. Given a shape, the coefficients of a
   * curve are drawn around the fit with the least-squares covariance and its budget's noise, which
   * is itself drawn ({@link BudgetNoise}): for a vertex that is Fieller's interval (1954), exact
   * for normal noise that is the same everywhere. Drawing whole points instead breaks on curves of
   * 5 to 9 sizes, where some draws are all but flat. Points that share part of their noise are
   * given one common part.
   *
   * @param fit of the shape that was drawn
   */
  private static LnOptimum[] byNoise(Fit fit, List<RandomEffect> effects, SplittableRandom random) {
    double[] noise = fit.noise().draw(random);
    List<double[]> common = effects.stream().map(effect -> effect.draw(random)).toList();
    double scale = effects.stream().mapToDouble(RandomEffect::scale).reduce(1, (a, b) -> a * b);
    double shared = effects.stream().mapToDouble(RandomEffect::share).sum();
    double own = Math.sqrt(Math.max(0, 1 - shared));
    LnOptimum[] row = new LnOptimum[noise.length];
    for (int k = 0; k < row.length; k++) {
      noise[k] *= scale;
      double[] c = fit.solution(k).draw(noise[k] * own, random);
      for (int s = 0; s < effects.size(); s++) {
        if (common.get(s).length > 0) {
          addCommon(fit, k, effects.get(s), common.get(s), noise[k], c);
        }
      }
      BudgetPoints points = fit.model().budgets().get(k);
      row[k] = LnOptimum.of(new IsoFlopCurve(points, fit.shape(), c[0], c[1], c[2]));
    }
    return row;
  }

  private static void addCommon(
      Fit fit, int k, RandomEffect effect, double[] common, double noise, double[] c) {
    double deviation = noise * Math.sqrt(effect.share());
    for (int i : fit.model().keptOf(k)) {
      double[] moved = fit.solution(k).influence(fit.model().row(fit.shape(), k, i));
      double part = deviation * common[effect.groups()[k][i]];
      for (int j = 0; j < c.length; j++) {
        c[j] += part * moved[j];
      }
    }
  }

  /**
   * Draws points again within each budget, with replacement (Efron 1979): assumes nothing of the
   * noise, and needs many sizes a budget, because a draw of five points out of five often holds too
   * few different ones.
   */
  private static List<int[]> points(Fit fit, SplittableRandom random) {
    List<int[]> chosen = new ArrayList<>();
    for (int k = 0; k < fit.model().budgets().size(); k++) {
      int[] all = fit.model().keptOf(k);
      chosen.add(
          IntStream.generate(() -> all[random.nextInt(all.length)])
              .limit(all.length)
              .sorted()
              .toArray());
    }
    return chosen;
  }

  /** Draws whole runs again, with replacement. */
  private static List<int[]> runs(Fit fit, int[][] run, int runs, SplittableRandom random) {
    int[] times = new int[runs];
    for (int t = 0; t < runs; t++) {
      times[random.nextInt(runs)]++;
    }
    List<int[]> chosen = new ArrayList<>();
    for (int k = 0; k < run.length; k++) {
      int[] runOf = run[k];
      chosen.add(
          Arrays.stream(fit.model().keptOf(k))
              .flatMap(i -> IntStream.generate(() -> i).limit(times[runOf[i]]))
              .toArray());
    }
    return chosen;
  }

  private static LnOptimum[] refitted(Fit fit, List<int[]> chosen) {
    List<BudgetPoints> parts = new ArrayList<>();
    List<Integer> at = new ArrayList<>();
    for (int k = 0; k < chosen.size(); k++) {
      BudgetPoints part = fit.model().budgets().get(k).only(chosen.get(k));
      if (part.sizes() >= FrontierFit.FEWEST_SIZES) {
        parts.add(part);
        at.add(k);
      }
    }
    LnOptimum[] row = new LnOptimum[chosen.size()];
    Arrays.fill(row, NONE);
    if (!parts.isEmpty()) {
      Fit again = ShapePosterior.near(CurveModel.around(parts, fit, at), fit.shape());
      for (int j = 0; j < parts.size(); j++) {
        row[at.get(j)] = LnOptimum.of(again.curve(j));
      }
    }
    return row;
  }
}
