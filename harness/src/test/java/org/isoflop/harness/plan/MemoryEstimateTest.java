package org.isoflop.harness.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.Device;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.isoflop.harness.TestJava;
import org.isoflop.harness.train.ThroughputProbe;
import org.isoflop.models.DecoderConfig;
import org.isoflop.models.DecoderOptions;
import org.isoflop.models.MlpKind;
import org.isoflop.models.NormKind;
import org.isoflop.models.Precision;
import org.isoflop.models.SizeLadder;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The estimate beside what a process that trains really grows by, as the kernel counts it. */
@Tag("slow")
final class MemoryEstimateTest {

  private static final Path STATUS = Path.of("/proc/self/status");

  private static final DecoderOptions OPTIONS =
      new DecoderOptions(128, 256, MlpKind.SWIGLU, NormKind.LAYERNORM, true, false);

  /** One decoder with more activations than parameters, one the other way round. */
  @Test
  void isWithinAFactorOfOneAndAHalfOfWhatIsMeasured() throws Exception {
    assumeTrue(Files.exists(STATUS), "needs Linux's /proc");
    for (long[] job : new long[][] {{500_000, 32}, {8_000_000, 1}}) {
      Process process =
          new ProcessBuilder(
                  TestJava.command(
                      MemoryEstimateTest.class,
                      List.of("-XX:+UseSerialGC", "-Xmx1g"),
                      String.valueOf(job[0]),
                      String.valueOf(job[1])))
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      String grown = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      DecoderConfig decoder = new SizeLadder(OPTIONS).nearest((double) job[0]);
      double estimate = Passes.bytes(decoder, job[1] * OPTIONS.context(), false);
      assertThat(Double.parseDouble(grown) / estimate)
          .as("%s bytes where %s were expected", grown.strip(), estimate)
          .isBetween(1 / 1.5, 1.5);
    }
  }

  /** Trains one decoder after a tiny one and prints the bytes it took. */
  public static void main(String[] arguments) throws IOException {
    train(5_000, 1);
    System.gc();
    long before = kib("VmRSS:");
    train(Long.parseLong(arguments[0]), Integer.parseInt(arguments[1]));
    System.out.println(1024 * (kib("VmHWM:") - before));
  }

  private static void train(long params, int sequences) {
    ThroughputProbe.measure(
        new SizeLadder(OPTIONS).nearest((double) params),
        Precision.FLOAT32,
        Device.cpu(),
        sequences,
        1,
        0.001);
  }

  private static long kib(String key) throws IOException {
    return Files.readAllLines(STATUS).stream()
        .filter(line -> line.startsWith(key))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }
}
