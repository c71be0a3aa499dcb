package org.isoflop.harness.sweep;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.isoflop.harness.AtomicFiles;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.config.ConfigDifference;
import org.isoflop.harness.config.PrecisionChoice;
import org.isoflop.harness.config.SweepConfig;
import org.isoflop.harness.train.JobFolder;
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

  /** Returns one row per job and horizon. */
  public Path plan() {
    return path.resolve("plan.csv");
  }

  /** Returns one row per finished horizon. */
  public Path points() {
    return path.resolve("points.csv");
  }

  /** Returns the folder of the token store. */
  public Path tokens() {
    return path.resolve("tokens");
  }

  /** Returns the folder of one job. */
  public JobFolder job(String id) {
    return new JobFolder(path.resolve("jobs").resolve(id));
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
    SweepConfig now = asked.on(begun.training().precision().decided());
    List<ConfigDifference> differences = begun.differences(now);
    if (!differences.isEmpty()) {
      throw BadInputException.of(
          "%s: was started with another configuration (%s); use --out with another folder, or"
              + " delete this one",
          config(),
          differences.stream().map(ConfigDifference::toString).collect(Collectors.joining("; ")));
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
   * @throws BadInputException if another process sweeps here
   */
  Lock lock() {
    try {
      Files.createDirectories(path);
      FileChannel channel =
          FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      Optional<FileLock> lock = tryLock(channel);
      if (lock.isEmpty()) {
        channel.close();
        throw lockedByAnother();
      }
      AtomicFiles.deleteStale(path);
      return new Lock(channel);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot lock " + path + ": " + e.getMessage(), e);
    }
  }

  /** Returns whether a process is running this sweep now. */
  boolean isLocked() {
    if (!Files.exists(path.resolve(LOCK))) {
      return false;
    }
    try (FileChannel channel = FileChannel.open(path.resolve(LOCK), StandardOpenOption.WRITE)) {
      return tryLock(channel).isEmpty();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + path + ": " + e.getMessage(), e);
    }
  }

  /** Writes the configuration, which makes this a sweep's folder. */
  void writeConfig(SweepConfig config) {
    if (!exists()) {
      AtomicFiles.writeText(config(), out -> out.write(config.toYaml()));
    }
  }

  /**
   * The right to write in a folder; ends with the process at the latest.
   *
   * @param channel holds the lock
   */
  record Lock(FileChannel channel) implements AutoCloseable {
    @Override
    public void close() {
      try {
        channel.close();
      } catch (IOException e) {
        throw new UncheckedIOException("cannot unlock: " + e.getMessage(), e);
      }
    }
  }

  private static Optional<FileLock> tryLock(FileChannel channel) throws IOException {
    try {
      return Optional.ofNullable(channel.tryLock());
    } catch (OverlappingFileLockException e) {
      return Optional.empty(); // held by this very process
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
