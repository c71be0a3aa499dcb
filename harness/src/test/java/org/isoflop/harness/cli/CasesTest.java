package org.isoflop.harness.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

  private static String first(JsonNode analysis, String kind) {
    return analysis.at("/" + kind + "/0").asText();
  }

  @Test
  void theCleanSweepNeedsNoWarning() throws IOException {
    JsonNode analysis = analyze("base_control.csv");
    assertClean(analysis);
    assertThat(analysis.at("/warnings")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "offbudget_one_run|1 of 35 rows|, line 19 (0.33 times)",
        "offbudget_one_run_20pct_short|1 of 35 rows|, line 33 (0.80 times)",
        "offbudget_every_budget|5 of 35 rows|, lines 5, 13, 19, 26, 33 (0.33 times)"
      })
  void rowsThatContradictTheirBudgetMoveNoCurve(String name, String count, String rows)
      throws IOException {
    JsonNode analysis = analyze(name + ".csv");
    assertClean(analysis);
    assertThat(first(analysis, "warnings")).contains(count, name + ".csv" + rows);
    assertThat(analysis.at("/points").asInt()).isEqualTo(35);
    assertThat(analysis.at("/residuals")).hasSize(35);
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
    for (String held : List.of("a=0.4", "b = 0.6")) {
      JsonNode analysis = analyze("base_control.csv", "--fix", held);
      assertThat(analysis.at("/exponents/isoflop_held/a").asDouble())
          .as(held)
          .isCloseTo(0.4, within(1e-6));
    }
  }

  @Test
  void noCurveRunsThroughBudgetsSpentTwice() throws IOException {
    JsonNode analysis = analyze("tokens_doubled_small_sizes.csv");
    assertThat(first(analysis, "warnings"))
        .contains("14 of 35 rows", "lines 2-6, 9-12, 16-18, 23-24 (2.00 times)");
    assertThat(analysis.at("/exponents/isoflop").isNull()).isTrue();
  }

  @Test
  void theBestRateOfEveryCellIsItsPoint() throws IOException {
    JsonNode analysis = analyze("lr_sweep_five_per_cell.csv");
    assertClean(analysis);
    assertThat(first(analysis, "warnings")).contains("5 settings (lr)", "140 of 175 rows");
  }

  @ParameterizedTest
  @CsvSource({
    "no_tokens_column.csv, --flops 6nd",
    "counts_with_suffix.csv,",
    "rows.jsonl,",
    "status_complete.csv,",
    "loss_is_perplexity.csv, --loss-unit perplexity",
    "units_millions_billions.csv, --column budget_flops=C --column params=N --column tokens=D"
        + " --unit params=M --unit tokens=B",
    "units_pfdays.csv, --column budget_flops=C --column params=N --column tokens=D"
        + " --unit budget_flops=pfdays",
    "wandb_state_unmapped.csv, --column budget_flops=flops_target --column params=model/params"
        + " --column tokens=train/tokens_seen --column loss=eval/loss.final"
  })
  void aTableInOtherWordsGivesTheSame(String file, String flags) throws IOException {
    assertClean(analyze(file, flags == null ? new String[0] : flags.split(" ")));
  }

  @Test
  void saysWhatSixNdFilledIn() throws IOException {
    assertThat(first(analyze("no_tokens_column.csv", "--flops", "6nd"), "warnings"))
        .isEqualTo("At 35 rows without their own, tokens are C/6N, as 6nd has it.");
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
