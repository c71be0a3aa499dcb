package org.isoflop.harness.train;

import org.isoflop.models.TokenArrays;

/**
 * What every job of a sweep trains and is evaluated on.
 *
 * @param arrays both splits, on the device the jobs run on
 * @param trainTokens tokens of the training split
 * @param validationOffsets where the evaluated windows start in the validation split
 * @param tokensPerByte tokens per byte of text in the validation split; turns nats per token into
 *     bits per byte
 * @param conditions what all jobs have in common
 */
@SuppressWarnings("ArrayRecordComponent") // shared by reference, never compared
public record TrainingData(
    TokenArrays arrays,
    long trainTokens,
    long[] validationOffsets,
    double tokensPerByte,
    Conditions conditions) {

  /** Returns a loss in bits per byte of text. */
  double bitsPerByte(double natsPerToken) {
    return natsPerToken * tokensPerByte / Math.log(2);
  }
}
