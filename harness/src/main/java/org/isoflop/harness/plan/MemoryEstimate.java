package org.isoflop.harness.plan;

import org.isoflop.models.DecoderConfig;
import org.isoflop.models.DecoderProgram;

/**
 * Memory of a job, to tell beforehand what cannot fit: an estimate in float32, which mixed
 * precision stays below.
 *
 * <p>46 bytes per parameter were measured on a CPU: 16 hold weight, gradient and AdamW's two
 * moments; the rest is three copies of weights and moments on their way between Java and libtorch.
 * A GPU holds fewer of those: 28 bytes, counted and not measured. Activations are what the backward
 * pass of one micro-batch keeps: per token and layer about 12 vectors of the width (block input,
 * its normalised form, queries, keys and values before and after their norm, attention's output and
 * what follows it) and one hidden vector per feed-forward matrix and one more; as much again for
 * the layer that is being differentiated. Of the vocabulary's vectors (logits, their log-softmax,
 * its gradient) there are three per token of one chunk, however long the pass. Attention is taken
 * to be fused and keeps no map.
 */
final class MemoryEstimate {

  private static final long BYTES_PER_PARAMETER = 46;
  private static final long BYTES_PER_PARAMETER_ON_GPU = 28;
  private static final long BYTES_PER_ACTIVATION = 4;
  private static final long WIDTH_VECTORS_PER_LAYER = 12;
  private static final long VOCABULARY_VECTORS = 3;

  private MemoryEstimate() {}

  /** Returns the bytes of a job whose forward passes have that many tokens. */
  static long bytes(DecoderConfig decoder, long passTokens, boolean gpu) {
    long hiddenVectors = decoder.options().mlp().matrices() + 1L;
    long perLayer = WIDTH_VECTORS_PER_LAYER * decoder.width() + hiddenVectors * decoder.mlpWidth();
    long body = passTokens * (decoder.layers() + 1) * perLayer;
    int vocabulary = decoder.options().vocabulary();
    long chunk = Math.min(passTokens, DecoderProgram.chunkPositions(vocabulary));
    long head = chunk * VOCABULARY_VECTORS * vocabulary;
    return (gpu ? BYTES_PER_PARAMETER_ON_GPU : BYTES_PER_PARAMETER) * decoder.parameters().total()
        + BYTES_PER_ACTIVATION * (body + head);
  }
}
