package org.isoflop.harness.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.Sha256;
import org.isoflop.harness.data.formats.CorpusSource;
import org.isoflop.harness.data.formats.LeftOut;
import org.isoflop.harness.data.tokenizers.ByteTokenizer;
import org.isoflop.harness.data.windows.Tokens;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is held out by name, or because an earlier corpus held it out. */
final class PinnedValidationTest {

  @TempDir private Path folder;

  private Path text;
  private Path more;
  private Path earlier;

  @BeforeEach
  void writeText() {
    text = folder.resolve("text");
    more = folder.resolve("more");
    earlier = folder.resolve("earlier");
    write(text, "Text", 60);
    write(more, "Another", 200);
  }

  private static void write(Path into, String what, int count) {
    for (int i = 0; i < count; i++) {
      TestFiles.text(into.resolve(i + ".txt"), what + " number " + i + ".\n");
    }
  }

  private static List<String> names(Path... files) {
    return List.of(files).stream().map(Path::toString).toList();
  }

  private CorpusSource asIn(Path there, String separator, Path... files) {
    return new CorpusSource(
        names(files), List.of(), "text", separator, 0, List.of(), there.toString(), 0);
  }

  private static CorpusSource heldOut(Path validation, Path... files) {
    return new CorpusSource(names(files), List.of(), "text", "", 0, names(validation), "", 0);
  }

  private static Set<String> documents(Tokens tokens) {
    int[] all = tokens.read((int) tokens.count(), 0);
    return Set.of(new String(all, 1, all.length - 1).split("\0", -1));
  }

  private static void assertRefused(CorpusSource source, String... parts) {
    assertThatThrownBy(() -> TestFiles.measure(source))
        .isInstanceOf(BadInputException.class)
        .hasMessageContainingAll(parts);
  }

  @Test
  void addedTextLeavesWhatAnEarlierCorpusHeldOutAsItWasToTheByte() throws IOException {
    TokenStore before = TestFiles.store(TestFiles.source(0.2, text), new ByteTokenizer(), earlier);
    Path grown = folder.resolve("grown");
    TokenStore after = TestFiles.store(asIn(earlier, "", more, text), new ByteTokenizer(), grown);
    for (String file : List.of("validation-0.bin", EarlierSplit.FILE)) {
      assertThat(grown.resolve(file)).hasSameBinaryContentAs(earlier.resolve(file));
    }
    assertThat(after.statistics().validationHash())
        .isEqualTo(before.statistics().validationHash())
        .isEqualTo(Sha256.hex(Files.readAllBytes(grown.resolve(EarlierSplit.FILE))));
    assertThat(after.statistics().trainDocuments())
        .isEqualTo(before.statistics().trainDocuments() + 200);
    assertThat(documents(after.train())).containsAll(documents(before.train()));
    assertThat(documents(after.train()))
        .doesNotContainAnyElementsOf(documents(before.validation()));

    write(folder.resolve("yet"), "Yet another", 30);
    Path again = folder.resolve("again");
    TestFiles.store(asIn(grown, "", text, folder.resolve("yet"), more), new ByteTokenizer(), again);
    assertThat(again.resolve("validation-0.bin"))
        .as("as in one that was itself as in another")
        .hasSameBinaryContentAs(earlier.resolve("validation-0.bin"));
  }

  /** The order in which token files are written is that of the hashes, on either side. */
  @Test
  void eachSideStaysInTheOrderOfItsHashes() throws IOException {
    TestFiles.store(TestFiles.source(0.2, text), new ByteTokenizer(), earlier);
    TokenStore after =
        TestFiles.store(asIn(earlier, "", text, more), new ByteTokenizer(), folder.resolve("b"));
    for (Tokens side : List.of(after.train(), after.validation())) {
      int[] all = side.read((int) side.count(), 0);
      List<ContentHash> hashes = new ArrayList<>();
      for (String document : new String(all, 1, all.length - 1).split("\0", -1)) {
        hashes.add(ContentHash.of(document.getBytes(StandardCharsets.UTF_8)));
      }
      assertThat(hashes).isSorted();
    }
  }

  @Test
  void textThatWasCutIntoBlocksIsCutAgain() throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 9000; i++) {
      lines.append("line ").append(i * i).append('\n');
    }
    Path one = TestFiles.text(folder.resolve("one.txt"), lines.toString());
    TokenStore before = TestFiles.store(TestFiles.source(0.2, one), new ByteTokenizer(), earlier);
    assertThat(before.statistics().documents()).isGreaterThan(10);
    Path grown = folder.resolve("grown");
    TestFiles.store(asIn(earlier, "", one, more), new ByteTokenizer(), grown);
    assertThat(grown.resolve("validation-0.bin"))
        .hasSameBinaryContentAs(earlier.resolve("validation-0.bin"));
  }

  @Test
  void whatIsNoLongerInTheTextIsRefusedWithItsNumber() throws IOException {
    TokenStore before = TestFiles.store(TestFiles.source(0.2, text), new ByteTokenizer(), earlier);
    long held = before.statistics().validationDocuments();
    String gone = documents(before.validation()).iterator().next();
    for (int i = 0; i < 60; i++) {
      if (Files.readString(text.resolve(i + ".txt")).strip().equals(gone)) {
        TestFiles.text(text.resolve(i + ".txt"), gone + " Changed.");
      }
    }
    assertRefused(
        asIn(earlier, "", text, more),
        "corpus: 1 of the "
            + held
            + " documents that "
            + earlier
            + " holds out are not in the text",
        "such as the one that begins \"" + gone + "\", whose SHA-256 is ",
        ContentHash.of(gone.getBytes(StandardCharsets.UTF_8)).toString());
    assertRefused(
        asIn(earlier, "number", text),
        held + " of the " + held + " documents",
        "cut as there (document_separator: '')");
    TestFiles.text(text.resolve("back.txt"), gone);
    assertThat(TestFiles.measure(asIn(earlier, "", text, more)).validationHash())
        .isEqualTo(before.statistics().validationHash());
  }

  @Test
  void anEarlierCorpusThatIsNoneIsRefused() throws IOException {
    assertRefused(
        asIn(earlier, "", text), "validation_as_in: there is no corpus.json in", "earlier");
    assertRefused(
        new CorpusSource(names(text), List.of(), "text", "", 0, List.of(), "a\0b", 0),
        "validation_as_in: 'a\0b' is not a path");
    TestFiles.store(TestFiles.source(0.2, text), new ByteTokenizer(), earlier);
    assertRefused(asIn(earlier, "", more), "holds out are not in the text");
    byte[] hashes = Files.readAllBytes(earlier.resolve(EarlierSplit.FILE));
    hashes[5] ^= 1;
    Files.write(earlier.resolve(EarlierSplit.FILE), hashes);
    assertRefused(
        asIn(earlier, "", text), EarlierSplit.FILE + ": its SHA-256 is ", "make the tokens");
    Files.delete(earlier.resolve(EarlierSplit.FILE));
    assertRefused(asIn(earlier, "", text), EarlierSplit.FILE + ": cannot be read");
    Path manifest = earlier.resolve(TokenStore.MANIFEST);
    Files.writeString(
        manifest, Files.readString(manifest).replace("\"format\" : 6", "\"format\" : 5"));
    assertRefused(asIn(earlier, "", text), "tokens of another version of isoflop (format 5");
  }

  /** A sweep whose tokens are gone must not take another split for its own. */
  @Test
  void whatChangesTheSplitChangesWhatIsKnownOfTheText() throws IOException {
    TestFiles.store(TestFiles.source(0.2, text), new ByteTokenizer(), earlier);
    CorpusSource source = asIn(earlier, "", text, more);
    TokenStore stored = TestFiles.store(source, new ByteTokenizer(), folder.resolve("stored"));
    assertThat(stored.changedSince(Set.of(), TestFiles.NO_CACHE)).isEmpty();
    TestFiles.store(TestFiles.source(0.3, text), new ByteTokenizer(), earlier);
    assertThat(stored.changedSince(Set.of(), TestFiles.NO_CACHE))
        .hasValueSatisfying(
            said -> assertThat(said).startsWith("What is held out has changed since"));
  }

  @Test
  void filesOfTheirOwnAreHeldOutAndNothingOfThemIsTrainedOn() throws IOException {
    Path validation = TestFiles.text(folder.resolve("val/a.txt"), "Text number 3.\r\n\n");
    TestFiles.text(folder.resolve("val/b.txt"), "Only here.");
    TestFiles.text(folder.resolve("val/c.txt"), "Only here.  \n");
    CorpusSource source = heldOut(folder.resolve("val"), text, folder.resolve("val"));
    TokenStore stored = TestFiles.store(source, new ByteTokenizer(), folder.resolve("stored"));
    assertThat(documents(stored.validation()))
        .containsExactlyInAnyOrder("Text number 3.", "Only here.");
    assertThat(documents(stored.train())).hasSize(59).doesNotContain("Text number 3.");
    assertThat(stored.statistics().leftOut()).containsOnlyKeys(LeftOut.DUPLICATE);
    assertThat(stored.statistics().leftOut()).containsEntry(LeftOut.DUPLICATE, 2L);

    List<String> learnedFrom = new ArrayList<>();
    TrainDocuments.read(
        CorpusFiles.of(source, Set.of()),
        NearDuplicates.NONE,
        Long.MAX_VALUE,
        bytes -> learnedFrom.add(new String(bytes, StandardCharsets.UTF_8)));
    assertThat(learnedFrom).containsExactlyInAnyOrderElementsOf(documents(stored.train()));

    CorpusStatistics one = TestFiles.measure(heldOut(validation, text.resolve("4.txt")));
    assertThat(one.documents()).as("a file for each side is enough").isEqualTo(2);
  }

  @Test
  void filesThatHoldNothingOutOrEverythingAreRefused() {
    Path empty = TestFiles.text(folder.resolve("empty.txt"), " \n");
    Path binary = TestFiles.text(folder.resolve("binary.txt"), "a\0b");
    assertRefused(heldOut(empty, text), "nothing in validation_files", "empty.txt");
    assertRefused(heldOut(binary, text), "nothing in validation_files", "such as", "binary.txt");
    assertRefused(heldOut(folder.resolve("absent"), text), "absent' does not exist");
    assertRefused(heldOut(text, text), "that is not of validation_files");
    Path copy = folder.resolve("copy");
    write(copy, "Text", 60);
    assertRefused(heldOut(copy, text), "all text in ", " is held out by validation_files");
    TestFiles.store(heldOut(text, more), new ByteTokenizer(), earlier);
    assertRefused(asIn(earlier, "", text), "is held out by validation_as_in");
  }

  @Test
  void oneWayOfHoldingOutIsEnough() {
    assertThatThrownBy(
            () -> new CorpusSource(List.of("a"), List.of(), "text", "", 0.1, List.of("b"), "", 0))
        .hasMessageContaining("validation_fraction is 0.1; validation_files or validation_as_in");
    assertThatThrownBy(
            () -> new CorpusSource(List.of("a"), List.of(), "text", "", 0, List.of("b"), "c", 0))
        .hasMessageContaining("validation_files does not go with validation_as_in");
  }
}
