package org.isoflop.harness.analysis.tuning;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.tuning.TuningRun.Cell;

/**
 * The cells that have a loss, by budget and size, with all their runs as the configuration has them
 * but for learning rate and batch: what was tried at each, and what was best.
 */
final class TuningCells {

  /** Cells that a plane of ln N and ln D can be put through. */
  private static final int FEWEST = 3;

  private final Map<Cell, List<TuningRun>> runs = new LinkedHashMap<>();

  TuningCells(List<TuningRun> all) {
    all.stream()
        .filter(run -> run.setting().change().isEmpty())
        .sorted(
            Comparator.comparingDouble((TuningRun run) -> run.cell().budget())
                .thenComparingDouble(run -> run.cell().params()))
        .forEach(run -> runs.computeIfAbsent(run.cell(), any -> new ArrayList<>()).add(run));
    runs.values().removeIf(cell -> cell.stream().allMatch(run -> run.loss().isEmpty()));
  }

  /** Returns the runs of every cell. */
  Map<Cell, List<TuningRun>> runs() {
    return runs;
  }

  /** Returns why no laws can be seen in them, where none can. */
  Optional<String> refused() {
    if (runs.size() < FEWEST) {
      return Optional.of(
          Quantities.format(
              "only %d cells have a loss, and laws of params and tokens need %d",
              runs.size(), FEWEST));
    }
    if (alike(TuningRun::learningRate) || alike(TuningRun::batchTokens)) {
      return Optional.of(
          "no cell was trained with several learning rates and several batches, so nothing says"
              + " which are best");
    }
    return Optional.empty();
  }

  private boolean alike(ToDoubleFunction<TuningRun> value) {
    return runs.values().stream()
        .allMatch(cell -> cell.stream().mapToDouble(value).distinct().count() == 1);
  }

  /** Returns why none can where most cells are best at the least or the largest rate tried. */
  Optional<String> edge() {
    int lowest = 0;
    int highest = 0;
    for (List<TuningRun> cell : runs.values()) {
      var tried = cell.stream().mapToDouble(TuningRun::learningRate).summaryStatistics();
      double best = best(cell).get(0).learningRate();
      lowest += best == tried.getMin() ? 1 : 0;
      highest += best == tried.getMax() && tried.getMin() < tried.getMax() ? 1 : 0;
    }
    int most = Math.max(lowest, highest);
    return 2 * most <= runs.size()
        ? Optional.empty()
        : Optional.of(
            Quantities.format(
                "at %d of %d cells the best learning rate is the %s tried, so the best lies beyond"
                    + " what was tried",
                most, runs.size(), lowest >= highest ? "lowest" : "highest"));
  }

  /**
   * Returns the runs of the best setting of a cell, by its mean loss; one that diverged is worse.
   */
  static List<TuningRun> best(List<TuningRun> cell) {
    Map<List<Double>, List<TuningRun>> settings = new LinkedHashMap<>();
    for (TuningRun run : cell) {
      settings
          .computeIfAbsent(List.of(run.learningRate(), run.batchTokens()), any -> new ArrayList<>())
          .add(run);
    }
    return settings.values().stream()
        .min(Comparator.comparingDouble(TuningCells::mean))
        .orElseThrow();
  }

  private static double mean(List<TuningRun> runs) {
    return runs.stream()
        .mapToDouble(run -> run.loss().orElse(Double.POSITIVE_INFINITY))
        .average()
        .orElseThrow();
  }

  /** Returns the lowest loss of a cell. */
  static double lowest(List<TuningRun> cell) {
    return cell.stream()
        .mapToDouble(run -> run.loss().orElse(Double.MAX_VALUE))
        .min()
        .orElseThrow();
  }

  /** Returns the geometric mean of the tokens of a cell's runs, which differ by whole steps. */
  static double tokens(List<TuningRun> cell) {
    return Math.exp(
        cell.stream().mapToDouble(run -> Math.log(run.tokens())).average().orElseThrow());
  }
}
