package org.isoflop.harness.cli;

import java.util.Set;
import org.isoflop.harness.BitsPerByte;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.data.CorpusStatistics;
import org.isoflop.harness.plan.Job;
import org.isoflop.harness.plan.Plan;
import org.isoflop.harness.sweep.SweepObserver;
import org.isoflop.harness.train.JobResult;
import org.isoflop.harness.train.JobResult.Status;

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

  /** Returns how a job ended, in one line. */
  static String end(Job job, JobResult result) {
    String seconds = Quantities.duration(result.seconds());
    if (result.status() == Status.DIVERGED) {
      return Quantities.format("%s diverged after %s: %s", job.id(), seconds, result.reason());
    }
    return Quantities.format(
        "%s done: %s params, %s tokens%s in %s%s",
        job.id(),
        Quantities.count((double) job.decoder().parameters().total()),
        Quantities.count((double) (job.lastStep() * job.batchTokens())),
        result
            .horizon()
            .map(
                horizon ->
                    ", "
                        + BitsPerByte.text(
                            horizon.loss(),
                            BitsPerByte.perNat(horizon.bitsPerByte() / horizon.loss()),
                            4))
            .orElse(""),
        seconds,
        result.spikes() == 0 ? "" : "; loss spikes that came back: " + result.spikes());
  }

  /** Returns why a job could not be trained, in one line. */
  static String failure(Job job, String reason) {
    return job.id() + " failed: " + reason;
  }
}
