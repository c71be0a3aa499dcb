package org.isoflop.harness.data.formats;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Turns the bytes of one file into documents: line ends become LF, the file is cut, and what is cut
 * loses the blanks around it. So documents that differ in nothing a reader could see are equal.
 *
 * <p>A file is cut at each separator, where there is one; else into blocks of whole lines, where
 * that is asked for or the file is too long to be one document; else not at all. Nothing of it is
 * held but the document at hand.
 */
public final class TextCutter extends OutputStream {

  /** Bytes after which a block ends with the line; long for a context, short for a split. */
  public static final int BLOCK = 1 << 12;

  /** A longer text is no document, and several copies of one must fit a small heap. */
  static final int LONGEST_DOCUMENT = 1 << 26;

  private static final int CONTINUATION_MASK = 0xc0;
  private static final int CONTINUATION = 0x80;
  private static final int LONGEST_CHARACTER = 4;

  private final byte[] separator;
  private final Consumer<byte[]> documents;
  private boolean inBlocks;
  private byte[] held = new byte[1 << 13];
  private int length;
  private boolean afterCarriageReturn;

  /** Signals a document longer than {@link #LONGEST_DOCUMENT}. */
  public static final class TooLongException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /**
   * Prepares to cut one file.
   *
   * @param separator stands between documents and belongs to none; empty for none
   * @param inBlocks whether to cut into blocks where there is no separator
   * @param documents takes each document, none of them empty, in order
   */
  TextCutter(String separator, boolean inBlocks, Consumer<byte[]> documents) {
    this.separator = separator.replaceAll("\\r\\n?", "\n").getBytes(StandardCharsets.UTF_8);
    this.inBlocks = inBlocks && separator.isEmpty();
    this.documents = documents;
  }

  /** Returns whether the file was cut into blocks, or would have been if longer. */
  boolean isInBlocks() {
    return inBlocks;
  }

  @Override
  public void write(int signed) {
    byte next = (byte) signed;
    if (next == '\n' && afterCarriageReturn) {
      afterCarriageReturn = false;
      return;
    }
    afterCarriageReturn = next == '\r';
    append(afterCarriageReturn ? (byte) '\n' : next);
  }

  @Override
  public void write(byte[] bytes, int from, int count) {
    int end = from + count;
    int at = from;
    while (at < end) {
      int plain = plainUntil(bytes, at, end);
      if (plain > at) {
        appendPlain(bytes, at, plain - at);
        at = plain;
      } else {
        write(bytes[at++]);
      }
    }
  }

  /** Returns the end of what can be held as it stands, without a look at each byte. */
  private int plainUntil(byte[] bytes, int from, int end) {
    if (separator.length > 0 || inBlocks || afterCarriageReturn) {
      return from;
    }
    int most = Math.min(end, from + LONGEST_DOCUMENT - length);
    int at = from;
    while (at < most && bytes[at] != '\r') {
      at++;
    }
    return at;
  }

  private void appendPlain(byte[] bytes, int from, int count) {
    if (length + count > held.length) {
      held = Arrays.copyOf(held, Math.max(2 * held.length, length + count));
    }
    System.arraycopy(bytes, from, held, length, count);
    length += count;
  }

  /** Ends the last document. */
  @Override
  public void close() {
    emit();
  }

  private void append(byte next) {
    if (length == LONGEST_DOCUMENT) {
      cutWhatIsHeld();
    }
    if (inBlocks && isBlockFull(next)) {
      emit();
    }
    if (length == held.length) {
      held = Arrays.copyOf(held, 2 * held.length);
    }
    held[length++] = next;
    if (separator.length > 0 && endsWithSeparator()) {
      length -= separator.length;
      emit();
    }
  }

  private boolean isBlockFull(byte next) {
    if (length < BLOCK) {
      return false;
    }
    return held[length - 1] == '\n'
        || (length >= 2 * BLOCK && beginsCharacter(next))
        || length >= 2 * BLOCK + LONGEST_CHARACTER;
  }

  /** Whether a byte of UTF-8 is the first of its character. */
  static boolean beginsCharacter(byte value) {
    return (value & CONTINUATION_MASK) != CONTINUATION;
  }

  private void cutWhatIsHeld() {
    if (separator.length > 0) {
      throw new TooLongException();
    }
    byte[] whole = held;
    int wholeLength = length;
    held = new byte[4 * BLOCK];
    length = 0;
    inBlocks = true;
    for (int i = 0; i < wholeLength; i++) {
      append(whole[i]);
    }
  }

  private boolean endsWithSeparator() {
    return length >= separator.length
        && held[length - 1] == separator[separator.length - 1]
        && Arrays.equals(held, length - separator.length, length, separator, 0, separator.length);
  }

  /**
   * Returns a text that is one document whole, as if it had been a file; empty where it is blank.
   *
   * @throws TooLongException where it is longer than {@link #LONGEST_DOCUMENT}
   */
  public static byte[] document(byte[] text) {
    if (text.length > LONGEST_DOCUMENT) {
      throw new TooLongException();
    }
    int length = 0;
    byte[] lines = text;
    for (int i = 0; i < text.length; i++) {
      boolean isReturn = text[i] == '\r';
      if (isReturn && lines == text) {
        lines = text.clone();
      }
      if (isReturn && i + 1 < text.length && text[i + 1] == '\n') {
        continue;
      }
      if (lines != text) {
        lines[length] = isReturn ? (byte) '\n' : text[i];
      }
      length++;
    }
    return stripped(lines, length);
  }

  private void emit() {
    byte[] document = stripped(held, length);
    length = 0;
    if (document.length > 0) {
      documents.accept(document);
    }
  }

  private static byte[] stripped(byte[] text, int length) {
    int from = 0;
    int to = length;
    while (from < to && isBlank(text[from])) {
      from++;
    }
    while (to > from && isBlank(text[to - 1])) {
      to--;
    }
    return Arrays.copyOfRange(text, from, to);
  }

  /** ASCII's blanks, which are blanks in every encoding a file is read in. */
  private static boolean isBlank(byte value) {
    return value == ' ' || (value >= '\t' && value <= '\r');
  }
}
