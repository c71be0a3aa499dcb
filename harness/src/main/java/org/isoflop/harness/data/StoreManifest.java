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
import java.util.List;
import org.isoflop.harness.AtomicFiles;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.data.formats.CorpusSource;
import org.isoflop.harness.data.formats.TextCutter;
import org.isoflop.harness.data.windows.Tokens;

/**
 * The file {@code corpus.json} of a token store: what its token files hold and came from. Written
 * last, so that its presence proves the store complete.
 *
 * @param format version of the store's layout
 * @param tokenizer the tokenizer's identity
 * @param tokenizerName what a configuration calls it
 * @param vocabulary the tokenizer's highest token + 1
 * @param separator the token before every document
 * @param bytesPerToken width of a stored token, 1, 2 or 4
 * @param source where the text came from
 * @param inputs the files that it was read from, where somebody asked for them
 * @param inBlocks whether texts were cut into blocks, see {@link TextCutter}
 * @param listing the {@link CorpusFiles#fingerprint} of the files it was read from
 * @param statistics what it comes to
 * @param train the files of the train split, in order
 * @param validation the files of the validation split, in order
 */
record StoreManifest(
    int format,
    String tokenizer,
    String tokenizerName,
    int vocabulary,
    int separator,
    int bytesPerToken,
    CorpusSource source,
    List<CorpusInput> inputs,
    boolean inBlocks,
    String listing,
    CorpusStatistics statistics,
    List<Shard> train,
    List<Shard> validation) {

  static final int FORMAT = 6;

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
    inputs = List.copyOf(inputs);
    train = List.copyOf(train);
    validation = List.copyOf(validation);
    if (tokens(train) != statistics.trainTokens()
        || tokens(validation) != statistics.validationTokens()) {
      throw new IllegalArgumentException("the files of a split do not add up to its tokens");
    }
  }

  /**
   * One file of a split.
   *
   * @param tokens how many it holds
   * @param crc32c its CRC-32C, in hexadecimal
   */
  record Shard(long tokens, String crc32c) {}

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
            "%s: tokens of another version of isoflop (format %d, this one reads %d); a sweep makes"
                + " its own again once their folder is deleted, 'isoflop tokenize --force' others",
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

  private static long tokens(List<Shard> split) {
    return split.stream().mapToLong(Shard::tokens).sum();
  }

  private static BadInputException damaged(Path file, String found) {
    return BadInputException.of(
        "%s: not the manifest of a token store (%s); delete it, and the store is built again",
        file, found);
  }
}
