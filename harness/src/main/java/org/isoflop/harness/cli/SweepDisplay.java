package org.isoflop.harness.cli;

import java.util.Set;
import org.isoflop.harness.data.CorpusStatistics;
import org.isoflop.harness.plan.Plan;
import org.isoflop.harness.sweep.SweepObserver;

/** Shows a sweep's progress to a person: what there is to say before it trains, then its jobs. */
abstract class SweepDisplay implements SweepObserver, AutoCloseable {

  private final SweepHeader header;

  SweepDisplay(SweepHeader header) {
    this.header = header;
  }

  @Override
  public synchronized void preparing(String what) {
    header.preparing(what);
  }

  @Override
  public synchronized void planned(CorpusStatistics corpus, Plan plan, Set<String> ended) {
    header.planned(corpus, plan, ended);
  }

  @Override
  public void close() {}
}
