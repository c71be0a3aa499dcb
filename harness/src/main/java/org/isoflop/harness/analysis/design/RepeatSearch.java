package org.isoflop.harness.analysis.design;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.isoflop.harness.analysis.design.FrontierDesign.Purchase;

/**
 * Which cells of a grid to run again with other seeds, so that the interval of the exponent a over
 * all budgets shrinks most for some FLOPs: one run after the other, always the one that takes most
 * off the variance of a for what it costs, as long as that is more than the same FLOPs would,
 * spread over the whole grid.
 */
public final class RepeatSearch {

  /** Sums of the same FLOPs in another order may differ by this share. */
  private static final double ROUNDING = 1e-9;

  /** What one more run of a cell costs, where runs may go on from each other's trunks. */
  @FunctionalInterface
  public interface Cost {

    /**
     * Returns the further FLOPs, positive.
     *
     * @param cell number of the cell
     * @param runs of every cell there are already
     */
    double flops(int cell, int[] runs);
  }

  private final LossSurface surface;
  private final List<DesignCell> cells;

  /**
   * Prepares to search.
   *
   * @param surface that is expected
   * @param cells all different
   */
  public RepeatSearch(LossSurface surface, List<DesignCell> cells) {
    this.surface = surface;
    this.cells = List.copyOf(cells);
  }

  /**
   * Returns the cells to run once more, the most useful for its FLOPs first; the same again and
   * again gets several runs. None where fewer than three budgets can have an optimum.
   *
   * @param begun runs of every cell there are already, at least 1
   * @param most runs that a cell may come to
   * @param grid what one run of every cell costs, FLOPs
   * @param flops what all further runs may cost together
   */
  public List<Integer> best(int[] begun, int most, double grid, double flops, Cost cost) {
    List<DesignCell> all =
        IntStream.range(0, begun.length)
            .boxed()
            .flatMap(i -> Collections.nCopies(begun[i], cells.get(i)).stream())
            .toList();
    FrontierDesign design = new FrontierDesign(CurveDesign.of(surface, all), 0);
    if (Double.isInfinite(design.variance())) {
      return List.of(); // no exponent, and nothing that could sharpen it
    }
    return design
        .buying(
            flops * (1 + ROUNDING),
            1,
            now ->
                repeats(now, most, cost)
                    // Variance goes down as one over what is spent on all alike.
                    .filter(one -> now.taken(one) / one.flops() > now.variance() / grid))
        .bought()
        .stream()
        .map(one -> cells.indexOf(one.cells().get(0)))
        .toList();
  }

  /** Returns one more run of every cell that may have one. */
  private Stream<Purchase> repeats(FrontierDesign design, int most, Cost cost) {
    int[] runs =
        cells.stream()
            .mapToInt(cell -> Collections.frequency(curve(design, cell).cells(), cell))
            .toArray();
    return IntStream.range(0, runs.length)
        .filter(i -> runs[i] < most)
        .mapToObj(
            i -> {
              CurveDesign curve = curve(design, cells.get(i));
              return new Purchase(curve, curve.with(List.of(cells.get(i))), cost.flops(i, runs));
            });
  }

  private static CurveDesign curve(FrontierDesign design, DesignCell cell) {
    return design.curves().stream()
        .filter(curve -> curve.budget() == cell.budget())
        .findFirst()
        .orElseThrow();
  }
}
