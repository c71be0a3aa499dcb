package org.isoflop.harness.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.design.DesignCell;
import org.isoflop.harness.analysis.stats.PowerLaw;
import org.isoflop.harness.analysis.tuning.TuningRounds;
import org.isoflop.harness.analysis.tuning.TuningRun;
import org.isoflop.harness.analysis.tuning.TuningRun.Cell;
import org.isoflop.harness.analysis.tuning.TuningRun.Change;
import org.isoflop.harness.analysis.tuning.TuningRun.Setting;
import org.isoflop.harness.analysis.tuning.TuningRun.Trial;
import org.isoflop.harness.config.Changes;
import org.isoflop.harness.config.GridCell;
import org.isoflop.harness.config.Law;
import org.isoflop.harness.config.SweepConfig;
import org.isoflop.harness.config.Training;
import org.isoflop.harness.plan.DataFacts;
import org.isoflop.harness.plan.Job;
import org.isoflop.harness.plan.JobForecast;
import org.isoflop.harness.plan.Plan;
import org.isoflop.harness.plan.TrainableCells;
import org.isoflop.harness.sweep.SweepFolder;
import org.isoflop.models.SizeLadder;

/**
 * The sweep that tunes another: an ordinary one whose {@code sweep.yaml} names every run, and which
 * grows by a round whenever all its runs have ended. Everything follows from that file and from
 * {@code points.csv}, so that nothing else need be kept.
 */
final class TuningSweep {

  /** Runs of the dearest cell that the laws' FLOPs are laid out for; half of them are its own. */
  private static final double RUNS_OF_THE_LARGEST = 16;

  /** Budgets of the cells to tune on, over the largest of them. */
  private static final List<Double> BUDGETS = List.of(0.1, Math.sqrt(0.1), 1.0);

  /** How far the two sizes of a budget lie from the sweep's own, to either side. */
  private static final double APART = 2;

  /** Exponent of the sweep's sizes where it has one budget, which shows none. */
  private static final double USUAL_EXPONENT = 0.5;

  private static final int FEWEST_CELLS = 3;

  /** Weight decay that is tried where a configuration has none. */
  private static final double USUAL_DECAY = 0.1;

  private final SweepConfig config;
  private final SweepFolder folder;
  private final Plan sweep;
  private final double flops;
  private final DataFacts facts;

  /**
   * Prepares; nothing is written.
   *
   * @param config the sweep that is to be tuned
   * @param folder of the tuning
   * @param share of the sweep's FLOPs that it may cost
   */
  TuningSweep(SweepConfig config, SweepFolder folder, DataFacts facts, double share) {
    this.config = config;
    this.folder = folder;
    this.facts = facts;
    this.sweep = Plan.of(config, facts, (decoder, passTokens) -> 1);
    this.flops = share * sweep.flops();
  }

  /** Returns the FLOPs of the sweep that is to be tuned. */
  double sweepFlops() {
    return sweep.flops();
  }

  /** Returns the FLOPs that the tuning may cost. */
  double flops() {
    return flops;
  }

  /** Returns params and tokens of every cell of the sweep. */
  List<double[]> targets() {
    return sweep.points().stream()
        .map(JobForecast::job)
        .map(
            job ->
                new double[] {
                  job.decoder().parameters().total(), job.horizon().orElseThrow().tokens()
                })
        .toList();
  }

  private TuningRounds rounds() {
    return new TuningRounds(flops, targets(), changes(), config.training().seed());
  }

  /** Returns what has been asked for so far; the first round where nothing has. */
  Set<Trial> asked() {
    Set<Trial> asked = new TreeSet<>();
    if (folder.exists()) {
      SweepConfig begun = SweepConfig.read(folder.config());
      for (GridCell cell : begun.grid().cells()) {
        for (double rate : cell.learningRateMultipliers(begun.training())) {
          for (double batch : cell.batchMultipliers(begun.training())) {
            for (long seed : cell.seeds(begun.training())) {
              Cell place = new Cell(cell.budget(), cell.params());
              asked.add(new Trial(place, new Setting(rate, batch, change(cell)), seed));
            }
          }
        }
      }
      if (asked.isEmpty()) {
        throw noTuning();
      }
    } else {
      asked.addAll(rounds().first(cells()));
    }
    return asked;
  }

  private Optional<Change> change(GridCell cell) {
    Map<String, Double> changes = cell.changes().values();
    if (changes.size() > 1) {
      throw noTuning();
    }
    return changes.entrySet().stream().map(e -> new Change(e.getKey(), e.getValue())).findAny();
  }

  private BadInputException noTuning() {
    return BadInputException.of(
        "%s: holds a sweep and no tuning, use --out with another folder", folder.path());
  }

  /**
   * Returns what is tried beside learning rate and batch: on both sides of what the configuration
   * has, as far off as matters.
   */
  private List<Change> changes() {
    Training training = config.training();
    double decay = training.optimizer().weightDecay();
    Stream<Double> decays = decay == 0 ? Stream.of(USUAL_DECAY) : Stream.of(0.0, 3 * decay);
    double longest = training.schedule().longestWarmup();
    Optional<Double> share = training.schedule().warmup();
    Stream<Double> warmups =
        Stream.of(share.map(s -> s / 5).orElse(0.02), share.map(s -> s * 5).orElse(0.25))
            .map(warmup -> Math.min(warmup, longest))
            .filter(warmup -> share.filter(warmup::equals).isEmpty());
    double memory = 1 - sweep.points().get(0).job().optimizer().beta2();
    Stream<Double> betas =
        Stream.of(5.0, 0.1).map(factor -> 1 - factor * memory).filter(beta2 -> beta2 >= 0);
    return Stream.of(
            decays.map(value -> new Change(Changes.WEIGHT_DECAY, round(value))),
            warmups.map(value -> new Change(Changes.WARMUP, round(value))),
            betas.map(value -> new Change(Changes.BETA2, round(value))))
        .flatMap(all -> all)
        .filter(change -> trainable(change, training))
        .toList();
  }

  private static double round(double value) {
    return Math.rint(1e6 * value) / 1e6;
  }

  private static boolean trainable(Change change, Training training) {
    try {
      new Changes(Map.of(change.key(), change.value())).of(training);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** Returns the runs there are. */
  List<TuningRun> runs() {
    return TuningRun.read(folder.points());
  }

  /** Returns what to ask for beside that; nothing where it is enough. */
  List<Trial> next(Set<Trial> asked) {
    return rounds().next(asked, runs());
  }

  /** Returns the configuration that trains what is asked for; a setting's seeds are a row. */
  SweepConfig config(Collection<Trial> asked) {
    Map<Trial, Integer> seeds = new TreeMap<>();
    long first = config.training().seed();
    asked.forEach(trial -> seeds.merge(trial.at(first), 1, Integer::sum));
    return config.tuning(
        seeds.entrySet().stream()
            .map(
                entry ->
                    new GridCell(
                        entry.getKey().cell().budget(),
                        entry.getKey().cell().params(),
                        OptionalLong.of(first),
                        OptionalInt.of(entry.getValue()),
                        List.of(entry.getKey().setting().learningRate()),
                        List.of(entry.getKey().setting().batch()),
                        new Changes(
                            entry.getKey().setting().change().stream()
                                .collect(Collectors.toMap(Change::key, Change::value)))))
            .toList());
  }

  /** Returns the file of the laws. */
  Path file() {
    return folder.path().resolve(Law.FILE);
  }

  /** Deletes laws of earlier runs, which those there are now do not show. */
  void forget() {
    try {
      Files.deleteIfExists(file());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + file() + ": " + e.getMessage(), e);
    }
  }

  /**
   * Returns the cells to tune on: three budgets over a decade, the largest as dear as the share
   * allows and none dearer than the sweep's. There one size, the sweep's own, so that it lies as
   * far up as it can; below it two to either side, so that params and tokens are told apart.
   */
  private Set<Cell> cells() {
    SizeLadder ladder = config.decoder().ladder(facts.vocabulary());
    double smallest = ladder.rungs().get(0).parameters().total();
    TrainableCells trainable = new TrainableCells(config, facts);
    DoubleUnaryOperator sizes = sizes();
    double dearest =
        Math.min(
            rounds().flopsOfLaws() / RUNS_OF_THE_LARGEST,
            config.grid().budgets().stream().mapToDouble(b -> b).max().orElseThrow());
    Set<Cell> cells = new LinkedHashSet<>();
    for (double part : BUDGETS) {
      double budget = Double.parseDouble(Quantities.format("%.1e", part * dearest));
      double middle = sizes.applyAsDouble(budget);
      double small = Math.max(smallest, middle / APART);
      List<Double> two = List.of(small, Math.max(smallest, middle) * APART);
      for (double params : part < 1 ? two : List.of(Math.max(smallest, middle))) {
        trainable
            .nearest(budget, params)
            .map((DesignCell cell) -> new Cell(cell.budget(), cell.params()))
            .ifPresent(cells::add);
      }
    }
    if (cells.size() < FEWEST_CELLS) {
      throw BadInputException.of(
          "--share: %s FLOPs are too few to tune on, only %d of the cells they would pay for can be"
              + " trained (%d steps of a sequence each, and no more than limits.epochs); use a"
              + " larger share, or more text",
          Quantities.flops(flops), cells.size(), config.training().minSteps());
    }
    return cells;
  }

  /** Returns the sweep's own size at a budget, by a power law through its cells. */
  private DoubleUnaryOperator sizes() {
    List<Job> jobs = sweep.points().stream().map(JobForecast::job).toList();
    double[] x =
        jobs.stream().mapToDouble(job -> Math.log(job.horizon().orElseThrow().budget())).toArray();
    double[] y =
        jobs.stream()
            .mapToDouble(job -> Math.log((double) job.decoder().parameters().total()))
            .toArray();
    PowerLaw fit = PowerLaw.fit(x, y);
    PowerLaw line =
        Arrays.stream(x).distinct().count() > 1
            ? fit
            : new PowerLaw(fit.centre(), fit.atCentre(), USUAL_EXPONENT);
    return budget -> Math.exp(line.ln(Math.log(budget)));
  }
}
