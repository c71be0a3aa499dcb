package org.isoflop.harness.sweep;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.isoflop.harness.AtomicFiles;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.config.ConfigDifference;
import org.isoflop.harness.config.PrecisionChoice;
import org.isoflop.harness.config.SweepConfig;
import org.isoflop.harness.plan.Job;
import org.isoflop.harness.train.Conditions;
import org.isoflop.harness.train.JobFolder;
import org.isoflop.harness.train.JobResult;
import org.isoflop.models.Precision;

/**
 * Where a sweep keeps its files, and the rule that one process at a time writes there.
 *
 * @param path {@code runs/<name>}, unless the user says otherwise
 */
public record SweepFolder(Path path) {

  private static final String LOCK = ".lock";

  /** Returns the configuration as run, defaults filled in. */
  public Path config() {
    return path.resolve("sweep.yaml");
  }

  /** Returns what it ran on. */
  public Path environment() {
    return path.resolve("environment.json");
  }

  /** Returns what a worker must know: every job in full. */
  public Path plan() {
    return path.resolve("plan.json");
  }

  /** Returns the plan as a table, one row per job and horizon. */
  public Path planTable() {
    return path.resolve("plan.csv");
  }

  /** Returns what one of the sweep's workers said, counted from 1. */
  public Path workerLog(int worker) {
    return workerLogs().resolve(worker + ".log");
  }

  /** Returns the folder of what workers said. */
  Path workerLogs() {
    return path.resolve("workers");
  }

  /** Returns the folder of what has been given to a scheduler. */
  Path of(Scheduler scheduler) {
    return path.resolve(scheduler.key());
  }

  /** Returns one row per finished horizon. */
  public Path points() {
    return path.resolve("points.csv");
  }

  /** Returns the lock of who writes the points. */
  LockFile pointsLock() {
    return new LockFile(path.resolve(".points.lock"));
  }

  /** Returns the folder of the token store. */
  public Path tokens() {
    return path.resolve("tokens");
  }

  /** Returns the folder of one job. */
  public JobFolder job(String id) {
    return new JobFolder(path.resolve("jobs").resolve(id));
  }

  /** Returns the lock of the worker that trains a job. */
  LockFile claim(String id) {
    return new LockFile(job(id).path().resolve(".claim"));
  }

  /** Returns what went wrong in a job's last attempt; absent where nothing did. */
  public Path failure(String id) {
    return job(id).path().resolve("failure.txt");
  }

  /** Returns whether there is a sweep here. */
  public boolean exists() {
    return Files.isRegularFile(config());
  }

  /**
   * Returns the configuration as it runs here: the folder is new, or holds a sweep of the same
   * experiment. What {@code auto} comes to is decided once, when a sweep starts.
   *
   * @param asked the configuration asked for
   * @param device the fastest precision of the device at hand
   * @throws BadInputException if the folder holds anything else; says what differs
   */
  SweepConfig configuration(SweepConfig asked, Precision device) {
    AtomicFiles.checkFolder(path);
    if (!exists()) {
      if (!isEmpty()) {
        throw BadInputException.of(
            "%s: holds files but no sweep (no sweep.yaml), use --out with another folder", path);
      }
      return asked.on(device);
    }
    SweepConfig begun = SweepConfig.read(config());
    if (begun.training().precision() == PrecisionChoice.AUTO) {
      throw BadInputException.of(
          "%s: was written by an earlier version, which did not say there in what precision the"
              + " sweep trains; use --out with another folder, or delete this one",
          config());
    }
    Environment.read(environment()); // damaged: found before training, not by the report after it
    SweepConfig now = asked.on(begun.training().precision().decided()).goingOn(begun);
    List<ConfigDifference> differences =
        begun.differences(now).stream().filter(difference -> !difference.isOfCells()).toList();
    if (!differences.isEmpty()) {
      throw BadInputException.of(
          "%s: was started with another configuration (%s); use --out with another folder, or"
              + " delete this one",
          config(),
          differences.stream().map(ConfigDifference::toString).collect(Collectors.joining("; ")));
    }
    List<String> gone = begun.gone(now);
    if (!gone.isEmpty()) {
      throw BadInputException.of(
          "%s: has what is asked for no longer (%s); name it too, and only what is new is trained,"
              + " or use --out with another folder",
          config(), String.join("; ", gone));
    }
    return now;
  }

  /**
   * Checks that no process is running this sweep, at a moment when waiting for that answer is
   * cheap; {@link #lock} alone makes sure.
   *
   * @throws BadInputException if one is
   */
  void checkUnlocked() {
    if (isLocked()) {
      throw lockedByAnother();
    }
  }

  /**
   * Makes the folder this process's own until the lock is closed.
   *
   * @throws BadInputException if another process sweeps here, or another thread of this one
   */
  LockFile.Held lock() {
    try {
      Files.createDirectories(path);
      LockFile.Held held = lockFile().tryHold().orElseThrow(this::lockedByAnother);
      deleteStale();
      if (Files.isDirectory(tokens(), LinkOption.NOFOLLOW_LINKS)) {
        AtomicFiles.deleteTemporary(tokens()); // which the sweep command alone writes
      }
      return held;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot lock " + path + ": " + e.getMessage(), e);
    }
  }

  /** Returns whether a process is running the sweep command here now. */
  boolean isLocked() {
    try {
      return lockFile().isHeld();
    } catch (IOException e) {
      throw BadInputException.of("%s: cannot be read (%s)", lockFile().file(), e);
    }
  }

  private LockFile lockFile() {
    return new LockFile(path.resolve(LOCK));
  }

  /** Deletes what processes of this machine that are no more were in the middle of writing. */
  void deleteStale() {
    try {
      AtomicFiles.deleteStale(path);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot tidy up " + path + ": " + e.getMessage(), e);
    }
  }

  /** Returns whether the sweep command has planned what is to be trained here. */
  boolean isPlanned() {
    return exists() && Files.exists(plan());
  }

  /**
   * Checks, where the plan is gone, that the jobs there are were trained by the one made anew: that
   * of a sweep which was extended is another, as trunks keep the settings they began with.
   *
   * @throws BadInputException if one was not
   */
  void checkTrainedAsPlanned(List<Job> jobs, Conditions conditions) {
    Path trained = path.resolve("jobs");
    if (Files.exists(plan()) || !Files.isDirectory(trained)) {
      return;
    }
    Map<String, Job> planned =
        jobs.stream().collect(Collectors.toMap(Job::id, Function.identity()));
    try (Stream<Path> folders = Files.list(trained)) {
      for (Path folder : folders.filter(Files::isDirectory).sorted().toList()) {
        Job job = planned.get(folder.getFileName().toString());
        Optional<String> identity = identity(new JobFolder(folder));
        if (identity.isPresent()
            && (job == null || !conditions.identity(job).equals(identity.get()))) {
          throw BadInputException.of(
              "%s: is gone, and the plan made anew does not hold the job %s as it was trained (the"
                  + " sweep was extended, or trained on another text or by another version); put it"
                  + " back from a copy, delete the folders of such jobs, or use --out with another"
                  + " folder",
              plan(), folder.getFileName());
        }
      }
    } catch (IOException e) {
      throw BadInputException.of("%s: cannot be read (%s)", trained, e.getMessage());
    }
  }

  /** Returns what a job that has ended was; a damaged result fails its job later, by name. */
  private static Optional<String> identity(JobFolder folder) {
    try {
      return JobResult.read(folder).map(JobResult::identity);
    } catch (BadInputException e) {
      return Optional.empty();
    }
  }

  /** Writes the configuration, which makes this a sweep's folder, or what it is extended to. */
  void writeConfig(SweepConfig config) {
    if (!exists() || !SweepConfig.read(config()).equals(config)) {
      AtomicFiles.writeText(config(), out -> out.write(config.toYaml()));
    }
  }

  private BadInputException lockedByAnother() {
    return BadInputException.of(
        "%s: another process is running this sweep; wait for its end, or stop it", path);
  }

  private boolean isEmpty() {
    if (!Files.exists(path)) {
      return true;
    }
    try (Stream<Path> entries = Files.list(path)) {
      return entries.allMatch(
          entry -> {
            String name = entry.getFileName().toString();
            return name.equals(LOCK) || AtomicFiles.isTemporary(entry);
          });
    } catch (IOException e) {
      throw BadInputException.of("%s: cannot be read (%s)", path, e.getMessage());
    }
  }
}
