package org.isoflop.harness.train;

import org.isoflop.harness.plan.Job;

/** Follows jobs while they train; called from the jobs' own threads. */
public interface TrainingObserver {

  /** A job begins, or goes on, after that many steps. */
  void started(Job job, long step);

  /**
   * Some steps were trained.
   *
   * @param step steps trained so far
   * @param loss mean training loss of these steps, nats per token
   * @param tokensPerSecond over these steps
   */
  void progressed(Job job, long step, double loss, double tokensPerSecond);

  /** The job has ended. */
  void ended(Job job, JobResult result);

  /** Something a person should read happened to a job. */
  void noted(Job job, String sentence);
}
