package org.isoflop.harness.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.TinySweep;
import org.isoflop.harness.config.CorpusConfig;
import org.isoflop.harness.config.SweepConfig;
import org.isoflop.harness.data.tokenizers.Tokenizers;
import org.isoflop.harness.sweep.Sweep;
import org.isoflop.harness.sweep.SweepEvents;
import org.isoflop.harness.sweep.SweepFolder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
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
        .contains("sweep   2 budgets from 1e9 to 3.3e9 FLOPs", "expect  N* from about ")
        .contains("There is no smaller sweep than this one, which takes longer than 1.0s.")
        .contains("This sweep is too small for an exponent that tells anything")
        .contains("wrote   " + file, "isoflop sweep " + file);
    assertThat(init.out().lines().filter(line -> !line.contains(file.toString())))
        .allMatch(line -> line.length() <= 100);

    SweepEvents events = new SweepEvents();
    Sweep.Outcome begun =
        TinySweep.of(file, new SweepFolder(folder.resolve("sweep")), 1)
            .run(events, () -> events.countEnded() >= 2);
    assertThat(begun.jobs()).isGreaterThanOrEqualTo(8);
    assertThat(begun.done()).isGreaterThanOrEqualTo(2);
  }

  /** The same sweep in the words of both commands, each its own lines apart. */
  @ParameterizedTest
  @ValueSource(strings = {"bytes", "learned"})
  void whatItPromisesIsWhatThePlanSays(String tokens) {
    List<String> arguments = new ArrayList<>(List.of("init", file.toString(), "--corpus"));
    if (tokens.equals("bytes")) {
      arguments.addAll(List.of(SOURCES, "--include", "*.java", "--time", "25s"));
    } else {
      arguments.addAll(List.of(learned(512).toString(), "--time", "40s"));
    }
    arguments.addAll(List.of("--device", "cpu"));
    CommandRun init = CommandRun.of(arguments.toArray(String[]::new)).succeeded();
    CommandRun plan = CommandRun.of("plan", file.toString(), "--device", "cpu").succeeded();

    List<String[]> cells =
        plan.out()
            .lines()
            .filter(line -> line.matches("  \\S.* [+-]\\d+% .*"))
            .map(line -> line.strip().split("  +", -1))
            .toList();
    List<String> params = cells.stream().map(cell -> cell[1]).toList();
    List<String> budgets =
        plan.out()
            .lines()
            .filter(line -> line.startsWith("budget "))
            .map(line -> line.split(" ", -1)[1])
            .toList();
    String epochs =
        cells.stream()
            .map(cell -> cell[cell.length - 2])
            .max(Comparator.comparingDouble(Double::parseDouble))
            .orElseThrow();
    Matcher total =
        Pattern.compile(
                "total +(\\d+ loss points) from \\d+ jobs, \\S+ FLOPs(?: \\([^)]*\\))?, (.+?) with"
                    + " ")
            .matcher(words(plan.out()));
    assertThat(total.find()).as(plan.out()).isTrue();
    String promised = words(init.out());
    assertThat(promised)
        .contains(
            Quantities.format(
                "sweep %d budgets from %s to %s FLOPs, %s of decoders of %s to %s params on up to"
                    + " %s epochs; about %s on cpu, ",
                budgets.size(),
                budgets.get(0),
                budgets.get(budgets.size() - 1),
                total.group(1),
                Collections.min(params, BY_COUNT),
                Collections.max(params, BY_COUNT),
                epochs,
                total.group(2)));
    Matcher optimum = Pattern.compile("N\\* from about (\\S+) to (\\S+) params").matcher(promised);
    assertThat(optimum.find()).isTrue();
    assertThat(params).contains(optimum.group(1), optimum.group(2));
    String planned = words(plan.out());
    assertThat(planned).contains("precision");
    assertThat(promised).contains(planned.substring(planned.indexOf("precision") + 10).strip());
    assertThat(init.out().lines().filter(line -> line.startsWith("corpus ")).findFirst())
        .isEqualTo(plan.out().lines().filter(line -> line.startsWith("corpus ")).findFirst());
  }

  private static final Comparator<String> BY_COUNT =
      Comparator.comparingDouble(text -> Quantities.parseCount(text).getAsDouble());

  private static String words(String screen) {
    return screen.replaceAll("\\s+", " ");
  }

  /** Makes tokens of the sources by a vocabulary learned from them. */
  private Path learned(int vocabulary) {
    Path tokens = folder.resolve("tokens");

    CommandRun.of(
            "tokenize",
            SOURCES,
            "--include",
            "*.java",
            "--near-duplicates",
            "0.9",
            "--train-bpe",
            String.valueOf(vocabulary),
            "--out",
            tokens.toString())
        .succeeded();
    return tokens;
  }

  @Test
  void takesAFolderOfTokensAsItIs() throws IOException {
    Path tokens = learned(512);
    CommandRun init =
        CommandRun.of("init", file.toString(), "--corpus", tokens.toString(), "--time", "1s");

    assertThat(init.exitCode()).as(init.err()).isZero();
    assertThat(Files.readString(file)).contains("\n  tokens: \"" + tokens + "\"\n");
    assertThat(Files.readAllLines(file)).noneMatch(line -> line.matches(" *(files|tokenizer):.*"));
    CorpusConfig corpus = SweepConfig.read(file).corpus();
    assertThat(corpus.files()).containsExactly(SOURCES);
    assertThat(corpus.tokenizer()).isEqualTo(tokens.resolve("tokenizer.json").toString());
    assertThat(init.out())
        .contains("There is no smaller sweep than this one for 512 tokens, which takes longer")
        .contains("advice  At the ", "embedding and head would hold ", "bytes leave more to the")
        .contains(
            "          isoflop tokenize '"
                + SOURCES
                + "' --include '*.java' --near-duplicates 0.9 --validation-as-in "
                + tokens
                + " --tokenizer bytes --out runs/tiny-init-256-tokens\n          isoflop init "
                + folder.resolve("tiny-init-256.yaml")
                + " --device cpu --time 1.0s --corpus runs/tiny-init-256-tokens\n");

    Path other = folder.resolve("other-init.yaml");
    for (List<String> said :
        List.of(
            List.of(tokens.toString(), "--tokenizer", "gpt2"),
            List.of(tokens.toString(), "--text", "body"),
            List.of(tokens + "," + SOURCES))) {
      List<String> arguments = new ArrayList<>(List.of("init", other.toString(), "--time", "1s"));
      arguments.add("--corpus");
      arguments.addAll(said);
      CommandRun refused = CommandRun.of(arguments.toArray(String[]::new));
      assertThat(refused.exitCode()).isEqualTo(2);
      assertThat(refused.err())
          .matches(
              "isoflop: --corpus: .*(the tokens of .* were made with|holds tokens, which).*\n");
    }
    assertThat(other).doesNotExist();
  }

  /** The tokenizer that was answered for a text that will not do is none of the tokens' matter. */
  @Test
  void aFolderOfTokensWillDoWhereATextWillNot() throws IOException {
    Path one = Files.writeString(folder.resolve("one.txt"), "one document");
    Path tokens = learned(300);
    StringWriter out = new StringWriter();
    int exitCode =
        new CommandLine(
                new InitCommand(
                    Optional.of(
                        new StringReader(
                            file + "\ncpu\n" + one + "\nbytes\n" + tokens + "\n1s\n"))))
            .setOut(new PrintWriter(out))
            .execute();
    assertThat(exitCode).as(out.toString()).isZero();
    assertThat(out.toString()).contains("[bytes]: wait", "has one document", "Time you have");
    assertThat(SweepConfig.read(file).corpus().tokens()).isEqualTo(tokens.toString());
  }

  /** GPT-2's smallest decoders need more of a text than a package of Java. */
  @Test
  void aVocabularyTooLargeForTheTextIsRefusedWithWhatWouldDo() {
    CommandRun refused =
        CommandRun.of(
            "init",
            file.toString(),
            "--corpus",
            SOURCES,
            "--include",
            "*.java",
            "--tokenizer",
            "gpt2",
            "--time",
            "1d");
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err())
        .startsWith("isoflop: sweep tiny-init: limits.epochs: ")
        .contains("no sweep of 50,257 tokens is smaller", "--tokenizer bytes", "--train-bpe")
        .hasLineCount(1);
    assertThat(file).doesNotExist();
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
            "words",
            "",
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
        .contains("Tokenizer: " + Tokenizers.wanted() + " [bytes]: corpus.tokenizer: 'words'")
        .contains("--time: 'soon' is not a time");
    assertThat(SweepConfig.read(file).corpus().files()).containsExactly(SOURCES);
    assertThat(folder.resolve("old.yaml")).hasContent("mine");
  }

  static Stream<Arguments> ends() {
    return Stream.of(
        arguments("cpu\n", "--corpus"),
        arguments("cpu\n" + SOURCES + "\n", "--tokenizer"),
        arguments("cpu\n" + SOURCES + "\nbytes\n", "--time"));
  }

  @ParameterizedTest
  @MethodSource("ends")
  void anEndOfTheAnswersIsSaid(String answers, String flag) {
    CommandLine command =
        Isoflop.commandLine(
            new PrintWriter(new StringWriter()), new PrintWriter(new StringWriter()));
    StringWriter err = new StringWriter();
    int exitCode =
        new CommandLine(new InitCommand(Optional.of(new StringReader(file + "\n" + answers))))
            .setOut(new PrintWriter(new StringWriter()))
            .setErr(new PrintWriter(err, true))
            .setExecutionExceptionHandler(command.getExecutionExceptionHandler())
            .execute();

    assertThat(exitCode).isEqualTo(2);
    assertThat(err.toString())
        .isEqualTo(
            "isoflop: " + flag + ": is missing, and the answers have ended; give it as a flag\n");
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
