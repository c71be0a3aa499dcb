package org.isoflop.harness;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * What was slow to find out, kept for the next time in a folder of the user's own: {@code
 * ISOFLOP_CACHE}, or {@code isoflop} in the folder for such things ({@code XDG_CACHE_HOME}, by
 * default {@code ~/.cache}). Nothing hangs on it: what cannot be read is found out again, what
 * cannot be written is not kept, and neither is an error. Nothing is read that another user could
 * have written, nor what another build of this program has, which may have found otherwise.
 */
public final class Cache {

  private static final int STICKY = 01000;
  private static final int OTHERS_WRITE = 02;
  private static final int ROOT = 0;

  private static final String BUILD = "build";
  private static final String FOUND = "found";

  /** Of this process; what it was loaded from may have been replaced since. */
  private static String ownBuild;

  private final Path folder;

  /** Keeps things in a folder, which is made once there is something to keep. */
  public Cache(Path folder) {
    this.folder = folder;
  }

  /** Returns the cache of the user who runs this. */
  public static Cache ofUser() {
    return new Cache(folder(System.getenv(), Path.of(System.getProperty("user.home"))));
  }

  static Path folder(Map<String, String> environment, Path home) {
    String own = environment.getOrDefault("ISOFLOP_CACHE", "");
    if (!own.isEmpty()) {
      return Path.of(own);
    }
    Path caches = Path.of(environment.getOrDefault("XDG_CACHE_HOME", ""));
    // A relative one is to be ignored (XDG Base Directory Specification 0.8).
    return (caches.isAbsolute() ? caches : home.resolve(".cache")).resolve("isoflop");
  }

  /** Returns what is kept under a name, a plain file name; empty where nothing is, or no use. */
  public Optional<ObjectNode> read(String name) {
    try {
      Path file = folder.toRealPath().resolve(name);
      if (!isOurs(file.getParent()) || !isOurs(file)) {
        return Optional.empty();
      }
      ObjectNode kept = SealedJson.read(file);
      return kept.path(BUILD).asText().equals(build())
          ? Optional.of((ObjectNode) kept.get(FOUND))
          : Optional.empty();
    } catch (IOException | RuntimeException e) {
      return Optional.empty();
    }
  }

  /** Keeps an object in place of what is kept under that name. */
  public void write(String name, ObjectNode object) {
    try {
      makeFolder();
      if (isOurs(folder.toRealPath())) {
        ObjectNode kept = object.objectNode().put(BUILD, build());
        kept.set(FOUND, object);
        SealedJson.write(folder.resolve(name), kept);
        AtomicFiles.deleteStale(folder);
      }
    } catch (IOException | RuntimeException e) {
      // A full disk, a folder that cannot be written: found out again the next time.
    }
  }

  /**
   * Returns the sizes and times of what this program was loaded from: an archive, or its classes.
   */
  private static synchronized String build() throws IOException {
    if (ownBuild != null) {
      return ownBuild;
    }
    try {
      Path own = Path.of(Cache.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      CRC32C stamp = new CRC32C();
      try (Stream<Path> files = Files.walk(own)) {
        for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
          String line = file + " " + Files.size(file) + " " + Files.getLastModifiedTime(file);
          stamp.update(line.getBytes(StandardCharsets.UTF_8));
        }
      }
      ownBuild = Long.toHexString(stamp.getValue());
      return ownBuild;
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
  }

  private void makeFolder() throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    Path parent = folder.toAbsolutePath().getParent();
    Files.createDirectories(parent);
    if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
      Files.createDirectory(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } else {
      Files.createDirectory(folder);
    }
  }

  /**
   * Whether nobody else could have changed what stands there: it belongs to the user or to root,
   * and neither it nor, but for those where only owners may rename things, a folder above it can be
   * written by everybody. A group is trusted.
   */
  private static boolean isOurs(Path place) throws IOException {
    if (!FileSystems.getDefault().supportedFileAttributeViews().contains("unix")) {
      return true;
    }
    int owner = (Integer) Files.getAttribute(place, "unix:uid");
    boolean ours = owner == ROOT || owner == new UnixSystem().getUid();
    for (Path above = place; ours && above != null; above = above.getParent()) {
      int mode = (Integer) Files.getAttribute(above, "unix:mode");
      ours = (mode & OTHERS_WRITE) == 0 || (!above.equals(place) && (mode & STICKY) != 0);
    }
    return ours;
  }
}
