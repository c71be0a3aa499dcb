package org.isoflop.harness.sweep;

import java.util.Set;
import org.isoflop.harness.data.CorpusStatistics;
import org.isoflop.harness.plan.Job;
import org.isoflop.harness.plan.Plan;
import org.isoflop.harness.train.TrainingObserver;

/** Follows a sweep; called from several threads. */
public interface SweepObserver extends TrainingObserver {

  /** Something begins that may take a while, such as {@code reading the corpus}. */
  void preparing(String what);

  /**
   * The sweep is about to train.
   *
   * @param ended ids of the jobs that an earlier run has ended
   */
  void planned(CorpusStatistics corpus, Plan plan, Set<String> ended);

  /** The sweep has been looked at; what is told of single jobs next has happened by then. */
  void seen(SweepStatus status);

  /** A job could not be trained for this reason, one line; the sweep goes on. */
  void failed(Job job, String reason);

  /** Something a person should read happened to the sweep as a whole. */
  void remark(String line);
}
