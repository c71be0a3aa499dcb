package org.isoflop.harness.analysis.output;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.isoflop.harness.CsvFiles;
import org.isoflop.harness.ScreenLines;
import org.isoflop.harness.analysis.output.ResultJson.Row;
import org.isoflop.harness.analysis.stats.Estimate;
import org.isoflop.harness.analysis.stats.Interval;

/**
 * A table of results, described once for the four places it is shown in: a CSV, where an estimate
 * is three columns and numbers have all their digits; JSON, where it is a number and a pair; a
 * screen, where it is two columns; and a page.
 *
 * @param <R> what a row is of
 */
public final class ResultTable<R> {

  /**
   * A column.
   *
   * @param key its name in a CSV; empty where it is in none
   * @param json its name in JSON; empty where it is in none
   * @param head its head on a screen; empty where it is on none
   * @param title its head on a page, HTML; empty where it is on none
   * @param estimate whether its values are estimates
   * @param value of a row: an estimate, a number or words, or an optional one of these
   * @param words how the numbers of a row are said; empty of words
   */
  public record Column<R>(
      String key,
      String json,
      String head,
      String title,
      boolean estimate,
      Function<R, ?> value,
      Optional<Function<R, Words>> words) {

    /** Returns the value of a row, where there is one. */
    public Optional<?> of(R row) {
      return present(value.apply(row));
    }

    private static Optional<?> present(Object found) {
      if (found instanceof OptionalDouble number) {
        return number.isPresent() ? Optional.of(number.getAsDouble()) : Optional.empty();
      }
      return found instanceof Optional<?> maybe
          ? maybe.flatMap(Column::present)
          : Optional.of(found);
    }

    private List<String> names() {
      return estimate ? List.of(key, key + "_low", key + "_high") : List.of(key);
    }

    private List<Object> csv(R row) {
      Optional<?> found = of(row);
      if (!estimate) {
        return List.of(finite(found.isPresent() ? found.get() : ""));
      }
      Interval none = new Interval(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
      Interval interval = found.map(all -> ((Estimate) all).interval()).orElse(none);
      return List.of(
          found.map(all -> finite(((Estimate) all).value())).orElse(""),
          finite(interval.low()),
          finite(interval.high()));
    }

    private static Object finite(Object value) {
      return value instanceof Double number && !Double.isFinite(number) ? "" : value;
    }

    private List<String> screen(R row) {
      Optional<?> found = of(row);
      if (found.isEmpty()) {
        return estimate ? List.of("", "") : List.of("");
      }
      if (found.get() instanceof Estimate all) {
        Words how = words(row);
        return List.of(how.of(all.value()), how.of(all.interval()));
      }
      return List.of(text(row));
    }

    /** Returns how the numbers of a row are said. */
    public Words words(R row) {
      return words.orElseThrow().apply(row);
    }

    /** Returns in words what is there and no estimate. */
    public String text(R row) {
      Object found = of(row).orElseThrow();
      return found instanceof Double number && words.isPresent()
          ? words(row).of(number)
          : found.toString();
    }
  }

  private final List<Column<R>> columns = new ArrayList<>();

  private ResultTable<R> add(Column<R> column) {
    columns.add(column);
    return this;
  }

  /** Adds a column of numbers; heads as in {@link Column}, files name it alike. */
  public ResultTable<R> number(
      String key, String head, String title, Function<R, ?> value, Words words) {
    return add(new Column<>(key, json(key), head, title, false, value, Optional.of(row -> words)));
  }

  /** Adds a column of estimates, or of optional ones. */
  public ResultTable<R> estimate(
      String key, String head, String title, Function<R, ?> value, Words words) {
    return add(new Column<>(key, json(key), head, title, true, value, Optional.of(row -> words)));
  }

  /** Adds a column of words or whole numbers. */
  public ResultTable<R> text(String key, String head, String title, Function<R, ?> value) {
    return add(new Column<>(key, json(key), head, title, false, value, Optional.empty()));
  }

  /** Adds a column that files have, CSV and JSON. */
  public ResultTable<R> file(String key, Function<R, ?> value) {
    return text(key, "", "", value);
  }

  /** Adds a column that only a CSV has. */
  public ResultTable<R> csv(String key, Function<R, ?> value) {
    return add(new Column<>(key, "", "", "", false, value, Optional.empty()));
  }

  /** Adds a column that only JSON has. */
  public ResultTable<R> json(String key, Function<R, ?> value) {
    return add(new Column<>("", key, "", "", false, value, Optional.empty()));
  }

  /** Adds a column that only a page has, of words. */
  public ResultTable<R> page(String title, Function<R, ?> value) {
    return text("", "", title, value);
  }

  /** Adds a column that only a page has, of numbers or of estimates. */
  public ResultTable<R> page(String title, Function<R, ?> value, Words words) {
    return number("", "", title, value, words);
  }

  /** Adds a column that only a page has, of numbers or of estimates of several kinds. */
  public ResultTable<R> page(String title, Function<R, ?> value, Function<R, Words> words) {
    return add(new Column<>("", "", "", title, false, value, Optional.of(words)));
  }

  private static String json(String key) {
    return key.equals("budget_flops") ? "budget" : key; // its unit is in the CSVs' name alone
  }

  /** Adds the columns of another table. */
  public ResultTable<R> all(ResultTable<R> other) {
    columns.addAll(other.columns);
    return this;
  }

  /** Returns the columns of a page that have a value in any of these rows. */
  public List<Column<R>> onPage(Collection<R> rows) {
    return columns.stream()
        .filter(column -> !column.title().isEmpty())
        .filter(column -> rows.stream().anyMatch(row -> column.of(row).isPresent()))
        .toList();
  }

  /** Writes a CSV; what is infinite or not there is an empty cell. */
  public void write(Path file, Collection<R> rows) {
    List<Column<R>> written = columns.stream().filter(column -> !column.key().isEmpty()).toList();
    CsvFiles.write(
        file,
        written.stream().flatMap(column -> column.names().stream()).toList(),
        rows.stream()
            .map(row -> written.stream().flatMap(column -> column.csv(row).stream()).toList())
            .toList());
  }

  /** Returns an object for JSON of each row; what is not there is in it as {@code null}. */
  public List<Row> json(Collection<R> rows) {
    return rows.stream().map(this::json).toList();
  }

  private Row json(R row) {
    Row object = new Row();
    for (Column<R> column : columns) {
      if (column.estimate() && !column.json().isEmpty()) {
        object.estimate(column.json(), column.of(row).map(Estimate.class::cast));
      } else if (!column.json().isEmpty()) {
        object.with(column.json(), column.of(row));
      }
    }
    return object;
  }

  /** Returns the lines of a screen, the heads first; columns without a value are empty. */
  public List<String> lines(Collection<R> rows) {
    List<Column<R>> shown = columns.stream().filter(column -> !column.head().isEmpty()).toList();
    List<List<String>> cells = new ArrayList<>();
    List<String> heads = new ArrayList<>();
    StringBuilder alignment = new StringBuilder();
    for (Column<R> column : shown) {
      boolean any = rows.stream().anyMatch(row -> column.of(row).isPresent());
      heads.add(any ? column.head() : "");
      alignment.append(column.words().isPresent() ? "r" : "l");
      if (column.estimate()) {
        heads.add("");
        alignment.append("l");
      }
    }
    cells.add(heads);
    rows.forEach(
        row -> cells.add(shown.stream().flatMap(column -> column.screen(row).stream()).toList()));
    return ScreenLines.table(alignment.toString(), cells);
  }
}
