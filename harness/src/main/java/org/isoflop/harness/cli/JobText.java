package org.isoflop.harness.cli;

import org.isoflop.harness.BitsPerByte;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.plan.Job;
import org.isoflop.harness.train.JobResult;
import org.isoflop.harness.train.JobResult.Status;

/** What happened to a job, in one line. */
final class JobText {

  private JobText() {}

  static String ended(Job job, JobResult result) {
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

  static String failed(Job job, String reason) {
    return job.id() + " failed: " + reason;
  }
}
