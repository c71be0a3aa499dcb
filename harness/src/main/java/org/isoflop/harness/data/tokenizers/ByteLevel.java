package org.isoflop.harness.data.tokenizers;

import java.nio.CharBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * How GPT-2 (Radford et al. 2019, encoder.py) and GPT-4 prepare text for byte pairs: which words it
 * is cut into, none of which a token crosses, and which letter stands for each byte in a
 * vocabulary.
 *
 * <p>A word is the first that a {@link Pattern} finds, from left to right, by the letters, numbers
 * and white space of Unicode 16.
 */
final class ByteLevel {

  /** Different bytes. */
  static final int BYTES = 256;

  /** Which words a text is cut into. */
  enum Pattern {
    /**
     * GPT-2's.
     *
     * <pre>{@code 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+}</pre>
     */
    GPT2 {
      @Override
      int wordEnd(byte[] text, int start) {
        int end = contractionEnd(text, start, false);
        if (end > start) {
          return end;
        }
        int begin = afterBlank(text, start);
        byte kind = kindAt(text, begin);
        return kind == SPACE ? blanksEnd(text, start) : runEnd(text, begin, kind);
      }
    },

    /**
     * GPT-4's, cl100k_base of OpenAI's tiktoken.
     *
     * <pre>
     * {@code (?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*
     * |\s*[\r\n]+|\s+(?!\S)|\s+}</pre>
     */
    GPT4 {
      @Override
      int wordEnd(byte[] text, int start) {
        int end = contractionEnd(text, start, true);
        if (end > start) {
          return end;
        }
        byte first = kindAt(text, start);
        int second = start + length(text[start]);
        byte next = second < text.length ? kindAt(text, second) : SPACE;
        if (first == LETTER) {
          return runEnd(text, start, LETTER);
        }
        if (first == NUMBER) {
          return numberEnd(text, start);
        }
        if (next == LETTER && !isLineEnd(text[start])) {
          return runEnd(text, second, LETTER);
        }
        if (first == OTHER || (next == OTHER && text[start] == ' ')) {
          return lineEndsEnd(text, runEnd(text, afterBlank(text, start), OTHER));
        }
        int lines = lastLineEnd(text, start);
        return lines > start ? lines : blanksEnd(text, start);
      }
    };

    /**
     * Returns where a word ends.
     *
     * @param text UTF-8
     * @param start where the word begins, below the text's length
     */
    abstract int wordEnd(byte[] text, int start);
  }

  private static final int MOST_DIGITS = 3;

  private static final byte SPACE = 0;
  private static final byte LETTER = 1;
  private static final byte NUMBER = 2;
  private static final byte OTHER = 3;
  private static final int ASCII = 128;
  private static final int LONG_S = 0x17f;

  /** Letters of Unicode 14 to 16, which Hugging Face's library knows and Java 17 does not. */
  private static final String LATER_LETTERS =
      """
      870-887 889-88e 8b5 8c8-8c9 c5d cdd 170d 171f 1b4c 1c89-1c8a 2c2f 2c5f 9ffd-9fff
      a7c0-a7c1 a7cb-a7cd a7d0-a7d1 a7d3 a7d5-a7dc a7f2-a7f4 10570-1057a 1057c-1058a
      1058c-10592 10594-10595 10597-105a1 105a3-105b1 105b3-105b9 105bb-105bc 105c0-105f3
      10780-10785 10787-107b0 107b2-107ba 10d4a-10d65 10d6f-10d85 10ec2-10ec4 10f70-10f81
      11071-11072 11075 1123f-11240 11380-11389 1138b 1138e 11390-113b5 113b7 113d1 113d3
      11740-11746 11ab0-11abf 11bc0-11be0 11f02 11f04-11f10 11f12-11f33 12f90-12ff0 1342f
      13441-13446 13460-143fa 16100-1611d 16a70-16abe 16d40-16d6c 18cff 1aff0-1aff3
      1aff5-1affb 1affd-1affe 1b11f-1b122 1b132 1b155 1df00-1df1e 1df25-1df2a 1e030-1e06d
      1e290-1e2ad 1e4d0-1e4eb 1e5d0-1e5ed 1e5f0 1e7e0-1e7e6 1e7e8-1e7eb 1e7ed-1e7ee
      1e7f0-1e7fe 2a6de-2a6df 2b735-2b739 2ebf0-2ee5d 31350-323af
      """;

  /** The same of numbers. */
  private static final String LATER_NUMBERS =
      """
      10d40-10d49 116d0-116e3 11bf0-11bf9 11f50-11f59 16130-16139 16ac0-16ac9 16d70-16d79
      1ccf0-1ccf9 1d2c0-1d2d3 1e4f0-1e4f9 1e5f1-1e5fa
      """;

  private static final NavigableMap<Integer, Later> LATER = new TreeMap<>();

  private static final byte[] ASCII_KINDS = new byte[ASCII];
  private static final int NONE = -1;
  private static final char[] LETTERS = new char[BYTES];
  private static final int[] VALUES = new int[2 * BYTES];

  private record Later(int last, byte kind) {}

  static {
    later(LATER_LETTERS, LETTER);
    later(LATER_NUMBERS, NUMBER);
    for (int i = 0; i < ASCII; i++) {
      ASCII_KINDS[i] = kind(i);
    }
    int next = BYTES;
    Arrays.fill(VALUES, NONE);
    for (int value = 0; value < BYTES; value++) {
      boolean printable = (value > ' ' && value <= '~') || (value >= 0xa1 && value != 0xad);
      LETTERS[value] = (char) (printable ? value : next++);
      VALUES[LETTERS[value]] = value;
    }
  }

  private ByteLevel() {}

  private static void later(String ranges, byte kind) {
    for (String range : ranges.strip().split("\\s+", -1)) {
      String[] ends = range.split("-", -1);
      int first = Integer.parseInt(ends[0], 16);
      LATER.put(first, new Later(Integer.parseInt(ends[ends.length - 1], 16), kind));
    }
  }

  /** Returns the letter that stands for a byte, from 0 to 255: itself where it can be printed. */
  static char letter(int value) {
    return LETTERS[value];
  }

  /** Returns the letters of all bytes. */
  static IntStream letters() {
    return CharBuffer.wrap(LETTERS).chars();
  }

  /** Returns the bytes that letters stand for; empty where one of them stands for none. */
  static Optional<byte[]> bytes(String letters) {
    byte[] bytes = new byte[letters.length()];
    for (int i = 0; i < bytes.length; i++) {
      char letter = letters.charAt(i);
      int value = letter < VALUES.length ? VALUES[letter] : NONE;
      if (value == NONE) {
        return Optional.empty();
      }
      bytes[i] = (byte) value;
    }
    return Optional.of(bytes);
  }

  /**
   * Returns the end of 's, 't, 'm, 'd, 're, 've or 'll; the start where there is none.
   *
   * @param anyCase whether capitals will do, and the long s, which is an s to Unicode's case
   *     folding
   */
  private static int contractionEnd(byte[] text, int start, boolean anyCase) {
    if (text[start] != '\'' || start + 1 == text.length) {
      return start;
    }
    int first = letterAt(text, start + 1, anyCase);
    if (first == 's' || first == 't' || first == 'm' || first == 'd') {
      return start + 1 + length(text[start + 1]);
    }
    if (start + 2 == text.length) {
      return start;
    }
    int second = letterAt(text, start + 2, anyCase);
    boolean two = second == 'e' ? first == 'r' || first == 'v' : second == 'l' && first == 'l';
    return two ? start + 3 : start;
  }

  private static int letterAt(byte[] text, int at, boolean anyCase) {
    if (!anyCase) {
      return text[at];
    }
    if (text[at] >= 0) {
      return Character.toLowerCase(text[at]);
    }
    return character(text, at) == LONG_S ? 's' : text[at];
  }

  /** Returns the place after a blank that begins a word, where anything follows it. */
  private static int afterBlank(byte[] text, int start) {
    return text[start] == ' ' && start + 1 < text.length ? start + 1 : start;
  }

  private static int numberEnd(byte[] text, int start) {
    int at = start;
    for (int i = 0; i < MOST_DIGITS && at < text.length && kindAt(text, at) == NUMBER; i++) {
      at += length(text[at]);
    }
    return at;
  }

  private static boolean isLineEnd(byte character) {
    return character == '\n' || character == '\r';
  }

  private static int lineEndsEnd(byte[] text, int start) {
    int at = start;
    while (at < text.length && isLineEnd(text[at])) {
      at++;
    }
    return at;
  }

  /** Returns the end of the last line among blanks; the start where there is none. */
  private static int lastLineEnd(byte[] text, int start) {
    int last = start;
    for (int at = start; at < text.length && kindAt(text, at) == SPACE; at += length(text[at])) {
      last = isLineEnd(text[at]) ? at + 1 : last;
    }
    return last;
  }

  private static int runEnd(byte[] text, int start, byte kind) {
    int at = start + length(text[start]);
    while (at < text.length && kindAt(text, at) == kind) {
      at += length(text[at]);
    }
    return at;
  }

  /** The last blank of several belongs to the next word, or is one itself. */
  private static int blanksEnd(byte[] text, int start) {
    int at = start;
    int last = start;
    while (at < text.length && kindAt(text, at) == SPACE) {
      last = at;
      at += length(text[at]);
    }
    return at == text.length || last == start ? at : last;
  }

  private static byte kindAt(byte[] text, int at) {
    return text[at] >= 0 ? ASCII_KINDS[text[at]] : kind(character(text, at));
  }

  /** Returns how many bytes the character takes that begins with this one. */
  private static int length(byte first) {
    return first >= 0 ? 1 : Integer.numberOfLeadingZeros(~(first << 24));
  }

  /** Returns the character that begins there with a byte that is no character of its own. */
  private static int character(byte[] text, int at) {
    int length = length(text[at]);
    int character = text[at] & (0xff >> (length + 1));
    for (int i = 1; i < length; i++) {
      character = (character << 6) | (text[at + i] & 0x3f);
    }
    return character;
  }

  private static byte kind(int character) {
    switch (Character.getType(character)) {
      case Character.UPPERCASE_LETTER,
          Character.LOWERCASE_LETTER,
          Character.TITLECASE_LETTER,
          Character.MODIFIER_LETTER,
          Character.OTHER_LETTER -> {
        return LETTER;
      }
      case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER -> {
        return NUMBER;
      }
      case Character.SPACE_SEPARATOR, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> {
        return SPACE;
      }
      case Character.UNASSIGNED -> {
        Map.Entry<Integer, Later> range = LATER.floorEntry(character);
        return range != null && character <= range.getValue().last ? range.getValue().kind : OTHER;
      }
      default -> {
        return (character >= '\t' && character <= '\r') || character == 0x85 ? SPACE : OTHER;
      }
    }
  }
}
