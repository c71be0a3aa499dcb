package org.isoflop.harness.analysis.design;

import static org.isoflop.harness.Quantities.flops;
import static org.isoflop.harness.Quantities.format;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.isoflop.harness.analysis.design.FrontierDesign.Purchase;
import org.isoflop.harness.analysis.isoflop.FrontierFit;
import org.isoflop.harness.analysis.stats.Fitted;

/**
 * Which further cells shrink the interval of the exponent at the top of the range most for some
 * FLOPs: sizes at measured budgets, repeats with another seed, and curves at new budgets above.
 *
 * <p>The top exponent is the slope of ln N* over the highest half of the measured budgets, at least
 * three, and over all that are opened above: the lower end stays, or opening a budget could only
 * trade one interval for another. The search buys greedily ({@link FrontierDesign#buying}): always
 * what takes most off the variance of that slope for its FLOPs, one cell at a budget that has an
 * optimum, or as many as give it one. What a further optimum is worth shows only once it is sharp,
 * so the search runs once for every number of budgets to open above the top, one after the other at
 * the sweep's own ratio, and of incomplete ones at the top to complete, the highest; these are paid
 * for first, and the best result is taken.
 */
public final class DesignSearch {

  /** Sizes are looked for up to this factor to either side of the optimum. */
  private static final double REACH = 4;

  /** Candidate sizes at a budget, geometric: about a quarter apart. */
  private static final int CANDIDATES = 13;

  /** Further than a decade above the top, where the next optimum lies is a guess. */
  private static final double HIGHEST_NEW = 10.5;

  private static final int MOST_NEW_BUDGETS = 4;

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

  /**
   * Cells of a budget, measured ones included. More would show its optimum better than optima lie
   * on a line, for reasons that the variance leaves out.
   */
  private static final int MOST_CELLS = 24;

  /** A cell that takes less than this share off the variance is not worth its FLOPs. */
  private static final double LEAST_GAIN = 1e-4;

  /**
   * What a purchase takes off the variance is weighed against this power of its FLOPs. By the FLOP
   * alone the cheapest budget gets so much that what is left buys no cell of a dear one: up to 5%
   * more standard error. Near three quarters one search is as good as the best of three powers.
   */
  private static final double COST_POWER = 0.75;

  /** Where one budget has no ratio. */
  private static final double USUAL_RATIO = Math.sqrt(10);

  private static final MathContext DIGITS = new MathContext(3);

  private final LossSurface surface;
  private final Trainable trainable;

  /** What could be added at a budget, by size. */
  private final Map<Double, List<DesignCell>> candidates = new HashMap<>();

  /** The best purchase at a curve as it is. */
  private final Map<CurveDesign, Optional<Purchase>> next = new HashMap<>();

  /**
   * Prepares to search.
   *
   * @param surface what was measured speaks for
   * @param trainable what can be trained
   */
  public DesignSearch(LossSurface surface, Trainable trainable) {
    this.surface = surface;
    this.trainable = trainable;
  }

  /**
   * Returns the best cells to add, or why the FLOPs buy none.
   *
   * @param measured at least one cell
   * @param flops what all further cells may cost together
   */
  public Fitted<Suggestion> best(List<DesignCell> measured, double flops) {
    List<CurveDesign> curves = CurveDesign.of(surface, measured);
    FrontierDesign begun = new FrontierDesign(curves, FrontierDesign.topFrom(curves));
    List<CurveDesign> incomplete =
        curves.stream()
            .filter(curve -> !curve.usable() && curve.budget() >= begun.from())
            .filter(curve -> next(curve).isPresent())
            .toList();
    List<CurveDesign> above = above(curves, flops);
    FrontierDesign best = begun;
    for (int opened = 0; opened <= above.size(); opened++) {
      for (int skipped = 0; skipped <= incomplete.size(); skipped++) {
        List<CurveDesign> fresh = above.subList(0, opened);
        List<CurveDesign> first = new ArrayList<>(fresh);
        first.addAll(incomplete.subList(skipped, incomplete.size()));
        FrontierDesign design = begun.with(fresh);
        for (CurveDesign curve : first) {
          design = design.with(next(curve).orElseThrow());
        }
        if (design.flops() <= flops) {
          design = design.buying(flops, COST_POWER, this::offers);
          best = design.variance() < best.variance() ? design : best;
        }
      }
    }
    return best.bought().isEmpty()
        ? Fitted.refused(nothing(begun, flops))
        : Fitted.of(inOrder(begun.with(above), best.bought()));
  }

  /** Returns the best purchase at every budget that is worth its FLOPs. */
  private Stream<Purchase> offers(FrontierDesign design) {
    double variance = design.variance();
    double least = variance < Double.POSITIVE_INFINITY ? LEAST_GAIN * variance : 0;
    return design.curves().stream()
        .flatMap(curve -> next(curve).stream())
        .filter(offer -> design.taken(offer) > least);
  }

  private Optional<Purchase> next(CurveDesign curve) {
    return next.computeIfAbsent(curve, this::searched);
  }

  /** Returns the best cell more, or as many as give an optimum; none where no more are allowed. */
  private Optional<Purchase> searched(CurveDesign curve) {
    if (curve.cells().isEmpty()) {
      return Optional.of(Purchase.of(curve, curve.with(block(curve))));
    }
    CurveDesign grown = curve;
    do {
      CurveDesign now = grown;
      Optional<CurveDesign> best =
          candidates(curve).stream()
              .filter(cell -> now.runs(cell) < MOST_RUNS && now.cells().size() < MOST_CELLS)
              .map(cell -> now.with(List.of(cell)))
              .min(Comparator.comparingDouble(CurveDesign::finiteVariance));
      if (best.isEmpty()) {
        return Optional.empty();
      }
      grown = best.get();
    } while (!grown.usable());
    return Optional.of(Purchase.of(curve, grown));
  }

  /** Returns what a new budget begins with: candidates over the whole width. */
  private List<DesignCell> block(CurveDesign curve) {
    List<DesignCell> all = candidates(curve);
    int sizes = Math.min(BLOCK, all.size());
    return IntStream.range(0, sizes)
        .mapToObj(i -> all.get(Math.round(i * (all.size() - 1f) / (sizes - 1))))
        .toList();
  }

  private static String nothing(FrontierDesign design, double flops) {
    List<CurveDesign> curves = design.curves();
    double top = curves.get(curves.size() - 1).budget();
    return Double.isInfinite(design.variance())
        ? format(
            "%s FLOPs do not buy the 3 budgets with an optimum that an exponent needs; "
                + "a curve of 5 sizes at the highest budget costs %s.",
            flops(flops), flops(BLOCK * top))
        : format(
            "%s FLOPs buy no cell that would help; those at the top budgets cost %s to %s each.",
            flops(flops), flops(design.from()), flops(top));
  }

  /** Returns empty curves at the budgets above the top that can be paid together, lowest first. */
  private List<CurveDesign> above(List<CurveDesign> curves, double flops) {
    double bottom = curves.get(0).budget();
    double top = curves.get(curves.size() - 1).budget();
    double ratio =
        curves.size() == 1 ? USUAL_RATIO : Math.pow(top / bottom, 1.0 / (curves.size() - 1));
    List<CurveDesign> above = new ArrayList<>();
    double left = flops;
    for (int i = 1; i <= MOST_NEW_BUDGETS; i++) {
      double budget = new BigDecimal(top * Math.pow(ratio, i)).round(DIGITS).doubleValue();
      left -= BLOCK * budget;
      if (left < 0 || budget > HIGHEST_NEW * top) {
        break;
      }
      List<DesignCell> first = candidates(budget, Math.log(surface.law().optimalParams(budget)));
      if (first.size() < FrontierFit.FEWEST_SIZES) {
        break;
      }
      // Again about the optimum of what can be trained, whose FLOPs are not quite 6ND.
      CurveDesign curve = new CurveDesign(surface, first).emptied();
      if (!next(curve).orElseThrow().after().usable()) {
        break;
      }
      above.add(curve);
    }
    return above;
  }

  private List<DesignCell> candidates(CurveDesign curve) {
    return candidates.computeIfAbsent(
        curve.budget(), budget -> candidates(budget, curve.lnOptimum()));
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

  /**
   * Puts purchases in the order of their usefulness for their FLOPs, those of one budget as they
   * were bought, so that a user who stops early has spent well.
   */
  private static Suggestion inOrder(FrontierDesign begun, List<Purchase> bought) {
    FrontierDesign after =
        begun.buying(
            Double.POSITIVE_INFINITY,
            1,
            now -> bought.stream().filter(offer -> now.curves().contains(offer.before())));
    FrontierDesign now = begun;
    List<Suggestion.Step> steps = new ArrayList<>();
    for (Purchase purchase : after.bought()) {
      now = now.with(purchase);
      steps.add(new Suggestion.Step(purchase.cells(), error(now.variance())));
    }
    return new Suggestion(
        after.top().stream().map(CurveDesign::budget).toList(),
        steps,
        error(begun.variance()),
        Math.sqrt(after.variance()));
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
