package org.isoflop.harness.config;

import static org.isoflop.harness.config.Checks.text;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.LongStream;

/**
 * Runs of a cell that differ in nothing but their seed: so many of every cell, or repeats that the
 * plan places where they tell most of the exponent.
 *
 * @param count of every cell; empty where the plan places them
 * @param share of the FLOPs of the sweep without them that placed ones may cost; the usual one
 *     where it is not named
 */
public record Seeds(OptionalInt count, OptionalDouble share) {

  /** Placed, within the usual share. */
  public static final Seeds AUTO = new Seeds(OptionalInt.empty(), OptionalDouble.empty());

  /** Runs of a cell, the first among them, that placed repeats come to at most. */
  public static final int MOST_PLACED = 3;

  private static final String KEY = "auto";

  private static final double USUAL_SHARE = 0.1;

  private static final int MOST = 1000;

  /** Returns so many runs of every cell. */
  public static Seeds of(int count) {
    return new Seeds(OptionalInt.of(count), OptionalDouble.empty());
  }

  /** Refuses values out of range with {@link IllegalArgumentException}. */
  void check() {
    count.ifPresent(Seeds::checkCount);
    double placed = share.orElse(USUAL_SHARE);
    Checks.check(
        placed > 0 && placed <= 1,
        "seeds." + KEY,
        "%s is not a share of the sweep's FLOPs, use more than 0 and at most 1 (0.1 is usual)",
        text(placed));
  }

  /** Refuses no runs, and more than anybody makes. */
  static void checkCount(int count) {
    Checks.check(
        count >= 1 && count <= MOST,
        "seeds",
        "%d is not a number of runs, use 1 to %d",
        count,
        MOST);
  }

  /** Refuses a first seed that leaves further ones no whole number to be. */
  static void checkFirst(long seed) {
    Checks.check(
        seed <= Long.MAX_VALUE - MOST,
        "seed",
        "%d leaves no larger ones for repeats, use at most %d",
        seed,
        Long.MAX_VALUE - MOST);
  }

  /** Returns how many runs every cell has, wherever there are more. */
  public int ofEveryCell() {
    return count.orElse(1);
  }

  /** Returns the share of the other FLOPs that placed repeats may cost; empty where none are. */
  public OptionalDouble placedShare() {
    return count.isPresent()
        ? OptionalDouble.empty()
        : OptionalDouble.of(share.orElse(USUAL_SHARE));
  }

  /**
   * Returns what a sweep that has begun goes on with where this is asked for now: what it has,
   * unless a number or a share is named.
   */
  public Seeds goingOn(Seeds begun) {
    return equals(AUTO) ? begun : this;
  }

  /** Returns whether all runs that a sweep has begun with are asked for still. */
  public boolean keeps(Seeds begun) {
    if (begun.count.isEmpty()) {
      return count.isPresent()
          ? count.getAsInt() >= MOST_PLACED
          : share.orElse(USUAL_SHARE) >= begun.share.orElse(USUAL_SHARE);
    }
    return ofEveryCell() >= begun.ofEveryCell();
  }

  /** Returns so many seeds in a row. */
  static List<Long> inARow(long first, int count) {
    return LongStream.iterate(first, seed -> seed + 1).limit(count).boxed().toList();
  }

  @JsonValue
  Object yaml() {
    if (count.isPresent()) {
      return count.getAsInt();
    }
    return share.isPresent() ? Map.of(KEY, share.getAsDouble()) : KEY;
  }

  @Override
  public String toString() {
    return count.isPresent()
        ? Integer.toString(count.getAsInt())
        : share.isPresent() ? "{auto: " + text(share.getAsDouble()) + "}" : KEY;
  }

  /** A share that is named; nothing in the section is no share, and refused like one. */
  record Section(Double auto) {
    Section {
      auto = auto == null ? 0 : auto;
    }
  }

  /** Tells a number from a word and a section. */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static Seeds read(JsonNode node) throws JsonProcessingException {
    if (KEY.equals(node.textValue())) {
      return AUTO;
    }
    return node.isObject()
        ? new Seeds(
            OptionalInt.empty(), OptionalDouble.of(ConfigMapper.bind(node, Section.class).auto()))
        : of(ConfigMapper.bindOr(node, Integer.class, Seeds.class));
  }
}
