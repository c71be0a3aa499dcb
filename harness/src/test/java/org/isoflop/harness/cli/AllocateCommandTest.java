package org.isoflop.harness.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

  @Test
  void aDecoderLargerThanAnyIsNotMadeUp() {
    CommandRun run =
        CommandRun.of("allocate", csv.toString(), "--budget", "1e30", "--replicates", "100");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("nearest decoder: none; the largest that can be built has ");
  }
}
