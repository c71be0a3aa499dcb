package org.isoflop.harness.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.isoflop.harness.config.SweepConfig;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Wrong input to {@code isoflop allocate}: one line, exit code 2, no answer. */
final class BadAllocateInputTest {

  private static final String CSV =
      "budget_flops,params,tokens,loss\n1e9,1e3,1e5,3.5\n1e9,2e3,5e4,3.4\n";

  @TempDir private Path folder;

  private static Refusal row(String arguments, String... words) {
    return Refusal.of("allocate " + arguments, words);
  }

  static Stream<Refusal> rows() {
    return Stream.of(
        row("", "DIR|CSV", "'isoflop allocate --help'"),
        row("@/one.csv", "--budget"),
        row("@/one.csv --budget", "--budget", "C"),
        row("@/one.csv --budget lots", "--budget", "'lots'", "such as 1e20, 400M, 3.2B or 5T"),
        row("@/one.csv --budget 0", "--budget", "'0'", "a count from 1 to 1e40"),
        row("@/one.csv --budget -1e20", "--budget", "'-1e20'"),
        row("@/one.csv --budget NaN", "--budget", "'NaN'"),
        row("@/one.csv --budget 1e20,x", "--budget", "'x'"),
        row("@/one.csv --budget 1e99", "--budget", "'1e99'"),
        row("@/one.csv --budget 1e20 --inference-tokens many", "--inference-tokens", "'many'"),
        row("@/one.csv --budget 1e20 --inference-tokens 0", "--inference-tokens", "'0'"),
        row("@/one.csv --budget 1e20 --unique-tokens 5Q", "--unique-tokens", "'5Q'"),
        row("@/one.csv --budget 1e20 --replicates 5", "--replicates: 5 is", "use 100 to 1000000"),
        row("@/one.csv --budget 1e20 --seed x", "--seed", "'x'"),
        row("@/one.csv --budget 1e20 --frobnicate", "unknown argument --frobnicate"),
        row("@/none.csv --budget 1e20", "@/none.csv", "no such file or folder"),
        row("@/empty --budget 1e20", "@/empty", "no points.csv"),
        row("@/text.csv --budget 1e20", "@/text.csv", "lacks the column budget_flops"),
        row("@/odd --budget 1e20", "@/odd/sweep.yaml", "decodr", "is not a known key"),
        row(
            "@/one.csv --budget 1e20",
            "@/one.csv: gives no allocation.",
            "No budget has an optimum",
            "the parametric law"));
  }

  @BeforeEach
  void layInput() throws IOException {
    write("one.csv", CSV);
    write("text.csv", "a,b\n1,2\n");
    write("odd/points.csv", CSV);
    String sound = SweepConfig.of("odd", List.of("a.txt"), List.of(1e9, 1e10)).toYaml();
    write("odd/sweep.yaml", sound.replace("decoder:", "decodr:"));
    Files.createDirectories(folder.resolve("empty"));
  }

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  @ParameterizedTest
  @MethodSource("rows")
  void isRefusedInOneLine(Refusal refusal) throws IOException {
    assertThat(refusal.check(folder).out()).isEmpty();
  }
}
