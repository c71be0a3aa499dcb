package org.isoflop.harness.analysis.design;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The best way to spend FLOPs over some budgets at once, exactly: every budget's cells cost the
 * same and add to the variance on their own, so only the best variance for each cost need be kept,
 * budget by budget.
 */
final class Spending {

  private Spending() {}

  /**
   * A budget to spend on.
   *
   * @param options of further cells
   * @param weight of the variance of its ln N* in the whole, not negative
   */
  record Account(BudgetOptions options, double weight) {}

  /**
   * A way to spend.
   *
   * @param flops what it costs
   * @param variance what is left
   * @param numbers of further cells, one an account
   */
  record Spent(double flops, double variance, List<Integer> numbers) {

    private static final Comparator<Spent> CHEAPEST =
        Comparator.comparingDouble(Spent::flops).thenComparingDouble(Spent::variance);
  }

  /**
   * Returns the spending of the least variance, the cheapest such; empty where no way counts all
   * accounts.
   */
  static Optional<Spent> best(List<Account> accounts, double flops) {
    List<Spent> frontier = List.of(new Spent(0, 0, List.of()));
    for (Account account : accounts) {
      List<Spent> grown = new ArrayList<>();
      BudgetOptions options = account.options();
      for (int number = 0; number <= options.most(); number++) {
        double variance = options.variance(number);
        if (variance < Double.POSITIVE_INFINITY) {
          for (Spent spent : frontier) {
            double cost = spent.flops() + number * options.budget();
            if (cost <= flops) {
              List<Integer> numbers = new ArrayList<>(spent.numbers());
              numbers.add(number);
              grown.add(new Spent(cost, spent.variance() + account.weight() * variance, numbers));
            }
          }
        }
      }
      frontier = undominated(grown);
    }
    return frontier.isEmpty() ? Optional.empty() : Optional.of(frontier.get(frontier.size() - 1));
  }

  /** Returns those that no cheaper one matches, cheapest and so worst first. */
  private static List<Spent> undominated(List<Spent> all) {
    all.sort(Spent.CHEAPEST);
    List<Spent> kept = new ArrayList<>();
    double least = Double.POSITIVE_INFINITY;
    for (Spent spent : all) {
      if (spent.variance() < least) {
        least = spent.variance();
        kept.add(spent);
      }
    }
    return kept;
  }
}
