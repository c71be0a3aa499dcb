package org.isoflop.harness.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.stream.Stream;
import org.isoflop.harness.BadInputException;
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
    assertThat(Files.readString(store.resolve("train.bin"))).isEqualTo("\0alpha\0gamma");
    assertThat(Files.readString(store.resolve("validation.bin"))).isEqualTo("\0zeta\0eta");
    try (Stream<Path> files = Files.list(store)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("train.bin", "validation.bin", "corpus.json");
    }
  }

  @Test
  void whatWasBuiltIsOpenedAgain() {
    assertThat(TokenStore.exists(store)).isFalse();
    TokenStore built = TestFiles.store(source, new ByteTokenizer(), store);
    assertThat(TokenStore.exists(store)).isTrue();
    TokenStore opened = TokenStore.open(store);
    assertThat(opened.train()).isEqualTo(built.train());
    assertThat(opened.validation()).isEqualTo(built.validation());
    assertThat(opened.statistics()).isEqualTo(built.statistics());
    assertThat(opened.source()).isEqualTo(source);
    assertThat(opened.tokenizer()).isEqualTo("bytes");
    assertThat(opened.vocabulary()).isEqualTo(256);
    assertThat(opened.train().count()).isEqualTo(12);
    assertThat(opened.train().at(1)).isEqualTo('a');
    assertThat(opened.train().buffer().isDirect()).isTrue();
  }

  @Test
  void aLargeVocabularyTakesFourBytesLittleEndian() throws IOException {
    TokenStore built = TestFiles.store(source, new WideTokenizer(), store);
    assertThat(Files.size(store.resolve("train.bin"))).isEqualTo(12 * 4);
    assertThat(Files.readAllBytes(store.resolve("train.bin")))
        .startsWith(0xff, 0xff, 1, 0, 'a', 0, 1, 0);
    assertThat(built.train().at(0)).isEqualTo(0x1ffff);
    assertThat(built.train().at(11)).isEqualTo(0x10000 + 'a');
    assertThat(built.train().buffer().order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
    assertThat(built.train().buffer().asIntBuffer().get(1)).isEqualTo(0x10000 + 'a');
  }

  @Test
  void manyDocumentsAreWrittenInBlocks() {
    Path big = folder.resolve("big");
    for (int i = 0; i < 40; i++) {
      TestFiles.text(big.resolve(i + ".txt"), ("line " + i + "\n").repeat(20_000));
    }
    TokenStore built =
        TestFiles.store(TestFiles.source(0.2, big), new WideTokenizer(), folder.resolve("b"));
    CorpusStatistics statistics = built.statistics();
    assertThat(statistics.documents()).isEqualTo(40);
    assertThat(built.train().count())
        .isEqualTo(statistics.trainBytes() + statistics.trainDocuments());
    String decoded = StandardCharsets.UTF_8.decode(decode(built.train())).toString();
    String[] documents = decoded.substring(1).split("\0", -1);
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
    Files.writeString(store.resolve("train.bin"), "half");
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
    try (CorpusReading reading =
        CorpusReading.keeping(source, new ByteTokenizer(), Set.of(), store, TestFiles.NO_CACHE)) {
      TestFiles.text(folder.resolve("in/alpha.txt"), "other\n");
      Files.delete(folder.resolve("in/gamma.txt"));
      CorpusStatistics measured = reading.statistics();
      TokenStore stored = reading.store(store);
      assertThat(stored.statistics()).isEqualTo(measured);
      assertThat(Files.readString(store.resolve("train.bin"))).isEqualTo("\0alpha\0gamma");
      assertThat(stored.changedSince(Set.of(), TestFiles.NO_CACHE))
          .hasValueSatisfying(said -> assertThat(said).contains("(4 documents then, 3 now)"));
    }
  }

  @Test
  void whatIsKeptWhileReadingLeavesNothingBehind() throws IOException {
    CorpusReading.keeping(source, new ByteTokenizer(), Set.of(), store, TestFiles.NO_CACHE).close();
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
    for (String name : List.of("train.bin", "validation.bin")) {
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
  void refusesDamagedFiles() throws IOException {
    TestFiles.store(source, new ByteTokenizer(), store);
    Path train = store.resolve("train.bin");
    byte[] sound = Files.readAllBytes(train);
    Files.writeString(train, "short");
    assertRefused("train.bin: 5 bytes, but corpus.json says 12");
    Files.delete(train);
    assertRefused("train.bin: cannot be mapped");
    Files.write(train, sound);
    TokenStore.open(store);
    Path manifest = store.resolve("corpus.json");
    String json = Files.readString(manifest);
    Files.writeString(manifest, json.substring(0, json.length() / 2));
    assertRefused("corpus.json: not the manifest of a token store");
    Files.writeString(manifest, "{}");
    assertRefused("corpus.json: not the manifest of a token store");
    Files.writeString(manifest, json.replace("\"format\" : 3", "\"format\" : 1"));
    assertRefused("tokens of another version of isoflop (format 1, this one reads 3)");
    Files.writeString(manifest, json.replace("\"train_documents\" : 2", "\"train_documents\" : 3"));
    assertRefused("do not belong to one corpus");
    Files.writeString(manifest, json.replace("\"bytes_per_token\" : 1", "\"bytes_per_token\" : 3"));
    assertRefused("256 in 3 bytes per token");
  }

  @Test
  void heldTokensAreLikeMappedOnes() {
    assertThat(Tokens.held(1, "\0alpha\0gamma".chars().toArray()))
        .isEqualTo(TestFiles.store(source, new ByteTokenizer(), store).train());
    assertThat(Tokens.held(1, 255).at(0)).isEqualTo(255);
    assertThat(Tokens.held(4, 1, 70_000).at(1)).isEqualTo(70_000);
    assertThatThrownBy(() -> new Tokens(Tokens.held(1, 1, 2).buffer(), 1, 3))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Tokens.held(2, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Tokens.held(1, 256)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void readersDoNotMoveEachOther() {
    Tokens tokens = Tokens.held(1, 7, 8, 9);
    assertThat(tokens.buffer().get()).isEqualTo((byte) 7);
    assertThat(tokens.buffer().get()).isEqualTo((byte) 7);
  }

  @Test
  void refusesTokenizersThatDoNotExist() {
    assertThat(Tokenizers.named("bytes")).isInstanceOf(ByteTokenizer.class);
    assertThatThrownBy(() -> Tokenizers.named("gpt2"))
        .isInstanceOf(BadInputException.class)
        .hasMessage("corpus: there is no tokenizer 'gpt2'; bytes would do");
  }

  private void assertRefused(String message) {
    assertThatThrownBy(() -> TokenStore.open(store))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(message);
  }

  private static ByteBuffer decode(Tokens tokens) {
    ByteBuffer text = ByteBuffer.allocate((int) tokens.count());
    for (int i = 0; i < tokens.count(); i++) {
      int token = tokens.at(i);
      text.put((byte) (token == WideTokenizer.SEPARATOR ? 0 : token - WideTokenizer.SHIFT));
    }
    return text.flip();
  }

  /** Bytes, moved up past the range of 16 bits. */
  private static class WideTokenizer implements Tokenizer {

    static final int SHIFT = 0x10000;
    static final int SEPARATOR = 0x1ffff;

    @Override
    public String name() {
      return "wide";
    }

    @Override
    public int vocabulary() {
      return SEPARATOR + 1;
    }

    @Override
    public int separator() {
      return SEPARATOR;
    }

    @Override
    public void encode(byte[] document, IntConsumer tokens) {
      for (byte value : document) {
        tokens.accept(SHIFT + Byte.toUnsignedInt(value));
      }
    }
  }
}
