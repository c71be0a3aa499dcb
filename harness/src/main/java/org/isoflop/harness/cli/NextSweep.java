package org.isoflop.harness.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.isoflop.harness.analysis.design.DesignCell;
import org.isoflop.harness.analysis.design.Suggestion;
import org.isoflop.harness.config.Grid;
import org.isoflop.harness.config.GridCell;
import org.isoflop.harness.config.SweepConfig;

/**
 * The configuration that extends a sweep by suggested cells: its own but for the grid, which names
 * the cells there are and the new ones. These have the sweep's seed, so that they go on from its
 * trunks, or the next one that is free where they repeat a run.
 *
 * @param config the configuration
 * @param seeds of the new cells, in the suggestion's order
 */
record NextSweep(SweepConfig config, List<Long> seeds) {

  /** Where a run lies in the grid. */
  record Place(double budget, double params) {}

  /** Copies the list. */
  NextSweep {
    seeds = List.copyOf(seeds);
  }

  /**
   * Makes the configuration.
   *
   * @param planned where the sweep has cells, if its configuration does not name them
   */
  static NextSweep of(SweepConfig sweep, List<Place> planned, Suggestion suggestion) {
    List<GridCell> cells = new ArrayList<>(sweep.grid().cells());
    if (cells.isEmpty()) {
      planned.stream()
          .distinct()
          .map(place -> new GridCell(place.budget(), place.params(), OptionalLong.empty()))
          .forEach(cells::add);
    }
    Map<Place, Set<Long>> used = new HashMap<>();
    for (GridCell cell : cells) {
      used.computeIfAbsent(new Place(cell.budget(), cell.params()), place -> new HashSet<>())
          .addAll(cell.seeds(sweep.training()));
    }
    List<Long> seeds = new ArrayList<>();
    for (DesignCell cell : suggestion.cells()) {
      Set<Long> taken =
          used.computeIfAbsent(new Place(cell.budget(), cell.params()), place -> new HashSet<>());
      long seed = sweep.training().seed();
      while (!taken.add(seed)) {
        seed++;
      }
      seeds.add(seed);
      cells.add(new GridCell(cell.budget(), cell.params(), OptionalLong.of(seed)));
    }
    return new NextSweep(
        new SweepConfig(
            sweep.name(),
            sweep.corpus(),
            sweep.decoder(),
            Grid.ofCells(cells),
            sweep.training(),
            sweep.evaluation(),
            sweep.limits()),
        seeds);
  }
}
