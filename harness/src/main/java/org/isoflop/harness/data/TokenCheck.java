package org.isoflop.harness.data;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.data.formats.DocumentLocation;
import org.isoflop.harness.data.tokenizers.Tokenizer;
import org.isoflop.harness.data.tokenizers.Utf8;

/**
 * Whether ids that somebody else made are what the tokenizer makes of the text they stand for:
 * where they are another tokenizer's, or none at all, they stand for a text that nobody wrote, and
 * encode to others. The first of each file are looked at, and some of the rest.
 *
 * <p>Few may differ: at the ends of a document that was cut, special tokens within one, or words
 * that the tokenizer would cut otherwise.
 */
final class TokenCheck {

  /** Ids of a file that are all looked at: a mebibyte of 16 bits each. */
  private static final long FIRST = 1 << 19;

  /** Of the documents behind them every so-manieth is. */
  private static final long EVERY = 64;

  /** Ids after which a share need not wait for the end of the file. */
  private static final long ENOUGH = 1 << 18;

  /** The share that may differ: random ids of GPT-2's differ by about half. */
  private static final double MOST = 0.05;

  /** The share that is worth a word. */
  private static final double REMARKABLE = 1e-4;

  private final String tokenizer;
  private final Map<DocumentLocation, Found> byFile = new LinkedHashMap<>();

  /**
   * What was found of some ids.
   *
   * @param ids that were looked at
   * @param others that are not among those of their text
   */
  record Found(long ids, long others) {

    static final Found NOTHING = new Found(0, 0);

    Found plus(Found more) {
      return new Found(ids + more.ids, others + more.others);
    }

    double share() {
      return (double) others / Math.max(ids, 1);
    }
  }

  TokenCheck(Tokenizer tokenizer) {
    this.tokenizer = tokenizer.name();
  }

  /** Whether to look at a document, of a file of which so much came before it. */
  static boolean looksAt(long documents, long ids) {
    return ids < FIRST || documents % EVERY == 0;
  }

  /**
   * Encodes a text again and counts, without regard to order, which of its ids are not made.
   *
   * @param text what they stand for
   */
  static Found look(Tokenizer tokenizer, int[] ids, byte[] text) {
    IntStream.Builder again = IntStream.builder();
    tokenizer.encode(asText(tokenizer, text), again);
    int[] made = again.build().sorted().toArray();
    int[] given = ids.clone();
    Arrays.sort(given);
    long same = 0;
    for (int i = 0, j = 0; i < given.length && j < made.length; ) {
      int order = Integer.compare(given[i], made[j]);
      same += order == 0 ? 1 : 0;
      i += order <= 0 ? 1 : 0;
      j += order >= 0 ? 1 : 0;
    }
    return new Found(given.length, given.length - same);
  }

  /**
   * Returns what a text would be if it were one: U+FFFD for what is not UTF-8 and, where every byte
   * is a token and would encode to itself, for control characters too.
   */
  private static byte[] asText(Tokenizer tokenizer, byte[] bytes) {
    if (tokenizer.vocabulary() > Tokenizer.ONE_BYTE_VOCABULARY) {
      return Utf8.of(bytes);
    }
    return new String(bytes, StandardCharsets.UTF_8)
        .replaceAll("[\\x00-\\x08\\x0e-\\x1f\\x7f]", "\ufffd")
        .getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Adds what was found of a document.
   *
   * @throws BadInputException where too many of the file's ids are others
   */
  void add(DocumentLocation file, Found found) {
    if (found.ids() > 0) {
      Found all = byFile.merge(file, found, Found::plus);
      if (all.ids() >= ENOUGH) {
        require(file, all);
      }
    }
  }

  /**
   * Ends the look.
   *
   * @return what is worth a word, if anything is
   * @throws BadInputException where too many of a file's ids are others
   */
  Optional<String> end() {
    byFile.forEach(this::require);
    Found all = byFile.values().stream().reduce(Found.NOTHING, Found::plus);
    return byFile.entrySet().stream()
        .max(Comparator.comparingDouble(file -> file.getValue().share()))
        .filter(worst -> worst.getValue().share() > REMARKABLE)
        .map(
            worst ->
                Quantities.format(
                    "%,d of %,d ids looked at are not what %s makes of the text they stand for,"
                        + " most in %s; they are trained on as they are.",
                    all.others(), all.ids(), tokenizer, worst.getKey()));
  }

  private void require(DocumentLocation file, Found found) {
    if (found.share() > MOST) {
      throw new BadInputException(
          Quantities.format(
              "%s: %,d of %,d ids looked at are not what %s makes of the text they stand for;"
                  + " corpus.tokenizer (--tokenizer) names the tokenizer that made a file of"
                  + " tokens",
              file, found.others(), found.ids(), tokenizer));
    }
  }
}
