package org.isoflop.harness.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.isoflop.harness.Cache;
import org.isoflop.harness.train.MeasuredThroughput.Sample;
import org.isoflop.models.DecoderConfig;
import org.isoflop.models.DecoderOptions;
import org.isoflop.models.MlpKind;
import org.isoflop.models.NormKind;
import org.isoflop.models.Precision;
import org.isoflop.models.SizeLadder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Timing a device takes moments, whatever the sizes, and depends on all that its speed does. */
final class MeasuredThroughputTest {

  private static final SizeLadder LADDER =
      new SizeLadder(new DecoderOptions(512, 256, MlpKind.SWIGLU, NormKind.LAYERNORM, true, false));

  private static final Cache NO_CACHE = new Cache(Path.of("/dev/null"));

  /** What was timed, in order. */
  private final List<DecoderConfig> timed = new ArrayList<>();

  private double seconds;
  private Cache cache = NO_CACHE;
  private Instant now = Instant.parse("2026-11-25T12:00:00Z");

  /** A device of that speed, whatever it trains. */
  private MeasuredThroughput device(double flopsPerSecond) {
    return new MeasuredThroughput(
        (decoder, sequences) -> {
          timed.add(decoder);
          double step =
              decoder.flopsPerToken() * sequences * decoder.options().context() / flopsPerSecond;
          double took = 0.1 + 2 * step;
          seconds += took;
          return new Sample(flopsPerSecond, took);
        },
        cache,
        "one device",
        Clock.fixed(now, ZoneOffset.UTC));
  }

  @Test
  void noSizeTakesLongerThanAMoment() {
    for (double flopsPerSecond : new double[] {2e8, 1e9, 5e10, 1e15}) {
      timed.clear();
      seconds = 0;
      MeasuredThroughput throughput = device(flopsPerSecond);
      for (double params = 1e7; params < 1e11; params *= 3) {
        DecoderConfig decoder = LADDER.nearest(params);
        assertThat(throughput.flopsPerSecond(decoder, 4096))
            .isCloseTo(flopsPerSecond, within(1e-6 * flopsPerSecond));
      }
      assertThat(seconds).as("at %s FLOP/s", flopsPerSecond).isLessThan(6);
      assertThat(throughput.largestMeasured())
          .isEqualTo(
              timed.stream()
                  .mapToDouble(decoder -> (double) decoder.parameters().total())
                  .max()
                  .orElse(0));
      assertThat(timed).doesNotHaveDuplicates();
    }
  }

  @Test
  void aFastDeviceIsTimedAtLargerSizesThanASlowOne() {
    MeasuredThroughput slow = device(5e9);
    slow.flopsPerSecond(LADDER.nearest(1e9), 4096);
    MeasuredThroughput fast = device(1e14);
    fast.flopsPerSecond(LADDER.nearest(1e9), 4096);
    assertThat(fast.largestMeasured()).isGreaterThan(1e7);
    assertThat(slow.largestMeasured()).isBetween(1e4, 1e6);
  }

  @Test
  void theSpeedOfAPassIsItsOwn() {
    // A device on which everything takes a millisecond a pass.
    MeasuredThroughput throughput =
        new MeasuredThroughput(
            (decoder, sequences) ->
                new Sample(
                    decoder.flopsPerToken() * sequences * decoder.options().context() / 1e-3, 1e-3),
            NO_CACHE,
            "any",
            Clock.systemUTC());
    DecoderConfig decoder = LADDER.nearest(1e6);
    double large = throughput.flopsPerSecond(decoder, 4096);
    double small = throughput.flopsPerSecond(decoder, 1024);
    assertThat(large / small).isCloseTo(4, within(1e-9));
  }

  /** Asks for sizes beyond what there is time to measure. */
  private List<Double> forecast(MeasuredThroughput throughput) {
    List<Double> speeds = new ArrayList<>();
    for (double params = 1e4; params < 1e11; params *= 3) {
      speeds.add(throughput.flopsPerSecond(LADDER.nearest(params), 4096));
    }
    return speeds;
  }

  @Test
  void whatAnEarlierRunTimedOrPassedOverIsNotTimedAgain(@TempDir Path folder) {
    cache = new Cache(folder.resolve("cache"));
    MeasuredThroughput first = device(5e10);
    List<Double> fresh = forecast(first);
    first.remember();
    assertThat(timed).isNotEmpty();
    timed.clear();
    final Instant then = now;
    now = now.plus(MeasuredThroughput.LONGEST_KEPT).minusSeconds(1);
    MeasuredThroughput later = device(1e10);
    assertThat(forecast(later)).isEqualTo(fresh);
    assertThat(later.largestMeasured()).isEqualTo(first.largestMeasured());
    assertThat(later.since()).isEqualTo(then);
    assertThat(timed).isEmpty();
  }

  @Test
  void whatIsOldOrOfTheFutureIsTimedAgain(@TempDir Path folder) {
    cache = new Cache(folder.resolve("cache"));
    MeasuredThroughput first = device(5e10);
    forecast(first);
    first.remember();
    Instant then = now;
    for (Instant another :
        List.of(then.plus(MeasuredThroughput.LONGEST_KEPT), then.minusSeconds(1))) {
      timed.clear();
      now = another;
      assertThat(forecast(device(1e10)).get(0)).isCloseTo(1e10, within(1e4));
      assertThat(timed).isNotEmpty();
    }
  }

  @Test
  void aRealDeviceIsTimedInSeconds() {
    MeasuredThroughput throughput =
        new MeasuredThroughput(Device.cpu(), Precision.FLOAT32, NO_CACHE);
    throughput.flopsPerSecond(LADDER.nearest(5e3), 4096); // starts libtorch
    long begin = System.nanoTime();
    for (double params = 1e7; params < 1e10; params *= 3) {
      assertThat(throughput.flopsPerSecond(LADDER.nearest(params), 8192)).isPositive();
    }
    // On a machine that does nothing else 5; more where others compute.
    assertThat((System.nanoTime() - begin) * 1e-9).isLessThan(20);
  }
}
