package org.isoflop.harness.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A configuration for a person to go on from: what it sets, each key below its words, and a few
 * keys that it leaves at their defaults, commented out. The words are those of the records, which
 * the schema of the configuration carries.
 */
public final class CommentedYaml {

  /** The schema's file, beside this class, and in {@code configs/} for editors. */
  public static final String SCHEMA_FILE = "sweep.schema.json";

  private static final int COLUMNS = 100;

  /** Keys that a person looks for first, whatever they are set to. */
  private static final Set<String> SHOWN =
      Set.of(
          "decoder.context",
          "grid.sizes.per_budget",
          "grid.sizes.span",
          "training.seeds",
          "limits.epochs");

  /** Keys that stand there commented out, where they are not set. */
  private static final Set<String> OFFERED =
      Set.of(
          "corpus.include",
          "corpus.text",
          "corpus.tokenizer",
          "training.learning_rate",
          "training.batch_tokens");

  private static final JsonNode SCHEMA = schema();

  private final boolean all;
  private final List<String> lines = new ArrayList<>();
  private boolean setsAnything;

  private CommentedYaml(boolean all) {
    this.all = all;
  }

  /**
   * Returns the YAML, which reads back as an equal configuration from a file of its name.
   *
   * @param head lines of a comment at the top
   */
  public static String of(SweepConfig config, List<String> head) {
    ObjectNode set = ConfigMapper.tree(config);
    set.remove("name");
    if (!config.corpus().tokens().isEmpty()) {
      ((ObjectNode) set.get("corpus")).retain("tokens"); // which says the rest
    }
    ObjectNode defaults = ConfigMapper.tree(SweepConfig.of("name", List.of("file"), List.of(1.0)));
    ((ObjectNode) defaults.get("corpus")).remove("files");
    ((ObjectNode) defaults.get("grid")).remove("budgets");
    return new CommentedYaml(false).text(head, set, defaults, SCHEMA);
  }

  /** Returns the YAML of every key that a schema knows, commented out where it is not set. */
  static String ofAll(SweepConfig config, List<String> head, JsonNode schema) {
    JsonNode none = MissingNode.getInstance();
    return new CommentedYaml(true).text(head, ConfigMapper.tree(config), none, schema);
  }

  private String text(List<String> head, JsonNode set, JsonNode defaults, JsonNode schema) {
    head.forEach(line -> lines.add(("# " + line).strip()));
    section(set, defaults, schema, "", "");
    return String.join("\n", lines) + "\n";
  }

  private void section(
      JsonNode set, JsonNode defaults, JsonNode schema, String path, String indent) {
    for (Map.Entry<String, JsonNode> entry : keys(schema).entrySet()) {
      String name = entry.getKey();
      JsonNode said = entry.getValue();
      String key = path.isEmpty() ? name : path + "." + name;
      JsonNode value = set.path(name);
      JsonNode usual = defaults.path(name);
      boolean given = SHOWN.contains(key) || !value.equals(usual);
      boolean offered = !all && OFFERED.contains(key);
      if (value.isObject() && !offered) {
        CommentedYaml inner = new CommentedYaml(all);
        inner.section(value, usual, said, key, indent + "  ");
        if (inner.setsAnything) {
          begin(said, indent);
          lines.add(indent + name + ":");
          lines.addAll(inner.lines);
          setsAnything = true;
        }
      } else if (!value.isMissingNode() && (given || offered)) {
        begin(said, indent);
        lines.add(indent + (given ? "" : "# ") + name + ": " + flow(value));
        setsAnything |= given;
      } else if (all && said.has("description")) {
        words(said, indent);
        JsonNode example = said.path("examples").path(0);
        boolean list = example.isMissingNode() && said.has("items");
        lines.add(
            indent
                + "# "
                + name
                + (list
                    ? ":"
                    : ": " + flow(example.isMissingNode() ? said.path("default") : example)));
        if (list) {
          section(example, example, said.get("items"), key, indent + "  ");
        }
      }
    }
  }

  /** Writes a key's words; between sections of the whole there is room. */
  private void begin(JsonNode schema, String indent) {
    if (indent.isEmpty()) {
      lines.add("");
    }
    words(schema, indent);
  }

  /** Writes a key's words, broken between them; what begins a line in them begins one here. */
  private void words(JsonNode schema, String indent) {
    String begin = indent + "# ";
    for (String text : schema.path("description").asText().lines().toList()) {
      StringBuilder line = new StringBuilder(begin);
      for (String word : text.split(" +", -1)) {
        if (line.length() > begin.length() && line.length() + word.length() > COLUMNS) {
          lines.add(line.toString().stripTrailing());
          line = new StringBuilder(begin);
        }
        line.append(word).append(' ');
      }
      lines.add(line.toString().stripTrailing());
      begin = indent + "#   ";
    }
  }

  private static String flow(JsonNode value) {
    return ConfigMapper.flow(
        value, word -> ConfigMapper.isWord(word) ? word : TextNode.valueOf(word).toString());
  }

  /** Returns what the schema says of a section's keys, whichever form of it has them. */
  private static Map<String, JsonNode> keys(JsonNode schema) {
    Map<String, JsonNode> keys = new LinkedHashMap<>();
    schema.path("properties").properties().forEach(e -> keys.put(e.getKey(), e.getValue()));
    schema.path("anyOf").forEach(form -> keys(form).forEach(keys::putIfAbsent));
    return keys;
  }

  private static JsonNode schema() {
    try (InputStream in = CommentedYaml.class.getResourceAsStream(SCHEMA_FILE)) {
      return new JsonMapper().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException("the program's own schema cannot be read", e);
    }
  }
}
