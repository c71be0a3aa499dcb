package org.isoflop.harness.config;

import static org.isoflop.harness.config.Checks.check;
import static org.isoflop.harness.config.Checks.checkRange;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** Whether the horizons of a size share training. */
public record Sharing(
    @Words(
            "trunk, none, or auto: trunk where the schedule has a constant part, as wsd has, else"
                + " none. Default: auto")
        Kind kind,
    @Words(
            "A trunk has one learning rate and one batch. It serves the horizons whose own are"
                + " within this factor of them; a size whose horizons lie further apart gets"
                + " several trunks. Wider ones save FLOPs and raise the exponent a: 1.5 by .01 to"
                + " .02, 2.1 by .05 to .08. Default: 1.3")
        double tolerance,
    @Words(
            "Cells that are trained in full as separate runs too, with their own rate and batch: so"
                + " many, spread over the grid, or a list of their jobs' ids. The analysis says how"
                + " the losses differ, and what that does to the exponents. May change later."
                + " Default: 0")
        Verify verify) {

  /** How horizons share training. */
  public enum Kind {
    /** As the schedule allows; decided once a configuration has been read. */
    AUTO,
    /** Each horizon is a branch of a trunk at constant learning rate. */
    TRUNK,
    /** Each horizon is a run of its own. */
    NONE
  }

  /** Wider ones raise an exponent by more than they save ({@code SharedTrunksTest}). */
  private static final double DEFAULT_TOLERANCE = 1.3;

  /** What a configuration has that does not say. */
  static final Sharing DEFAULT = new Sharing(Kind.AUTO, DEFAULT_TOLERANCE, Verify.NONE);

  /** Every cell is a run of its own. */
  static final Sharing NONE = new Sharing(Kind.NONE, DEFAULT_TOLERANCE, Verify.NONE);

  private static final int MOST_VERIFIED = 10_000;

  /**
   * Cells that are trained in full beside their branches: so many, spread over the grid, or by id.
   *
   * @param count how many; 0 where they are named
   * @param cells their ids; empty where they are counted
   */
  public record Verify(int count, List<String> cells) {

    /** No cell. */
    public static final Verify NONE = new Verify(0, List.of());

    /** Copies the list. */
    public Verify {
      cells = List.copyOf(cells);
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static Verify read(JsonNode node) throws JsonProcessingException {
      return node.isArray()
          ? new Verify(0, ConfigMapper.bindList(node, String.class))
          : new Verify(ConfigMapper.bind(node, Integer.class), List.of());
    }

    @JsonValue
    Object yaml() {
      return cells.isEmpty() ? count : cells;
    }
  }

  /** Refuses values out of range with {@link IllegalArgumentException}. */
  public Sharing {
    checkRange(
        tolerance >= 1 && tolerance <= 100, "tolerance", tolerance, "a factor from 1 to 100");
    check(
        verify.count() >= 0 && verify.count() <= MOST_VERIFIED,
        "verify",
        "%d is not a number of cells, use 0 to %d",
        verify.count(),
        MOST_VERIFIED);
    check(
        kind != Kind.NONE || verify.equals(Verify.NONE),
        "verify",
        "needs cells that share training to compare with, use kind: trunk");
  }

  /** Returns the same, decided: trunks wherever a schedule has a constant part. */
  Sharing with(Schedule schedule) {
    return kind != Kind.AUTO
        ? this
        : new Sharing(
            schedule.cooldownShare().isPresent() ? Kind.TRUNK : Kind.NONE, tolerance, verify);
  }

  /** Returns whether horizons are branches of trunks. */
  public boolean trunks() {
    return kind == Kind.TRUNK;
  }
}
