package org.isoflop.harness.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
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
              "figures/frontier.png");
    }
    assertThat(folder.resolve("report.html")).content().startsWith("<!doctype html>");
  }

  @Test
  void figuresShowEveryBudgetInItsColour() throws Exception {
    write(Surfaces.fiveWithOneRefused());
    BufferedImage isoflop = png("isoflop");
    BufferedImage frontier = png("frontier");

    assertThat(isoflop.getWidth()).isEqualTo(2000);
    assertThat(isoflop.getHeight()).isEqualTo(1200);
    assertThat(frontier.getWidth()).isEqualTo(2480);
    assertThat(frontier.getHeight()).isEqualTo(1120);
    BitSet inIsoflop = colours(isoflop);
    BitSet inFrontier = colours(frontier);
    String isoflopSvg = Files.readString(folder.resolve("figures/isoflop.svg"));
    for (int i = 0; i < 5; i++) {
      Color budget = Palette.onLight(i, 5);
      assertThat(inIsoflop.get(rgb(budget))).isTrue();
      assertThat(inFrontier.get(rgb(budget))).as("the lowest has no optimum").isEqualTo(i > 0);
      assertThat(isoflopSvg)
          .contains(
              "rgb(%d,%d,%d)".formatted(budget.getRed(), budget.getGreen(), budget.getBlue()));
    }

    Document svg = svg("isoflop");
    assertThat(svg.getDocumentElement().getTagName()).isEqualTo("svg");
    assertThat(svg.getDocumentElement().getAttribute("viewBox")).isEqualTo("0 0 1000 600");
    assertThat(svg("frontier").getElementsByTagName("image").getLength()).isZero();
  }

  @Test
  void drawsWhatIsThereWithoutExponentsOrWithEndlessIntervals() {
    assertThat(colours(frontier(Surfaces.refused())).get(rgb(Palette.onLight(1, 2)))).isTrue();
    assertThat(colours(frontier(Surfaces.endless())).get(rgb(Palette.onLight(2, 3)))).isTrue();
  }

  private static BufferedImage frontier(Analysis analysis) {
    StaticFigure figure = new FrontierFigure(analysis);
    BufferedImage image =
        new BufferedImage(figure.width(), figure.height(), BufferedImage.TYPE_INT_RGB);
    figure.paint(image.createGraphics());
    return image;
  }

  @Test
  void refusesToReportOnNothing() {
    Analysis empty =
        new Analysis(
            0,
            List.of(),
            Optional.empty(),
            Optional.of("no points"),
            List.of(),
            List.of(),
            List.of());

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

  private static int rgb(Color colour) {
    return colour.getRGB() & 0xffffff;
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
