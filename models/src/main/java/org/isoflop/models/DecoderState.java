package org.isoflop.models;

import java.util.ArrayList;
import java.util.List;

/**
 * Everything a training run must keep to go on as if it had never stopped: what a checkpoint holds.
 * The lists follow {@link WeightMatrix#of}; each array is one matrix, row by row.
 *
 * @param step optimiser steps taken
 * @param weights float32 weights
 * @param firstMoments AdamW's running mean of the gradient
 * @param secondMoments AdamW's running mean of the squared gradient
 */
public record DecoderState(
    long step, List<float[]> weights, List<float[]> firstMoments, List<float[]> secondMoments) {

  /**
   * Returns the state before the first step: normal weights of each matrix's scale, moments zero.
   * The same decoder and seed give the same weights on every device.
   */
  public static DecoderState initial(DecoderConfig decoder, long seed) {
    List<float[]> weights = new ArrayList<>();
    List<float[]> firstMoments = new ArrayList<>();
    List<float[]> secondMoments = new ArrayList<>();
    for (WeightMatrix matrix : WeightMatrix.of(decoder)) {
      NormalNumbers normal = new NormalNumbers(seed, weights.size());
      float[] values = new float[matrix.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) (normal.next() * matrix.initialStd());
      }
      weights.add(values);
      firstMoments.add(new float[values.length]);
      secondMoments.add(new float[values.length]);
    }
    return new DecoderState(0, weights, firstMoments, secondMoments);
  }
}
