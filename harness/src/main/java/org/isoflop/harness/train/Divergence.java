package org.isoflop.harness.train;

import java.util.Arrays;
import java.util.Optional;
import org.isoflop.harness.Quantities;

/**
 * Whether a run that came to its end has diverged all the same, and how often its loss rose and
 * came back. A function of the logged losses, so that a run which was stopped and resumed is judged
 * as one that was not.
 *
 * <p>Looked at is the level: at each step the median of the last losses, a fiftieth of the run but
 * 9 to 50 steps, which a few odd batches do not move. It has left where it was while it lies more
 * than a threshold above the lowest level so far: 9 standard errors of such a median, by the noise
 * between neighbouring steps, and at least a twentieth of all that was learned. It is back within
 * half of that. A run has diverged where its level is not back at the end, where both it and the
 * validation loss end above the entropy of single tokens (one of them may do so by chance or
 * because the texts differ), or where its validation loss is above the level it began at. Nothing
 * is judged before the end, since many a spike comes back as the learning rate falls.
 *
 * @param spikes how often the level left where it was and came back
 * @param reason why the run has diverged, in words; empty where it has not
 */
record Divergence(int spikes, Optional<String> reason) {

  private static final int SHORTEST_WINDOW = 9;
  private static final int LONGEST_WINDOW = 50;
  private static final int WINDOWS_OF_A_RUN = 50;
  private static final double STANDARD_ERRORS = 9;
  private static final double SHARE_OF_PROGRESS = 0.05;
  private static final double BACK = 0.5;

  /** Standard deviation of a normal distribution over the median of its absolute values. */
  private static final double PER_MEDIAN_ABSOLUTE = 1.4826;

  /** Standard error of a median over that of a mean, √(π/2). */
  private static final double MEDIAN_OVER_MEAN = Math.sqrt(Math.PI / 2);

  /**
   * Judges a run.
   *
   * @param losses training losses of its steps, in order, nats per token, all finite
   * @param validationLoss after the last step
   * @param unigramNats entropy of a token of the training text taken by itself
   */
  static Divergence judge(float[] losses, double validationLoss, double unigramNats) {
    int most = Math.min(losses.length, LONGEST_WINDOW);
    int window = Math.min(most, Math.max(SHORTEST_WINDOW, losses.length / WINDOWS_OF_A_RUN));
    double noise = STANDARD_ERRORS * MEDIAN_OVER_MEAN * stepNoise(losses) / Math.sqrt(window);
    double first = median(losses, 0, window);
    double lowest = first;
    double level = first;
    int returned = 0;
    int leftAt = 0;
    for (int end = window; end <= losses.length; end++) {
      level = median(losses, end - window, end);
      lowest = Math.min(lowest, level);
      double threshold = Math.max(noise, SHARE_OF_PROGRESS * (first - lowest));
      if (leftAt == 0 && level > lowest + threshold) {
        leftAt = end;
      } else if (leftAt > 0 && level <= lowest + BACK * threshold) {
        leftAt = 0;
        returned++;
      }
    }
    String reason = null;
    if (leftAt > 0) {
      reason =
          Quantities.format(
              "its training loss rose from %.3f by step %d and did not come back, %.3f at the end",
              lowest, leftAt, level);
    } else if (level > unigramNats && validationLoss > unigramNats) {
      reason =
          Quantities.format(
              "its validation loss of %.3f is above the %.3f that the tokens' frequencies reach",
              validationLoss, unigramNats);
    } else if (validationLoss > first) {
      reason =
          Quantities.format(
              "its validation loss of %.3f is above the training loss it began with, %.3f",
              validationLoss, first);
    }
    return new Divergence(returned, Optional.ofNullable(reason));
  }

  /** Returns the standard deviation of a loss about the level, robust against spikes. */
  private static double stepNoise(float[] losses) {
    float[] changes = new float[losses.length - 1];
    for (int i = 0; i < changes.length; i++) {
      changes[i] = Math.abs(losses[i + 1] - losses[i]);
    }
    return PER_MEDIAN_ABSOLUTE * median(changes, 0, changes.length) / Math.sqrt(2);
  }

  private static double median(float[] values, int from, int to) {
    if (from == to) {
      return 0;
    }
    float[] sorted = Arrays.copyOfRange(values, from, to);
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1
        ? sorted[middle]
        : (sorted[middle - 1] + (double) sorted[middle]) / 2;
  }
}
