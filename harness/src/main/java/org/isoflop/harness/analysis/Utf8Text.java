package org.isoflop.harness.analysis;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.isoflop.harness.BadInputException;

/**
 * Tells a text file from everything else a user may point at, and says at which line it stops being
 * text. Java's own readers replace what they cannot decode, or throw without a place.
 */
final class Utf8Text {

  private Utf8Text() {}

  /**
   * Returns the whole file, without its byte order mark where it has one.
   *
   * @throws BadInputException if it cannot be read, is not UTF-8, or has a NUL byte
   */
  static String read(Path file) {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (IOException e) {
      throw BadInputException.of(
          "%s: cannot be read (%s); wanted a CSV file", file, e.getClass().getSimpleName());
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    CoderResult result = decoder.decode(in, out, true);
    if (result.isError()) {
      throw BadInputException.of(
          "%s, line %d: byte 0x%02x is not UTF-8; wanted a CSV as UTF-8 text",
          file, line(bytes, in.position()), bytes[in.position()]);
    }
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == 0) {
        throw BadInputException.of(
            "%s, line %d: found a NUL byte, so this is a binary file; wanted a CSV as UTF-8 text",
            file, line(bytes, i));
      }
    }
    String text = out.flip().toString();
    return text.startsWith("\ufeff") ? text.substring(1) : text;
  }

  private static int line(byte[] bytes, int position) {
    int line = 1;
    for (int i = 0; i < position; i++) {
      if (bytes[i] == '\n') {
        line++;
      }
    }
    return line;
  }
}
