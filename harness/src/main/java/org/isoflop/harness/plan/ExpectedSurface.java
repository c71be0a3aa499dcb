package org.isoflop.harness.plan;

import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.isoflop.harness.analysis.design.DesignCell;
import org.isoflop.harness.analysis.design.EarlierSweep;
import org.isoflop.harness.analysis.design.LossSurface;
import org.isoflop.harness.config.Expected;
import org.isoflop.harness.config.SweepConfig;
import org.isoflop.models.SizeLadder;

/**
 * The losses that a plan expects before anything is trained: what its repeats are placed by and its
 * precision is simulated with.
 *
 * @param surface that of the earlier sweep which the grid is centred on, or else the prior; what
 *     decoders do not share of an evaluation on so many tokens comes on top of the noise of either
 * @param words whose surface it is
 */
record ExpectedSurface(LossSurface surface, String words) {

  /**
   * Returns the total parameters expected at the optimum of a budget in FLOPs.
   *
   * @throws org.isoflop.harness.BadInputException if an earlier sweep is named that has no frontier
   */
  static DoubleUnaryOperator optimum(Expected expected, SizeLadder ladder) {
    if (expected instanceof Expected.Earlier earlier) {
      EarlierSweep sweep = EarlierSweep.read(earlier.from());
      return budget -> Math.exp(sweep.params().ln(Math.log(budget)));
    }
    return budget -> ((Expected.TokensPerParam) expected).params(budget, ladder);
  }

  /**
   * Returns what a configuration expects of its cells, at least one.
   *
   * @param data what the losses will be taken over
   * @throws org.isoflop.harness.BadInputException if it names an earlier sweep that has no frontier
   */
  static ExpectedSurface of(SweepConfig config, DataFacts data, List<DesignCell> cells) {
    LossSurface surface = LossSurface.prior(cells);
    String words = "Chinchilla's surface";
    if (config.grid().expected() instanceof Expected.Earlier earlier) {
      EarlierSweep sweep = EarlierSweep.read(earlier.from());
      if (sweep.surface().isPresent()) {
        surface = sweep.surface().orElseThrow();
        words = "the law of " + earlier.from();
      } else {
        words += ", for " + earlier.from() + " has no law";
      }
    }
    double evaluation = data.evaluationNoise(config).share();
    return new ExpectedSurface(
        new LossSurface(surface.law(), surface.noise().evaluated(evaluation)), words);
  }
}
