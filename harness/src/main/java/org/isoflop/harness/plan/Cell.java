package org.isoflop.harness.plan;

import org.isoflop.harness.Quantities;
import org.isoflop.models.DecoderConfig;

/**
 * A place of the grid that can be trained, with the settings that the rules give to it alone.
 *
 * @param budget FLOPs it may spend
 * @param targetParams total parameters asked for; the decoder is the nearest rung
 * @param decoder what is trained
 * @param seed of the initial weights and the order of the data
 * @param setting which of its settings this is, contained in the two that follow
 * @param learningRate its own peak
 * @param batchSequences its own batch, no more than {@code mostSequences}
 * @param mostSequences largest batch that leaves the run its fewest steps
 */
record Cell(
    double budget,
    double targetParams,
    DecoderConfig decoder,
    long seed,
    Setting setting,
    double learningRate,
    int batchSequences,
    int mostSequences) {

  /** Returns the training tokens that the budget buys, not yet whole batches. */
  double tokens() {
    return budget / decoder.flopsPerToken();
  }

  /** Returns the same with another seed. */
  Cell withSeed(long other) {
    return new Cell(
        budget, targetParams, decoder, other, setting, learningRate, batchSequences, mostSequences);
  }

  /** Returns the id of the job that ends in this cell's horizon. */
  String id() {
    return "c"
        + Quantities.flops(budget)
        + "-"
        + decoder.shapeName()
        + "-s"
        + seed
        + setting.suffix();
  }
}
