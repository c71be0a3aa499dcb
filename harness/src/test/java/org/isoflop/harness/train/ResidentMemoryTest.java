package org.isoflop.harness.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.isoflop.models.DecoderConfig;
import org.isoflop.models.DecoderOptions;
import org.isoflop.models.DecoderProgram;
import org.isoflop.models.DecoderState;
import org.isoflop.models.MlpKind;
import org.isoflop.models.NormKind;
import org.isoflop.models.OptimizerSettings;
import org.isoflop.models.Precision;
import org.junit.jupiter.api.Test;

/**
 * Training does not grow the process, by what the kernel says of it. {@code
 * -Disoflop.memorySteps=20000} runs it longer.
 */
final class ResidentMemoryTest {

  private static final int STEPS = Integer.getInteger("isoflop.memorySteps", 1200);
  private static final int STEPS_PER_CALL = 20;
  private static final long MOST_GROWTH_KIB = 8 << 10;

  @Test
  void trainingKeepsResidentMemoryFlat() throws IOException {
    assumeTrue(Files.exists(Path.of("/proc/self/status")), "needs Linux's /proc");
    DecoderOptions options =
        new DecoderOptions(16, 64, MlpKind.SWIGLU, NormKind.LAYERNORM, true, false);
    DecoderConfig decoder = new DecoderConfig(options, 1, 16, 2, 40);
    try (DecoderProgram program =
        DecoderProgram.load(
            decoder,
            new OptimizerSettings(0.9, 0.95, 1e-8, 0.1, 1),
            Precision.FLOAT32,
            2,
            Device.cpu(),
            DecoderState.initial(decoder, 1))) {
      train(program, STEPS / 6);
      System.gc();
      long before = residentKib();
      train(program, STEPS - STEPS / 6);
      System.gc();
      long after = residentKib();
      System.out.printf(
          "resident memory: %d KiB after %d steps, %d KiB after %d%n",
          before, STEPS / 6, after, STEPS);
      assertThat(after - before).as("growth in KiB").isLessThan(MOST_GROWTH_KIB);
    }
  }

  private static void train(DecoderProgram program, int steps) {
    float[] rates = new float[STEPS_PER_CALL];
    Arrays.fill(rates, 1e-3f);
    for (int step = 0; step < steps; step += STEPS_PER_CALL) {
      int[] windows = new int[STEPS_PER_CALL * 2 * 17];
      int first = step;
      Arrays.setAll(windows, i -> (first + i) % 61);
      program.train(windows, rates);
    }
  }

  private static long residentKib() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }
}
