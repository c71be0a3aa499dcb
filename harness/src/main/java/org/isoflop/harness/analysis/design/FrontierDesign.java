package org.isoflop.harness.analysis.design;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.isoflop.harness.analysis.isoflop.Exponents.LocalExponent;
import org.isoflop.harness.analysis.isoflop.FrontierFit;

/**
 * The cells of a sweep, and how well they show the exponent a at the top of its range: the variance
 * of the slope of a least-squares line through ln N* there, a weighted sum of those of the optima
 * ({@link CurveDesign#variance}). Further cells are bought greedily.
 *
 * @param curves one a budget, lowest first; those that give no optimum are not on the line
 * @param from the lower end of the top, FLOPs; it reaches further down where it would hold fewer
 *     than three optima
 * @param bought what was added to the cells there were, one after the other
 */
record FrontierDesign(List<CurveDesign> curves, double from, List<Purchase> bought) {

  /** Copies the lists. */
  FrontierDesign {
    curves = List.copyOf(curves);
    bought = List.copyOf(bought);
  }

  FrontierDesign(List<CurveDesign> curves, double from) {
    this(curves, from, List.of());
  }

  /**
   * Cells that are bought together.
   *
   * @param before their curve without them
   * @param after their curve with them
   * @param flops what they cost
   */
  record Purchase(CurveDesign before, CurveDesign after, double flops) {

    /** Takes cells that cost their budget each. */
    static Purchase of(CurveDesign before, CurveDesign after) {
      int count = after.cells().size() - before.cells().size();
      return new Purchase(before, after, count * before.budget());
    }

    List<DesignCell> cells() {
      return after.cells().subList(before.cells().size(), after.cells().size());
    }
  }

  /**
   * Returns the lower end of what the top local exponent rests on, FLOPs.
   *
   * @param curves at least one, lowest first
   */
  static double topFrom(List<CurveDesign> curves) {
    int below = Math.max(0, curves.size() - LocalExponent.window(curves.size()));
    return curves.get(below).budget();
  }

  /** Returns the curves that the line goes through, lowest first. */
  List<CurveDesign> top() {
    List<CurveDesign> usable = curves.stream().filter(CurveDesign::usable).toList();
    int above = (int) usable.stream().filter(curve -> curve.budget() >= from).count();
    return usable.subList(
        Math.max(0, usable.size() - Math.max(FrontierFit.FEWEST_BUDGETS, above)), usable.size());
  }

  /** Returns the variance of the slope; infinite where there are too few optima. */
  double variance() {
    List<CurveDesign> top = top();
    if (top.size() < FrontierFit.FEWEST_BUDGETS) {
      return Double.POSITIVE_INFINITY;
    }
    double mean = top.stream().mapToDouble(CurveDesign::lnBudget).average().orElseThrow();
    double squares = 0;
    double sum = 0;
    for (CurveDesign curve : top) {
      double square = Math.pow(curve.lnBudget() - mean, 2);
      squares += square;
      sum += square * curve.variance();
    }
    return sum / (squares * squares);
  }

  /** Returns what the purchases cost together, FLOPs. */
  double flops() {
    return bought.stream().mapToDouble(Purchase::flops).sum();
  }

  /** Returns this design with further curves, at budgets above all others. */
  FrontierDesign with(List<CurveDesign> above) {
    return new FrontierDesign(
        Stream.concat(curves.stream(), above.stream()).toList(), from, bought);
  }

  /** Returns this design after a purchase. */
  FrontierDesign with(Purchase purchase) {
    List<Purchase> all = new ArrayList<>(bought);
    all.add(purchase);
    return new FrontierDesign(
        curves.stream().map(c -> c == purchase.before() ? purchase.after() : c).toList(),
        from,
        all);
  }

  /**
   * Returns what a purchase takes off the variance. Where that is infinite yet, whatever gives a
   * further optimum counts alike.
   */
  double taken(Purchase purchase) {
    double now = variance();
    return now < Double.POSITIVE_INFINITY
        ? now - with(purchase).variance()
        : purchase.before().usable() ? 0 : 1;
  }

  /**
   * Buys one purchase after the other, always the one that takes most off the variance for a power
   * of its FLOPs, until nothing is offered that can be paid.
   *
   * @param most FLOPs that all purchases may cost together, those made before included
   * @param power of the FLOPs; 1 is by the FLOP
   * @param offers what a design can buy
   */
  FrontierDesign buying(
      double most, double power, Function<FrontierDesign, Stream<Purchase>> offers) {
    FrontierDesign design = this;
    while (true) {
      FrontierDesign now = design;
      double left = most - now.flops();
      Optional<Purchase> best =
          offers
              .apply(now)
              .filter(offer -> offer.flops() <= left)
              .max(
                  Comparator.comparingDouble(
                      offer -> now.taken(offer) / Math.pow(offer.flops(), power)));
      if (best.isEmpty()) {
        return now;
      }
      design = now.with(best.get());
    }
  }
}
