package org.isoflop.harness.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The report as a browser draws it, on a desk and on a phone. */
@Tag("slow")
final class ReportInBrowserTest {

  private static final List<String> FIGURES =
      List.of("isoflop", "frontier", "exponents", "surface", "residuals", "training");

  /** Says what the page has come to; a page from a file may tell its frame nothing but messages. */
  private static final String MEASURE =
      """
      <script>
      addEventListener("load", () => {
        const plots = [...document.querySelectorAll(".plot > svg")].map(plot => {
          const box = plot.getBoundingClientRect();
          const labels = [...plot.querySelectorAll("text")]
            .map(text => text.getBoundingClientRect()).filter(label => label.width > 0);
          return {
            section: plot.closest("section").getAttribute("aria-labelledby"),
            label: plot.getAttribute("aria-label"),
            left: Math.min(...labels.map(label => label.left)), right: box.right,
            height: box.height, marks: plot.querySelectorAll("path, use").length,
          };
        });
        // How much is seen of a section's plots before and after a press of its first button.
        const seen = (section) => [...section.querySelectorAll(".plot g")]
          .filter(part => part.style.display !== "none" && part.getClientRects().length > 0).length;
        const sections = [...document.querySelectorAll("section")]
          .filter(section => section.querySelector("[data-hides]") !== null);
        const hides = sections.map(section => {
          const button = section.querySelector("[data-hides]");
          const before = seen(section);
          button.click();
          const hidden = before - seen(section);
          const pressed = button.getAttribute("aria-pressed");
          button.click();
          return { what: button.dataset.hides, hidden, pressed, shownAgain: seen(section) === before };
        });
        // What a mouse finds at the last mark of every plot, or at the end of its last line.
        const tips = [...document.querySelectorAll(".plot > svg")].map(plot => {
          plot.dispatchEvent(new PointerEvent("pointerenter"));
          plot.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight" }));
          const first = document.querySelector(".tip").innerText;
          const mark = [...plot.querySelectorAll("use, path[data-tip]")].at(-1);
          const box = mark.getBoundingClientRect();
          const [clientX, clientY] = [box.right - 1, box.bottom - 1];
          plot.dispatchEvent(new PointerEvent("pointermove", { clientX, clientY }));
          const last = document.querySelector(".tip").innerText;
          plot.dispatchEvent(new PointerEvent("pointerleave"));
          return { first, last, gone: document.querySelector(".tip").hidden };
        });
        const root = document.documentElement;
        const loaded = performance.getEntriesByType("resource").map(entry => entry.name);
        console.info("measured");
        parent.postMessage(JSON.stringify(
          { width: root.clientWidth, contentWidth: root.scrollWidth, plots, loaded, hides, tips }),
          "*");
      });
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
      <iframe src="measured.html" style="width: %dpx; height: 900px; border: 0"></iframe>
      """;

  @TempDir private Path folder;
  private HeadlessBrowser browser;

  @BeforeEach
  void findABrowser() {
    browser = HeadlessBrowser.find(folder).orElse(null);
    assumeTrue(browser != null, "no chromium, chromium-browser or google-chrome on the PATH");
  }

  private Path report() throws IOException {
    Analysis analysis = Surfaces.fiveWithOneRefused();
    ReportInput input =
        new ReportInput(
            "a sweep", List.of(new Fact("Device", "cpu")), analysis, Surfaces.training(analysis));
    return Files.writeString(folder.resolve("report.html"), ReportPage.render(input));
  }

  private Page open(Path file, int width) throws Exception {
    Page page = browser.open(file, width);
    assumeTrue(page.dom().contains("<title>"), "the browser here opens no local page");
    return page;
  }

  @Test
  void everyFigureFillsItsRoomAndNothingIsComplainedOf() throws Exception {
    JsonNode measured = measure(report(), 1200);

    // The page's own policy allows no request, and a browser complains of one on the console.
    assertThat(measured.path("loaded")).isEmpty();
    assertThat(measured.path("plots")).hasSize(9);
    for (JsonNode plot : measured.path("plots")) {
      String section = plot.path("section").asText();
      assertThat(FIGURES).contains(section);
      assertThat(plot.path("label").asText()).as(section).hasSizeGreaterThan(40);
      assertThat(plot.path("height").asDouble()).as(section).isBetween(300.0, 500.0);
    }
    JsonNode alone = measured.path("plots").path(0);
    assertThat(alone.path("right").asDouble() - alone.path("left").asDouble()).isGreaterThan(1000);
  }

  @Test
  void aPhoneNeedNotScrollSidewaysAndHasItsButtonsAndTips() throws Exception {
    JsonNode measured = measure(report(), 420);

    assertFits(measured);
    for (JsonNode plot : measured.path("plots")) {
      assertThat(plot.path("height").asDouble()).as("%s", plot).isGreaterThan(200);
      assertThat(plot.path("right").asDouble()).as("%s", plot).isBetween(300.0, 420.0);
    }
    assertThat(measured.path("hides")).hasSize(FIGURES.size());
    for (JsonNode tip : measured.path("tips")) {
      assertThat(tip.path("first").asText()).contains("\n").hasSizeGreaterThan(15);
      assertThat(tip.path("last").asText()).contains("\n").hasSizeGreaterThan(15);
      assertThat(tip.path("gone").asBoolean()).isTrue();
    }
    assertThat(measured.path("tips").path(8).path("first").asText())
        .containsPattern("\nD = [\\d.]+[kM]? tokens\n\\d\\.\\d{4} nats per token, training");
  }

  @Test
  void setsHeldAgainstABaselineShowTheirGain() throws Exception {
    LawGrid grid = LawGrid.centred(LawGrid.CHINCHILLA, 3, 5, 4);
    Report.compare(
        Comparison.of(
            List.of(
                new Comparison.Input("one", LossPoints.of(grid.noisy(0.002, 1))),
                new Comparison.Input("<b>two</b>", LossPoints.of(grid.noisy(0.002, 2)))),
            i ->
                new Comparison.Recipes(
                    Fitted.refused("Tables."), false, Optional.empty(), List.of()),
            List.of(),
            new AnalysisSettings(IntervalScheme.NOISE, new Resampling(1, 100))),
        folder);
    Path page = folder.resolve("compare.html");

    assertThat(page)
        .content()
        .contains("&lt;b&gt;two&lt;/b&gt; against one")
        .doesNotContain("<b>two");
    JsonNode measured = measure(page, 420);
    assertFits(measured);
    assertThat(measured.path("plots")).hasSize(5);
    assertThat(measured.path("plots").path(0).path("section").asText()).isEqualTo("gain");
    assertThat(measured.path("tips").path(0).path("last").asText())
        .contains("nats per token", "gain 1.");
    assertThat(folder.resolve("figures/gain.png")).isNotEmptyFile();

    // A comparison without it leaves none behind.
    Report.compare(
        "one set", List.of(new ReportInput("rich", List.of(), Surfaces.rich(), List.of())), folder);
    assertThat(folder.resolve("figures/gain.png")).doesNotExist();
  }

  private static void assertFits(JsonNode measured) {
    assertThat(measured.path("width").asInt()).isBetween(390, 420);
    assertThat(measured.path("contentWidth").asInt())
        .isLessThanOrEqualTo(measured.path("width").asInt());
    assertThat(measured.path("loaded")).isEmpty();
    for (JsonNode plot : measured.path("plots")) {
      assertThat(plot.path("left").asDouble()).as("%s", plot).isNotNegative();
      assertThat(plot.path("marks").asInt()).as("%s", plot).isGreaterThan(20);
    }
    for (JsonNode hide : measured.path("hides")) {
      assertThat(hide.path("hidden").asInt()).as("%s", hide).isPositive();
      assertThat(hide.path("pressed").asText()).as("%s", hide).isEqualTo("false");
      assertThat(hide.path("shownAgain").asBoolean()).as("%s", hide).isTrue();
    }
  }

  /** Opens a page in a frame of that many pixels, and lets it say what it has come to. */
  private JsonNode measure(Path file, int width) throws Exception {
    String page = Files.readString(file);
    int end = page.lastIndexOf("</body>");
    Files.writeString(
        folder.resolve("measured.html"), page.substring(0, end) + MEASURE + page.substring(end));
    Page framed =
        open(Files.writeString(folder.resolve("frame.html"), FRAME.formatted(width)), 1400);
    assertThat(framed.console()).singleElement().asString().contains("measured");
    Matcher message = Pattern.compile("<pre id=\"measured\">(\\{.*})</pre>").matcher(framed.dom());
    assertThat(message.find()).isTrue();
    return new ObjectMapper().readTree(message.group(1));
  }
}
