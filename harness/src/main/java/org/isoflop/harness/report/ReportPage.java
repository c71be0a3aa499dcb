package org.isoflop.harness.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.isoflop.harness.analysis.Analysis;
import org.isoflop.harness.analysis.BudgetCurve;

/**
 * Puts the page together: the template, the style, the drawing scripts and ECharts from the class
 * path, the text and tables from the analysis, the numbers as one JSON block.
 */
final class ReportPage {

  /** The version stands in the webjar's path; the parent POM sets it. */
  private static final String ECHARTS =
      "/META-INF/resources/_static/echarts/6.0.0/dist/echarts.min.js";

  private static final Pattern PLACE = Pattern.compile("\\{\\{([a-z.-]+)}}");

  private ReportPage() {}

  /** Returns the whole page. */
  static String render(ReportInput input) {
    Analysis analysis = input.analysis();
    Map<String, String> parts = new LinkedHashMap<>();
    parts.put("title", Html.text(input.title()));
    parts.put("palette", palette(analysis.curves().size()));
    parts.put("style", resource("report.css"));
    parts.put("warnings", ReportWords.warnings(analysis));
    parts.put("headline", ReportWords.headline(analysis));
    parts.put("facts", ReportWords.facts(input.facts()));
    parts.put("legend", legend(analysis.curves()));
    parts.put("isoflop-alt", Html.text(ReportWords.isoflopAlt(analysis)));
    parts.put("refusals", ReportWords.refusals(analysis));
    parts.put("params-panel", ReportWords.paramsPanel(analysis));
    parts.put("tokens-panel", ReportWords.tokensPanel(analysis));
    parts.put("frontier-caption", ReportWords.frontierCaption(analysis));
    parts.put("training", input.training().isEmpty() ? "" : training(input));
    parts.put("optima", ReportTables.optima(analysis));
    parts.put("exponents", ReportTables.exponents(analysis));
    parts.put("points", ReportTables.points(analysis));
    parts.put("points-count", Integer.toString(analysis.points()));
    parts.put("data", ReportData.inScript(input));
    parts.put("echarts", inScript(resource(ECHARTS)));
    for (String script : List.of("axes.js", "figures.js", "training.js", "page.js")) {
      parts.put(script, inScript(resource(script)));
    }
    return fill(resource("report.html"), parts);
  }

  /** Fills each place once; what a part contains is never looked at again. */
  private static String fill(String template, Map<String, String> parts) {
    return PLACE
        .matcher(template)
        .replaceAll(
            place -> {
              String part = parts.get(place.group(1));
              if (part == null) {
                throw new IllegalStateException("nothing fills " + place.group());
              }
              return Matcher.quoteReplacement(part);
            });
  }

  private static String palette(int budgets) {
    StringBuilder light = new StringBuilder(":root {");
    StringBuilder dark = new StringBuilder("@media (prefers-color-scheme: dark) { :root {");
    for (int i = 0; i < budgets; i++) {
      light.append(" --budget-%d: %s;".formatted(i, Palette.css(Palette.onLight(i, budgets))));
      dark.append(" --budget-%d: %s;".formatted(i, Palette.css(Palette.onDark(i, budgets))));
    }
    return light + " }\n" + dark + " } }";
  }

  private static String legend(List<BudgetCurve> curves) {
    StringBuilder legend = new StringBuilder("<ul class=\"legend\">\n");
    for (int i = 0; i < curves.size(); i++) {
      boolean refused = curves.get(i).refused().isPresent();
      legend.append(
          ("<li><button type=\"button\" aria-pressed=\"true\" data-budget=\"%d\">"
                  + "<span class=\"chip%s\" style=\"--chip: var(--budget-%d)\"></span>"
                  + "%s%s</button></li>\n")
              .formatted(
                  i,
                  refused ? " refused" : "",
                  i,
                  Numbers.flops(curves.get(i).budget()),
                  refused ? ", no optimum" : ""));
    }
    return legend.append("</ul>").toString();
  }

  private static String training(ReportInput input) {
    boolean unknown = input.training().stream().anyMatch(c -> c.budget().isEmpty());
    return fill(
        resource("training.html"),
        Map.of(
            "legend",
            legend(input.analysis().curves()),
            "jobs",
            input.training().size() == 1 ? "one job" : input.training().size() + " jobs",
            "unknown",
            unknown ? " Grey: jobs without a finished loss point." : ""));
  }

  /** Keeps a script from ending its own element; both forms mean the same in JavaScript strings. */
  private static String inScript(String script) {
    return script.replace("</script", "<\\/script").replace("<!--", "<\\!--");
  }

  private static String resource(String name) {
    try (InputStream in = ReportPage.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("not on the class path: " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + name + " from the class path", e);
    }
  }
}
