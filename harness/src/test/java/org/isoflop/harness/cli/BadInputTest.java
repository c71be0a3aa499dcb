package org.isoflop.harness.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.isoflop.harness.config.SweepConfig;
import org.isoflop.models.Precision;
import org.isoflop.models.TorchRuntime;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Wrong input through the whole command line: one line that says what is wrong and what would do,
 * exit code 2, and not a byte written.
 */
final class BadInputTest {

  /** Lines that may be printed before the input turns out to be wrong. */
  private static final List<String> HEADERS =
      List.of("sweep   ", "device  ", "wait    ", "corpus  ", "isoflop bench on ");

  private static final String CSV = "budget_flops,params,tokens,loss\n1e9,1e3,1e5,3.5\n";

  /** A sweep that could be trained; {@code @} stands for the test's folder, here and in rows. */
  private static final String CORPUS = "corpus: {files: ['@/texts'], validation_fraction: 0.2}\n";

  private static final String GRID =
      "grid: {budgets: [6e8, 2e9], sizes: {per_budget: 4, span: 6},"
          + " expected: {tokens_per_param: 1}}\n";
  private static final String REST =
      "decoder: {context: 16, tied: true}\nevaluation: {tokens: 400}\nlimits: {epochs: 100}\n";

  @TempDir private static Path folder;

  /**
   * One mistake.
   *
   * @param file the one that is wrong, in the test's folder; blank where the arguments are
   * @param content of that file
   */
  private record Row(Refusal refusal, String file, String content) {
    @Override
    public String toString() {
      return refusal + (content.isEmpty() ? "" : ", " + refusal.words());
    }
  }

  /** For all tests together, since none may write anything beside it. */
  @BeforeAll
  static void laySoundInput() throws IOException {
    for (int i = 0; i < 30; i++) {
      write("texts/" + i + ".txt", ("Text " + i + " has these words. ").repeat(40 + i));
    }
    write("sound.yaml", CORPUS + GRID + REST);
    write("sound.csv", CSV);
    write("a-file", "in the way");
    write("foreign/thesis.txt", "do not touch");
    write("binary/image.bin", "a\0b");
    write("broken.zip", "not an archive");
    write("lines.jsonl", "{\"text\": \"a\"}\n{\"content\": \"b\"}\n");
    write("table.csv", "id,body\n1,a\n");
    write("x.parquet", "PAR1 and no more");
    write("one/only.txt", "the only document there is");
    for (int i = 0; i < 10; i++) {
      write("few/" + i + ".txt", "Few words, " + i + ". ".repeat(40 + i));
    }
    write("two/1.txt", "alpha");
    write("two/2.txt", "beta");
    write("zipped/x.txt", "PK\3\4");
    write("a-sweep/sweep.yaml", "name: a-sweep");
    write("a-sweep/plan.csv", "job");
    write(".hidden/.also", "text");
    write("broken-plan/plan.json", "{\"conditions\": {");
    SweepConfig sound = SweepConfig.read(folder.resolve("sound.yaml")).on(Precision.FLOAT32);
    write("changed/sweep.yaml", sound.toYaml().replace("- 2.0e+9", "- 1.9e+9"));
    for (String sweep : List.of("other", "half", "broken-plan")) {
      SweepConfig config = SweepConfig.of(sweep, List.of("a.txt"), List.of(1e9, 1e10));
      write(sweep + "/sweep.yaml", config.on(Precision.FLOAT32).toYaml());
    }
  }

  static Stream<Row> flags() {
    return Stream.of(
        row("", "a command is missing", "--help"),
        row("train", "unknown argument train", "'isoflop --help'"),
        row("--frobnicate", "unknown argument --frobnicate"),
        row("plan", "CONFIG", "'isoflop plan --help'"),
        row("sweep @/sound.yaml @/other.yaml", "unknown argument", "other.yaml"),
        row("sweep @/sound.yaml --frobnicate", "unknown argument --frobnicate"),
        row("sweep @/sound.yaml --out", "--out", "DIR"),
        row("sweep @/sound.yaml --device mps", "--device", "'mps'", "use auto, cpu, cuda"),
        row("sweep @/sound.yaml --device", "--device", "auto|cpu|cuda[:i]"),
        row("sweep @/sound.yaml --workers 2", "--workers: is for --executor slurm", "--slots"),
        row("sweep @/sound.yaml --sbatch=--mem=8G", "--sbatch: is for --executor slurm"),
        row("sweep @/sound.yaml --executor moon", "--executor", "'moon'"),
        row("sweep @/sound.yaml --executor slurm", "--executor slurm: needs --workers N"),
        row("sweep @/sound.yaml --executor slurm --workers 0", "--workers: 0 is", "use 1 to 1000"),
        row("sweep @/sound.yaml --executor slurm --workers 2 --slots 2", "--slots: ", "--workers"),
        row("sweep @/sound.yaml --slots 0", "--slots: 0 is", "use 1 to 1024"),
        row("sweep @/sound.yaml --slots -1", "--slots: -1 is", "use 1 to 1024"),
        row("sweep @/sound.yaml --slots abc", "--slots", "'abc'", "int"),
        row(
            "sweep @/sound.yaml --checkpoint-seconds -1",
            "--checkpoint-seconds: -1.0 is",
            "use 0 to 86400"),
        row("sweep @/sound.yaml --progress fast", "--progress", "'fast'", "BARS, LINES, NONE"),
        row("init --time 1h", "--corpus: is missing", "no terminal", "as a flag"),
        row("init --corpus @/texts", "--time: is missing"),
        row("init --corpus @/texts --time 90", "--time: '90'", "with its unit", "30m"),
        row("init --corpus @/texts --time 0s", "--time: '0s'"),
        row("init --corpus @/texts --time 1000d", "--time: 1000d is", "use 1s to 100d"),
        row("init --corpus ,a --time 1h", "--corpus: files[0]: is blank"),
        row("init --corpus @/texts --time 1h --device gpu", "--device", "'gpu'", "use auto, cpu"),
        row("status", "DIR"),
        row("analyze", "DIR|CSV"),
        row("analyze @/sound.csv --replicates 5", "--replicates: 5 is", "use 100 to 1000000"),
        row("analyze @/sound.csv --seed x", "--seed", "'x'"),
        row("bench --precision int8", "--precision", "'int8'", "FLOAT32, BFLOAT16"),
        row("bench --sizes 0", "--sizes: [0.0] are", "use 1e3 to 1e11"),
        row("bench --sizes abc", "--sizes", "'abc'"),
        row("bench --context 1", "--context: 1 is", "use 8 to 65536"),
        row("bench --batch-tokens 4", "--batch-tokens: 4 is", "one sequence of 128"),
        row("bench --seconds 0", "--seconds", "use more than 0"),
        row("bench --csv @/texts", "@/texts", "is a folder, name a file"),
        row("bench --csv @/a-file/table.csv", "@/a-file", "use another folder"));
  }

  static Stream<Row> folders() {
    return Stream.of(
        row("plan @/none.yaml", "@/none.yaml", "there is no such file"),
        row("plan @/texts", "@/texts", "is a folder, name a YAML file"),
        row("plan @/sound.yaml --out @/a-file", "@/a-file", "is a file, use another folder"),
        row("sweep @/sound.yaml --out @/a-file", "@/a-file", "is a file, use another folder"),
        row("sweep @/sound.yaml --out @/a-file/x", "@/a-file/x", "cannot be made", "another"),
        row("sweep @/sound.yaml --out @/foreign", "@/foreign", "holds files but no sweep", "--out"),
        row(
            "sweep @/sound.yaml --out @/other",
            "@/other/sweep.yaml",
            "another configuration (",
            "corpus.files",
            "use --out"),
        row("sweep @/sound.yaml --out @/changed", "no longer (grid.budgets: 1.9e9); name it too"),
        row("init @/sound.yaml --corpus @/texts --time 1h", "@/sound.yaml: is there already"),
        row("init @/texts --corpus @/texts --time 1h", "@/texts: is there already"),
        row("init @/.yaml --corpus @/texts --time 1h", "'' cannot be a folder's name"),
        row("init @/a-file/x.yaml --corpus @/texts --time 1h", "@/a-file: is a file"),
        row("init @/new.yaml --corpus @/none --time 1h", "'@/none' does not exist"),
        row("init @/new.yaml --corpus @/one --time 1h", "has one document"),
        row(
            "init @/new.yaml --corpus @/few --time 1h --device cpu",
            "limits.epochs",
            "more than 4 passes"),
        row("status @/none", "@/none", "there is no such folder"),
        row("status @/a-file", "@/a-file", "there is no such folder"),
        row("status @/foreign", "@/foreign", "is not the folder of a sweep", "sweep.yaml"),
        row("status @/half", "@/half", "is not the folder of a sweep", "plan.json"),
        row("status @/broken-plan", "@/broken-plan/plan.json", "not whole", "delete it"),
        row("work @/none", "@/none", "there is no such folder"),
        row("work @/half", "@/half", "is not the folder of a sweep", "plan.json"),
        row("work @/broken-plan", "@/broken-plan/plan.json", "not whole", "delete it"),
        row("work @/half --device cuda:0,cpu", "--device"),
        row("analyze @/other", "@/other", "has no points.csv"),
        row("analyze @/none.csv", "@/none.csv", "there is no such file", "CSV of loss points"),
        row("analyze @/sound.csv --out @/a-file", "@/a-file", "is a file, use another folder"),
        row("analyze @/sound.csv --out @/a-file/x", "@/a-file/x", "cannot be made"));
  }

  static Stream<Row> configurations() {
    return Stream.of(
        config("", "is empty"),
        config("corpus: {files: [a}\n", "bad.yaml:1: is not valid YAML"),
        config("corpus: " + "[".repeat(2000), "is not valid YAML", "nesting depth"),
        config(CORPUS, "grid.budgets", "is missing"),
        config(GRID, "corpus.files", "is missing"),
        config(CORPUS + CORPUS + GRID, ":2: corpus", "stands a second time"),
        config(CORPUS + GRID + "decodr: {}\n", "decodr", "is not a known key", "decoder"),
        config(CORPUS + GRID + "decoder: {context: long}\n", "decoder.context", "'long'"),
        config(CORPUS + GRID + "decoder: {norm: batch}\n", "decoder.norm", "layernorm or rmsnorm"),
        config(CORPUS + GRID + "decoder: {mlp: relu}\n", "decoder.mlp", "gelu or swiglu"),
        config(CORPUS + GRID + "name: a/b\n", "name", "'a/b' cannot be a folder's name"),
        config(CORPUS + GRID + "limits: {epochs: 0}\n", "limits.epochs", "not positive"),
        config(
            CORPUS + GRID + "training: {schedule: {kind: linear}}\n",
            "training.schedule.kind",
            "use cosine or wsd"),
        config(
            CORPUS + GRID + "training: {learning_rate: {rule: guess}}\n",
            "training.learning_rate.rule",
            "auto, deepseek, porian or steplaw"),
        config("corpus: {files: ['@/texts'], tokenizer: gpt-2}\n" + GRID, "'gpt-2'", "use bytes"),
        config(CORPUS + "grid: {budgets: []}\n", "grid.budgets", "is an empty list"),
        config(CORPUS + "grid: {budgets: [-1e9]}\n", "grid.budgets[0]", "use a positive one"),
        config(CORPUS + "grid: {budgets: [.nan]}\n", "grid.budgets[0]", "use a finite number"),
        config(CORPUS + "grid: {budgets: [2e9, 1e9]}\n", "grid.budgets[1]", "smallest first"),
        config(CORPUS + "grid: {budgets: [10]}\n", "none of its 7 cells", "use other budgets"),
        config(CORPUS + "grid: {budgets: [1e300]}\n", "grid.budgets[0]", "use at most 1e30"),
        config(CORPUS + "grid: {budgets: 1e9, 1e10}\n", "bad.yaml:2", "1e10"),
        config(CORPUS + "grid:\n  budgets: 1e9, 1e10\n", "grid.budgets", "a list in [brackets]"),
        config(
            CORPUS + "grid: {budgets: {from: 1, to: 1e300, ratio: 2}}\n",
            "grid.budgets.to",
            "use at most 1e30"));
  }

  static Stream<Row> corpora() {
    return Stream.of(
        corpus("files: ['@/none']", "'@/none' does not exist", "would do"),
        corpus("files: ['@/texts/*.md']", "'@/texts/*.md' matches nothing"),
        corpus("files: ['@/none/*.txt']", "there is no folder '@/none/'"),
        corpus("files: [\"no\\0where/*.txt\"]", "cannot be the name of a file here"),
        corpus("files: [\"no*\\0where.txt\"]", "matches nothing"),
        corpus("files: ['@/texts/[a']", "is not a glob"),
        corpus("files: ['@/texts'], include: ['*.java']", "none of the 30 documents", "[*.java]"),
        corpus("files: ['@/broken.zip']", "@/broken.zip", "not a sound zip"),
        corpus("files: ['@/lines.jsonl']", "@/lines.jsonl, line 2: no field 'text' (but content)"),
        corpus("files: ['@/lines.jsonl'], text: content", "line 1: no field 'content' (but text)"),
        corpus("files: ['@/table.csv']", "@/table.csv, line 1: no column 'text' (but id, body)"),
        corpus("files: ['@/x.parquet']", "@/x.parquet: is a Parquet file that is damaged"),
        corpus("files: ['@/lines.jsonl'], text: ''", "corpus.text", "name the field or column"),
        corpus("files: ['@/binary']", "empty or binary", "text would do"),
        corpus("files: ['@/zipped']", "x.txt (a zip archive, name it", "text would do"),
        corpus("files: ['@/one']", "has one document", "corpus.document_separator"),
        corpus("files: ['@/two']", "fell to the", "split at validation_fraction 0.05"),
        corpus("files: ['@/a-sweep']", "no file in", "left out: 1 of sweeps"),
        corpus("files: ['@/.hidden/*']", "matches nothing", "not hidden"),
        corpus("files: [/dev/zero]", "/dev/zero is neither a file nor a folder"),
        config(
            CORPUS
                + GRID
                + "decoder: {context: 1000000}\ntraining: {micro_batch_tokens: 1000000}\n",
            "validation split has",
            "needs 1000001",
            "would do"),
        config(CORPUS + GRID + "evaluation: {tokens: 5}\n", "evaluation: 5 tokens", "at least 128"),
        config(
            CORPUS + GRID + REST.replace("epochs: 100", "epochs: 0.1"),
            "limits.epochs",
            "more than 0.1 passes",
            "raise the limit"));
  }

  static Stream<Row> tables() {
    return Stream.of(
        csv("", "the file is empty", "budget_flops,params,tokens,loss"),
        csv("budget_flops,params,tokens,loss\n", "no finished loss point", "at least one row"),
        csv("a,b\n1,2\n", "line 1", "lacks the column budget_flops", "'a,b'"),
        csv("loss,params,tokens,loss\n3.5,1e3,1e5,3.5\n", "line 1", "column loss", "twice"),
        csv(CSV + "1e9,1e3,many,3\n", "line 3, column tokens", "'many'", "finite number"),
        csv(CSV + "1e9,1e3,1e5,0\n", "line 3, column loss", "'0'", "positive finite number"),
        csv(CSV + "1e9,-1e3,1e5,3\n", "line 3, column params", "'-1e3'", "positive"),
        csv(CSV + "1e9,1e3,,3\n", "line 3, column tokens", "an empty cell"),
        csv(CSV + "1e9,1e3\n", "line 3", "found 2 columns", "has 4"),
        csv(CSV + "\"1e9,1e3,1e5,3\n", "line 3", "not well-formed CSV", "quote"),
        csv("PK\0\1", "line 1", "binary", "wanted a CSV"));
  }

  @ParameterizedTest
  @MethodSource({"flags", "folders", "configurations", "corpora", "tables"})
  void isRefusedInOneLineAndNothingIsWritten(Row row) throws IOException {
    if (!row.file().isEmpty()) {
      write(row.file(), row.content());
    }
    check(row);
  }

  @ParameterizedTest
  @MethodSource("gpus")
  void aGpuThatIsNotThereIsRefused(Row row) throws IOException {
    assumeFalse(TorchRuntime.device("auto").isGpu(), "there is a GPU here");
    check(row);
  }

  static Stream<Row> gpus() {
    return Stream.of(
        row("plan @/sound.yaml --device cuda", "--device", "cuda", "sees 0 CUDA devices"),
        row("sweep @/sound.yaml --device cuda --executor slurm --workers 2", "such as its workers"),
        row("sweep @/sound.yaml --device cuda:7", "--device", "cuda:7", "sees 0 CUDA devices"),
        row("bench --device cuda", "--device", "cuda", "sees 0 CUDA devices"));
  }

  @Test
  void aSweepThatIsRunningIsNotRunTwice() throws IOException {
    SweepConfig config = SweepConfig.read(folder.resolve("sound.yaml")).on(Precision.FLOAT32);
    write("running/sweep.yaml", config.toYaml());
    write("running/.lock", "");
    try (FileChannel other =
        FileChannel.open(folder.resolve("running/.lock"), StandardOpenOption.WRITE)) {
      other.lock();
      check(row("sweep @/sound.yaml --out @/running", "@/running", "another process", "wait"));
    }
  }

  private void check(Row row) throws IOException {
    CommandRun run = row.refusal().check(folder);
    assertThat(run.out().lines()).allMatch(line -> HEADERS.stream().anyMatch(line::startsWith));
  }

  private static String placed(String text) {
    return text.replace("@", folder.toString());
  }

  private static void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, placed(text));
  }

  private static Row row(String arguments, String... words) {
    return new Row(Refusal.of(arguments, words), "", "");
  }

  private static Row config(String yaml, String... words) {
    return new Row(
        Refusal.of("sweep @/bad.yaml --out @/out --device cpu", words), "bad.yaml", yaml);
  }

  private static Row corpus(String corpus, String... words) {
    return config("corpus: {" + corpus + "}\n" + GRID + REST, words);
  }

  private static Row csv(String content, String... words) {
    String[] all = Stream.concat(Stream.of("@/bad.csv"), Stream.of(words)).toArray(String[]::new);
    return new Row(Refusal.of("analyze @/bad.csv --out @/out", all), "bad.csv", content);
  }
}
