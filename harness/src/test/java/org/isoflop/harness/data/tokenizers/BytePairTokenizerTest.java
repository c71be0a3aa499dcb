package org.isoflop.harness.data.tokenizers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.isoflop.harness.data.tokenizers.TokenizersTest.FILES;
import static org.isoflop.harness.data.tokenizers.TokenizersTest.ids;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Byte pairs beside the libraries whose tokens they must be: Hugging Face's and jtokkit. */
final class BytePairTokenizerTest {

  private static final Path BPE = FILES.resolve("bpe-512.json");
  private static final ObjectMapper JSON = new ObjectMapper();

  /** As tiktoken's openai_public.py has it, in the words of Hugging Face's library. */
  private static final String GPT4 =
      """
      {"type": "Sequence", "pretokenizers": [
        {"type": "Split", "behavior": "Isolated", "invert": false, "pattern": {"Regex":
          "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\\\r\\\\n\\\\p{L}\\\\p{N}]?\\\\p{L}+|\\\\p{N}{1,3}| ?[^\\\\s\\\\p{L}\\\\p{N}]+[\\\\r\\\\n]*|\\\\s*[\\\\r\\\\n]+|\\\\s+(?!\\\\S)|\\\\s+"}},
        {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": false}]}
      """;

  @TempDir private Path folder;

  @Test
  void tokensAreThoseOfHuggingFacesLibrary() throws IOException {
    TokenizerFile file = TokenizerFile.read(BPE);
    Tokenizer ours = BytePairTokenizer.of(file).orElseThrow();
    Tokenizer theirs = JsonTokenizer.of(file, BPE);
    for (String text : texts()) {
      assertThat(ids(ours, text)).as(text).isEqualTo(ids(theirs, text));
    }
  }

  @ParameterizedTest
  @CsvSource({"gpt2, R50K_BASE", "cl100k, CL100K_BASE"})
  void openAisTokensAreThoseOfJtokkit(String name, EncodingType type) throws IOException {
    Tokenizer ours = TokenizersTest.named(name);
    Encoding theirs = Encodings.newLazyEncodingRegistry().getEncoding(type);
    for (String text : texts()) {
      assertThat(ids(ours, text)).as(text).isEqualTo(theirs.encodeOrdinary(text).toArray());
    }
  }

  /**
   * In this vocabulary "a", a blank, "1" and "." merge with any byte, so that tokens tell where
   * words end: whether a character is a letter, a number, white space or none of these.
   */
  @ParameterizedTest
  @EnumSource
  void wordsEndWhereHuggingFacesLibraryEndsThem(ByteLevel.Pattern pattern) throws IOException {
    Path path = folder.resolve("borders.json");
    ObjectNode json = borders();
    if (pattern == ByteLevel.Pattern.GPT4) {
      json.set("pre_tokenizer", JSON.readTree(GPT4));
    }
    JSON.writeValue(path.toFile(), json);
    TokenizerFile file = TokenizerFile.read(path);
    Tokenizer ours = BytePairTokenizer.of(file, pattern).orElseThrow();
    Tokenizer theirs = JsonTokenizer.of(file, path);
    for (String text : texts()) {
      assertThat(ids(ours, text)).as(text).isEqualTo(ids(theirs, text));
    }
    int[] characters =
        IntStream.rangeClosed(1, Character.MAX_CODE_POINT)
            .filter(c -> c < 0x3100 || c % 41 == 0 || (c >= 0x31350 && c < 0x323c0 && c % 7 == 0))
            .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE)
            .toArray();
    assertThat(characters).hasSizeGreaterThan(35_000);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < characters.length; i++) {
      String character = Character.toString(characters[i]);
      text.append("a" + character + "1" + character + " " + character + character + ".");
      if (i % 100 == 99 || i == characters.length - 1) {
        assertThat(ids(ours, text.toString()))
            .as("up to %x", characters[i])
            .isEqualTo(ids(theirs, text.toString()));
        text.setLength(0);
      }
    }
  }

  /** By hand: of (b, c), (a, b), (a, a), in this order, the first possible merges first. */
  @Test
  void theLowestRankMergesFirstAndTheLeftmostOfEquals() throws IOException {
    ObjectNode json = plain();
    ObjectNode vocab = (ObjectNode) json.at("/model/vocab");
    ArrayNode merges = ((ObjectNode) json.get("model")).putArray("merges");
    for (String pair : List.of("b c", "a b", "a a")) {
      merges.add(pair);
      vocab.put(pair.replace(" ", ""), vocab.size());
    }
    Path path = folder.resolve("hand.json");
    JSON.writeValue(path.toFile(), json);
    Tokenizer tokenizer = Tokenizers.named(path.toString());
    assertThat(tokenizer).isInstanceOf(BytePairTokenizer.class);
    int a = vocab.get("a").intValue();
    int bc = vocab.get("bc").intValue();
    int ab = vocab.get("ab").intValue();
    int aa = vocab.get("aa").intValue();
    assertThat(ids(tokenizer, "abc")).containsExactly(a, bc);
    assertThat(ids(tokenizer, "ababc")).containsExactly(ab, a, bc);
    assertThat(ids(tokenizer, "aaa")).containsExactly(aa, a);
    assertThat(ids(tokenizer, "aab")).containsExactly(a, ab);
    // Long words take another way.
    assertThat(ids(tokenizer, "a".repeat(301)))
        .containsExactly(IntStream.range(0, 151).map(i -> i < 150 ? aa : a).toArray());
    assertThat(ids(tokenizer, "ababc".repeat(100)).length).isEqualTo(300);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "/normalizer | {\"type\": \"Lowercase\"}",
        "/pre_tokenizer/add_prefix_space | true",
        "/pre_tokenizer/use_regex | false",
        "/pre_tokenizer/type | \"Whitespace\"",
        "/model/ignore_merges | true",
        "/model/byte_fallback | true",
        "/model/continuing_subword_prefix | \"##\"",
        "/model/end_of_word_suffix | \"</w>\"",
        "/model/vocab/b | null",
        "/model/merges/0 | [\"t\", \"\\u00ff\\u00ff\"]",
        "/added_tokens/0 | {\"id\": 5, \"content\": \"x\", \"special\": false}",
      })
  void whatAsksForMoreIsLeftToTheLibrary(String place, String value) throws IOException {
    ObjectNode json = (ObjectNode) JSON.readTree(BPE.toFile());
    ((ArrayNode) json.get("added_tokens")).insert(0, json.at("/added_tokens/0").deepCopy());
    int slash = place.lastIndexOf('/');
    String key = place.substring(slash + 1);
    if (json.at(place.substring(0, slash)) instanceof ArrayNode array) {
      array.set(Integer.parseInt(key), JSON.readTree(value));
    } else {
      ObjectNode object = (ObjectNode) json.at(place.substring(0, slash));
      object.set(key, JSON.readTree(value));
      if (value.equals("null")) {
        object.remove(key);
      }
    }
    Path path = folder.resolve("more.json");
    JSON.writeValue(path.toFile(), json);
    assertThat(BytePairTokenizer.of(TokenizerFile.read(path))).isEmpty();
    assertThat(BytePairTokenizer.of(TokenizerFile.read(BPE))).isPresent();
  }

  /** Returns real text and pieces of it in another order, with and without blanks between them. */
  private static List<String> texts() throws IOException {
    String text = Files.readString(FILES.resolve("text.txt"));
    List<String> texts = new ArrayList<>(List.of(text, text.replaceAll("\\P{L}", "")));
    Random random = new Random(7);
    List<String> between =
        List.of(
            "", "", " ", "  ", "\n", " \r\n ", "'", "\t ", "\u3000", "'ll", "'VE", "'\u017f", "9",
            "2026");
    for (int i = 0; i < 300; i++) {
      StringBuilder mixed = new StringBuilder();
      for (int piece = 0; piece < 30; piece++) {
        int start = random.nextInt(text.length() - 12);
        mixed
            .append(text, start, start + random.nextInt(12))
            .append(between.get(random.nextInt(between.size())));
      }
      texts.add(mixed.toString());
    }
    return texts;
  }

  private static ObjectNode plain() throws IOException {
    ObjectNode json = (ObjectNode) JSON.readTree(BPE.toFile());
    ObjectNode model = (ObjectNode) json.get("model");
    ObjectNode vocab = model.putObject("vocab");
    vocab.put("<|endoftext|>", 0);
    ByteLevel.letters().forEach(letter -> vocab.put(Character.toString(letter), vocab.size()));
    model.putArray("merges");
    return json;
  }

  private static ObjectNode borders() throws IOException {
    ObjectNode json = plain();
    ObjectNode vocab = (ObjectNode) json.at("/model/vocab");
    ArrayNode merges = (ArrayNode) json.at("/model/merges");
    for (int border : new int[] {'a', ' ', '1', '.'}) {
      String letter = String.valueOf(ByteLevel.letter(border));
      ByteLevel.letters()
          .mapToObj(Character::toString)
          .forEach(
              other -> {
                boolean before = border == 'a' || border == ' ';
                String left = before ? letter : other;
                String right = before ? other : letter;
                if (!vocab.has(left + right)) {
                  vocab.put(left + right, vocab.size());
                  merges.addArray().add(left).add(right);
                }
              });
    }
    return json;
  }
}
