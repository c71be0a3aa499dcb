package org.isoflop.harness.data.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TokensTest {

  private static final long BEYOND_A_BUFFER = 1L << 31;

  @TempDir Path folder;

  @Property(tries = 300)
  void whereSegmentsEndMakesNoDifference(
      @ForAll @IntRange(min = 0, max = 2) int widthPower,
      @ForAll @IntRange(min = 1, max = 200) int count,
      @ForAll @IntRange(min = 1, max = 40) int length,
      @ForAll long seed) {
    int width = 1 << widthPower;
    SplittableRandom random = new SplittableRandom(seed);
    long vocabulary = Math.min(1L << (8 * width), Integer.MAX_VALUE);
    int[] text = random.ints(count, 0, (int) vocabulary).toArray();
    List<ByteBuffer> segments = new ArrayList<>();
    for (int at = 0; at < count; ) {
      int end = Math.min(count, at + random.nextInt(30)); // some are empty
      segments.add(stored(width, Arrays.copyOfRange(text, at, end)));
      at = end;
    }
    Tokens tokens = new Tokens(segments, width);
    assertThat(tokens.count()).isEqualTo(count);
    assertThat(tokens.read(count, 0)).isEqualTo(text);
    int fits = Math.min(length, count);
    long[] starts = random.longs(5, 0, count - fits + 1).toArray();
    assertThat(tokens.read(fits, starts))
        .isEqualTo(
            Arrays.stream(starts)
                .mapToObj(start -> Arrays.copyOfRange(text, (int) start, (int) start + fits))
                .flatMapToInt(IntStream::of)
                .toArray());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void aFileMayHoldMoreTokensThanABufferHoldsBytes(int width) throws IOException {
    Path file = folder.resolve("sparse.bin");
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.WRITE,
            StandardOpenOption.SPARSE)) {
      write(channel, width, BEYOND_A_BUFFER / 2 - 2, 1, 2, 3, 4);
      write(channel, width, BEYOND_A_BUFFER - 2, 5, 6, 7, 8);
    }
    Tokens tokens = new Tokens(Tokens.map(file), width);
    assertThat(tokens.count()).isEqualTo(BEYOND_A_BUFFER + 2);
    assertThat(tokens.read(4, BEYOND_A_BUFFER - 2, 0, BEYOND_A_BUFFER / 2 - 2))
        .containsExactly(5, 6, 7, 8, 0, 0, 0, 0, 1, 2, 3, 4);
  }

  @Test
  void theLargestTokenOfEachWidthIsUnsigned() {
    assertThat(Tokens.held(1, 0, 255).read(2, 0)).containsExactly(0, 255);
    assertThat(Tokens.held(2, 0, 65_535).read(2, 0)).containsExactly(0, 65_535);
    assertThat(Tokens.held(4, 0, Integer.MAX_VALUE).read(2, 0))
        .containsExactly(0, Integer.MAX_VALUE);
  }

  @Test
  void refusesWhatIsNotThere() {
    Tokens tokens = Tokens.held(1, 7, 8, 9);
    assertThat(tokens.read(3, 0)).containsExactly(7, 8, 9);
    assertThat(tokens.read(1)).isEmpty();
    for (long start : new long[] {-1, 2, 3, Long.MAX_VALUE, 1L << 32}) {
      assertThatThrownBy(() -> tokens.read(2, 0, start))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  void refusesWhatDoesNotFit() {
    for (int[] wrong : new int[][] {{1, 256}, {2, 65_536}, {1, -1}, {4, -1}, {3, 1}, {0, 1}}) {
      assertThatThrownBy(() -> Tokens.held(wrong[0], wrong[1]))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> new Tokens(List.of(ByteBuffer.allocate(3)), 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("3 bytes are no tokens of 2");
  }

  private static ByteBuffer stored(int width, int... tokens) {
    ByteBuffer bytes = ByteBuffer.allocate(width * tokens.length).order(ByteOrder.LITTLE_ENDIAN);
    IntStream.of(tokens).forEach(token -> Tokens.put(bytes, width, token));
    return bytes.flip();
  }

  private static void write(FileChannel channel, int width, long at, int... tokens)
      throws IOException {
    channel.write(stored(width, tokens), at * width);
  }
}
