package org.isoflop.harness.data.tokenizers;

import java.util.Optional;
import java.util.Set;
import java.util.function.IntConsumer;

/**
 * Turns a document into tokens; knows nothing of files, splits or windows. Text that spells a
 * special token is ordinary text. Safe for use by several threads.
 */
public interface Tokenizer {

  /** The most tokens that fit one byte each. */
  int ONE_BYTE_VOCABULARY = 1 << 8;

  /** The most tokens that fit two bytes each. */
  int TWO_BYTE_VOCABULARY = 1 << 16;

  /**
   * Returns what tells this tokenizer from any that gives other tokens: its name and, but for
   * bytes, the SHA-256 of what decides its tokens.
   */
  String identity();

  /** Returns what a person calls it. */
  default String name() {
    return identity().split(" ", 2)[0];
  }

  /** Returns the highest token + 1, the separator included; there may be gaps below. */
  int vocabulary();

  /** Returns the token that stands before every document, and nowhere else. */
  int separator();

  /**
   * Hands the tokens of a document to a consumer, in order, without the separator.
   *
   * @param document the bytes of the document, none of them 0, at least one; what is not UTF-8 of
   *     them is U+FFFD to every tokenizer but {@link ByteTokenizer}
   * @param tokens takes each token, from 0 to {@link #vocabulary()} − 1
   */
  void encode(byte[] document, IntConsumer tokens);

  /**
   * Returns the bytes of the text that tokens stand for: those that were encoded, where the tokens
   * are what {@link #encode} makes of UTF-8 and nothing of a text is lost, see {@link #losesText}.
   * Special tokens, and gaps in the vocabulary, stand for none.
   *
   * @param tokens each from 0 to {@link #vocabulary()} − 1
   */
  byte[] decode(int[] tokens);

  /**
   * Returns the tokens that others put between documents: the separator, and with some tokenizers
   * one that begins a text.
   */
  default Set<Integer> borders() {
    return Set.of(separator());
  }

  /**
   * Returns, in words for a person, which of its parts do not keep all of a text; empty where the
   * tokens make the text again.
   */
  default Optional<String> losesText() {
    return Optional.empty();
  }

  /** Returns how many tokens a document has, without the separator. */
  default int count(byte[] document) {
    int[] count = {0};
    encode(document, token -> count[0]++);
    return count[0];
  }

  /**
   * Returns the bytes that a stored token takes: 1 up to a vocabulary of 2^8, 2 up to 2^16, else 4.
   */
  default int bytesPerToken() {
    if (vocabulary() <= ONE_BYTE_VOCABULARY) {
      return Byte.BYTES;
    }
    return vocabulary() <= TWO_BYTE_VOCABULARY ? Short.BYTES : Integer.BYTES;
  }
}
