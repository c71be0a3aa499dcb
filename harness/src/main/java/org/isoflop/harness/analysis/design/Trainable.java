package org.isoflop.harness.analysis.design;

import java.util.Optional;

/** Which cells can be trained at all: decoders come in sizes, and runs in whole steps. */
@FunctionalInterface
public interface Trainable {

  /**
   * Returns the cell that would be trained for a wish; empty where none is near it.
   *
   * @param budget FLOPs
   * @param params total parameters wished for
   */
  Optional<DesignCell> nearest(double budget, double params);
}
