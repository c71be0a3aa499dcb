package org.isoflop.harness.analysis.points;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.isoflop.harness.BadInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Several settings of one cell are its best one; seeds and rules that vary by cell stay. */
final class SettingsTest {

  private static final String HEADER = "budget_flops,params,tokens,loss";

  @TempDir private Path folder;

  private LossPoints read(String header, List<String> rows) throws IOException {
    Path csv = folder.resolve("p.csv");
    Files.writeString(csv, header + "\n" + String.join("\n", rows) + "\n");
    return LossPoints.read(csv);
  }

  /**
   * Returns rows of a smooth surface, {@code budget,params,tokens,loss,rate,seed}, the best rate
   * being the third of five.
   *
   * @param cost of a rate twice or half the best, as a share of the loss
   */
  private static List<String> rows(int rates, int seeds, double cost, double noise, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<String> rows = new ArrayList<>();
    for (double budget : new double[] {1e18, 1e19, 1e20, 1e21}) {
      for (int size = 0; size < 6; size++) {
        double params = 0.1 * Math.sqrt(budget) * Math.pow(1.7, size - 2.5);
        for (int rate = 0; rate < rates; rate++) {
          for (int s = 0; s < seeds; s++) {
            double off = Math.pow(rate - Math.min(2, rates - 1), 2) * cost;
            double ln = 9 - 0.15 * Math.log10(budget) + 0.02 * Math.pow(size - 2.5, 2);
            double loss = ln / 2 * (1 + off) * (1 + noise * random.nextGaussian());
            rows.add(
                "%s,%s,%s,%s,%s,%d"
                    .formatted(
                        budget,
                        params,
                        // A larger batch ends at another whole step.
                        budget / 6 / params * (1 + 0.001 * rate),
                        loss,
                        0.001 * Math.pow(2, rate),
                        s));
          }
        }
      }
    }
    return rows;
  }

  @ParameterizedTest
  @CsvSource({"2,1", "3,2", "5,1", "5,3", "6,2"})
  void theBestSettingOfEveryCellStaysWithAllItsSeeds(int rates, int seeds) throws IOException {
    LossPoints read = read(HEADER + ",lr,seed", rows(rates, seeds, 0.01, 0.001, 7));
    assertThat(read.points()).hasSize(24 * seeds);
    assertThat(read.runs())
        .allMatch(r -> r.setting().get("lr").equals(rates == 2 ? "0.002" : "0.004"));
    List<String> warnings = new ArrayList<>();
    warnings.add(
        "24 cells of budget and size have up to %d settings (lr): the best of each is its point, by the mean over its seeds; %d of %d rows were left out."
            .formatted(rates, 24 * (rates - 1) * seeds, 24 * rates * seeds));
    if (rates <= 3) {
      warnings.add(
          "At 24 of 24 cells the best lr is the largest that was tried (1e18 FLOPs, 26.5M params"
              + " the first); one beyond it may be better.");
    }
    assertThat(read.warnings()).isEqualTo(warnings);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"LR", "config/optimizer.lr", "peak-lr", "batch_size", "optim.weight_decay"})
  void knowsSettingsByTheNamesTrackersGiveThem(String header) throws IOException {
    assertThat(read(HEADER + "," + header + ",seed", rows(3, 1, 0.01, 0, 7)).points()).hasSize(24);
  }

  @Test
  void aColumnOfAnotherNameIsASettingWhereOneSaysSo() throws IOException {
    Path csv = folder.resolve("p.csv");
    Files.writeString(csv, HEADER + ",eta,seed\n" + String.join("\n", rows(3, 2, 0.01, 0.001, 7)));
    PointsFormat format =
        new PointsFormat(
            Map.of(),
            Convention.DEFAULT,
            List.of(" Eta "),
            Map.of(),
            Optional.empty(),
            Set.of(),
            Optional.empty(),
            Optional.empty());
    assertThat(LossPoints.read(List.of(csv), format).points()).hasSize(48);
    assertThat(LossPoints.read(csv).points()).hasSize(144);
    PointsFormat none =
        new PointsFormat(
            Map.of(),
            Convention.DEFAULT,
            List.of("rate"),
            Map.of(),
            Optional.empty(),
            Set.of(),
            Optional.empty(),
            Optional.empty());
    assertThatExceptionOfType(BadInputException.class)
        .isThrownBy(() -> LossPoints.read(List.of(csv), none))
        .withMessageContaining("p.csv, line 1: the header lacks the column rate")
        .withMessageContaining("--setting");
  }

  @Test
  void oneSettingSpelledTwoWaysIsOne() throws IOException {
    LossPoints read =
        read(
            HEADER + ",lr,seed",
            List.of(
                "1e18,1e8,1.6e9,3,1e-3,1",
                "1e18,1e8,1.6e9,3.1,.001,2",
                "1e18,1e8,1.6e9,3.2,2e-3,1"));
    assertThat(read.points()).extracting(LossPoint::loss).containsExactly(3.0, 3.1);
  }

  @Test
  void theMeanOverSeedsDecidesNotTheLuckiest() throws IOException {
    LossPoints read =
        read(
            HEADER + ",lr,seed",
            List.of(
                "1e18,1e8,1.6e9,2.9,1,1",
                "1e18,1e8,1.6e9,3.5,1,2",
                "1e18,1e8,1.6e9,3,2,1",
                "1e18,1e8,1.6e9,3.1,2,2"));
    assertThat(read.points()).extracting(LossPoint::loss).containsExactly(3.0, 3.1);
  }

  @ParameterizedTest
  @CsvSource({"2,.001", "3,.003", "5,.003", "3,.02"})
  void seedsStayWithOrWithoutAColumnThatSaysSo(int seeds, double noise) throws IOException {
    for (long seed = 0; seed < 10; seed++) {
      List<String> rows = rows(1, seeds, 0, noise, seed);
      assertThat(read(HEADER + ",x,seed", rows).points()).hasSize(24 * seeds);
      LossPoints unsaid = read(HEADER + ",x,y", rows);
      assertThat(unsaid.points()).as("set " + seed).hasSize(24 * seeds);
      assertThat(unsaid.warnings()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({"3,1,.01", "5,1,.005", "4,2,.02"})
  void repeatsTooFarApartForSeedsAreSettings(int rates, int seeds, double cost) throws IOException {
    for (long seed = 0; seed < 10; seed++) {
      LossPoints read = read(HEADER + ",x,y", rows(rates, seeds, cost, 0.001, seed));
      assertThat(read.points()).as("set " + seed).hasSize(24);
      assertThat(read.warnings())
          .singleElement()
          .asString()
          .startsWith("Repeats at 24 cells lie ")
          .contains("no column says why", "--setting HEADER");
    }
  }

  @Test
  void aRuleThatDependsOnTheCellIsNoSetting() {
    LossPoints read = LossPoints.read(Path.of("../runs/reference"));
    assertThat(read.points()).hasSize(148);
    assertThat(read.warnings()).isEmpty();
  }

  @Test
  void checkpointsOfARunAreNotSettings() throws IOException {
    List<String> rows = new ArrayList<>();
    for (int i = 1; i <= 100; i++) {
      double tokens = 1e8 * i;
      rows.add(
          "%s,1e8,%s,%s,.001".formatted(6e8 * tokens, tokens, 1.7 + 400 / Math.pow(tokens, .28)));
    }
    assertThat(read(HEADER + ",lr", rows).points()).hasSize(100);
  }
}
