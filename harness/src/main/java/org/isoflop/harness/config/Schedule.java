package org.isoflop.harness.config;

import static org.isoflop.harness.config.Checks.check;
import static org.isoflop.harness.config.Checks.checkRange;
import static org.isoflop.harness.config.Checks.text;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import com.fasterxml.jackson.databind.DatabindContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.annotation.JsonTypeIdResolver;
import com.fasterxml.jackson.databind.jsontype.impl.TypeIdResolverBase;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * The learning rate's course, as a configuration has it; {@link #fitted} makes it that of a run.
 *
 * <p>A kind is a record of its keys, with {@link Words} for each and a constant {@code DEFAULT},
 * and inside it the record that it is when fitted. {@link Wsd} is one.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
  @JsonSubTypes.Type(Wsd.class),
  @JsonSubTypes.Type(Cosine.class),
})
public interface Schedule {

  /** What the part of a recipe begins with that says the kind. */
  String RECIPE = "schedule ";

  /** Largest share of the steps that a warm-up may take. */
  double LONGEST_WARMUP = 0.5;

  /** The words of every kind's warm-up. */
  String WARMUP_WORDS =
      "Share of the steps spent warming up, in a straight line, at most 0.5; of a trunk the first"
          + " horizon's. Or auto: as many tokens as parameters, at most a tenth of the steps."
          + " Default: auto";

  /** Returns the share of the steps spent warming up; nothing lets the plan choose. */
  Optional<Double> warmup();

  /** Returns the same with a warm-up of this share. */
  Schedule withWarmup(double share);

  /** Returns the largest share that its warm-up may have. */
  default double longestWarmup() {
    return LONGEST_WARMUP;
  }

  /**
   * Returns the share of the steps spent cooling down from a constant rate, which branches of a
   * trunk can each do; empty where no part is constant.
   */
  default OptionalDouble cooldownShare() {
    return OptionalDouble.empty();
  }

  /** Returns the best peak over the best of {@link Cosine}, which published rules speak of. */
  default double peakOverCosines() {
    return 1;
  }

  /**
   * Returns the learning rates of a run.
   *
   * @param peak the largest
   * @param warmupSteps steps of the warm-up, at least 1
   * @param steps of the run, more than those
   */
  Fitted fitted(double peak, long warmupSteps, long steps);

  /** Returns its kind as a part of a recipe. */
  default String recipe() {
    return RECIPE + getClass().getAnnotation(JsonTypeName.class).value();
  }

  /** Refuses a warm-up that is out of range. */
  static void checkWarmup(Optional<Double> warmup, double longest) {
    warmup.ifPresent(
        share ->
            checkRange(
                share > 0 && share <= longest,
                "warmup",
                share,
                "more than 0 and at most " + text(longest)));
  }

  /**
   * The learning rate of every step from initial weights on. One that ends in a horizon is fitted
   * to it, so that it ends exactly there; a trunk's has no end. Each begins with a linear warm-up
   * whose first step is already positive and whose last is the peak.
   */
  @JsonTypeInfo(use = JsonTypeInfo.Id.CUSTOM, property = "kind")
  @JsonTypeIdResolver(FittedKinds.class)
  interface Fitted {

    /** Returns the name of its kind. */
    default String kind() {
      return new FittedKinds().idFromValue(this);
    }

    /** Returns the largest learning rate. */
    double peak();

    /** Returns the number of steps of the warm-up, at least 1. */
    long warmupSteps();

    /** Returns the step at which the schedule ends; empty where it has no end. */
    OptionalLong end();

    /** Returns the steps of the cooldown that a constant rate ends in; empty where none does. */
    default OptionalLong cooldown() {
      return OptionalLong.empty();
    }

    /**
     * Returns the learning rate of a step after the warm-up over the peak.
     *
     * @param step counted from 0, less than {@link #end()}
     */
    double shareOfPeak(long step);

    /**
     * Returns the learning rate of one step.
     *
     * @param step counted from 0, less than {@link #end()}
     */
    default double learningRate(long step) {
      boolean ended = end().isPresent() && step >= end().getAsLong();
      check(step >= 0 && !ended, "step", "must lie in [0, %s), is %d", end().orElse(-1), step);
      return peak()
          * (step < warmupSteps() ? (double) (step + 1) / warmupSteps() : shareOfPeak(step));
    }

    /** Refuses a peak that is none, and a warm-up that takes no step or leaves none. */
    static void checkFits(double peak, long warmupSteps, long end) {
      check(peak > 0 && Double.isFinite(peak), "peak", "must be positive, is %s", peak);
      check(
          warmupSteps >= 1 && warmupSteps < end,
          "warm-up",
          "must take 1 to %d steps, takes %d",
          end - 1,
          warmupSteps);
    }
  }

  /** Warm-up, then constant: what a horizon's cooldown leaves. */
  @JsonTypeName("trunk")
  record Trunk(double peak, long warmupSteps) implements Fitted {

    /** Refuses what is not a schedule with {@link IllegalArgumentException}. */
    public Trunk {
      Fitted.checkFits(peak, warmupSteps, Long.MAX_VALUE);
    }

    @Override
    public OptionalLong end() {
      return OptionalLong.empty();
    }

    @Override
    public double shareOfPeak(long step) {
      return 1;
    }
  }

  /** Tells fitted schedules in a plan apart by the names of their kinds. */
  final class FittedKinds extends TypeIdResolverBase {

    private static final Map<String, Class<?>> KINDS = new HashMap<>(Map.of("trunk", Trunk.class));

    static {
      ConfigProblem.kinds(Schedule.class)
          .forEach(
              (kind, type) ->
                  Arrays.stream(type.getDeclaredClasses())
                      .filter(Fitted.class::isAssignableFrom)
                      .forEach(fitted -> KINDS.put(kind, fitted)));
    }

    @Override
    public String idFromValue(Object value) {
      return KINDS.entrySet().stream()
          .filter(kind -> kind.getValue().isInstance(value))
          .findFirst()
          .orElseThrow()
          .getKey();
    }

    @Override
    public String idFromValueAndType(Object value, Class<?> suggested) {
      return idFromValue(value);
    }

    @Override
    public JavaType typeFromId(DatabindContext context, String id) {
      return KINDS.containsKey(id) ? context.constructType(KINDS.get(id)) : null;
    }

    @Override
    public String getDescForKnownTypeIds() {
      return KINDS.keySet().toString();
    }

    @Override
    public JsonTypeInfo.Id getMechanism() {
      return JsonTypeInfo.Id.CUSTOM;
    }
  }
}
