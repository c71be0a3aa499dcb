package org.isoflop.harness.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.isoflop.harness.analysis.design.DesignCell;
import org.isoflop.harness.analysis.design.RepeatSearch;
import org.isoflop.harness.config.Seeds;
import org.isoflop.models.DecoderConfig;

/**
 * Places repeats of cells, with the next seeds and all settings of the cell, where they sharpen a
 * most for their FLOPs ({@link RepeatSearch}). With shared trunks a repeat is a branch of a second
 * trunk, which repeats at other budgets may share; so what one more costs is found by laying out
 * all runs of its decoder with it and without.
 */
final class Repeats {

  private final List<Runs> places;
  private final ToDoubleFunction<List<Cell>> flops;

  /** What one more run takes, by its place and the runs that its decoder has everywhere. */
  private final Map<List<Integer>, Double> further = new HashMap<>();

  /**
   * Takes the cells there are, with all seeds and settings that are asked for or planned already.
   *
   * @param flops what some of them take, laid out as they would be trained
   */
  Repeats(List<Cell> cells, ToDoubleFunction<List<Cell>> flops) {
    this.places =
        cells.stream()
            .collect(Collectors.groupingBy(Place::of, LinkedHashMap::new, Collectors.toList()))
            .values()
            .stream()
            .map(Runs::new)
            .toList();
    this.flops = flops;
  }

  /** The runs of one decoder at one budget, with whatever seeds and settings; at least one. */
  private record Runs(List<Cell> runs) {

    DecoderConfig decoder() {
      return runs.get(0).decoder();
    }

    DesignCell design() {
      Cell any = runs.get(0);
      return new DesignCell(
          any.budget(), (double) any.decoder().parameters().total(), any.tokens());
    }

    int seeds() {
      return (int) runs.stream().mapToLong(Cell::seed).distinct().count();
    }

    List<Cell> first() {
      long seed = runs.stream().mapToLong(Cell::seed).min().orElseThrow();
      return runs.stream().filter(cell -> cell.seed() == seed).toList();
    }

    /** Returns the runs of so many further seeds. */
    Stream<Cell> further(int count) {
      long last = runs.stream().mapToLong(Cell::seed).max().orElseThrow();
      return IntStream.rangeClosed(1, count)
          .boxed()
          .flatMap(i -> first().stream().map(cell -> cell.withSeed(last + i)));
    }
  }

  /** Returns the places as a design, one cell each. */
  List<DesignCell> design() {
    return places.stream().map(Runs::design).toList();
  }

  /**
   * Returns the cells to add.
   *
   * @param share of the FLOPs of the first seeds that all others may take, those that are there
   *     already included
   * @param expected what the losses of the design are expected to be
   */
  List<Cell> placed(double share, ExpectedSurface expected) {
    List<Cell> all = places.stream().flatMap(place -> place.runs().stream()).toList();
    List<Cell> first = places.stream().flatMap(place -> place.first().stream()).toList();
    double once = flops.applyAsDouble(first);
    double left = (1 + share) * once - flops.applyAsDouble(all);
    int[] begun = places.stream().mapToInt(Runs::seeds).toArray();
    int[] runs = begun.clone();
    new RepeatSearch(expected.surface(), design())
        .best(begun, Seeds.MOST_PLACED, once, left, (i, so) -> further(i, begun, so))
        .forEach(i -> runs[i]++);
    return IntStream.range(0, runs.length)
        .boxed()
        .flatMap(i -> places.get(i).further(runs[i] - begun[i]))
        .toList();
  }

  /** Returns what one more run of a place takes, beside those of its decoder that there are. */
  private double further(int place, int[] begun, int[] runs) {
    List<Integer> alike =
        IntStream.range(0, runs.length)
            .filter(i -> places.get(i).decoder().equals(places.get(place).decoder()))
            .boxed()
            .toList();
    List<Integer> state =
        Stream.concat(Stream.of(place), alike.stream().map(i -> runs[i])).toList();
    return further.computeIfAbsent(state, unknown -> further(place, alike, begun, runs));
  }

  private double further(int place, List<Integer> alike, int[] begun, int[] runs) {
    List<Cell> without = new ArrayList<>();
    for (int i : alike) {
      without.addAll(places.get(i).runs());
      places.get(i).further(runs[i] - begun[i]).forEach(without::add);
    }
    List<Cell> with = new ArrayList<>(without);
    places
        .get(place)
        .further(runs[place] - begun[place] + 1)
        .filter(cell -> !without.contains(cell))
        .forEach(with::add);
    return flops.applyAsDouble(with) - flops.applyAsDouble(without);
  }
}
