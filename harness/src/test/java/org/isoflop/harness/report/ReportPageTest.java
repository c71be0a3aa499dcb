package org.isoflop.harness.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.isoflop.harness.analysis.Analysis;
import org.isoflop.harness.analysis.BudgetCurve;
import org.isoflop.harness.analysis.LossPoint;
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

    assertThat(addresses).containsExactly("data:,");
    assertThat(markup).doesNotContain("@import", "url(", "http:", "https:");
    assertThat(markup).contains("Content-Security-Policy\" content=\"default-src 'none';");
    assertThat(scripts(page)).hasSize(3);
    assertThat(scripts(page).get(2))
        .doesNotContain("fetch(", "XMLHttpRequest", "import(", "http:", "https:", "innerHTML");
  }

  @Test
  void drawsWithTheEchartsOfTheClassPath() {
    assertThat(scripts(ReportPage.render(five())).get(1))
        .contains("Apache Software Foundation", "t.version=\"6.0.0\"")
        .hasSizeGreaterThan(500_000);
  }

  @Test
  void carriesEveryNumber() throws JsonProcessingException {
    ReportInput input = five();

    assertThat(ReportData.JSON.readValue(data(ReportPage.render(input)), ReportInput.class))
        .isEqualTo(input);
  }

  @Test
  void carriesAnEndlessInterval() throws JsonProcessingException {
    ReportInput input = new ReportInput("wide", List.of(), Surfaces.endless(), List.of());
    String page = ReportPage.render(input);

    assertThat(ReportData.JSON.readValue(data(page), ReportInput.class)).isEqualTo(input);
    assertThat(markup(page)).contains("<td>0\u2013\u221e</td>");
  }

  @Test
  void namesIntervalsAndFieldsAsAnalysisJsonDoes() {
    assertThat(data(ReportPage.render(five())))
        .contains("\"params_interval\":[", "\"bits_per_byte\":", "\"refused\":null");
  }

  @Test
  void keepsHostileTextInert() throws JsonProcessingException {
    LossPoint point = new LossPoint(1e11, 1e5, 1e6, 2, OptionalDouble.empty(), HOSTILE);
    Analysis analysis =
        new Analysis(
            1,
            List.of(
                new BudgetCurve(
                    1e11, List.of(point), false, Optional.empty(), Optional.of(HOSTILE))),
            Optional.empty(),
            Optional.of(HOSTILE),
            List.of(),
            List.of(),
            List.of(HOSTILE));
    TrainingCurve curve =
        new TrainingCurve(
            HOSTILE,
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            List.of(new TrainingCurve.Sample(1, 5)));
    ReportInput input =
        new ReportInput(HOSTILE, List.of(new Fact(HOSTILE, HOSTILE)), analysis, List.of(curve));
    String page = ReportPage.render(input);
    String markup = markup(page);

    assertThat(page.toLowerCase(Locale.ROOT).split("<script", -1)).hasSize(4);
    assertThat(page.toLowerCase(Locale.ROOT).split("</script", -1)).hasSize(4);
    assertThat(markup)
        .doesNotContain("<img", "<!--")
        .contains(
            "<h1>&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;{{data}}$1");
    assertThat(ReportData.JSON.readValue(data(page), ReportInput.class)).isEqualTo(input);
  }

  @Test
  void leadsWithTheResultAndItsIntervals() {
    assertThat(ReportPage.render(five()))
        .contains(
            "<i>N</i>* \u221d <i>C</i><sup>0.452</sup></strong> (95% interval 0.391 to 0.524)")
        .contains("<i>D</i>* \u221d <i>C</i><sup>0.548</sup></strong> (0.476 to 0.609)")
        .contains("35 loss points at 5 budgets from 1e11 to 1e13 FLOPs; 4 of them have an optimum.")
        .contains("<h2 id=\"warnings\">2 warnings</h2>");
  }

  @Test
  void saysWhatWasRefusedAndWhy() {
    String page =
        ReportPage.render(new ReportInput("two", List.of(), Surfaces.refused(), List.of()));

    assertThat(markup(page))
        .contains("<strong>No exponents</strong>: exponents need at least 3 budgets")
        .contains("<b>1e11 FLOPs</b> has no optimum: " + Surfaces.REFUSAL + ".")
        .contains("No optimum: " + Surfaces.REFUSAL + ".</td>")
        .contains("1e11, no optimum</button>")
        .contains("There is no line, because there are no exponents.")
        .doesNotContain("training-chart");
  }

  @Test
  void hasEveryPointInATable() {
    ReportInput input = five();
    String page = ReportPage.render(input);
    String table = page.substring(page.indexOf("The loss points, as they were fitted"));

    assertThat(table.split("<th scope=\"row\">", -1)).hasSize(35 + 1);
  }

  private static ReportInput five() {
    Analysis analysis = Surfaces.fiveWithOneRefused();
    return new ReportInput(
        "smoke",
        List.of(new Fact("Device", "CPU"), new Fact("Tokenizer", "bytes")),
        analysis,
        Surfaces.training(analysis));
  }

  /** The page without its scripts. */
  private static String markup(String page) {
    return page.replaceAll("(?s)<script[^>]*>.*?</script>", "");
  }

  private static String data(String page) {
    return scripts(page).get(0);
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
