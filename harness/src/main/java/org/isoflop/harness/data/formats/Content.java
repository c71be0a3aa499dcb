package org.isoflop.harness.data.formats;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.SequenceInputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.commons.io.input.ReaderInputStream;

/**
 * The content of one file or archive entry, decompressed, to be read once from its first byte to
 * its last. Its first bytes can be looked at before.
 */
final class Content {

  /** A binary file shows itself early, so a large one need not be read whole. */
  private static final int FIRST_LOOK = 1 << 16;

  private static final List<Mark> MARKS =
      List.of(
          new Mark("UTF-8", "\u00ef\u00bb\u00bf"),
          new Mark("UTF-32LE", "\u00ff\u00fe\0\0"),
          new Mark("UTF-32BE", "\0\0\u00fe\u00ff"),
          new Mark("UTF-16LE", "\u00ff\u00fe"),
          new Mark("UTF-16BE", "\u00fe\u00ff"));

  private final String place;
  private final String name;
  private final Optional<Path> file;
  private final boolean isTokens;
  private final byte[] start;
  private final Optional<Mark> mark;
  private final byte[] head;
  private final InputStream rest;

  /** A byte order mark, its bytes read as ISO 8859-1. */
  private record Mark(String charset, String bytes) {}

  /**
   * Prepares to read.
   *
   * @param place what messages call it
   * @param name its name, perhaps with folders, without the suffix of a compression
   * @param file where it lies as a file of its own, to be read in any order
   * @param isTokens whether it is asked for as tokens
   * @param bytes its bytes, decompressed
   */
  Content(String place, String name, Optional<Path> file, boolean isTokens, InputStream bytes)
      throws IOException {
    this.place = place;
    this.name = name;
    this.file = file;
    this.isTokens = isTokens;
    this.start = bytes.readNBytes(FIRST_LOOK);
    this.mark = MARKS.stream().filter(known -> begins(start, known.bytes())).findFirst();
    this.head =
        Arrays.copyOfRange(
            start, mark.map(known -> known.bytes().length()).orElse(0), start.length);
    this.rest = bytes;
  }

  String place() {
    return place;
  }

  String name() {
    return name;
  }

  Optional<Path> file() {
    return file;
  }

  boolean isTokens() {
    return isTokens;
  }

  /** Returns the first bytes, up to 64 KiB, as they are. */
  byte[] start() {
    return start;
  }

  /** Returns all bytes, as they are. */
  InputStream bytes() {
    return new SequenceInputStream(new ByteArrayInputStream(start), rest);
  }

  /** Returns the first bytes, up to 64 KiB, without a byte order mark. */
  byte[] head() {
    return head;
  }

  /** Whether the text begins with some bytes, as ISO 8859-1 reads them. */
  boolean begins(String bytes) {
    return begins(head, bytes);
  }

  private static boolean begins(byte[] head, String bytes) {
    int length = Math.min(bytes.length(), head.length);
    return new String(head, 0, length, StandardCharsets.ISO_8859_1).equals(bytes);
  }

  /** Whether its name ends with one of some, in any case. */
  boolean isNamed(String... endings) {
    String lower = name.toLowerCase(Locale.ROOT);
    return Arrays.stream(endings).anyMatch(lower::endsWith);
  }

  /** Returns the encoding that a byte order mark says, if there is one. */
  Optional<String> markedCharset() {
    return mark.map(Mark::charset);
  }

  /**
   * Returns the text: in UTF-8 where a byte order mark says what it is, else byte for byte.
   *
   * @return a stream that throws {@link java.nio.charset.CharacterCodingException} where the text
   *     is not what its mark says
   */
  InputStream text() throws IOException {
    InputStream bytes = new SequenceInputStream(new ByteArrayInputStream(head), rest);
    if (mark.isEmpty() || mark.get().charset().equals("UTF-8")) {
      return bytes;
    }
    return ReaderInputStream.builder()
        .setReader(new InputStreamReader(bytes, Charset.forName(mark.get().charset()).newDecoder()))
        .setCharset(StandardCharsets.UTF_8)
        .get();
  }
}
