package org.isoflop.harness.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A Chromium that opens pages without a window or a network, where there is one to be found. */
final class HeadlessBrowser {

  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome");
  private static final int MOST_SECONDS = 60;

  private final Path program;
  private final Path scratch;

  private HeadlessBrowser(Path program, Path scratch) {
    this.program = program;
    this.scratch = scratch;
  }

  /**
   * A page after its scripts have run.
   *
   * @param dom its elements as HTML
   * @param console what was written to its console, by the page or about it
   */
  record Page(String dom, List<String> console) {}

  /**
   * Finds a browser on the path.
   *
   * @param scratch folder for its profile and output
   */
  static Optional<HeadlessBrowser> find(Path scratch) {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return Stream.of(path.split(File.pathSeparator))
        .filter(folder -> !folder.isEmpty())
        .flatMap(folder -> NAMES.stream().map(Path.of(folder)::resolve))
        .filter(Files::isExecutable)
        .findFirst()
        .map(program -> new HeadlessBrowser(program, scratch));
  }

  /** Opens a local page in a window of that many pixels and waits for its scripts. */
  Page open(Path page, int width) throws IOException, InterruptedException {
    Path dom = scratch.resolve("dom.html");
    Path log = scratch.resolve("log.txt");
    Process process =
        new ProcessBuilder(
                program.toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--host-resolver-rules=MAP * ~NOTFOUND",
                "--user-data-dir=" + scratch.resolve("profile"),
                "--window-size=" + width + ",1000",
                "--force-device-scale-factor=1",
                "--virtual-time-budget=5000",
                "--enable-logging=stderr",
                "--dump-dom",
                page.toUri().toString())
            .redirectOutput(dom.toFile())
            .redirectError(log.toFile())
            .start();
    waitFor(process);
    return new Page(
        Files.readString(dom),
        new String(Files.readAllBytes(log), UTF_8)
            .lines()
            .filter(line -> line.contains("CONSOLE"))
            .toList());
  }

  /** Waits for the browser and its helpers, which still write to the profile when it has ended. */
  private static void waitFor(Process process) throws InterruptedException {
    List<ProcessHandle> helpers = List.of();
    for (int i = 0; process.isAlive() && i < 10 * MOST_SECONDS; i++) {
      helpers = process.descendants().toList();
      process.waitFor(100, TimeUnit.MILLISECONDS);
    }
    boolean ended = !process.isAlive();
    process.destroyForcibly().waitFor();
    for (ProcessHandle helper : helpers) {
      helper.destroyForcibly();
      helper.onExit().join();
    }
    if (!ended) {
      throw new AssertionError("the browser did not end within " + MOST_SECONDS + " s");
    }
  }
}
