package org.isoflop.harness.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.analysis.design.DesignCell;
import org.isoflop.harness.analysis.design.Suggestion;
import org.isoflop.harness.config.Grid;
import org.isoflop.harness.config.GridCell;
import org.isoflop.harness.config.SweepConfig;

/**
 * The configuration that trains suggested cells: the measured sweep's own but for name and grid,
 * with seeds that the sweep did not use, so that no cell repeats a run.
 *
 * @param config the configuration
 * @param seeds of the cells, in the suggestion's order
 */
record NextSweep(SweepConfig config, List<Long> seeds) {

  /** Copies the list. */
  NextSweep {
    seeds = List.copyOf(seeds);
  }

  /** Makes the configuration of the next sweep. */
  static NextSweep of(SweepConfig measured, String name, Suggestion suggestion) {
    long lastSeed =
        LongStream.concat(
                LongStream.of(measured.training().seed()),
                measured.grid().cells().stream()
                    .map(GridCell::seed)
                    .flatMapToLong(OptionalLong::stream))
            .max()
            .orElseThrow();
    Map<DesignCell, Long> last = new HashMap<>();
    List<GridCell> cells = new ArrayList<>();
    for (DesignCell cell : suggestion.cells()) {
      long seed = last.merge(cell, lastSeed + 1, (before, first) -> before + 1);
      cells.add(new GridCell(cell.budget(), cell.params(), OptionalLong.of(seed)));
    }
    return new NextSweep(
        new SweepConfig(
            name,
            measured.corpus(),
            measured.decoder(),
            Grid.ofCells(cells),
            measured.training(),
            measured.evaluation(),
            measured.limits()),
        cells.stream().map(cell -> cell.seed().orElseThrow()).toList());
  }

  /**
   * Returns the name asked for, or that of the measured sweep with {@code -next}.
   *
   * @throws BadInputException if it cannot be a sweep's name
   */
  static String name(SweepConfig measured, Optional<String> asked) {
    String name = asked.orElse(measured.name() + "-next");
    try {
      SweepConfig.of(name, measured.corpus().files(), List.of(1.0));
    } catch (IllegalArgumentException e) {
      throw BadInputException.of("--%s", e.getMessage());
    }
    return name;
  }
}
