package org.isoflop.harness.analysis.isoflop;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.isoflop.harness.analysis.stats.Resampling;

/**
 * Draws optima by drawing the measurements themselves again, with replacement, and fitting anew
 * (Efron 1979): assumes nothing of the noise, and needs many sizes a budget, because a draw of five
 * points out of five often holds too few different ones.
 */
final class ResampledDraws {

  private ResampledDraws() {}

  /**
   * Draws; the same rows whatever the number of threads.
   *
   * @param byTrunk whether whole trunks are drawn, else points within each budget
   */
  static OptimaDraws of(BowlFit fit, boolean byTrunk, Resampling settings) {
    List<Curve> curves = fit.model().curves();
    OptimaDraws draws = new OptimaDraws(settings, curves.size());
    long[] seeds = settings.seeds();
    int[][] trunk = TrunkNoise.trunks(curves);
    int trunks = 1 + Arrays.stream(trunk).flatMapToInt(Arrays::stream).max().orElse(0);
    IntStream.range(0, draws.size())
        .parallel()
        .forEach(
            r -> {
              SplittableRandom random = new SplittableRandom(seeds[r]);
              int[] times = new int[byTrunk ? trunks : 0];
              for (int t = 0; t < times.length; t++) {
                times[random.nextInt(trunks)]++;
              }
              List<int[]> chosen = new ArrayList<>();
              for (int k = 0; k < curves.size(); k++) {
                chosen.add(byTrunk ? ofTrunks(fit, k, trunk[k], times) : ofPoints(fit, k, random));
              }
              refit(draws, r, fit, chosen);
            });
    return draws;
  }

  private static int[] kept(BowlFit fit, int k) {
    return IntStream.range(0, fit.model().curves().get(k).size())
        .filter(i -> fit.kept(k, i))
        .toArray();
  }

  private static int[] ofPoints(BowlFit fit, int k, SplittableRandom random) {
    int[] all = kept(fit, k);
    return IntStream.range(0, all.length)
        .map(i -> all[random.nextInt(all.length)])
        .sorted()
        .toArray();
  }

  private static int[] ofTrunks(BowlFit fit, int k, int[] trunk, int[] times) {
    return Arrays.stream(kept(fit, k))
        .flatMap(i -> IntStream.generate(() -> i).limit(times[trunk[i]]))
        .toArray();
  }

  private static void refit(OptimaDraws draws, int r, BowlFit fit, List<int[]> chosen) {
    List<Curve> curves = new ArrayList<>();
    List<Integer> at = new ArrayList<>();
    for (int k = 0; k < chosen.size(); k++) {
      Curve curve = fit.model().curves().get(k).only(chosen.get(k));
      if (Curve.distinct(curve.group().points()) >= Curve.FEWEST_SIZES) {
        curves.add(curve);
        at.add(k);
      } else {
        draws.refuse(r, k);
      }
    }
    if (curves.isEmpty()) {
      return;
    }
    BowlModel model = BowlModel.around(curves, fit.mode(), fit, at);
    BowlModel.Solved solved = ShapeSearch.near(model, fit.mode().shape());
    for (int j = 0; j < at.size(); j++) {
      draws.set(r, at.get(j), solved.bowl(curves.get(j), j));
    }
  }
}
