package org.isoflop.harness.train;

import ai.djl.Device;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.isoflop.harness.Cache;
import org.isoflop.harness.plan.Plan;
import org.isoflop.models.DecoderConfig;
import org.isoflop.models.DecoderOptions;
import org.isoflop.models.Precision;
import org.isoflop.models.SizeLadder;
import org.isoflop.models.TorchRuntime;

/**
 * How fast a device trains decoders of any size: measured for a moment at sizes a factor 4 apart,
 * as they are asked for, and interpolated between them on log axes. What would take longer than a
 * moment, and what is asked for once {@link #MOST_SECONDS} have gone, is taken to train as many
 * FLOPs a second as the nearest that was measured. What is known is kept for later runs on the same
 * device, so that they need not measure again.
 */
public final class MeasuredThroughput implements Plan.Throughput {

  private static final double RATIO = 4;

  /** Larger passes and longer contexts train about as many FLOPs a second. */
  private static final int MOST_TOKENS = 4096;

  private static final int LONGEST_CONTEXT = 1024;

  private static final int WARMUP_STEPS = 3;
  private static final double SECONDS = 0.15;

  /** No measurement begins later. */
  static final double MOST_SECONDS = 3;

  /** No measurement begins that is expected to take longer. */
  private static final double LONGEST_SECONDS = 1;

  /** One warms up, one is timed. */
  private static final int FEWEST_STEPS = 2;

  /** What drawing initial weights and handing them over takes, seconds a parameter. */
  private static final double LOADING_SECONDS = 5e-8;

  /** A machine is seldom another one within days, and a forecast a week off is a forecast. */
  static final Duration LONGEST_KEPT = Duration.ofDays(7);

  private static final JsonMapper JSON = JsonMapper.builder().addModule(new Jdk8Module()).build();

  private final Probe probe;
  private final Cache cache;
  private final String name;
  private final Clock clock;
  private final Map<Cell, Known> known = new HashMap<>();
  private double largest;
  private double seconds;
  private Instant oldest;

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

  /**
   * What is known of a cell.
   *
   * @param flopsPerSecond of training; 0 where there was no time to measure
   * @param second when that was found, of the epoch
   */
  private record Known(Cell cell, double flopsPerSecond, long second) {}

  /** What the cache has. */
  private record Kept(List<Known> speeds) {}

  /** Measures on this device, in this precision, what no earlier run has kept. */
  public MeasuredThroughput(Device device, Precision precision, Cache cache) {
    this(
        (decoder, sequences) -> {
          long begin = System.nanoTime();
          double flopsPerSecond =
              ThroughputProbe.measure(decoder, precision, device, sequences, WARMUP_STEPS, SECONDS)
                  .flopsPerSecond();
          return new Sample(flopsPerSecond, (System.nanoTime() - begin) * 1e-9);
        },
        cache,
        String.join(
                " ",
                TorchRuntime.hardware(device),
                "libtorch " + TorchRuntime.version(),
                TorchRuntime.threads() + " threads",
                precision.name())
            .replaceAll("[^A-Za-z0-9.]+", "-"),
        Clock.systemUTC());
  }

  /**
   * Measures by a probe.
   *
   * @param on names what the probe measures on, in the cache
   */
  MeasuredThroughput(Probe probe, Cache cache, String on, Clock clock) {
    this.probe = probe;
    this.cache = cache;
    this.name = "speeds-" + on + ".json";
    this.clock = clock;
    this.oldest = clock.instant();
    kept().forEach(this::add);
  }

  /** Keeps what is known for later runs. */
  public void remember() {
    cache.write(name, JSON.valueToTree(new Kept(List.copyOf(known.values()))));
  }

  /** Returns when the oldest of the speeds was found that have been asked for. */
  public Instant since() {
    return oldest;
  }

  /** Decoders of one kind are forgotten together, as some were passed over because of others. */
  private List<Known> kept() {
    List<Known> speeds =
        cache
            .read(name)
            .map(kept -> JSON.convertValue(kept, Kept.class).speeds())
            .orElse(List.of());
    Instant now = clock.instant();
    return speeds.stream()
        .collect(Collectors.groupingBy(speed -> speed.cell().options()))
        .values()
        .stream()
        .filter(
            kind ->
                kind.stream()
                    .map(speed -> Duration.between(Instant.ofEpochSecond(speed.second()), now))
                    .allMatch(age -> !age.isNegative() && age.compareTo(LONGEST_KEPT) < 0))
        .flatMap(List::stream)
        .toList();
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
    return largest;
  }

  /** Upwards from the smallest: only what is measured tells whether the next is but a moment. */
  private double logSpeed(Cell cell) {
    if (!known.containsKey(cell)) {
      if (!isMoment(cell) && !cell.smallest()) {
        logSpeed(cell.smaller());
      }
      if (isMoment(cell)) {
        Sample sample = probe.time(cell.decoder(), cell.sequences());
        found(cell, sample.flopsPerSecond());
        seconds += sample.seconds();
      } else {
        found(cell, 0);
      }
    }
    Instant at = Instant.ofEpochSecond(known.get(cell).second());
    oldest = at.isBefore(oldest) ? at : oldest;
    return nearest(cell).orElseThrow();
  }

  private void found(Cell cell, double flopsPerSecond) {
    add(new Known(cell, flopsPerSecond, clock.instant().getEpochSecond()));
  }

  private void add(Known speed) {
    known.put(speed.cell(), speed);
    // Every forecast asks for it, and a ladder to look it up on has hundreds of rungs.
    if (speed.flopsPerSecond() > 0) {
      largest = Math.max(largest, (double) speed.cell().decoder().parameters().total());
    }
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
    return known.values().stream()
        .filter(
            speed -> speed.cell().options().equals(cell.options()) && speed.flopsPerSecond() > 0)
        .min(
            Comparator.comparingInt((Known speed) -> speed.cell().distance(cell))
                .thenComparingInt(speed -> speed.cell().size()))
        .map(speed -> OptionalDouble.of(Math.log(speed.flopsPerSecond())))
        .orElse(OptionalDouble.empty());
  }

  /** Whose scales a decoder has is no matter of its speed. */
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
