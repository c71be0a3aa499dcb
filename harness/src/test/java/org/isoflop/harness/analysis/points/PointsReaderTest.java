package org.isoflop.harness.analysis.points;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.isoflop.harness.BadInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Reading loss points: what is taken, what is left out and said, what is refused and where. */
final class PointsReaderTest {

  private static final String HEADER = "budget_flops,params,tokens,loss\n";
  private static final String GOOD = "1e18,1e8,1.5e9,3.25\n";

  @TempDir private Path folder;

  private Path file(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content);
  }

  private LossPoints read(String content) throws IOException {
    return LossPoints.read(file("points.csv", content));
  }

  @Test
  void readsTheFourColumnsInAnyOrderAmongOthers() throws IOException {
    LossPoints read = read("job,loss,tokens,note,params,budget_flops\nj1,3.25,1.5e9,,1e8,1e18\n");
    assertThat(read.points())
        .singleElement()
        .satisfies(
            point -> {
              assertThat(point.budget()).isEqualTo(1e18);
              assertThat(point.params()).isEqualTo(1e8);
              assertThat(point.tokens()).isEqualTo(1.5e9);
              assertThat(point.loss()).isEqualTo(3.25);
              assertThat(point.bitsPerByte()).isEmpty();
            });
    assertThat(read.warnings()).isEmpty();
  }

  @Test
  void readsASweepsFolderAndItsOptionalColumns() throws IOException {
    file(
        "points.csv",
        """
        budget_flops,params,tokens,loss,bits_per_byte,lineage,status
        1e18,1e8,1.5e9,3.25,1.1,trunk-a,done
        2e18,1e8,3e9,3.15,,,DONE
        """);
    LossPoints read = LossPoints.read(folder);
    assertThat(read.points().get(0).bitsPerByte()).hasValue(1.1);
    assertThat(read.points().get(0).lineage()).isEqualTo("trunk-a");
    assertThat(read.points().get(1).bitsPerByte()).isEmpty();
    assertThat(read.points().get(1).lineage()).isEqualTo("line 3");
  }

  @Test
  void takesAByteOrderMarkWindowsLineEndsBlankLinesSpacesAndQuotes() throws IOException {
    LossPoints read =
        read("\ufeffbudget_flops, params ,tokens,\"loss\"\r\n\r\n1e18 , 1e8,\"1.5e9\",3.25\r\n");
    assertThat(read.points()).hasSize(1);
  }

  @Test
  void leavesOutUnfinishedRowsAndCountsThem() throws IOException {
    LossPoints read =
        read(
            """
            budget_flops,params,tokens,loss,status
            1e18,1e8,1.5e9,3.25,done
            1e18,2e8,0,nan,diverged
            1e18,3e8,,,failed
            1e18,4e8,1e9,9.5,diverged
            """);
    assertThat(read.points()).hasSize(1);
    assertThat(read.notes())
        .containsExactly("Left out 3 of 4 rows whose status is not done: 2 diverged, 1 failed.");
  }

  @Test
  void leavesOutDivergedRowsWhereThereIsNoStatusAndNamesTheFirst() throws IOException {
    LossPoints read =
        read(
            HEADER
                + GOOD
                + "1e18,2e8,1e9,\n1e18,3e8,0,-NaN\n1e18,3e8,1e9,inf\n1e18,3e8,1e9,None\n");
    assertThat(read.points()).hasSize(1);
    assertThat(read.notes())
        .singleElement()
        .asString()
        .startsWith("Left out 4 of 5 rows whose loss is empty, NaN or infinite")
        .endsWith("points.csv, line 3).");
  }

  @Test
  void takesTrackersWordsForDone() throws IOException {
    String header = "budget_flops,params,tokens,loss,Status\n";
    assertThat(read(header + "1e18,1e8,1e9,3,finished\n1e18,2e8,1e9,4,COMPLETED\n").points())
        .hasSize(2);
  }

  @Test
  void knowsTrackersWordsAndNamesOthers() throws IOException {
    Path csv =
        file(
            "p.csv",
            """
            budget_flops,params,tokens,loss,State
            1e18,1e8,1e9,3,SUCCESS
            1e18,2e8,1e9,4,Timed-Out
            1e18,3e8,1e9,4,good
            1e18,4e8,1e9,4,good
            1e18,5e8,1e9,4,
            """);
    LossPoints read = LossPoints.read(csv);
    assertThat(read.points()).hasSize(1);
    assertThat(read.notes())
        .containsExactly(
            "Left out 4 of 5 rows whose status is not done: 1 (empty), 1 Timed-Out, 2 good.");
    assertThat(read.warnings())
        .containsExactly(
            "Took rows for not done whose status is none that is known: 2 good; --done WORD says"
                + " which of these mean done.");
    PointsFormat good =
        new PointsFormat(
            Map.of(),
            Convention.DEFAULT,
            List.of(),
            Map.of(),
            Optional.empty(),
            Set.of("Good"),
            Optional.empty(),
            Optional.empty());
    assertThat(LossPoints.read(List.of(csv), good).points()).hasSize(3);
  }

  @Test
  void leavesOutWhatDepartsFurtherThanAsked() throws IOException {
    Path csv =
        file(
            "p.csv",
            """
            budget_flops,params,tokens,loss,learning_rate_departure,batch_departure
            1e18,1e8,1.5e9,3,1,1
            1e18,2e8,8e8,3,1.3,1
            1e18,3e8,5e8,3,1,0.8
            """);
    assertThat(LossPoints.read(csv).points()).hasSize(3);
    assertThat(departing(1.3, csv).points()).hasSize(3);
    assertThat(departing(1.25, csv).points()).hasSize(2);
    assertThat(departing(1.2, csv).points()).hasSize(1);
    assertThat(departing(1.2, csv).notes())
        .contains(
            "Left out 2 of 3 rows whose learning rate or batch is more than a factor 1.2 from"
                + " their cell's own.");
    Path plain = file("q.csv", "budget_flops,params,tokens,loss\n1e18,6e7,1.5e9,3\n");
    assertThatExceptionOfType(BadInputException.class)
        .isThrownBy(() -> departing(1.2, plain))
        .withMessageContaining(
            " lacks the column learning_rate_departure, which --departure needs and a sweep");
  }

  private static LossPoints departing(double most, Path csv) {
    return read(csv, Optional.of(most), Optional.empty());
  }

  private static LossPoints read(Path csv, Optional<Double> departure, Optional<Long> minSteps) {
    return LossPoints.read(
        List.of(csv),
        new PointsFormat(
            Map.of(),
            Convention.DEFAULT,
            List.of(),
            Map.of(),
            Optional.empty(),
            Set.of(),
            departure,
            minSteps));
  }

  @Test
  void leavesOutRunsOfFewerStepsThanAskedAndSaysWhichWereShort() throws IOException {
    Path csv =
        file(
            "p.csv",
            """
            budget_flops,params,tokens,loss,steps,short_of_steps
            1e18,1e8,1.5e9,3,400,
            1e18,2e8,8e8,3,120,cooldown
            1e18,3e8,5e8,3,90,warmup+cooldown
            """);
    assertThat(LossPoints.read(csv).warnings())
        .containsExactly(
            "In 2 of 3 rows warm-up or cooldown had too few steps to act (short_of_steps), so that"
                + " losses may say more of that than of the size; --min-steps 121 leaves them"
                + " out.");
    assertThat(ofSteps(90, csv).points()).hasSize(3);
    LossPoints some = ofSteps(91, csv);
    assertThat(some.points()).hasSize(2);
    assertThat(some.notes()).contains("Left out 1 of 3 rows of fewer than 91 steps.");
    assertThat(ofSteps(121, csv).points()).hasSize(1);
    assertThat(ofSteps(121, csv).warnings()).isEmpty();
    Path plain = file("q.csv", "budget_flops,params,tokens,loss\n1e18,6e7,1.5e9,3\n");
    assertThatExceptionOfType(BadInputException.class)
        .isThrownBy(() -> ofSteps(100, plain))
        .withMessageContaining(
            " lacks the column steps, which --min-steps needs and a sweep's points have");
    Path gap = file("r.csv", "budget_flops,params,tokens,loss,steps\n1e18,6e7,1.5e9,3,\n");
    assertThat(LossPoints.read(gap).points()).hasSize(1);
    assertThatExceptionOfType(BadInputException.class)
        .isThrownBy(() -> ofSteps(100, gap))
        .withMessageContaining("r.csv, line 2, column steps: found an empty cell");
  }

  private static LossPoints ofSteps(long fewest, Path csv) {
    return read(csv, Optional.empty(), Optional.of(fewest));
  }

  @Test
  void sumsColumns() throws IOException {
    Path csv = file("p.csv", "budget_flops,body,Emb,tokens,loss\n1e18,6e7,4e7,1.5e9,3\n");
    PointsFormat sum = new PointsFormat(Map.of(Column.PARAMS, "body + emb"), Convention.DEFAULT);
    assertThat(LossPoints.read(List.of(csv), sum).points().get(0).params()).isEqualTo(1e8);
  }

  @Test
  void anyTwoOfBudgetParamsAndTokensDoWith6nd() throws IOException {
    PointsFormat six = new PointsFormat(Map.of(), Convention.parse("total", "6nd"));
    List<String> tables =
        List.of(
            "budget_flops,params,loss\n6e17,1e8,3\n",
            "budget_flops,tokens,loss\n6e17,1e9,3\n",
            "params,tokens,loss\n1e8,1e9,3\n",
            "budget_flops,params,tokens,loss\n6e17,1e8,,3\n");
    for (String table : tables) {
      LossPoint point = LossPoints.read(List.of(file("p.csv", table)), six).points().get(0);
      assertThat(point.flops()).isCloseTo(6e17, within(1e6));
      assertThat(point.params()).isCloseTo(1e8, within(1.0));
      assertThat(point.tokens()).isCloseTo(1e9, within(1.0));
    }
    assertThatExceptionOfType(BadInputException.class)
        .isThrownBy(
            () ->
                LossPoints.read(
                    List.of(file("p.csv", "budget_flops,params,tokens,loss\n,1e8,,3\n")), six))
        .withMessageContaining("line 2: --flops 6nd needs two of budget_flops, params and tokens");
  }

  @ParameterizedTest
  @CsvSource({"1,1000000,1", "1,1,1000000000", "1,1000000,1000000000", "8.64e19,1,1", "1e15,1,1"})
  void recognisesUnits(double budget, double params, double tokens) throws IOException {
    StringBuilder text = new StringBuilder("budget_flops,params,tokens,loss\n");
    for (double n : new double[] {2e8, 4e8, 8e8}) {
      text.append("%s,%s,%s,3%n".formatted(1e20 / budget, n / params, 1e20 / 6 / n / tokens));
    }
    String flags =
        (budget == 1 ? "" : " --unit budget_flops=" + (budget > 1e19 ? "pfdays" : "P"))
            + (params == 1 ? "" : " --unit params=M")
            + (tokens == 1 ? "" : " --unit tokens=B");
    assertThatExceptionOfType(BadInputException.class)
        .isThrownBy(() -> read(text.toString()))
        .withMessageContaining("as if by other units;" + flags + " would make them agree");
  }

  @Test
  void readsJsonObjectsWithNestedKeysInLinesOrAnArray() throws IOException {
    String one = "{\"budget_flops\": 1e18, \"params\": 1e8, \"loss\": 3, \"tokens\": \"1.5B\"}";
    String two =
        "{\"budget_flops\": 1e18, \"params\": 2e8,\n \"loss\": NaN, \"x\": {\"status\": null}}";
    for (String json : List.of(one + "\n" + two + "\n", "[" + one + ",\n" + two + "]")) {
      LossPoints read = read(json);
      assertThat(read.points()).extracting(LossPoint::tokens).containsExactly(1.5e9);
      assertThat(read.notes()).singleElement().asString().contains("line 3");
    }
    assertThatExceptionOfType(BadInputException.class)
        .isThrownBy(() -> read(one + "\n{\"params\": }"))
        .withMessageContaining("points.csv, line 2: not well-formed JSON");
  }

  @Test
  void mixedPrecisionsAreAWarning() throws IOException {
    String header = "budget_flops,params,tokens,loss,precision\n";
    assertThat(read(header + "1e18,1e8,1e9,3,float32\n1e18,2e8,1e9,4,bfloat16\n").warnings())
        .singleElement()
        .asString()
        .startsWith("The points mix precisions (1 bfloat16, 1 float32)");
  }

  @Test
  void takesEmptyHeadersOfScrapedLogs() throws IOException {
    LossPoints read = read(",budget_flops,,params,tokens,loss,\n0,1e18,,1e8,1.5e9,3.25,\n");
    assertThat(read.points()).hasSize(1);
  }

  @Test
  void takesMissingCellsInColumnsThatNoOneNeeds() throws IOException {
    LossPoints read =
        read(
            """
            budget_flops,params,tokens,loss,bits_per_byte,seed,params_mlp,flops
            1e18,1e8,1.5e9,3.25,nan,,NA,null
            """);
    assertThat(read.points().get(0).bitsPerByte()).isEmpty();
    assertThat(read.runs().get(0).seed()).isEmpty();
    assertThat(read.conventions())
        .extracting(Convention::words)
        .containsExactly("N total, C the stated budget", "N total, C 6ND");
  }

  @Test
  void keepsEqualLossesOfDifferentSeeds() throws IOException {
    LossPoints read =
        read(
            """
            budget_flops,params,tokens,loss,seed
            1e18,1e8,1.5e9,3.25,1
            1e18,1e8,1.5e9,3.25,2
            1e18,1e8,1.5e9,3.25,2
            """);
    assertThat(read.points()).hasSize(2);
    assertThat(read.notes()).singleElement().asString().startsWith("Merged 1 row that repeats");
  }

  @Test
  void mergesExactRepeatsAndKeepsSeedRepeats() throws IOException {
    LossPoints read = read(HEADER + GOOD + GOOD + "1e18,1e8,1.5e9,3.26\n");
    assertThat(read.points()).extracting(LossPoint::loss).containsExactly(3.25, 3.26);
    assertThat(read.notes()).singleElement().asString().startsWith("Merged 1 row that repeat");
  }

  static Stream<Arguments> badInput() {
    return Stream.of(
        arguments("", "the file is empty"),
        arguments("\n\n", "the file is empty"),
        arguments(HEADER, "no finished loss point"),
        arguments(HEADER + "1e18,1e8,1e9,nan\n", "(rows left out for their status or loss: 1)"),
        arguments(
            "budget_flops,params,tokens\n1,2,3\n",
            "line 1: the header lacks the column loss; found 'budget_flops,params,tokens'"),
        arguments(
            "budget_flops|params|tokens|loss\n1|2|3|4\n",
            "found 'budget_flops|params|tokens|loss', wanted at least"
                + " budget_flops,params,tokens,loss ("),
        arguments(
            "budget_flops;params;tokens;loss\n1e18;1e8;1e9;3,25\n",
            "line 2, column loss: found '3,25', wanted a positive finite number; numbers take a"
                + " decimal point"),
        arguments(
            HEADER + "1e18,\"100,000,000\",1e9,3\n",
            "line 2, column params: found '100,000,000', wanted a positive finite number; numbers"
                + " take"),
        arguments("1e18,1e8,1.5e9,3.25\n", "lacks the column budget_flops"),
        arguments(
            "budget_flops,params,tokens,loss,loss\n1,2,3,4,5\n",
            "line 1, column loss: the header has this column twice"),
        arguments(
            HEADER + GOOD + "1e18,abc,1e9,3\n",
            "line 3, column params: found 'abc', wanted a positive finite number"),
        arguments(HEADER + "Infinity,1e8,1e9,3\n", "column budget_flops: found 'Infinity'"),
        arguments(HEADER + "1e18,nan,1e9,3\n", "line 2, column params: found 'nan'"),
        arguments(HEADER + "1e999,1e8,1e9,3\n", "line 2, column budget_flops: found '1e999'"),
        arguments(HEADER + "0,1e8,1e9,3\n", "line 2, column budget_flops: found '0'"),
        arguments(HEADER + "1e18,-1e8,1e9,3\n", "line 2, column params: found '-1e8'"),
        arguments(HEADER + "1e18,1e8,0.0,3\n", "line 2, column tokens: found '0.0'"),
        arguments(HEADER + "1e18,1e8,1e9,-3\n", "line 2, column loss: found '-3'"),
        arguments(HEADER + "1e18,1e8,1e9,0\n", "line 2, column loss: found '0'"),
        arguments(HEADER + "1e18,1e8,,3\n", "line 2, column tokens: found an empty cell"),
        arguments(HEADER + "1e18,1e8,1e9," + "9".repeat(400) + "\n", "9999…', wanted a positive"),
        arguments(HEADER + "1e18,1e8,1e9,0x1p3\n", "line 2, column loss: found '0x1p3'"),
        arguments(HEADER + "1e18,1e8,1e9,3d\n", "line 2, column loss: found '3d'"),
        arguments(HEADER + GOOD + "\n1e18,1e8\n", "line 4: found 2 columns where the header has 4"),
        arguments(HEADER + "1e18,1e8,1e9,3,25\n", "line 2: found 5 columns where the header has 4"),
        arguments(HEADER + GOOD + "1e18,\"1e8,1e9,3\n", "not well-formed CSV"),
        arguments(
            "budget_flops,params,tokens,loss,status\n1e18,1e8,1e9,3,failed\n",
            "no finished loss point below the header (rows left out for their status or loss: 1)"),
        arguments(
            "budget_flops,params,tokens,loss,status\n1e18,1e8,1e9,nan,done\n",
            "line 2, column loss: found 'nan', wanted a positive finite number; a run without one"
                + " is left out where its status says other than done"),
        arguments(
            "budget_flops,params,tokens,loss,bits_per_byte\n1e18,1e8,1e9,3,x\n",
            "line 2, column bits_per_byte: found 'x'"),
        arguments(HEADER + GOOD + "1e18,1e8\0,1e9,3\n", "line 3: found a NUL byte"));
  }

  @ParameterizedTest
  @MethodSource("badInput")
  void refusesBadInputInOneLineThatSaysWhere(String content, String expected) throws IOException {
    Path csv = file("given.csv", content);
    assertThatExceptionOfType(BadInputException.class)
        .isThrownBy(() -> LossPoints.read(csv))
        .withMessageContaining(expected)
        .withMessageStartingWith(csv.toString())
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
  }

  @Test
  void refusesWhatIsNotThere() {
    assertThatExceptionOfType(BadInputException.class)
        .isThrownBy(() -> LossPoints.read(folder.resolve("absent.csv")))
        .withMessageContaining("there is no such file or folder");
    assertThatExceptionOfType(BadInputException.class)
        .isThrownBy(() -> LossPoints.read(folder))
        .withMessageContaining("the folder has no points.csv");
  }

  @Test
  void refusesAFolderWhereTheFileShouldBe() throws IOException {
    Files.createDirectory(folder.resolve("points.csv"));
    assertThatExceptionOfType(BadInputException.class)
        .isThrownBy(() -> LossPoints.read(folder))
        .withMessageContaining("cannot be read");
  }
}
