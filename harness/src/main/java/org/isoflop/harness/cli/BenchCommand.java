package org.isoflop.harness.cli;

import ai.djl.Device;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.isoflop.harness.AtomicFiles;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.CsvFiles;
import org.isoflop.harness.train.ThroughputProbe;
import org.isoflop.harness.train.ThroughputProbe.Speed;
import org.isoflop.models.DecoderConfig;
import org.isoflop.models.DecoderOptions;
import org.isoflop.models.MatmulPeak;
import org.isoflop.models.MlpKind;
import org.isoflop.models.NormKind;
import org.isoflop.models.Precision;
import org.isoflop.models.SizeLadder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code isoflop bench}: how fast decoders of several sizes train on this machine. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = {
      "Measures training throughput per decoder size, and its share of the device's matmul peak.",
      "scripts/peer_pytorch.py prints the same table for plain PyTorch."
    })
final class BenchCommand implements Callable<Integer> {

  private static final int WARMUP_STEPS = 10;

  @Mixin private DeviceOption device;

  @Option(
      names = "--sizes",
      split = ",",
      paramLabel = "N",
      defaultValue = "50e3,250e3,1e6,5e6",
      description = "Total parameters; the nearest buildable is taken. Default: ${DEFAULT-VALUE}.")
  private List<Double> sizes;

  @Option(
      names = "--precision",
      split = ",",
      paramLabel = "P",
      defaultValue = "float32,bfloat16",
      description = "float32, bfloat16 or both. Default: ${DEFAULT-VALUE}.")
  private List<Precision> precisions;

  @Option(
      names = "--context",
      defaultValue = "128",
      description = "Tokens of a sequence. Default: ${DEFAULT-VALUE}.")
  private int context;

  @Option(
      names = "--vocabulary",
      defaultValue = "256",
      description = "Tokens that the decoders tell apart. Default: ${DEFAULT-VALUE}.")
  private int vocabulary;

  @Option(
      names = "--batch-tokens",
      defaultValue = "2048",
      description = "Tokens of a step. Default: ${DEFAULT-VALUE}.")
  private int batchTokens;

  @Option(
      names = "--seconds",
      defaultValue = "5",
      description = "How long to time each size for. Default: ${DEFAULT-VALUE}.")
  private double seconds;

  @Option(names = "--csv", paramLabel = "FILE", description = "Also write the table as CSV.")
  private Optional<Path> csv;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    checkOptions();
    PrintWriter out = spec.commandLine().getOut();
    Device where = device.device();
    out.println("isoflop bench on " + DeviceOption.description(where));
    List<Timing> rows = new ArrayList<>();
    for (Precision precision : precisions) {
      double peak = MatmulPeak.measure(where, precision);
      String name = precision.name().toLowerCase(Locale.ROOT);
      out.printf(Locale.ROOT, "%n%s, matmul peak %.1f GFLOP/s%n", name, peak * 1e-9);
      out.printf(
          "%10s %6s %6s %6s %12s %12s %8s%n",
          "params", "layers", "width", "heads", "tokens/s", "GFLOP/s", "of peak");
      for (double size : sizes) {
        DecoderConfig decoder = new SizeLadder(options()).nearest(size);
        Speed speed =
            ThroughputProbe.measure(
                decoder, precision, where, batchTokens / context, WARMUP_STEPS, seconds);
        Timing timing = new Timing(decoder, batchTokens / context, name, speed, peak);
        out.printf(
            Locale.ROOT,
            "%10d %6d %6d %6d %12.0f %12.2f %7.1f%%%n",
            decoder.parameters().total(),
            decoder.layers(),
            decoder.width(),
            decoder.heads(),
            speed.tokensPerSecond(),
            speed.flopsPerSecond() * 1e-9,
            100 * timing.shareOfPeak());
        out.flush();
        rows.add(timing);
      }
    }
    csv.ifPresent(file -> COLUMNS.write(file, rows));
    return 0;
  }

  /** What was measured of a decoder; {@code peak} in FLOPs a second. */
  private record Timing(
      DecoderConfig decoder, int sequences, String precision, Speed speed, double peak) {

    DecoderOptions options() {
      return decoder.options();
    }

    double shareOfPeak() {
      return speed.flopsPerSecond() / peak;
    }
  }

  private static final CsvFiles.Columns<Timing> COLUMNS =
      new CsvFiles.Columns<Timing>()
          .with("params", row -> row.decoder().parameters().total())
          .with("layers", row -> row.decoder().layers())
          .with("width", row -> row.decoder().width())
          .with("heads", row -> row.decoder().heads())
          .with("mlp_width", row -> row.decoder().mlpWidth())
          .with("mlp", row -> row.options().mlp().name().toLowerCase(Locale.ROOT))
          .with("norm", row -> row.options().norm().name().toLowerCase(Locale.ROOT))
          .with("qk_norm", row -> row.options().qkNorm())
          .with("tied", row -> row.options().tied())
          .with("context", row -> row.options().context())
          .with("vocabulary", row -> row.options().vocabulary())
          .with("batch_sequences", Timing::sequences)
          .with("precision", Timing::precision)
          .with("tokens_per_second", row -> row.speed().tokensPerSecond())
          .with("flops_per_second", row -> row.speed().flopsPerSecond())
          .with("share_of_peak", Timing::shareOfPeak);

  private DecoderOptions options() {
    return new DecoderOptions(context, vocabulary, MlpKind.SWIGLU, NormKind.LAYERNORM, true, false);
  }

  private void checkOptions() {
    if (context < 8 || context > 1 << 16) {
      throw BadInputException.of("--context: %d is out of range, use 8 to 65536", context);
    }
    if (vocabulary < 2 || vocabulary > 1 << 24) {
      throw BadInputException.of("--vocabulary: %d is out of range, use 2 to 2^24", vocabulary);
    }
    if (batchTokens < context) {
      throw BadInputException.of(
          "--batch-tokens: %d is less than one sequence of %d tokens", batchTokens, context);
    }
    if (!(seconds > 0 && seconds <= 3600)) {
      throw BadInputException.of(
          "--seconds: %s is out of range, use more than 0, at most 3600", seconds);
    }
    double smallest = sizes.stream().min(Comparator.naturalOrder()).orElseThrow();
    double largest = sizes.stream().max(Comparator.naturalOrder()).orElseThrow();
    if (!(smallest >= 1000 && largest <= 1e11)) {
      throw BadInputException.of("--sizes: %s are out of range, use 1e3 to 1e11", sizes);
    }
    csv.ifPresent(AtomicFiles::checkFile);
  }
}
