package org.isoflop.harness.config;

import static org.isoflop.harness.config.Checks.check;
import static org.isoflop.harness.config.Numbers.text;

import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import java.io.IOException;
import java.util.List;

/**
 * Whether the horizons of a size share training.
 *
 * @param kind how
 * @param tolerance how far the learning rate and the batch of a trunk may be from what one of its
 *     horizons would have of its own, as a factor
 * @param verify which cells are also trained as separate runs, to compare
 */
public record Sharing(Kind kind, double tolerance, Verify verify) {

  /** How horizons share training. */
  public enum Kind {
    /** Each horizon is a branch of a trunk at constant learning rate. */
    TRUNK,
    /** Each horizon is a run of its own. */
    NONE
  }

  /** Wider ones raise an exponent by more than they save ({@code SharedTrunksTest}). */
  private static final double DEFAULT_TOLERANCE = 1.3;

  private static final int MOST_VERIFIED = 10_000;

  /**
   * Cells that are trained in full beside their branches: so many, spread over the grid, or by id.
   *
   * @param count how many; 0 where they are named
   * @param cells their ids; empty where they are counted
   */
  @JsonDeserialize(using = Verify.Deserializer.class)
  public record Verify(int count, List<String> cells) {

    /** No cell. */
    public static final Verify NONE = new Verify(0, List.of());

    /** Copies the list. */
    public Verify {
      cells = List.copyOf(cells);
    }

    @JsonValue
    Object yaml() {
      return cells.isEmpty() ? count : cells;
    }

    /** Tells a number from a list. */
    static final class Deserializer extends JsonDeserializer<Verify> {

      @Override
      public Verify deserialize(JsonParser parser, DeserializationContext context)
          throws IOException {
        JsonNode node = parser.readValueAsTree();
        return node.isArray()
            ? new Verify(0, List.of(context.readTreeAsValue(node, String[].class)))
            : new Verify(context.readTreeAsValue(node, Integer.class), List.of());
      }
    }
  }

  /** Refuses values out of range with {@link IllegalArgumentException}. */
  public Sharing {
    check(
        tolerance >= 1 && tolerance <= 100,
        "tolerance",
        "%s is out of range, use a factor from 1 to 100",
        text(tolerance));
    check(
        verify.count() >= 0 && verify.count() <= MOST_VERIFIED,
        "verify",
        "%d is not a number of cells, use 0 to %d",
        verify.count(),
        MOST_VERIFIED);
    check(
        kind == Kind.TRUNK || verify.equals(Verify.NONE),
        "verify",
        "needs cells that share training to compare with, use kind: trunk");
  }

  /** Every cell is a run of its own. */
  static final Sharing NONE = new Sharing(Kind.NONE, DEFAULT_TOLERANCE, Verify.NONE);

  /** Returns what a configuration has that does not say: trunks wherever a schedule has one. */
  public static Sharing defaultFor(ScheduleConfig schedule) {
    return new Sharing(
        schedule instanceof ScheduleConfig.Wsd ? Kind.TRUNK : Kind.NONE,
        DEFAULT_TOLERANCE,
        Verify.NONE);
  }

  /** Returns whether horizons are branches of trunks. */
  public boolean trunks() {
    return kind == Kind.TRUNK;
  }
}
