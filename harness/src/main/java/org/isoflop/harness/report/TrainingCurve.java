package org.isoflop.harness.report;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The losses of one job as they are drawn.
 *
 * @param job the job's id
 * @param lineage the first job of its trunk, or the job itself where it has none
 * @param parent the job it went on from, where it did
 * @param budget the budget it is trained for, FLOPs, where plan or points say it
 * @param params parameters, N, where plan or points say it
 * @param samples training losses of the job's own steps, in the order they were logged, already
 *     averaged and thinned
 * @param evaluations validation losses along its own steps, as logged
 */
public record TrainingCurve(
    String job,
    String lineage,
    Optional<String> parent,
    OptionalDouble budget,
    OptionalDouble params,
    List<Sample> samples,
    List<Sample> evaluations) {

  /** Copies the lists. */
  public TrainingCurve {
    Objects.requireNonNull(job, "job");
    Objects.requireNonNull(lineage, "lineage");
    Objects.requireNonNull(parent, "parent");
    Objects.requireNonNull(budget, "budget");
    Objects.requireNonNull(params, "params");
    samples = List.copyOf(samples);
    evaluations = List.copyOf(evaluations);
  }

  /**
   * The loss at one place of a run.
   *
   * @param tokens training tokens seen, D
   * @param loss nats per token
   */
  public record Sample(double tokens, double loss) {}
}
