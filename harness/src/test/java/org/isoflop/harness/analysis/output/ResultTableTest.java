package org.isoflop.harness.analysis.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.isoflop.harness.analysis.stats.Estimate;
import org.isoflop.harness.analysis.stats.Interval;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ResultTableTest {

  private record Row(String name, Optional<Estimate> size, OptionalDouble loss) {}

  private static final List<Row> ROWS =
      List.of(
          new Row(
              "one",
              Optional.of(new Estimate(2.134e6, new Interval(1.5e6, Double.POSITIVE_INFINITY))),
              OptionalDouble.of(2.10432)),
          new Row("two, refused", Optional.empty(), OptionalDouble.empty()));

  private static final ResultTable<Row> TABLE =
      new ResultTable<Row>()
          .text("name", "", "Name", Row::name)
          .estimate("size", "N*", "<i>N</i>*", Row::size, Words.COUNT)
          .number("loss", "loss", "Loss", Row::loss, Words.LOSS)
          .csv("budget", row -> 1e18)
          .page("Never there", row -> Optional.empty(), Words.LOSS);

  @TempDir private Path folder;

  @Test
  void aCsvHasThreeColumnsForAnEstimateAllDigitsAndEmptyCellsForWhatIsNotThere()
      throws IOException {
    TABLE.write(folder.resolve("table.csv"), ROWS);
    assertThat(folder.resolve("table.csv"))
        .content()
        .isEqualTo(
            """
            name,size,size_low,size_high,loss,budget
            one,2134000.0,1500000.0,,2.10432,1.0E18
            "two, refused",,,,,1.0E18
            """);
    TABLE.write(folder.resolve("none.csv"), List.of());
    assertThat(Files.readAllLines(folder.resolve("none.csv"))).hasSize(1);
  }

  @Test
  void jsonHasANumberAndAPairForAnEstimateAndANullForWhatIsNotThere() {
    ResultTable<Row> table =
        new ResultTable<Row>().all(TABLE).file("budget_flops", row -> 1e18).json("here", Row::name);
    assertThat(new ResultJson.Row().with("rows", table.json(ROWS)).tree().get("rows"))
        .extracting(Object::toString)
        .containsExactly(
            "{\"name\":\"one\",\"size\":2134000.0,\"size_interval\":[1500000.0,null],"
                + "\"loss\":2.10432,\"budget\":1.0E18,\"here\":\"one\"}",
            "{\"name\":\"two, refused\",\"size\":null,\"size_interval\":null,"
                + "\"loss\":null,\"budget\":1.0E18,\"here\":\"two, refused\"}");
  }

  @Test
  void aScreenHasTheColumnsWithAHeadAndAnIntervalBesideItsValue() {
    assertThat(TABLE.lines(ROWS))
        .containsExactly(
            "     N*                      loss", "  2.13M  [1.5M, no bound]  2.1043", "");
    assertThat(TABLE.lines(ROWS.subList(1, 2))).containsExactly("", "");
  }

  @Test
  void aPageHasTheColumnsWithATitleAndAValue() {
    assertThat(TABLE.onPage(ROWS))
        .extracting(ResultTable.Column::title)
        .containsExactly("Name", "<i>N</i>*", "Loss");
    assertThat(TABLE.onPage(ROWS).get(2).text(ROWS.get(0))).isEqualTo("2.1043");
  }
}
