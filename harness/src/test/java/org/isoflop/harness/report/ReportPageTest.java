package org.isoflop.harness.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.isoflop.harness.analysis.Analysis;
import org.isoflop.harness.analysis.Method;
import org.isoflop.harness.analysis.RateControl;
import org.isoflop.harness.analysis.isoflop.BudgetCurve;
import org.isoflop.harness.analysis.points.Convention;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.stats.Estimate;
import org.isoflop.harness.analysis.stats.Fitted;
import org.isoflop.harness.analysis.stats.Interval;
import org.junit.jupiter.api.Test;

final class ReportPageTest {

  private static final String HOSTILE =
      "</script><img src=x onerror=alert(1)>\"'&{{data}}$1\\<!--\u2028";

  private static final Pattern ADDRESS =
      Pattern.compile("\\b(?:src|href|action|data|poster|srcset)\\s*=\\s*[\"']?([^\"'\\s>]*)");

  @Test
  void fetchesNothing() {
    String page = ReportPage.render(five());
    String markup = markup(page);
    List<String> addresses = new ArrayList<>();
    Matcher matcher = ADDRESS.matcher(markup);
    while (matcher.find()) {
      addresses.add(matcher.group(1));
    }

    assertThat(addresses).contains("data:,").allMatch(at -> at.matches("data:,|#mark-[a-z-]+"));
    assertThat(markup).doesNotContain("@import", "url(", "http:", "https:");
    assertThat(markup).contains("Content-Security-Policy\" content=\"default-src 'none';");
    assertThat(scripts(page)).hasSize(1);
    assertThat(scripts(page).get(0))
        .doesNotContain("fetch(", "XMLHttpRequest", "import(", "http:", "https:", "innerHTML");
  }

  @Test
  void isSmall() {
    assertThat(ReportPage.render(rich())).hasSizeLessThan(250_000);
  }

  @Test
  void saysAtEachMarkWhatItIs() {
    String page = markup(ReportPage.render(five()));

    assertThat(page)
        .containsPattern(
            "<title>1e12 FLOPs\nN = [\\d.]+k params\nD = [\\d.]+M tokens\n[\\d.]+ nats per token"
                + "\n[\\d.]+ bits per byte</title>")
        .contains("\nno optimum at this budget</title>")
        .containsPattern(
            "<title>Optimum at 1e12 FLOPs\nN\\* = [\\d.]+k \\([\\d.]+k to [\\d.]+k\\)\n")
        .containsPattern("<title>Fit at [\\de.]+ FLOPs\nN\\* = [\\d.]+k params\n95% interval ");
  }

  @Test
  void saysInWordsThatAnIntervalIsEndless() {
    ReportInput input = new ReportInput("wide", List.of(), Surfaces.endless(), List.of());

    assertThat(markup(ReportPage.render(input)))
        .contains("<small>no bounds</small>", ", no upper bound</small>")
        .doesNotContain("Infinity", "NaN", "\u221e");
  }

  @Test
  void keepsHostileTextInert() {
    LossPoint point = new LossPoint(1e11, 1e11, 1e5, 1e6, 2, OptionalDouble.empty(), HOSTILE);
    AnalysisDraft draft = new AnalysisDraft();
    draft.curves =
        List.of(
            new BudgetCurve(1e11, List.of(point), false, Optional.empty(), Optional.of(HOSTILE)));
    draft.methods =
        Map.of(Method.ISOFLOP, Fitted.refused(HOSTILE), Method.PARAMETRIC, Fitted.refused(HOSTILE));
    draft.conventions = Map.of(Convention.DEFAULT, Fitted.refused(HOSTILE));
    draft.warnings = List.of(HOSTILE);
    draft.notes = List.of(HOSTILE);
    Analysis analysis = draft.build();
    TrainingCurve curve =
        new TrainingCurve(
            HOSTILE,
            HOSTILE,
            Optional.of(HOSTILE),
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            List.of(new TrainingCurve.Sample(1, 5)),
            List.of());
    ReportInput input =
        new ReportInput(HOSTILE, List.of(new Fact(HOSTILE, HOSTILE)), analysis, List.of(curve));
    String page = ReportPage.render(input);
    String markup = markup(page);

    assertThat(page.toLowerCase(Locale.ROOT).split("<script", -1)).hasSize(2);
    assertThat(page.toLowerCase(Locale.ROOT).split("</script", -1)).hasSize(2);
    assertThat(markup)
        .doesNotContain("<img", "<!--")
        .contains(
            "<h1>&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;{{data}}$1");
  }

  @Test
  void leadsWithTheSlopesToExtrapolateFrom() {
    String page = words(ReportPage.render(rich()));

    assertThat(page)
        .containsSubsequence(
            "<div class=\"answer\">",
            "optimal parameters; 95% interval: ",
            "<b>Top of the range, 3e20 to 3e21 FLOPs</b>: <i>N</i>* \u221d <i>C</i><sup>",
            "<b>All budgets</b>: <i>N</i>* \u221d <i>C</i><sup>0.",
            "87 loss points at 9 budgets; N total, C the stated budget; 95% intervals in brackets.",
            "<h2 id=\"warnings\">3 warnings</h2>",
            "<summary>1 note</summary>",
            "Linearity test: one line will not do (p = 0.0031); a changes by \u22120.043 [")
        .doesNotContain("other methods agree");
  }

  @Test
  void leadsWithTheLineWhereThereIsNoTop() {
    assertThat(ReportPage.render(five()))
        .contains(
            "<i>N</i>* \u221d <i>C</i><sup>0.452</sup></p><p class=\"quiet\">optimal parameters;"
                + " 95% interval: 0.391 to 0.519</p>",
            "<i>D</i>* \u221d <i>C</i><sup>0.548</sup></p><p class=\"quiet\">optimal tokens; 95%"
                + " interval: 0.481 to 0.609</p>")
        .contains("<b>Linearity test</b>: one line will do (p = 0.41); a changes by ")
        .contains("35 loss points at 5 budgets; ")
        .contains("<h2 id=\"warnings\">2 warnings</h2>");
  }

  @Test
  void saysWhatWasRefusedAndWhy() {
    String page =
        words(ReportPage.render(new ReportInput("two", List.of(), Surfaces.refused(), List.of())));

    assertThat(page)
        .contains("<b>Approach 2 (IsoFLOP curves) refused</b>: exponents need at least 3 budgets")
        .contains("<b>1e11 FLOPs</b> has no optimum: " + Surfaces.REFUSAL + ".")
        .contains("No optimum: " + Surfaces.REFUSAL + ".</td>")
        .contains("</svg>1e11, no optimum</button>")
        .contains("There is no line, because there are no exponents.")
        .contains("No surface: The law has 5 parameters; 10 points at 2 budgets leave it open.")
        .doesNotContain(
            "id=\"training\"",
            "id=\"exponents\"",
            "id=\"residuals\"",
            "Parametric law in",
            "Allocation");
  }

  @Test
  void hasATableOfEverythingFound() {
    String page = words(ReportPage.render(rich()));

    assertThat(page)
        .containsSubsequence(
            "The optimum of each budget",
            "Exponents of all budgets, by method",
            "Exponents over parts of the range",
            "The same points counted in other ways",
            "Allocation: what to train at larger budgets",
            "The parametric law, ",
            "Loss at the optimum beyond the budgets, ",
            "The loss points, as they were read")
        .contains(
            "<th scope=\"row\">approach 1 (envelope)</th><td class=\"words\" colspan=\"4\">"
                + "No exponents: There are no training curves beside these points.</td>",
            "<tr class=\"marked\"><th scope=\"row\">N total, C the stated budget</th>",
            "<td>1.0 decade beyond</td>",
            "<td>2.0 decades beyond</td>",
            "<td>+0.015</td>",
            "<td>left out</td>");
    assertThat(rows(page, "Exponents of all budgets, by method")).isEqualTo(6);
    assertThat(rows(page, "Exponents over parts of the range")).isEqualTo(8 + 5 + 6 + 1);
    assertThat(rows(page, "The same points counted in other ways")).isEqualTo(9);
    assertThat(rows(page, "Allocation: ")).isEqualTo(4);
  }

  @Test
  void saysHowFarTheLearningRateIsFromItsBest() {
    AnalysisDraft draft = new AnalysisDraft();
    draft.methods = Map.of(Method.ISOFLOP, Fitted.refused("Too few."));
    draft.curves =
        List.of(
            new BudgetCurve(
                1e11,
                List.of(LossPoint.of(1e11, 1e5, 1e6, 2)),
                false,
                Optional.empty(),
                Optional.of("Too few.")));
    draft.rateControl =
        Optional.of(
            new RateControl(
                List.of(
                    new RateControl.Cell(
                        List.of(LossPoint.of(1e11, 1e5, 1e6, 2)),
                        new TreeMap<>(Map.of(0.5, 2.02, 2.0, Double.POSITIVE_INFINITY))),
                    new RateControl.Cell(
                        List.of(LossPoint.of(1e11, 2e5, 5e5, 3)),
                        new TreeMap<>(Map.of(0.5, 2.91, 2.0, 3.3)))),
                Optional.of(0.004),
                Optional.of(new Estimate(0.7, new Interval(0.6, 0.8))),
                Optional.of(new Estimate(0.02, new Interval(0.005, 0.035)))));
    ReportInput input = new ReportInput("checked", List.of(), draft.build(), List.of());
    String page = ReportPage.render(input);

    assertThat(markup(page))
        .contains(
            "<p>The rate is too high by more than the noise, 2.0% [0.5%, 3.5%] above the best"
                + " loss at 2 cells of 1e11 FLOPs (100k, 200k params); the best rate is 0.70 [0.60,"
                + " 0.80] times the sweep&#39;s, between those tried; &#39;isoflop tune&#39; finds",
            "<td>+1.0% <small>2.0200</small></td><td>2.0000</td><td>diverged</td>",
            "<td>\u22123.0% <small>2.9100</small></td><td>3.0000</td><td>+9.5%"
                + " <small>3.3000</small></td>",
            "; noise 0.4% of the loss.");
    assertThat(markup(ReportPage.render(rich()))).doesNotContain(">Learning rate<");
  }

  @Test
  void hasEveryPointInATable() {
    ReportInput input = five();
    String page = ReportPage.render(input);

    assertThat(rows(page, "The loss points, as they were read")).isEqualTo(35);
  }

  private static int rows(String page, String caption) {
    int start = page.indexOf(caption);
    String table = page.substring(start, page.indexOf("</table>", start));
    return table.split("<th scope=\"row\">", -1).length - 1;
  }

  private static ReportInput rich() {
    return new ReportInput("chinchilla", List.of(), Surfaces.rich(), List.of());
  }

  private static ReportInput five() {
    Analysis analysis = Surfaces.fiveWithOneRefused();
    return new ReportInput(
        "smoke",
        List.of(new Fact("Device", "CPU"), new Fact("Tokenizer", "bytes")),
        analysis,
        Surfaces.training(analysis));
  }

  /** The page without its scripts and drawings, in which assertions would search for long. */
  private static String words(String page) {
    return markup(page).replaceAll("(?s)<figure>.*?<figcaption>", "");
  }

  /** The page without its scripts. */
  private static String markup(String page) {
    return page.replaceAll("(?s)<script[^>]*>.*?</script>", "");
  }

  private static List<String> scripts(String page) {
    List<String> scripts = new ArrayList<>();
    Matcher matcher = Pattern.compile("(?s)<script[^>]*>(.*?)</script>").matcher(page);
    while (matcher.find()) {
      scripts.add(matcher.group(1));
    }
    return scripts;
  }
}
