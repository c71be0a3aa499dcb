package org.isoflop.harness.plan;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;
import org.isoflop.harness.Quantities;
import org.isoflop.models.DecoderConfig;

/** What all runs of a cell have in common, whatever their seeds and settings. */
public record Place(double budget, DecoderConfig decoder) {

  /** Returns that of a job that ends in a horizon. */
  public static Place of(Job job) {
    return new Place(job.end().budget(), job.decoder());
  }

  static Place of(Cell cell) {
    return new Place(cell.budget(), cell.decoder());
  }

  /** Returns its budget and its decoder's name. */
  public String words() {
    return Quantities.flops(budget) + " " + decoder.shapeName();
  }

  /** Returns the budgets of some, smallest first, each with its decoders' names. */
  static String words(List<Place> places) {
    return places.stream()
        .sorted(
            Comparator.comparingDouble(Place::budget)
                .thenComparingLong(place -> place.decoder().parameters().total()))
        .collect(
            Collectors.groupingBy(
                place -> Quantities.flops(place.budget()),
                LinkedHashMap::new,
                Collectors.mapping(place -> place.decoder().shapeName(), Collectors.joining(" "))))
        .entrySet()
        .stream()
        .map(at -> at.getKey() + " " + at.getValue())
        .collect(Collectors.joining(", "));
  }
}
