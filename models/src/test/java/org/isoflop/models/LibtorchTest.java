package org.isoflop.models;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where libtorch is loaded from, and where it is not. */
final class LibtorchTest {

  private static final String LIBRARY = System.mapLibraryName("torch");

  @TempDir private Path folder;

  @Test
  void aLibraryPathWithoutLibtorchIsNotPassedOver() {
    refused(Optional.of("/nonexistent"), folder)
        .hasMessageContainingAll("/nonexistent: there is no such folder", "or unset it");
    refused(Optional.of(folder.toString()), folder).hasMessageContaining("has no " + LIBRARY);
  }

  @Test
  void nothingIsLoadedFromWhereOthersCanWrite() throws IOException {
    assumeTrue(
        FileSystems.getDefault().supportedFileAttributeViews().contains("unix"),
        "there are no such permissions here");
    Path cache = folder.resolve("cache");
    Path unpacked = Files.createDirectories(cache.resolve("pytorch/2.7.1-cpu"));
    Path library = Files.createFile(unpacked.resolve(LIBRARY));
    Optional<String> named = Optional.of(unpacked.toString());
    for (Path open : List.of(unpacked.getParent(), unpacked, library)) {
      permit(open, "rwxrwxrwx");
      refused(Optional.empty(), cache)
          .hasMessageContainingAll(
              open + " can be written by every user", "not loaded", "DJL_CACHE_DIR");
      if (!open.equals(unpacked.getParent())) {
        refused(named, folder.resolve("none"))
            .hasMessageStartingWith(open + " can be written by every user");
      }
      permit(open, "rwxr-xr-x");
    }
    assertThatCode(() -> Libtorch.check(named, cache)).doesNotThrowAnyException();
  }

  private static AbstractThrowableAssert<?, ?> refused(Optional<String> named, Path cache) {
    return assertThatThrownBy(() -> Libtorch.check(named, cache))
        .isInstanceOf(UnusableLibtorchException.class);
  }

  private static void permit(Path path, String permissions) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
  }
}
