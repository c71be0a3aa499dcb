package org.isoflop.harness.config;

import static org.isoflop.harness.config.Checks.check;
import static org.isoflop.harness.config.Numbers.text;

import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import java.util.List;

/**
 * Budgets × sizes: the cells a sweep asks for.
 *
 * @param budgets FLOPs a cell may spend on training, smallest first
 * @param sizes the decoders tried at each budget
 * @param expected where each budget's sizes are centred
 */
public record Grid(
    @JsonDeserialize(using = BudgetsDeserializer.class) List<Double> budgets,
    Sizes sizes,
    Expected expected) {

  /** Budgets nearer than this are one budget for every purpose of a sweep. */
  static final double SMALLEST_RATIO = 1.1;

  private static final int MOST_BUDGETS = 100;

  /** Refuses values out of range with {@link IllegalArgumentException}. */
  public Grid {
    budgets = List.copyOf(budgets);
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
      check(
          budget > 0 && Double.isFinite(budget),
          key,
          "%s is not a number of FLOPs, use a positive one",
          text(budget));
      check(
          i == 0 || budget >= SMALLEST_RATIO * budgets.get(i - 1),
          key,
          "%s does not exceed the budget before it by a tenth or more; list them smallest first",
          text(budget));
    }
  }

  /** Returns the defaults around these budgets. */
  public static Grid of(List<Double> budgets) {
    return new Grid(budgets, Sizes.DEFAULT, Expected.DEFAULT);
  }

  /**
   * The decoders tried at each budget, geometric in total parameters.
   *
   * @param perBudget how many; a curve needs four points to show more than its parabola
   * @param span ratio of the largest to the smallest
   */
  public record Sizes(int perBudget, double span) {

    /** A factor 4 to each side of the expected optimum. */
    public static final Sizes DEFAULT = new Sizes(7, 16);

    /** Refuses values out of range with {@link IllegalArgumentException}. */
    public Sizes {
      check(perBudget >= 4, "per_budget", "%d is too few, use 4 or more", perBudget);
      check(perBudget <= 100, "per_budget", "%d is too many, use at most 100", perBudget);
      check(
          span > 1 && span <= 1e6,
          "span",
          "%s is out of range, use more than 1 (16 is customary) and at most 1e6",
          text(span));
    }
  }

  /**
   * Where the optimum of a budget is expected before anything is trained.
   *
   * @param tokensPerParam training tokens per total parameter at the optimum
   */
  public record Expected(double tokensPerParam) {

    /** Hoffmann et al. 2022 (arXiv 2203.15556). */
    public static final Expected DEFAULT = new Expected(20);

    /** Refuses values out of range with {@link IllegalArgumentException}. */
    public Expected {
      check(
          tokensPerParam > 0 && tokensPerParam <= 1e6,
          "tokens_per_param",
          "%s is out of range, use more than 0 and at most 1e6",
          text(tokensPerParam));
    }
  }
}
