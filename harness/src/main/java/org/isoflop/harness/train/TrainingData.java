package org.isoflop.harness.train;

import ai.djl.Device;
import org.isoflop.harness.BitsPerByte;
import org.isoflop.harness.data.windows.Tokens;

/**
 * What every job of a sweep trains and is evaluated on.
 *
 * @param train tokens of the training split
 * @param validation tokens held out
 * @param device where the jobs run
 * @param tokensPerByte tokens per byte of text in the validation split; turns nats per token into
 *     bits per byte
 * @param unigramNats entropy of a byte of the training text taken by itself, nats
 * @param conditions what all jobs have in common
 */
public record TrainingData(
    Tokens train,
    Tokens validation,
    Device device,
    double tokensPerByte,
    double unigramNats,
    Conditions conditions) {

  /** Returns the training loss that the frequencies of the text's bytes alone would reach. */
  double unigramNatsPerToken() {
    return unigramNats / tokensPerByte;
  }

  /** Returns a loss in bits per byte of text. */
  double bitsPerByte(double natsPerToken) {
    return BitsPerByte.of(natsPerToken, tokensPerByte);
  }
}
