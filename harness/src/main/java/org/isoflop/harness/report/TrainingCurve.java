package org.isoflop.harness.report;

import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;

/**
 * The training loss of one job as it is drawn: already averaged and thinned.
 *
 * @param job the job's id
 * @param budget the largest budget the job serves, FLOPs, where a finished point says it
 * @param params parameters, N, where a finished point says it
 * @param samples in the order they were logged; where tokens fall, a branch ended and the trunk
 *     went on
 */
public record TrainingCurve(
    String job, OptionalDouble budget, OptionalDouble params, List<Sample> samples) {

  /** Copies the list. */
  public TrainingCurve {
    Objects.requireNonNull(job, "job");
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
