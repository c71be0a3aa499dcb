package org.isoflop.harness.plan;

import org.isoflop.models.DecoderConfig;

/** What all runs of a cell have in common, whatever their seeds and settings. */
record Place(double budget, DecoderConfig decoder) {

  static Place of(Job job) {
    return new Place(job.end().budget(), job.decoder());
  }

  static Place of(Cell cell) {
    return new Place(cell.budget(), cell.decoder());
  }
}
