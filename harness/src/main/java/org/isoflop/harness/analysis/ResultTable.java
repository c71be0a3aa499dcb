package org.isoflop.harness.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.isoflop.harness.analysis.stats.Estimate;

/**
 * A table of results on its way into a CSV, where an estimate is three columns and a number that is
 * infinite or not there an empty cell.
 *
 * @param file its name
 * @param columns its header
 * @param rows as many cells each
 */
record ResultTable(String file, List<String> columns, List<List<Object>> rows) {

  private static final String ESTIMATE = "~";

  /**
   * Starts a table.
   *
   * @param columns their names; {@code x~} stands for {@code x}, {@code x_low} and {@code x_high}
   */
  static ResultTable of(String file, String... columns) {
    List<String> all =
        Arrays.stream(columns)
            .flatMap(
                name ->
                    name.endsWith(ESTIMATE)
                        ? estimate(name.substring(0, name.length() - ESTIMATE.length()))
                        : Stream.of(name))
            .toList();
    return new ResultTable(file, all, new ArrayList<>());
  }

  private static Stream<String> estimate(String name) {
    return Stream.of(name, name + "_low", name + "_high");
  }

  /** Adds a row of estimates, numbers, words, and optional ones of these, in the columns' order. */
  void add(Object... values) {
    List<Object> row = new ArrayList<>();
    for (Object value : values) {
      add(row, value);
    }
    rows.add(row);
  }

  private void add(List<Object> row, Object value) {
    if (value instanceof Optional<?> optional) {
      if (optional.isPresent()) {
        add(row, optional.get());
      } else {
        // An estimate that is not there leaves its two ends empty too.
        row.add("");
        while (row.size() < columns.size() && isEnd(row.size())) {
          row.add("");
        }
      }
    } else if (value instanceof OptionalDouble number) {
      add(row, number.orElse(Double.NaN));
    } else if (value instanceof Estimate estimate) {
      add(row, estimate.value());
      add(row, estimate.interval().low());
      add(row, estimate.interval().high());
    } else if (value instanceof Double number && !Double.isFinite(number)) {
      row.add("");
    } else {
      row.add(value);
    }
  }

  private boolean isEnd(int column) {
    return columns.get(column).endsWith("_low") || columns.get(column).endsWith("_high");
  }
}
