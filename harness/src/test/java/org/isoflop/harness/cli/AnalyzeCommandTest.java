package org.isoflop.harness.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.isoflop.harness.analysis.Surfaces;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.config.SweepConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code isoflop analyze} on other people's CSV files, on several sources, and by groups. */
final class AnalyzeCommandTest {

  @TempDir private Path folder;

  /** Writes three budgets of five sizes whose optima follow an exponent. */
  private Path csv(String name, String header, double exponent, String more) throws IOException {
    StringBuilder text = new StringBuilder(header + "\n");
    List<LossPoint> points = Surfaces.sampleBowls(exponent, Surfaces.budgets(1e17, 10, 3), 5, 4);
    for (LossPoint p : points) {
      text.append(
          String.format(
              Locale.ROOT, "%s;%s;%s;%s;%s%n", p.budget(), p.params(), p.tokens(), p.loss(), more));
    }
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private static CommandRun analyze(Object... arguments) {
    String[] all = new String[arguments.length + 3];
    all[0] = "analyze";
    all[1] = "--replicates";
    all[2] = "100";
    for (int i = 0; i < arguments.length; i++) {
      all[i + 3] = arguments[i].toString();
    }
    CommandRun run = CommandRun.of(all);
    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    return run;
  }

  @Test
  void sourcesOfOtherHeadersAndWithoutABudgetGetAReportEach() throws IOException {
    Path one = csv("one.csv", "-;params;tokens;loss;x", 0.5, "");
    Path two = csv("two.csv", "-;N params;tokens;val;x", 0.6, "");
    CommandRun run =
        analyze(
            one,
            two,
            "--group-by",
            "source",
            "--flops",
            "6nd",
            "--column",
            "params=n params",
            "--column",
            "loss=Val",
            "--out",
            folder.resolve("out"));
    assertThat(run.out())
        .containsSubsequence(
            "== source one ==",
            "15 loss points at 3 budgets",
            "all budgets",
            "0.500",
            "== source two ==",
            "15 loss points at 3 budgets",
            "all budgets",
            "0.600");
    assertThat(folder.resolve("out/one/report.html")).content().contains("source one");
    assertThat(folder.resolve("out/two/analysis.json")).exists();
  }

  @Test
  void whereNoTextCanBeDrawnTheAnswersAreWrittenAllTheSame() throws Exception {
    Path csv = csv("one.csv", "-;params;tokens;loss;x", 0.5, "");
    Path out = folder.resolve("out");
    Path screen = folder.resolve("screen");
    List<String> noFonts =
        List.of("-Dsun.awt.fontconfig=" + folder.resolve("none"), "-Djava.awt.headless=true");
    Process process =
        IsoflopProcess.start(
            IsoflopProcess.command(
                noFonts,
                "analyze",
                csv.toString(),
                "--flops=6nd",
                "--replicates=100",
                "--out=" + out),
            screen);
    assertThat(process.waitFor()).isEqualTo(1);
    assertThat(screen)
        .content()
        .contains("all budgets")
        .containsPattern("(?m)^isoflop: the figures cannot be written as PNG: .*[Ff]ontconfig.*$")
        .doesNotContain("\tat ");
    assertThat(out.resolve("report.html")).exists();
    assertThat(out.resolve("analysis.json")).exists();
  }

  @Test
  void groupsCalledByOddNamesGetFoldersOfTheirOwn() throws IOException {
    assertThat(
            AnalysisOutput.groupFolders(
                folder, List.of("jobs", "a/b", "a b", "A-B", "../..", "é", ".hidden", "1e-3")))
        .extracting(path -> folder.relativize(path).toString())
        .containsExactly("jobs-2", "a-b", "a-b-2", "A-B-3", "group", "group-2", "hidden", "1e-3");
  }

  @Test
  void aGroupWithoutAUsableRowIsSaidAndLeftOut() throws IOException {
    Path csv = csv("g.csv", "budget_flops;params;tokens;loss;kind", 0.5, "a");
    Files.writeString(csv, Files.readString(csv) + "1e18;1e8;1e9;nan;b\n");
    CommandRun run = analyze(csv, "--group-by", "kind", "--out", folder.resolve("out"));
    assertThat(run.out())
        .contains("== kind b ==", "No usable row. Left out 1 of 1 rows whose loss");
    assertThat(folder.resolve("out/a/report.html")).exists();
    assertThat(folder.resolve("out/b")).doesNotExist();
  }

  @Test
  void theVerySweepAnalysedMayBeWrittenAgain() throws IOException {
    Path points = csv("sweep/points.csv", "budget_flops;params;tokens;loss;x", 0.5, "");
    Path sweep = points.getParent();
    Files.writeString(
        sweep.resolve("sweep.yaml"),
        SweepConfig.of("s", List.of("a.txt"), List.of(1e9, 1e10)).toYaml());
    analyze(points, "--out", sweep);
    assertThat(sweep.resolve("report.html")).exists();
  }
}
