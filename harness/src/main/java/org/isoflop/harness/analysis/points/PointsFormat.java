package org.isoflop.harness.analysis.points;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a user may say about a CSV of their own: how its headers are called, and how to count.
 *
 * @param headers the header of every column that is not called by its {@linkplain Column#key key}
 * @param convention how params and FLOPs are to be counted, which decides the columns needed
 * @param settings headers of what was tuned at every cell, beside those known
 */
public record PointsFormat(
    Map<Column, String> headers, Convention convention, List<String> settings) {

  /** CSV files as isoflop writes them, counted by {@link Convention#DEFAULT}. */
  public static final PointsFormat DEFAULT = new PointsFormat(Map.of(), Convention.DEFAULT);

  /** Copies the map; spaces about a header mean nothing. */
  public PointsFormat {
    Map<Column, String> stripped = new EnumMap<>(Column.class);
    headers.forEach((column, header) -> stripped.put(column, header.strip()));
    headers = Collections.unmodifiableMap(stripped);
    settings = settings.stream().map(String::strip).toList();
  }

  /** Takes headers and a convention, nothing more. */
  public PointsFormat(Map<Column, String> headers, Convention convention) {
    this(headers, convention, List.of());
  }

  /** Returns the header that the user gave a column, where they did. */
  Optional<String> mapped(Column column) {
    return Optional.ofNullable(headers.get(column));
  }
}
