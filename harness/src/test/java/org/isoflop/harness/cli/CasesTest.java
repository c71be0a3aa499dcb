package org.isoflop.harness.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.points.LossPoints;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** The tables of {@code resources/cases} through {@code isoflop analyze}, with what is right. */
final class CasesTest {

  private static final Path CASES = Path.of("src/test/resources/cases");

  @TempDir private Path out;

  private CommandRun run(String file, String... flags) {
    List<String> arguments = new ArrayList<>(List.of("analyze", CASES.resolve(file).toString()));
    arguments.addAll(List.of("--replicates", "100", "--out", out.toString()));
    arguments.addAll(List.of(flags));
    return CommandRun.of(arguments.toArray(String[]::new));
  }

  private JsonNode analyze(String file, String... flags) throws IOException {
    CommandRun run = run(file, flags);
    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    return new ObjectMapper().readTree(out.resolve("analysis.json").toFile());
  }

  /** Asserts what the clean sweep says. */
  private static void assertClean(JsonNode analysis) {
    assertThat(analysis.at("/exponents/isoflop/a").asDouble()).isCloseTo(0.448, within(0.002));
    JsonNode middle = analysis.at("/optima/2");
    assertThat(middle.at("/budget").asDouble()).isCloseTo(1e19, within(1e16));
    assertThat(middle.at("/params").asDouble()).isBetween(220e6, 230e6);
    assertThat(analysis.at("/optima/0/loss").asDouble()).isCloseTo(3.535, within(0.003));
    // Ten times the largest budget; 2.329 is the truth.
    assertThat(analysis.at("/allocation/2/loss").asDouble()).isCloseTo(2.327, within(0.005));
    assertThat(analysis.at("/allocation/2/loss_interval/0").asDouble()).isLessThan(2.329);
    assertThat(analysis.at("/allocation/2/loss_interval/1").asDouble()).isGreaterThan(2.329);
  }

  /** Reads a table as every command on points does. */
  private static LossPoints read(String file, String... flags) {
    List<String> arguments = new ArrayList<>(List.of(flags));
    arguments.add(CASES.resolve(file).toString());
    return CommandLine.populateCommand(new PointsOptions(), arguments.toArray(String[]::new))
        .read();
  }

  /** Asserts that a table says of so many runs what the clean sweep says, but for rounding. */
  private static void assertReadsAsClean(LossPoints read, int runs, double percentOfLoss) {
    List<LossPoint> clean = read("base_control.csv").points();
    assertThat(read.points()).hasSize(runs).allMatch(LossPoint::onBudget);
    for (LossPoint found : read.points()) {
      assertThat(clean)
          .anySatisfy(
              wanted -> {
                assertThat(found.budget()).isCloseTo(wanted.budget(), withinPercentage(1e-4));
                assertThat(found.params()).isCloseTo(wanted.params(), withinPercentage(1e-4));
                assertThat(found.tokens()).isCloseTo(wanted.tokens(), withinPercentage(0.05));
                assertThat(found.loss()).isCloseTo(wanted.loss(), withinPercentage(percentOfLoss));
              });
    }
  }

  private static String first(JsonNode analysis, String kind) {
    return analysis.at("/" + kind + "/0").asText();
  }

  @Test
  void theCleanSweepNeedsNoWarning() throws IOException {
    JsonNode analysis = analyze("base_control.csv");
    assertClean(analysis);
    assertThat(analysis.at("/warnings")).isEmpty();
  }

  @Test
  void rowsThatContradictTheirBudgetMoveNoCurve() throws IOException {
    JsonNode analysis = analyze("offbudget_every_budget.csv");
    assertClean(analysis);
    assertThat(first(analysis, "warnings"))
        .contains("5 of 35 rows", ".csv, lines 5, 13, 19, 26, 33 (0.33 times)");
    assertThat(analysis.at("/points").asInt()).isEqualTo(35);
    assertThat(analysis.at("/residuals")).hasSize(35);
  }

  @ParameterizedTest
  @CsvSource({"offbudget_one_run, 19, 0.33 times", "offbudget_one_run_20pct_short, 33, 0.80 times"})
  void oneRowThatContradictsItsBudgetIsFound(String name, int line, String share) {
    LossPoints read = read(name + ".csv");
    for (int i = 0; i < 35; i++) {
      assertThat(read.points().get(i).onBudget()).as("row " + i).isEqualTo(i + 2 != line);
    }
    assertThat(read.warnings())
        .singleElement()
        .asString()
        .contains("1 of 35 rows", name + ".csv, line " + line + " (" + share + ")");
  }

  @Test
  void anAllocationWarnsOfTheRowsToo() {
    CommandRun run =
        CommandRun.of(
            "allocate",
            CASES.resolve("offbudget_one_run.csv").toString(),
            "--budget=1e21",
            "--replicates=100");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out().lines())
        .anyMatch(line -> line.startsWith("warning: By 6ND, 1 of 35 rows"));
  }

  @Test
  void anExponentIsHeldAsNamed() throws IOException {
    JsonNode held = analyze("base_control.csv", "--fix", "b = 0.6");
    assertThat(held.at("/exponents/isoflop_held/a").asDouble()).isCloseTo(0.4, within(1e-6));
  }

  @Test
  void noCurveRunsThroughBudgetsSpentTwice() throws IOException {
    JsonNode analysis = analyze("tokens_doubled_small_sizes.csv");
    assertThat(first(analysis, "warnings"))
        .contains("14 of 35 rows", "lines 2-6, 9-12, 16-18, 23-24 (2.00 times)");
    assertThat(analysis.at("/exponents/isoflop").isNull()).isTrue();
  }

  @Test
  void theBestRateOfEveryCellIsItsPoint() {
    LossPoints read = read("lr_sweep_five_per_cell.csv");
    assertReadsAsClean(read, 35, 0.2);
    assertThat(read.warnings().get(0)).contains("5 settings (lr)", "140 of 175 rows");
  }

  @ParameterizedTest
  @CsvSource({
    "no_tokens_column.csv, 35, --flops 6nd",
    "counts_with_suffix.csv, 35,",
    "rows.jsonl, 35,",
    "status_complete.csv, 34,",
    "loss_is_perplexity.csv, 35, --loss-unit perplexity",
    "units_millions_billions.csv, 35, --column budget_flops=C --column params=N --column tokens=D"
        + " --unit params=M --unit tokens=B",
    "units_pfdays.csv, 35, --column budget_flops=C --column params=N --column tokens=D"
        + " --unit budget_flops=pfdays",
    "wandb_state_unmapped.csv, 31, --column budget_flops=flops_target --column params=model/params"
        + " --column tokens=train/tokens_seen --column loss=eval/loss.final"
  })
  void aTableInOtherWordsGivesTheSame(String file, int runs, String flags) {
    assertReadsAsClean(read(file, flags == null ? new String[0] : flags.split(" ")), runs, 0.002);
  }

  @Test
  void saysWhatSixNdFilledIn() {
    assertThat(read("no_tokens_column.csv", "--flops", "6nd").warnings())
        .containsExactly("At 35 rows without their own, tokens are C/6N, as 6nd has it.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "no_tokens_column.csv|lacks the column tokens|--flops 6nd",
        "units_millions_billions.csv|6ND is 1e-15 times|--unit params=M --unit tokens=B",
        "units_pfdays.csv|6ND is 8.64e19 times|--unit budget_flops=pfdays",
        "loss_is_perplexity.csv|line 2, column loss: found 41.194|--loss-unit perplexity"
      })
  void aRefusalSaysWhatWouldDo(String file, String found, String flag) {
    CommandRun run =
        file.startsWith("units")
            ? run(file, "--column=budget_flops=C", "--column=params=N", "--column=tokens=D")
            : run(file);
    assertThat(run.err()).hasLineCount(1).contains(file, found, flag);
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(out).isEmptyDirectory();
  }
}
