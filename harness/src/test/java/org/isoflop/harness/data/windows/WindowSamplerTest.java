package org.isoflop.harness.data.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.LongStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.isoflop.harness.BadInputException;

final class WindowSamplerTest {

  @Property(tries = 150)
  void anEpochVisitsEveryWindowOnce(
      @ForAll @IntRange(min = 1, max = 3000) int windows,
      @ForAll @IntRange(min = 1, max = 64) int context,
      @ForAll @IntRange(min = 1, max = 100) int batch,
      @ForAll @IntRange(max = 63) int remainder,
      @ForAll long seed,
      @ForAll @IntRange(max = 3) int epoch) {
    long tokens = (long) windows * context + 1 + remainder % context;
    WindowSampler sampler = new WindowSampler(tokens, context, seed);
    assertThat(sampler.windows()).isEqualTo(windows);
    long from = (long) epoch * windows;
    long[] visited =
        LongStream.range(from, from + windows)
            .map(n -> sampler.offsets(n / batch * batch, batch)[(int) (n % batch)])
            .sorted()
            .toArray();
    assertThat(visited)
        .isEqualTo(LongStream.range(0, windows).map(window -> window * context).toArray());
    assertThat(visited[windows - 1] + context).isLessThan(tokens);
  }

  @Property(tries = 200)
  void aSequenceDependsOnNothingButSeedAndNumber(
      @ForAll @LongRange(min = 2, max = 1L << 40) long tokens,
      @ForAll long seed,
      @ForAll @LongRange(max = 1L << 40) long sequence,
      @ForAll @IntRange(min = 1, max = 32) int count) {
    WindowSampler one = new WindowSampler(tokens, 1, seed);
    long[] first = one.offsets(sequence, count);
    assertThat(Arrays.stream(one.offsets(sequence / 2, count)).boxed())
        .allSatisfy(offset -> assertThat(offset).isBetween(0L, tokens - 2));
    assertThat(one.offsets(sequence, count)).isEqualTo(first);
    assertThat(new WindowSampler(tokens, 1, seed).offsets(sequence, 2 * count))
        .as("the order of windows does not depend on how many are asked for at once")
        .startsWith(first)
        .endsWith(one.offsets(sequence + count, count));
  }

  @Example
  void theOrderIsTheSameUnderEveryVersion() {
    assertThat(new WindowSampler(1001, 10, 42).offsets(0, 8))
        .containsExactly(530, 310, 270, 910, 300, 80, 50, 390);
  }

  @Example
  void epochsAndSeedsDiffer() {
    WindowSampler sampler = new WindowSampler(1001, 1, 7);
    long[] first = sampler.offsets(0, 1000);
    long[] second = sampler.offsets(1000, 1000);
    long[] otherSeed = new WindowSampler(1001, 1, 8).offsets(0, 1000);
    assertThat(agreements(first, second)).isLessThan(10);
    assertThat(agreements(first, otherSeed)).isLessThan(10);
    assertThat(agreements(second, otherSeed)).isLessThan(10);
  }

  /** Counts where 1000 numbers of two shuffles agree; Poisson with mean 1, so 10 is 1 in 10^7. */
  private static long agreements(long[] one, long[] other) {
    return LongStream.range(0, one.length).filter(i -> one[(int) i] == other[(int) i]).count();
  }

  @Example
  void everyOrderOfAShortEpochIsEquallyLikely() {
    WindowSampler sampler = new WindowSampler(5, 1, 1);
    Map<String, Integer> orders = new HashMap<>();
    int epochs = 24_000;
    for (int epoch = 0; epoch < epochs; epoch++) {
      orders.merge(Arrays.toString(sampler.offsets(4L * epoch, 4)), 1, Integer::sum);
    }
    assertThat(orders).hasSize(24);
    double expected = epochs / 24.0;
    double chiSquare =
        orders.values().stream().mapToDouble(n -> (n - expected) * (n - expected) / expected).sum();
    // The 99.99% point of chi-square with 23 degrees of freedom.
    assertThat(chiSquare).isLessThan(56.4);
  }

  @Example
  void theStartOfAnEpochIsSpreadEvenly() {
    int windows = 100_000;
    int[] bins = new int[100];
    for (long seed = 0; seed < 100; seed++) {
      for (long offset : new WindowSampler(windows + 1, 1, seed).offsets(0, 100)) {
        bins[(int) (offset * bins.length / windows)]++;
      }
    }
    double chiSquare = Arrays.stream(bins).mapToDouble(n -> (n - 100.0) * (n - 100.0) / 100).sum();
    // The 0.01% and 99.99% points of chi-square with 99 degrees of freedom.
    assertThat(chiSquare).isBetween(53.0, 160.1);
  }

  @Example
  void aMillionOffsetsTakeWellUnderASecond() {
    WindowSampler sampler = new WindowSampler(2_000_000_000, 13, 3);
    sampler.offsets(0, 100_000);
    long start = System.nanoTime();
    long sum = 0;
    for (long step = 0; step < 10_000; step++) {
      sum += sampler.offsets(100 * step, 100)[99];
    }
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
    assertThat(sum).isPositive();
  }

  @Example
  void refusesLessThanAWindow() {
    assertThat(new WindowSampler(129, 128, 0).windows()).isEqualTo(1);
    assertThatThrownBy(() -> new WindowSampler(128, 128, 0))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("the train split has 128 tokens")
        .hasMessageContaining("needs 129");
    assertThatThrownBy(() -> new WindowSampler(129, 128, 0).offsets(-1, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new WindowSampler(129, 128, 0).offsets(0, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
