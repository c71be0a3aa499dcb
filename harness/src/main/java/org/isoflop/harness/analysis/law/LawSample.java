package org.isoflop.harness.analysis.law;

import java.util.List;
import java.util.function.ToDoubleFunction;
import org.isoflop.harness.analysis.stats.Estimate;
import org.isoflop.harness.analysis.stats.Quantiles;

/**
 * The law refitted to resamples of the points: whatever follows from a law has an interval by it.
 *
 * @param law the fit to the points themselves
 * @param resampled the fits to the resamples, at least one
 * @param refused how many resamples gave no law
 */
public record LawSample(Law law, List<Law> resampled, int refused) {

  /** Copies the list. */
  public LawSample {
    resampled = List.copyOf(resampled);
  }

  /** Returns a quantity with its 95% percentile interval. */
  public Estimate estimate(ToDoubleFunction<Law> quantity) {
    double value = quantity.applyAsDouble(law);
    double[] values = resampled.stream().mapToDouble(quantity).toArray();
    return new Estimate(value, Quantiles.interval(values, value));
  }
}
