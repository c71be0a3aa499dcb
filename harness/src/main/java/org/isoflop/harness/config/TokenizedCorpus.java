package org.isoflop.harness.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/**
 * A folder of {@code isoflop tokenize} in a configuration, {@code corpus: {tokens: DIR}}: what was
 * asked for when its tokens were made takes the places of the other keys, so that a sweep's own
 * configuration says it all. Where they are said as well, they must say the same.
 */
final class TokenizedCorpus {

  static final String KEY = "tokens";

  private static final String FILE = "corpus.json";
  private static final String FIRST_SHARD = "train-0.bin";
  private static final String TOKENIZER = "tokenizer";

  private static final List<String> OF_TEXT =
      List.of(
          "files",
          "include",
          "text",
          "document_separator",
          "validation_fraction",
          "validation_files",
          "validation_as_in",
          "near_duplicates");

  private TokenizedCorpus() {}

  /** Signals what is wrong with a key of the section. */
  static final class KeyException extends Exception {
    private static final long serialVersionUID = 1L;
    private final String key;

    KeyException(String key, String problem) {
      super(problem);
      this.key = key;
    }

    String key() {
      return key;
    }
  }

  /** Tells whether a folder holds tokens; a corpus.json alone may be anybody's text. */
  static boolean isAt(Path folder) {
    return Files.isRegularFile(folder.resolve(FILE))
        && Files.isRegularFile(folder.resolve(FIRST_SHARD));
  }

  /** Spells out a section that names tokens; leaves any other as it is. */
  static void spellOut(JsonNode corpus) throws KeyException {
    if (!(corpus instanceof ObjectNode section) || !section.path(KEY).isTextual()) {
      return;
    }
    String folder = section.get(KEY).asText();
    Path file;
    try {
      file = Path.of(folder).resolve(FILE);
    } catch (InvalidPathException e) {
      throw new KeyException(KEY, "'" + folder + "' is not a path (" + e.getReason() + ")");
    }
    if (!Files.isRegularFile(file)) {
      if (section.has(TOKENIZER) && section.has("files")) {
        return; // a sweep's own configuration, which needs the folder only where it has not begun
      }
      throw new KeyException(
          KEY, "there is no " + file + ", name the folder of an 'isoflop tokenize' that has ended");
    }
    JsonNode manifest;
    try {
      manifest = ConfigMapper.tree(Files.readString(file));
    } catch (JsonProcessingException e) {
      throw new KeyException(KEY, file + " is damaged (" + e.getOriginalMessage() + ")");
    } catch (IOException e) {
      throw new KeyException(KEY, file + " cannot be read (" + e + ")");
    }
    for (String key : OF_TEXT) {
      set(section, folder, key, manifest.path("source").path(key));
    }
    set(section, folder, TOKENIZER, manifest.path("tokenizer_name"));
  }

  /** Returns whether both are one value; as numbers 0 and 0.0 are. */
  private static boolean isSame(JsonNode said, JsonNode made) {
    return (said.isNumber() && made.isNumber())
        ? said.doubleValue() == made.doubleValue()
        : said.equals(made);
  }

  private static void set(ObjectNode section, String folder, String key, JsonNode made)
      throws KeyException {
    JsonNode said = section.get(key);
    if (said != null && !isSame(said, made)) {
      throw new KeyException(
          key, "is " + said + ", but the tokens of " + folder + " were made with " + made);
    }
    if (!made.isMissingNode()) { // as in a folder of an earlier version, refused when it is opened
      section.set(key, made);
    }
  }
}
