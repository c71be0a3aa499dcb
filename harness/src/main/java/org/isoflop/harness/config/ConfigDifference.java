package org.isoflop.harness.config;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.isoflop.harness.Quantities;
import org.isoflop.models.DecoderConfig;

/**
 * A key on which two configurations ask for different experiments.
 *
 * @param key its path, such as {@code grid.budgets}
 * @param then its value in the one, as YAML spells it
 * @param now its value in the other
 */
public record ConfigDifference(String key, String then, String now) {

  /**
   * What a sweep is called, how it is computed and looked at on the way, what it may cost: none of
   * it changes a number.
   */
  private static final Set<String> NO_PART_OF_THE_EXPERIMENT =
      Set.of(
          "name",
          "training.micro_batch_tokens",
          "training.sharing.tolerance",
          "training.sharing.verify",
          "training.control",
          "evaluation.every",
          "limits");

  private static final JsonPointer SHAPES = JsonPointer.compile("/decoder/shapes");

  /** Returns whether it asks for other cells, which takes nothing from those trained already. */
  public boolean isOfCells() {
    return key.startsWith("grid.");
  }

  /** Returns the keys on which two configurations differ, in the order of the file. */
  static List<ConfigDifference> between(SweepConfig then, SweepConfig now) {
    List<ConfigDifference> found = new ArrayList<>();
    ObjectNode before = withoutRepeats(then);
    ObjectNode after = withoutRepeats(now);
    if (before.at(SHAPES).isArray() && after.at(SHAPES).isArray()) {
      ((ObjectNode) after.get("decoder")).set("shapes", before.at(SHAPES)); // a list may grow
    }
    compare("", before, after, found);
    return found;
  }

  /** Returns the same and, where they differ, what every cell is trained again for. */
  static List<ConfigDifference> withRepeats(SweepConfig then, SweepConfig now) {
    List<ConfigDifference> found = new ArrayList<>();
    compare("", ConfigMapper.tree(then), ConfigMapper.tree(now), found);
    return found;
  }

  /**
   * Returns what may grow and has shrunk, by key: it would stay in the plan and the fits, and most
   * likely was mistyped.
   */
  static List<String> gone(SweepConfig then, SweepConfig now) {
    List<String> gone = new ArrayList<>();
    if (now.grid().cells().isEmpty()) {
      gone("grid.budgets", then.grid().budgets(), now.grid().budgets(), Quantities::flops, gone);
    }
    for (String key : Hyperparameter.KEYS) {
      List<Double> before = then.training().hyperparameter(key).multipliers();
      List<Double> after = now.training().hyperparameter(key).multipliers();
      gone("training." + key + ".multipliers", before, after, Quantities::digits, gone);
    }
    if (!now.training().seeds().keeps(then.training().seeds())) {
      gone.add("training.seeds: " + then.training().seeds() + ", now " + now.training().seeds());
    }
    if (then.decoder().shapes().rule().isEmpty()) { // else it is the same
      gone("decoder.shapes", shapes(then), shapes(now), ConfigDifference::text, gone);
    }
    return gone;
  }

  private static <T> void gone(
      String key, List<T> then, List<T> now, Function<T, String> text, List<String> gone) {
    List<T> lost = new ArrayList<>(then);
    lost.removeAll(now);
    if (!lost.isEmpty()) {
      gone.add(key + ": " + lost.stream().map(text).collect(Collectors.joining(", ")));
    }
  }

  private static List<DecoderConfig> shapes(SweepConfig config) {
    return config.decoder().ladder(DecoderSection.ANY_VOCABULARY).rungs();
  }

  private static String text(DecoderConfig shape) {
    return Quantities.format(
        "{layers: %d, width: %d, heads: %d, mlp: %d}",
        shape.layers(), shape.width(), shape.heads(), shape.mlpWidth());
  }

  /** Returns a configuration without what it trains every cell again for: that may grow. */
  private static ObjectNode withoutRepeats(SweepConfig config) {
    ObjectNode tree = ConfigMapper.tree(config);
    ObjectNode training = (ObjectNode) tree.get("training");
    training.remove("seeds");
    for (String key : Hyperparameter.KEYS) {
      if (training.get(key) instanceof ObjectNode section) {
        section.remove("multipliers");
        if (section.has(Hyperparameter.VALUE)) {
          training.set(key, section.get(Hyperparameter.VALUE));
        }
      }
    }
    return tree;
  }

  private static void compare(
      String key, JsonNode then, JsonNode now, List<ConfigDifference> found) {
    if (then.equals(now) || NO_PART_OF_THE_EXPERIMENT.contains(key)) {
      return;
    }
    if (then instanceof ObjectNode && now instanceof ObjectNode) {
      Set<String> keys = new LinkedHashSet<>();
      then.fieldNames().forEachRemaining(keys::add);
      now.fieldNames().forEachRemaining(keys::add);
      for (String inner : keys) {
        compare(key.isEmpty() ? inner : key + "." + inner, at(then, inner), at(now, inner), found);
      }
    } else {
      found.add(new ConfigDifference(key, text(then), text(now)));
    }
  }

  private static JsonNode at(JsonNode section, String key) {
    JsonNode value = section.get(key);
    return value == null ? MissingNode.getInstance() : value;
  }

  private static String text(JsonNode value) {
    return value.isMissingNode() ? "not given" : ConfigMapper.flow(value, word -> word);
  }

  @Override
  public String toString() {
    return key + " is " + then + ", now " + now;
  }
}
