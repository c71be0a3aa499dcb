package org.isoflop.harness.train;

import ai.djl.Device;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;
import org.isoflop.harness.plan.Throughput;
import org.isoflop.models.DecoderConfig;
import org.isoflop.models.DecoderOptions;
import org.isoflop.models.Precision;
import org.isoflop.models.SizeLadder;

/**
 * How fast a device trains decoders of any size: measured for a moment at sizes a factor 4 apart,
 * as they are asked for, and interpolated between them on log axes. What would take longer than a
 * moment, and what is asked for once {@link #MOST_SECONDS} have gone, is taken to train as many
 * FLOPs a second as the nearest that was measured.
 */
public final class MeasuredThroughput implements Throughput {

  private static final double RATIO = 4;

  /** Larger passes and longer contexts train about as many FLOPs a second. */
  private static final int MOST_TOKENS = 4096;

  private static final int LONGEST_CONTEXT = 1024;

  private static final int WARMUP_STEPS = 3;
  private static final double SECONDS = 0.15;

  /** No measurement begins later. */
  static final double MOST_SECONDS = 4;

  /** No measurement begins that is expected to take longer. */
  private static final double LONGEST_SECONDS = 1;

  /** One warms up, one is timed. */
  private static final int FEWEST_STEPS = 2;

  /** What drawing initial weights and handing them over takes, seconds a parameter. */
  private static final double LOADING_SECONDS = 5e-8;

  private final Probe probe;
  private final Map<Cell, Double> logFlopsPerSecond = new HashMap<>();
  private double seconds;

  /** Times a decoder. */
  interface Probe {
    Sample time(DecoderConfig decoder, int sequences);
  }

  /**
   * What a probe found.
   *
   * @param flopsPerSecond of training
   * @param seconds that finding out took
   */
  record Sample(double flopsPerSecond, double seconds) {}

  /**
   * What the speed of a device depends on.
   *
   * @param size total parameters, as a power of {@link #RATIO}
   * @param tokens of a pass, as a power of {@link #RATIO}
   */
  private record Cell(DecoderOptions options, int size, int tokens) {

    DecoderConfig decoder() {
      return new SizeLadder(options).nearest(Math.pow(RATIO, size));
    }

    boolean smallest() {
      return Math.pow(RATIO, size) <= new SizeLadder(options).rungs().get(0).parameters().total();
    }

    Cell smaller() {
      return new Cell(options, size - 1, tokens);
    }

    int sequences() {
      return (int) Math.max(1, Math.round(Math.pow(RATIO, tokens)) / options.context());
    }

    int distance(Cell other) {
      return Math.abs(size - other.size) + Math.abs(tokens - other.tokens);
    }
  }

  /** Measures on this device, in this precision. */
  public MeasuredThroughput(Device device, Precision precision) {
    this(
        (decoder, sequences) -> {
          long begin = System.nanoTime();
          double flopsPerSecond =
              ThroughputProbe.measure(decoder, precision, device, sequences, WARMUP_STEPS, SECONDS)
                  .flopsPerSecond();
          return new Sample(flopsPerSecond, (System.nanoTime() - begin) * 1e-9);
        });
  }

  MeasuredThroughput(Probe probe) {
    this.probe = probe;
  }

  @Override
  public double flopsPerSecond(DecoderConfig decoder, int passTokens) {
    DecoderOptions options = shortened(decoder.options());
    int tokens = (int) Math.round(log(Math.min(passTokens, MOST_TOKENS)));
    double position = log((double) decoder.parameters().total());
    int below = (int) Math.floor(position);
    double above = position - below;
    return Math.exp(
        (1 - above) * logSpeed(new Cell(options, below, tokens))
            + above * logSpeed(new Cell(options, below + 1, tokens)));
  }

  @Override
  public double largestMeasured() {
    return logFlopsPerSecond.keySet().stream()
        .mapToDouble(cell -> (double) cell.decoder().parameters().total())
        .max()
        .orElse(0);
  }

  /** Upwards from the smallest: only what is measured tells whether the next is but a moment. */
  private double logSpeed(Cell cell) {
    if (!logFlopsPerSecond.containsKey(cell)) {
      if (!isMoment(cell) && !cell.smallest()) {
        logSpeed(cell.smaller());
      }
      if (isMoment(cell)) {
        Sample sample = probe.time(cell.decoder(), cell.sequences());
        logFlopsPerSecond.put(cell, Math.log(sample.flopsPerSecond()));
        seconds += sample.seconds();
      }
    }
    return nearest(cell).orElseThrow();
  }

  private boolean isMoment(Cell cell) {
    OptionalDouble logSpeed = nearest(cell);
    if (logSpeed.isEmpty()) {
      return cell.smallest();
    }
    DecoderConfig decoder = cell.decoder();
    double tokens = (double) cell.sequences() * decoder.options().context();
    double expected =
        FEWEST_STEPS * tokens * decoder.flopsPerToken() / Math.exp(logSpeed.getAsDouble())
            + LOADING_SECONDS * decoder.parameters().total();
    return seconds < MOST_SECONDS && expected < LONGEST_SECONDS;
  }

  private OptionalDouble nearest(Cell cell) {
    return logFlopsPerSecond.entrySet().stream()
        .filter(measured -> measured.getKey().options().equals(cell.options()))
        .min(
            Comparator.comparingInt(
                    (Map.Entry<Cell, Double> measured) -> measured.getKey().distance(cell))
                .thenComparingInt(measured -> measured.getKey().size()))
        .map(measured -> OptionalDouble.of(measured.getValue()))
        .orElse(OptionalDouble.empty());
  }

  private static DecoderOptions shortened(DecoderOptions options) {
    return new DecoderOptions(
        Math.min(options.context(), LONGEST_CONTEXT),
        options.vocabulary(),
        options.mlp(),
        options.norm(),
        options.qkNorm(),
        options.tied());
  }

  private static double log(double value) {
    return Math.log(value) / Math.log(RATIO);
  }
}
