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
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Files that a reader, or a later run of ours, finds whole or not at all: written under a temporary
 * name, forced to disk, then moved over the old one.
 */
public final class AtomicFiles {

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
    Path parent = file.toAbsolutePath().getParent();
    Path temporary =
        parent.resolve(file.getFileName() + "." + ProcessHandle.current().pid() + ".tmp");
    try {
      Files.createDirectories(parent);
      try {
        try (FileChannel channel =
                FileChannel.open(
                    temporary,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE);
            OutputStream out = Channels.newOutputStream(channel)) {
          content.writeTo(out);
          out.flush();
          channel.force(true);
        }
        Files.move(
            temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(temporary);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file + ": " + e.getMessage(), e);
    }
  }
}
