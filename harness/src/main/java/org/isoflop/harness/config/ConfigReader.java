package org.isoflop.harness.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.InputFiles;

/** Reads one configuration file: text, lines, defaults, records; each failure as one line. */
final class ConfigReader {

  private static final int MOST_BYTES = 1 << 20;

  private static final String PARAMETRIZATION = "parametrization";

  private final Path file;
  private final boolean laws;

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
    JsonNode tree;
    YamlLines lines;
    try {
      lines = YamlLines.of(yaml);
      tree = ConfigMapper.tree(yaml);
      if (tree.isMissingNode() || tree.isNull()) {
        throw refused("is empty; configs/smoke.yaml shows every key");
      }
      if (!tree.isObject()) {
        throw refused("is not made of 'key: value' lines; configs/smoke.yaml shows every key");
      }
    } catch (YamlLines.KeyException e) {
      throw refused(e.line(), e.key(), e.getMessage());
    } catch (IOException e) {
      throw ConfigProblem.ofSyntax(e).in(file);
    }
    return bind((ObjectNode) tree, lines);
  }

  private SweepConfig bind(ObjectNode tree, YamlLines lines) {
    try {
      TokenizedCorpus.spellOut(tree.path("corpus"));
    } catch (TokenizedCorpus.KeyException e) {
      String path = "corpus." + e.key();
      throw refused(lines.line(path), path, e.getMessage());
    }
    require(tree, lines, "corpus", "files", "list the text files to train on");
    if (!tree.path("grid").has("cells")) {
      String use = "list the FLOPs to spend, such as [1e15, 3e15, 1e16]";
      require(tree, lines, "grid", "budgets", use);
    }
    for (String other : List.of("budgets", "sizes", "expected")) {
      alternatives(tree.path("grid"), lines, "grid", other, "cells");
    }
    JsonNode expected = tree.path("grid").path("expected");
    alternatives(expected, lines, "grid.expected", "tokens_per_param", "from");
    for (String key : Hyperparameter.KEYS) {
      JsonNode given = tree.path("training").path(key);
      for (String ofRule : List.of("rule", "multiplier")) {
        alternatives(given, lines, "training." + key, ofRule, Hyperparameter.VALUE);
      }
      for (String other : List.of("rule", Hyperparameter.VALUE)) {
        alternatives(given, lines, "training." + key, other, Hyperparameter.LAW);
      }
    }
    if (!tree.has("name")) {
      tree.put("name", file.getFileName().toString().replaceFirst("\\.[^.]*$", ""));
    }
    spellOut(tree, lines);
    fillIn(tree, defaults(tree));
    try {
      return ConfigMapper.bind(tree, SweepConfig.class);
    } catch (JsonMappingException e) {
      ConfigProblem problem = ConfigProblem.of(e, tree);
      throw refused(lines.line(problem.key()), problem.key(), problem.text());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree cannot have a syntax error", e);
    }
  }

  private void require(ObjectNode tree, YamlLines lines, String section, String key, String use) {
    JsonNode found = tree.path(section);
    if (!found.has(key) && (found.isMissingNode() || found.isObject())) {
      String path = section + "." + key;
      throw refused(lines.line(path), path, "is missing, " + use);
    }
  }

  /** Refuses two ways of saying one thing. */
  private void alternatives(
      JsonNode section, YamlLines lines, String path, String key, String other) {
    if (section.has(key) && section.has(other)) {
      String first = path + "." + key;
      throw refused(
          lines.line(first), first, "does not go with " + path + "." + other + ", use one of them");
    }
  }

  /** Makes a section of what is short for one: {@code sharing: trunk}, the folder of a law. */
  private void spellOut(ObjectNode tree, YamlLines lines) {
    spellOut(tree.path("training"), "sharing");
    spellOut(tree.path("decoder"), PARAMETRIZATION);
    for (String key : Hyperparameter.KEYS) {
      if (!(tree.path("training").path(key) instanceof ObjectNode section)) {
        continue;
      }
      if (!laws) {
        section.remove(Hyperparameter.LAW);
      } else if (section.path(Hyperparameter.LAW).isTextual()) {
        try {
          section.set(Hyperparameter.LAW, Law.read(section.get(Hyperparameter.LAW).asText(), key));
        } catch (IOException e) {
          String path = "training." + key + "." + Hyperparameter.LAW;
          throw refused(lines.line(path), path, e.getMessage());
        }
      }
    }
  }

  private static void spellOut(JsonNode section, String key) {
    JsonNode kind = section.path(key);
    if (kind.isTextual()) {
      ((ObjectNode) section).putObject(key).set("kind", kind);
    }
  }

  /** Returns the defaults of a configuration that says what it says. */
  private static ObjectNode defaults(ObjectNode given) {
    ObjectNode tree = ConfigMapper.tree(SweepConfig.of("name", List.of("file"), List.of(1.0)));
    tree.remove("name");
    ObjectNode corpus = (ObjectNode) tree.get("corpus");
    corpus.remove("files");
    if (CorpusConfig.VALIDATION_PINNED.stream().anyMatch(given.path("corpus")::has)) {
      corpus.put("validation_fraction", 0);
    }
    ObjectNode grid = (ObjectNode) tree.get("grid");
    grid.remove("budgets");
    if (given.path("grid").has("cells")) {
      grid.removeAll();
    }
    if (given.path("grid").path("expected").has("from")) {
      grid.remove("expected");
    }
    for (String key : Hyperparameter.KEYS) {
      ObjectNode section = (ObjectNode) tree.path("training").path(key);
      if (given.path("training").path(key).has(Hyperparameter.VALUE)) {
        section.remove(List.of("rule", "multiplier"));
      }
      if (given.path("training").path(key).has(Hyperparameter.LAW)) {
        section.remove("rule");
      }
    }
    if (given.path("decoder").path(PARAMETRIZATION).path("kind").asText().equals("mup")) {
      ((ObjectNode) tree.get("decoder"))
          .set(PARAMETRIZATION, ConfigMapper.tree(Parametrization.Mup.DEFAULT));
    }
    if (given.path("training").path("schedule").path("kind").asText().equals("cosine")) {
      ObjectNode training = (ObjectNode) tree.get("training");
      training.set("schedule", ConfigMapper.tree(ScheduleConfig.Cosine.DEFAULT));
      training.set("sharing", ConfigMapper.tree(Sharing.defaultFor(ScheduleConfig.Cosine.DEFAULT)));
    }
    return tree;
  }

  /** Adds what a section leaves out. */
  private static void fillIn(ObjectNode section, ObjectNode defaults) {
    for (Map.Entry<String, JsonNode> entry : defaults.properties()) {
      JsonNode given = section.get(entry.getKey());
      if (given == null) {
        section.set(entry.getKey(), entry.getValue());
      } else if (given instanceof ObjectNode inner && entry.getValue().isObject()) {
        fillIn(inner, (ObjectNode) entry.getValue());
      }
    }
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

  private BadInputException refused(int line, String key, String problem) {
    return new BadInputException(
        file + ":" + line + ": " + (key.isEmpty() ? "" : key + ": ") + problem);
  }
}
