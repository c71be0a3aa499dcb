package org.isoflop.harness.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.isoflop.harness.analysis.Surfaces;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.config.SweepConfig;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code isoflop allocate} on points of the Chinchilla law, where every answer is known. */
final class AllocateCommandTest {

  private static final double[] BUDGETS = Surfaces.budgets(1e17, Math.sqrt(10), 5);

  @TempDir private Path folder;
  private Path csv;

  @BeforeEach
  void writePoints() throws IOException {
    double[] centres = new double[BUDGETS.length];
    for (int k = 0; k < centres.length; k++) {
      centres[k] = Surfaces.chinchillaLnParams(BUDGETS[k]);
    }
    csv = write("points.csv", Surfaces.sample(Surfaces::chinchilla, BUDGETS, centres, 7, 4));
  }

  private Path write(String name, List<LossPoint> points) throws IOException {
    StringBuilder text = new StringBuilder("budget_flops,params,tokens,loss\n");
    for (LossPoint p : points) {
      text.append(p.budget()).append(',').append(p.params()).append(',');
      text.append(p.tokens()).append(',').append(p.loss()).append('\n');
    }
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private static JsonNode json(CommandRun run) throws IOException {
    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    return new ObjectMapper().readTree(run.out());
  }

  @Test
  void findsTheKnownOptimum() throws IOException {
    JsonNode root =
        json(
            CommandRun.of(
                "allocate", csv.toString(), "--budget", "1e20", "--json", "--replicates", "100"));

    JsonNode found = root.at("/allocations/0");
    double params = Math.exp(Surfaces.chinchillaLnParams(1e20));
    assertThat(root.at("/measured/highest_budget").doubleValue()).isCloseTo(1e19, within(1e13));
    assertThat(found.path("decades_beyond").doubleValue()).isCloseTo(1, within(1e-6));
    assertThat(found.path("by").textValue()).isEqualTo("optima");
    // Curves of this law are not quite parabolas, nor their bottoms quite in the middle.
    assertThat(found.path("params").doubleValue()).isCloseTo(params, within(0.1 * params));
    assertThat(found.at("/law/params").doubleValue()).isCloseTo(params, within(0.001 * params));
    assertThat(found.at("/law/loss").doubleValue())
        .isCloseTo(Surfaces.chinchilla(params, 1e20 / 6 / params), within(1e-5));
    assertThat(found.at("/law/equal_loss/1/compute_factor").doubleValue()).isBetween(1.1, 1.3);
    assertThat(root.at("/law/alpha").doubleValue()).isCloseTo(0.3478, within(1e-4));
    JsonNode decoder = found.path("nearest_decoder");
    assertThat(decoder.path("vocabulary").intValue()).isEqualTo(256);
    assertThat(decoder.path("params").doubleValue() / found.path("params").doubleValue() - 1)
        .isCloseTo(decoder.path("off").doubleValue(), within(1e-9));
    assertThat(Math.abs(decoder.path("off").doubleValue())).isLessThan(0.1);
  }

  @Test
  void answersEveryBudgetOnOneScreen() {
    CommandRun run =
        CommandRun.of(
            "allocate",
            csv.toString(),
            "--budget",
            "1e18",
            "--budget",
            "2e20,1e21",
            "--inference-tokens",
            "5T",
            "--unique-tokens",
            "2B",
            "--replicates",
            "100");

    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    assertThat(run.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThan(101));
    assertThat(run.out())
        .contains("optima measured from 1e17 to 1e19 FLOPs")
        .contains("\n1e18 FLOPs, inside the measured range: N* ")
        .contains("\n2e20 FLOPs, 1.3 decades beyond the measured budgets: N* ")
        .contains("\n1e21 FLOPs, 2.0 decades beyond the measured budgets: N* ")
        .contains("caution: This budget extrapolates by 2.0 decades")
        .contains("serving 5T ")
        .contains("2B unique ")
        .contains("nearest decoder: ")
        .contains("Decoders: a sweep's defaults on bytes.");
  }

  @Test
  void theSameSeedGivesTheSameAnswer() {
    String[] arguments = {
      "allocate", csv.toString(), "--budget", "1e20", "--replicates", "100", "--seed", "7"
    };
    assertThat(CommandRun.of(arguments)).isEqualTo(CommandRun.of(arguments));
  }

  @Test
  void namesADecoderOfTheSweepItself() throws IOException {
    List<LossPoint> points =
        Surfaces.sample(
            Surfaces::chinchilla,
            new double[] {1e12, 1e13},
            new double[] {
              Surfaces.chinchillaLnParams(1e12), Surfaces.chinchillaLnParams(1e13),
            },
            7,
            4);
    write("sweep/points.csv", points);
    SweepConfig config = SweepConfig.of("sweep", List.of("a.txt"), List.of(1e12, 1e13));
    Path yaml = folder.resolve("sweep/sweep.yaml");
    Files.writeString(yaml, config.toYaml().replace("tied: false", "tied: true"));

    CommandRun run =
        CommandRun.of(
            "allocate",
            yaml.getParent().toString(),
            "--budget",
            "1e13",
            "--loss-unit",
            "nats"); // more than any model would lose

    assertThat(run.err()).isEmpty();
    // Two budgets give no line, so the law answers alone.
    assertThat(run.out())
        .contains("caution: By the law alone, as the optima give no line: Only two budgets")
        .contains("Decoders: as in " + yaml + ".");
  }

  /** Makes the points those of a sweep on a text of so many tokens. */
  private String sweep(String name, long trainTokens) throws IOException {
    Path sweep = Files.createDirectories(folder.resolve(name));
    Files.copy(csv, sweep.resolve("points.csv"));
    SweepConfig config = SweepConfig.of(name, List.of("a.txt"), List.of(1e17, 1e19));
    Files.writeString(sweep.resolve("sweep.yaml"), config.toYaml());
    Files.writeString(
        sweep.resolve("environment.json"),
        "{\"precision\": \"float32\", \"vocabulary\": 256, \"corpus\":"
            + " {\"hash\": \"a\", \"train_tokens\": "
            + trainTokens
            + "}}");
    return sweep.toString();
  }

  private static String[] allocate(String source, String... more) {
    List<String> arguments = new ArrayList<>(List.of("allocate", source, "--budget", "1e18,1e20"));
    arguments.addAll(List.of("--replicates", "100"));
    arguments.addAll(List.of(more));
    return arguments.toArray(String[]::new);
  }

  @Test
  void aSweepsCorpusIsAllTheTokensThereAre() throws IOException {
    String sweep = sweep("scarce", 4_000_000_001L);
    CommandRun run = CommandRun.of(allocate(sweep));
    assertThat(run.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThan(101));
    String[] answers = run.out().replaceAll("\\s+", " ").split("1e20 FLOPs, ", -1);
    assertThat(answers[0]).as("1e18 has enough").doesNotContain("unique", "epochs");
    assertThat(answers[1])
        .contains("caution: D* is of fresh tokens, and ", " epochs of the 4B there are, worth ")
        .contains("the best allocation with repeats is that of 4B unique. ")
        .contains(" epochs; the limit costs ")
        .contains("Unique tokens: 4B (" + sweep + "); --unique-tokens takes another number")
        .contains("Muennighoff et al. 2023");

    JsonNode json = json(CommandRun.of(allocate(sweep, "--json")));
    assertThat(json.at("/unique_tokens/count").asDouble()).isEqualTo(4e9);
    assertThat(json.at("/unique_tokens/of").asText()).isEqualTo(sweep);
    JsonNode scarce = json.at("/allocations/1");
    assertThat(scarce.path("epochs").asDouble())
        .isEqualTo(scarce.path("tokens").asDouble() / 4e9)
        .isGreaterThan(1);
    assertThat(scarce.at("/law/unique_tokens/unique_tokens").asDouble()).isEqualTo(4e9);
    assertThat(scarce.at("/law/unique_tokens/epochs").asDouble()).isGreaterThan(1);
    assertThat(json.at("/allocations/0/epochs").asDouble()).isLessThan(1);
  }

  @Test
  void moreTokensThanAnyAnswerNeedsAreOneQuietLine() throws IOException {
    String sweep = sweep("plenty", 1_000_000_000_000L);
    CommandRun run = CommandRun.of(allocate(sweep));
    assertThat(run.out())
        .containsOnlyOnce("unique")
        .contains("\nNo answer repeats tokens: 1T (" + sweep + ") are unique.\n")
        .doesNotContain("epochs");
  }

  @Test
  void uniqueTokensCanBeOtherOrUnlimited() throws IOException {
    String sweep = sweep("scarce", 4_000_000_001L);
    JsonNode other = json(CommandRun.of(allocate(sweep, "--unique-tokens", "2B", "--json")));
    assertThat(other.at("/unique_tokens/count").asDouble()).isEqualTo(2e9);
    CommandRun unlimited = CommandRun.of(allocate(sweep, "--unique-tokens", "unlimited"));
    assertThat(unlimited.out()).doesNotContain("unique", "epochs", "Muennighoff");
    JsonNode none = json(CommandRun.of(allocate(sweep, "--unique-tokens", "Unlimited", "--json")));
    assertThat(none.path("unique_tokens").isNull()).isTrue();
    assertThat(none.at("/allocations/1/epochs").isNull()).isTrue();
    assertThat(none.at("/allocations/1/law/unique_tokens").isMissingNode()).isTrue();

    Files.delete(Path.of(sweep, "environment.json"));
    CommandRun unknown = CommandRun.of(allocate(sweep));
    assertThat(unknown.exitCode()).isZero();
    assertThat(unknown.out()).as("nobody says").doesNotContain("unique");
  }

  @Test
  void aTableThatSaysWhatWasRepeatedHasAsManyAsItsRunsSaw() throws IOException {
    List<String> rows = Files.readAllLines(csv);
    double most =
        rows.stream()
            .skip(1)
            .mapToDouble(row -> Double.parseDouble(row.split(",", -1)[2]))
            .max()
            .orElseThrow();
    for (double unique : new double[] {most, most / 2}) {
      StringBuilder table = new StringBuilder(rows.get(0) + ",unique_tokens,epochs\n");
      for (String row : rows.subList(1, rows.size())) {
        double tokens = Double.parseDouble(row.split(",", -1)[2]);
        table.append(row).append(',').append(Math.min(tokens, unique));
        table.append(',').append(tokens / unique).append('\n');
      }
      Path file = Files.writeString(folder.resolve("table.csv"), table);
      JsonNode json = json(CommandRun.of(allocate(file.toString(), "--json")));
      if (unique < most) {
        assertThat(json.at("/unique_tokens/count").asDouble()).isEqualTo(unique);
      } else {
        assertThat(json.path("unique_tokens").isNull()).as("there may be more").isTrue();
      }
    }
  }

  @Test
  void lossesOfTokensThatAreNotBytesAreInBitsPerByte() throws IOException {
    List<String> rows = Files.readAllLines(csv);
    StringBuilder table = new StringBuilder(rows.get(0) + ",bits_per_byte\n");
    for (String row : rows.subList(1, rows.size())) {
      table
          .append(row)
          .append(',')
          .append(0.4 * Double.parseDouble(row.split(",", -1)[3]))
          .append('\n');
    }
    String file = Files.writeString(folder.resolve("bpe.csv"), table).toString();
    String nats = CommandRun.of(allocate(csv.toString(), "--unique-tokens", "2B")).out();
    String bits = CommandRun.of(allocate(file, "--unique-tokens", "2B")).out();
    assertThat(nats).contains(" loss 2.553 [").doesNotContain("bits");
    assertThat(bits.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThan(101));
    assertThat(bits)
        .contains("loss 1.021 [1.021, 1.021] bits per byte; ")
        .containsPattern("by the law +params +tokens +bits per byte\n")
        .containsPattern("2B unique .* 1\\.072 \\[1\\.072, 1\\.072]\n")
        .containsPattern("the limit costs 0\\.\\d{3} \\[.*] bits per byte")
        .contains("is 0.400 bits per byte of the held-out text.")
        .doesNotContain("loss 2.");

    JsonNode json = json(CommandRun.of(allocate(file, "--unique-tokens", "2B", "--json")));
    for (String place : List.of("", "/law", "/law/unique_tokens")) {
      JsonNode split = json.at("/allocations/1" + place);
      assertThat(split.path("bits_per_byte").asDouble() / split.path("loss").asDouble())
          .isCloseTo(0.4, within(1e-9));
      assertThat(split.at("/bits_per_byte_interval/1").asDouble())
          .isCloseTo(0.4 * split.at("/loss_interval/1").asDouble(), within(1e-9));
    }
    // Two tokenizers in one table have no loss in common.
    Files.writeString(
        folder.resolve("bpe.csv"), table.toString().replaceAll("(\n1\\.0E17.*),[^,]*", "$1,9"));
    assertThat(CommandRun.of(allocate(file)).out()).doesNotContain("bits");
  }

  @Test
  void pooledSourcesMustHaveOneText() throws IOException {
    String one = sweep("one", 4_000_000_001L);
    String same = sweep("same", 3_999_999_000L);
    String other = sweep("other", 9_000_000_001L);
    CommandRun alike = CommandRun.of(allocate(one, same));
    assertThat(alike.out()).contains("Unique tokens: 4B (" + one + " and the others)");
    assertThat(CommandRun.of(allocate(one, other)).out().replaceAll("\\s+", " "))
        .contains("How many unique tokens there are is not assumed: the sources have 4B, 9B;")
        .doesNotContain("epochs of");
    Path table = Files.copy(csv, folder.resolve("table.csv"));
    assertThat(CommandRun.of(allocate(one, table.toString())).out())
        .contains("not assumed: not all sources say; --unique-tokens U says it.");
    Files.writeString(Path.of(same, "environment.json"), "{");
    assertThat(CommandRun.of(allocate(one, same)).out()).contains("not all sources say");
  }

  @Test
  void aDecoderLargerThanAnyIsNotMadeUp() {
    CommandRun run =
        CommandRun.of("allocate", csv.toString(), "--budget", "1e30", "--replicates", "100");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("nearest decoder: none; the largest that can be built has ");
  }
}
