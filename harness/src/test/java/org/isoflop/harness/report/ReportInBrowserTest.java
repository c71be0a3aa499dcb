package org.isoflop.harness.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.isoflop.harness.analysis.Analysis;
import org.isoflop.harness.analysis.AnalysisSettings;
import org.isoflop.harness.analysis.Comparison;
import org.isoflop.harness.analysis.LawGrid;
import org.isoflop.harness.analysis.points.LossPoints;
import org.isoflop.harness.analysis.stats.Fitted;
import org.isoflop.harness.analysis.stats.IntervalScheme;
import org.isoflop.harness.analysis.stats.Resampling;
import org.isoflop.harness.report.HeadlessBrowser.Page;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The report as a browser draws it, on a desk and on a phone. */
final class ReportInBrowserTest {

  /** The figures and what each is drawn as. */
  private static final Map<String, String> FIGURES =
      Map.of(
          "isoflop-chart", "svg",
          "params-chart", "svg",
          "tokens-chart", "svg",
          "exponents-chart", "svg",
          "surface-chart", "svg",
          "residuals-chart", "svg",
          "training-chart", "canvas");

  /** Says what the page has come to; a page from a file may tell its frame nothing but messages. */
  private static final String MEASURE =
      """
      <script>
      addEventListener("load", () => setTimeout(() => {
        const figures = [...document.querySelectorAll(".chart")].map(chart => {
          const drawing = chart.querySelector("svg, canvas");
          const box = drawing.getBoundingClientRect();
          const marks = drawing.tagName === "CANVAS"
            ? drawing.getContext("2d").getImageData(0, 0, drawing.width, drawing.height)
                .data.filter(value => value > 0).length
            : drawing.querySelectorAll("path").length;
          return {
            id: chart.id, left: box.left, right: box.right, height: box.height, marks,
          };
        });
        // What a button does to the figure of its section.
        const press = (button) => {
          const chart = button.closest("section").querySelector(".chart");
          const before = chart.innerHTML;
          button.click();
          const changed = chart.innerHTML !== before && !chart.querySelector("canvas");
          return { what: button.dataset.chooses ?? button.dataset.hides, changed,
            pressed: button.getAttribute("aria-pressed") };
        };
        const choices = [...document.querySelectorAll('[data-chooses][aria-pressed="false"]')]
          .map(press);
        const hides = [...document.querySelectorAll("section")]
          .map(section => section.querySelector("[data-hides]"))
          .filter(button => button !== null).slice(0, 2).map(press);
        // The first thing that has a tip, in every figure, told as a mouse would find it.
        const tips = [...document.querySelectorAll(".chart")].map(element => {
          const chart = echarts.getInstanceByDom(element);
          const series = chart.getOption().series;
          const seriesIndex = series.findIndex(s => s.data.some(item => item.tip));
          const dataIndex = series[seriesIndex].data.findIndex(item => item.tip);
          chart.dispatchAction({ type: "showTip", seriesIndex, dataIndex });
          return (element.querySelector(".tip") ?? { textContent: "" }).textContent;
        });
        const root = document.documentElement;
        const loaded = performance.getEntriesByType("resource").map(entry => entry.name);
        console.info("measured");
        parent.postMessage(JSON.stringify(
          { width: root.clientWidth, contentWidth: root.scrollWidth, figures, loaded, choices,
            hides, tips }), "*");
      }, 1000));
      </script>
      """;

  /** A window cannot be as narrow as a phone, but a frame can. */
  private static final String FRAME =
      """
      <!doctype html>
      <title>frame</title>
      <pre id="measured"></pre>
      <script>
      addEventListener("message", event => {
        document.getElementById("measured").textContent = event.data;
      });
      </script>
      <iframe src="measured.html" style="width: 420px; height: 900px; border: 0"></iframe>
      """;

  @TempDir private Path folder;
  private HeadlessBrowser browser;
  private Path report;

  @BeforeEach
  void writeTheReport() throws Exception {
    browser = HeadlessBrowser.find(folder).orElse(null);
    assumeTrue(browser != null, "no chromium, chromium-browser or google-chrome on the PATH");
    Analysis analysis = Surfaces.fiveWithOneRefused();
    Report.write(
        new ReportInput(
            "a sweep", List.of(new Fact("Device", "cpu")), analysis, Surfaces.training(analysis)),
        folder);
    report = folder.resolve("report.html");
  }

  private Page open(Path file, int width) throws Exception {
    Page page = browser.open(file, width);
    assumeTrue(page.dom().contains("<title>"), "the browser here opens no local page");
    return page;
  }

  @Test
  void everyFigureIsDrawnWithALabelAndNothingIsComplainedOf() throws Exception {
    Page page = open(report, 1400);

    // The page's own policy allows no request, and a browser complains of one on the console.
    assertThat(page.console()).isEmpty();
    FIGURES.forEach(
        (figure, drawnAs) -> {
          Matcher chart =
              Pattern.compile(
                      "id=\""
                          + figure
                          + "\" role=\"img\" aria-label=\"[^\"]{40,}\"[^>]*>"
                          + "<div [^>]*><"
                          + drawnAs
                          + " [^>]*width=\"(\\d+)\" height=\"(\\d+)\"")
                  .matcher(page.dom());
          assertThat(chart.find()).as(figure).isTrue();
          assertThat(Integer.parseInt(chart.group(1))).as(figure).isBetween(400, 1400);
          assertThat(Integer.parseInt(chart.group(2))).as(figure).isBetween(200, 1000);
        });
  }

  @Test
  void aPhoneNeedNotScrollSidewaysAndNothingIsLoaded() throws Exception {
    JsonNode measured = measure(report);

    assertThat(measured.path("width").asInt()).isBetween(390, 420);
    assertThat(measured.path("contentWidth").asInt())
        .isLessThanOrEqualTo(measured.path("width").asInt());
    assertThat(measured.path("loaded")).isEmpty();
    assertThat(measured.path("figures")).hasSize(FIGURES.size());
    for (JsonNode figure : measured.path("figures")) {
      String id = figure.path("id").asText();
      assertThat(FIGURES).containsKey(id);
      assertThat(figure.path("left").asDouble()).as(id).isNotNegative();
      assertThat(figure.path("right").asDouble()).as(id).isBetween(300.0, 420.0);
      assertThat(figure.path("height").asDouble()).as(id).isGreaterThan(200);
      assertThat(figure.path("marks").asInt()).as(id).isGreaterThan(20);
    }
  }

  @Test
  void buttonsChangeTheirFiguresAndEveryFigureHasTips() throws Exception {
    JsonNode measured = measure(report);

    assertThat(measured.path("choices")).hasSize(2);
    for (JsonNode choice : measured.path("choices")) {
      assertThat(choice.path("changed").asBoolean()).as("%s", choice).isTrue();
      assertThat(choice.path("pressed").asText()).as("%s", choice).isEqualTo("true");
    }
    assertThat(measured.path("hides")).hasSize(2);
    for (JsonNode hide : measured.path("hides")) {
      assertThat(hide.path("changed").asBoolean()).as("%s", hide).isTrue();
      assertThat(hide.path("pressed").asText()).as("%s", hide).isEqualTo("false");
    }
    assertThat(measured.path("tips")).hasSize(FIGURES.size());
    for (JsonNode tip : measured.path("tips")) {
      assertThat(tip.asText()).hasSizeGreaterThan(15);
    }
  }

  @Test
  void aComparisonIsDrawnToo() throws Exception {
    Report.compare(
        "two sets",
        List.of(
            new ReportInput("rich", List.of(), Surfaces.rich(), List.of()),
            new ReportInput("refused", List.of(), Surfaces.refused(), List.of())),
        folder);

    JsonNode measured = measure(folder.resolve("compare.html"));

    assertThat(measured.path("contentWidth").asInt())
        .isLessThanOrEqualTo(measured.path("width").asInt());
    assertThat(measured.path("loaded")).isEmpty();
    assertThat(measured.path("figures")).hasSize(2);
    for (JsonNode figure : measured.path("figures")) {
      assertThat(figure.path("marks").asInt()).isGreaterThan(20);
    }
    assertThat(measured.path("choices").path(0).path("changed").asBoolean()).isTrue();
  }

  @Test
  void setsHeldAgainstABaselineShowTheirGain() throws Exception {
    LawGrid grid = LawGrid.centred(LawGrid.CHINCHILLA, 3, 5, 4);
    Report.compare(
        Comparison.of(
            List.of(
                new Comparison.Input("one", new LossPoints(grid.noisy(0.002, 1))),
                new Comparison.Input("<b>two</b>", new LossPoints(grid.noisy(0.002, 2)))),
            i ->
                new Comparison.Recipes(
                    Fitted.refused("Tables."), false, Optional.empty(), List.of()),
            List.of(),
            new AnalysisSettings(IntervalScheme.NOISE, new Resampling(1, 100))),
        folder);
    Path page = folder.resolve("compare.html");

    assertThat(page).content().contains("&lt;b&gt;two&lt;/b&gt; against one").doesNotContain("<b>");
    JsonNode measured = measure(page);
    assertThat(measured.path("contentWidth").asInt())
        .isLessThanOrEqualTo(measured.path("width").asInt());
    assertThat(measured.path("figures").path(0).path("id").asText()).isEqualTo("gain-chart");
    assertThat(measured.path("figures").path(0).path("marks").asInt()).isGreaterThan(20);
    assertThat(measured.path("hides").path(0).path("changed").asBoolean()).isTrue();
    assertThat(measured.path("tips").path(0).asText()).contains("nats per token", "gain 1.");
    assertThat(folder.resolve("figures/gain.png")).isNotEmptyFile();

    // A comparison without it leaves none behind.
    Report.compare(
        "one set", List.of(new ReportInput("rich", List.of(), Surfaces.rich(), List.of())), folder);
    assertThat(folder.resolve("figures/gain.png")).doesNotExist();
  }

  /** Opens a page as a phone would, and lets it say what it has come to. */
  private JsonNode measure(Path file) throws Exception {
    String page = Files.readString(file);
    int end = page.lastIndexOf("</body>");
    Files.writeString(
        folder.resolve("measured.html"), page.substring(0, end) + MEASURE + page.substring(end));
    Page framed = open(Files.writeString(folder.resolve("frame.html"), FRAME), 800);
    assertThat(framed.console()).singleElement().asString().contains("measured");
    Matcher message = Pattern.compile("<pre id=\"measured\">(\\{.*})</pre>").matcher(framed.dom());
    assertThat(message.find()).isTrue();
    return new ObjectMapper().readTree(message.group(1));
  }
}
