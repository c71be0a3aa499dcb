package org.isoflop.harness.analysis.design;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.law.Law;
import org.isoflop.harness.analysis.stats.Fitted;

/**
 * Which further cells shrink the interval of the exponent at the top of the range most for some
 * FLOPs: sizes at measured budgets, repeats with another seed, and curves at new budgets above.
 *
 * <p>The top exponent is the slope of ln N* over the highest half of the measured budgets, at least
 * three, and over all that are opened above: the lower end stays, or opening a budget could only
 * trade one interval for another. So its variance is a weighted sum of those of single optima, and
 * for a given choice of budgets the best spending is found exactly ({@link Spending}). The choices
 * are few: how many budgets to open above the top, one after the other at the sweep's own ratio,
 * and which of the measured budgets without an optimum to complete. More FLOPs therefore never
 * leave a larger standard error.
 */
public final class DesignSearch {

  /** Sizes are looked for up to this factor to either side of the optimum. */
  private static final double REACH = 4;

  /** Candidate sizes at a budget, geometric: about a quarter apart. */
  private static final int CANDIDATES = 13;

  /** Further than a decade above the top, where the next optimum lies is a guess. */
  private static final double HIGHEST_NEW = 10.5;

  private static final int MOST_NEW_BUDGETS = 4;

  /** Budgets without an optimum that may be completed, the highest. */
  private static final int MOST_COMPLETED = 2;

  /** Further cells at a budget, and where more than {@link #FEW_BUDGETS} make up the top. */
  private static final int MOST_CELLS = 16;

  private static final int FEWER_CELLS = 6;
  private static final int FEW_BUDGETS = 5;

  /** Where one budget has no ratio. */
  private static final double USUAL_RATIO = Math.sqrt(10);

  private static final MathContext DIGITS = new MathContext(3);

  private final Law law;
  private final RunNoise noise;
  private final Trainable trainable;

  /**
   * Prepares to search.
   *
   * @param law fitted to what was measured
   * @param noise of a run's loss
   * @param trainable what can be trained
   */
  public DesignSearch(Law law, RunNoise noise, Trainable trainable) {
    this.law = law;
    this.noise = noise;
    this.trainable = trainable;
  }

  /** Budgets that are to count, and how best to spend on them. */
  private record Choice(List<BudgetOptions> counted, Spending.Spent spent) {}

  /**
   * Returns the best cells to add, or why the FLOPs buy none.
   *
   * @param measured at least one cell
   * @param flops what all further cells may cost together
   */
  public Fitted<Suggestion> best(List<DesignCell> measured, double flops) {
    List<BudgetCells> groups = BudgetCells.of(law, measured);
    double from = TopBudgets.from(groups.stream().map(BudgetCells::budget).toList());
    int most = TopBudgets.of(groups).size() > FEW_BUDGETS ? FEWER_CELLS : MOST_CELLS;
    List<BudgetOptions> usable = new ArrayList<>();
    List<BudgetOptions> incomplete = new ArrayList<>();
    for (BudgetCells group : groups) {
      BudgetOptions options = options(group, flops, most);
      (options.usable() ? usable : incomplete).add(options);
    }
    List<BudgetOptions> fresh = fresh(groups, flops, most);
    int left = Math.max(0, incomplete.size() - MOST_COMPLETED);
    Optional<Choice> best =
        choices(usable, incomplete.subList(left, incomplete.size()), fresh).stream()
            .map(counted -> spend(counted, from, flops))
            .flatMap(Optional::stream)
            .min(
                Comparator.comparingDouble((Choice choice) -> choice.spent().variance())
                    .thenComparingDouble(choice -> choice.spent().flops()));
    List<BudgetOptions> chosen = best.map(Choice::counted).orElse(List.of());
    Suggestion suggestion =
        best.map(choice -> new StepOrder(chosen, choice.spent().numbers(), from).suggestion())
            .orElse(new Suggestion(List.of(), List.of(), OptionalDouble.empty(), Double.NaN));
    return suggestion.steps().isEmpty()
        ? Fitted.refused(nothing(groups, usable.size(), flops))
        : Fitted.of(suggestion);
  }

  private static String nothing(List<BudgetCells> groups, int usable, double flops) {
    double top = groups.get(groups.size() - 1).budget();
    double lowest = TopBudgets.of(groups).get(0).budget();
    if (usable < TopBudgets.FEWEST) {
      return Quantities.flops(flops)
          + " FLOPs do not buy the 3 budgets with an optimum that an exponent needs; "
          + "a curve of 5 sizes at the highest budget costs "
          + Quantities.flops(BudgetOptions.BLOCK * top)
          + ".";
    }
    return Quantities.flops(flops)
        + " FLOPs buy no cell that would help; those at the top budgets cost "
        + Quantities.flops(lowest)
        + " to "
        + Quantities.flops(top)
        + " each.";
  }

  private BudgetOptions options(BudgetCells group, double flops, int most) {
    int paid = (int) Math.min(most, Math.floor(flops / group.budget()));
    List<DesignCell> candidates = candidates(group.budget(), group.lnOptimum());
    return new BudgetOptions(group.cells(), candidates, group, noise, paid);
  }

  /** Returns budgets above the top, each a curve of whose cells can be paid; lowest first. */
  private List<BudgetOptions> fresh(List<BudgetCells> groups, double flops, int most) {
    double bottom = groups.get(0).budget();
    double top = groups.get(groups.size() - 1).budget();
    double ratio =
        groups.size() == 1 ? USUAL_RATIO : Math.pow(top / bottom, 1.0 / (groups.size() - 1));
    List<BudgetOptions> fresh = new ArrayList<>();
    for (int i = 1; i <= MOST_NEW_BUDGETS; i++) {
      double budget = new BigDecimal(top * Math.pow(ratio, i)).round(DIGITS).doubleValue();
      if (BudgetOptions.BLOCK * budget > flops || budget > HIGHEST_NEW * top) {
        break;
      }
      List<DesignCell> first = candidates(budget, Math.log(law.optimalParams(budget)));
      if (first.size() < BudgetCells.FEWEST_SIZES) {
        break;
      }
      // Again about the optimum of what can be trained, whose FLOPs are not quite 6ND.
      BudgetCells curve = new BudgetCells(law, first);
      List<DesignCell> candidates = candidates(budget, curve.lnOptimum());
      int paid = (int) Math.min(most, Math.floor(flops / budget));
      BudgetOptions options = new BudgetOptions(List.of(), candidates, curve, noise, paid);
      if (options.variance(options.most()) == Double.POSITIVE_INFINITY) {
        break;
      }
      fresh.add(options);
    }
    return fresh;
  }

  private List<DesignCell> candidates(double budget, double lnOptimum) {
    List<DesignCell> candidates = new ArrayList<>();
    for (int i = 0; i < CANDIDATES; i++) {
      double offset = Math.log(REACH) * (2.0 * i / (CANDIDATES - 1) - 1);
      trainable
          .nearest(budget, Math.exp(lnOptimum + offset))
          .filter(cell -> !candidates.contains(cell))
          .ifPresent(candidates::add);
    }
    candidates.sort(Comparator.comparingDouble(DesignCell::params));
    return candidates;
  }

  /** Returns every set of budgets that could count, each lowest first. */
  private static List<List<BudgetOptions>> choices(
      List<BudgetOptions> usable, List<BudgetOptions> incomplete, List<BudgetOptions> fresh) {
    List<BudgetOptions> open = new ArrayList<>(incomplete);
    open.addAll(fresh);
    List<List<BudgetOptions>> choices = new ArrayList<>();
    for (int chosen = 0; chosen < 1 << open.size(); chosen++) {
      List<BudgetOptions> counted = new ArrayList<>(usable);
      for (int i = 0; i < open.size(); i++) {
        if ((chosen >> i & 1) == 1) {
          counted.add(open.get(i));
        }
      }
      counted.sort(Comparator.comparingDouble(BudgetOptions::budget));
      choices.add(counted);
    }
    return choices;
  }

  private static Optional<Choice> spend(List<BudgetOptions> counted, double from, double flops) {
    if (counted.size() < TopBudgets.FEWEST) {
      return Optional.empty();
    }
    List<Spending.Account> accounts = new ArrayList<>();
    List<Double> budgets = counted.stream().map(BudgetOptions::budget).toList();
    double[] weights = TopBudgets.weights(budgets, from);
    for (int i = 0; i < weights.length; i++) {
      accounts.add(new Spending.Account(counted.get(i), weights[i]));
    }
    return Spending.best(accounts, flops).map(spent -> new Choice(counted, spent));
  }

  /** Which cells can be trained at all: decoders come in sizes, and runs in whole steps. */
  @FunctionalInterface
  public interface Trainable {

    /**
     * Returns the cell that would be trained for a wish; empty where none is near it.
     *
     * @param budget FLOPs
     * @param params total parameters wished for
     */
    Optional<DesignCell> nearest(double budget, double params);
  }

  /**
   * The next cells to train, and what they would do to the exponent at the top of the range.
   *
   * @param top the budgets that the top exponent then rests on, FLOPs, lowest first
   * @param steps in the order of their usefulness for their FLOPs
   * @param before standard error of the top exponent as measured, linearised; empty where the
   *     measured cells do not give one
   * @param after the same with all steps
   */
  public record Suggestion(List<Double> top, List<Step> steps, OptionalDouble before, double after) {

    /** Copies the lists. */
    public Suggestion {
      top = List.copyOf(top);
      steps = List.copyOf(steps);
    }

    /** Returns all cells, in the order of the steps. */
    public List<DesignCell> cells() {
      return steps.stream().flatMap(step -> step.cells().stream()).toList();
    }

    /** Returns what they cost, FLOPs. */
    public double flops() {
      return cells().stream().mapToDouble(DesignCell::budget).sum();
    }

    /**
     * Cells that only help together: one, or those that make a budget count.
     *
     * @param cells of one budget
     * @param standardError of the top exponent once this and the steps before it are done; empty
     *     while there is none
     */
    public record Step(List<DesignCell> cells, OptionalDouble standardError) {

      /** Copies the list. */
      public Step {
        cells = List.copyOf(cells);
      }
    }
  }
}
