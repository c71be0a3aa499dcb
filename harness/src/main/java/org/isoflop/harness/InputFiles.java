package org.isoflop.harness;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** Files that a user names and that are read whole: never more than they may hold. */
public final class InputFiles {

  private InputFiles() {}

  /**
   * Returns the bytes of a file, or as many as show that it holds too many. What the shell passes
   * as {@code /dev/stdin} or {@code /dev/fd/63} is read to its end; {@code /dev/zero} has none.
   *
   * @param most bytes that such a file may hold
   * @return at most {@code most} bytes, or one more where there are more
   * @throws BadInputException if it is a pipe with a name, at which reading could wait for ever
   */
  public static byte[] read(Path file, int most) throws IOException {
    boolean plain = !Files.readAttributes(file, BasicFileAttributes.class).isOther();
    if (!plain && !file.toAbsolutePath().startsWith("/dev")) {
      throw BadInputException.of("%s: is a pipe or a device, name a file", file);
    }
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(most + 1);
    }
  }
}
