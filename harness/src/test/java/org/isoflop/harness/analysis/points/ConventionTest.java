package org.isoflop.harness.analysis.points;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.analysis.points.Convention.Flops;
import org.isoflop.harness.analysis.points.Convention.Params;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Params and FLOPs counted in other ways from the same rows. */
final class ConventionTest {

  private static final String PARTS =
      "params_embedding,params_attention,params_mlp,params_norm,params_head";

  @TempDir private Path folder;

  private LossPoints read(String content, Convention convention) throws IOException {
    Path csv = Files.writeString(folder.resolve("given.csv"), content);
    return LossPoints.read(List.of(csv), new PointsFormat(Map.of(), convention));
  }

  /**
   * Four decoders of a 32k vocabulary, an untied head and an MLP of 4d: what 6ND makes of the exact
   * FLOPs under each count of N, a published table (12·layers·d² + 2·V·d parameters; 6 FLOPs for
   * each matmul parameter and 12·layers·T·d for the attention map).
   */
  @ParameterizedTest
  @CsvSource({
    "128, 4, 512, .14, .90, 1.67",
    "256, 4, 1024, .23, .85, 1.46",
    "512, 8, 1024, .50, .83, 1.17",
    "768, 12, 2048, .57, .74, .91",
  })
  void sixNdOverExactIsAsPublished(
      double width, double layers, double context, double bare, double matmul, double total)
      throws IOException {
    double vocabulary = 32_768;
    double attention = 4 * width * width * layers;
    double mlp = 8 * width * width * layers;
    double head = vocabulary * width;
    double perToken = 6 * (attention + mlp + head) + 12 * layers * context * width;
    String row =
        String.join(
            ",",
            DoubleStream.of(
                    attention + mlp + 2 * head, 1e9, 3, head, attention, mlp, 0, head, perToken)
                .mapToObj(Double::toString)
                .toList());
    LossPoints exact =
        read(
            "params,tokens,loss," + PARTS + ",flops_per_token\n" + row,
            new Convention(Params.TOTAL, Flops.EXACT));
    double flops = exact.points().get(0).flops();
    assertThat(sixNd(exact, Params.NON_EMBEDDING) / flops).isCloseTo(bare, within(.006));
    assertThat(sixNd(exact, Params.MATMUL) / flops).isCloseTo(matmul, within(.006));
    assertThat(sixNd(exact, Params.TOTAL) / flops).isCloseTo(total, within(.006));
  }

  private static double sixNd(LossPoints points, Params params) {
    return points.in(new Convention(params, Flops.SIX_ND)).points().get(0).flops();
  }

  @Test
  void aHeadOfNoParamsIsTiedSoTheEmbeddingMultiplies() throws IOException {
    String header = "budget_flops,params,tokens,loss," + PARTS + "\n";
    Convention matmul = new Convention(Params.MATMUL, Flops.BUDGET);
    assertThat(read(header + "1e9,116,1e6,3,10,40,60,6,0\n", matmul).points().get(0).params())
        .isEqualTo(110);
    assertThat(read(header + "1e9,126,1e6,3,10,40,60,6,10\n", matmul).points().get(0).params())
        .isEqualTo(110);
    Convention bare = new Convention(Params.NON_EMBEDDING, Flops.BUDGET);
    assertThat(read(header + "1e9,126,1e6,3,10,40,60,6,10\n", bare).points().get(0).params())
        .isEqualTo(106);
  }

  @Test
  void theStatedBudgetStaysTheBudgetAndWithoutOneItIsTheFlops() throws IOException {
    Convention sixNd = new Convention(Params.TOTAL, Flops.SIX_ND);
    LossPoint stated =
        read("budget_flops,params,tokens,loss\n5e9,1e3,1e6,3\n", sixNd).points().get(0);
    assertThat(stated.budget()).isEqualTo(5e9);
    assertThat(stated.flops()).isEqualTo(6e9);
    LossPoints without = read("params,tokens,loss\n1e3,1e6,3\n", sixNd);
    assertThat(without.points().get(0).budget()).isEqualTo(6e9);
    assertThat(without.conventions()).containsExactly(sixNd);
  }

  @Test
  void flopsOfTheRunComeBeforeThosePerToken() throws IOException {
    LossPoints exact =
        read(
            "params,tokens,loss,flops_per_token,flops\n1e3,1e6,3,7e3,8e9\n2e3,1e6,3,7e3,\n",
            new Convention(Params.TOTAL, Flops.EXACT));
    assertThat(exact.points()).extracting(LossPoint::flops).containsExactly(8e9, 7e9);
  }

  @Test
  void allNineAreThereForASweepAndKeepRunsAndOrder() throws IOException {
    LossPoints points =
        read(
            "budget_flops,params,tokens,loss,flops,"
                + PARTS
                + "\n1e9,116,1e6,3,9e8,10,40,60,6,0\n1e9,200,1e6,3.1,9e8,20,80,90,6,4\n",
            Convention.DEFAULT);
    assertThat(points.conventions()).hasSize(9);
    for (Convention convention : points.conventions()) {
      LossPoints counted = points.in(convention);
      assertThat(counted.convention()).isEqualTo(convention);
      assertThat(counted.points()).extracting(LossPoint::loss).containsExactly(3.0, 3.1);
      assertThat(counted.in(Convention.DEFAULT)).isEqualTo(points);
    }
  }

  @Test
  void aConventionThatOneRowDoesNotAllowIsNotThere() throws IOException {
    LossPoints points =
        read(
            "budget_flops,params,tokens,loss,flops\n1e9,1,1,3,1e9\n1e9,2,1,3,\n",
            Convention.DEFAULT);
    assertThat(points.conventions())
        .containsExactly(Convention.DEFAULT, new Convention(Params.TOTAL, Flops.SIX_ND));
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> points.in(new Convention(Params.TOTAL, Flops.EXACT)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "total | 6nd | params,tokens,loss | 1e300,1e300,3 | line 2: params or FLOPs cannot be counted",
        "total | exact | params,tokens,loss | 1,1,3 | lacks the column flops, which '--flops exact' needs",
        "total | exact | params,tokens,loss,flops_per_token | 1,1,3, | wanted params, and flops or flops_per_token",
        "total | budget | params,tokens,loss | 1,1,3 | lacks the column budget_flops; found 'params,tokens,loss', wanted at least budget_flops,params,tokens,loss (--column NAME=HEADER tells what is called otherwise, --flops 6nd does with two of budget, params and tokens)",
        "non-embedding | 6nd | params,tokens,loss,params_attention,params_mlp | 1,1,3,1,1 | lacks the column params_norm, which '--params non-embedding' needs",
        "matmul | 6nd | params,tokens,loss,params_attention,params_mlp | 1,1,3,1,1 | lacks the column params_head, which '--params matmul' needs",
        "matmul | 6nd | params,tokens,loss,params_attention,params_mlp,params_head | 1,1,3,1,1,0 | which is tied, params_embedding too",
        "matmul | 6nd | params,tokens,loss,params_attention,params_mlp,params_head | 1,1,3,1,1,-1 | column params_head: found '-1', wanted a finite number, 0 or more",
        "non-embedding | 6nd | params,tokens,loss,params_attention,params_mlp,params_norm | 1,1,3,0,0,0 | with a sum above 0",
      })
  void refusesWhatTheColumnsDoNotAllow(
      String params, String flops, String header, String row, String expected) {
    assertThatExceptionOfType(BadInputException.class)
        .isThrownBy(() -> read(header + "\n" + row + "\n", Convention.parse(params, flops)))
        .withMessageContaining(expected)
        .withMessageContaining("given.csv, line ");
  }

  @Test
  void everyWordReadsBackAndOthersAreRefused() {
    for (Params params : Params.values()) {
      for (Flops flops : Flops.values()) {
        assertThat(Convention.parse(params.key(), flops.key()))
            .isEqualTo(new Convention(params, flops));
      }
    }
    assertThatExceptionOfType(BadInputException.class)
        .isThrownBy(() -> Convention.parse("all", "budget"))
        .withMessage("--params: 'all' is not known, use one of total, non-embedding, matmul");
  }
}
