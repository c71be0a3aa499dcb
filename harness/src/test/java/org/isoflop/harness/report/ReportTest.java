package org.isoflop.harness.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReportTest {

  @Test
  void writes(@TempDir Path folder) {
    String out = System.getProperty("report.out");
    Path root = out == null ? folder : Path.of(out);
    var facts =
        List.of(
            new Fact("Device", "1 × NVIDIA H200"),
            new Fact("Corpus", "JDK sources, 61.2 MB, 3 files"),
            new Fact("Tokenizer", "bytes"),
            new Fact("Schedule", "wsd, cooldown 20%"),
            new Fact("Learning rate", "rule porian"),
            new Fact("Seed", "1"));
    var five = Surfaces.fiveWithOneRefused();
    Report.write(
        new ReportInput("smoke", facts, five, Surfaces.training(five)), root.resolve("five"));
    Report.write(
        new ReportInput("three", List.of(), Surfaces.three(), List.of()), root.resolve("three"));
    Report.write(
        new ReportInput("refused", List.of(), Surfaces.refused(), List.of()),
        root.resolve("refused"));
    assertThat(root.resolve("five/report.html")).exists();
  }
}
