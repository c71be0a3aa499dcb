package org.isoflop.harness.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.isoflop.harness.SealedJson;
import org.isoflop.harness.analysis.tuning.ChangeEffects;
import org.isoflop.harness.analysis.tuning.TuningFit;
import org.isoflop.harness.analysis.tuning.TuningRun;
import org.isoflop.harness.analysis.tuning.TuningRun.Cell;
import org.isoflop.harness.analysis.tuning.TuningRun.Change;
import org.isoflop.harness.analysis.tuning.TuningRun.Setting;
import org.isoflop.harness.analysis.tuning.TuningTruth;
import org.isoflop.harness.config.Law;
import org.isoflop.harness.config.SweepConfig;
import org.isoflop.harness.plan.DataFacts;
import org.isoflop.harness.plan.Plan;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a sweep is told by a tuning that found changes of the recipe worth making. */
final class TunedResultTest {

  private static final Change DECAY = new Change("weight_decay", 0.3);
  private static final Change WARMUP = new Change("warmup", 0.25);
  private static final Change BETA2 = new Change("beta2", 0.9995);

  @TempDir private Path folder;

  private TunedResult result() {
    TuningTruth truth =
        new TuningTruth(0.003, 1, 1.7, 0, change -> change.equals(BETA2) ? 0.05 : -0.05);
    List<TuningRun> runs = new ArrayList<>();
    for (Cell cell : TuningTruth.cells()) {
      for (double rate : new double[] {0.25, 0.5, 1, 2}) {
        for (double batch : new double[] {0.5, 1, 2}) {
          runs.add(truth.run(cell, new Setting(rate, batch), 1));
        }
      }
    }
    for (long seed = 1; seed <= 3; seed++) {
      Cell cell = TuningTruth.cells().get(0);
      runs.add(truth.run(cell, new Setting(0.5, 1), seed));
      for (Change change : List.of(DECAY, WARMUP, BETA2)) {
        runs.add(truth.run(cell, new Setting(0.5, 1, Optional.of(change)), seed));
      }
    }
    return new TunedResult(
        TuningFit.of(runs).value().orElseThrow(),
        ChangeEffects.of(runs),
        SweepConfig.of("sweep", List.of("a.txt"), List.of(1e11, 1e12, 1e13)),
        List.of(new double[] {2e4, 5e5}, new double[] {5e4, 1e6}, new double[] {1e5, 3e5}),
        runs.size(),
        1e12,
        256);
  }

  @Test
  void changesBeyondTheNoiseAreNamed() throws IOException {
    TunedResult result = result();
    Path file = folder.resolve(Law.FILE);
    result.write(file);

    JsonNode json = SealedJson.read(file);
    assertThat(json.get("use").toString()).isEqualTo("{\"warmup\":0.25,\"weight_decay\":0.3}");
    assertThat(json.at("/changes")).hasSize(3);
    assertThat(json.at("/changes/0/key").asText()).isEqualTo("beta2");
    assertThat(json.at("/changes/0/instead_of").asText()).isEqualTo("auto");
    assertThat(json.at("/changes/0/verdict").asText()).isEqualTo("worse");
    assertThat(json.at("/changes/2/loss/value").asDouble()).isBetween(-0.06, -0.04);
    assertThat(json.at("/changes/2/verdict").asText()).isEqualTo("better");

    List<String> screen = new TunedScreen(result).lines(folder);
    assertThat(screen).allMatch(line -> line.length() <= 100 || line.contains(folder.toString()));
    assertThat(screen)
        .contains(
            "  schedule: {warmup: 0.25}",
            "  optimizer: {weight_decay: 0.3}",
            "What is better was found each by itself; together it was not tried.")
        .anyMatch(line -> line.matches("  beta2: 0.9995 +auto +3 +\\+[3-7]\\.\\d%.* worse"));
    result.report(List.of(), folder);
    assertThat(folder.resolve("tuned.html")).content().contains("0.9995", ">worse<");
  }

  /** The laws are those of the recipe with the changes, and the plan of a sweep without says so. */
  @Test
  void theLawsAreOfTheRecipeThatIsNamed() throws IOException {
    result().write(folder.resolve(Law.FILE));

    assertThat(warnings("schedule: {warmup: 0.25}, optimizer: {weight_decay: 0.3}"))
        .noneMatch(warning -> warning.contains("the law was tuned with"));
    assertThat(warnings("optimizer: {weight_decay: 0.3}"))
        .anyMatch(warning -> warning.contains("the law was tuned with warmup 0.25, which this"));
  }

  private List<String> warnings(String training) throws IOException {
    Path config =
        Files.writeString(
            folder.resolve("sweep.yaml"),
            """
            corpus: {files: [a.txt]}
            grid: {budgets: [1e11, 1e12, 1e13]}
            training: {learning_rate: {law: '%s'}, batch_tokens: {law: '%s'}, %s}
            """
                .formatted(folder, folder, training));
    return Plan.of(
            SweepConfig.read(config),
            new DataFacts(1_000_000_000_000_000L, 1_000_000, 256),
            (decoder, passTokens) -> 1e9)
        .warnings();
  }
}
