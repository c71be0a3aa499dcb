package org.isoflop.harness.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.config.SweepConfig;
import org.isoflop.models.DecoderConfig;

/**
 * Everything a sweep will train, decided before any of it runs.
 *
 * @param forecasts the jobs, with what each will cost: by budget, then by total parameters; each
 *     after its parent
 * @param dropped cells left out, each with its reason
 * @param warnings what is suspicious about the plan, one sentence each
 * @param control which cells are trained at other learning rates too, to check those of all, or why
 *     none is, where that was asked for
 * @param passes that its batches take on the device at hand
 */
public record Plan(
    List<JobForecast> forecasts,
    List<DroppedCell> dropped,
    List<String> warnings,
    Optional<String> control,
    Passes passes) {

  /** Copies the lists. */
  public Plan {
    forecasts = List.copyOf(forecasts);
    dropped = List.copyOf(dropped);
    warnings = List.copyOf(warnings);
  }

  /**
   * Plans a sweep.
   *
   * @param config what the user asked for
   * @param data what the corpus holds
   * @param throughput how fast the device at hand trains
   * @throws BadInputException where no cell is left, the corpus is too small for the horizons, or
   *     nothing could be identified from the cells that are left
   */
  public static Plan of(SweepConfig config, DataFacts data, Throughput throughput) {
    return of(config, data, throughput, List.of());
  }

  /** Plans what a sweep is to be extended to, on a device that has room for any pass. */
  public static Plan of(
      SweepConfig config, DataFacts data, Throughput throughput, List<Job> existing) {
    Passes any = Passes.unlimited(config.training().microBatchTokens());
    return of(config, data, throughput, any, existing);
  }

  /**
   * Plans what a sweep is to be extended to.
   *
   * @param passes as the device at hand has room for
   * @param existing jobs of its plan so far, which all stay as they are
   */
  public static Plan of(
      SweepConfig config,
      DataFacts data,
      Throughput throughput,
      Passes passes,
      List<Job> existing) {
    return new Planner(config, data, throughput, passes, existing).plan();
  }

  /** Returns this plan with more warnings, which come first. */
  public Plan warnedOf(List<String> more) {
    return new Plan(
        forecasts,
        dropped,
        Stream.concat(more.stream(), warnings.stream()).toList(),
        control,
        passes);
  }

  /** Returns the jobs, in the plan's order. */
  public List<Job> jobs() {
    return forecasts.stream().map(JobForecast::job).toList();
  }

  /** Returns the jobs that end in the horizon of a cell, in the plan's order. */
  public List<JobForecast> horizons() {
    return runs(Horizon.Use.POINT);
  }

  /** Returns the jobs that end in a horizon for one use, in the plan's order. */
  public List<JobForecast> runs(Horizon.Use use) {
    return forecasts.stream().filter(forecast -> forecast.job().isFor(use)).toList();
  }

  /** Returns one of the horizons of every cell and seed, whichever settings it is trained with. */
  public List<JobForecast> points() {
    Map<List<Object>, JobForecast> points = new LinkedHashMap<>();
    for (JobForecast forecast : horizons()) {
      Job job = forecast.job();
      points.putIfAbsent(List.of(Place.of(job), job.seed()), forecast);
    }
    return List.copyOf(points.values());
  }

  /** Returns the points that are not of the first seed of their cell, in the plan's order. */
  public List<JobForecast> repeats() {
    List<JobForecast> repeats = new ArrayList<>(points());
    repeats.removeAll(ofFirstSeeds());
    return repeats;
  }

  /** Returns the horizons of every cell's first seed, in the plan's order. */
  List<JobForecast> ofFirstSeeds() {
    Map<Place, Long> first = new HashMap<>();
    for (JobForecast forecast : horizons()) {
      first.merge(Place.of(forecast.job()), forecast.job().seed(), Math::min);
    }
    return horizons().stream()
        .filter(forecast -> forecast.job().seed() == first.get(Place.of(forecast.job())))
        .toList();
  }

  /** Returns the exact training FLOPs of all jobs; what horizons share is counted once. */
  public double flops() {
    return forecasts.stream().mapToDouble(forecast -> forecast.job().flops()).sum();
  }

  /** Returns the exact training FLOPs that the same horizons would take as runs of their own. */
  public double separateFlops() {
    return forecasts.stream()
        .flatMap(forecast -> forecast.job().horizon().stream())
        .mapToDouble(Horizon::flops)
        .sum();
  }

  /** Returns how long the jobs take. */
  public JobTimes times() {
    return JobTimes.of(forecasts, JobForecast::job, JobForecast::seconds);
  }

  /**
   * Returns the seconds until the last job ends, see {@link JobTimes#untilAllEnd}.
   *
   * @param slots jobs that run at once, at least 1
   */
  public double seconds(int slots) {
    return times().untilAllEnd(slots, Set.of());
  }

  /**
   * A cell the grid asked for and the plan leaves out.
   *
   * @param budget FLOPs of the cell
   * @param params total parameters the cell was to have
   * @param reason why it is left out, as a sentence without its full stop
   */
  public record DroppedCell(double budget, double params, String reason) {

    /** Refuses a cell without a reason with {@link IllegalArgumentException}. */
    public DroppedCell {
      Checks.check(!reason.isBlank(), "a cell of budget %s is dropped without a reason", budget);
    }

    /** Returns which it is and why it is left out, for a person. */
    public String words() {
      return Quantities.format(
          "%s FLOPs, %s params: %s", Quantities.flops(budget), Quantities.count(params), reason);
    }
  }

  /** How fast the device at hand trains; the one measured quantity of a plan. */
  @FunctionalInterface
  public interface Throughput {

    /**
     * Returns the exact training FLOPs per second of one slot.
     *
     * @param decoder what is trained
     * @param passTokens tokens of one forward and backward pass
     */
    double flopsPerSecond(DecoderConfig decoder, int passTokens);

    /**
     * Returns the total parameters of the largest decoder whose speed is known; that of larger ones
     * is a guess.
     */
    default double largestMeasured() {
      return Double.POSITIVE_INFINITY;
    }
  }
}
