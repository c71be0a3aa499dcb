package org.isoflop.harness.report;

import java.util.List;
import java.util.OptionalDouble;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.stats.Estimate;

/** Pieces of HTML; all text that comes from outside passes {@link #text}. */
final class Html {

  /** A cell without a number. */
  static final String NONE = "<span class=\"none\">none</span>";

  /** A cell of something nobody looked for, which must not read as none. */
  static final String UNCHECKED = "<span class=\"none\">not checked</span>";

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

  /** A value with its interval beneath. */
  static String estimate(String value, String interval) {
    return value + " <small>" + interval + "</small>";
  }

  /** An exponent with its interval beneath. */
  static String exponent(Estimate found) {
    return estimate(Numbers.exponent(found.value()), Numbers.exponents(found.interval()));
  }

  /** A count with its interval beneath. */
  static String count(Estimate found) {
    return estimate(Quantities.count(found.value()), Numbers.counts(found.interval()));
  }

  /** A loss with its interval beneath. */
  static String loss(Estimate found) {
    return estimate(Numbers.loss(found.value()), Numbers.losses(found.interval()));
  }

  /** A loss, where there is one. */
  static String loss(OptionalDouble loss) {
    return loss.isPresent() ? Numbers.loss(loss.getAsDouble()) : NONE;
  }

  /**
   * A table that scrolls inside its own box where the page is narrow.
   *
   * @param caption what it shows, HTML
   * @param heads the column heads, HTML
   * @param rows rows made by {@link #row} or {@link #wideRow}
   */
  static String table(String caption, List<String> heads, List<String> rows) {
    return table(caption, "", heads, rows);
  }

  /** The same, with words in the second column. */
  static String wordsTable(String caption, List<String> heads, List<String> rows) {
    return table(caption, " class=\"worded\"", heads, rows);
  }

  private static String table(String caption, String kind, List<String> heads, List<String> rows) {
    StringBuilder table = new StringBuilder("<div class=\"scroll\" tabindex=\"0\">\n");
    table.append("<table").append(kind).append(">\n");
    table.append("<caption><span>").append(caption).append("</span></caption>\n<thead><tr>");
    heads.forEach(head -> table.append("<th scope=\"col\">").append(head).append("</th>"));
    table.append("</tr></thead>\n<tbody>\n");
    rows.forEach(table::append);
    return table.append("</tbody>\n</table>\n</div>\n").toString();
  }

  /** One row; the first cell heads it. */
  static String row(List<String> cells) {
    return row("<tr>", cells);
  }

  /** A row to be seen first. */
  static String markedRow(List<String> cells) {
    return row("<tr class=\"marked\">", cells);
  }

  private static String row(String start, List<String> cells) {
    StringBuilder row = new StringBuilder(start).append("<th scope=\"row\">").append(cells.get(0));
    row.append("</th>");
    cells.stream().skip(1).forEach(cell -> row.append("<td>").append(cell).append("</td>"));
    return row.append("</tr>\n").toString();
  }

  /** A row that heads those after it. */
  static String groupRow(String words, int columns) {
    return "<tr class=\"group\"><th scope=\"rowgroup\" colspan=\"%d\">%s</th></tr>\n"
        .formatted(columns, text(words));
  }

  /** A row that says in words why it has no numbers; {@code columns} beside its head. */
  static String wideRow(String head, String words, int columns) {
    return "<tr><th scope=\"row\">%s</th><td class=\"words\" colspan=\"%d\">%s</td></tr>\n"
        .formatted(head, columns, words);
  }

  /** A legend of buttons. */
  static String legend(List<String> buttons) {
    return "<ul class=\"legend\">\n" + String.join("", buttons) + "</ul>";
  }

  /** An entry of a legend that hides what it explains, its sample in the colour of its class. */
  static String hiding(String what, String sample, String words) {
    return entry(what, sample, "", words);
  }

  /** The same, its sample in a colour. */
  static String hiding(String what, String sample, String colour, String words) {
    return entry(what, sample, " style=\"--chip: %s\"".formatted(colour), words);
  }

  private static String entry(String what, String sample, String style, String words) {
    return ("<li><button type=\"button\" aria-pressed=\"true\" data-hides=\"%s\">"
            + "<span class=\"%s\"%s></span>%s</button></li>\n")
        .formatted(what, sample, style, text(words));
  }

  /** One of several buttons of which one is pressed. */
  static String choice(String what, boolean pressed, String words) {
    return "<button type=\"button\" aria-pressed=\"%s\" data-chooses=\"%s\">%s</button>"
        .formatted(pressed, what, words);
  }
}
