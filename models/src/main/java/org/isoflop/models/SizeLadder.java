package org.isoflop.models;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The decoders that can be built, smallest first: widths in steps of the head size, and for each
 * width the two depths around the aspect ratio's.
 *
 * <p>Aspect ratio: width / depth is 64 from width 512 up, as in most published families; below, the
 * depth falls as √(d/8) instead, because a 64-wide decoder of one layer cannot copy a token. The
 * two rules meet at width 512 and depth 8.
 */
public final class SizeLadder {

  private static final int SMALLEST_WIDTH = 8;
  private static final int LARGEST_WIDTH = 8192;

  private final List<DecoderConfig> rungs;

  /** Lays out the ladder for decoders that share these options. */
  public SizeLadder(DecoderOptions options) {
    List<DecoderConfig> all = new ArrayList<>();
    for (int width = SMALLEST_WIDTH; width <= LARGEST_WIDTH; width += headSize(width)) {
      int depth = (int) depth(width);
      all.add(decoder(options, depth, width));
      all.add(decoder(options, depth + 1, width));
    }
    all.sort(Comparator.comparingLong(SizeLadder::total));
    rungs = List.copyOf(all);
  }

  /** Returns every rung, by total parameters, smallest first. */
  public List<DecoderConfig> rungs() {
    return rungs;
  }

  /** Returns the rung nearest to that many total parameters, by ratio. */
  public DecoderConfig nearest(double totalParameters) {
    Checks.check(
        totalParameters > 0 && Double.isFinite(totalParameters),
        "a decoder needs a positive number of parameters, not %s",
        totalParameters);
    return rungs.stream()
        .min(Comparator.comparingDouble(rung -> Math.abs(Math.log(total(rung) / totalParameters))))
        .orElseThrow();
  }

  /** Returns the depth, not rounded, that the aspect ratio gives a width. */
  static double depth(int width) {
    return width >= 512 ? width / 64.0 : Math.sqrt(width / 8.0);
  }

  /** Returns the head size that goes with a width, also the step to the next width. */
  static int headSize(int width) {
    if (width < 64) {
      return 8;
    }
    if (width < 256) {
      return 16;
    }
    return width < 512 ? 32 : 64;
  }

  private static DecoderConfig decoder(DecoderOptions options, int layers, int width) {
    return new DecoderConfig(
        options, layers, width, width / headSize(width), options.mlp().hiddenWidth(width));
  }

  private static long total(DecoderConfig decoder) {
    return decoder.parameters().total();
  }
}
