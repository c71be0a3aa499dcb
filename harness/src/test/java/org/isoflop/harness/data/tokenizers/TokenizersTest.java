package org.isoflop.harness.data.tokenizers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.data.TestFiles;
import org.isoflop.harness.data.formats.CorpusSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens beside those of the libraries that define them; see tokenizers/README.md. */
public final class TokenizersTest {

  /** Those with large vocabularies take half a second to make. */
  private static final Map<String, Tokenizer> MADE = new ConcurrentHashMap<>();

  public static final Path FILES = Path.of("src/test/resources/tokenizers");
  private static final Path BPE = FILES.resolve("bpe-512.json");
  private static final Path UNIGRAM = FILES.resolve("unigram-200.json");

  @TempDir private Path folder;

  /** Tokens as tiktoken's documentation and OpenAI's tokenizer page print them. */
  @Test
  void openAisTokenizersAreTheirs() {
    Tokenizer gpt2 = named("gpt2");
    assertThat(ids(gpt2, "hello world")).containsExactly(31373, 995);
    assertThat(ids(gpt2, "Hello world")).containsExactly(15496, 995);
    assertThat(gpt2.vocabulary()).isEqualTo(50257);
    assertThat(gpt2.separator()).isEqualTo(50256);
    assertThat(gpt2.bytesPerToken()).isEqualTo(2);
    Tokenizer cl100k = named("cl100k");
    assertThat(ids(cl100k, "hello world")).containsExactly(15339, 1917);
    assertThat(ids(cl100k, "tiktoken is great!")).containsExactly(83, 1609, 5963, 374, 2294, 0);
    assertThat(cl100k.vocabulary()).isEqualTo(100277);
    assertThat(cl100k.separator()).isEqualTo(100257);
    assertThat(cl100k.bytesPerToken()).isEqualTo(4);
  }

  /** The hashes that tiktoken's openai_public.py asks of the files it downloads. */
  @Test
  void openAisRanksAreTheOnesThatTiktokenDownloads() {
    assertThat(named("gpt2").identity())
        .isEqualTo("gpt2 sha256:306cd27f03c1a714eca7108e03d66b7dc042abe8c258b44c199a7ed9838dd930");
    assertThat(named("cl100k").identity())
        .isEqualTo(
            "cl100k sha256:223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7");
  }

  @Test
  void aFilesTokensAreThoseOfHuggingFacesLibrary() throws IOException {
    Tokenizer bpe = Tokenizers.named(BPE.toString());
    Tokenizer unigram = Tokenizers.named(UNIGRAM.toString());
    assertThat(bpe.vocabulary()).isEqualTo(512);
    assertThat(bpe.separator()).isEqualTo(0);
    assertThat(unigram.vocabulary()).isEqualTo(201);
    assertThat(unigram.separator()).isEqualTo(1);
    int compared = 0;
    for (JsonNode sample : new ObjectMapper().readTree(FILES.resolve("ids.json").toFile())) {
      String text = sample.get("text").textValue();
      assertThat(ids(bpe, text)).as(text).containsExactly(ints(sample.get("bpe")));
      if (!text.matches("(?s).*<(/s|pad|unk)>.*")) {
        assertThat(ids(unigram, text)).as(text).containsExactly(ints(sample.get("unigram")));
        compared++;
      }
    }
    assertThat(compared).isGreaterThan(10);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt2", "cl100k", "bpe-512.json", "unigram-200.json"})
  void textThatSpellsASpecialTokenIsText(String name) {
    Tokenizer tokenizer = named(name);
    for (String text :
        List.of("<|endoftext|>", "a </s> b", "</s>", "<pad></s>", "\n<|endoftext|>\n")) {
      assertThat(ids(tokenizer, text))
          .as(text)
          .hasSizeGreaterThan(1)
          .doesNotContain(tokenizer.separator());
    }
    assertThat(ids(tokenizer, "<|endoftext|>")).hasSizeGreaterThan(3);
  }

  /** The file of the unigram cuts at 16 tokens, pads to 16 and puts an end behind every text. */
  @Test
  void aDocumentIsNeitherCutNorPaddedNorEnded() {
    Tokenizer unigram = named("unigram-200.json");
    assertThat(ids(unigram, "loss")).hasSizeLessThan(10).doesNotContain(0, 1);
    assertThat(ids(unigram, "loss ".repeat(50))).hasSizeGreaterThan(100).doesNotContain(0, 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt2", "cl100k", "bpe-512.json", "unigram-200.json"})
  void bytesThatAreNotUtf8AreTheReplacementCharacter(String name) {
    Tokenizer tokenizer = named(name);
    byte[] latin1 = "caf\u00e9 au lait".getBytes(StandardCharsets.ISO_8859_1);
    assertThat(ids(tokenizer, latin1)).isEqualTo(ids(tokenizer, "caf\ufffd au lait"));
    byte[] cut = Arrays.copyOf("\u6771\u4eac".getBytes(StandardCharsets.UTF_8), 5);
    assertThat(ids(tokenizer, cut)).isEqualTo(ids(tokenizer, "\u6771\ufffd"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes", "gpt2", "cl100k", "bpe-512.json", "unigram-200.json"})
  void threadsDoNotDisturbEachOther(String name) throws IOException {
    Tokenizer tokenizer = named(name);
    byte[] text = Files.readAllBytes(FILES.resolve("text.txt"));
    List<byte[]> documents =
        IntStream.range(0, 200)
            .mapToObj(i -> Arrays.copyOfRange(text, 3 * i, 5 * i + 200))
            .toList();
    List<List<Integer>> alone =
        documents.stream().map(document -> list(ids(tokenizer, document))).toList();
    assertThat(documents.parallelStream().map(document -> list(ids(tokenizer, document))).toList())
        .isEqualTo(alone);
    assertThat(documents.stream().map(tokenizer::count))
        .isEqualTo(alone.stream().map(List::size).toList());
  }

  @Test
  void aFileIsKnownByItsContentAndNotByItsName() throws IOException {
    Path copy = Files.copy(BPE, folder.resolve("copy.json"));
    String identity = named("bpe-512.json").identity();
    assertThat(identity).matches("tokenizer.json sha256:[0-9a-f]{64}");
    assertThat(Tokenizers.named(copy.toString()).identity()).isEqualTo(identity);
    String json = Files.readString(copy);
    Files.writeString(copy, json.replace("\"use_regex\":true", "\"use_regex\":false"));
    assertThat(Tokenizers.named(copy.toString()).identity()).isNotEqualTo(identity);
  }

  @Test
  void theVocabularyReachesTheHighestIdOverGaps() throws IOException {
    String json =
        Files.readString(BPE)
            .replace(
                "\"added_tokens\":[",
                """
                "added_tokens":[{"id":700,"content":"<|pad|>","single_word":false,"lstrip":false,"rstrip":false,\
                "normalized":false,"special":true},\
                """);
    Tokenizer tokenizer =
        Tokenizers.named(Files.writeString(folder.resolve("gap.json"), json).toString());
    assertThat(tokenizer.vocabulary()).isEqualTo(701);
    assertThat(ids(tokenizer, "loss")).isEqualTo(ids(named("bpe-512.json"), "loss"));
  }

  @Test
  void whatDoesNotKeepAllOfATextIsSaid() throws IOException {
    for (String name : List.of("bytes", "gpt2", "cl100k", "bpe-512.json")) {
      assertThat(named(name).losesText()).isEmpty();
    }
    assertThat(named("unigram-200.json").losesText()).contains("NFKC, token for what is unknown");
    String bert =
        Files.readString(UNIGRAM)
            .replace(
                "{\"type\":\"NFKC\"}",
                "{\"type\":\"Sequence\",\"normalizers\":[{\"type\":\"Lowercase\"}]}");
    Path file = Files.writeString(folder.resolve("lower.json"), bert);
    assertThat(Tokenizers.named(file.toString()).losesText())
        .contains("Lowercase, token for what is unknown");
    TestFiles.text(folder.resolve("in/1"), "a model of tokens");
    TestFiles.text(folder.resolve("in/2"), "so many tokens");
    CorpusSource source = TestFiles.source(0.5, folder.resolve("in"));
    assertThat(
            TestFiles.store(source, named("unigram-200.json"), folder.resolve("store"))
                .statistics()
                .warnings())
        .anyMatch(warning -> warning.startsWith("The tokenizer does not keep all of a text (NFKC"));
  }

  static Stream<Arguments> noTokenizers() {
    return Stream.of(
        arguments("", "is no tokenizer (it has no model with a vocab)"),
        arguments("{\"model\": {\n\"vocab\": {", "is not JSON (Unexpected end-of-input"),
        arguments("[]", "is no tokenizer (it has no model with a vocab)"),
        arguments("{\"the\": 1}", "is no tokenizer (it has no model with a vocab)"),
        arguments("{\"model\": {\"vocab\": {}}}", "is no tokenizer"),
        arguments("{\"model\": {\"vocab\": {\"a\": -1}}}", "has a token with the id -1"),
        arguments("{\"model\": {\"vocab\": {\"a\": \"b\"}}}", "has a token with the id \"b\""),
        arguments("{\"model\": {\"vocab\": {\"a\": 0}}}", "(its added tokens: none); add one"),
        arguments(
            "{\"model\": {\"vocab\": {\"a\": 0}}, \"added_tokens\": [{\"id\": 1, \"content\":"
                + " \"[MASK]\"}]}",
            "has no token for the end of a text, which stands before every document (its added"
                + " tokens: [MASK])"),
        arguments(
            "{\"model\": {\"vocab\": {\"a\": 0}}, \"added_tokens\": [{\"id\": 1, \"content\":"
                + " \"</s>\"}]}",
            "Hugging Face's library cannot make a tokenizer of it ("));
  }

  @ParameterizedTest
  @MethodSource("noTokenizers")
  void refusesWhatIsNoTokenizer(String json, String message) throws IOException {
    Path file = Files.writeString(folder.resolve("it.json"), json);
    assertThatThrownBy(() -> Tokenizers.named(file.toString()))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(file + ": ")
        .hasMessageContaining(message)
        .message()
        .doesNotContain("\n");
  }

  @Test
  void refusesWhatIsNoFile() throws IOException {
    assertThatThrownBy(() -> Tokenizers.named("none.json"))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("none.json: there is no such file");
    Path directory = Files.createDirectory(folder.resolve("a.json"));
    assertThatThrownBy(() -> Tokenizers.named(directory.toString()))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("a.json: is a folder; name the tokenizer.json in it");
  }

  public static Tokenizer named(String name) {
    return MADE.computeIfAbsent(
        name, n -> Tokenizers.named(n.endsWith(".json") ? FILES.resolve(n).toString() : n));
  }

  public static int[] ids(Tokenizer tokenizer, String text) {
    return ids(tokenizer, text.getBytes(StandardCharsets.UTF_8));
  }

  public static int[] ids(Tokenizer tokenizer, byte[] document) {
    IntStream.Builder ids = IntStream.builder();
    tokenizer.encode(document, ids);
    return ids.build().toArray();
  }

  private static List<Integer> list(int[] ids) {
    return Arrays.stream(ids).boxed().toList();
  }

  private static int[] ints(JsonNode array) {
    return IntStream.range(0, array.size()).map(i -> array.get(i).intValue()).toArray();
  }
}
