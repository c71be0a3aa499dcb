package org.isoflop.harness.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class BigramCountsTest {

  @Test
  void aTextThatAlternatesHasNoEntropyButForItsEnd() {
    // b goes to a 9999 times and to the border once: 9999 ln(10000/9999) + ln 10000, over 20001.
    assertThat(nats("ab".repeat(10_000)))
        .isCloseTo((9999 * Math.log(10_000 / 9999.0) + Math.log(10_000)) / 20_001, within(1e-12));
  }

  @Test
  void smallTextByHand() {
    // Pairs: border a, a a, a b, b b, b border. Each of a and b goes on in two ways, twice.
    assertThat(nats("aabb")).isCloseTo(4 * Math.log(2) / 5, within(1e-12));
  }

  @Test
  void documentsAreCountedApartAndInAnyOrder() {
    BigramCounts one = new BigramCounts();
    one.add(bytes("abc"));
    one.add(bytes("cba"));
    BigramCounts other = new BigramCounts();
    other.add(bytes("cba"));
    other.add(bytes("abc"));
    // border, a, b, c each go on in two ways, twice: every pair has probability 1/2.
    assertThat(one.bigramNats())
        .isCloseTo(Math.log(2), within(1e-12))
        .isEqualTo(other.bigramNats());
  }

  @Test
  void aTwoStateChainHasTheEntropyOfItsTransitions() {
    double leaveA = 0.1;
    double leaveB = 0.3;
    SplittableRandom random = new SplittableRandom(1);
    byte[] chain = new byte[500_000];
    boolean inA = true;
    for (int i = 0; i < chain.length; i++) {
      chain[i] = (byte) (inA ? 'a' : 'b');
      inA ^= random.nextDouble() < (inA ? leaveA : leaveB);
    }
    BigramCounts counts = new BigramCounts();
    counts.add(chain);
    // Stationary distribution: 3/4 in a, 1/4 in b.
    assertThat(counts.bigramNats())
        .isCloseTo(0.75 * coin(leaveA) + 0.25 * coin(leaveB), within(0.003));
  }

  @Test
  void aloneBytesHaveTheEntropyOfTheirFrequencies() {
    BigramCounts counts = new BigramCounts();
    assertThat(counts.unigramNats()).isZero();
    counts.add(bytes("aab"));
    // border, a, a, b: a half and two quarters.
    assertThat(counts.unigramNats()).isCloseTo(1.5 * Math.log(2), within(1e-12));
  }

  private static double coin(double p) {
    return -p * Math.log(p) - (1 - p) * Math.log(1 - p);
  }

  private static double nats(String text) {
    BigramCounts counts = new BigramCounts();
    counts.add(bytes(text));
    return counts.bigramNats();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
