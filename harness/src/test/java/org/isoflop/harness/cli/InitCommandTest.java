package org.isoflop.harness.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.points.LossPoints;
import org.isoflop.harness.config.CorpusConfig;
import org.isoflop.harness.config.SweepConfig;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code isoflop init}, unattended and asked; {@code BadInputTest} has what it refuses. */
final class InitCommandTest {

  private static final String SOURCES = "src/main/java/org/isoflop/harness/{cli,plan}";

  @TempDir private Path folder;

  private Path file;

  @BeforeEach
  void nameAFile() {
    file = folder.resolve("tiny-init.yaml");
  }

  @Test
  void writesUnattendedWhatPlansAndTrains() throws IOException {
    CommandRun init =
        CommandRun.of(
            "init",
            file.toString(),
            "--corpus",
            SOURCES,
            "--include",
            "*.java",
            "--device",
            "cpu",
            "--time",
            "1s");

    assertThat(init.err()).isEmpty();
    assertThat(init.exitCode()).isZero();
    SweepConfig config = SweepConfig.read(file);
    assertThat(config.corpus())
        .isEqualTo(CorpusConfig.of(List.of(SOURCES)).taking(List.of("*.java"), "text"));
    assertThat(init.out())
        .contains("sweep   2 budgets from 1e9 to 3.2e9 FLOPs", "expect  N* from about ")
        .contains("There is no smaller sweep than this one, which takes longer than 1.0s.")
        .contains("This sweep is too small for an exponent that tells anything")
        .contains("wrote   " + file, "isoflop sweep " + file);
    assertThat(init.out().lines().filter(line -> !line.contains(file.toString())))
        .allMatch(line -> line.length() <= 100);

    Path sweep = folder.resolve("sweep");
    CommandRun trained =
        CommandRun.of(
            "sweep",
            file.toString(),
            "--out",
            sweep.toString(),
            "--device",
            "cpu",
            "--slots",
            "1",
            "--progress",
            "none");
    assertThat(trained.exitCode()).as(trained.err()).isZero();
    assertThat(LossPoints.read(sweep.resolve("points.csv")).points()).hasSize(8);
  }

  @Test
  void asksForWhatNoFlagSaysAndAgainWhereAnAnswerWillNotDo() throws IOException {
    Files.writeString(folder.resolve("old.yaml"), "mine");
    StringWriter out = new StringWriter();
    String answers =
        String.join(
            "\n",
            folder.resolve("old.yaml").toString(),
            file.toString(),
            "gpu",
            "cpu",
            "",
            "nowhere",
            SOURCES + ", README.none",
            SOURCES,
            "soon",
            "1s",
            "");

    int exitCode =
        new CommandLine(new InitCommand(Optional.of(new StringReader(answers))))
            .setOut(new PrintWriter(out))
            .execute();

    assertThat(exitCode).isZero();
    assertThat(out.toString().lines().filter(line -> line.contains("]: ") || line.contains("h: ")))
        .as("questions, each with the complaint or the line that follows its answer")
        .isNotEmpty();
    assertThat(out.toString())
        .contains(
            "Configuration to write [mine.yaml]: " + folder.resolve("old.yaml") + ": is there")
        .contains("Device to train on: auto, cpu, cuda [auto]: --device: there is no device 'gpu'")
        .contains("'nowhere' does not exist", "'README.none' does not exist")
        .contains("--time: 'soon' is not a time");
    assertThat(SweepConfig.read(file).corpus().files()).containsExactly(SOURCES);
    assertThat(folder.resolve("old.yaml")).hasContent("mine");
  }

  @Test
  void anEndOfTheAnswersIsSaid() {
    CommandLine command =
        Isoflop.commandLine(
            new PrintWriter(new StringWriter()), new PrintWriter(new StringWriter()));
    StringWriter err = new StringWriter();
    int exitCode =
        new CommandLine(new InitCommand(Optional.of(new StringReader(file + "\ncpu\n"))))
            .setOut(new PrintWriter(new StringWriter()))
            .setErr(new PrintWriter(err, true))
            .setExecutionExceptionHandler(command.getExecutionExceptionHandler())
            .execute();

    assertThat(exitCode).isEqualTo(2);
    assertThat(err.toString())
        .isEqualTo(
            "isoflop: --corpus: is missing, and the answers have ended; give it as a flag\n");
    assertThat(file).doesNotExist();
  }

  @Test
  void timesAreWrittenAsPeopleDo() {
    assertThat(
            List.of("45s", "30m", "30 min", "2h", "1.5h", "1h30m", "1D 12h").stream()
                .map(Quantities::parseDuration)
                .map(OptionalDouble::getAsDouble))
        .containsExactly(45.0, 1800.0, 1800.0, 7200.0, 5400.0, 5400.0, 129_600.0);
    assertThat(List.of("", "30", "m", "-1h", "30m2h", "1e3s", "h1", "0h", "9".repeat(400) + "d"))
        .allMatch(text -> Quantities.parseDuration(text).isEmpty());
  }
}
