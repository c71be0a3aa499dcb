package org.isoflop.models;

import static org.isoflop.models.Checks.check;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** The decoders that a sweep chooses from, smallest first. */
public final class SizeLadder {

  private final List<DecoderConfig> rungs;

  /** Lays out the ladder of decoders that share these options and are shaped as is customary. */
  public SizeLadder(DecoderOptions options) {
    this(options, ShapeRule.CUSTOMARY);
  }

  /** Lays out the ladder of all decoders that share these options and follow a rule. */
  public SizeLadder(DecoderOptions options, ShapeRule rule) {
    this(rule.decoders(options));
  }

  /** Makes a ladder of these decoders, at least one. */
  public SizeLadder(Collection<DecoderConfig> decoders) {
    check(!decoders.isEmpty(), "a ladder without a rung");
    rungs = decoders.stream().sorted(Comparator.comparingLong(SizeLadder::total)).toList();
  }

  /** Returns every rung, by total parameters, smallest first. */
  public List<DecoderConfig> rungs() {
    return rungs;
  }

  /** Returns the rung nearest to that many total parameters, by ratio. */
  public DecoderConfig nearest(double totalParameters) {
    check(
        totalParameters > 0 && Double.isFinite(totalParameters),
        "a decoder needs a positive number of parameters, not %s",
        totalParameters);
    return rungs.stream()
        .min(Comparator.comparingDouble(rung -> Math.abs(Math.log(total(rung) / totalParameters))))
        .orElseThrow();
  }

  private static long total(DecoderConfig decoder) {
    return decoder.parameters().total();
  }
}
