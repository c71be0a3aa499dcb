package org.isoflop.harness.config;

import static org.isoflop.harness.config.Checks.check;
import static org.isoflop.harness.config.Checks.checkEither;
import static org.isoflop.harness.config.Checks.checkRange;
import static org.isoflop.harness.config.Checks.checkThere;
import static org.isoflop.harness.config.Checks.text;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;

/**
 * The cells a sweep asks for: budgets × sizes, or each cell by name.
 *
 * @param budgets FLOPs a cell may spend on training, smallest first; those of the cells where these
 *     are named
 * @param sizes the decoders tried at each budget, unless the cells are named
 * @param expected where each budget's sizes are centred, unless the cells are named
 * @param cells every cell by name; empty where budgets × sizes are meant
 */
public record Grid(List<Double> budgets, Sizes sizes, Expected expected, List<GridCell> cells) {

  /** Budgets nearer than this are one budget for every purpose of a sweep. */
  static final double SMALLEST_RATIO = 1.1;

  private static final int MOST_BUDGETS = 100;

  private static final int MOST_CELLS = 1000;

  private static final double MOST_FLOPS = 1e30;

  /** Refuses values out of range with {@link IllegalArgumentException}. */
  public Grid {
    budgets = List.copyOf(budgets);
    cells = List.copyOf(cells);
    checkCells(cells);
    check(!budgets.isEmpty(), "budgets", "is an empty list, name at least one, such as 1e15");
    check(
        budgets.size() <= MOST_BUDGETS,
        "budgets",
        "%d budgets are too many, use at most %d",
        budgets.size(),
        MOST_BUDGETS);
    for (int i = 0; i < budgets.size(); i++) {
      String key = "budgets[" + i + "]";
      double budget = budgets.get(i);
      checkFlops(budget, key);
      check(
          i == 0 || budget >= SMALLEST_RATIO * budgets.get(i - 1),
          key,
          "%s does not exceed the budget before it by a tenth or more; list them smallest first",
          text(budget));
    }
  }

  /** Budgets × sizes. */
  public Grid(List<Double> budgets, Sizes sizes, Expected expected) {
    this(budgets, sizes, expected, List.of());
  }

  /** Returns the defaults around these budgets. */
  public static Grid of(List<Double> budgets) {
    return new Grid(budgets, Sizes.DEFAULT, Expected.TokensPerParam.DEFAULT);
  }

  /** Returns a grid of these cells and no other. */
  public static Grid ofCells(List<GridCell> cells) {
    check(!cells.isEmpty(), "cells", "is an empty list, name at least one cell");
    List<Double> budgets = cells.stream().map(GridCell::budget).distinct().sorted().toList();
    return new Grid(budgets, Sizes.DEFAULT, Expected.TokensPerParam.DEFAULT, cells);
  }

  /** The one form. */
  record Spread(
      @Words(
              "FLOPs a cell may spend on training, smallest first; or a geometric row, from its"
                  + " smallest to its largest: {from: 1e15, to: 1e17, ratio: 2}. At least 3 for"
                  + " exponents, over 1.5 decades or more.")
          Budgets budgets,
      @Words(
              "The decoders tried at each budget: rungs of one ladder, geometric in total"
                  + " parameters, that all budgets share.")
          Sizes sizes,
      @Words(
              "Where the sizes of a budget are centred: at a ratio, or where an earlier sweep found"
                  + " its optima.")
          Expected expected) {

    /** What need not be said. */
    static final Spread DEFAULT =
        new Spread(new Budgets(List.of()), Sizes.DEFAULT, Expected.TokensPerParam.DEFAULT);
  }

  /** The other. */
  record Named(
      @Words(
              "The cells by name, in place of budgets, sizes and expected; isoflop suggest writes"
                  + " such a list.")
          List<GridCell> cells) {}

  /** Tells the two apart. */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static Grid read(JsonNode node) throws JsonProcessingException {
    for (String key : List.of("budgets", "sizes", "expected")) {
      checkEither(node, key, "cells");
    }
    if (node.has("cells")) {
      return ofCells(ConfigMapper.bind(node, Named.class).cells());
    }
    check(
        !node.isObject() || node.has("budgets"),
        "budgets",
        "is missing, list the FLOPs to spend, such as [1e15, 3e15, 1e16]");
    Spread spread = ConfigMapper.bind(node, Spread.class);
    return new Grid(spread.budgets().flops(), spread.sizes(), spread.expected());
  }

  /** Writes it as a user spells it. */
  @JsonValue
  Record yaml() {
    return cells.isEmpty() ? new Spread(new Budgets(budgets), sizes, expected) : new Named(cells);
  }

  /** Refuses what no decoder could spend, and what none will for a long time. */
  static void checkFlops(double flops, String key) {
    check(flops > 0, key, "%s is not a number of FLOPs, use a positive one", text(flops));
    check(flops <= MOST_FLOPS, key, "%s FLOPs are too many, use at most 1e30", text(flops));
  }

  private static void checkCells(List<GridCell> cells) {
    check(
        cells.size() <= MOST_CELLS,
        "cells",
        "%d cells are too many, use at most %d",
        cells.size(),
        MOST_CELLS);
    for (int i = 0; i < cells.size(); i++) {
      GridCell cell = cells.get(i);
      for (int j = 0; j < i; j++) {
        GridCell other = cells.get(j);
        double ratio =
            Math.max(cell.budget(), other.budget()) / Math.min(cell.budget(), other.budget());
        check(
            ratio == 1 || ratio >= SMALLEST_RATIO,
            "cells[" + i + "].budget",
            "%s is within a tenth of %s, the budget of cells[%d]; use one of the two for both",
            text(cell.budget()),
            text(other.budget()),
            j);
        check(
            !cell.equals(other),
            "cells[" + i + "]",
            "repeats cells[%d]; a second run of a cell needs another seed",
            j);
      }
    }
  }

  /** Budgets as a list, or as the two ends and the ratio of a geometric row. */
  record Budgets(@JsonValue List<Double> flops) {

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static Budgets read(JsonNode node) throws JsonProcessingException {
      return new Budgets(
          node.isObject()
              ? ConfigMapper.bind(node, Row.class).budgets()
              : ConfigMapper.bindList(node, Double.class));
    }
  }

  /** Both ends are budgets, the upper one where the ratio meets it. */
  record Row(Double from, Double to, Double ratio) {

    /** Digits a budget is rounded to; a job's name shows all of them. */
    private static final MathContext DIGITS = new MathContext(3);

    /** What a ratio such as 3.16, written for the root of 10, may miss the upper end by. */
    private static final double SLACK = 0.01;

    Row {
      checkThere(from, "from", "use the smallest budget in FLOPs");
      checkThere(to, "to", "use the largest budget in FLOPs");
      checkThere(ratio, "ratio", "use the ratio of neighbouring budgets, such as 2");
      checkFlops(from, "from");
      checkFlops(to, "to");
      check(to >= from, "to", "%s is less than from (%s)", text(to), text(from));
      checkRange(
          ratio >= SMALLEST_RATIO && ratio <= 1e6,
          "ratio",
          ratio,
          "1.1 to 1e6 (2 to 3.2 is customary)");
    }

    List<Double> budgets() {
      long steps = (long) Math.floor(Math.log(to / from) / Math.log(ratio) + SLACK);
      List<Double> budgets = new ArrayList<>();
      for (int i = 0; i <= steps; i++) {
        budgets.add(new BigDecimal(from * Math.pow(ratio, i)).round(DIGITS).doubleValue());
      }
      return budgets;
    }
  }

  /** The decoders tried at each budget, geometric in total parameters. */
  public record Sizes(
      @Words("How many; 4 or more. Default: 7") int perBudget,
      @Words("Ratio of the largest to the smallest; 16 is a factor 4 to each side. Default: 16")
          double span) {

    /** A factor 4 to each side of the expected optimum. */
    public static final Sizes DEFAULT = new Sizes(7, 16);

    /** Refuses values out of range with {@link IllegalArgumentException}. */
    public Sizes {
      // A curve needs four points to show more than its parabola.
      check(perBudget >= 4, "per_budget", "%d is too few, use 4 or more", perBudget);
      check(perBudget <= 100, "per_budget", "%d is too many, use at most 100", perBudget);
      checkRange(
          span > 1 && span <= 1e6, "span", span, "more than 1 (16 is customary) and at most 1e6");
    }
  }
}
