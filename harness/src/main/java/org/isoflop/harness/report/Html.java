package org.isoflop.harness.report;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.isoflop.harness.analysis.output.ResultTable;
import org.isoflop.harness.analysis.output.ResultTable.Column;
import org.isoflop.harness.analysis.output.Words;
import org.isoflop.harness.analysis.stats.Estimate;

/** Pieces of HTML; all text that comes from outside passes {@link #text}. */
final class Html {

  /** A cell without a number. */
  static final String NONE = "<span class=\"none\">none</span>";

  private Html() {}

  /** Escapes text for element content and for attributes in double quotes. */
  static String text(String text) {
    StringBuilder escaped = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> escaped.append("&amp;");
        case '<' -> escaped.append("&lt;");
        case '>' -> escaped.append("&gt;");
        case '"' -> escaped.append("&quot;");
        case '\'' -> escaped.append("&#39;");
        default -> escaped.append(c);
      }
    }
    return escaped.toString();
  }

  /** A sentence that a screen shows too, its symbols and signs set as a page has them. */
  static String sentence(String said) {
    return text(said)
        .replaceAll("\\b([NDL])\\*", "<i>$1</i>*")
        .replaceAll("\\bC\\^(-?[0-9.]+)", "<i>C</i><sup>$1</sup>")
        .replace(" ~ ", " \u221d ")
        .replaceAll("(?<![\\w.])-(?=[0-9])", "\u2212");
  }

  /** A value with its interval beneath. */
  static String estimate(String value, String interval) {
    return value + " <small>" + interval + "</small>";
  }

  /** The same of an estimate. */
  static String estimate(Estimate found, Words words) {
    return estimate(Numbers.of(words, found.value()), Numbers.of(words, found.interval()));
  }

  /** What a cell holds that is HTML already. */
  record Markup(String html) {}

  /** A table of these rows; empty where there are none. */
  static <R> String table(String caption, ResultTable<R> table, List<R> rows) {
    return table(caption, table, Map.of("", rows), row -> false, row -> Optional.empty());
  }

  /**
   * A table that scrolls inside its own box where the page is narrow; empty where there are no
   * rows. The first column heads each row.
   *
   * @param caption what it shows, HTML
   * @param groups its rows, by the words that head several of them; none where those are empty
   * @param marked which rows are to be seen first
   * @param refused why a row has no numbers, HTML
   */
  static <R> String table(
      String caption,
      ResultTable<R> table,
      Map<String, ? extends Collection<R>> groups,
      Predicate<R> marked,
      Function<R, Optional<String>> refused) {
    List<R> all = groups.values().stream().<R>flatMap(Collection::stream).toList();
    List<Column<R>> columns = table.onPage(all);
    if (all.isEmpty()) {
      return "";
    }
    boolean worded = columns.size() > 1 && columns.get(1).words().isEmpty();
    StringBuilder html =
        new StringBuilder(
                "<div class=\"scroll\" tabindex=\"0\">\n<table%s>\n<caption><span>"
                    .formatted(worded ? " class=\"worded\"" : ""))
            .append(caption)
            .append("</span></caption>\n<thead><tr>");
    columns.forEach(column -> html.append("<th scope=\"col\">%s</th>".formatted(column.title())));
    html.append("</tr></thead>\n<tbody>\n");
    groups.forEach(
        (words, rows) -> {
          if (!words.isEmpty()) {
            html.append(
                "<tr class=\"group\"><th scope=\"rowgroup\" colspan=\"%d\">%s</th></tr>\n"
                    .formatted(columns.size(), text(words)));
          }
          for (R row : rows) {
            html.append(marked.test(row) ? "<tr class=\"marked\">" : "<tr>")
                .append("<th scope=\"row\">%s</th>".formatted(cell(columns.get(0), row)))
                .append(
                    refused
                        .apply(row)
                        .map(
                            why ->
                                "<td class=\"words\" colspan=\"%d\">%s</td>"
                                    .formatted(columns.size() - 1, why))
                        .orElseGet(() -> cells(columns, row)))
                .append("</tr>\n");
          }
        });
    return html.append("</tbody>\n</table>\n</div>\n").toString();
  }

  private static <R> String cells(List<Column<R>> columns, R row) {
    return columns.stream()
        .skip(1)
        .map(column -> "<td>" + cell(column, row) + "</td>")
        .collect(Collectors.joining());
  }

  private static <R> String cell(Column<R> column, R row) {
    Object found = column.of(row).orElse(null);
    if (found instanceof Estimate estimate) {
      return estimate(estimate, column.words(row));
    }
    if (found instanceof Markup markup) {
      return markup.html();
    }
    return found == null
        ? NONE
        : found instanceof Double ? Numbers.minus(column.text(row)) : text(column.text(row));
  }
}
