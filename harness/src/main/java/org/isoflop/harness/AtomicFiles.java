package org.isoflop.harness;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Files that a reader, or a later run of ours, finds whole or not at all: written under a temporary
 * name beside them, forced to disk, then moved over the old one.
 *
 * <p>The temporary file is always a new one, so that no link somebody has placed is followed. Where
 * the file is itself a link, it stays one and what it points at is replaced; where it is a device
 * or a pipe, it is written to as it stands.
 */
public final class AtomicFiles {

  /** The name of the file, then the machine and the process that write it, and which of theirs. */
  private static final Pattern TEMPORARY =
      Pattern.compile(".+\\.isoflop-([0-9a-f]{8})-(\\d{1,18})-[0-9a-f]{1,16}\\.tmp");

  private static final int MOST_LINKS = 40;

  private AtomicFiles() {}

  /** Writes the content of a file. */
  @FunctionalInterface
  public interface Content<T> {
    /** Writes everything to the sink, which the caller closes. */
    void writeTo(T sink) throws IOException;
  }

  /**
   * Checks, before any work is done for them, that files can be written into a folder.
   *
   * @param folder need not exist yet
   * @throws BadInputException if it, or what it would be made in, is no folder or write-protected
   */
  public static void checkFolder(Path folder) {
    Path existing = folder.toAbsolutePath();
    while (!Files.exists(existing)) {
      existing = existing.getParent();
    }
    if (!Files.isDirectory(existing)) {
      throw existing.equals(folder.toAbsolutePath())
          ? BadInputException.of("%s: is a file, use another folder", folder)
          : BadInputException.of(
              "%s: cannot be made, %s is a file; use another folder", folder, existing);
    }
    if (!Files.isWritable(existing)) {
      throw BadInputException.of("%s: %s is write-protected, use another folder", folder, existing);
    }
  }

  /**
   * Checks, before any work is done for it, that a file can be written.
   *
   * @throws BadInputException if it is a folder or write-protected, or its folder cannot be made
   */
  public static void checkFile(Path file) {
    if (Files.isDirectory(file)) {
      throw BadInputException.of("%s: is a folder, name a file", file);
    }
    if (isSpecial(file)) {
      if (!Files.isWritable(file)) {
        throw BadInputException.of("%s: is write-protected, name another file", file);
      }
    } else {
      checkFolder(file.toAbsolutePath().getParent());
    }
  }

  /** Whether a file is one of ours that is still being written, or was when a process died. */
  public static boolean isTemporary(Path file) {
    return TEMPORARY.matcher(String.valueOf(file.getFileName())).matches()
        && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
  }

  /**
   * Deletes what processes of this machine that are no more were in the middle of writing below a
   * folder; not to be called while this one writes there. Of another machine's processes nothing is
   * known here, so what they write stays. Follows no links.
   */
  public static void deleteStale(Path folder) throws IOException {
    delete(folder, AtomicFiles::isStale);
  }

  /**
   * Deletes what anybody was in the middle of writing below a folder, on whatever machine; for who
   * alone may write there. Follows no links.
   */
  public static void deleteTemporary(Path folder) throws IOException {
    delete(folder, AtomicFiles::isTemporary);
  }

  private static void delete(Path folder, Predicate<Path> which) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (which.test(file)) {
              Files.deleteIfExists(file);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE; // another process has deleted it meanwhile
            }
            throw e;
          }
        });
  }

  private static boolean isStale(Path file) {
    Matcher name = TEMPORARY.matcher(String.valueOf(file.getFileName()));
    if (!isTemporary(file) || !name.matches() || !name.group(1).equals(Host.processes())) {
      return false;
    }
    long writer = Long.parseLong(name.group(2));
    return writer == ProcessHandle.current().pid() || ProcessHandle.of(writer).isEmpty();
  }

  /**
   * Makes this machine look at a folder anew. A network file system may keep a file that another
   * machine has made absent here for up to a minute (NFS: cached lookups that failed), until this
   * machine changes the folder.
   *
   * @throws IOException where nothing can be written there
   */
  public static void lookAnew(Path folder) throws IOException {
    Path mark = temporary(folder.resolve("look"));
    Files.createFile(mark);
    Files.deleteIfExists(mark);
  }

  /** Writes a UTF-8 text file; missing parent folders are made. */
  public static void writeText(Path file, Content<? super Writer> content) {
    write(
        file,
        out -> {
          Writer writer = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
          content.writeTo(writer);
          writer.flush();
        });
  }

  /** Writes a binary file; missing parent folders are made. */
  public static void write(Path file, Content<? super OutputStream> content) {
    try {
      Path target = followed(file.toAbsolutePath());
      if (isSpecial(target)) {
        try (OutputStream out = Files.newOutputStream(target, StandardOpenOption.WRITE)) {
          content.writeTo(out);
        }
        return;
      }
      Files.createDirectories(target.getParent());
      Path temporary = temporary(target);
      FileChannel channel =
          FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      try {
        try (OutputStream out = Channels.newOutputStream(channel)) {
          content.writeTo(out);
          out.flush();
          channel.force(true);
        }
        Files.move(
            temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(temporary);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file + ": " + e.getMessage(), e);
    }
  }

  private static Path temporary(Path target) {
    String unique =
        String.join(
            "-",
            Host.processes(),
            String.valueOf(ProcessHandle.current().pid()),
            Long.toHexString(ThreadLocalRandom.current().nextLong()));
    return target.resolveSibling(target.getFileName() + ".isoflop-" + unique + ".tmp");
  }

  /** Neither absent nor a plain file: a device, a pipe, a socket. */
  private static boolean isSpecial(Path file) {
    return Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file);
  }

  /** Returns what a link points at, whether that exists or not; any other file itself. */
  private static Path followed(Path file) throws IOException {
    Path target = file;
    for (int i = 0; Files.isSymbolicLink(target); i++) {
      if (i == MOST_LINKS) {
        throw new FileSystemLoopException(file.toString());
      }
      target = target.resolveSibling(Files.readSymbolicLink(target));
    }
    return target;
  }
}
