package org.isoflop.harness.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.isoflop.harness.cli.IsoflopProcess.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.isoflop.harness.SealedJson;
import org.isoflop.harness.TinySweep;
import org.isoflop.harness.analysis.tuning.TuningRun;
import org.isoflop.harness.config.Hyperparameter;
import org.isoflop.harness.config.Law;
import org.isoflop.harness.config.SweepConfig;
import org.isoflop.harness.plan.DataFacts;
import org.isoflop.harness.sweep.SweepFolder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A real tuning of a sweep of tiny decoders, whole and cut off. */
@Timeout(600)
final class TuneCommandTest {

  private static final String SHARE = "0.15";

  @TempDir private Path folder;
  private Path config;

  @BeforeEach
  void writeConfig() throws IOException {
    config = write("tiny.yaml", "0.02", "64");
  }

  private Path write(String name, String rate, String batch) throws IOException {
    return TinySweep.write(
        folder.resolve(name),
        "5e8, 1e9, 2e9",
        4,
        "training: {learning_rate: %s, batch_tokens: %s, min_steps: 50, precision: float32}"
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
        new ProcessBuilder(IsoflopProcess.command(List.of(), arguments(out, SHARE)))
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

  @Tag("slow")
  @Test
  void findsLawsNearTheBestOfAFullGrid() throws Exception {
    Path tuned = folder.resolve("tuned");
    CommandRun run = tune(tuned, SHARE);
    assertThat(run.err().lines()).allMatch(line -> line.contains(" diverged after "));
    assertThat(run.exitCode()).as(run.out()).isZero();

    byte[] points = Files.readAllBytes(tuned.resolve("points.csv"));
    CommandRun again = tune(tuned, SHARE);
    assertThat(found(again)).isEqualTo(found(run));
    assertThat(tuned.resolve("points.csv")).hasBinaryContent(points);
    assertResult(tuned, run.out());
    assertNearTheBestOfAFullGrid(tuned);
  }

  @Tag("slow")
  @Test
  void endsTheSameHoweverOftenItIsCutOff() throws Exception {
    Path tuned = folder.resolve("tuned");
    kill(tuned, 3, true);
    CommandRun little = tune(tuned, "0.001");
    assertThat(little.exitCode()).as(little.out()).isEqualTo(1);
    assertThat(little.out()).contains("No laws: ", "A larger --share goes on from here");
    assertThat(tuned.resolve(Law.FILE)).doesNotExist();
    kill(tuned, 8, false);
    kill(tuned, 15, true);
    kill(tuned, 22, true);
    kill(tuned, 30, true);
    CommandRun run = tune(tuned, SHARE);
    assertThat(run.exitCode()).as(run.out()).isZero();
    assertThat(askedOfOneWhoWasNeverCutOff(tuned)).containsExactlyElementsOf(sweep(tuned).asked());
  }

  private TuningSweep sweep(Path folder) {
    return new TuningSweep(
        SweepConfig.readToTune(config),
        new SweepFolder(folder),
        new DataFacts(1_000_000, 100_000, 256),
        Double.parseDouble(SHARE));
  }

  /** Goes through all rounds with the losses that a tuning had, one round after the other. */
  private Set<TuningRun.Trial> askedOfOneWhoWasNeverCutOff(Path tuned) throws IOException {
    List<String> points = Files.readAllLines(tuned.resolve("points.csv"));
    List<TuningRun> runs = sweep(tuned).runs();
    assertThat(runs).hasSize(points.size() - 1);
    Path replayed = Files.createDirectory(folder.resolve("replayed"));
    TuningSweep tuning = sweep(replayed);
    Set<TuningRun.Trial> asked = tuning.asked();
    List<TuningRun.Trial> next = List.copyOf(asked);
    while (!next.isEmpty()) {
      asked.addAll(next);
      List<String> known = new ArrayList<>(points.subList(0, 1));
      for (int i = 0; i < runs.size(); i++) {
        if (asked.contains(runs.get(i).trial())) {
          known.add(points.get(i + 1));
        }
      }
      Files.write(replayed.resolve("points.csv"), known);
      next = tuning.next(asked);
    }
    return asked;
  }

  /** A cell that the tuning had no run of: what its laws say against the best of a grid. */
  private void assertNearTheBestOfAFullGrid(Path tuned) throws IOException {
    Path grid = folder.resolve("grid");
    Path file =
        write(
            "grid.yaml",
            "{law: '%s', multipliers: [0.25, 1, 4]}".formatted(tuned),
            "{law: '%s', multipliers: [1, 3]}".formatted(tuned));
    String ownCell = "grid: {cells: [{budget: 5e7, params: 4e3}]}\ntraining:";
    Files.writeString(file, Files.readString(file).replaceFirst("(?s)grid:.*?training:", ownCell));
    CommandRun run = CommandRun.of(TinySweep.command(file, grid, 1, "--progress", "none"));
    assertThat(run.exitCode()).as(run.out() + run.err()).isZero();

    List<TuningRun> runs = TuningRun.read(grid.resolve("points.csv"));
    assertThat(runs).hasSizeGreaterThanOrEqualTo(5);
    assertThat(runs.stream().map(TuningRun::cell).distinct()).hasSize(1);
    double own =
        runs.stream()
            .filter(one -> one.setting().equals(TuningRun.Setting.ONE))
            .mapToDouble(one -> one.loss().orElseThrow())
            .findAny()
            .orElseThrow();
    var all = runs.stream().flatMapToDouble(one -> one.loss().stream()).summaryStatistics();
    assertThat(own).isLessThan(1.1 * all.getMin());
    assertThat(all.getMax()).as("a setting far off").isGreaterThan(1.4 * all.getMin());
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
        .containsPattern(
            "  weight_decay: 0.3 +0.1 +\\d+ +[-+][\\d.]+% +\\[[-+][\\d.]+%, [-+][\\d.]+%\\] ")
        .contains("  learning_rate: {law: " + tuned + "}");
    var json = SealedJson.read(tuned.resolve(Law.FILE));
    assertThat(json.get("cells").size()).isGreaterThanOrEqualTo(3);
    assertThat(json.get("flops").asDouble()).isBetween(1e8, Double.parseDouble(SHARE) * 2.8e10);
    assertThat(tuned.resolve("tuned.html"))
        .content()
        .contains("<svg", "Loss against learning rate");
    assertThat(tuned.resolve("figures/tuned.png")).exists();

    write("tiny.yaml", "{law: '" + tuned + "'}", "{law: '" + tuned + "'}");
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
        "1e-4|--share: 1.09e6 FLOPs are too few to tune on"
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
