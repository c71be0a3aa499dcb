package org.isoflop.harness.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real {@code scripts/isoflop}, in a checkout with a Java and a Maven that tell. */
final class LauncherTest {

  private static final Path SCRIPT = Path.of("..", "scripts", "isoflop");

  @TempDir private Path checkout;

  private Path script;

  @BeforeEach
  void checkOut() throws IOException {
    assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "there is no bash");
    for (String file :
        List.of(
            "pom.xml",
            "models/pom.xml",
            "harness/pom.xml",
            "models/src/main/a",
            "harness/src/main/a",
            "harness/target/isoflop-harness-1.jar",
            "harness/target/lib/library-1.jar",
            "harness/target/.built")) {
      Files.createDirectories(checkout.resolve(file).getParent());
      Files.writeString(checkout.resolve(file), "");
    }
    script = Files.createDirectories(checkout.resolve("scripts")).resolve("isoflop");
    Files.copy(SCRIPT, script);
    Files.copy(SCRIPT.resolveSibling("cuda-runtime"), script.resolveSibling("cuda-runtime"));
    program("jdk/bin/java", "echo \"$LC_ALL $(locale charmap)\"");
    program("maven/bin/mvn", "mkdir -p harness/target/lib; touch harness/target/lib/library-2.jar");
  }

  @Test
  void javaRunsInALocaleThatHasEveryName() throws IOException {
    assertThat(run("C")).isEqualTo("C.UTF-8 UTF-8");
    assertThat(run("no_SUCH.locale")).isEqualTo("C.UTF-8 UTF-8");
    assertThat(run("C.utf8")).as("one that will do is kept").isEqualTo("C.utf8 UTF-8");
  }

  @Test
  void anUpdatedLibraryTakesTheOldOnesPlace() throws IOException {
    touch("harness/src/main/a");
    run("C.utf8");
    assertThat(libraries()).containsExactly("library-1.jar", "library-2.jar");

    touch("harness/pom.xml");
    run("C.utf8");
    assertThat(libraries()).containsExactly("library-2.jar");
  }

  @Test
  void theCudaRuntimeBesideAnInstalledTorchIsFound() throws IOException {
    Path lib = Files.createDirectories(checkout.resolve("site-packages/torch/lib"));
    Path runtime =
        Files.createDirectories(checkout.resolve("site-packages/nvidia/cuda_runtime/lib"));
    program("jdk/bin/java", "for option; do case $option in -Djna.*) echo $option; esac; done");

    assertThat(run("C.utf8", lib)).as("none there").isEmpty();
    Files.createFile(runtime.resolve("libcudart.so.12"));
    assertThat(run("C.utf8", lib)).isEqualTo("-Djna.library.path=" + runtime.toRealPath());
    assertThat(run("C.utf8")).as("no torch named").isEmpty();
  }

  private void program(String file, String line) throws IOException {
    Path program = checkout.resolve(file);
    Files.createDirectories(program.getParent());
    Files.writeString(program, "#!/bin/bash\n" + line + "\n");
    assertThat(program.toFile().setExecutable(true)).isTrue();
  }

  /** Makes a file newer than what was built. */
  private void touch(String file) throws IOException {
    Instant built =
        Files.getLastModifiedTime(checkout.resolve("harness/target/.built")).toInstant();
    Files.setLastModifiedTime(checkout.resolve(file), FileTime.from(built.plusMillis(20)));
    LockSupport.parkNanos(50_000_000); // so that what is built next is newer still
  }

  private List<String> libraries() throws IOException {
    try (Stream<Path> all = Files.list(checkout.resolve("harness/target/lib"))) {
      return all.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private String run(String locale) throws IOException {
    return run(locale, Path.of(""));
  }

  private String run(String locale, Path libtorch) throws IOException {
    ProcessBuilder bash =
        new ProcessBuilder("/bin/bash", script.toString(), "--device=cpu")
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    bash.environment().put("LC_ALL", locale);
    bash.environment().put("PYTORCH_LIBRARY_PATH", libtorch.toString());
    bash.environment().put("JAVA_HOME", checkout.resolve("jdk").toString());
    bash.environment()
        .merge("PATH", checkout.resolve("maven/bin").toString(), (path, mine) -> mine + ":" + path);
    Process process = bash.start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
  }
}
