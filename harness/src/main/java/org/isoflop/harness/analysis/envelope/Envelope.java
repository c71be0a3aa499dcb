package org.isoflop.harness.analysis.envelope;

import java.util.List;
import org.isoflop.harness.analysis.isoflop.Exponents;

/**
 * What the envelope of the training curves says of the compute-optimal allocation.
 *
 * <p>A loss before the end of its schedule is higher than the loss of a run that was decayed by
 * then, so all but the ends of the curves stand too high: the envelope leans towards small models
 * near the end of their runs. The notes say so.
 *
 * @param exponents of the lines through the envelope, with intervals over resampled runs
 * @param points of the envelope where it was used, by compute; at most {@value #MOST_POINTS}
 * @param notes what a careful reader should know of these exponents, one sentence each
 */
public record Envelope(Exponents exponents, List<EnvelopePoint> points, List<String> notes) {

  /** More points than this a figure cannot show. */
  public static final int MOST_POINTS = 200;

  /** Copies the lists, and refuses more points than a figure needs. */
  public Envelope {
    points = List.copyOf(points);
    notes = List.copyOf(notes);
    if (points.size() > MOST_POINTS) {
      throw new IllegalArgumentException(points.size() + " points");
    }
  }

  /**
   * Which run is the best at one compute: a point of the envelope.
   *
   * @param flops compute, C
   * @param params of the run that holds the envelope there, N
   * @param tokens it has seen by then, D
   * @param loss its smoothed training loss, nats per token
   */
  public record EnvelopePoint(double flops, double params, double tokens, double loss) {}
}
