package org.isoflop.harness.sweep;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.isoflop.harness.BadInputException;

/**
 * A file that one holder at a time may lock, of all threads of all processes; the system frees it
 * when a process dies, however it does. The file itself stays: were it deleted, two could hold two
 * files of its name.
 *
 * <p>On a network file system the lock holds between machines as far as its mount says so.
 *
 * <p>The system gives up a process's lock once that process closes <em>any</em> descriptor of the
 * file (POSIX, fcntl), so all of this class goes through one set of what this process holds.
 */
record LockFile(Path file) {

  /** Files that this process holds, by their real paths; guards itself. */
  private static final Set<Path> HELD = new HashSet<>();

  /** Longer than another process takes to look at the lock. */
  private static final int TRIES = 10;

  private static final long BETWEEN_TRIES_NANOS = 2_000_000;

  /** What a holder writes about itself is short. */
  private static final int MOST_BYTES = 256;

  /**
   * The right that a lock gives, until it is closed.
   *
   * @param file its real path
   * @param channel holds the lock
   */
  record Held(Path file, FileChannel channel) implements AutoCloseable {

    /** Returns what was last written into the file, by this holder or one before. */
    String text() throws IOException {
      return LockFile.text(channel);
    }

    /** Writes over what the file holds. */
    void write(String text) throws IOException {
      ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
      channel.truncate(0);
      while (bytes.hasRemaining()) {
        channel.write(bytes, bytes.position());
      }
    }

    @Override
    public void close() {
      synchronized (HELD) {
        HELD.remove(file);
        try {
          channel.close();
        } catch (IOException e) {
          throw new UncheckedIOException("cannot unlock " + file + ": " + e.getMessage(), e);
        }
      }
    }
  }

  /** Waits until nobody else holds the file, and holds it. */
  Held hold() throws IOException {
    while (true) {
      Optional<Held> held = tryHold();
      if (held.isPresent()) {
        return held.get();
      }
      LockSupport.parkNanos(BETWEEN_TRIES_NANOS);
    }
  }

  /**
   * Holds the file, which is made where there is none; empty where somebody else holds it.
   *
   * @throws BadInputException if the file system has no locks
   */
  Optional<Held> tryHold() throws IOException {
    for (int tries = 0; tries < TRIES; tries++) {
      if (tries > 0) {
        LockSupport.parkNanos(BETWEEN_TRIES_NANOS);
      }
      synchronized (HELD) {
        Path real = real();
        if (HELD.contains(real)) {
          return Optional.empty();
        }
        FileChannel channel =
            FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        boolean locked = false;
        try {
          locked = channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
          return Optional.empty(); // by a part of this very process that does not use this class
        } catch (IOException e) {
          throw BadInputException.of(
              "%s: cannot be locked (%s), and locks keep workers from each other's jobs; use a file"
                  + " system that has them for --out (NFS with its lock service, Lustre mounted with"
                  + " flock)",
              file, e.getMessage());
        } finally {
          if (!locked) {
            channel.close();
          }
        }
        if (locked) {
          HELD.add(real);
          return Optional.of(new Held(real, channel));
        }
      }
    }
    return Optional.empty();
  }

  /**
   * Returns whether somebody holds the file. Needs to read it and no more: a lock that several may
   * share can be asked for on a file open for reading, and is refused while somebody holds theirs.
   */
  boolean isHeld() throws IOException {
    synchronized (HELD) {
      if (!Files.exists(file)) {
        return false;
      }
      if (HELD.contains(real())) {
        return true;
      }
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
        return channel.tryLock(0, Long.MAX_VALUE, true) == null;
      } catch (OverlappingFileLockException e) {
        return true;
      }
    }
  }

  /** Returns what another process that holds the file has written into it, or is about to. */
  String textOfAnother() throws IOException {
    synchronized (HELD) {
      if (HELD.contains(real())) {
        return ""; // closing one more descriptor would give up this process's own lock
      }
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
        return text(channel);
      }
    }
  }

  private static String text(FileChannel channel) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(MOST_BYTES);
    int length = Math.max(0, channel.read(bytes, 0));
    return new String(bytes.array(), 0, length, StandardCharsets.UTF_8);
  }

  private Path real() throws IOException {
    return file.toAbsolutePath().getParent().toRealPath().resolve(file.getFileName());
  }
}
