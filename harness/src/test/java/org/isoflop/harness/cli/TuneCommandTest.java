package org.isoflop.harness.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.isoflop.harness.cli.StoppedSweepTest.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.isoflop.harness.SealedJson;
import org.isoflop.harness.TinySweep;
import org.isoflop.harness.config.Hyperparameter;
import org.isoflop.harness.config.Law;
import org.isoflop.harness.config.SweepConfig;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A real tuning of a sweep of tiny decoders, whole and cut off. */
@Timeout(600)
final class TuneCommandTest {

  /** Enough for laws whatever the text, which is this very program and changes with it. */
  private static final String SHARE = "0.3";

  @TempDir private Path folder;
  private Path config;

  @BeforeEach
  void writeConfig() throws IOException {
    config = Files.writeString(folder.resolve("tiny.yaml"), yaml("0.02", "32"));
  }

  private static String yaml(String rate, String batch) {
    return TinySweep.yaml(
        "2e9, 4e9, 8e9",
        4,
        "training: {learning_rate: %s, batch_tokens: %s, precision: float32}"
            .formatted(rate, batch),
        "evaluation: {tokens: 4000}",
        "limits: {epochs: 1e6}");
  }

  private String[] arguments(Path out, String share) {
    return ("tune " + config + " --out " + out + " --share " + share)
        .concat(" --device cpu --slots 1 --progress none")
        .split(" ", -1);
  }

  private CommandRun tune(Path out, String share) {
    return CommandRun.of(arguments(out, share));
  }

  /** Kills a tuning once it has so many points. */
  private void kill(Path out, int points, boolean outright) throws Exception {
    Process process =
        new ProcessBuilder(
                IsoflopProcess.command(List.of("-XX:TieredStopAtLevel=1"), arguments(out, SHARE)))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    Path file = out.resolve("points.csv");
    await(
        () -> {
          try (Stream<String> lines = Files.exists(file) ? Files.lines(file) : Stream.empty()) {
            return lines.count() > points || !process.isAlive();
          }
        });
    if (outright) {
      process.destroyForcibly();
    } else {
      process.destroy();
    }
    assertThat(process.waitFor()).isEqualTo(outright ? 137 : 143);
  }

  @Test
  void endsTheSameHoweverOftenItIsCutOff() throws Exception {
    Path whole = folder.resolve("whole");
    CommandRun run = tune(whole, SHARE);
    assertThat(run.err().lines()).allMatch(line -> line.contains(" diverged after "));
    assertThat(run.exitCode()).as(run.out()).isZero();
    Path killed = folder.resolve("killed");
    kill(killed, 3, true);
    CommandRun little = tune(killed, "0.001");
    assertThat(little.exitCode()).as(little.out()).isEqualTo(1);
    assertThat(little.out()).contains("No laws: ", "A larger --share goes on from here");
    assertThat(killed.resolve(Law.FILE)).doesNotExist();
    kill(killed, 14, false);
    assertThat(tune(killed, SHARE).exitCode()).isZero();

    for (String file : List.of(Law.FILE, "sweep.yaml")) {
      assertThat(killed.resolve(file)).hasSameBinaryContentAs(whole.resolve(file));
    }
    byte[] points = Files.readAllBytes(whole.resolve("points.csv"));
    CommandRun again = tune(whole, SHARE);
    assertThat(found(again)).isEqualTo(found(run));
    assertThat(whole.resolve("points.csv")).hasBinaryContent(points);
    assertResult(whole, run.out());
  }

  /** Returns what a screen says once all has been trained. */
  private static String found(CommandRun run) {
    return run.out().substring(run.out().indexOf("learning rate* ~"));
  }

  private void assertResult(Path tuned, String screen) throws IOException {
    assertThat(screen.lines())
        .allMatch(line -> line.length() <= 100 || line.contains(tuned.toString()));
    assertThat(screen)
        .containsPattern(
            "learning rate\\* ~ N\\^-?\\d\\.\\d+ \\[-?\\d\\.\\d+, -?\\d\\.\\d+\\] D\\^")
        .contains("Rules at these cells cost", "  porian ", "  steplaw ", "  as is ")
        .contains("  learning_rate: {law: " + tuned + "}");
    var json = SealedJson.read(tuned.resolve(Law.FILE));
    assertThat(json.get("cells").size()).isGreaterThanOrEqualTo(3);
    assertThat(json.get("flops").asDouble()).isBetween(1e8, Double.parseDouble(SHARE) * 4.1e10);
    assertThat(tuned.resolve("tuned.html"))
        .content()
        .contains("<svg", "Loss against learning rate");
    assertThat(tuned.resolve("figures/tuned.png")).exists();

    Files.writeString(config, yaml("{law: '" + tuned + "'}", "{law: '" + tuned + "'}"));
    SweepConfig sweep = SweepConfig.read(config);
    var rate = (Hyperparameter.ByLaw) sweep.training().learningRate();
    var batch = (Hyperparameter.ByLaw) sweep.training().batchTokens();
    var cell = json.get("cells").get(0);
    double params = cell.get("params").asDouble();
    double tokens = cell.get("tokens").asDouble();
    double ownBatch = batch.law().at(params, tokens, 1);
    assertThat(ownBatch / cell.at("/batch_tokens/value").asDouble()).isBetween(0.999, 1.001);
    assertThat(rate.law().at(params, tokens, ownBatch) / cell.at("/learning_rate/value").asDouble())
        .isBetween(0.999, 1.001);
    assertThat(SweepConfig.readToTune(config).training().learningRate())
        .as("what a law is tuned about")
        .isEqualTo(Hyperparameter.ByRule.DEFAULT);
  }

  @Test
  void aDryRunSaysWhatItWouldCostAndWritesNothing() {
    Path out = folder.resolve("dry");
    CommandRun run = CommandRun.of("tune", config.toString(), "--out", out.toString(), "--dry-run");

    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .contains(
            "share   0.15 of the sweep's ", "The first round:", "the whole share takes about ");
    assertThat(out).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0|--share: 0.0 is out of range, use more than 0 and at most 10",
        "NaN|--share: NaN is out of range",
        "1e-4|--share: 4e6 FLOPs are too few to tune on"
      })
  void oneLineForAMistake(String share, String words) {
    Path out = folder.resolve("bad");
    CommandRun run = tune(out, share);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err().lines()).hasSize(1);
    assertThat(run.err()).contains(words);
    assertThat(out).doesNotExist();
  }
}
