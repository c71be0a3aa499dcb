package org.isoflop.harness.cli;

import org.isoflop.harness.sweep.SweepObserver;

/** Shows a sweep's progress to a person. */
interface SweepDisplay extends SweepObserver, AutoCloseable {

  @Override
  void close();
}
