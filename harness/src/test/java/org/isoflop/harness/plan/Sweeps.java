package org.isoflop.harness.plan;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.isoflop.harness.Cache;
import org.isoflop.harness.analysis.isoflop.ParabolaFit;
import org.isoflop.harness.config.SweepConfig;

/** Sweeps as their YAML has them, planned for a device of a GFLOP/s and any amount of text. */
final class Sweeps {

  static final Cache NO_CACHE = new Cache(Path.of("/dev/null"));

  static final DataFacts PLENTY = new DataFacts(1_000_000_000_000_000L, 1_000_000, 256);

  static final Plan.Throughput GIGAFLOPS = (decoder, passTokens) -> 1e9;

  private Sweeps() {}

  /** Returns the sweep {@code test} of these sections, beside one of a text. */
  static SweepConfig config(String... sections) {
    try {
      Path folder = Files.createTempDirectory("sweeps");
      Path file = folder.resolve("test.yaml");
      Files.writeString(file, "corpus: {files: [f]}\n" + String.join("\n", sections));
      try {
        return SweepConfig.read(file);
      } finally {
        Files.delete(file);
        Files.delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the sweep of a grid; of every cell once and nothing else, unless it says otherwise. */
  static SweepConfig trained(String grid, String training) {
    String once =
        (training.contains("seeds") ? "" : ", seeds: 1")
            + (training.contains("control") ? "" : ", control: none");
    return of(grid, training + once);
  }

  /** Returns the sweep of a grid and its training. */
  static SweepConfig of(String grid, String training) {
    return config("grid: {" + grid + "}", "training: {" + training + "}");
  }

  static Plan plan(SweepConfig config) {
    return plan(config, List.of());
  }

  static Plan plan(SweepConfig config, List<Job> existing) {
    return Plan.of(config, PLENTY, GIGAFLOPS, existing);
  }

  /** Returns the jobs whose losses are points, in the plan's order. */
  static List<Job> cells(Plan plan) {
    return plan.horizons().stream().map(JobForecast::job).toList();
  }

  static Job job(Plan plan, String id) {
    return plan.jobs().stream().filter(job -> job.id().equals(id)).findFirst().orElseThrow();
  }

  static PrecisionForecast precision(SweepConfig config, Plan plan) {
    return PrecisionForecast.of(config, plan, PLENTY, new ParabolaFit(), NO_CACHE);
  }

  /** Returns the screen of a plan on one slot, a blank wherever a line is broken. */
  static String screen(SweepConfig config, Plan plan) {
    Machine machine = new Machine(0, 1, 1, Optional.empty());
    return PlanText.render(plan, machine, precision(config, plan)).replaceAll("\\s+", " ");
  }
}
