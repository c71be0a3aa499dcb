package org.isoflop.harness.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.isoflop.harness.Cache;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.isoflop.ParabolaFit;
import org.isoflop.harness.config.SweepConfig;
import org.isoflop.models.ShapeRule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a plan looks like in its file and on the screen. */
final class PlanOutputTest {

  private static final Cache NO_CACHE = new Cache(Path.of("/dev/null"));

  private static final SweepConfig CONFIG =
      SweepConfig.of("test", List.of("f"), List.of(1e10, 1e12, 1e14));

  private static final DataFacts DATA = new DataFacts(100_000_000, 1_000_000, 256);
  private static final Plan PLAN = Plan.of(CONFIG, DATA, (decoder, passTokens) -> 5e9);

  @TempDir private Path folder;

  @Test
  void fileHasARowForEveryJobThatReadsBackExactly() throws IOException {
    Path file = folder.resolve("runs").resolve("plan.csv");
    PlanFiles.write(PLAN, file);

    List<CSVRecord> rows;
    try (CSVParser parser =
        CSVParser.parse(
            file,
            StandardCharsets.UTF_8,
            CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).get())) {
      rows = parser.getRecords();
    }
    assertThat(rows).hasSameSizeAs(PLAN.jobs());
    Lineages lineages = new Lineages(PLAN.jobs());
    for (int i = 0; i < rows.size(); i++) {
      CSVRecord row = rows.get(i);
      JobForecast forecast = PLAN.forecasts().get(i);
      Job job = forecast.job();
      Horizon horizon = lineages.branch(job).horizon().orElseThrow();
      assertThat(row.get("job")).isEqualTo(job.id());
      assertThat(row.get("parent")).isEqualTo(job.parent().orElse(""));
      assertThat(row.get("lineage")).isEqualTo(lineages.trunk(job));
      assertThat(number(row, "budget_flops")).isEqualTo(horizon.budget());
      assertThat(number(row, "flops"))
          .isEqualTo(job.lastStep() * job.batchTokens() * job.decoder().flopsPerToken());
      assertThat(Long.parseLong(row.get("first_step"))).isEqualTo(job.firstStep());
      assertThat(Long.parseLong(row.get("steps"))).isEqualTo(job.lastStep());
      assertThat(row.get("batch_departure"))
          .isEqualTo(job.horizon().map(h -> String.valueOf(h.batchDeparture())).orElse(""));
      assertThat(Long.parseLong(row.get("params"))).isEqualTo(job.decoder().parameters().total());
      assertThat(number(row, "layers_target"))
          .isEqualTo(ShapeRule.CUSTOMARY.layers(job.decoder().width()));
      assertThat(number(row, "layers") - number(row, "layers_target")).isBetween(-0.5, 0.5);
      assertThat(number(row, "mlp_width_target")).isEqualTo(8 / 3.0 * job.decoder().width());
      assertThat(number(row, "mlp_width")).isEqualTo(job.decoder().mlpWidth());
      assertThat(number(row, "learning_rate")).isEqualTo(job.schedule().peak());
      assertThat(number(row, "seconds")).isEqualTo(forecast.seconds());
      assertThat(Long.parseLong(row.get("unique_tokens"))).isEqualTo(forecast.uniqueTokens());
      assertThat(row.get("schedule")).isEqualTo(job.horizon().isPresent() ? "wsd" : "trunk");
    }
  }

  @Test
  void screenShowsEveryJobEveryReasonAndTheTotal() {
    PrecisionForecast precision =
        PrecisionForecast.of(CONFIG, PLAN, DATA, new ParabolaFit(), NO_CACHE);
    String screen = PlanText.render(PLAN, new Machine(0, 1, 1, Optional.empty()), precision);

    assertThat(screen.lines()).allMatch(line -> line.length() <= 100);
    assertThat(screen)
        .contains("budget 1e10 FLOPs", "budget 1e12 FLOPs", "budget 1e14 FLOPs")
        .contains(
            "total      %d loss points from %d jobs, "
                .formatted(PLAN.points().size(), PLAN.jobs().size()))
        .contains("precision  standard error of a about 0.0")
        .doesNotContain("furthest");
    assertThat(screen.lines().filter(line -> line.matches("  d\\d+-l\\d+ .*")).count())
        .isEqualTo(PLAN.points().size() - PLAN.repeats().size());
    Pattern epochs = Pattern.compile("\\s(\\S+)\\s+~?\\S+( \\d\\d[smh])?$"); // the time is last
    assertThat(screen.lines().filter(line -> line.matches("  d\\d+-l\\d+ .*")))
        .extracting(line -> epochs.matcher(line).results().findFirst().orElseThrow().group(1))
        .containsExactlyElementsOf(
            PLAN.horizons().stream()
                .filter(one -> !PLAN.repeats().contains(one))
                .map(one -> one.epochs() < 0.01 ? "<0.01" : Quantities.digits(one.epochs()))
                .toList())
        .contains("<0.01")
        .anyMatch(shown -> shown.matches("0\\.[1-9]\\d*"));
    String unwrapped = screen.replaceAll("\\s+", " ");
    assertThat(PLAN.warnings()).isNotEmpty().allMatch(unwrapped::contains);
    assertThat(PLAN.dropped()).isNotEmpty().allMatch(cell -> unwrapped.contains(cell.reason()));
  }

  @Test
  void saysWhereRoundingMakesAnotherShapeAndWhatOfAListIsNotUsed() throws IOException {
    Path yaml = folder.resolve("listed.yaml");
    Files.writeString(
        yaml,
        """
        corpus: {files: [f]}
        grid: {budgets: [1e10, 1e11]}
        decoder: {shapes: {mlp_ratio: 0.5}}
        """);
    assertThat(screen(SweepConfig.read(yaml)))
        .contains("\nshapes     furthest from their rule: d8-l2-m8 with MLP width 8 for 4\n");
    Files.writeString(
        yaml,
        """
        corpus: {files: [f]}
        grid: {budgets: [1e11, 1e12]}
        decoder:
          shapes:
            - {layers: 1, width: 32, heads: 2, mlp: 1000}
            - {layers: 9, width: 8}
            - {layers: 1, width: 2000}
            - {layers: 2, width: 32}
            - {layers: 2, width: 64}
        """);
    SweepConfig listed = SweepConfig.read(yaml);
    assertThat(screen(listed))
        .doesNotContain("furthest")
        .contains("\n  d32-l1-h2-m1000    116k ")
        .contains(
            "decoder.shapes: no budget has a size nearest to 1 of its shapes:"
                + " d2000-l1 (49M params); use other budgets or sizes, or name them by their params"
                + " in grid.cells.");
  }

  private static String screen(SweepConfig config) {
    DataFacts plenty = new DataFacts(1_000_000_000_000_000L, 1_000_000, 256);
    Plan plan = Plan.of(config, plenty, (decoder, passTokens) -> 5e9);
    PrecisionForecast precision =
        PrecisionForecast.of(config, plan, plenty, new ParabolaFit(), NO_CACHE);
    return PlanText.render(plan, new Machine(0, 1, 1, Optional.empty()), precision)
        .replaceAll("\\n {4}", " ");
  }

  @Test
  void batchesThatMemoryCutsAreNamedWithHowMuchThereIs() {
    Passes little = new Passes(Optional.empty(), 60 << 20, false);
    Plan cut = Plan.of(CONFIG, DATA, (decoder, passTokens) -> 5e9, little, List.of());
    PrecisionForecast precision =
        PrecisionForecast.of(CONFIG, cut, DATA, new ParabolaFit(), NO_CACHE);
    String screen = PlanText.render(cut, new Machine(0, 1, 1, Optional.empty()), precision);

    assertThat(screen.lines()).allMatch(line -> line.length() <= 100);
    assertThat(screen.replaceAll("\\s+", " "))
        .containsPattern(
            "passes \\d+ jobs split their batches: .*128 tokens a pass by the 60 MiB of memory for"
                + " each job \\(d\\d+-l\\d+ .*\\)");
    assertThat(cut.jobs()).as("what is trained stays").isEqualTo(PLAN.jobs());
  }

  @ParameterizedTest
  @CsvSource({
    "0.04, 0.0s",
    "9.94, 9.9s",
    "42.4, 42s",
    "59.9, 1m 00s",
    "125, 2m 05s",
    "3599.7, 1h 00m",
    "7500, 2h 05m",
    "360000, 4d 04h"
  })
  void durations(double seconds, String expected) {
    assertThat(Quantities.duration(seconds)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"7, 7", "999.4, 999", "1000, 1k", "12345, 12.3k", "999600, 1M", "3.4e9, 3.4B"})
  void counts(double value, String expected) {
    assertThat(Quantities.count(value)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"3e10, 3e10", "3.16e12, 3.16e12", "1e100, 1e100", "1.5e9, 1.5e9", "0.5, 5e-1"})
  void flops(double value, String expected) {
    assertThat(Quantities.flops(value)).isEqualTo(expected);
  }

  private static double number(CSVRecord row, String column) {
    return Double.parseDouble(row.get(column));
  }
}
