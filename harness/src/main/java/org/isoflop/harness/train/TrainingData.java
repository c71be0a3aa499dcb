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
 * @param unigramNats entropy of a byte of the training text taken by itself, nats
 * @param conditions what all jobs have in common
 */
@SuppressWarnings("ArrayRecordComponent") // shared by reference, never compared
public record TrainingData(
    TokenArrays arrays,
    long trainTokens,
    long[] validationOffsets,
    double tokensPerByte,
    double unigramNats,
    Conditions conditions) {

  /** Returns the training loss that the frequencies of the text's bytes alone would reach. */
  double unigramNatsPerToken() {
    return unigramNats / tokensPerByte;
  }

  /** Returns a loss in bits per byte of text. */
  double bitsPerByte(double natsPerToken) {
    return natsPerToken * tokensPerByte / Math.log(2);
  }
}
