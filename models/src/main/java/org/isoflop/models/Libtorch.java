package org.isoflop.models;

import ai.djl.engine.Engine;
import ai.djl.util.Platform;
import ai.djl.util.Utils;
import com.sun.security.auth.module.UnixSystem;
import java.io.File;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The native libraries that DJL loads: those in the folder that {@code PYTORCH_LIBRARY_PATH} names,
 * or those it unpacks into its cache. What is loaded runs with the user's rights, so it is not
 * loaded from where others could have put it; and DJL's own failures, which are traces, become one
 * sentence that names the folder.
 */
final class Libtorch {

  private static final String OVERRIDE = "PYTORCH_LIBRARY_PATH";
  private static final String LIBRARY = System.mapLibraryName("torch");

  /** What the libraries take unpacked, with room for the archive beside them. */
  private static final long NEEDED_BYTES = 1L << 30;

  private static final int STICKY = 01000;
  private static final int OTHERS_WRITE = 02;
  private static final int ROOT = 0;

  private Libtorch() {}

  /**
   * Starts the engine.
   *
   * @throws UnusableLibtorchException if its libraries cannot be loaded, or must not be
   */
  static Engine start() {
    Optional<String> named =
        Optional.ofNullable(Utils.getEnvOrSystemProperty(OVERRIDE)).filter(text -> !text.isEmpty());
    Path cache = Utils.getEngineCacheDir().toAbsolutePath();
    check(named, cache);
    try {
      return Engine.getEngine("PyTorch");
    } catch (RuntimeException | LinkageError e) {
      throw new UnusableLibtorchException(
          named.map(folder -> OVERRIDE + " is " + folder + ", and ").orElse("")
              + "libtorch cannot be unpacked into, or loaded from, "
              + cache
              + ": "
              + problem(cache).orElseGet(() -> rootCause(e))
              + "; DJL_CACHE_DIR names another folder (1 GB, writable), PYTORCH_LIBRARY_PATH and"
              + " PYTORCH_VERSION a libtorch that is there already",
          e);
    }
  }

  /**
   * Checks where libraries would be loaded from.
   *
   * @param named the folder, or folders, that the user named
   * @param cache where DJL unpacks into
   * @throws UnusableLibtorchException if there are none, or others could have put them there
   */
  static void check(Optional<String> named, Path cache) {
    named.ifPresent(Libtorch::checkOverride);
    for (Path path : loadedFrom(cache)) {
      checkTrusted(path, true, "set DJL_CACHE_DIR to a folder of your own, or chmod -R o-w it");
    }
  }

  private static void checkOverride(String named) {
    Optional<Path> folder =
        Arrays.stream(named.split(File.pathSeparator, -1))
            .map(Path::of)
            .map(path -> Files.isRegularFile(path) ? path.toAbsolutePath().getParent() : path)
            .filter(path -> Files.exists(path.resolve(LIBRARY)))
            .findFirst();
    if (folder.isEmpty()) {
      throw new UnusableLibtorchException(
          OVERRIDE
              + ": "
              + named
              + (Files.exists(Path.of(named)) ? " has no " + LIBRARY : ": there is no such folder")
              + "; name the lib folder of a torch "
              + Platform.detectPlatform("pytorch").getVersion()
              + ", or unset it to take the one that came with isoflop");
    }
    String use = "chmod -R o-w it, or name another folder";
    checkTrusted(folder.get(), false, use);
    checkTrusted(folder.get().resolve(LIBRARY), false, use);
  }

  /** Returns what of the cache is there already: its folders, and the libraries in them. */
  private static List<Path> loadedFrom(Path cache) {
    Path pytorch = cache.resolve("pytorch");
    if (!Files.isDirectory(pytorch)) {
      return Files.isDirectory(cache) ? List.of(cache) : List.of();
    }
    try (Stream<Path> below = Files.walk(pytorch.toRealPath(), 2)) {
      return Stream.concat(Stream.of(cache), below).toList();
    } catch (IOException e) {
      return List.of(); // DJL will not be able to read it either, and that is said then
    }
  }

  private static void checkTrusted(Path path, boolean owned, String use) {
    if (!FileSystems.getDefault().supportedFileAttributeViews().contains("unix")) {
      return;
    }
    try {
      int mode = (Integer) Files.getAttribute(path, "unix:mode");
      int owner = (Integer) Files.getAttribute(path, "unix:uid");
      boolean sticky = Files.isDirectory(path) && (mode & STICKY) != 0;
      boolean foreign = owned && owner != ROOT && owner != new UnixSystem().getUid();
      if (foreign || ((mode & OTHERS_WRITE) != 0 && !sticky)) {
        throw new UnusableLibtorchException(
            path
                + (foreign ? " belongs to another user" : " can be written by every user")
                + ", and code is not loaded from there; "
                + use);
      }
    } catch (IOException e) {
      throw new UnusableLibtorchException(path + " cannot be looked at (" + e + ")", e);
    }
  }

  /** Returns what is wrong with a folder that cannot be written into. */
  private static Optional<String> problem(Path folder) {
    Path existing = folder;
    while (!Files.exists(existing)) {
      existing = existing.getParent();
    }
    if (!Files.isDirectory(existing)) {
      return Optional.of(existing + " is a file");
    }
    if (!Files.isWritable(existing)) {
      return Optional.of(existing + " is not writable");
    }
    try {
      long free = Files.getFileStore(existing).getUsableSpace();
      return free < NEEDED_BYTES && free > 0
          ? Optional.of("only " + (free >> 20) + " MiB are free there")
          : Optional.empty();
    } catch (IOException e) {
      return Optional.of(e.getMessage());
    }
  }

  private static String rootCause(Throwable e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause.toString();
  }
}
