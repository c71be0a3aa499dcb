package org.isoflop.harness.report;

import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;

/**
 * The training loss of one job as it is drawn: already averaged and thinned.
 *
 * @param job the job's id
 * @param lineage the first job of its trunk, or the job itself where it has none
 * @param budget the budget it is trained for, FLOPs, where plan or points say it
 * @param params parameters, N, where plan or points say it
 * @param samples of the job's own steps, in the order they were logged
 */
public record TrainingCurve(
    String job,
    String lineage,
    OptionalDouble budget,
    OptionalDouble params,
    List<Sample> samples) {

  /** Copies the list. */
  public TrainingCurve {
    Objects.requireNonNull(job, "job");
    Objects.requireNonNull(lineage, "lineage");
    Objects.requireNonNull(budget, "budget");
    Objects.requireNonNull(params, "params");
    samples = List.copyOf(samples);
  }

  /**
   * The loss at one place of a run.
   *
   * @param tokens training tokens seen, D
   * @param loss training loss, nats per token
   */
  public record Sample(double tokens, double loss) {}
}
