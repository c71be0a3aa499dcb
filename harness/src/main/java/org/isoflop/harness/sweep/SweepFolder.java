package org.isoflop.harness.sweep;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
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

  /**
   * Folders that this process holds, by their real paths. The system gives up a process's lock once
   * it closes any file of that name, so a file held here must not even be looked at.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

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
    Environment.read(environment()); // damaged: found before training, not by the report after it
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
   * @throws BadInputException if another process sweeps here, or another thread of this one
   */
  Lock lock() {
    try {
      Files.createDirectories(path);
      Path real = path.toRealPath();
      if (!HELD.add(real)) {
        throw lockedByAnother();
      }
      try {
        FileChannel channel =
            FileChannel.open(
                path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (!tryLock(channel)) {
          channel.close();
          throw lockedByAnother();
        }
        AtomicFiles.deleteStale(path);
        return new Lock(real, channel);
      } catch (IOException | RuntimeException e) {
        HELD.remove(real);
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot lock " + path + ": " + e.getMessage(), e);
    }
  }

  /**
   * Returns whether a process is running this sweep now. Needs to read the folder and no more: a
   * lock that several may share can be asked for on a file open for reading, and is refused while
   * the one who writes here holds its own.
   */
  boolean isLocked() {
    Path file = path.resolve(LOCK);
    if (!Files.exists(file)) {
      return false;
    }
    try {
      if (HELD.contains(path.toRealPath())) {
        return true;
      }
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
        return channel.tryLock(0, Long.MAX_VALUE, true) == null;
      } catch (OverlappingFileLockException e) {
        return true; // by another part of this very process
      }
    } catch (IOException e) {
      throw BadInputException.of("%s: cannot be read (%s)", file, e);
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
   * @param folder the folder's real path
   * @param channel holds the lock
   */
  record Lock(Path folder, FileChannel channel) implements AutoCloseable {
    @Override
    public void close() {
      try {
        channel.close();
        HELD.remove(folder);
      } catch (IOException e) {
        throw new UncheckedIOException("cannot unlock: " + e.getMessage(), e);
      }
    }
  }

  /** Tries for a moment, which is longer than another process takes to look at the lock. */
  private static boolean tryLock(FileChannel channel) throws IOException {
    for (int tries = 0; tries < 10; tries++) {
      try {
        if (channel.tryLock() != null) {
          return true;
        }
      } catch (OverlappingFileLockException e) {
        return false; // held by another part of this very process
      }
      LockSupport.parkNanos(10_000_000);
    }
    return false;
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
