package org.isoflop.harness.analysis.isoflop;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BiFunction;

/**
 * The part of their noise that points which belong together have in common, a random effect of the
 * group: of a trunk ({@link TrunkNoise}), or of a cell that has repeats ({@link CellNoise}).
 */
final class SharedNoise {

  /** No share is taken to be all of the noise. */
  static final double MOST = 0.95;

  private final int[][] group;
  private final double share;
  private final double scale;

  /**
   * Takes what is shared.
   *
   * @param group number of every point's group, by curve
   * @param share of the variance that the points of a group have in common
   * @param scale by which the noise is larger than points all on their own would make it
   */
  SharedNoise(int[][] group, double share, double scale) {
    this.group = group;
    this.share = share;
    this.scale = scale;
  }

  /** Takes all noise as the points' own. */
  static SharedNoise none() {
    return new SharedNoise(new int[0][], 0, 1);
  }

  /** Numbers groups from 0 by what the points of a curve belong to. */
  static int[][] numbers(List<Curve> curves, BiFunction<Integer, Integer, Object> belongsTo) {
    Map<Object, Integer> numbers = new HashMap<>();
    int[][] group = new int[curves.size()][];
    for (int k = 0; k < group.length; k++) {
      group[k] = new int[curves.get(k).size()];
      for (int i = 0; i < group[k].length; i++) {
        Integer number = numbers.putIfAbsent(belongsTo.apply(k, i), numbers.size());
        group[k][i] = number == null ? numbers.size() - 1 : number;
      }
    }
    return group;
  }

  /** Returns how many groups there are. */
  static int count(int[][] group) {
    return 1 + Arrays.stream(group).flatMapToInt(Arrays::stream).max().orElse(-1);
  }

  /** Returns the number of a point's group. */
  int group(int k, int point) {
    return group[k][point];
  }

  /** Returns the share of the variance that the points of a group have in common. */
  double share() {
    return share;
  }

  /** Returns by how much the noise is larger than points all on their own would make it. */
  double scale() {
    return scale;
  }

  /** Draws the standardised common part of every group; empty where there is none. */
  double[] draw(SplittableRandom random) {
    double[] drawn = new double[share > 0 ? count(group) : 0];
    for (int g = 0; g < drawn.length; g++) {
      drawn[g] = random.nextGaussian();
    }
    return drawn;
  }
}
