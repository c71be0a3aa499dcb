package org.isoflop.harness.train;

import org.isoflop.harness.plan.Job;
import org.isoflop.models.Precision;
import org.isoflop.models.TokenArrays;

/**
 * What every job of a sweep trains and is evaluated on.
 *
 * @param arrays both splits, on the device the jobs run on
 * @param trainTokens tokens of the training split
 * @param validationOffsets where the evaluated windows start in the validation split
 * @param defaultPrecision of jobs that leave it to the device
 * @param tokensPerByte tokens per byte of text in the validation split; turns nats per token into
 *     bits per byte
 */
@SuppressWarnings("ArrayRecordComponent") // shared by reference, never compared
public record TrainingData(
    TokenArrays arrays,
    long trainTokens,
    long[] validationOffsets,
    Precision defaultPrecision,
    double tokensPerByte) {

  /** Returns the precision a job is trained in here. */
  Precision precision(Job job) {
    return job.precision().orElse(defaultPrecision);
  }

  /** Returns a loss in bits per byte of text. */
  double bitsPerByte(double natsPerToken) {
    return natsPerToken * tokensPerByte / Math.log(2);
  }
}
