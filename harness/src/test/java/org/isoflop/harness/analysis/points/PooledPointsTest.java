package org.isoflop.harness.analysis.points;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.isoflop.harness.BadInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several sources in one data set, one source in several, and headers by other names. */
final class PooledPointsTest {

  private static final String HEADER = "budget_flops,params,tokens,loss";

  @TempDir private Path folder;

  private Path file(String name, String content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, content);
  }

  private static PointsFormat mapping(Map<Column, String> headers) {
    return new PointsFormat(headers, Convention.DEFAULT);
  }

  @Test
  void lineagesOfTwoSourcesStayApartAndThoseOfOneTogether() throws IOException {
    String rows = HEADER + ",lineage\n1e9,1e3,1e5,3,t1\n2e9,1e3,2e5,2.9,t1\n";
    file("a/points.csv", rows);
    Path b = file("b.csv.txt", rows.replace("1e3", "2e3").replace("2.9,t1", "2.9,"));
    LossPoints pooled = LossPoints.read(List.of(folder.resolve("a"), b), PointsFormat.DEFAULT);
    assertThat(pooled.points())
        .extracting(LossPoint::lineage)
        .containsExactly("a: t1", "a: t1", "b.csv: t1", "b.csv: line 3");
  }

  @Test
  void sourcesOfOneNameAreToldApartByTheirPaths() throws IOException {
    Path one = file("one/p.csv", HEADER + "\n1e9,1e3,1e5,3\n");
    Path two = file("two/p.csv", HEADER + "\n1e9,1e3,1e5,3.1\n");
    assertThat(LossPoints.readGroups(List.of(one, two), PointsFormat.DEFAULT, "source"))
        .containsOnlyKeys(one.toString(), two.toString());
  }

  @Test
  void aSourceNamedTwiceIsRefused() throws IOException {
    Path csv = file("p.csv", HEADER + "\n1e9,1e3,1e5,3\n");
    assertThatExceptionOfType(BadInputException.class)
        .isThrownBy(
            () ->
                LossPoints.read(
                    List.of(csv, folder.resolve("../" + folder.getFileName() + "/p.csv")),
                    PointsFormat.DEFAULT))
        .withMessageContaining("is named twice");
  }

  @Test
  void everySourceNeedsAUsableRow() throws IOException {
    Path good = file("good.csv", HEADER + "\n1e9,1e3,1e5,3\n");
    Path none = file("none.csv", HEADER + "\n1e9,1e3,1e5,nan\n");
    assertThatExceptionOfType(BadInputException.class)
        .isThrownBy(() -> LossPoints.read(List.of(good, none), PointsFormat.DEFAULT))
        .withMessageStartingWith(none + ": no finished loss point");
  }

  @Test
  void mappedHeadersInAnyCaseComeBeforeTheUsualOnes() throws IOException {
    Path csv = file("p.csv", "C,N_Params,params,tokens,loss,val\n1e9,1e3,7,1e5,9,3\n");
    LossPoints read =
        LossPoints.read(
            List.of(csv),
            mapping(
                Map.of(Column.BUDGET_FLOPS, "c", Column.PARAMS, " n_params ", Column.LOSS, "VAL")));
    assertThat(read.points().get(0)).isEqualTo(point(1e9, 1e3, 1e5, 3));
  }

  @Test
  void aMappingSpeaksOfTheSourcesThatHaveTheHeader() throws IOException {
    Path mine = file("mine.csv", HEADER + "\n1e9,1e3,1e5,3\n");
    Path theirs = file("theirs.csv", "budget_flops;n;tokens;loss\n1e9;2e3;1e5;3.1\n");
    PointsFormat format = mapping(Map.of(Column.PARAMS, "n"));
    assertThat(LossPoints.read(List.of(mine, theirs), format).points())
        .extracting(LossPoint::params)
        .containsExactly(1e3, 2e3);
    assertThatExceptionOfType(BadInputException.class)
        .isThrownBy(() -> LossPoints.read(List.of(mine), format))
        .withMessageContaining(
            "lacks the column n, which --column says is params; found '" + HEADER);
  }

  private static LossPoint point(double budget, double params, double tokens, double loss) {
    LossPoint own = LossPoint.of(budget, params, tokens, loss);
    return new LossPoint(budget, budget, params, tokens, loss, own.bitsPerByte(), "line 2");
  }

  @Test
  void groupsAreSortedAndCountTheirOwnRows() throws IOException {
    Path csv =
        file(
            "p.csv",
            HEADER
                + ",Width\n"
                + "1e9,1e3,1e5,3,256\n1e9,1e3,1e5,3,64\n1e9,2e3,1e5,nan,64\n"
                + "1e9,1e3,1e5,3,wide\n1e9,1e3,1e5,3,256\n1e9,1e3,1e5,,\n");
    Map<String, LossPoints> groups =
        LossPoints.readGroups(List.of(csv), PointsFormat.DEFAULT, "width");
    assertThat(groups.keySet()).containsExactly("64", "256", "(empty)", "wide");
    assertThat(groups.get("64").notes()).singleElement().asString().startsWith("Left out 1 of 2");
    assertThat(groups.get("256").notes()).singleElement().asString().startsWith("Merged 1 row");
    assertThat(groups.get("(empty)").points()).isEmpty();
    assertThat(groups.get("wide").notes()).isEmpty();
  }

  @Test
  void aColumnCalledSourceIsThatColumn() throws IOException {
    Path csv = file("p.csv", HEADER + ",source\n1e9,1e3,1e5,3,x\n1e9,1e3,1e5,3,y\n");
    assertThat(LossPoints.readGroups(List.of(csv), PointsFormat.DEFAULT, "Source").keySet())
        .containsExactly("x", "y");
  }
}
