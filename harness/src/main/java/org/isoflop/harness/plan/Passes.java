package org.isoflop.harness.plan;

import java.util.Optional;
import org.isoflop.harness.Quantities;
import org.isoflop.models.DecoderConfig;
import org.isoflop.models.DecoderProgram;
import org.isoflop.models.DeviceMemory;

/**
 * How much of a batch goes through the decoder at once: as much as the user says, or else as much
 * as fits. It is a resource and no part of what is trained, so each worker may choose its own.
 *
 * @param asked most tokens of a pass, where the user says
 * @param bytes memory that a job may take
 * @param gpu whether that is a GPU's
 */
public record Passes(Optional<Integer> asked, long bytes, boolean gpu) {

  /** Longer passes are no faster on any device that was timed. */
  static final int MOST_TOKENS = 16_384;

  /** Of what is free; the rest is for what the estimate and fragmentation may take besides. */
  private static final double SHARE_OF_FREE = 0.9;

  /** The estimate was never this much too high; what is over by more fails for certain. */
  static final double ESTIMATE_ERROR = 1.5;

  private static final long BYTES_PER_PARAMETER = 46;
  private static final long BYTES_PER_PARAMETER_ON_GPU = 28;
  private static final long BYTES_PER_ACTIVATION = 4;
  private static final long WIDTH_VECTORS_PER_LAYER = 12;
  private static final long VOCABULARY_VECTORS = 3;

  /** Passes that no memory limits. */
  public static Passes unlimited(Optional<Integer> asked) {
    return new Passes(asked, Long.MAX_VALUE, false);
  }

  /**
   * Returns the passes of one of several workers that share a device, each of which gets as much.
   *
   * @param memory of the device, where it can be told
   * @param overhead bytes that the workers will need besides, all together
   */
  static Passes shared(
      Optional<Integer> asked,
      Optional<DeviceMemory> memory,
      double overhead,
      int workers,
      boolean gpu) {
    return memory
        .map(here -> SHARE_OF_FREE * here.availableBytes() - overhead)
        .map(free -> new Passes(asked, (long) Math.max(0, free / workers), gpu))
        .orElseGet(() -> unlimited(asked));
  }

  /** The same, of workers that run already. */
  public static Passes shared(
      Optional<Integer> asked, Optional<DeviceMemory> memory, int workers, boolean gpu) {
    return shared(asked, memory, 0, workers, gpu);
  }

  /** Returns these passes in no more than that much memory. */
  public Passes within(Passes other) {
    return new Passes(asked, Math.min(bytes, other.bytes()), gpu);
  }

  /**
   * Returns the most sequences of a pass, at least 1, whether that fits or not. It is more than a
   * small batch has where memory allows: losses are taken in passes that no batch bounds.
   */
  public int most(Job job) {
    int most = uncut(job);
    if (asked.isPresent() || bytes(job, most) <= bytes) {
      return most;
    }
    most = longest(job, most);
    while (most > 1 && bytes(job, most) > bytes) {
      most = halved(job, most);
    }
    return most;
  }

  /** Returns the sequences of the longest pass that a job trains with. */
  int trained(Job job) {
    return longest(job, most(job));
  }

  /** Returns whether memory makes a job's passes shorter than they would be. */
  boolean cut(Job job) {
    return trained(job) < longest(job, uncut(job));
  }

  private int uncut(Job job) {
    return Math.max(1, asked.orElse(MOST_TOKENS) / job.decoder().options().context());
  }

  /** Returns the most sequences of a pass once passes of the batch are at most half as long. */
  public static int halved(Job job, int most) {
    return longest(job, (longest(job, most) + 1) / 2);
  }

  /** The training program splits a batch evenly. */
  private static int longest(Job job, int most) {
    int passes = (job.batchSequences() - 1) / most + 1;
    return (job.batchSequences() - 1) / passes + 1;
  }

  /** Returns the memory that a job needs with passes so long. */
  long bytes(Job job, int sequences) {
    long tokens = (long) sequences * job.decoder().options().context();
    return bytes(job.decoder(), tokens, gpu);
  }

  /**
   * Returns the bytes of a job whose forward passes have that many tokens, to tell beforehand what
   * cannot fit: an estimate in float32, which mixed precision stays below.
   *
   * <p>46 bytes per parameter were measured on a CPU: 16 hold weight, gradient and AdamW's two
   * moments; the rest is three copies of weights and moments on their way between Java and
   * libtorch. A GPU holds fewer of those: 28 bytes, counted and not measured. Activations are what
   * the backward pass of one micro-batch keeps: per token and layer about 12 vectors of the width
   * (block input, its normalised form, queries, keys and values before and after their norm,
   * attention's output and what follows it) and one hidden vector per feed-forward matrix and one
   * more; as much again for the layer that is being differentiated. Of the vocabulary's vectors
   * (logits, their log-softmax, its gradient) there are three per token of one chunk, however long
   * the pass. Attention is taken to be fused and keeps no map.
   */
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

  /** Returns why a job cannot be trained at all, where that is sure. */
  public Optional<String> refusal(Job job) {
    int sequences = trained(job);
    long needed = bytes(job, sequences);
    return asked.isPresent() || needed <= ESTIMATE_ERROR * bytes
        ? Optional.empty()
        : Optional.of(
            Quantities.format(
                "out of memory: it needs about %s with one sequence in a pass, and a worker has %s"
                    + " here; use fewer --slots, or a device with more memory",
                Quantities.bytes((double) needed), Quantities.bytes((double) bytes)));
  }
}
