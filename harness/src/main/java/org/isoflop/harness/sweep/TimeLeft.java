package org.isoflop.harness.sweep;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.isoflop.harness.plan.Job;
import org.isoflop.harness.plan.JobTimes;
import org.isoflop.harness.sweep.SweepStatus.JobStatus;
import org.isoflop.harness.sweep.SweepStatus.State;

/**
 * When a sweep will end. A running job goes on at its own speed; the others take their forecast
 * times the ratio that jobs have taken of theirs so far. Who waits for whom is counted: with more
 * workers than trunks left, the longest chain of jobs decides.
 *
 * @param ofJobs seconds that jobs are still to be trained, by id; jobs that will not be, because
 *     they have ended, failed or go on from one that failed, are not among them
 * @param ratio of seconds taken to seconds forecast, over all that was trained so far
 * @param workers jobs that are taken to run at once
 * @param seconds until the last has ended
 */
public record TimeLeft(Map<String, Double> ofJobs, double ratio, int workers, double seconds) {

  /**
   * The forecast counts as much as so many seconds of training: the first steps of a sweep, in cold
   * processes, say little.
   */
  private static final double FORECAST_SECONDS = 5;

  /** Copies the map. */
  public TimeLeft {
    ofJobs = Map.copyOf(ofJobs);
  }

  /**
   * Estimates.
   *
   * @param jobs of the plan, in its order
   * @param running whether they are being trained now; if not, what failed is tried again when they
   *     will be
   * @param workers jobs that run at once, at least 1
   */
  static TimeLeft of(List<JobStatus> jobs, boolean running, int workers) {
    double ratio = ratio(jobs);
    List<Job> left = new ArrayList<>();
    Map<String, Double> seconds = new HashMap<>();
    Set<String> taken = new HashSet<>();
    Set<String> lost = new HashSet<>();
    for (JobStatus status : jobs) {
      Job job = status.job();
      State state = status.state();
      // What goes on from a job that diverged ends untrained, in no time.
      if (state == State.DIVERGED
          || (state == State.FAILED && running)
          || job.parent().filter(lost::contains).isPresent()) {
        lost.add(job.id());
      } else if (!status.ended()) {
        left.add(job);
        seconds.put(job.id(), seconds(status, ratio));
        if (state == State.RUNNING) {
          taken.add(job.id());
        }
      }
    }
    return new TimeLeft(
        seconds, ratio, workers, new JobTimes(left, seconds).untilAllEnd(workers, taken));
  }

  private static double seconds(JobStatus status, double ratio) {
    if (status.state() == State.RUNNING && status.tokensPerSecond().isPresent()) {
      Job job = status.job();
      long tokens = (job.lastStep() - status.step()) * job.batchTokens();
      return tokens / status.tokensPerSecond().get();
    }
    return ratio * status.planned().seconds() * status.left();
  }

  private static double ratio(List<JobStatus> jobs) {
    double taken = FORECAST_SECONDS;
    double forecast = FORECAST_SECONDS;
    for (JobStatus status : jobs) {
      if (status.tokensPerSecond().isPresent()) {
        Job job = status.job();
        double share = 1 - status.left();
        taken += share * job.steps() * job.batchTokens() / status.tokensPerSecond().get();
        forecast += share * status.planned().seconds();
      }
    }
    return taken / forecast;
  }
}
