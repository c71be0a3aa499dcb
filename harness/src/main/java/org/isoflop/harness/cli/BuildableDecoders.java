package org.isoflop.harness.cli;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.output.ResultJson.Row;
import org.isoflop.harness.analysis.points.Convention;
import org.isoflop.harness.config.DecoderSection;
import org.isoflop.harness.config.SweepConfig;
import org.isoflop.harness.data.tokenizers.Tokenizer;
import org.isoflop.harness.sweep.Environment;
import org.isoflop.harness.sweep.SweepFolder;
import org.isoflop.models.DecoderConfig;
import org.isoflop.models.ParameterCounts;

/** Which decoder comes nearest to a number of params, of those that a sweep could train. */
final class BuildableDecoders {

  private static final int BYTES = Tokenizer.ONE_BYTE_VOCABULARY;

  /** Nearer than this, as a share of N, a rung is simply the answer. */
  private static final double NEAR = 0.5;

  private final String kind;
  private final Convention.Params counted;
  private final List<DecoderConfig> rungs;

  private BuildableDecoders(
      String kind, DecoderSection decoders, int vocabulary, Convention.Params counted) {
    this.kind = kind;
    this.counted = counted;
    rungs = decoders.ladder(vocabulary).rungs();
  }

  /**
   * Returns the decoders of a sweep, as its configuration and tokenizer have them; for a CSV, those
   * of a sweep's defaults on bytes.
   *
   * @param counted what N of the points counts
   */
  static BuildableDecoders of(Path source, Convention.Params counted) {
    SweepFolder folder = new SweepFolder(source);
    if (folder.exists()) {
      SweepConfig config = SweepConfig.read(folder.config());
      int vocabulary = Environment.vocabulary(folder.environment(), config);
      return new BuildableDecoders(
          "as in " + folder.config(), config.decoder(), vocabulary, counted);
    }
    return new BuildableDecoders(
        "a sweep's defaults on bytes", DecoderSection.DEFAULT, BYTES, counted);
  }

  /**
   * One decoder beside the params that were wanted.
   *
   * @param decoder the nearest
   * @param params its N, counted as the points count theirs
   * @param off its N over the wanted one, less 1
   */
  record Nearest(DecoderConfig decoder, long params, double off) {}

  /** Returns the nearest by ratio. */
  Nearest nearest(double params) {
    DecoderConfig decoder =
        rungs.stream()
            .min(Comparator.comparingDouble(r -> Math.abs(Math.log((double) count(r) / params))))
            .orElseThrow();
    return new Nearest(decoder, count(decoder), (double) count(decoder) / params - 1);
  }

  private long count(DecoderConfig decoder) {
    ParameterCounts counts = decoder.parameters();
    return switch (counted) {
      case TOTAL -> counts.total();
      case NON_EMBEDDING -> counts.nonEmbedding();
      case MATMUL -> counts.matmul();
    };
  }

  /** Returns one line for the screen. */
  String text(double params) {
    Nearest found = nearest(params);
    DecoderConfig decoder = found.decoder();
    if (Math.abs(found.off()) > NEAR) {
      return Quantities.format(
          "nearest decoder: none; the %s that can be built has %s params",
          found.off() > 0 ? "smallest" : "largest", Quantities.count((double) found.params()));
    }
    return Quantities.format(
        "nearest decoder: %d layers, width %d, %d heads; %s params, %s %s N*",
        decoder.layers(),
        decoder.width(),
        decoder.heads(),
        Quantities.count((double) found.params()),
        Quantities.percent(Math.abs(found.off())),
        found.off() < 0 ? "below" : "above");
  }

  /** Returns which options the decoders share, in words. */
  String kind() {
    return kind;
  }

  /** Returns the nearest decoder for a script. */
  Row json(double params) {
    Nearest found = nearest(params);
    return new Row()
        .with("layers", found.decoder().layers())
        .with("width", found.decoder().width())
        .with("heads", found.decoder().heads())
        .with("mlp_width", found.decoder().mlpWidth())
        .with("vocabulary", found.decoder().options().vocabulary())
        .with("params", found.params())
        .with("off", found.off());
  }
}
