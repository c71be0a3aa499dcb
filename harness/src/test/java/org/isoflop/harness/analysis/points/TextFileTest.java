package org.isoflop.harness.analysis.points;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.isoflop.harness.BadInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Text from bytes: what is decoded, what is decompressed, and where it is refused. */
final class TextFileTest {

  private static final String TEXT = "a,b\n1,é\n";

  @TempDir private Path folder;

  private Path file(String name, byte[]... parts) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.write(part);
    }
    return Files.write(folder.resolve(name), all.toByteArray());
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(content);
    }
    return bytes.toByteArray();
  }

  private static void refused(Path file, String words) {
    assertThatExceptionOfType(BadInputException.class)
        .isThrownBy(() -> TextFile.read(file))
        .withMessageStartingWith(file.toString())
        .withMessageContaining(words);
  }

  @Test
  void decompressesByContentWhateverTheName() throws IOException {
    assertThat(TextFile.read(file("a.csv.gz", gzip(utf8(TEXT))))).isEqualTo(TEXT);
    assertThat(TextFile.read(file("a.csv", gzip(utf8("\ufeff" + TEXT))))).isEqualTo(TEXT);
    assertThat(TextFile.read(file("two", gzip(utf8(TEXT)), gzip(utf8(TEXT)))))
        .isEqualTo(TEXT + TEXT);
    assertThat(TextFile.read(file("plain", utf8(TEXT)))).isEqualTo(TEXT);
  }

  @Test
  void refusesGzipThatIsNone() throws IOException {
    byte[] whole = gzip(utf8(TEXT));
    for (int length : new int[] {2, 10, whole.length / 2, whole.length - 1}) {
      refused(file("cut.gz", Arrays.copyOf(whole, length)), "damaged or cut short");
    }
    refused(file("plain.csv.GZ", utf8(TEXT)), "is called .gz but is not gzip");
  }

  @Test
  void refusesASmallFileThatUnpacksToMoreThanAnyTableOfRuns() throws IOException {
    byte[][] members = new byte[257][];
    Arrays.fill(members, gzip(new byte[1 << 20]));
    refused(file("bomb.gz", members), "has more than 64 MiB of text");
  }

  @Test
  void refusesWhatIsNotUtf8OrNotText() throws IOException {
    refused(
        file("latin", "a\nb\n\u00e9".getBytes(StandardCharsets.ISO_8859_1)),
        "line 3: byte 0xe9 is not UTF-8");
    refused(file("cut", new byte[] {'a', (byte) 0xc3}), "line 1: byte 0xc3 is not UTF-8");
    refused(file("packed", gzip(utf8("a\n\0"))), "line 2: found a NUL byte");
    refused(folder, "cannot be read");
  }
}
