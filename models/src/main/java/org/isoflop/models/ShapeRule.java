package org.isoflop.models;

import static org.isoflop.models.Checks.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How a width becomes a decoder: its depth, its heads, its feed-forward block.
 *
 * <p>Customary are a depth of width / 64 from width 512 up, as in most published families; below,
 * √(width / 8) instead, because a 64-wide decoder of one layer cannot copy a token. The two meet at
 * width 512 and depth 8. Each width has one depth, the nearest to that, so that no decoder is
 * deeper than a larger one; and two layers at least, unless fewer are asked for: from one to two
 * the loss jumps by up to a twentieth ({@code docs/recipe.md}).
 *
 * @param aspect width / depth, at all widths; empty for the customary depth
 * @param layers depth at all widths; empty where an aspect or custom decides
 * @param headSize dimensions of a head, also the step from a width to the next; empty for 8, 16, 32
 *     and 64, each from a width of 8 and of 64, 256 and 512 on, but for steps of 4 up to width 32,
 *     with heads of up to 14 there: sizes would lie up to a factor 2.5 apart
 * @param mlpRatio hidden width / width, met to the nearest multiple of 8; empty for {@link
 *     MlpKind#ratio}
 */
public record ShapeRule(
    Optional<Double> aspect,
    Optional<Integer> layers,
    Optional<Integer> headSize,
    Optional<Double> mlpRatio) {

  /** Everything as is customary. */
  public static final ShapeRule CUSTOMARY =
      new ShapeRule(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  private static final int FEWEST_LAYERS = 2;
  private static final int SMALLEST_WIDTH = 8;
  private static final int LARGEST_WIDTH = 8192;

  /** Hidden widths are multiples of this, for the sake of the matrix product. */
  private static final int MLP_STEP = 8;

  /** Refuses what gives no decoder with {@link IllegalArgumentException}. */
  public ShapeRule {
    check(aspect.isEmpty() || aspect.get() > 0, "aspect must be positive, is %s", aspect);
    check(layers.isEmpty() || layers.get() >= 1, "layers must be at least 1, are %s", layers);
    check(
        headSize.isEmpty() || (headSize.get() >= 2 && headSize.get() % 2 == 0),
        "heads must have an even number of dimensions, have %s",
        headSize);
    check(mlpRatio.isEmpty() || mlpRatio.get() > 0, "MLP ratio must be positive, is %s", mlpRatio);
  }

  /** Returns the depth asked for at a width, not rounded. */
  public double layers(int width) {
    if (layers.isPresent()) {
      return layers.get();
    }
    double depth =
        aspect
            .map(ratio -> width / ratio)
            .orElse(width >= 512 ? width / 64.0 : Math.sqrt(width / 8.0));
    return Math.max(FEWEST_LAYERS, depth);
  }

  /** Returns the hidden width asked for at a width, not rounded. */
  public double mlpWidth(MlpKind kind, int width) {
    return mlpRatio.orElse(kind.ratio()) * width;
  }

  /** Returns the heads at a width, each of its head size or little more. */
  public int heads(int width) {
    int heads = Math.max(1, width / headSize(width));
    while (width % (2 * heads) != 0 && heads > 1) {
      heads--;
    }
    return heads;
  }

  /** Returns a decoder of that width and depth with the heads and the hidden width of this rule. */
  public DecoderConfig decoder(DecoderOptions options, int layers, int width) {
    long steps = Math.max(1, Math.round(mlpWidth(options.mlp(), width) / MLP_STEP));
    return new DecoderConfig(
        options, layers, width, heads(width), Math.toIntExact(steps * MLP_STEP));
  }

  /** Returns every decoder there is by this rule, up to a width of 8192. */
  List<DecoderConfig> decoders(DecoderOptions options) {
    List<DecoderConfig> all = new ArrayList<>();
    int step = headSize(SMALLEST_WIDTH);
    int first = (SMALLEST_WIDTH + step - 1) / step * step;
    for (int width = first; width <= LARGEST_WIDTH; width += step(width)) {
      all.add(decoder(options, Math.toIntExact(Math.round(layers(width))), width));
    }
    return all;
  }

  private int step(int width) {
    int step = headSize(width);
    return headSize.isEmpty() && width < 4 * SMALLEST_WIDTH ? step / 2 : step;
  }

  private int headSize(int width) {
    if (headSize.isPresent()) {
      return headSize.get();
    }
    if (width < 64) {
      return 8;
    }
    if (width < 256) {
      return 16;
    }
    return width < 512 ? 32 : 64;
  }
}
