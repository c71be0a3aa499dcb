package org.isoflop.harness.analysis.envelope;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.isoflop.harness.analysis.envelope.TrainingRun.Sample;

/**
 * A run's loss against compute without the noise of single batches, after its warm-up.
 *
 * <p>The lowest of many noisy curves is the luckiest, so the noise has to go first. The smoother is
 * a local straight line with a Gaussian kernel over ln D (Fan 1993, Annals of Statistics 21:196):
 * unlike a running mean it has no bias at the end of a run, where a kernel sees one side only and
 * where the losses matter most. It is no median, because spikes go upward, where the envelope does
 * not look, and a mean needs fewer steps.
 */
final class SmoothCurve {

  /**
   * The warm-up is cut with the first 2N tokens: a model needs about N (Porian et al. 2024, arXiv
   * 2406.19146), and what follows it at once is no steady training either.
   */
  private static final double WARM_UP_TOKENS_PER_PARAM = 2;

  /** But no more than this share of the run is cut, which no sensible warm-up exceeds. */
  private static final double WARM_UP_SHARE = 0.1;

  /** Standard deviation of the kernel in ln D: 5% of the run so far, a quarter of a cooldown. */
  private static final double BANDWIDTH = 0.05;

  /** Samples further apart in ln D than this leave a hole in which the loss is not known. */
  private static final double WIDEST_GAP = 0.5;

  private static final double REACH = 4;
  private static final double BINS_PER_BANDWIDTH = 4;
  private static final int FEWEST_SAMPLES = 5;
  private static final double ROUNDING = 1e-9;

  private final TrainingRun run;
  private final double lnFlopsPerToken;

  /** Bins in ln D: mean ln D, mean loss, count. */
  private final double[] x;

  private final double[] loss;
  private final double[] count;
  private final double first;
  private final double last;

  private SmoothCurve(TrainingRun run, List<Sample> kept) {
    this.run = run;
    lnFlopsPerToken = Math.log(run.flopsPerToken());
    first = Math.log(kept.get(0).tokens());
    last = Math.log(kept.get(kept.size() - 1).tokens());
    // Averages over a fraction of the bandwidth, so that the length of a log costs nothing later.
    Collection<List<Sample>> bins =
        kept.stream()
            .collect(Collectors.groupingBy(this::bin, TreeMap::new, Collectors.toList()))
            .values();
    count = bins.stream().mapToDouble(List::size).toArray();
    x = means(bins, sample -> Math.log(sample.tokens()));
    loss = means(bins, Sample::loss);
  }

  private long bin(Sample sample) {
    return (long) ((Math.log(sample.tokens()) - first) / (BANDWIDTH / BINS_PER_BANDWIDTH));
  }

  private static double[] means(Collection<List<Sample>> bins, ToDoubleFunction<Sample> quantity) {
    return bins.stream()
        .mapToDouble(bin -> bin.stream().mapToDouble(quantity).average().orElseThrow())
        .toArray();
  }

  /** Returns the curve of a run; nothing where too few samples lie behind its warm-up. */
  static Optional<SmoothCurve> of(TrainingRun run) {
    if (run.samples().isEmpty()) {
      return Optional.empty();
    }
    double end = run.samples().get(run.samples().size() - 1).tokens();
    double cut = Math.min(WARM_UP_TOKENS_PER_PARAM * run.params(), WARM_UP_SHARE * end);
    List<Sample> kept = run.samples().stream().filter(s -> s.tokens() >= cut).toList();
    boolean moves = kept.get(0).tokens() < end;
    return kept.size() >= FEWEST_SAMPLES && moves
        ? Optional.of(new SmoothCurve(run, kept))
        : Optional.empty();
  }

  TrainingRun run() {
    return run;
  }

  /** Returns ln C where the warm-up has ended. */
  double first() {
    return first + lnFlopsPerToken;
  }

  /** Returns ln C at the end of the run. */
  double last() {
    return last + lnFlopsPerToken;
  }

  /** Returns the tokens seen at ln C, in ln. */
  double lnTokens(double lnFlops) {
    return lnFlops - lnFlopsPerToken;
  }

  /** Returns whether the run has a loss at ln C. */
  boolean alive(double lnFlops) {
    return lnFlops >= first() - ROUNDING && lnFlops <= last() + ROUNDING;
  }

  /** Returns the smoothed loss at ln C; NaN outside the run and in a hole in its log. */
  double at(double lnFlops) {
    if (!alive(lnFlops)) {
      return Double.NaN;
    }
    double target = lnTokens(lnFlops);
    double gap = gap(target);
    if (gap > WIDEST_GAP) {
      return Double.NaN;
    }
    // Where the log is thin the kernel still reaches a sample on either side.
    double bandwidth = Math.max(BANDWIDTH, gap / 2);
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double t0 = 0;
    double t1 = 0;
    for (int i = firstFrom(target - REACH * bandwidth); i < x.length; i++) {
      double distance = (x[i] - target) / bandwidth;
      if (distance > REACH) {
        break;
      }
      double weight = count[i] * Math.exp(-distance * distance / 2);
      s0 += weight;
      s1 += weight * distance;
      s2 += weight * distance * distance;
      t0 += weight * loss[i];
      t1 += weight * distance * loss[i];
    }
    double determinant = s0 * s2 - s1 * s1;
    return determinant > ROUNDING * s0 * s0 ? (s2 * t0 - s1 * t1) / determinant : t0 / s0;
  }

  /** Returns the distance in ln D between the bins on either side; 0 outside them. */
  private double gap(double target) {
    int next = firstFrom(target);
    return next == 0 || next == x.length ? 0 : x[next] - x[next - 1];
  }

  private int firstFrom(double lnTokens) {
    int found = Arrays.binarySearch(x, lnTokens);
    return found >= 0 ? found : -found - 1;
  }
}
