package org.isoflop.harness;

import ai.djl.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.isoflop.harness.cli.IsoflopProcess;
import org.isoflop.harness.config.SweepConfig;
import org.isoflop.harness.sweep.Sweep;
import org.isoflop.harness.sweep.SweepEvents;
import org.isoflop.harness.sweep.SweepFolder;

/**
 * Sweeps of decoders of some thousand parameters in one layer, on a text of few words, whose
 * spelling they learn in fifty steps.
 */
public final class TinySweep {

  private static final List<String> WORDS =
      List.of("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "mu");

  private TinySweep() {}

  /**
   * Writes a configuration, and its text where there is none yet.
   *
   * @param file of the configuration; the text lies beside it
   * @param budgets in FLOPs, separated by commas
   * @param perBudget sizes at each
   * @param sections the lines that stand beside corpus, decoder and grid
   * @return the file
   */
  public static Path write(Path file, String budgets, int perBudget, String... sections)
      throws IOException {
    Path text = file.resolveSibling("text");
    if (!Files.exists(text)) {
      writeText(text);
    }
    return Files.writeString(
        file,
        """
        corpus: {files: ["%s"], validation_fraction: 0.1}
        decoder: {context: 16, tied: true, shapes: {layers: 1}}
        grid:
          budgets: [%s]
          sizes: {per_budget: %d, span: 6}
          expected: {tokens_per_param: 1}
        """
                .formatted(text, budgets, perBudget)
            + String.join("\n", sections)
            + "\n");
  }

  private static void writeText(Path folder) throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    Files.createDirectory(folder);
    for (int document = 0; document < 100; document++) {
      String text =
          Stream.generate(() -> WORDS.get(random.nextInt(WORDS.size())))
              .limit(400)
              .collect(Collectors.joining(" "));
      Files.writeString(folder.resolve(document + ".txt"), text);
    }
  }

  /** Returns the sweep of a configuration, with so many workers on the CPU. */
  public static Sweep of(Path config, SweepFolder folder, int slots) {
    return of(SweepConfig.read(config), folder, slots);
  }

  /** Returns a sweep with so many workers on the CPU, which save themselves every half second. */
  public static Sweep of(SweepConfig config, SweepFolder folder, int slots) {
    return new Sweep(
        config,
        Path.of("tiny.yaml"),
        folder,
        new Sweep.Settings(
            List.of(Device.cpu()), slots, Duration.ofMillis(500), IsoflopProcess::program));
  }

  /** Plans a sweep, so that workers can begin, and trains nothing. */
  public static void begin(Path config, SweepFolder folder) {
    of(config, folder, 1).run(new SweepEvents(), () -> true);
  }

  /** Returns the arguments that train a configuration on the CPU. */
  public static String[] command(Path config, Path out, int slots, String... more) {
    return Stream.concat(
            Stream.of("sweep", config.toString(), "--out", out.toString()),
            Stream.concat(
                Stream.of("--device", "cpu", "--slots", String.valueOf(slots)), Stream.of(more)))
        .toArray(String[]::new);
  }
}
