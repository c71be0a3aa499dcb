package org.isoflop.harness.data.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.data.CorpusFiles;
import org.isoflop.harness.data.CorpusStatistics;
import org.isoflop.harness.data.TestFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Files and tar archives, compressed. */
final class CodecTest {

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void aCompressedFileIsWhatItHoldsWhateverItIsCalled(Codec codec) throws IOException {
    byte[] packed = compressed(codec, "a\r\nb\n");
    assertThat(read("x.txt." + codec, packed)).containsExactly("a\nb");
    assertThat(read("wrong.txt", packed)).containsExactly("a\nb");
    assertThat(read("plain.gz", utf8("not compressed"))).containsExactly("not compressed");
    assertThat(read("nothing.gz", compressed(codec, ""))).containsExactly("<empty>");
    assertThat(read("twice", TestFiles.compressed(codec, packed)))
        .containsExactly("<compressed twice, unpack it once>");
    assertThat(read("picture", compressed(codec, "%PDF-1.4\0")))
        .containsExactly("<PDF, extract its text>");
    assertThat(
            read(
                "pc.txt",
                TestFiles.compressed(codec, "\ufeffwide".getBytes(StandardCharsets.UTF_16LE))))
        .containsExactly("wide");
  }

  @ParameterizedTest
  @EnumSource
  void membersInARowAreOneFile(Codec codec) throws IOException {
    byte[] three =
        joined(compressed(codec, "one\n"), compressed(codec, ""), compressed(codec, "two\n"));
    assertThat(read("x", three)).containsExactly("one\ntwo");
  }

  @ParameterizedTest
  @EnumSource
  void aFileThatIsCutShortOrDamagedIsRefusedWhereverThatIs(Codec codec) throws IOException {
    Random random = new Random(1);
    byte[] text = new byte[3000];
    for (int i = 0; i < text.length; i++) {
      text[i] = (byte) ('a' + random.nextInt(26));
    }
    byte[] packed = TestFiles.compressed(codec, text);
    // Shorter ones do not show what they are.
    for (int length = 10; length < packed.length; length += 1 + packed.length / 150) {
      refused("x.gz", Arrays.copyOf(packed, length), "data are damaged or cut short");
    }
    refused("x.gz", Arrays.copyOf(packed, packed.length - 1), "data are damaged or cut short");
    byte[] flipped = packed.clone();
    flipped[packed.length / 2] ^= 0x10;
    refused("x.gz", flipped, "data are damaged or cut short");
    refused("x.gz", joined(packed, utf8("rubbish")), "data are damaged or cut short");
    refused("x.gz", new byte[0], "x.gz: has no bytes at all");
  }

  @ParameterizedTest
  @EnumSource
  void tarArchivesAreReadEntryByEntry(Codec codec) throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("./a.txt", utf8("a"));
    files.put("folder/.hidden/b.txt", utf8("b"));
    files.put("c.md", utf8("c"));
    files.put("folder/d.txt.gz", compressed(codec, "d"));
    files.put("e.txt", new byte[0]);
    files.put("f.txt", utf8("%PDF-1.4"));
    files.put("folder/" + "\u00e9".repeat(100) + "/g.txt", utf8("g"));
    byte[] tar = TestFiles.tar(files);
    List<String> all =
        List.of("a", "<hidden>", "c", "d", "<empty>", "<f.txt: PDF, extract its text>", "g");
    for (String name : List.of("x.tar", "x.tgz", "x.gz", "x.TAR.ZST", "x.tar.bz2")) {
      assertThat(read(name, TestFiles.compressed(codec, tar))).isEqualTo(all);
      assertThat(read(name, tar)).isEqualTo(all);
      assertThat(read(name, tar, "**/*.txt", "*.gz")).doesNotContain("c", "d").contains("a", "g");
    }
    assertThat(read("x.txt", tar))
        .containsExactly("<a tar archive, name it in corpus.files, as with **/*.tar>");
    byte[] packed = TestFiles.compressed(codec, tar);
    refused("x.tar", Arrays.copyOf(packed, packed.length - 20), "cut short");
    for (int length = 600; length < tar.length - 10240; length += 100) {
      refused("x.tar", Arrays.copyOf(tar, length), "cannot be unpacked");
    }
    refused("x.tar", joined(tar, tar), "something follows the end of the archive");
  }

  @Test
  void theFilesOfATarArchiveDecideWhetherTextsAreCutIntoBlocks() throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (int i = 0; i < 70; i++) {
      files.put(i + ".txt", utf8(("line " + i + "\n").repeat(1000)));
    }
    Path tar = Files.write(folder.resolve("many.tar"), TestFiles.tar(files));
    CorpusStatistics many = TestFiles.measure(TestFiles.source(0.05, tar));
    assertThat(many.documents()).isEqualTo(70);
    assertThat(many.warnings()).isEmpty();
    files.keySet().removeIf(name -> name.length() > 5);
    Path few = Files.write(folder.resolve("few.tgz"), TestFiles.tar(files));
    assertThat(TestFiles.measure(TestFiles.source(0.05, few)).warnings())
        .singleElement()
        .asString()
        .startsWith("Cut into ")
        .contains("few.tgz");
  }

  @Test
  void anArchiveOfWhichNothingIsIncludedIsSaid() throws IOException {
    Path tar = Files.write(folder.resolve("x.tar"), TestFiles.tar(Map.of("a.txt", utf8("a"))));
    CorpusSource source =
        new CorpusSource(List.of(tar.toString()), List.of("**/*.java"), "text", "", 0.5);
    assertThatThrownBy(() -> TestFiles.measure(source))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("none of the 1 documents")
        .hasMessageContaining("**/*.java");
  }

  private List<String> read(String name, byte[] bytes, String... include) throws IOException {
    Path file = Files.write(folder.resolve(name), bytes);
    CorpusSource source =
        new CorpusSource(List.of(file.toString()), List.of(include), "text", "", 0.5);
    return TestFiles.read(source, CorpusFiles.of(source, Set.of()).locations().get(0), false);
  }

  private void refused(String name, byte[] bytes, String... messages) {
    assertThatThrownBy(() -> read(name, bytes))
        .isInstanceOf(BadInputException.class)
        .hasMessageContainingAll(messages)
        .hasMessageContaining(name);
  }

  private static byte[] compressed(Codec codec, String text) {
    return TestFiles.compressed(codec, utf8(text));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] joined(byte[]... parts) throws IOException {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      whole.write(part);
    }
    return whole.toByteArray();
  }
}
