package org.isoflop.harness.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Which line of a YAML file a key stands on, which Jackson forgets once it has a tree; on the way,
 * keys that stand twice, have no value, or one that is not finite.
 */
final class YamlLines {

  private static final Pattern NOT_FINITE =
      Pattern.compile("[-+]?\\.(inf|nan)", Pattern.CASE_INSENSITIVE);

  private final Map<String, Integer> lines = new HashMap<>();

  /** What is wrong with a key, before any of its values is looked at. */
  static final class KeyException extends Exception {

    private static final long serialVersionUID = 1L;

    private final String key;
    private final int line;

    KeyException(String key, int line, String problem) {
      super(problem);
      this.key = key;
      this.line = line;
    }

    String key() {
      return key;
    }

    int line() {
      return line;
    }
  }

  /** Walks one file; throws on the first key that is wrong whatever its section. */
  static YamlLines of(String yaml) throws IOException, KeyException {
    YamlLines result = new YamlLines();
    try (JsonParser parser = ConfigMapper.parser(yaml)) {
      parser.nextToken();
      result.walk(parser, "");
      if (parser.nextToken() != null) {
        throw new KeyException(
            "", line(parser), "a second document begins here, use one file for each sweep");
      }
    }
    return result;
  }

  /** Returns the line of a key such as {@code grid.budgets[1]}, or of the section it belongs in. */
  int line(String key) {
    String found = key;
    while (!lines.containsKey(found)) {
      int end = Math.max(found.lastIndexOf('.'), found.lastIndexOf('['));
      if (end < 0) {
        return 1;
      }
      found = found.substring(0, end);
    }
    return lines.get(found);
  }

  private void walk(JsonParser parser, String path) throws IOException, KeyException {
    if (parser.currentToken() == JsonToken.START_ARRAY) {
      for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
        enter(parser, path + "[" + i + "]", line(parser));
      }
    } else if (parser.currentToken() == JsonToken.START_OBJECT) {
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        int line = line(parser);
        String key = path.isEmpty() ? parser.currentName() : path + "." + parser.currentName();
        parser.nextToken();
        enter(parser, key, line);
      }
    }
  }

  private void enter(JsonParser parser, String key, int line) throws IOException, KeyException {
    Integer first = lines.putIfAbsent(key, line);
    if (first != null) {
      throw new KeyException(key, line, "stands a second time, first on line " + first);
    }
    if (parser.currentToken() == JsonToken.VALUE_NULL) {
      throw new KeyException(key, line, "has no value, give it one or remove it");
    }
    if (parser.currentToken() == JsonToken.VALUE_NUMBER_FLOAT
        && NOT_FINITE.matcher(parser.getText()).matches()) {
      throw new KeyException(key, line, "is " + parser.getText() + ", use a finite number");
    }
    walk(parser, key);
  }

  private static int line(JsonParser parser) {
    return parser.currentTokenLocation().getLineNr();
  }
}
