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
 * trade one interval for another. So its variance is a weighted sum of those of single optima
 * ({@link CurveDesign#variance}), and the search is greedy: always the cell that takes most off
 * that sum for its FLOPs, until no more can be paid; then cells are exchanged for others of their
 * budget while that helps. It runs once for every choice of budgets that are to count, which are
 * few: how many to open above the top, one after the other at the sweep's own ratio, and which of
 * the measured budgets without an optimum to complete. Those are paid for first, whole, and the
 * best choice wins.
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

  /**
   * Sizes a new budget begins with, over the whole width, which stay: the variance alone would put
   * all runs near the two ends, where they show the optimum only if the law is right.
   */
  private static final int BLOCK = 5;

  /**
   * Runs of one size at one budget, the measured one included. Further seeds average out what the
   * seed does; what is peculiar to a decoder, such as its ratio of depth to width, no seed averages
   * out.
   */
  private static final int MOST_RUNS = 3;

  /** A cell that takes less than this share off the variance is not worth its FLOPs. */
  private static final double LEAST_GAIN = 1e-4;

  /** What a cell takes off the variance is weighed against these powers of what it costs. */
  private static final double[] COST_POWERS = {1, 0.5, 0};

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

  /** A budget to spend on. */
  private final class Account {

    private final CurveDesign curve;

    /** Measured, then those added so far. */
    private final List<DesignCell> cells;

    /** What could be added, by size. */
    private final List<DesignCell> candidates;

    private final int measured;

    /** How many cells may be added. */
    private final int most;

    /** Of the optimum; infinite where there is none. */
    private final double variance;

    Account(
        CurveDesign curve,
        List<DesignCell> cells,
        List<DesignCell> candidates,
        int measured,
        int most) {
      this.curve = curve;
      this.cells = cells;
      this.candidates = candidates;
      this.measured = measured;
      this.most = most;
      variance = curve.variance(cells, noise);
    }

    double budget() {
      return curve.budget();
    }

    boolean hasOptimum() {
      return variance < Double.POSITIVE_INFINITY;
    }

    List<DesignCell> added() {
      return cells.subList(measured, cells.size());
    }

    Account of(List<DesignCell> others) {
      return new Account(curve, others, candidates, measured, most);
    }

    Account with(List<DesignCell> more) {
      List<DesignCell> all = new ArrayList<>(cells);
      all.addAll(more);
      return of(all);
    }

    Account without() {
      return of(cells.subList(0, measured));
    }

    boolean allows(DesignCell size) {
      return cells.size() - measured < most
          && cells.stream().filter(cell -> CurveDesign.sameSize(cell, size)).count() < MOST_RUNS;
    }

    /** Returns it with the best cell more. */
    Optional<Account> grown() {
      return candidates.stream()
          .filter(this::allows)
          .map(cell -> with(List.of(cell)))
          .min(Comparator.comparingDouble(account -> account.variance));
    }
  }

  /**
   * A budget as every choice that it counts in begins with it.
   *
   * @param account with what it needs to have an optimum
   * @param flops what that costs
   * @param grown the account with the best cell more
   */
  private record Begun(Account account, double flops, Optional<Account> grown) {}

  private Begun begun(Account account) {
    List<DesignCell> block = block(account);
    Account begun = account.with(block);
    return new Begun(begun, block.size() * account.budget(), begun.grown());
  }

  /**
   * Returns the best cells to add, or why the FLOPs buy none.
   *
   * @param measured at least one cell
   * @param flops what all further cells may cost together
   */
  public Fitted<Suggestion> best(List<DesignCell> measured, double flops) {
    List<CurveDesign> curves = CurveDesign.of(law, measured);
    double from = TopBudgets.from(curves.stream().map(CurveDesign::budget).toList());
    int most = TopBudgets.of(curves).size() > FEW_BUDGETS ? FEWER_CELLS : MOST_CELLS;
    List<Account> usable = new ArrayList<>();
    List<Account> incomplete = new ArrayList<>();
    for (CurveDesign curve : curves) {
      List<DesignCell> candidates = candidates(curve.budget(), curve.lnOptimum());
      Account account = new Account(curve, curve.cells(), candidates, curve.cells().size(), most);
      (account.hasOptimum() ? usable : incomplete).add(account);
    }
    incomplete.subList(0, Math.max(0, incomplete.size() - MOST_COMPLETED)).clear();
    List<Begun> counting = usable.stream().map(this::begun).toList();
    List<Begun> completed = incomplete.stream().map(this::begun).toList();
    List<Begun> fresh = fresh(curves, flops, most);
    List<Account> best = List.of();
    for (int opened = 0; opened <= fresh.size(); opened++) {
      for (int set = 0; set < 1 << completed.size(); set++) {
        List<Begun> counted = new ArrayList<>(counting);
        for (int i = 0; i < completed.size(); i++) {
          if ((set >> i & 1) == 1) {
            counted.add(completed.get(i));
          }
        }
        counted.sort(Comparator.comparingDouble(begun -> begun.account().budget()));
        counted.addAll(fresh.subList(0, opened));
        for (double power : COST_POWERS) {
          List<Account> spent = spend(counted, from, flops, power);
          if (variance(spent, from) < variance(best, from)) {
            best = spent;
          }
        }
      }
    }
    Suggestion suggestion = inOrder(best, from);
    return suggestion.steps().isEmpty()
        ? Fitted.refused(nothing(curves, usable.size(), flops))
        : Fitted.of(suggestion);
  }

  private static String nothing(List<CurveDesign> curves, int usable, double flops) {
    double top = curves.get(curves.size() - 1).budget();
    return usable < TopBudgets.FEWEST
        ? Quantities.flops(flops)
            + " FLOPs do not buy the 3 budgets with an optimum that an exponent needs; "
            + "a curve of 5 sizes at the highest budget costs "
            + Quantities.flops(BLOCK * top)
            + "."
        : Quantities.flops(flops)
            + " FLOPs buy no cell that would help; those at the top budgets cost "
            + Quantities.flops(TopBudgets.of(curves).get(0).budget())
            + " to "
            + Quantities.flops(top)
            + " each.";
  }

  /** Returns budgets above the top, each a curve of whose cells can be paid; lowest first. */
  private List<Begun> fresh(List<CurveDesign> curves, double flops, int most) {
    double bottom = curves.get(0).budget();
    double top = curves.get(curves.size() - 1).budget();
    double ratio =
        curves.size() == 1 ? USUAL_RATIO : Math.pow(top / bottom, 1.0 / (curves.size() - 1));
    List<Begun> fresh = new ArrayList<>();
    for (int i = 1; i <= MOST_NEW_BUDGETS; i++) {
      double budget = new BigDecimal(top * Math.pow(ratio, i)).round(DIGITS).doubleValue();
      if (BLOCK * budget > flops || budget > HIGHEST_NEW * top) {
        break;
      }
      List<DesignCell> first = candidates(budget, Math.log(law.optimalParams(budget)));
      if (first.size() < CurveDesign.FEWEST_SIZES) {
        break;
      }
      // Again about the optimum of what can be trained, whose FLOPs are not quite 6ND.
      CurveDesign curve = new CurveDesign(law, first);
      List<DesignCell> candidates = candidates(budget, curve.lnOptimum());
      Begun begun = begun(new Account(curve, List.of(), candidates, 0, most));
      if (!begun.account().hasOptimum()) {
        break;
      }
      fresh.add(begun);
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

  /** Returns what a budget without an optimum needs to have one; empty where it has one. */
  private List<DesignCell> block(Account account) {
    List<DesignCell> candidates = account.candidates;
    List<DesignCell> block = new ArrayList<>();
    if (account.measured == 0) {
      int sizes = Math.min(BLOCK, candidates.size());
      for (int i = 0; i < sizes; i++) {
        block.add(candidates.get(Math.round(i * (candidates.size() - 1f) / (sizes - 1))));
      }
      return block;
    }
    Account grown = account;
    while (!grown.hasOptimum()) {
      Account now = grown;
      Optional<DesignCell> next =
          candidates.stream()
              .filter(now::allows)
              .min(
                  Comparator.comparingDouble(
                      cell -> now.curve.finiteVariance(now.with(List.of(cell)).cells, noise)));
      if (next.isEmpty()) {
        return block;
      }
      block.add(next.get());
      grown = grown.with(List.of(next.get()));
    }
    return block;
  }

  /** Returns the accounts with what is best added to them; none where they cannot all count. */
  private List<Account> spend(List<Begun> counted, double from, double flops, double power) {
    if (counted.size() < TopBudgets.FEWEST) {
      return List.of();
    }
    List<Account> accounts = new ArrayList<>(counted.stream().map(Begun::account).toList());
    List<Optional<Account>> grown = new ArrayList<>(counted.stream().map(Begun::grown).toList());
    double[] weights = TopBudgets.weights(accounts.stream().map(Account::budget).toList(), from);
    double left = flops;
    for (Begun begun : counted) {
      left -= begun.flops();
    }
    if (left < 0 || variance(accounts, from) == Double.POSITIVE_INFINITY) {
      return List.of();
    }
    while (true) {
      int best = -1;
      double mostGain = 0;
      double least = LEAST_GAIN * variance(accounts, from);
      for (int i = 0; i < weights.length; i++) {
        Account account = accounts.get(i);
        if (account.budget() <= left && grown.get(i).isPresent()) {
          double taken = weights[i] * (account.variance - grown.get(i).get().variance);
          double gain = taken / Math.pow(account.budget(), power);
          if (taken > least && gain > mostGain) {
            best = i;
            mostGain = gain;
          }
        }
      }
      if (best < 0) {
        return accounts;
      }
      Account after = exchanged(grown.get(best).orElseThrow());
      left -= after.budget();
      accounts.set(best, after);
      grown.set(best, after.grown());
    }
  }

  /** Returns a budget with every added cell exchanged where that helps, but a block's. */
  private static Account exchanged(Account account) {
    Account best = account;
    int fixed =
        account.measured == 0 ? Math.min(BLOCK, account.candidates.size()) : account.measured;
    for (int i = fixed; i < account.cells.size(); i++) {
      List<DesignCell> others = new ArrayList<>(best.cells);
      others.remove(i);
      Account tried = best.of(others).grown().orElseThrow();
      best = tried.variance < best.variance ? tried : best;
    }
    return best;
  }

  /** Returns the variance of the top exponent by the budgets that have an optimum. */
  private static double variance(List<Account> accounts, double from) {
    List<Account> counted = accounts.stream().filter(Account::hasOptimum).toList();
    if (counted.size() < TopBudgets.FEWEST) {
      return Double.POSITIVE_INFINITY;
    }
    double[] weights = TopBudgets.weights(counted.stream().map(Account::budget).toList(), from);
    double sum = 0;
    for (int i = 0; i < weights.length; i++) {
      sum += weights[i] * counted.get(i).variance;
    }
    return sum;
  }

  /**
   * Puts what was chosen in order: next always the step that takes most off the variance for its
   * FLOPs, so that a user who stops early has spent well. A step is a cell, or those that make a
   * budget count.
   */
  private static Suggestion inOrder(List<Account> chosen, double from) {
    List<Account> done = new ArrayList<>(chosen.stream().map(Account::without).toList());
    List<List<DesignCell>> waiting = new ArrayList<>();
    chosen.forEach(account -> waiting.add(new ArrayList<>(account.added())));
    OptionalDouble before = error(variance(done, from));
    List<Suggestion.Step> steps = new ArrayList<>();
    while (waiting.stream().anyMatch(cells -> !cells.isEmpty())) {
      double now = variance(done, from);
      int best = -1;
      List<DesignCell> step = List.of();
      double mostGain = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < chosen.size(); i++) {
        for (List<DesignCell> tried : steps(done.get(i), waiting.get(i))) {
          List<Account> after = new ArrayList<>(done);
          after.set(i, done.get(i).with(tried));
          // Where there is no exponent yet, the cheapest step comes first.
          double gain = Double.isInfinite(now) ? 1 : now - variance(after, from);
          if (gain / (tried.size() * done.get(i).budget()) > mostGain) {
            mostGain = gain / (tried.size() * done.get(i).budget());
            best = i;
            step = tried;
          }
        }
      }
      step.forEach(waiting.get(best)::remove);
      done.set(best, done.get(best).with(step));
      steps.add(new Suggestion.Step(step, error(variance(done, from))));
    }
    List<Double> budgets = done.stream().map(Account::budget).toList();
    int below = chosen.isEmpty() ? 0 : budgets.size() - TopBudgets.count(budgets, from);
    return new Suggestion(
        budgets.subList(below, budgets.size()), steps, before, Math.sqrt(variance(done, from)));
  }

  private static List<List<DesignCell>> steps(Account done, List<DesignCell> waiting) {
    if (waiting.isEmpty() || done.hasOptimum()) {
      return waiting.stream().distinct().map(List::of).toList();
    }
    int fewest = done.measured == 0 ? Math.min(BLOCK, waiting.size()) : 1;
    while (!done.with(waiting.subList(0, fewest)).hasOptimum()) {
      fewest++;
    }
    return List.of(List.copyOf(waiting.subList(0, fewest)));
  }

  private static OptionalDouble error(double variance) {
    return variance < Double.POSITIVE_INFINITY
        ? OptionalDouble.of(Math.sqrt(variance))
        : OptionalDouble.empty();
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
  public record Suggestion(
      List<Double> top, List<Step> steps, OptionalDouble before, double after) {

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
