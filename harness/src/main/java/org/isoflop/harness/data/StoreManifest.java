package org.isoflop.harness.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.isoflop.harness.AtomicFiles;
import org.isoflop.harness.BadInputException;

/**
 * The file {@code corpus.json} of a token store: what its token files hold and came from. Written
 * last, so that its presence proves the store complete.
 *
 * @param format version of the store's layout
 * @param tokenizer the tokenizer's name
 * @param vocabulary how many different tokens there are
 * @param separator the token before every document
 * @param bytesPerToken width of a stored token, 1, 2 or 4
 * @param source where the text came from
 * @param listing the {@link CorpusFiles#fingerprint} of the files it was read from
 * @param statistics what it comes to; its token counts give the sizes of the token files
 * @param trainCrc32c CRC-32C of the train split's file, in hexadecimal
 * @param validationCrc32c CRC-32C of the validation split's file, in hexadecimal
 */
record StoreManifest(
    int format,
    String tokenizer,
    int vocabulary,
    int separator,
    int bytesPerToken,
    CorpusSource source,
    String listing,
    CorpusStatistics statistics,
    String trainCrc32c,
    String validationCrc32c) {

  static final int FORMAT = 3;

  static final JsonMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  StoreManifest {
    if (vocabulary < 1 || !Tokens.isWidth(bytesPerToken)) {
      throw new IllegalArgumentException(
          "a vocabulary of " + vocabulary + " in " + bytesPerToken + " bytes per token");
    }
  }

  /** Writes the file, whole or not at all. */
  void write(Path file) {
    AtomicFiles.writeText(file, out -> out.write(JSON.writeValueAsString(this) + "\n"));
  }

  /**
   * Reads the file.
   *
   * @throws BadInputException where it is missing, damaged or of another format
   */
  static StoreManifest read(Path file) {
    StoreManifest manifest;
    try {
      JsonNode json = JSON.readTree(Files.readString(file));
      int format = json.path("format").asInt();
      if (format > 0 && format != FORMAT) {
        throw BadInputException.of(
            "%s: tokens of another version of isoflop (format %d, this one reads %d); use another"
                + " folder, or delete this sweep's",
            file, format, FORMAT);
      }
      manifest = JSON.treeToValue(json, StoreManifest.class);
    } catch (JsonProcessingException e) {
      throw damaged(file, e.getOriginalMessage());
    } catch (IOException e) {
      throw BadInputException.of("%s: cannot be read (%s); build the token store again", file, e);
    }
    return manifest;
  }

  private static BadInputException damaged(Path file, String found) {
    return BadInputException.of(
        "%s: not the manifest of a token store (%s); delete it, and the store is built again",
        file, found);
  }
}
