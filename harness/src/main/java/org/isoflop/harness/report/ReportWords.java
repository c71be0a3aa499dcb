package org.isoflop.harness.report;

import java.util.List;
import java.util.stream.Collectors;
import org.isoflop.harness.Quantities;

/** What the page says in sentences beside the headline: warnings, notes, facts. */
final class ReportWords {

  private ReportWords() {}

  /** What there is not, and why, as a sentence, HTML. */
  static String refusal(String what, String reason) {
    String why = Html.text(reason.strip());
    return what + ": " + why + (why.endsWith(".") ? "" : ".");
  }

  /** The warnings as a section, or a line that says there are none. */
  static String warnings(List<String> warnings) {
    if (warnings.isEmpty()) {
      return "<p class=\"quiet\">The analysis raised no warnings.</p>\n";
    }
    return "<section class=\"warnings\" aria-labelledby=\"warnings\">\n"
        + "<h2 id=\"warnings\">%s</h2>\n<ul>\n"
            .formatted(Quantities.plural(warnings.size(), "warning"))
        + items(warnings)
        + "</ul>\n</section>\n";
  }

  /** The notes, folded; empty where there are none. */
  static String notes(List<String> notes) {
    return notes.isEmpty()
        ? ""
        : "<details class=\"notes\">\n<summary>%s</summary>\n<ul>\n"
                .formatted(Quantities.plural(notes.size(), "note"))
            + items(notes)
            + "</ul>\n</details>\n";
  }

  /** Cautions, in sight. */
  static String cautions(List<String> cautions) {
    return cautions.isEmpty() ? "" : "<ul class=\"refusals\">\n" + items(cautions) + "</ul>\n";
  }

  private static String items(List<String> sentences) {
    return sentences.stream()
        .map(sentence -> "<li>" + Html.sentence(sentence) + "</li>\n")
        .collect(Collectors.joining());
  }

  /** The facts as a list of terms. */
  static String facts(List<Fact> facts) {
    if (facts.isEmpty()) {
      return "";
    }
    return "<dl class=\"facts\">\n"
        + facts.stream()
            .map(
                fact ->
                    "<div><dt>%s</dt><dd>%s</dd></div>\n"
                        .formatted(Html.text(fact.label()), Html.text(fact.value())))
            .collect(Collectors.joining())
        + "</dl>\n";
  }
}
