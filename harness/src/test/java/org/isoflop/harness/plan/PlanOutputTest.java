package org.isoflop.harness.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.isoflop.harness.Cache;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.isoflop.ParabolaFit;
import org.isoflop.harness.config.SweepConfig;
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
    for (int i = 0; i < rows.size(); i++) {
      CSVRecord row = rows.get(i);
      JobForecast forecast = PLAN.forecast().jobs().get(i);
      Horizon horizon = forecast.job().horizon().orElseThrow();
      assertThat(row.get("job")).isEqualTo(forecast.job().id());
      assertThat(number(row, "budget_flops")).isEqualTo(horizon.budget());
      assertThat(number(row, "flops")).isEqualTo(horizon.flops());
      assertThat(Long.parseLong(row.get("steps"))).isEqualTo(horizon.steps());
      assertThat(Long.parseLong(row.get("params")))
          .isEqualTo(forecast.job().decoder().parameters().total());
      assertThat(number(row, "learning_rate")).isEqualTo(forecast.job().schedule().peak());
      assertThat(number(row, "seconds")).isEqualTo(forecast.seconds());
      assertThat(Long.parseLong(row.get("unique_tokens"))).isEqualTo(forecast.uniqueTokens());
      assertThat(row.get("schedule")).isEqualTo("wsd");
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
        .contains("total      " + PLAN.jobs().size() + " jobs, ")
        .contains("precision  standard error of a about 0.0");
    assertThat(screen.lines().filter(line -> line.matches("  d\\d+-l\\d+ .*")).count())
        .isEqualTo(PLAN.jobs().size());
    String unwrapped = screen.replaceAll("\\s+", " ");
    assertThat(PLAN.warnings()).isNotEmpty().allMatch(unwrapped::contains);
    assertThat(PLAN.dropped()).isNotEmpty().allMatch(cell -> unwrapped.contains(cell.reason()));
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
