package org.isoflop.harness.analysis.points;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.isoflop.harness.BadInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What rows say of repeated tokens: taken where it is there, and held against their tokens. */
final class DataSeenTest {

  private static final String HEADER = "budget_flops,params,tokens,loss,unique_tokens,epochs\n";

  @TempDir private Path folder;

  private LossPoints read(String table) throws IOException {
    return LossPoints.read(Files.writeString(folder.resolve("points.csv"), table));
  }

  private static List<Double> unique(LossPoints read) {
    return read.runs().stream().map(run -> run.uniqueTokens().orElse(Double.NaN)).toList();
  }

  @Test
  void eitherColumnSaysHowManyAreUnique() throws IOException {
    LossPoints both = read(HEADER + "6e9,1e3,1e6,3,4e5,2.5\n6e9,1e4,1e5,3,1e5,0.25\n");
    assertThat(unique(both)).containsExactly(4e5, 1e5);
    assertThat(both.warnings()).isEmpty();

    String epochs = "params,tokens,loss,budget_flops,EPOCH\n";
    LossPoints alone = read(epochs + "1e3,1e6,3,6e9,2.5\n1e4,1e5,3,6e9,0\n2e4,5e4,3,6e9,\n");
    assertThat(unique(alone)).containsExactly(4e5, 1e5, Double.NaN);
    LossPoints counts =
        read("budget_flops,params,tokens,loss,num_unique_tokens\n6e9,1e3,1M,3,400k\n");
    assertThat(unique(counts)).containsExactly(4e5);
    assertThat(alone.warnings()).isEmpty();
  }

  @Test
  void headersUnitsAndJsonAreThoseOfOtherColumns() throws IOException {
    Path file = folder.resolve("theirs.csv");
    Files.writeString(file, "budget_flops,params,tokens,loss,fresh,tokens_u\n6e15,1e6,1,3,9,0.4\n");
    PointsFormat format =
        new PointsFormat(
            Map.of(Column.UNIQUE_TOKENS, "tokens_u"),
            Convention.DEFAULT,
            List.of(),
            Map.of(Column.TOKENS, 1e9),
            Optional.empty(),
            Set.of(),
            Optional.empty(),
            Optional.empty());
    assertThat(unique(LossPoints.read(List.of(file), format)).get(0)).isCloseTo(4e8, within(1e-3));
    Path lines = folder.resolve("rows.jsonl");
    Files.writeString(
        lines,
        "{\"budget_flops\": 6e9, \"params\": 1e3, \"tokens\": 1e6, \"loss\": 3, \"epochs\": 2}\n");
    assertThat(unique(LossPoints.read(lines))).containsExactly(5e5);
  }

  @Test
  void tablesWithoutTheColumnsSayNothing() throws IOException {
    LossPoints read = read("budget_flops,params,tokens,loss\n6e9,1e3,1e6,3\n");
    assertThat(unique(read)).containsExactly(Double.NaN);
    assertThat(read.warnings()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "1.3e6, 1, 1.3M unique of 1M tokens",
    "1.3e6, , 1.3M unique of 1M tokens",
    "5e5, 3, 3 epochs of 500k unique in 1M tokens",
    "5e5, 0.5, 0.5 epochs of 500k unique in 1M tokens",
    "5e5, 1, 1 epochs of 500k unique in 1M tokens",
  })
  void rowsThatContradictThemselvesAreNamedAndKeptOffTheCurves(
      String unique, String epochs, String said) throws IOException {
    LossPoints read =
        read(
            HEADER
                + "6e9,2e3,5e5,3.1,4e5,1.25\n6e9,1e3,1e6,3,"
                + unique
                + ","
                + (epochs == null ? "" : epochs)
                + "\n6e9,4e3,2.5e5,3.2,2.5e5,0.625\n6e9,8e3,1.25e5,3.2,,\n");
    assertThat(read.points())
        .extracting(LossPoint::onBudget)
        .containsExactly(true, false, true, true);
    assertThat(read.warnings())
        .singleElement()
        .asString()
        .startsWith("In 1 of 3 rows tokens contradict unique_tokens")
        .contains("points.csv, line 3 (" + said + "). Kept off the IsoFLOP curves");
  }

  @Test
  void roundedCountsAgree() throws IOException {
    LossPoints read = read(HEADER + "6e9,1e3,1.04e6,3,4.2e5,2.4\n6e9,2e3,5e5,3,5.1e5,1\n");
    assertThat(read.warnings()).isEmpty();
  }

  @Test
  void columnsOfSomethingElseAreNotUsed() throws IOException {
    LossPoints read =
        read(HEADER + "6e9,1e3,1e6,3,4e6,1\n6e9,2e3,5e5,3,4e6,1\n6e9,4e3,2.5e5,3,2.5e5,1\n");
    assertThat(read.points()).allMatch(LossPoint::onBudget);
    assertThat(unique(read)).containsOnly(Double.NaN);
    assertThat(read.warnings())
        .singleElement()
        .asString()
        .contains(
            "In 2 of 3 rows", "lines 2-3 (4M unique of 1M tokens; ", "not used: unique_tokens are");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0,1", "1e5,-1", "many,1", "1e5,two"})
  void whatIsNoCountIsRefusedWithItsLine(String cells) {
    assertThatThrownBy(() -> read(HEADER + "6e9,1e3,1e6,3," + cells + "\n"))
        .isInstanceOf(BadInputException.class)
        .hasMessageContainingAll("points.csv, line 2, column ", "finite number");
  }
}
