package org.isoflop.harness.plan;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Collectors;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.config.Control;
import org.isoflop.models.DecoderConfig;

/**
 * Runs at half and twice the learning rate of a few cells, which differ from their branches in
 * nothing else: by them a sweep tells how far its rates are from the best. They stand beside the
 * cells of the middle budget that are nearest to the expected optimum, as many as the share pays
 * for; where it pays for none there, beside those of the next lower budget.
 */
final class ControlRuns {

  /** What the learning rate is multiplied by, one run each. */
  private static final List<Double> MULTIPLIERS = List.of(0.5, 2.0);

  /** More would say little more of one budget. */
  private static final int MOST_CELLS = 3;

  private final JobBuilder builder;
  private final List<Cell> cells;
  private final Map<String, List<Job>> jobs;
  private final DoubleUnaryOperator expected;
  private final Chosen chosen = new Chosen(new HashMap<>(), Optional.empty());
  private final double flops;

  /**
   * What was chosen.
   *
   * @param ofCell the runs by the ids of their cells
   * @param sentence what a person should know of it; nothing where nobody asked for any
   */
  record Chosen(Map<String, List<Job>> ofCell, Optional<String> sentence) {

    double flops() {
      return ofCell.values().stream().flatMap(List::stream).mapToDouble(Job::flops).sum();
    }
  }

  /**
   * Prepares to choose.
   *
   * @param jobs of every cell by its id, its branch among them
   * @param expected params at the optimum of a budget
   */
  ControlRuns(
      JobBuilder builder,
      List<Cell> cells,
      Map<String, List<Job>> jobs,
      DoubleUnaryOperator expected) {
    this.builder = builder;
    this.cells = cells;
    this.jobs = jobs;
    this.expected = expected;
    this.flops = jobs.values().stream().flatMap(List::stream).mapToDouble(Job::flops).sum();
  }

  /**
   * Chooses.
   *
   * @param existing jobs of an earlier plan, whose controls stay whatever is asked now
   * @param named whether the grid names its cells, to which nothing is added that nobody asks for
   */
  Chosen runs(Control asked, List<Job> existing, boolean named) {
    for (Job job : existing) {
      if (job.isFor(Horizon.Use.CONTROL)) {
        String cell = job.id().substring(0, job.id().lastIndexOf(JobBuilder.CONTROL));
        chosen.ofCell().computeIfAbsent(cell, any -> new ArrayList<>()).add(job);
      }
    }
    if (asked.share() == 0 || (asked.auto() && (named || !existing.isEmpty()))) {
      return chosen.ofCell().isEmpty() ? chosen : said();
    }
    List<Double> budgets = cells.stream().map(Cell::budget).distinct().sorted().toList();
    boolean single = false;
    for (int i = (budgets.size() - 1) / 2; i >= 0; i--) {
      List<Cell> nearest = nearest(budgets.get(i));
      single |= !nearest.isEmpty();
      if (add(nearest, asked.share())) {
        return said();
      }
    }
    return new Chosen(
        chosen.ofCell(),
        Optional.of(
            single
                ? Quantities.format(
                    "none: at %s FLOPs, the lowest budget, one cell at half and twice its learning"
                        + " rate takes more than %s of the sweep's FLOPs, which training.control"
                        + " allows",
                    Quantities.flops(budgets.get(0)), Quantities.percent(asked.share()))
                : "none: the cells of the lower budgets are trained with several learning rates"
                    + " anyway"));
  }

  /** Returns one cell of every size of a budget that has one learning rate, the nearest first. */
  private List<Cell> nearest(double budget) {
    Map<DecoderConfig, List<Cell>> sizes =
        cells.stream()
            .filter(cell -> cell.budget() == budget)
            .collect(Collectors.groupingBy(Cell::decoder, LinkedHashMap::new, Collectors.toList()));
    double lnExpected = Math.log(expected.applyAsDouble(budget));
    return sizes.values().stream()
        .filter(size -> size.stream().map(c -> c.setting().learningRate()).distinct().count() == 1)
        .map(
            size ->
                size.stream()
                    .min(
                        Comparator.comparingDouble((Cell cell) -> cell.setting().distance())
                            .thenComparingLong(Cell::seed))
                    .orElseThrow())
        .sorted(
            Comparator.comparingDouble(
                cell ->
                    Math.abs(Math.log((double) cell.decoder().parameters().total()) - lnExpected)))
        .limit(MOST_CELLS)
        .toList();
  }

  /** Adds the runs of these cells while they fit, and returns whether any is there now. */
  private boolean add(List<Cell> nearest, double share) {
    boolean any = false;
    for (Cell cell : nearest) {
      if (chosen.ofCell().containsKey(cell.id())) {
        any = true;
        continue;
      }
      Job branch =
          jobs.get(cell.id()).stream()
              .filter(j -> j.id().equals(cell.id()))
              .findFirst()
              .orElseThrow();
      List<Job> own = MULTIPLIERS.stream().map(m -> builder.control(branch, m)).toList();
      double control = chosen.flops() + own.stream().mapToDouble(Job::flops).sum();
      if (control > share * (flops + control)) {
        break;
      }
      chosen.ofCell().put(cell.id(), own);
      any = true;
    }
    return any;
  }

  private Chosen said() {
    Collection<List<Job>> all = chosen.ofCell().values();
    return new Chosen(
        chosen.ofCell(),
        Optional.of(
            Quantities.format(
                "%d runs at half and twice the learning rate, to tell how far the rates are from"
                    + " the best: %s; %s of the FLOPs",
                all.stream().mapToInt(List::size).sum(),
                Place.words(all.stream().map(own -> Place.of(own.get(0))).toList()),
                Quantities.percent(chosen.flops() / (flops + chosen.flops())))));
  }
}
