package org.isoflop.harness.data.tokenizers;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.Sha256;

/**
 * What a {@code tokenizer.json} says, and the same file as a corpus needs it.
 *
 * <p>Such files are written for a model's use, not for its training: they may cut long texts, pad
 * short ones, put tokens around a text, leave merges out at random, and find special tokens in it.
 * A corpus has none of that. Cutting, padding, the post-processor and dropout are taken out, and
 * the names of special tokens get a NUL before them, which no document holds; so they keep their
 * ids, and text that spells them is ordinary text.
 *
 * @param identity its SHA-256
 * @param vocabulary highest token + 1
 * @param separator the end-of-text token, the first of {@link #SEPARATORS} among its added tokens
 * @param borders the separator, and those of {@link #BEGINNINGS} that there are
 * @param plain the file for a corpus
 */
record TokenizerFile(
    String identity, int vocabulary, int separator, Set<Integer> borders, ObjectNode plain) {

  static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  /**
   * What the end of a text is called in tokenizers of GPT, Llama, T5, DeepSeek, BERT and others.
   */
  private static final List<String> SEPARATORS =
      List.of(
          "<|endoftext|>",
          "<|end_of_text|>",
          "</s>",
          "<eos>",
          "<｜end▁of▁sentence｜>",
          "<EOS_TOKEN>",
          "<|END_OF_TEXT|>",
          "[EOS]",
          "[SEP]");

  /** What begins a text in those of them that have such a token. */
  private static final Set<String> BEGINNINGS =
      Set.of("<|begin_of_text|>", "<s>", "<bos>", "<｜begin▁of▁sentence｜>", "<BOS_TOKEN>", "[CLS]");

  /** Normalizers and pre-tokenizers after which letters, accents, blanks or more are gone. */
  private static final Set<String> LOSING =
      Set.of(
          "BertNormalizer",
          "Lowercase",
          "NFKC",
          "NFKD",
          "Nmt",
          "Precompiled",
          "Strip",
          "StripAccents",
          "BertPreTokenizer",
          "CharDelimiterSplit",
          "Whitespace",
          "WhitespaceSplit");

  private static final String HIDDEN = "\0";
  private static final int MOST_NAMED = 8;

  /**
   * Reads a file.
   *
   * @throws BadInputException where it is missing, not JSON, no tokenizer, or names no end of text
   */
  static TokenizerFile read(Path path) {
    return of(content(path), path);
  }

  /**
   * Reads what a file holds, or will.
   *
   * @param path what messages call it
   * @throws BadInputException as {@link #read}
   */
  static TokenizerFile of(byte[] content, Path path) {
    JsonNode json;
    try {
      json = JSON.readTree(content);
    } catch (IOException e) {
      String why = e instanceof JsonProcessingException parsing ? where(parsing) : e.toString();
      throw BadInputException.of("%s: is not JSON (%s); name a tokenizer.json", path, why);
    }
    JsonNode vocab = json.path("model").path("vocab");
    if (!(json instanceof ObjectNode plain && json.get("model") instanceof ObjectNode model)
        || !(vocab.isObject() || vocab.isArray())
        || vocab.isEmpty()) {
      throw BadInputException.of(
          "%s: is no tokenizer (it has no model with a vocab); name a tokenizer.json as Hugging"
              + " Face's tokenizers write it, which holds merges and added tokens too",
          path);
    }
    int highest = vocab.isArray() ? vocab.size() - 1 : -1;
    if (vocab.isObject()) {
      for (JsonNode id : vocab) {
        highest = Math.max(highest, id(id, path));
      }
    }
    List<ObjectNode> added = new ArrayList<>();
    for (JsonNode token : json.path("added_tokens")) {
      if (!(token instanceof ObjectNode object) || !token.path("content").isTextual()) {
        throw BadInputException.of("%s: has an added token without content", path);
      }
      highest = Math.max(highest, id(token.path("id"), path));
      added.add(object);
    }
    ObjectNode separator = separator(added, path);
    Set<Integer> borders = new HashSet<>(Set.of(separator.get("id").intValue()));
    for (ObjectNode token : added) {
      if (token.path("special").asBoolean() || token.equals(separator)) {
        if (BEGINNINGS.contains(token.get("content").textValue())) {
          borders.add(token.get("id").intValue());
        }
        hide(token, model);
      }
    }
    for (String key : List.of("truncation", "padding", "post_processor")) {
      plain.set(key, NullNode.getInstance());
    }
    if (model.has("dropout")) {
      model.set("dropout", NullNode.getInstance());
    }
    return new TokenizerFile(
        "tokenizer.json " + Sha256.text(content),
        highest + 1,
        separator.get("id").intValue(),
        Set.copyOf(borders),
        plain);
  }

  /** Tells whether there are tokens to be found in a text before it is cut into words. */
  boolean findsTokensInText() {
    return StreamSupport.stream(plain.path("added_tokens").spliterator(), false)
        .anyMatch(token -> !token.path("content").asText().startsWith(HIDDEN));
  }

  /**
   * Returns which parts do not keep all of a text: names of them, and the token for the unknown.
   */
  Optional<String> losesText() {
    List<String> types = new ArrayList<>(plain.path("normalizer").findValuesAsText("type"));
    types.addAll(plain.path("pre_tokenizer").findValuesAsText("type"));
    JsonNode model = plain.path("model");
    boolean knowsBytes = types.contains("ByteLevel") || model.path("byte_fallback").asBoolean();
    List<String> losing = new ArrayList<>(types.stream().filter(LOSING::contains).toList());
    if (!knowsBytes && (model.path("unk_token").isTextual() || model.path("unk_id").isInt())) {
      losing.add("token for what is unknown");
    }
    return losing.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", losing));
  }

  private static byte[] content(Path path) {
    if (Files.isDirectory(path)) {
      throw BadInputException.of("%s: is a folder; name the tokenizer.json in it", path);
    }
    try {
      return Files.readAllBytes(path);
    } catch (NoSuchFileException e) {
      throw BadInputException.of(
          "%s: there is no such file; corpus.tokenizer takes %s, from the folder the command runs"
              + " in",
          path, Tokenizers.wanted());
    } catch (IOException e) {
      throw BadInputException.of("%s: cannot be read (%s)", path, e);
    }
  }

  private static String where(JsonProcessingException e) {
    return e.getOriginalMessage().lines().findFirst().orElse("")
        + (e.getLocation() == null ? "" : ", line " + e.getLocation().getLineNr());
  }

  private static int id(JsonNode id, Path path) {
    if (!id.isInt() || id.intValue() < 0 || id.intValue() == Integer.MAX_VALUE) {
      throw BadInputException.of("%s: has a token with the id %s, which is none", path, id);
    }
    return id.intValue();
  }

  private static ObjectNode separator(List<ObjectNode> added, Path path) {
    for (String name : SEPARATORS) {
      for (ObjectNode token : added) {
        if (token.get("content").textValue().equals(name)) {
          return token.deepCopy();
        }
      }
    }
    throw BadInputException.of(
        "%s: has no token for the end of a text, which stands before every document (its added"
            + " tokens: %s); add one as special token, <|endoftext|> say, and save it again",
        path,
        added.isEmpty()
            ? "none"
            : String.join(
                ", ",
                added.stream()
                    .limit(MOST_NAMED)
                    .map(token -> token.get("content").textValue())
                    .toList()));
  }

  /** Renames a token, wherever it stands, to what no document can spell. */
  private static void hide(ObjectNode token, ObjectNode model) {
    String name = token.get("content").textValue();
    String hidden = HIDDEN + name;
    token.put("content", hidden).put("normalized", false);
    if (model.get("vocab") instanceof ObjectNode vocab && vocab.has(name)) {
      vocab.set(hidden, vocab.remove(name));
    } else if (model.get("vocab") instanceof ArrayNode pieces) {
      for (JsonNode piece : pieces) {
        if (piece instanceof ArrayNode pair && pair.path(0).asText().equals(name)) {
          pair.set(0, hidden);
        }
      }
    }
    if (model.path("unk_token").asText().equals(name)) {
      model.put("unk_token", hidden);
    }
  }
}
