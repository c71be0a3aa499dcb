package org.isoflop.harness.plan;

import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.isoflop.harness.analysis.design.ChinchillaPrior;
import org.isoflop.harness.analysis.design.DesignCell;
import org.isoflop.harness.analysis.design.EarlierSweep;
import org.isoflop.harness.analysis.design.RunNoise;
import org.isoflop.harness.analysis.law.Law;
import org.isoflop.harness.config.Expected;
import org.isoflop.harness.config.SweepConfig;
import org.isoflop.models.SizeLadder;

/**
 * The losses that a plan expects before anything is trained: what its repeats are placed by and its
 * precision is simulated with.
 *
 * @param law that of the earlier sweep which the grid is centred on, or else Chinchilla's, centred
 *     on the grid
 * @param noise of a run's loss, that sweep's or else {@link RunNoise#PRIOR}; what decoders do not
 *     share of an evaluation on so many tokens comes on top of either
 * @param words whose surface it is
 */
record ExpectedSurface(Law law, RunNoise noise, String words) {

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
    Law law = ChinchillaPrior.centredOn(cells);
    RunNoise noise = RunNoise.PRIOR;
    String words = "Chinchilla's surface";
    if (config.grid().expected() instanceof Expected.Earlier earlier) {
      EarlierSweep sweep = EarlierSweep.read(earlier.from());
      noise = sweep.noise().orElse(noise);
      if (sweep.law().isPresent()) {
        law = sweep.law().orElseThrow();
        words = "the law of " + earlier.from();
      } else {
        words += ", for " + earlier.from() + " has no law";
      }
    }
    double evaluation = data.evaluationNoise(config).share();
    return new ExpectedSurface(law, noise.evaluated(evaluation), words);
  }
}
