package org.isoflop.harness.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.isoflop.harness.BadInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DocumentReaderTest {

  @TempDir Path folder;

  @Test
  void readsLongTextsWholeAndSeesLateNulBytes() throws IOException {
    String text = "0123456789".repeat(20_000);
    Path sound = TestFiles.text(folder.resolve("sound.txt"), text);
    Path binary = TestFiles.text(folder.resolve("binary.txt"), text + "\0");
    Path empty = TestFiles.text(folder.resolve("empty.txt"), "");
    try (DocumentReader reader = new DocumentReader()) {
      assertThat(reader.read(DocumentLocation.ofFile(sound)))
          .hasValueSatisfying(
              read -> assertThat(new String(read, StandardCharsets.UTF_8)).isEqualTo(text));
      assertThat(reader.read(DocumentLocation.ofFile(binary))).isEmpty();
      assertThat(reader.read(DocumentLocation.ofFile(empty))).isEmpty();
    }
  }

  @Test
  void keepsFewerArchivesOpenThanItReads() {
    try (DocumentReader reader = new DocumentReader()) {
      for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 300; i++) {
          Path archive = folder.resolve(i + ".zip");
          if (round == 0) {
            TestFiles.zip(archive, Map.of("a", "text " + i));
          }
          assertThat(reader.read(new DocumentLocation(archive, "a")))
              .hasValue(("text " + i).getBytes(StandardCharsets.UTF_8));
        }
      }
    }
  }

  @Test
  void refusesAnEntryWhoseBytesAreDamaged() throws IOException {
    Path archive = folder.resolve("a.zip");
    byte[] text = "precious text".getBytes(StandardCharsets.UTF_8);
    try (OutputStream out = Files.newOutputStream(archive);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      ZipEntry entry = new ZipEntry("a.txt");
      entry.setMethod(ZipEntry.STORED);
      entry.setSize(text.length);
      CRC32 crc = new CRC32();
      crc.update(text);
      entry.setCrc(crc.getValue());
      zip.putNextEntry(entry);
      zip.write(text);
    }
    byte[] bytes = Files.readAllBytes(archive);
    int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("precious");
    bytes[at] = 'P';
    Files.write(archive, bytes);
    try (DocumentReader reader = new DocumentReader()) {
      assertThatThrownBy(() -> reader.read(new DocumentLocation(archive, "a.txt")))
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("a.zip!/a.txt: cannot be unpacked")
          .hasMessageContaining("checksum");
    }
  }

  @Test
  void refusesAFileThatWentAway() {
    try (DocumentReader reader = new DocumentReader()) {
      assertThatThrownBy(() -> reader.read(DocumentLocation.ofFile(folder.resolve("gone.txt"))))
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("gone.txt: cannot be read");
    }
  }
}
