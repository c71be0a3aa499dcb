package org.isoflop.harness.plan;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.config.SweepConfig;
import org.isoflop.models.DecoderConfig;

/**
 * Everything a sweep will train, decided before any of it runs.
 *
 * @param jobs by budget, then by total parameters; each after its parent
 * @param dropped cells left out, each with its reason
 * @param warnings what is suspicious about the plan, one sentence each
 * @param control which cells are trained at other learning rates too, to check those of all, or why
 *     none is, where that was asked for
 * @param forecast what it will cost
 * @param passes that its batches take on the device at hand
 */
public record Plan(
    List<Job> jobs,
    List<DroppedCell> dropped,
    List<String> warnings,
    Optional<String> control,
    PlanForecast forecast,
    Passes passes) {

  /** Copies the lists. */
  public Plan {
    jobs = List.copyOf(jobs);
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
        jobs,
        dropped,
        Stream.concat(more.stream(), warnings.stream()).toList(),
        control,
        forecast,
        passes);
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
