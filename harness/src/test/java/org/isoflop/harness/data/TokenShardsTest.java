package org.isoflop.harness.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.data.formats.Codec;
import org.isoflop.harness.data.formats.CorpusSource;
import org.isoflop.harness.data.formats.DocumentLocation;
import org.isoflop.harness.data.formats.DocumentReader;
import org.isoflop.harness.data.formats.LeftOut;
import org.isoflop.harness.data.formats.ShardCutter;
import org.isoflop.harness.data.tokenizers.ByteTokenizer;
import org.isoflop.harness.data.tokenizers.Tokenizer;
import org.isoflop.harness.data.tokenizers.Tokenizers;
import org.isoflop.harness.data.tokenizers.TokenizersTest;
import org.isoflop.harness.data.windows.Tokens;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Token files of others, as corpora/README.md says they were made, and malformed ones. */
final class TokenShardsTest {

  private static final Path CORPORA = Path.of("src/test/resources/corpora");
  private static final Tokenizer GPT2 = TokenizersTest.named("gpt2");
  private static final Tokenizer CL100K = TokenizersTest.named("cl100k");
  private static final Tokenizer BYTES = new ByteTokenizer();

  /** What rows.json has, but for nulls. */
  private static final List<String> ROWS = new ArrayList<>();

  @TempDir private Path folder;

  @BeforeAll
  static void rows() throws IOException {
    for (JsonNode row : new ObjectMapper().readTree(CORPORA.resolve("rows.json").toFile())) {
      if (row.isTextual()) {
        ROWS.add(row.textValue());
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "nanogpt-gpt2.bin, gpt2",
    "llmc-gpt2.bin, gpt2",
    "numpy-gpt2-uint16.npy, gpt2",
    "numpy-gpt2-big-endian.npy, gpt2",
    "nanogpt-cl100k.bin, cl100k",
    "llmc-cl100k.bin, cl100k",
    "numpy-cl100k-int64-v2.npy, cl100k"
  })
  void theIdsOfOthersAreKeptAndTheirTextIsKnown(String name, String tokenizerName) {
    Tokenizer tokenizer = named(tokenizerName);
    CorpusSource source = TestFiles.source(0.5, CORPORA.resolve(name));
    List<String> ids = read(source, tokenizer, false);
    assertThat(ids)
        .isEqualTo(
            ROWS.stream()
                .filter(row -> !row.isEmpty())
                .map(row -> Arrays.toString(TokenizersTest.ids(tokenizer, row)))
                .toList());
    CorpusStatistics measured = measure(source, tokenizer);
    CorpusStatistics text =
        measure(TestFiles.source(0.5, CORPORA.resolve("datasets.jsonl")), tokenizer);
    assertThat(measured.hash()).isEqualTo(text.hash());
    assertThat(measured.validationDocuments()).isEqualTo(text.validationDocuments());
    assertThat(measured.leftOut()).isEqualTo(Map.of(LeftOut.EMPTY, 1L, LeftOut.DUPLICATE, 1L));
    assertThat(measured.warnings()).isEmpty();
  }

  /** As nanoGPT and llm.c write them, at all widths, plain, compressed and in archives. */
  @ParameterizedTest
  @ValueSource(strings = {"gpt2", "cl100k", "bytes", "bpe-512.json", "unigram-200.json"})
  void tokensOfATextAreStoredAsThatTextIs(String name) throws IOException {
    Tokenizer tokenizer = named(name);
    List<String> texts = texts(tokenizer);
    for (int i = 0; i < texts.size(); i++) {
      TestFiles.text(folder.resolve("in/" + i), texts.get(i));
    }
    Path text = stored(TestFiles.source(0.5, folder.resolve("in")), tokenizer, "text");
    int width = tokenizer.bytesPerToken();
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("behind.bin", numbers(width, tokens(tokenizer, texts, false)));
    files.put("before.bin", numbers(width, tokens(tokenizer, texts, true)));
    files.put("wider.bin", numbers(2 * width, tokens(tokenizer, texts, true)));
    files.put("widest.BIN", numbers(8, tokens(tokenizer, texts, true)));
    files.put(
        "gzip.bin.gz",
        TestFiles.compressed(Codec.GZIP, numbers(width, tokens(tokenizer, texts, true))));
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Path shard = Files.write(folder.resolve(file.getKey()), file.getValue());
      requireEqual(text, stored(TestFiles.source(0.5, shard), tokenizer, file.getKey() + ".d"));
    }
    files.keySet().removeIf(shard -> !shard.startsWith("be"));
    Path tar = Files.write(folder.resolve("all.tar"), TestFiles.tar(files));
    CorpusSource inTar =
        new CorpusSource(List.of(tar.toString()), List.of("*.bin"), "text", "", 0.5);
    requireEqual(text, stored(inTar, tokenizer, "tar.d"));
    // What is stored is readable as others' tokens are.
    requireEqual(
        text,
        stored(
            new CorpusSource(List.of(text + "/*.bin"), List.of(), "text", "", 0.5),
            tokenizer,
            "again"));
  }

  /** So many that they are encoded by several threads, and looked at only in part. */
  @Test
  void manyDocumentsInFilesThatCutOne() throws IOException {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      texts.add(("some text, number " + i + ". ").repeat(1 + i % 90).strip());
    }
    int[] ids = tokens(GPT2, texts, true);
    int half = ids.length / 2;
    Files.write(folder.resolve("0.bin"), llmC(20240520, 1, half, 2, Arrays.copyOf(ids, half)));
    Files.write(
        folder.resolve("1.bin"),
        llmC(20240520, 1, ids.length - half, 2, Arrays.copyOfRange(ids, half, ids.length)));
    CorpusSource source = new CorpusSource(List.of(folder + "/*.bin"), List.of(), "text", "", 0.5);
    TokenStore store = TestFiles.store(source, GPT2, folder.resolve("store"));
    assertThat(store.statistics().documents()).isBetween(3000L, 3001L);
    assertThat(store.train().count() + store.validation().count())
        .isBetween((long) ids.length, ids.length + 1L);
    assertThat(store.statistics().warnings()).isEmpty();
  }

  @Test
  void aFileOfOneDocumentIsCutIntoBlocksOfWholeLines() throws IOException {
    String text = Files.readString(Path.of("src/test/resources/corpora/prose/06.md")).repeat(8);
    int[] ids = TokenizersTest.ids(GPT2, text);
    Path file = Files.write(folder.resolve("train.bin"), numbers(2, ids));
    CorpusSource source = TestFiles.source(0.5, file);
    List<String> blocks = read(source, GPT2, true);
    assertThat(blocks).hasSizeBetween(2, 1 + ids.length / ShardCutter.BLOCK);
    assertThat(String.join(", ", blocks).replace("[", "").replace("]", ""))
        .isEqualTo(Arrays.toString(ids).replace("[", "").replace("]", ""));
    for (String block : blocks.subList(0, blocks.size() - 1)) {
      int[] tokens =
          Stream.of(block.substring(1, block.length() - 1).split(", ", -1))
              .mapToInt(Integer::parseInt)
              .toArray();
      assertThat(tokens).hasSizeBetween(ShardCutter.BLOCK, 2 * ShardCutter.BLOCK);
      assertThat(new String(GPT2.decode(tokens), StandardCharsets.UTF_8)).endsWith("\n");
    }
    assertThat(measure(source, GPT2).warnings())
        .singleElement()
        .asString()
        .startsWith("Cut into " + blocks.size() + " blocks of whole lines")
        .contains("train.bin; the tokenizer's end of text would cut between documents.");
    // An end of text makes no difference to one document, and two are documents.
    Files.write(
        file, numbers(2, IntStream.concat(IntStream.of(ids), IntStream.of(50256)).toArray()));
    assertThat(read(source, GPT2, true)).isEqualTo(blocks);
    assertThat(read(source, GPT2, false)).containsExactly(Arrays.toString(ids));
    ids[9] = 50256;
    Files.write(file, numbers(2, ids));
    assertThat(read(source, GPT2, true)).hasSize(2);
  }

  @Test
  void blocksWithoutLinesEndBetweenCharacters() throws IOException {
    String text = "\u6771\u4eac\u90fd\u306b\ud83d\ude00".repeat(900);
    Path file = Files.write(folder.resolve("a.bin"), numbers(2, TokenizersTest.ids(GPT2, text)));
    CorpusSource source = TestFiles.source(0.5, file);
    assertThat(read(source, GPT2, true)).hasSizeGreaterThan(3);
    assertThat(measure(source, GPT2).notUtf8()).isZero();
  }

  @Test
  void aDocumentTooLongForTheMemoryIsCut() {
    List<Integer> lengths = new ArrayList<>();
    ShardCutter cutter = new ShardCutter(BYTES, false, ids -> lengths.add(ids.length));
    for (int i = 0; i < ShardCutter.LONGEST_DOCUMENT + 5000; i++) {
      cutter.add(i % 60 == 59 ? '\n' : 'a');
    }
    cutter.add(0);
    cutter.add('a');
    assertThat(cutter.end()).isTrue();
    assertThat(lengths.stream().mapToInt(length -> length).sum())
        .isEqualTo(ShardCutter.LONGEST_DOCUMENT + 5001);
    assertThat(lengths).allMatch(length -> length < ShardCutter.BLOCK + 60).endsWith(1);
  }

  @Test
  void aTokenThatBeginsATextStandsBetweenDocumentsToo() throws IOException {
    String json =
        Files.readString(TokenizersTest.FILES.resolve("bpe-512.json"))
            .replace(
                "\"added_tokens\":[",
                """
                "added_tokens":[{"id":700,"content":"<|begin_of_text|>","single_word":false,"lstrip":false,\
                "rstrip":false,"normalized":false,"special":true},\
                """);
    Path file = Files.writeString(folder.resolve("tokenizer.json"), json);
    Tokenizer tokenizer = Tokenizers.named(file.toString());
    assertThat(tokenizer.borders()).containsExactlyInAnyOrder(0, 700);
    assertThat(tokenizer.decode(new int[] {700, 0, 600})).isEmpty();
    byte[] bytes = llmC(20240801, 7, 5, 4, new int[] {700, 65, 66, 700, 67});
    Path shard = Files.write(folder.resolve("a.bin"), bytes);
    assertThat(read(TestFiles.source(0.5, shard), tokenizer, true))
        .containsExactly("[65, 66]", "[67]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes", "gpt2", "cl100k", "bpe-512.json"})
  void whatATokenizerEncodesItDecodes(String name) throws IOException {
    Tokenizer tokenizer = named(name);
    byte[] text = Files.readAllBytes(TokenizersTest.FILES.resolve("text.txt"));
    assertThat(tokenizer.decode(TokenizersTest.ids(tokenizer, text))).isEqualTo(text);
    int[] cut = TokenizersTest.ids(tokenizer, "\u6771\u4eac\ud83d\ude00");
    byte[] decoded = new byte[0];
    for (int id : cut) {
      decoded =
          (new String(decoded, StandardCharsets.ISO_8859_1)
                  + new String(tokenizer.decode(new int[] {id}), StandardCharsets.ISO_8859_1))
              .getBytes(StandardCharsets.ISO_8859_1);
    }
    assertThat(decoded).isEqualTo("\u6771\u4eac\ud83d\ude00".getBytes(StandardCharsets.UTF_8));
    if (tokenizer.vocabulary() > 256) {
      assertThat(tokenizer.decode(new int[] {tokenizer.separator()})).isEmpty();
    }
    if (name.equals("cl100k")) {
      assertThat(tokenizer.decode(new int[] {100256, 100258, 100270, 100276})).isEmpty();
    }
  }

  @Test
  void inAFolderOnlyWhatIsAskedForIsTokens() throws IOException {
    Path shard = CORPORA.resolve("nanogpt-gpt2.bin");
    TestFiles.text(folder.resolve("in/a.txt"), "a text");
    TestFiles.text(folder.resolve("in/b.txt"), "another");
    Files.copy(shard, folder.resolve("in/weights.bin"));
    Files.write(folder.resolve("in/image.bin"), new byte[] {(byte) 0x89, 'P', 'N', 'G', 0, 0, 0});
    for (List<String> files : List.of(List.of("in"), List.of("in/*"), List.of("in", "in/*"))) {
      CorpusStatistics measured = measure(source(files, List.of()), BYTES);
      assertThat(measured.documents()).isEqualTo(2);
      assertThat(measured.leftOut()).isEqualTo(Map.of(LeftOut.BINARY, 2L));
    }
    CorpusSource included = source(List.of("in"), List.of("*.txt", "w*.{bin,npy}"));
    assertThat(measure(included, GPT2).documents()).isEqualTo(2 + 30);
    Path zip =
        TestFiles.zip(
            folder.resolve("a.zip"), Map.of("x/a.bin", "\0one\0two", "b.bin", "\0three\0one"));
    assertThatThrownBy(() -> measure(TestFiles.source(0.5, zip), BYTES))
        .hasMessageContaining("all 2 files in", "are empty or binary");
    CorpusSource entries = source(List.of("a.zip"), List.of("**/*.bin"));
    assertThat(measure(entries, BYTES).documents()).isEqualTo(3);
    // Named once is asked for, whatever else finds it.
    CorpusSource named = source(List.of("in", "in/weights.bin"), List.of());
    assertThat(measure(named, GPT2).documents()).isEqualTo(2 + 30);
    assertThat(measure(named, GPT2).leftOut()).containsEntry(LeftOut.BINARY, 1L);
    assertThatThrownBy(() -> measure(source(List.of("in/*.bin"), List.of()), GPT2))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("image.bin");
    Files.copy(shard, Files.createDirectory(folder.resolve("only")).resolve("x.bin"));
    assertThatThrownBy(() -> measure(source(List.of("only"), List.of()), GPT2))
        .hasMessageContaining(
            "if it has tokens, corpus.files or corpus.include must name *.bin or *.npy");
  }

  @Test
  void tokensTeachNoTokenizer() {
    CorpusSource source = TestFiles.source(0.5, CORPORA.resolve("nanogpt-gpt2.bin"));
    assertThatThrownBy(
            () ->
                TrainDocuments.read(
                    CorpusFiles.of(source, Set.of()), NearDuplicates.NONE, 1000, text -> {}))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("nanogpt-gpt2.bin: is asked for as tokens, which no tokenizer can");
  }

  @Test
  void idsBeyondTheVocabularyAreRefusedWithTheirPlace() throws IOException {
    int[] ids = tokens(GPT2, texts(GPT2), true);
    ids[100] = 50300;
    refused(
        numbers(2, ids), GPT2, "id 50,300 at byte 200 is beyond the vocabulary of gpt2, 50,257");
    refused(numbers(4, ids), CL100K, "not what cl100k makes of the text");
    refused(llmC(20240520, 1, ids.length, 2, ids), GPT2, "id 50,300 at byte 1,224 is beyond");
    ids[100] = -5;
    byte[] npy = npy("<i4", "(" + ids.length + ",)", numbers(4, ids));
    refused("x.npy", npy, GPT2, "id -5 at byte 528 is beyond the vocabulary of gpt2");
  }

  @ParameterizedTest
  @CsvSource({
    "nanogpt-gpt2.bin, cl100k, 'read as 32-bit ids; corpus.tokenizer (--tokenizer) names'",
    "nanogpt-gpt2.bin, bytes, ' of 757 ids looked at are not what bytes makes of the text'",
    "nanogpt-gpt2.bin, bpe-512.json, 'is beyond the vocabulary of tokenizer.json, 512 tokens'",
    "nanogpt-cl100k.bin, gpt2, 'beyond the vocabulary of gpt2'",
    "nanogpt-cl100k.bin, bytes, 'are not what bytes makes of the text'",
    "llmc-cl100k.bin, gpt2, 'id 100,257 at byte 1,024 is beyond the vocabulary of gpt2'",
    "llmc-gpt2.bin, cl100k, ' ids looked at are not what cl100k makes of the text'",
    "numpy-gpt2-uint16.npy, cl100k, ' ids looked at are not what cl100k makes of the text'"
  })
  void tokensOfAnotherTokenizerAreRefused(String name, String tokenizer, String message) {
    CorpusSource source = TestFiles.source(0.5, CORPORA.resolve(name));
    assertThatThrownBy(() -> measure(source, named(tokenizer)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(name + ": ")
        .hasMessageContaining(message);
  }

  /** nanoGPT's characters: 65 of them, the line's end first, in 16 bits. */
  @Test
  void charactersAreNotBytes() throws IOException {
    String text = Files.readString(TokenizersTest.FILES.resolve("text.txt"));
    int[] characters = text.chars().distinct().sorted().toArray();
    int[] ids = text.chars().map(c -> Arrays.binarySearch(characters, c)).toArray();
    refused(numbers(2, ids), BYTES, "are not what bytes makes of the text");
  }

  @Test
  void fewOddIdsAreSaidAndKept() throws IOException {
    List<String> texts = texts(GPT2);
    int[] ids = tokens(GPT2, texts, true);
    ids[5] = 100; // a byte of its own within a word
    Path file = Files.write(folder.resolve("a.bin"), numbers(2, ids));
    CorpusStatistics measured = measure(TestFiles.source(0.5, file), GPT2);
    assertThat(measured.documents()).isEqualTo(texts.size());
    assertThat(measured.warnings())
        .singleElement()
        .asString()
        .matches(
            "[1-3] of [\\d,]+ ids looked at are not what gpt2 makes of the text they stand"
                + " for, most in .*a\\.bin; they are trained on as they are\\.");
  }

  @Test
  void aFileThatIsCutShortOrOfAnotherKindIsRefused() throws IOException {
    int[] ids = tokens(GPT2, texts(GPT2), true);
    byte[] raw = numbers(2, ids);
    refused(Arrays.copyOf(raw, raw.length - 1), GPT2, "16-bit ids, and a part of one more");
    byte[] headed = llmC(20240520, 1, ids.length, 2, ids);
    refused(
        Arrays.copyOf(headed, headed.length - 2),
        GPT2,
        "its header says %,d ids, and it has %,d".formatted(ids.length, ids.length - 1));
    refused(Arrays.copyOf(headed, 1000), GPT2, "ends within the header of llm.c");
    refused(llmC(20240520, 1, 7, 2, ids), GPT2, "its header says 7 ids, and it has");
    refused(llmC(20240520, 2, ids.length, 2, ids), GPT2, "of llm.c in version 2 (1 is known)");
    refused(llmC(20240522, 1, ids.length, 2, ids), GPT2, "questions and answers for llm.c");
    refused(
        numbers(4, 464, 1110, 13), GPT2, "too short to tell whether its ids have 16 or 32 bits");
    byte[] swapped = raw.clone();
    for (int i = 0; i < raw.length; i++) {
      swapped[i] = raw[i ^ 1];
    }
    refused(swapped, GPT2, "gpt2");
    try (InputStream program = Tokens.class.getResourceAsStream("Tokens.class")) {
      byte[] bytes = program.readAllBytes();
      refused(Arrays.copyOf(bytes, bytes.length & ~1), GPT2, "gpt2");
      refused(Arrays.copyOf(bytes, bytes.length & ~3), CL100K, "cl100k");
      refused(bytes, BYTES, "bytes");
    }
    byte[] text = Files.readAllBytes(TokenizersTest.FILES.resolve("text.txt"));
    refused(Arrays.copyOf(text, text.length & ~1), GPT2, "gpt2");
    assertThat(
            read(
                TestFiles.source(0.5, Files.write(folder.resolve("x.bin"), numbers(2))),
                GPT2,
                false))
        .containsExactly("<empty>");
  }

  @Test
  void arraysThatAreNotIdsAreRefused() throws IOException {
    int[] ids = tokens(GPT2, texts(GPT2), true);
    byte[] raw = numbers(2, ids);
    String shape = "(" + ids.length + ",)";
    byte[] sound = npy("<u2", shape, raw);
    assertThat(
            measure(TestFiles.source(0.5, Files.write(folder.resolve("x.npy"), sound)), GPT2)
                .documents())
        .isEqualTo(texts(GPT2).size());
    refused("x.npy", npy("<u2", "(2, 220)", raw), GPT2, "an array of shape (2, 220), not of one");
    refused("x.npy", npy("<u2", "()", raw), GPT2, "an array of shape ()");
    refused("x.npy", npy("<f4", shape, raw), GPT2, "numbers of numpy's type <f4, not integers");
    refused("x.npy", npy("|b1", shape, raw), GPT2, "numbers of numpy's type |b1, not integers");
    refused("x.npy", npy("|O", shape, raw), GPT2, "numbers of numpy's type |O, not integers");
    refused("x.npy", npy("<u2", "(9999,)", raw), GPT2, "its header says 9,999 ids, and it has ");
    refused("x.npy", npy("<u2", "(9,)", raw), GPT2, "its header says 9 ids, and it has ");
    refused("x.npy", Arrays.copyOf(sound, 60), GPT2, "damaged or cut short");
    refused("x.npy", Arrays.copyOf(sound, 7), GPT2, "a .npy file of version 0, or cut short");
    refused("x.npy", raw, GPT2, "is called .npy and does not begin as such");
    byte[] later = sound.clone();
    later[6] = 4;
    refused("x.npy", later, GPT2, "a .npy file of version 4");
  }

  /** nanoGPT's train.bin and val.bin, whose split somebody else has made. */
  @Test
  void aFileOfItsOwnIsHeldOutAsItIs() throws IOException {
    List<String> texts = texts(GPT2);
    int[] train = tokens(GPT2, texts.subList(0, 20), false);
    int[] validation = tokens(GPT2, texts.subList(19, texts.size()), false);
    Path one = Files.write(folder.resolve("train.bin"), numbers(2, train));
    Path other = Files.write(folder.resolve("val.bin"), numbers(2, validation));
    CorpusSource source =
        new CorpusSource(
            List.of(one.toString()), List.of(), "text", "", 0, List.of(other.toString()), "", 0);
    TokenStore store = TestFiles.store(source, GPT2, folder.resolve("store"));
    assertThat(store.validation().count()).isEqualTo(validation.length);
    assertThat(store.statistics().validationDocuments()).isEqualTo(texts.size() - 19);
    assertThat(store.statistics().trainDocuments()).isEqualTo(19);
    // Neither is cut into blocks.
    Files.write(one, numbers(2, TokenizersTest.ids(GPT2, "a line\n".repeat(5000))));
    assertThat(measure(source, GPT2).trainDocuments()).isEqualTo(1);
  }

  @Test
  void whatATextWasEncodedToBeforeIsNotTakenForItsTokens() throws IOException {
    List<String> texts = texts(GPT2);
    Path text = TestFiles.text(folder.resolve("in/text.txt"), String.join("===", texts));
    Path store = folder.resolve("store");
    CorpusSource asText = TestFiles.source("===", text);
    CorpusReading.goingOn(
            CorpusFiles.of(asText, Set.of()),
            NearDuplicates.NONE,
            GPT2,
            store,
            TestFiles.NO_CACHE,
            CorpusReading.Progress.NONE)
        .close(); // as if cut off before it was stored
    IntStream.Builder ids = IntStream.builder();
    for (String letter : List.of("T", "h", "e")) { // in place of the first token
      GPT2.encode(letter.getBytes(StandardCharsets.UTF_8), ids);
    }
    IntStream.of(tokens(GPT2, texts, false)).skip(1).forEach(ids);
    Path shard = Files.write(folder.resolve("a.bin"), numbers(2, ids.build().toArray()));
    CorpusSource asTokens = TestFiles.source(0.5, shard);
    TokenStore fresh = TestFiles.store(asTokens, GPT2, folder.resolve("fresh"));
    for (int i = 0; i < 2; i++) {
      try (CorpusReading reading =
          CorpusReading.goingOn(
              CorpusFiles.of(asTokens, Set.of()),
              NearDuplicates.NONE,
              GPT2,
              store,
              TestFiles.NO_CACHE,
              CorpusReading.Progress.NONE)) {
        assertThat(reading.statistics().hash()).isEqualTo(fresh.statistics().hash());
        if (i == 1) { // going on with what was left
          reading.store(store, "gpt2", false);
        }
      }
    }
    requireEqual(folder.resolve("fresh"), store);
    assertThat(fresh.train().count() + fresh.validation().count())
        .isEqualTo(tokens(GPT2, texts, false).length + 2);
  }

  @Test
  void theTextOfASweepIsKnownAgainFromItsTokens() throws IOException {
    Path file = Files.write(folder.resolve("a.bin"), numbers(2, tokens(GPT2, texts(GPT2), true)));
    CorpusSource source = TestFiles.source(0.5, file);
    try (CorpusReading reading = TestFiles.keeping(source, GPT2, folder)) {
      TokenStore store = reading.store(folder.resolve("store"), "gpt2", false);
      Files.setLastModifiedTime(file, FileTime.fromMillis(0));
      assertThat(store.changedSince(Set.of(), TestFiles.NO_CACHE)).isEmpty();
      Files.write(file, numbers(2, tokens(GPT2, texts(GPT2).subList(0, 9), true)));
      assertThat(store.changedSince(Set.of(), TestFiles.NO_CACHE).orElseThrow())
          .contains("The text has changed");
    }
  }

  private static Tokenizer named(String name) {
    return switch (name) {
      case "gpt2" -> GPT2;
      case "cl100k" -> CL100K;
      default -> TokenizersTest.named(name);
    };
  }

  private CorpusSource source(List<String> files, List<String> include) {
    return new CorpusSource(
        files.stream().map(file -> folder + "/" + file).toList(), include, "text", "", 0.5);
  }

  private void refused(byte[] bytes, Tokenizer tokenizer, String message) throws IOException {
    refused("x.bin", bytes, tokenizer, message);
  }

  private void refused(String name, byte[] bytes, Tokenizer tokenizer, String message)
      throws IOException {
    CorpusSource source = TestFiles.source(0.5, Files.write(folder.resolve(name), bytes));
    assertThatThrownBy(() -> measure(source, tokenizer))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(name + ": ")
        .hasMessageContaining(message);
  }

  private static CorpusStatistics measure(CorpusSource source, Tokenizer tokenizer) {
    return CorpusReading.measure(CorpusFiles.of(source, Set.of()), tokenizer, TestFiles.NO_CACHE);
  }

  private static List<String> read(CorpusSource source, Tokenizer tokenizer, boolean inBlocks) {
    List<String> read = new ArrayList<>();
    try (DocumentReader reader = new DocumentReader(source, inBlocks, Optional.of(tokenizer))) {
      for (DocumentLocation location : CorpusFiles.of(source, Set.of()).locations()) {
        reader.read(location, new TestFiles.Written(read::add));
      }
    }
    return read;
  }

  private Path stored(CorpusSource source, Tokenizer tokenizer, String name) {
    Path store = folder.resolve(name);
    assertThat(TestFiles.store(source, tokenizer, store).statistics().notUtf8()).isZero();
    return store;
  }

  private static void requireEqual(Path store, Path other) throws IOException {
    for (String file : List.of("train-0.bin", "validation-0.bin")) {
      assertThat(store.resolve(file)).hasSameBinaryContentAs(other.resolve(file));
    }
    CorpusStatistics one = TokenStore.open(store).statistics();
    CorpusStatistics two = TokenStore.open(other).statistics();
    assertThat(two.hash()).isEqualTo(one.hash());
    assertThat(two.validationBytes()).isEqualTo(one.validationBytes());
    assertThat(two.bigramNats()).isEqualTo(one.bigramNats());
  }

  /** Distinct texts as a corpus has them, which the tokenizer makes again of their tokens. */
  private static List<String> texts(Tokenizer tokenizer) {
    return ROWS.stream()
        .map(row -> row.strip().replace("\r\n", "\n"))
        .filter(row -> !row.isEmpty())
        .filter(
            row ->
                new String(
                        tokenizer.decode(TokenizersTest.ids(tokenizer, row)),
                        StandardCharsets.UTF_8)
                    .equals(row))
        .distinct()
        .toList();
  }

  private static int[] tokens(Tokenizer tokenizer, List<String> texts, boolean before) {
    IntStream.Builder ids = IntStream.builder();
    IntConsumer add = ids;
    for (String text : texts) {
      if (before) {
        add.accept(tokenizer.separator());
      }
      tokenizer.encode(text.getBytes(StandardCharsets.UTF_8), add);
      if (!before) {
        add.accept(tokenizer.separator());
      }
    }
    return ids.build().toArray();
  }

  private static byte[] numbers(int width, int... ids) {
    ByteBuffer bytes = ByteBuffer.allocate(width * ids.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int id : ids) {
      switch (width) {
        case 1 -> bytes.put((byte) id);
        case 2 -> bytes.putShort((short) id);
        case 4 -> bytes.putInt(id);
        default -> bytes.putLong(id);
      }
    }
    return bytes.array();
  }

  private static byte[] llmC(int magic, int version, int count, int width, int[] ids) {
    return ByteBuffer.allocate(1024 + width * ids.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(magic)
        .putInt(version)
        .putInt(count)
        .position(1024)
        .put(numbers(width, ids))
        .array();
  }

  private static byte[] npy(String type, String shape, byte[] numbers) {
    String header = "{'descr': '" + type + "', 'fortran_order': False, 'shape': " + shape + ", }";
    String padded = header + " ".repeat(117 - header.length()) + "\n";
    return ByteBuffer.allocate(10 + padded.length() + numbers.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put("\u0093NUMPY\u0001\u0000".getBytes(StandardCharsets.ISO_8859_1))
        .putShort((short) padded.length())
        .put(padded.getBytes(StandardCharsets.ISO_8859_1))
        .put(numbers)
        .array();
  }
}
