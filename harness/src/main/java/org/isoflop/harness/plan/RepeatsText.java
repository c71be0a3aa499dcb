package org.isoflop.harness.plan;

import static org.isoflop.harness.Quantities.duration;
import static org.isoflop.harness.Quantities.flops;
import static org.isoflop.harness.Quantities.format;
import static org.isoflop.harness.Quantities.percent;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What a plan says of cells that are trained several times: how often, where, what it costs. */
final class RepeatsText {

  private final Plan plan;
  private final Lineages lineages;

  /** The runs of one cell, in the order in which they count: the first seed first. */
  private final Map<Place, List<Job>> runs;

  RepeatsText(Plan plan, Lineages lineages) {
    this.plan = plan;
    this.lineages = lineages;
    this.runs =
        plan.jobs().stream()
            .filter(job -> job.point().isPresent())
            .sorted(Comparator.comparingLong(Job::seed))
            .collect(Collectors.groupingBy(Place::of));
  }

  /** Returns the sentence, without its full stop; empty where every cell is trained once. */
  Optional<String> sentence() {
    if (runs.values().stream().allMatch(ofCell -> ofCell.size() == 1)) {
      return Optional.empty();
    }
    return Optional.of(
        runs.values().stream().map(RepeatsText::seeds).distinct().count() == 1 ? even() : placed());
  }

  private static long seeds(List<Job> ofCell) {
    return ofCell.stream().mapToLong(Job::seed).distinct().count();
  }

  /** Says what all settings and seeds cost beside one run of every cell. */
  private String even() {
    double once = flopsOf(branch -> branch.equals(runs.get(Place.of(branch)).get(0)));
    return format(
        "%d runs of %d cells with other settings or seeds, the best setting of each its point;"
            + " %.1f times the FLOPs of one run of each",
        runs.values().stream().mapToInt(List::size).sum(), runs.size(), plan.flops() / once);
  }

  /** Says which budgets have cells of more seeds than others, and what all but the first cost. */
  private String placed() {
    Predicate<Job> further = job -> job.seed() > runs.get(Place.of(job)).get(0).seed();
    Map<Double, Long> byBudget = new TreeMap<>();
    runs.forEach((place, ofCell) -> byBudget.merge(place.budget(), seeds(ofCell) - 1, Long::sum));
    double cost = flopsOf(further);
    return format(
        "%d further seeds at %d of %d cells (%s), for %s more FLOPs (%s) and %s more time",
        byBudget.values().stream().mapToLong(count -> count).sum(),
        runs.values().stream().filter(ofCell -> seeds(ofCell) > 1).count(),
        runs.size(),
        byBudget.entrySet().stream()
            .filter(entry -> entry.getValue() > 0)
            .map(entry -> entry.getValue() + " at " + flops(entry.getKey()))
            .collect(Collectors.joining(", ")),
        percent(cost / (flopsOf(branch -> true) - cost)),
        flops(cost),
        duration(
            plan.forecasts().stream()
                .filter(job -> lineages.branch(job.job()).point().isPresent())
                .filter(job -> further.test(lineages.branch(job.job())))
                .mapToDouble(JobForecast::seconds)
                .sum()));
  }

  /** Returns the FLOPs of some branches and of the stretches of trunks that they end. */
  private double flopsOf(Predicate<Job> branches) {
    return plan.jobs().stream()
        .filter(job -> lineages.branch(job).point().isPresent())
        .filter(job -> branches.test(lineages.branch(job)))
        .mapToDouble(Job::flops)
        .sum();
  }
}
