package org.isoflop.harness.analysis.tuning;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.RealMatrix;
import org.hipparchus.linear.RealVector;
import org.isoflop.harness.analysis.tuning.TuningRounds.Trial;

/**
 * More seeds of settings near the best, wherever they save the sweep the most loss per FLOP, by the
 * fit's own covariance, until that is {@value #ENOUGH} of the loss.
 */
final class TuningRepeats {

  /** Loss that the laws may still cost the sweep's cells on average, as a share. */
  private static final double ENOUGH = 0.0005;

  /** Settings that rise higher than this above the best are not repeated. */
  private static final double HIGHEST_REPEATED = 0.06;

  private final List<double[]> targets;
  private final long firstSeed;

  /**
   * Prepares.
   *
   * @param targets params and tokens of the cells that the laws are for
   * @param firstSeed of every setting's runs
   */
  TuningRepeats(List<double[]> targets, long firstSeed) {
    this.targets = targets;
    this.firstSeed = firstSeed;
  }

  /**
   * Returns the next runs, those first that save most loss per FLOP.
   *
   * @param asked all that has been asked for so far
   * @param runs what came of it
   * @param flops that they may cost
   */
  List<Trial> next(Collection<Trial> asked, List<TuningRun> runs, double flops) {
    Optional<TunedLaws> fitted = TuningFit.of(runs).value();
    if (fitted.isEmpty()) {
      return List.of();
    }
    TunedLaws laws = fitted.get();
    TunedLaws.Expected expected = TunedLaws.Expected.of(laws, targets);
    Map<List<Object>, TuningRun> settings = new LinkedHashMap<>();
    runs.stream()
        .filter(run -> run.loss().isPresent() && laws.rise(run) <= HIGHEST_REPEATED)
        .sorted(Comparator.comparing(Trial::of))
        .forEach(run -> settings.putIfAbsent(List.of(run.cell(), run.setting()), run));
    Map<TuningRun, Integer> seeds = new LinkedHashMap<>();
    settings
        .values()
        .forEach(
            run ->
                seeds.put(
                    run,
                    (int)
                        asked.stream()
                            .filter(t -> t.cell().equals(run.cell()))
                            .filter(t -> t.setting().equals(run.setting()))
                            .count()));
    RealMatrix covariance = laws.covariance();
    List<Trial> chosen = new ArrayList<>();
    double left = flops;
    while (expected.value(covariance) > ENOUGH) {
      Optional<Repeat> best = Optional.empty();
      for (TuningRun run : seeds.keySet()) {
        if (run.cell().budget() <= left && seeds.get(run) < TuningRounds.MOST_SEEDS) {
          Repeat repeat = Repeat.of(laws, run, covariance, expected);
          if (best.isEmpty() || repeat.saved() > best.get().saved()) {
            best = Optional.of(repeat);
          }
        }
      }
      if (best.isEmpty()) {
        break;
      }
      TuningRun run = best.get().run();
      chosen.add(new Trial(run.cell(), run.setting(), firstSeed + seeds.get(run)));
      seeds.merge(run, 1, Integer::sum);
      left -= run.cell().budget();
      covariance = best.get().after(covariance);
    }
    chosen.sort(Comparator.naturalOrder());
    return chosen;
  }

  /**
   * One more run of a setting.
   *
   * @param direction covariance times the run's row
   * @param variance of its ln loss, as the fit would then predict it
   * @param saved expected loss that it saves, per FLOP
   */
  private record Repeat(TuningRun run, RealVector direction, double variance, double saved) {

    static Repeat of(
        TunedLaws laws, TuningRun run, RealMatrix covariance, TunedLaws.Expected expected) {
      double[] slopes = new double[LossRise.COUNT];
      double rise =
          LossRise.at(
              laws.theta(),
              laws.place(run.cell().params(), run.tokens()),
              Math.log(run.learningRate()),
              Math.log(run.batchTokens()),
              slopes);
      RealVector row = new ArrayRealVector(covariance.getRowDimension());
      for (int i = 0; i < slopes.length; i++) {
        row.setEntry(i, slopes[i]);
      }
      row.setEntry(LossRise.COUNT + laws.index(run.cell()), 1);
      RealVector direction = covariance.operate(row);
      double variance = TuningFit.variance(laws.noise(run.cell().budget()), rise);
      variance += row.dotProduct(direction);
      double saved =
          expected.rows().stream()
                  .mapToDouble(target -> Math.pow(target.dotProduct(direction), 2))
                  .sum()
              / variance;
      return new Repeat(run, direction, variance, saved / run.cell().budget());
    }

    /** Returns the covariance once the run is there. */
    RealMatrix after(RealMatrix covariance) {
      return covariance.subtract(direction.outerProduct(direction).scalarMultiply(1 / variance));
    }
  }
}
