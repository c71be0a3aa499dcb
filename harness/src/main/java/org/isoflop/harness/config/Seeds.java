package org.isoflop.harness.config;

import static org.isoflop.harness.config.Numbers.text;

import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import java.io.IOException;
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
@JsonDeserialize(using = Seeds.Deserializer.class)
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

  /** A share that is named. */
  record Section(Double auto) {}

  /** Tells a number from a word and a section. */
  static final class Deserializer extends JsonDeserializer<Seeds> {

    @Override
    public Seeds deserialize(JsonParser parser, DeserializationContext context) throws IOException {
      JsonNode node = parser.readValueAsTree();
      if (KEY.equals(node.textValue())) {
        return AUTO;
      }
      if (node.isObject()) {
        Double share = context.readTreeAsValue(node, Section.class).auto();
        // Nothing in the section is no share, and refused like one.
        return new Seeds(OptionalInt.empty(), OptionalDouble.of(share == null ? 0 : share));
      }
      try {
        return of(context.readTreeAsValue(node, Integer.class));
      } catch (MismatchedInputException e) {
        throw MismatchedInputException.from(parser, Seeds.class, e.getOriginalMessage());
      }
    }
  }
}
