package org.isoflop.harness.report;

import java.util.List;

/** Pieces of HTML; all text that comes from outside passes {@link #text}. */
final class Html {

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

  /**
   * A table that scrolls inside its own box where the page is narrow.
   *
   * @param caption what it shows, HTML
   * @param heads the column heads, HTML
   * @param rows rows made by {@link #row} or {@link #wideRow}
   */
  static String table(String caption, List<String> heads, List<String> rows) {
    StringBuilder table = new StringBuilder("<div class=\"scroll\" tabindex=\"0\">\n<table>\n");
    table.append("<caption><span>").append(caption).append("</span></caption>\n<thead><tr>");
    heads.forEach(head -> table.append("<th scope=\"col\">").append(head).append("</th>"));
    table.append("</tr></thead>\n<tbody>\n");
    rows.forEach(table::append);
    return table.append("</tbody>\n</table>\n</div>\n").toString();
  }

  /** One row; the first cell heads it. */
  static String row(List<String> cells) {
    StringBuilder row = new StringBuilder("<tr><th scope=\"row\">").append(cells.get(0));
    row.append("</th>");
    cells.stream().skip(1).forEach(cell -> row.append("<td>").append(cell).append("</td>"));
    return row.append("</tr>\n").toString();
  }

  /** A row that says in words why it has no numbers; {@code columns} beside its head. */
  static String wideRow(String head, String words, int columns) {
    return "<tr><th scope=\"row\">%s</th><td class=\"words\" colspan=\"%d\">%s</td></tr>\n"
        .formatted(head, columns, words);
  }
}
