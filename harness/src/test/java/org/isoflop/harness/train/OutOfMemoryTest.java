package org.isoflop.harness.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.isoflop.harness.TestJava;
import org.isoflop.harness.config.Wsd;
import org.isoflop.harness.data.windows.Tokens;
import org.isoflop.harness.plan.EvaluationSteps;
import org.isoflop.harness.plan.Horizon;
import org.isoflop.harness.plan.Job;
import org.isoflop.models.DecoderConfig;
import org.isoflop.models.DecoderOptions;
import org.isoflop.models.MlpKind;
import org.isoflop.models.NormKind;
import org.isoflop.models.OptimizerSettings;
import org.isoflop.models.Precision;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A job whose batch takes more memory than its process may have, by a real limit on the process's
 * address space: it goes on in shorter passes, to the same losses.
 */
@Tag("slow")
@Timeout(180)
final class OutOfMemoryTest {

  private static final Path PRLIMIT = Path.of("/usr/bin/prlimit");
  private static final int SEQUENCES = 1024;
  private static final int STEPS = 3;

  /** A step's batch in one pass takes 100 MB, by the estimate. */
  private static final long ROOM = 40 << 20;

  @TempDir private Path folder;

  @Test
  void passesAreHalvedUntilTheyFitAndTheLossesStay() throws Exception {
    assumeTrue(Files.isExecutable(PRLIMIT), "needs prlimit, of util-linux");
    JobFolder free = new JobFolder(folder.resolve("free/job"));
    JobFolder limited = new JobFolder(folder.resolve("limited/job"));
    double expected = train(free, () -> false).horizon().orElseThrow().loss();

    Process process =
        new ProcessBuilder(
                TestJava.command(
                    OutOfMemoryTest.class,
                    List.of("-XX:+UseSerialGC", "-Xmx128m"),
                    limited.path().toString()))
            .inheritIO()
            .start();

    assertThat(process.waitFor()).isZero();
    assertThat(Files.readAllLines(limited.log()))
        .isNotEmpty()
        .allMatch(
            line ->
                line.matches(
                    ".* out of memory: libtorch could not allocate [0-9.]+ [KM]iB more in passes of"
                        + " at most [0-9]+ sequences, goes back to its last checkpoint and on in"
                        + " passes of [0-9]+"))
        .first()
        .asString()
        .endsWith(
            "passes of at most 1024 sequences, goes back to its last checkpoint and on in passes of"
                + " 512");
    assertThat(JobResult.read(limited).orElseThrow().horizon().orElseThrow().loss())
        .isCloseTo(expected, within(1e-3));
    assertThat(Files.readAllLines(limited.losses())).hasSize(1 + STEPS);
    assertThat(free.log()).doesNotExist();
  }

  /** Trains the job into a folder; once it is loaded this process may grow by {@link #ROOM}. */
  public static void main(String[] arguments) {
    AtomicBoolean limited = new AtomicBoolean();
    train(
        new JobFolder(Path.of(arguments[0])),
        () -> {
          if (!limited.getAndSet(true)) {
            limitAddressSpace();
          }
          return false;
        });
  }

  private static void limitAddressSpace() {
    try {
      long kib =
          Files.readAllLines(Path.of("/proc/self/status")).stream()
              .filter(line -> line.startsWith("VmSize:"))
              .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
              .findFirst()
              .orElseThrow();
      Process prlimit =
          new ProcessBuilder(
                  PRLIMIT.toString(),
                  "--pid=" + ProcessHandle.current().pid(),
                  "--as=" + (1024 * kib + ROOM))
              .inheritIO()
              .start();
      if (prlimit.waitFor() != 0) {
        throw new AssertionError("prlimit failed");
      }
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static JobResult train(JobFolder folder, BooleanSupplier stop) {
    Tokens text = Tokens.held(1, IntStream.range(0, 40_000).map(i -> i * i % 61 % 32).toArray());
    Conditions conditions =
        new Conditions("text", "bytes", 0.1, 3, Precision.FLOAT32, Optional.empty());
    DecoderOptions options =
        new DecoderOptions(64, 32, MlpKind.SWIGLU, NormKind.LAYERNORM, true, false);
    DecoderConfig decoder = new DecoderConfig(options, 1, 8, 1, 16);
    long tokens = (long) STEPS * SEQUENCES * options.context();
    Job job =
        new Job(
            "job",
            decoder,
            1,
            SEQUENCES,
            new OptimizerSettings(0.9, 0.95, 1e-8, 0.1, 1),
            new Wsd.Fitted(3e-3, 1, STEPS, 1),
            Optional.empty(),
            0,
            STEPS,
            Optional.of(new Horizon(1e9, STEPS, tokens, tokens * decoder.flopsPerToken())));
    return new Trainer(
            List.of(new Trainer.Stretch(job, folder)),
            new TrainingData(text, text, Device.cpu(), 1, 9, conditions),
            new Trainer.Settings(SEQUENCES, Duration.ofDays(1), EvaluationSteps.NONE),
            new TrunkTest.Notes(new ArrayList<>()))
        .train(stop)
        .orElseThrow();
  }
}
