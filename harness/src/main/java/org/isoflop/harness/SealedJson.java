package org.isoflop.harness;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * JSON objects whose last field is the CRC-32C of every byte before it, so that a file cut off, or
 * with one wrong digit, is told from the one that was written.
 */
public final class SealedJson {

  /** Records as such files hold them: keys in snake case, all of them there, none null. */
  public static final JsonMapper RECORDS =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .addModule(new Jdk8Module())
          .build();

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern SEAL = Pattern.compile(",\\s*\"crc32c\" : (\\d{1,10})\\s*}\\s*$");

  /** Far more than any of ours has; what is longer is not read into memory to find out. */
  private static final long MOST_BYTES = 1 << 26;

  private SealedJson() {}

  /** Writes an object, which must not be empty, whole or not at all. */
  public static void write(Path file, ObjectNode object) {
    String json = object.toPrettyString();
    String body = json.substring(0, json.lastIndexOf('}')).stripTrailing();
    AtomicFiles.writeText(
        file, out -> out.write(body + ",\n  \"crc32c\" : " + checksum(body) + "\n}\n"));
  }

  /** Writes a record, whole or not at all. */
  public static void write(Path file, Record record) {
    write(file, RECORDS.<ObjectNode>valueToTree(record));
  }

  /**
   * Reads a record.
   *
   * @param what such a file holds, to say of one that does not: {@code it is no result: ...}
   * @throws IOException whose message says what is wrong with the file
   */
  public static <T extends Record> T read(Path file, Class<T> type, String what)
      throws IOException {
    return read(file, type, what, object -> {});
  }

  /**
   * The same.
   *
   * @param complete adds what the record has got since the file was written
   */
  public static <T extends Record> T read(
      Path file, Class<T> type, String what, Consumer<ObjectNode> complete) throws IOException {
    try {
      ObjectNode object = read(file);
      complete.accept(object);
      return RECORDS.treeToValue(object, type);
    } catch (JsonProcessingException e) {
      throw new IOException("it is no " + what + ": " + e.getOriginalMessage(), e);
    }
  }

  /**
   * Reads an object, without its checksum.
   *
   * @throws IOException whose message says what is wrong with the file
   */
  public static ObjectNode read(Path file) throws IOException {
    if (Files.size(file) > MOST_BYTES) {
      throw new IOException("it is " + Files.size(file) + " bytes long");
    }
    // Bytes that are not UTF-8 become other characters, which the checksum then does not fit.
    String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    Matcher seal = SEAL.matcher(text);
    if (!seal.find()) {
      throw new IOException(
          isObject(text)
              ? "it has no checksum, as an earlier version wrote it or somebody else"
              : "it is not whole");
    }
    String body = text.substring(0, seal.start());
    if (checksum(body) != Long.parseLong(seal.group(1))) {
      throw new IOException("its checksum does not match");
    }
    return (ObjectNode) JSON.readTree(body + "}");
  }

  private static boolean isObject(String text) {
    try {
      JsonNode json = JSON.readTree(text);
      return json != null && json.isObject();
    } catch (JsonProcessingException e) {
      return false;
    }
  }

  private static long checksum(String text) {
    CRC32C checksum = new CRC32C();
    checksum.update(text.getBytes(StandardCharsets.UTF_8));
    return checksum.getValue();
  }
}
