package org.isoflop.harness.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real {@code scripts/isoflop}, in a checkout whose build is done and with a Java that tells.
 */
final class LauncherTest {

  private static final Path SCRIPT = Path.of("..", "scripts", "isoflop");

  @TempDir private Path checkout;

  @Test
  void javaRunsInALocaleThatHasEveryName() throws IOException {
    assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "there is no bash");
    for (String file :
        List.of(
            "pom.xml",
            "models/pom.xml",
            "harness/pom.xml",
            "models/src/main/a",
            "harness/src/main/a",
            "harness/target/isoflop-harness-1.jar")) {
      Files.createDirectories(checkout.resolve(file).getParent());
      Files.writeString(checkout.resolve(file), "");
    }
    Files.writeString(checkout.resolve("harness/target/.built"), "");
    Path script = Files.createDirectories(checkout.resolve("scripts")).resolve("isoflop");
    Files.copy(SCRIPT, script);
    Path java = Files.createDirectories(checkout.resolve("jdk/bin")).resolve("java");
    Files.writeString(java, "#!/bin/bash\necho \"$LC_ALL $(locale charmap)\"\n");
    assertThat(java.toFile().setExecutable(true)).isTrue();

    assertThat(run(script, "C")).isEqualTo("C.UTF-8 UTF-8");
    assertThat(run(script, "no_SUCH.locale")).isEqualTo("C.UTF-8 UTF-8");
    assertThat(run(script, "C.utf8")).as("one that will do is kept").isEqualTo("C.utf8 UTF-8");
  }

  private String run(Path script, String locale) throws IOException {
    ProcessBuilder bash =
        new ProcessBuilder("/bin/bash", script.toString(), "--device=cpu")
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    bash.environment().put("LC_ALL", locale);
    bash.environment().put("JAVA_HOME", checkout.resolve("jdk").toString());
    Process process = bash.start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
  }
}
