package org.isoflop.harness.config;

import static org.isoflop.harness.config.Checks.check;
import static org.isoflop.harness.config.Numbers.text;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import java.util.Optional;

/** The kind of learning-rate schedule; the plan fits it to each job's steps. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
  @JsonSubTypes.Type(value = ScheduleConfig.Wsd.class, name = "wsd"),
  @JsonSubTypes.Type(value = ScheduleConfig.Cosine.class, name = "cosine")
})
public sealed interface ScheduleConfig {

  /** What the part of a recipe begins with that says the kind. */
  String RECIPE = "schedule ";

  /** Largest share of the steps that a warm-up may take. */
  double LONGEST_WARMUP = 0.5;

  /** The same of warm-up and cooldown together, so that some steps have the peak. */
  double LONGEST_SLOPES = 0.9;

  /** Returns the share of the steps spent warming up; nothing lets the plan choose. */
  Optional<Double> warmup();

  /** Returns the same with a warm-up of this share. */
  ScheduleConfig withWarmup(double share);

  /** Returns the largest share that its warm-up may have. */
  double longestWarmup();

  private static void checkWarmup(Optional<Double> warmup, double longest) {
    warmup.ifPresent(
        share ->
            check(
                share > 0 && share <= longest,
                "warmup",
                "%s is out of range, use more than 0 and at most %s",
                text(share),
                text(longest)));
  }

  /** Returns its kind as a part of a recipe. */
  default String recipe() {
    return RECIPE + (this instanceof Wsd ? "wsd" : "cosine");
  }

  /**
   * Warm-up, constant, cooldown to 0 (Hägele et al. 2024, arXiv 2405.18392).
   *
   * @param cooldown share of the steps spent cooling down
   * @param warmup share of the steps spent warming up; nothing lets the plan choose
   */
  record Wsd(
      double cooldown,
      @JsonSerialize(using = Auto.Writer.class) @JsonDeserialize(using = Auto.Reader.class)
          Optional<Double> warmup)
      implements ScheduleConfig {

    /** A fifth of the steps, as in the paper. */
    public static final Wsd DEFAULT = new Wsd(0.2);

    /** Refuses values out of range with {@link IllegalArgumentException}. */
    public Wsd {
      check(
          cooldown > 0 && cooldown <= 0.8,
          "cooldown",
          "%s is out of range, use more than 0 and at most 0.8",
          text(cooldown));
      checkWarmup(warmup, longestWarmup(cooldown));
    }

    /** With the warm-up that the plan chooses. */
    public Wsd(double cooldown) {
      this(cooldown, Optional.empty());
    }

    @Override
    public ScheduleConfig withWarmup(double share) {
      return new Wsd(cooldown, Optional.of(share));
    }

    @Override
    public double longestWarmup() {
      return longestWarmup(cooldown);
    }

    private static double longestWarmup(double cooldown) {
      double left = Math.rint(1e6 * (LONGEST_SLOPES - cooldown)) / 1e6;
      return Math.min(LONGEST_WARMUP, left);
    }
  }

  /**
   * Warm-up, then half a cosine that ends at the horizon.
   *
   * @param finalFraction the last learning rate as a fraction of the peak, in [0, 1)
   * @param warmup share of the steps spent warming up; nothing lets the plan choose
   */
  record Cosine(
      @JsonProperty("final") double finalFraction,
      @JsonSerialize(using = Auto.Writer.class) @JsonDeserialize(using = Auto.Reader.class)
          Optional<Double> warmup)
      implements ScheduleConfig {

    /** A tenth of the peak (Hoffmann et al. 2022, arXiv 2203.15556). */
    public static final Cosine DEFAULT = new Cosine(0.1);

    /** Refuses values out of range with {@link IllegalArgumentException}. */
    public Cosine {
      check(
          finalFraction >= 0 && finalFraction < 1,
          "final",
          "%s is out of range, use 0 or more and less than 1",
          text(finalFraction));
      checkWarmup(warmup, LONGEST_WARMUP);
    }

    /** With the warm-up that the plan chooses. */
    public Cosine(double finalFraction) {
      this(finalFraction, Optional.empty());
    }

    @Override
    public ScheduleConfig withWarmup(double share) {
      return new Cosine(finalFraction, Optional.of(share));
    }

    @Override
    public double longestWarmup() {
      return LONGEST_WARMUP;
    }
  }
}
