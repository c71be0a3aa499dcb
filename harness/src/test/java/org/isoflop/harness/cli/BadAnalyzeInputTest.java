package org.isoflop.harness.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.isoflop.harness.config.SweepConfig;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@code isoflop analyze} refuses of columns, conventions, groups, gzip files and folders. */
final class BadAnalyzeInputTest {

  private static final String CSV = "budget_flops,params,tokens,loss,seed\n1e9,1e3,1e5,3.5,1\n";

  @TempDir private Path folder;

  private static Refusal row(String arguments, String... words) {
    String out = arguments.contains("--out") ? "" : " --out @/new";
    return Refusal.of("analyze @/" + arguments + out, words);
  }

  @BeforeEach
  void layInput() throws IOException {
    write("sound.csv", CSV);
    write("headers.csv", CSV.replace("params", "n"));
    write("no-budget.csv", CSV.replace("budget_flops", "c"));
    write("twice.csv", CSV.replace("seed", "Loss"));
    write("comma.csv", CSV.replace(',', ';').replace('.', ','));
    write("text.csv.gz", CSV);
    StringBuilder many = new StringBuilder(CSV);
    for (int i = 2; i < 103; i++) {
      many.append("1e9,1e3,1e5,3.5,").append(i).append('\n');
    }
    write("many.csv", many.toString());
    byte[] gzip = gzip(many.toString());
    Files.write(folder.resolve("cut.csv.gz"), Arrays.copyOf(gzip, gzip.length / 2));
    byte[] damaged = gzip.clone();
    damaged[gzip.length - 6] ^= 1; // the checksum
    Files.write(folder.resolve("damaged"), damaged);
    Files.write(folder.resolve("binary.gz"), gzip("a\0b"));
    for (String sweep : List.of("mine", "other", "out/7", "out/1")) {
      write(
          sweep + "/sweep.yaml",
          SweepConfig.of("s", List.of("a.txt"), List.of(1e9, 1e10)).toYaml());
    }
    write("mine/points.csv", CSV);
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  private void write(String name, String content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  static Stream<Refusal> columns() {
    return Stream.of(
        row("sound.csv --column params", "--column: 'params' is no mapping", "params=n_params"),
        row("sound.csv --column params=", "--column: 'params=' is no mapping"),
        row("sound.csv --column =n", "--column: '=n' is no mapping"),
        row("sound.csv --column size=n", "'size' is not known", "budget_flops, params"),
        row("sound.csv --column loss=a --column LOSS=b", "--column: loss is given twice"),
        row(
            "sound.csv --column params=n_params",
            "sound.csv, line 1: the header lacks the column n_params",
            "which --column says is params",
            "found 'budget_flops,params,tokens,loss,seed'"),
        row("headers.csv", "lacks the column params", "--column NAME=HEADER"),
        row("twice.csv", "line 1, column loss", "twice"),
        row(
            "sound.csv --column params=a+seed",
            "lacks the column a, which --column says is params"),
        row("sound.csv --unit params=X", "--unit: 'X' is not known", "pfdays"),
        row("sound.csv --unit size=M", "--unit: 'size' is not known"),
        row("sound.csv --loss-unit nat", "--loss-unit: 'nat' is not known", "bits-per-byte"),
        row(
            "sound.csv --loss-unit perplexity --column loss=seed",
            "line 2: found a perplexity of 1"),
        row("sound.csv --setting lr", "lacks the column lr, which --setting names"),
        row("comma.csv", "line 2, column loss: found '3,5'", "numbers take a decimal point"),
        row(
            "no-budget.csv",
            "lacks the column budget_flops",
            "--flops 6nd does with two of budget"));
  }

  static Stream<Refusal> conventions() {
    return Stream.of(
        row("sound.csv --params all", "--params: 'all'", "total, non-embedding, matmul"),
        row("sound.csv --flops 6", "--flops: '6'", "budget, 6nd, exact"),
        row("sound.csv --params matmul", "lacks the column params_attention", "--params matmul"),
        row("sound.csv --flops exact", "lacks the column flops,", "'--flops exact' needs"),
        row("sound.csv --fix 0.5", "--fix: '0.5' holds no exponent", "use a=0.5 or b=0.5"),
        row("sound.csv --fix a=1.2", "--fix: 'a=1.2' holds no exponent", "between 0 and 1"),
        row("sound.csv --fix a=1e-400", "--fix: 'a=1e-400' holds no exponent"),
        row("sound.csv --intervals most", "--intervals", "AUTO, POINTS, TRUNKS, NOISE", "'most'"));
  }

  static Stream<Refusal> sources() {
    return Stream.of(
        row("text.csv.gz", "text.csv.gz: is called .gz but is not gzip"),
        row("cut.csv.gz", "cut.csv.gz: is a gzip file that is damaged or cut short"),
        row("damaged", "damaged: is a gzip file that is damaged or cut short"),
        row("binary.gz", "line 1: found a NUL byte"),
        row("sound.csv @/sound.csv", "sound.csv: is named twice"),
        row("sound.csv @/none.csv", "none.csv: there is no such file or folder"),
        row("sound.csv --group-by width", "line 1: the header lacks the column width"),
        row("sound.csv @/headers.csv --group-by n", "sound.csv, line 1: the header lacks"),
        row(
            "many.csv --group-by seed",
            "--group-by: seed has 102 different values",
            "at most 100"));
  }

  static Stream<Refusal> folders() {
    return Stream.of(
        row("sound.csv --out @/other", "@/other: holds a sweep", "--out with another folder"),
        row("mine --out @/other", "@/other: holds a sweep"),
        row("mine @/sound.csv --out @/mine", "@/mine: holds a sweep"),
        row("sound.csv --group-by seed --out @/out", "@/out/1: holds a sweep", "group 1"));
  }

  @ParameterizedTest
  @MethodSource({"columns", "conventions", "sources", "folders"})
  void isRefusedInOneLineAndNothingIsWritten(Refusal refusal) throws IOException {
    assertThat(refusal.check(folder).out()).isEmpty();
  }

  @Test
  void manySourcesNeedAFolder() throws IOException {
    StringBuilder arguments = new StringBuilder("analyze");
    for (int i = 0; i < 4; i++) {
      String name = "a-rather-long-name-for-a-table-" + i + ".csv";
      write(name, CSV);
      arguments.append(" @/").append(name);
    }
    Refusal.of(arguments.toString(), "--out: is needed").check(folder);
  }
}
