package org.isoflop.harness.data.tokenizers;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/** What bytes are as UTF-8; quick for those that are, which most documents are. */
public final class Utf8 {

  private Utf8() {}

  /** Whether bytes are UTF-8. */
  public static boolean isUtf8(byte[] text) {
    if (isAscii(text)) {
      return true;
    }
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer bytes = ByteBuffer.wrap(text);
    CharBuffer characters = CharBuffer.allocate(1 << 12);
    CoderResult result = CoderResult.OVERFLOW;
    while (result.isOverflow()) {
      result = decoder.decode(bytes, characters.clear(), true);
    }
    return !result.isError();
  }

  private static boolean isAscii(byte[] text) {
    for (byte value : text) {
      if (value < 0) {
        return false;
      }
    }
    return true;
  }

  /** Returns bytes as UTF-8, with U+FFFD for what is none. */
  public static byte[] of(byte[] document) {
    return isUtf8(document)
        ? document
        : new String(document, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8);
  }
}
