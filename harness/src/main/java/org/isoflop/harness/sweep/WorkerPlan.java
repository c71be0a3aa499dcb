package org.isoflop.harness.sweep;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.SealedJson;
import org.isoflop.harness.plan.EvaluationSteps;
import org.isoflop.harness.plan.Horizon;
import org.isoflop.harness.plan.Job;
import org.isoflop.harness.plan.JobTimes;
import org.isoflop.harness.plan.Lineages;
import org.isoflop.harness.plan.Plan;
import org.isoflop.harness.plan.Setting;
import org.isoflop.harness.train.Conditions;

/**
 * {@code plan.json}: every job of a sweep in full and what a worker must know to train it, so that
 * a worker needs the folder alone. Written whole by each run of the sweep command; its last field
 * is a checksum.
 *
 * @param conditions what decides the jobs' numbers beside them
 * @param microBatchTokens most tokens of one forward and backward pass; where nothing is said, as
 *     many as the worker has room for
 * @param checkpointSeconds least time between a job's checkpoints
 * @param evaluations where validation losses are taken on the way
 * @param workers how many the sweep was to have; one goes through the plan as it stands
 * @param jobs in the plan's order, parents before their children
 */
public record WorkerPlan(
    Conditions conditions,
    Optional<Integer> microBatchTokens,
    double checkpointSeconds,
    EvaluationSteps evaluations,
    int workers,
    List<PlannedJob> jobs) {

  /**
   * A job with its forecast.
   *
   * @param seconds training time on one worker, as the plan has it
   */
  public record PlannedJob(Job job, double seconds) {}

  /** Refuses what cannot be worked on, with {@link IllegalArgumentException}. */
  public WorkerPlan {
    jobs = List.copyOf(jobs);
    Set<String> ids = new HashSet<>();
    for (PlannedJob planned : jobs) {
      Job job = planned.job();
      if (!ids.containsAll(job.parent().stream().toList())) {
        throw new IllegalArgumentException(
            "it has " + job.id() + ", whose parent " + job.parent().get() + " is not before it");
      }
      if (!ids.add(job.id())) {
        throw new IllegalArgumentException("it has the job " + job.id() + " twice");
      }
    }
    boolean passes = microBatchTokens.filter(tokens -> tokens < 1).isEmpty();
    if (jobs.isEmpty() || !passes || workers < 1 || !(checkpointSeconds >= 0)) {
      throw new IllegalArgumentException("it has no jobs, or no sound settings for them");
    }
  }

  /** Returns what workers must know of a plan. */
  static WorkerPlan of(
      Plan plan,
      Conditions conditions,
      Optional<Integer> microBatchTokens,
      double checkpointSeconds,
      EvaluationSteps evaluations,
      int workers) {
    return new WorkerPlan(
        conditions,
        microBatchTokens,
        checkpointSeconds,
        evaluations,
        workers,
        plan.forecasts().stream()
            .map(forecast -> new PlannedJob(forecast.job(), forecast.seconds()))
            .toList());
  }

  /** Returns how long the jobs are forecast to take. */
  JobTimes times() {
    return JobTimes.of(jobs, PlannedJob::job, PlannedJob::seconds);
  }

  /** Returns how the jobs go on from each other. */
  Lineages lineages() {
    return new Lineages(jobs.stream().map(PlannedJob::job).toList());
  }

  /** Writes the file, whole or not at all. */
  void write(Path file) {
    SealedJson.write(file, this);
  }

  /**
   * Reads the plan of a sweep.
   *
   * @throws BadInputException if there is no sweep, or its plan is missing or damaged; says what to
   *     do
   */
  public static WorkerPlan read(SweepFolder folder) {
    if (!Files.isDirectory(folder.path())) {
      throw BadInputException.of(
          "%s: there is no such folder, name the folder of a sweep", folder.path());
    }
    if (!folder.exists() || !Files.exists(folder.plan())) {
      throw BadInputException.of(
          "%s: is not the folder of a sweep, which has a sweep.yaml and a plan.json; the sweep"
              + " command makes both",
          folder.path());
    }
    try {
      return SealedJson.read(
          folder.plan(),
          WorkerPlan.class,
          "plan",
          plan -> {
            fillInHeldOut(plan.path("conditions"));
            plan.path("jobs").forEach(job -> fillIn(job.path("job")));
          });
    } catch (IOException e) {
      throw damaged(folder, e.getMessage());
    }
  }

  /** Completes conditions planned before the held-out documents had a hash of their own. */
  private static void fillInHeldOut(JsonNode conditions) {
    if (conditions instanceof ObjectNode known && !known.has("held_out")) {
      known.putNull("held_out");
    }
  }

  /**
   * Completes a job planned before there were several settings, changes, uses of runs, or bases.
   */
  private static void fillIn(JsonNode job) {
    if (job.at("/decoder/options") instanceof ObjectNode options && !options.has("base")) {
      options.putNull("base");
    }
    if (job.path("horizon") instanceof ObjectNode known) {
      if (!known.has("setting")) {
        known.set("setting", SealedJson.RECORDS.valueToTree(Setting.ONE));
      }
      ObjectNode setting = (ObjectNode) known.get("setting");
      if (!setting.has("changes")) {
        setting.putObject("changes");
      }
      boolean verification = known.path("verification").asBoolean();
      known.remove("verification");
      if (!known.has("use")) {
        known.put("use", (verification ? Horizon.Use.VERIFICATION : Horizon.Use.POINT).name());
      }
    }
  }

  private static BadInputException damaged(SweepFolder folder, String found) {
    return BadInputException.of(
        "%s: cannot be read (%s); delete it, and the sweep command writes it again",
        folder.plan(), found);
  }
}
