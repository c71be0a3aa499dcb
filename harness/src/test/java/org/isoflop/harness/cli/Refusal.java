package org.isoflop.harness.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A command line that is wrong: it gets one line that says what is wrong and what would do, exit
 * code 2, and not a byte is written.
 *
 * @param arguments with a space between; {@code @} is the test's folder, in words too
 * @param words that the line holds
 */
record Refusal(String arguments, List<String> words) {

  static Refusal of(String arguments, String... words) {
    return new Refusal(arguments, List.of(words));
  }

  @Override
  public String toString() {
    return arguments;
  }

  /** Runs the command line and returns what else it said. */
  CommandRun check(Path folder) throws IOException {
    Map<String, String> before = content(folder);
    Map<String, String> runsBefore = content(Path.of("runs"));
    CommandRun run =
        CommandRun.of(
            Arrays.stream(arguments.split(" ", -1))
                .filter(argument -> !argument.isEmpty())
                .map(argument -> argument.replace("@", folder.toString()))
                .toArray(String[]::new));

    assertThat(run.err().lines()).as(run.err()).hasSize(1);
    assertThat(run.err())
        .startsWith("isoflop: ")
        .contains(words.stream().map(word -> word.replace("@", folder.toString())).toList());
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(content(folder)).isEqualTo(before);
    assertThat(content(Path.of("runs"))).isEqualTo(runsBefore);
    return run;
  }

  /** Every file below a folder with its bytes, every folder with none. */
  private static Map<String, String> content(Path root) throws IOException {
    Map<String, String> content = new TreeMap<>();
    if (Files.exists(root)) {
      try (Stream<Path> all = Files.walk(root)) {
        for (Path path : all.toList()) {
          content.put(
              root.relativize(path).toString(),
              Files.isDirectory(path)
                  ? "a folder"
                  : new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1));
        }
      }
    }
    return content;
  }
}
