package org.isoflop.harness.data.formats;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Recognises by their first bytes the files that people take for text, so that a refusal can say
 * what one is and what would do.
 */
public final class FileKind {

  private static final int LONGEST_MAGIC = 16;

  private static final List<Magic> MAGICS =
      List.of(
          magic("7-Zip, unpack it", "7z\\xbc\\xaf\\x27\\x1c"),
          magic("a zip archive, name it in corpus.files, as with **/*.zip", "PK\\x03\\x04"),
          magic("Arrow, export its text column", "ARROW1\\x00"),
          magic("SQLite, export its text column", "SQLite format 3\\x00"),
          magic("NumPy's numbers", "\\x93NUMPY"),
          magic("PDF, extract its text", "%PDF-"),
          magic("an image", "\\x89PNG|\\xff\\xd8\\xff"),
          magic("a program", "\\x7fELF"));

  private FileKind() {}

  /** How a kind of file begins, its bytes read as ISO 8859-1. */
  private record Magic(String kind, Pattern beginning) {}

  /** Returns what a file is, and what would do, where its first bytes are not those of a text. */
  static Optional<String> notText(byte[] head) {
    if (Codec.of(head).isPresent()) {
      return Optional.of("compressed twice, unpack it once");
    }
    String beginning = latin(head);
    Optional<String> known =
        MAGICS.stream()
            .filter(magic -> magic.beginning().matcher(beginning).lookingAt())
            .map(Magic::kind)
            .findFirst();
    if (known.isPresent() || !hasNul(head, head.length)) {
      return known;
    }
    if (TarEntries.isTar(head)) {
      return Optional.of("a tar archive, name it in corpus.files, as with **/*.tar");
    }
    return Optional.of(
        isUnmarkedUtf16(head)
            ? "UTF-16 or UTF-32 without a byte order mark, convert it to UTF-8"
            : "it has NUL bytes, which no text has");
  }

  public static boolean hasNul(byte[] bytes, int length) {
    for (int i = 0; i < length; i++) {
      if (bytes[i] == 0) {
        return true;
      }
    }
    return false;
  }

  /** Western text as 16-bit units has NUL in every other place and hardly any elsewhere. */
  private static boolean isUnmarkedUtf16(byte[] head) {
    int[] nuls = new int[2];
    for (int i = 0; i < head.length; i++) {
      nuls[i % 2] += head[i] == 0 ? 1 : 0;
    }
    int half = head.length / 2;
    return Math.max(nuls[0], nuls[1]) > 0.7 * half
        && (Math.min(nuls[0], nuls[1]) < 0.1 * half || nuls[0] + nuls[1] < 1.6 * half);
  }

  private static String latin(byte[] head) {
    return new String(head, 0, Math.min(LONGEST_MAGIC, head.length), StandardCharsets.ISO_8859_1);
  }

  private static Magic magic(String kind, String beginning) {
    return new Magic(kind, Pattern.compile(beginning));
  }
}
