package org.isoflop.harness.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MinHashTest {

  private static byte[] signature(String text) {
    return MinHash.signature(text.getBytes(StandardCharsets.UTF_8));
  }

  private static double similarity(String one, String other) {
    return MinHash.similarity(
        ByteBuffer.wrap(signature(one)), 0, ByteBuffer.wrap(signature(other)), 0);
  }

  /** Unbiased, and no wider than so many draws: texts shorter and longer than the sketch. */
  @ParameterizedTest
  @CsvSource({"30, 2", "60, 2", "200, 4", "200, 12", "2000, 20", "2000, 50", "6000, 300"})
  void estimatesTheJaccardSimilarityOfWordRuns(int words, int changes) {
    PlantedTexts texts = new PlantedTexts(words + changes);
    int draws = 80;
    double sum = 0;
    double squares = 0;
    double exact = 0;
    for (int i = 0; i < draws; i++) {
      List<String> one = texts.words(words);
      List<String> other = texts.changed(one, changes);
      exact = PlantedTexts.jaccard(one, other);
      double error = similarity(String.join(" ", one), String.join("\n", other)) - exact;
      sum += error;
      squares += error * error;
    }
    double deviation = Math.sqrt(exact * (1 - exact) / MinHash.BYTES);
    assertThat(sum / draws).isCloseTo(0, within(4 * deviation / Math.sqrt(draws)));
    assertThat(Math.sqrt(squares / draws)).isLessThan(1.35 * deviation);
  }

  @Test
  void whatStandsBetweenWordsAndCaseCountForNothing() {
    assertThat(similarity("Hello, world", "hello  WORLD!")).isEqualTo(1);
    assertThat(similarity("a \u201cb\u201d c_d\u2014e f", "a 'b' c_d e, f")).isEqualTo(1);
    assertThat(similarity("na\u00efve text", "naive text")).isLessThan(0.1);
    assertThat(similarity("one two", "two one")).isLessThan(0.1);
    assertThat(signature(" -- !\u2026 ")).isEmpty();
    assertThat(signature("")).isEmpty();
  }

  /** Characters of scripts without blanks are words. */
  @Test
  void textWithoutBlanksHasWordsToo() {
    String text = "\u4eca\u65e5\u306f\u5929\u6c17\u304c\u3044\u3044\u3067\u3059\u306d".repeat(3);
    assertThat(similarity(text, text.replace("\u5929", "\u3001\u5929"))).isEqualTo(1);
    assertThat(similarity(text, text + "\u660e\u65e5")).isBetween(0.6, 0.95);
    assertThat(similarity(text, "\u5168\u7136\u5225\u306e\u6587\u7ae0\u3060")).isLessThan(0.1);
  }

  /** Few different runs, however many they are. */
  @Test
  void repetitiveTextIsOneRun() {
    assertThat(similarity("0 ".repeat(2_000_000), "0 0 0 0 0 0")).isEqualTo(1);
  }

  /** By hand: 1 − (1 − 0.8^8)^32 = 0.9973 and 1 − (1 − 0.8^9)^28 = 0.982. */
  @Test
  void bandsAreAsLongAsSureCandidatesAllow() {
    assertThat(MinHash.bandBytes(0.8)).isEqualTo(8);
    assertThat(MinHash.bandBytes(0.5)).isEqualTo(3);
  }
}
