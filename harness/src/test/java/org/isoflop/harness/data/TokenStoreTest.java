package org.isoflop.harness.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.data.formats.CorpusSource;
import org.isoflop.harness.data.tokenizers.ByteTokenizer;
import org.isoflop.harness.data.tokenizers.Tokenizer;
import org.isoflop.harness.data.tokenizers.Tokenizers;
import org.isoflop.harness.data.windows.Tokens;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TokenStoreTest {

  @TempDir Path folder;

  private CorpusSource source;
  private Path store;

  @BeforeEach
  void writeCorpus() {
    Stream.of("alpha", "gamma", "eta", "zeta")
        .forEach(name -> TestFiles.text(folder.resolve("in/" + name + ".txt"), name + "\n"));
    source = TestFiles.source(0.5, folder.resolve("in"));
    store = folder.resolve("made/store");
  }

  @Test
  void documentsStandByHashEachAfterASeparator() throws IOException {
    TestFiles.store(source, new ByteTokenizer(), store);
    assertThat(Files.readString(store.resolve("train-0.bin"))).isEqualTo("\0alpha\0gamma");
    assertThat(Files.readString(store.resolve("validation-0.bin"))).isEqualTo("\0zeta\0eta");
    assertThat(list(store))
        .containsExactly("corpus.json", "train-0.bin", "validation-0.bin", "validation.hashes");
  }

  @Test
  void whatWasBuiltIsOpenedAgain() {
    assertThat(TokenStore.exists(store)).isFalse();
    TokenStore built = TestFiles.store(source, new ByteTokenizer(), store);
    assertThat(TokenStore.exists(store)).isTrue();
    TokenStore opened = TokenStore.open(store);
    assertThat(all(opened.train())).isEqualTo(all(built.train()));
    assertThat(all(opened.validation())).isEqualTo(all(built.validation()));
    assertThat(opened.statistics()).isEqualTo(built.statistics());
    assertThat(opened.source()).isEqualTo(source);
    assertThat(opened.tokenizer()).isEqualTo("bytes");
    assertThat(opened.vocabulary()).isEqualTo(256);
    assertThat(opened.train().count()).isEqualTo(12);
    assertThat(opened.train().read(1, 1)).containsExactly('a');
  }

  @Test
  void aLargeVocabularyTakesFourBytesLittleEndian() throws IOException {
    TokenStore built = TestFiles.store(source, new ShiftedTokenizer(1 << 17), store);
    assertThat(Files.size(store.resolve("train-0.bin"))).isEqualTo(12 * 4);
    assertThat(Files.readAllBytes(store.resolve("train-0.bin")))
        .startsWith(0xff, 0xff, 1, 0, 'a', 0, 1, 0);
    assertThat(built.train().read(1, 0, 11)).containsExactly(0x1ffff, 0x10000 + 'a');
  }

  @Test
  void upTo65536TokensTakeTwoBytes() throws IOException {
    TokenStore built = TestFiles.store(source, new ShiftedTokenizer(1 << 16), store);
    assertThat(Files.size(store.resolve("train-0.bin"))).isEqualTo(12 * 2);
    assertThat(Files.readAllBytes(store.resolve("train-0.bin"))).startsWith(0xff, 0xff, 'a', 0x80);
    assertThat(built.train().bytesPerToken()).isEqualTo(2);
    assertThat(built.train().read(1, 0, 11)).containsExactly(0xffff, 0x8000 + 'a');
    assertThat(all(TokenStore.open(store).validation())).isEqualTo(all(built.validation()));
  }

  @Test
  void whereShardsEndMakesNoDifference() throws IOException {
    TokenStore whole = TestFiles.store(source, new ByteTokenizer(), store);
    for (int shardTokens = 1; shardTokens <= 12; shardTokens++) {
      TokenStore cut = cut(shardTokens);
      assertThat(all(cut.train())).isEqualTo(all(whole.train()));
      assertThat(all(cut.validation())).isEqualTo(all(whole.validation()));
      assertThat(cut.train().read(9, 3)).isEqualTo(whole.train().read(9, 3));
    }
  }

  @Test
  void aShardEndsWithTheDocumentThatFillsItAndEachHasItsOwnChecksum() throws IOException {
    cut(6);
    assertThat(list(store))
        .containsExactly(
            "corpus.json", "train-0.bin", "train-1.bin", "validation-0.bin", "validation.hashes");
    Path second = store.resolve("train-1.bin");
    assertThat(second).hasContent("\0gamma");
    Files.writeString(second, "\0gamut");
    assertRefused("train-1.bin: its checksum is");
    Files.delete(second);
    assertRefused("train-1.bin: cannot be mapped");
    TestFiles.store(source, new ByteTokenizer(), store);
    assertThat(list(store))
        .containsExactly("corpus.json", "train-0.bin", "validation-0.bin", "validation.hashes");
  }

  @Test
  void manyDocumentsAreWrittenInBlocks() {
    Path big = folder.resolve("big");
    for (int i = 0; i < 40; i++) {
      TestFiles.text(big.resolve(i + ".txt"), ("line " + i + "\n").repeat(20_000));
    }
    ShiftedTokenizer wide = new ShiftedTokenizer(1 << 17);
    TokenStore built = TestFiles.store(TestFiles.source(0.2, big), wide, folder.resolve("b"));
    CorpusStatistics statistics = built.statistics();
    assertThat(statistics.documents()).isEqualTo(40);
    assertThat(built.train().count())
        .isEqualTo(statistics.trainBytes() + statistics.trainDocuments());
    int[] decoded =
        IntStream.of(all(built.train()))
            .map(token -> token == wide.separator() ? 0 : token - wide.shift())
            .toArray();
    String[] documents = new String(decoded, 1, decoded.length - 1).split("\0", -1);
    assertThat(documents).hasSize((int) statistics.trainDocuments());
    assertThat(documents)
        .allSatisfy(
            text ->
                assertThat(text)
                    .isEqualTo(text.substring(0, text.indexOf('\n') + 1).repeat(20_000).strip()));
  }

  @Test
  void aHalfBuiltFolderIsBuiltAgain() throws IOException {
    Files.createDirectories(store);
    Files.writeString(store.resolve("train-0.bin"), "half");
    assertThat(TokenStore.exists(store)).isFalse();
    assertRefused("no complete token store");
    assertThat(TestFiles.store(source, new ByteTokenizer(), store).train().count()).isEqualTo(12);
  }

  @Test
  void aRefusedCorpusWritesNothingAndLeavesAnOlderStore() {
    CorpusSource wrong = TestFiles.source(0.5, folder.resolve("absent"));
    assertThatThrownBy(() -> TestFiles.store(wrong, new ByteTokenizer(), store))
        .isInstanceOf(BadInputException.class);
    assertThat(store).doesNotExist();
    TestFiles.store(source, new ByteTokenizer(), store);
    assertThatThrownBy(() -> TestFiles.store(wrong, new ByteTokenizer(), store))
        .isInstanceOf(BadInputException.class);
    assertThat(TokenStore.open(store).source()).isEqualTo(source);
  }

  @Test
  void whatWasMeasuredIsStoredWhateverBecomesOfTheCorpus() throws IOException {
    try (CorpusReading reading = TestFiles.keeping(source, new ByteTokenizer(), store)) {
      TestFiles.text(folder.resolve("in/alpha.txt"), "other\n");
      Files.delete(folder.resolve("in/gamma.txt"));
      CorpusStatistics measured = reading.statistics();
      TokenStore stored = reading.store(store, "bytes", false);
      assertThat(stored.statistics()).isEqualTo(measured);
      assertThat(Files.readString(store.resolve("train-0.bin"))).isEqualTo("\0alpha\0gamma");
      assertThat(stored.changedSince(Set.of(), TestFiles.NO_CACHE))
          .hasValueSatisfying(said -> assertThat(said).contains("(4 documents then, 3 now)"));
    }
  }

  @Test
  void whatIsKeptWhileReadingLeavesNothingBehind() throws IOException {
    TestFiles.keeping(source, new ByteTokenizer(), store).close();
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).containsExactly(folder.resolve("in"));
    }
  }

  @Test
  void knowsWhetherItsTextIsStillThere() throws IOException {
    TokenStore stored = TestFiles.store(source, new ByteTokenizer(), store);
    assertThat(stored.changedSince(Set.of(), TestFiles.NO_CACHE)).isEmpty();
    Files.setLastModifiedTime(folder.resolve("in/eta.txt"), FileTime.fromMillis(1));
    TestFiles.text(folder.resolve("in/eta again.txt"), "eta");
    assertThat(stored.changedSince(Set.of(), TestFiles.NO_CACHE))
        .as("touched, and the same text")
        .isEmpty();
    TestFiles.text(folder.resolve("in/eta.txt"), "new");
    Files.delete(folder.resolve("in/eta again.txt"));
    assertThat(stored.changedSince(Set.of(), TestFiles.NO_CACHE))
        .hasValueSatisfying(said -> assertThat(said).startsWith("The text has changed since"));
    Files.move(folder.resolve("in"), folder.resolve("away"));
    assertThat(stored.changedSince(Set.of(), TestFiles.NO_CACHE))
        .hasValueSatisfying(said -> assertThat(said).contains("can no longer be read"));
  }

  @Test
  void noFlippedBitAndNoOtherCorpusIsOpened() throws IOException {
    TestFiles.store(source, new ByteTokenizer(), store);
    for (String name : List.of("train-0.bin", "validation-0.bin")) {
      Path file = store.resolve(name);
      byte[] sound = Files.readAllBytes(file);
      byte[] flipped = sound.clone();
      flipped[3] ^= 1;
      Files.write(file, flipped);
      assertRefused(name + ": its checksum is");
      Files.write(file, sound);
    }
    TokenStore.open(store);
  }

  @Test
  void aStoreFromBeforeTextHadANameIsOpened() throws IOException {
    TestFiles.store(source, new ByteTokenizer(), store);
    Path manifest = store.resolve("corpus.json");
    String json = Files.readString(manifest);
    String before = json.replace("\"text\" : \"text\",", "");
    assertThat(before).isNotEqualTo(json);
    Files.writeString(manifest, before);
    assertThat(TokenStore.open(store).source()).isEqualTo(source);
  }

  @Test
  void refusesDamagedFiles() throws IOException {
    TestFiles.store(source, new ByteTokenizer(), store);
    Path train = store.resolve("train-0.bin");
    byte[] sound = Files.readAllBytes(train);
    Files.writeString(train, "short");
    assertRefused("train-0.bin: 5 bytes, but corpus.json says 12");
    Files.delete(train);
    assertRefused("train-0.bin: cannot be mapped");
    Files.write(train, sound);
    TokenStore.open(store);
    Path manifest = store.resolve("corpus.json");
    String json = Files.readString(manifest);
    Files.writeString(manifest, json.substring(0, json.length() / 2));
    assertRefused("corpus.json: not the manifest of a token store");
    Files.writeString(manifest, "{}");
    assertRefused("corpus.json: not the manifest of a token store");
    Files.writeString(manifest, json.replace("\"format\" : 6", "\"format\" : 1"));
    assertRefused("tokens of another version of isoflop (format 1, this one reads 6)");
    Files.writeString(manifest, json.replace("\"train_documents\" : 2", "\"train_documents\" : 3"));
    assertRefused("do not belong to one corpus");
    Files.writeString(manifest, json.replace("\"bytes_per_token\" : 1", "\"bytes_per_token\" : 3"));
    assertRefused("256 in 3 bytes per token");
    Files.writeString(manifest, json.replace("\"tokens\" : 12", "\"tokens\" : 11"));
    assertRefused("the files of a split do not add up to its tokens");
  }

  @Test
  void refusesTokenizersThatDoNotExist() {
    assertThat(Tokenizers.named("bytes")).isInstanceOf(ByteTokenizer.class);
    assertThatThrownBy(() -> Tokenizers.named("gpt-2"))
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            "corpus.tokenizer: 'gpt-2' is not a known tokenizer, use " + Tokenizers.wanted())
        .hasMessageEndingWith(" or the path of a tokenizer.json");
    assertThat(Tokenizers.wanted()).contains("bytes", "gpt2", "cl100k");
  }

  private void assertRefused(String message) {
    assertThatThrownBy(() -> TokenStore.open(store))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(message);
  }

  private TokenStore cut(int shardTokens) {
    try (CorpusReading reading = TestFiles.keeping(source, new ByteTokenizer(), store)) {
      return reading.store(store, "bytes", false, shardTokens);
    }
  }

  private static List<String> list(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static int[] all(Tokens tokens) {
    return tokens.read((int) tokens.count(), 0);
  }

  /** Bytes, moved up by half of the vocabulary, whose last token is the separator. */
  private record ShiftedTokenizer(int vocabulary) implements Tokenizer {

    @Override
    public String identity() {
      return "shifted";
    }

    @Override
    public int separator() {
      return vocabulary - 1;
    }

    int shift() {
      return vocabulary / 2;
    }

    @Override
    public void encode(byte[] document, IntConsumer tokens) {
      for (byte value : document) {
        tokens.accept(shift() + Byte.toUnsignedInt(value));
      }
    }

    @Override
    public byte[] decode(int[] tokens) {
      return new ByteTokenizer().decode(Arrays.stream(tokens).map(id -> id - shift()).toArray());
    }
  }
}
