package org.isoflop.harness.analysis.points;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What a user may say about a CSV of their own: how its headers are called, and how to count.
 *
 * @param headers the header of every column that is not called by its {@linkplain Column#key key}
 * @param convention how params and FLOPs are to be counted, which decides the columns needed
 * @param settings headers of what was tuned at every cell, beside those known
 * @param units by which cells of a column are to be multiplied
 * @param lossUnit what the loss is in, where the user says it
 * @param done words of a status that mean done, beside those known
 * @param mostDeparture rows whose learning rate or batch is further from their cell's own, as a
 *     factor, are left out
 * @param minSteps rows of fewer steps are left out
 */
public record PointsFormat(
    Map<Column, String> headers,
    Convention convention,
    List<String> settings,
    Map<Column, Double> units,
    Optional<LossUnit> lossUnit,
    Set<String> done,
    OptionalDouble mostDeparture,
    OptionalLong minSteps) {

  /** CSV files as isoflop writes them, counted by {@link Convention#DEFAULT}. */
  public static final PointsFormat DEFAULT = new PointsFormat(Map.of(), Convention.DEFAULT);

  /** Copies the map; spaces about a header mean nothing. */
  public PointsFormat {
    Map<Column, String> stripped = new EnumMap<>(Column.class);
    headers.forEach((column, header) -> stripped.put(column, header.strip()));
    headers = Collections.unmodifiableMap(stripped);
    settings = settings.stream().map(String::strip).toList();
    units = Map.copyOf(units);
    done = Set.copyOf(done);
  }

  /** Takes headers and a convention, nothing more. */
  public PointsFormat(Map<Column, String> headers, Convention convention) {
    this(
        headers,
        convention,
        List.of(),
        Map.of(),
        Optional.empty(),
        Set.of(),
        OptionalDouble.empty(),
        OptionalLong.empty());
  }

  /** Returns the header that the user gave a column, where they did. */
  Optional<String> mapped(Column column) {
    return Optional.ofNullable(headers.get(column));
  }
}
