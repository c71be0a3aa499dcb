package org.isoflop.harness.analysis.points;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.InputFiles;

/**
 * Tells a text file, compressed by gzip or not, from everything else a user may point at, and says
 * at which line it stops being text.
 */
final class TextFile {

  /** More text than this, in bytes, is no table of runs; a small gzip file can hold any amount. */
  private static final int LARGEST = 64 << 20;

  private TextFile() {}

  /**
   * Returns the whole file, decompressed where its content is gzip, without its byte order mark
   * where it has one.
   *
   * @throws BadInputException if it cannot be read, is a damaged gzip file, is not UTF-8, has a NUL
   *     byte, or is too large
   */
  static String read(Path file) {
    ByteBuffer bytes = ByteBuffer.wrap(content(file));
    CharBuffer decoded = CharBuffer.allocate(bytes.capacity());
    boolean utf8 = !StandardCharsets.UTF_8.newDecoder().decode(bytes, decoded, true).isError();
    String text = decoded.flip().toString();
    if (!utf8) {
      throw BadInputException.of(
          "%s, line %d: byte 0x%02x is not UTF-8; wanted a CSV as UTF-8 text",
          file, line(text), bytes.get());
    }
    int nul = text.indexOf('\0');
    if (nul >= 0) {
      throw BadInputException.of(
          "%s, line %d: found a NUL byte, so this is a binary file; wanted a CSV as UTF-8 text",
          file, line(text.substring(0, nul)));
    }
    return text.startsWith("\ufeff") ? text.substring(1) : text;
  }

  private static long line(String before) {
    return 1 + before.chars().filter(c -> c == '\n').count();
  }

  private static byte[] content(Path file) {
    byte[] bytes;
    try {
      bytes = InputFiles.read(file, LARGEST);
    } catch (IOException e) {
      throw BadInputException.of(
          "%s: cannot be read (%s); wanted a CSV file", file, e.getClass().getSimpleName());
    }
    if (isGzip(bytes)) {
      bytes = decompressed(file, bytes);
    } else if (file.toString().toLowerCase(Locale.ROOT).endsWith(".gz")) {
      throw BadInputException.of(
          "%s: is called .gz but is not gzip; wanted a gzip file, or text under another name",
          file);
    }
    if (bytes.length > LARGEST) {
      throw BadInputException.of(
          "%s: has more than %d MiB of text; wanted one row for each run, not a log of steps",
          file, LARGEST >> 20);
    }
    return bytes;
  }

  private static boolean isGzip(byte[] bytes) {
    return bytes.length >= 2
        && bytes[0] == (byte) GZIPInputStream.GZIP_MAGIC
        && bytes[1] == (byte) (GZIPInputStream.GZIP_MAGIC >> 8);
  }

  private static byte[] decompressed(Path file, byte[] bytes) {
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes), 1 << 16)) {
      return in.readNBytes(LARGEST + 1);
    } catch (IOException e) {
      throw BadInputException.of(
          "%s: is a gzip file that is damaged or cut short (%s); wanted a whole one",
          file, e.getMessage());
    }
  }
}
