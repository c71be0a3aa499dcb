package org.isoflop.harness.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.InputFiles;
import org.isoflop.harness.config.Checks.KeyException;

/** Reads one configuration file: text, lines, records; each failure as one line. */
final class ConfigReader {

  private static final int MOST_BYTES = 1 << 20;

  private static final Pattern NOT_FINITE =
      Pattern.compile("[-+]?\\.(inf|nan)", Pattern.CASE_INSENSITIVE);

  private final Path file;
  private final boolean laws;

  /** On which line each key stands, which Jackson forgets once it has a tree. */
  private final Map<String, Integer> lines = new HashMap<>();

  /**
   * Prepares to read.
   *
   * @param laws whether laws are read too; else rules stand in their places
   */
  ConfigReader(Path file, boolean laws) {
    this.file = file;
    this.laws = laws;
  }

  SweepConfig read() {
    String yaml = text();
    try {
      try (JsonParser parser = ConfigMapper.parser(yaml)) {
        parser.nextToken();
        walk(parser, "");
        if (parser.nextToken() != null) {
          throw at("", parser, "a second document begins here, use one file for each sweep");
        }
      }
      JsonNode tree = ConfigMapper.tree(yaml);
      if (tree.isMissingNode() || tree.isNull()) {
        throw refused("is empty; configs/smoke.yaml shows every key");
      }
      if (!(tree instanceof ObjectNode section)) {
        throw refused("is not made of 'key: value' lines; configs/smoke.yaml shows every key");
      }
      return bind(section);
    } catch (KeyException e) {
      String key = e.key().isEmpty() ? "" : e.key() + ": ";
      throw new BadInputException(file + ":" + line(e.key()) + ": " + key + e.problem());
    } catch (IOException e) {
      ConfigProblem.Syntax syntax = ConfigProblem.ofSyntax(e);
      throw new BadInputException(
          file + ":" + syntax.line() + ": is not valid YAML: " + syntax.problem());
    }
  }

  private SweepConfig bind(ObjectNode tree) throws JsonProcessingException {
    for (String section :
        List.of("corpus", "decoder", "grid", "training", "evaluation", "limits")) {
      if (!tree.has(section)) {
        tree.putObject(section); // its defaults
      }
    }
    if (!tree.has("name")) {
      tree.put("name", file.getFileName().toString().replaceFirst("\\.[^.]*$", ""));
    }
    if (tree.get("corpus") instanceof ObjectNode corpus) {
      in("corpus", () -> CorpusConfig.complete(corpus));
    }
    for (String key : Hyperparameter.KEYS) {
      if (tree.path("training").path(key) instanceof ObjectNode section) {
        in("training." + key, () -> Law.spellOut(section, key, laws));
      }
    }
    try {
      return ConfigMapper.bind(tree, SweepConfig.class);
    } catch (JsonMappingException e) {
      throw ConfigProblem.of(e, tree);
    }
  }

  private static void in(String section, Runnable work) {
    try {
      work.run();
    } catch (KeyException e) {
      throw e.in(section);
    }
  }

  private void walk(JsonParser parser, String path) throws IOException {
    if (parser.currentToken() == JsonToken.START_ARRAY) {
      for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
        enter(parser, path + "[" + i + "]", parser.currentTokenLocation().getLineNr());
      }
    } else if (parser.currentToken() == JsonToken.START_OBJECT) {
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        int line = parser.currentTokenLocation().getLineNr();
        String key = path.isEmpty() ? parser.currentName() : path + "." + parser.currentName();
        parser.nextToken();
        enter(parser, key, line);
      }
    }
  }

  /** Refuses a key that stands twice, has no value, or one that is not finite. */
  private void enter(JsonParser parser, String key, int line) throws IOException {
    Integer first = lines.put(key, line);
    if (first != null) {
      throw new KeyException(key, "stands a second time, first on line " + first);
    }
    if (parser.currentToken() == JsonToken.VALUE_NULL) {
      throw new KeyException(key, "has no value, give it one or remove it");
    }
    if (parser.currentToken() == JsonToken.VALUE_NUMBER_FLOAT
        && NOT_FINITE.matcher(parser.getText()).matches()) {
      throw new KeyException(key, "is " + parser.getText() + ", use a finite number");
    }
    walk(parser, key);
  }

  private KeyException at(String key, JsonParser parser, String problem) {
    lines.put(key, parser.currentTokenLocation().getLineNr());
    return new KeyException(key, problem);
  }

  /** Returns the line of a key such as {@code grid.budgets[1]}, or of the section it belongs in. */
  private int line(String key) {
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

  private String text() {
    try {
      if (!Files.exists(file)) {
        throw refused("there is no such file");
      }
      if (Files.isDirectory(file)) {
        throw refused("is a folder, name a YAML file");
      }
      byte[] bytes = InputFiles.read(file, MOST_BYTES);
      if (bytes.length > MOST_BYTES) {
        throw refused("is larger than 1 MiB, which no configuration is");
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw refused("is not UTF-8 text");
    } catch (IOException e) {
      throw refused("cannot be read (" + e + ")");
    }
  }

  private BadInputException refused(String problem) {
    return new BadInputException(file + ": " + problem);
  }
}
