package org.isoflop.harness.config;

import static org.isoflop.harness.config.Checks.check;
import static org.isoflop.harness.config.Numbers.text;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** The kind of learning-rate schedule; the plan fits it to each job's steps. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
  @JsonSubTypes.Type(value = ScheduleConfig.Wsd.class, name = "wsd"),
  @JsonSubTypes.Type(value = ScheduleConfig.Cosine.class, name = "cosine")
})
public sealed interface ScheduleConfig {

  /** What the part of a recipe begins with that says the kind. */
  String RECIPE = "schedule ";

  /** Returns its kind as a part of a recipe. */
  default String recipe() {
    return RECIPE + (this instanceof Wsd ? "wsd" : "cosine");
  }

  /**
   * Warm-up, constant, cooldown to 0 (Hägele et al. 2024, arXiv 2405.18392).
   *
   * @param cooldown share of the steps spent cooling down
   */
  record Wsd(double cooldown) implements ScheduleConfig {

    /** A fifth of the steps, as in the paper. */
    public static final Wsd DEFAULT = new Wsd(0.2);

    /** Refuses values out of range with {@link IllegalArgumentException}. */
    public Wsd {
      check(
          cooldown > 0 && cooldown <= 0.8,
          "cooldown",
          "%s is out of range, use more than 0 and at most 0.8",
          text(cooldown));
    }
  }

  /**
   * Warm-up, then half a cosine that ends at the horizon.
   *
   * @param finalFraction the last learning rate as a fraction of the peak, in [0, 1)
   */
  record Cosine(@JsonProperty("final") double finalFraction) implements ScheduleConfig {

    /** A tenth of the peak (Hoffmann et al. 2022, arXiv 2203.15556). */
    public static final Cosine DEFAULT = new Cosine(0.1);

    /** Refuses values out of range with {@link IllegalArgumentException}. */
    public Cosine {
      check(
          finalFraction >= 0 && finalFraction < 1,
          "final",
          "%s is out of range, use 0 or more and less than 1",
          text(finalFraction));
    }
  }
}
