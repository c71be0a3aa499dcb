package org.isoflop.harness.data.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.data.TestFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DocumentReaderTest {

  @TempDir Path folder;

  @Test
  void readsLongTextsWholeAndSeesLateNulBytes() {
    String text = "0123456789".repeat(20_000);
    assertThat(read("", false, text)).containsExactly(text);
    assertThat(read("", false, text + "\0"))
        .containsExactly("<it has NUL bytes, which no text has>");
    // Every line end lies across the border of some block that is read at once.
    String ends = "ab\r\ncd\re\n".repeat(30_000) + "end";
    assertThat(read("", false, ends)).containsExactly(ends.replaceAll("\r\n?", "\n"));
    assertThat(read("", false, "")).containsExactly("<empty>");
    assertThat(read("", false, " \r\n\t ")).containsExactly("<empty>");
  }

  @Test
  void cutsAtASeparatorAndDropsWhatIsEmptyBetween() {
    String end = "<|endoftext|>";
    assertThat(read(end, false, "a\r\nb\r\n" + end + "\r\n" + end + "c" + end + "<|endof\n"))
        .containsExactly("a\nb", "c", "<|endof");
    assertThat(read("\n\n", true, "a\r\n\r\nb\rc\r\r\r\rd")).containsExactly("a", "b\nc", "d");
    assertThat(read(end, false, "a" + end + "b\0" + end + "c"))
        .as("a file is binary by its beginning")
        .containsExactly("<it has NUL bytes, which no text has>");
    assertThat(read("", false, "\0" + "#".repeat(600)))
        .as("as long as a tar archive's header, and none")
        .containsExactly("<it has NUL bytes, which no text has>");
  }

  @Test
  void blocksAreWholeLinesAndLongLinesAreCutBetweenCharacters() {
    String line = "x".repeat(99) + "\n";
    List<String> blocks = read("", true, line.repeat(100));
    assertThat(blocks).hasSize(3).allMatch(block -> block.length() % 100 == 99);
    assertThat(String.join("\n", blocks) + "\n").isEqualTo(line.repeat(100));
    String endless = "\u00fc\u20ac\ud83d\ude00".repeat(5000);
    List<String> pieces = read("", true, endless);
    assertThat(pieces).hasSizeGreaterThan(4).noneMatch(piece -> piece.contains("\ufffd"));
    assertThat(String.join("", pieces)).isEqualTo(endless);
  }

  @Test
  void aFileTooLongForOneDocumentIsCutIntoBlocksOrRefused() {
    String line = "x".repeat(1023) + "\n";
    Path file = TestFiles.text(folder.resolve("long"), line.repeat((1 << 16) + 5));
    List<Integer> lengths = new ArrayList<>();
    try (DocumentReader reader =
        new DocumentReader(TestFiles.source("", file), false, Optional.empty())) {
      read(reader, DocumentLocation.ofFile(file), text -> lengths.add(text.length()));
    }
    assertThat(lengths).hasSize((1 << 14) + 2).allMatch(length -> length <= TextCutter.BLOCK);
    try (DocumentReader reader =
        new DocumentReader(TestFiles.source("---", file), false, Optional.empty())) {
      assertThatThrownBy(() -> read(reader, DocumentLocation.ofFile(file), text -> {}))
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("more than 2^26 bytes without a corpus.document_separator '---'");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "504b0304 zip",
        "53514c69746520666f726d6174203300 SQLite",
        "255044462d312e34 PDF",
        "610062006300 UTF-16",
        "006100620063 UTF-16",
        "61000000620000006300000064000000 UTF-32",
        "6162630064 NUL"
      })
  void saysWhatIsNoText(String hex, String kind) throws IOException {
    byte[] bytes = HexFormat.of().parseHex(hex);
    assertThat(read(DocumentLocation.ofFile(Files.write(folder.resolve("odd"), bytes))))
        .singleElement()
        .asString()
        .startsWith("<")
        .contains(kind);
  }

  @Test
  void refusesATextThatIsNotWhatItsMarkSays() throws IOException {
    Path file = Files.write(folder.resolve("cut.txt"), new byte[] {-1, -2, 'a', 0, 'b'});
    assertThatThrownBy(() -> read(DocumentLocation.ofFile(file)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("cut.txt: is not the UTF-16LE that its byte order mark says");
  }

  @Test
  void goesFromArchiveToArchive() {
    for (int i = 0; i < 2; i++) {
      TestFiles.zip(folder.resolve(i + ".zip"), Map.of("a", "text " + i));
    }
    try (DocumentReader reader =
        new DocumentReader(TestFiles.source("", folder), false, Optional.empty())) {
      List<String> read = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        read(reader, new DocumentLocation(folder.resolve(i % 2 + ".zip"), "a"), read::add);
      }
      assertThat(read).containsExactly("text 0", "text 1", "text 0", "text 1");
      assertThatThrownBy(
              () -> read(reader, new DocumentLocation(folder.resolve("0.zip"), "b"), read::add))
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("0.zip!/b: is gone");
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
    assertThatThrownBy(() -> read(new DocumentLocation(archive, "a.txt")))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("a.zip!/a.txt: cannot be unpacked")
        .hasMessageContaining("checksum");
  }

  @Test
  void refusesAFileThatWentAway() {
    assertThatThrownBy(() -> read(DocumentLocation.ofFile(folder.resolve("gone.txt"))))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("gone.txt: cannot be read");
  }

  private List<String> read(String separator, boolean inBlocks, String text) {
    Path file = TestFiles.text(folder.resolve("text"), text);
    return TestFiles.read(
        TestFiles.source(separator, folder), DocumentLocation.ofFile(file), inBlocks);
  }

  private List<String> read(DocumentLocation location) {
    return TestFiles.read(TestFiles.source("", folder), location, false);
  }

  private static void read(
      DocumentReader reader, DocumentLocation location, Consumer<String> text) {
    reader.read(location, new TestFiles.Written(text));
  }
}
