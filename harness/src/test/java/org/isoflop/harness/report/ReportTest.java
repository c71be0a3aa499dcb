package org.isoflop.harness.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.isoflop.harness.analysis.Analysis;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;

final class ReportTest {

  @TempDir Path folder;

  @Test
  void writesThePageAndTheFigures() throws IOException {
    Files.writeString(folder.resolve("report.html"), "an older report");
    write(Surfaces.three());

    try (Stream<Path> files = Files.walk(folder)) {
      assertThat(files.filter(Files::isRegularFile).map(file -> folder.relativize(file).toString()))
          .containsExactlyInAnyOrder(
              "report.html",
              "figures/isoflop.svg",
              "figures/isoflop.png",
              "figures/frontier.svg",
              "figures/frontier.png",
              "figures/exponents.svg",
              "figures/exponents.png");
    }
    assertThat(folder.resolve("report.html")).content().startsWith("<!doctype html>");
  }

  @Test
  void figuresShowEveryBudgetInItsColour() throws Exception {
    write(Surfaces.fiveWithOneRefused());
    BufferedImage isoflop = png("isoflop");
    BufferedImage frontier = png("frontier");

    assertThat(isoflop.getWidth()).isEqualTo(1800);
    assertThat(frontier.getWidth()).isEqualTo(2160);
    for (String figure : List.of("exponents", "surface", "residuals")) {
      assertThat(colours(png(figure)).cardinality()).as(figure).isGreaterThan(500);
      assertThat(svg(figure).getDocumentElement().getTagName()).isEqualTo("svg");
    }
    BitSet inIsoflop = colours(isoflop);
    BitSet inFrontier = colours(frontier);
    String isoflopSvg = Files.readString(folder.resolve("figures/isoflop.svg"));
    for (int i = 0; i < 5; i++) {
      Ink budget = Ink.budget(i, 5);
      assertThat(inIsoflop.get(budget.light())).isTrue();
      assertThat(inFrontier.get(budget.light())).as("the lowest has no optimum").isEqualTo(i > 0);
      assertThat(isoflopSvg)
          .contains("<g class=\"budget-%d\" style=\"color:%s\">".formatted(i, budget.hex()));
    }

    Document svg = svg("isoflop");
    assertThat(svg.getDocumentElement().getTagName()).isEqualTo("svg");
    assertThat(svg.getDocumentElement().getAttribute("viewBox"))
        .isEqualTo("0 0 900 " + isoflop.getHeight() / 2);
    // Every place is a number, and every colour one that needs no page around it.
    assertThat(isoflopSvg).doesNotContain("NaN", "Infinity", "var(");
    assertThat(svg.getElementsByTagName("title").getLength()).isEqualTo(35 + 4);
  }

  @Test
  void drawsWhatIsThereWithoutExponentsOrWithEndlessIntervals() {
    assertThat(colours(FrontierFigure.of(Surfaces.refused()).image()).get(Ink.budget(1, 2).light()))
        .isTrue();
    assertThat(colours(FrontierFigure.of(Surfaces.endless()).image()).get(Ink.budget(2, 3).light()))
        .isTrue();
  }

  @Test
  void figuresShowTheLawAndTheTopInTheirColoursAndGoWithThem() throws Exception {
    write(Surfaces.rich());

    assertThat(colours(png("surface")).get(Ink.LAW.light())).isTrue();
    BitSet exponents = colours(png("exponents"));
    for (Ink ink : List.of(Ink.LAW, Ink.WINDOW, Ink.FIT, Ink.BLACK, Ink.SOFT)) {
      assertThat(exponents.get(ink.light())).as("%s", ink).isTrue();
    }
    assertThat(folder.resolve("figures/surface.svg")).exists();

    write(Surfaces.refused());

    try (Stream<Path> files = Files.list(folder.resolve("figures"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("isoflop.svg", "isoflop.png", "frontier.svg", "frontier.png");
    }
  }

  @Test
  void comparesSetsAndLinksThoseThatHaveAReport() throws IOException {
    ReportInput own = new ReportInput("own & small", List.of(), Surfaces.three(), List.of());
    ReportInput other = new ReportInput("chinchilla", List.of(), Surfaces.rich(), List.of());
    ReportInput nothing = new ReportInput("too few", List.of(), Surfaces.refused(), List.of());
    Report.write(own, folder.resolve("own & small"));
    Report.compare("Three sets", List.of(own, other, nothing), folder);

    assertThat(folder.resolve("compare.html"))
        .content()
        .startsWith("<!doctype html>")
        .contains("<a href=\"own%20%26%20small/report.html\">own &amp; small</a>")
        .contains("<th scope=\"row\">chinchilla</th><td>6e18 to 3e21</td><td>9 of 9</td>")
        .contains("<th scope=\"row\">too few</th><td>1e11 to 3e11</td><td>1 of 2</td>");
    BitSet colours = colours(png("compare"));
    for (int i = 0; i < 3; i++) {
      assertThat(colours.get(Ink.set(i).light())).isTrue();
    }
    assertThat(folder.resolve("figures/compare-exponents.svg")).exists();
  }

  @Test
  void refusesToCompareNothing() {
    assertThatThrownBy(() -> Report.compare("none", List.of(), folder))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("nothing to compare");
  }

  @Test
  void refusesToReportOnNothing() {
    Analysis empty = new AnalysisDraft().build();

    assertThatThrownBy(() -> new ReportInput("empty", List.of(), empty, List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a report needs at least one loss point");
  }

  private void write(Analysis analysis) {
    Report.write(new ReportInput("sweep", List.of(), analysis, List.of()), folder);
  }

  private BufferedImage png(String name) throws IOException {
    return ImageIO.read(folder.resolve("figures").resolve(name + ".png").toFile());
  }

  private Document svg(String name) throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
    return factory
        .newDocumentBuilder()
        .parse(folder.resolve("figures").resolve(name + ".svg").toFile());
  }

  private static BitSet colours(BufferedImage image) {
    BitSet colours = new BitSet(1 << 24);
    for (int pixel :
        image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth())) {
      colours.set(pixel & 0xffffff);
    }
    return colours;
  }
}
