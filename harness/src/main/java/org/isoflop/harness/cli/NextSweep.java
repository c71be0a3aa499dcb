package org.isoflop.harness.cli;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.isoflop.harness.analysis.design.DesignCell;
import org.isoflop.harness.analysis.design.DesignSearch.Suggestion;
import org.isoflop.harness.config.Changes;
import org.isoflop.harness.config.Grid;
import org.isoflop.harness.config.GridCell;
import org.isoflop.harness.config.SweepConfig;

/**
 * The configuration that extends a sweep by suggested cells: its own but for the grid, which names
 * the cells there are and the new ones. These have the sweep's seed, so that they go on from its
 * trunks, or the next one that is free where they repeat a run. Repeats that the sweep's plan has
 * placed are named too.
 *
 * @param config the configuration
 * @param seeds of the new cells, in the suggestion's order
 */
record NextSweep(SweepConfig config, List<Long> seeds) {

  /** Where a run lies in the grid. */
  private record Place(double budget, double params) {}

  /** A run of the sweep as it is planned. */
  record Run(double budget, double params, long seed) {

    private Place place() {
      return new Place(budget, params);
    }
  }

  /** Copies the list. */
  NextSweep {
    seeds = List.copyOf(seeds);
  }

  /**
   * Makes the configuration.
   *
   * @param planned what the sweep has
   */
  static NextSweep of(SweepConfig sweep, List<Run> planned, Suggestion suggestion) {
    Map<Place, Set<Long>> used = new LinkedHashMap<>();
    for (Run run : planned) {
      used.computeIfAbsent(run.place(), place -> new HashSet<>()).add(run.seed());
    }
    List<GridCell> cells = new ArrayList<>(sweep.grid().cells());
    if (cells.isEmpty()) {
      int every = sweep.training().seeds().ofEveryCell();
      used.forEach(
          (place, seeds) ->
              cells.add(
                  new GridCell(
                      place.budget(),
                      place.params(),
                      OptionalLong.empty(),
                      seeds.size() > every ? OptionalInt.of(seeds.size()) : OptionalInt.empty(),
                      List.of(),
                      List.of(),
                      Changes.NONE)));
    }
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
    return new NextSweep(sweep.with(Grid.ofCells(cells)), seeds);
  }
}
