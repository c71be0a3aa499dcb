package org.isoflop.harness.data.windows;

/**
 * Which window each sequence of a run is: a pure function of seed and number, so that a resumed
 * run, another device or another process sees the same text in the same order without any state.
 *
 * <p>Sequence n = step·batch + i of a run is the window at position n mod {@link #windows} of epoch
 * n / {@link #windows}; each epoch is a shuffle of its own. So an epoch visits every window once
 * before any is repeated, a batch may reach into the next epoch, and the order of the text does not
 * depend on the batch size.
 */
public final class WindowSampler {

  private final int context;
  private final long seed;
  private final long windows;

  /**
   * Prepares to sample a train split.
   *
   * @param tokens tokens of the split
   * @param context tokens of a sequence
   * @param seed picks the order
   * @throws org.isoflop.harness.BadInputException where the split is shorter than context + 1
   */
  public WindowSampler(long tokens, int context, long seed) {
    this.context = context;
    this.seed = seed;
    this.windows = Windows.require("train", tokens, context);
  }

  /** Returns the windows of an epoch; see {@link Windows} for how a split is cut. */
  public long windows() {
    return windows;
  }

  /**
   * Returns where some sequences of a run start.
   *
   * @param sequence number of the first one, from 0: step·batch where a step begins
   * @param count how many, at least 1
   * @return {@code count} token offsets, multiples of the context
   */
  public long[] offsets(long sequence, int count) {
    if (sequence < 0 || count < 1) {
      throw new IllegalArgumentException(count + " sequences from " + sequence);
    }
    long[] offsets = new long[count];
    long epoch = sequence / windows;
    long position = sequence % windows;
    WindowPermutation order = new WindowPermutation(windows, seed, epoch);
    for (int i = 0; i < count; i++) {
      offsets[i] = order.at(position) * context;
      if (++position == windows) {
        position = 0;
        order = new WindowPermutation(windows, seed, ++epoch);
      }
    }
    return offsets;
  }
}
