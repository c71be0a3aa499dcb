package org.isoflop.harness.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Where libtorch cannot be had from the folders a user named: one line, in a process of its own.
 * {@code models} tests what is refused.
 */
final class LibtorchFolderTest {

  @TempDir private Path folder;

  private String failure(Map<String, String> environment) throws Exception {
    Process process = start(environment);
    process.getOutputStream().close();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(out).isEqualTo(2);
    assertThat(out.lines()).as(out).hasSize(1);
    assertThat(out).startsWith("isoflop: ");
    return out;
  }

  private static Process start(Map<String, String> environment) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            IsoflopProcess.command(List.of("-Dai.djl.offline=true"), "bench", "--device", "auto"));
    builder.environment().putAll(environment);
    return builder.redirectErrorStream(true).start();
  }

  @Test
  void aCacheThatCannotBeMadeIsNamed() throws Exception {
    Path file = Files.createFile(folder.resolve("a-file"));
    assertThat(failure(Map.of("DJL_CACHE_DIR", file + "/cache")))
        .contains(
            "unpacked into", file + "/cache", file + " is a file", "DJL_CACHE_DIR names another");
  }

  @Test
  void aLibraryPathWithoutLibtorchIsNotPassedOver() throws Exception {
    assertThat(failure(Map.of("PYTORCH_LIBRARY_PATH", "/nonexistent", "PYTORCH_VERSION", "2.7.1")))
        .contains("PYTORCH_LIBRARY_PATH: /nonexistent", "no such folder", "torch 2.7.1", "unset");
  }
}
