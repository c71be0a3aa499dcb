package org.isoflop.harness.train;

import ai.djl.Device;
import java.util.TreeMap;
import org.isoflop.harness.plan.Throughput;
import org.isoflop.models.DecoderConfig;
import org.isoflop.models.Precision;
import org.isoflop.models.SizeLadder;

/**
 * How fast a device trains decoders of any size: measured for a moment at sizes a factor 4 apart,
 * as they are asked for, and interpolated between them on log axes.
 */
public final class MeasuredThroughput implements Throughput {

  private static final double RATIO = 4;
  private static final int MOST_TOKENS = 4096;
  private static final int WARMUP_STEPS = 3;
  private static final double SECONDS = 0.2;

  private final Device device;
  private final Precision precision;
  private final TreeMap<Integer, Double> logFlopsPerSecond = new TreeMap<>();

  /** Measures on this device, in this precision. */
  public MeasuredThroughput(Device device, Precision precision) {
    this.device = device;
    this.precision = precision;
  }

  @Override
  public double flopsPerSecond(DecoderConfig decoder, int passTokens) {
    double position = Math.log((double) decoder.parameters().total()) / Math.log(RATIO);
    int below = (int) Math.floor(position);
    double above = position - below;
    return Math.exp(
        (1 - above) * measured(below, decoder, passTokens)
            + above * measured(below + 1, decoder, passTokens));
  }

  private double measured(int power, DecoderConfig like, int passTokens) {
    return logFlopsPerSecond.computeIfAbsent(
        power,
        p -> {
          DecoderConfig decoder = new SizeLadder(like.options()).nearest(Math.pow(RATIO, p));
          int sequences = Math.max(1, Math.min(passTokens, MOST_TOKENS) / like.options().context());
          return Math.log(
              ThroughputProbe.measure(decoder, precision, device, sequences, WARMUP_STEPS, SECONDS)
                  .flopsPerSecond());
        });
  }
}
