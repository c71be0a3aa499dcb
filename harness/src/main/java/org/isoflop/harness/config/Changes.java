package org.isoflop.harness.config;

import static org.isoflop.harness.config.Checks.check;
import static org.isoflop.harness.config.Checks.text;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a cell is trained with in place of what the section {@code training} has, beside its
 * learning rate and its batch: any of {@value #WEIGHT_DECAY}, {@value #WARMUP} and {@value #BETA2}.
 *
 * @param values by key, in the order of the keys
 */
public record Changes(@JsonValue Map<String, Double> values) {

  /** AdamW's, see {@link OptimizerConfig#weightDecay}. */
  public static final String WEIGHT_DECAY = "weight_decay";

  /** The schedule's, see {@link Schedule#warmup}. */
  public static final String WARMUP = "warmup";

  /** AdamW's, see {@link OptimizerConfig#beta2}. */
  public static final String BETA2 = "beta2";

  /** Nothing. */
  public static final Changes NONE = new Changes(Map.of());

  private static final List<String> KEYS = List.of(BETA2, WARMUP, WEIGHT_DECAY);

  /** Refuses unknown keys with {@link IllegalArgumentException}; {@link #of} refuses values. */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public Changes {
    values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
    for (String key : values.keySet()) {
      check(KEYS.contains(key), key, "is not a known key here, use %s", String.join(", ", KEYS));
    }
  }

  /**
   * Returns how a cell with these changes is trained.
   *
   * @throws IllegalArgumentException if a value is out of range
   */
  public Training of(Training training) {
    if (values.isEmpty()) {
      return training;
    }
    OptimizerConfig adam = training.optimizer();
    Double warmup = values.get(WARMUP);
    return training.with(
        warmup == null ? training.schedule() : training.schedule().withWarmup(warmup),
        new OptimizerConfig(
            adam.beta1(),
            Optional.ofNullable(values.get(BETA2)).or(adam::beta2),
            adam.epsilon(),
            values.getOrDefault(WEIGHT_DECAY, adam.weightDecay()),
            adam.clipNorm()));
  }

  /** Returns such as {@code weight_decay=0.3}, several with spaces between; no text of nothing. */
  @Override
  public String toString() {
    return values.entrySet().stream()
        .map(change -> change.getKey() + "=" + text(change.getValue()))
        .collect(Collectors.joining(" "));
  }
}
