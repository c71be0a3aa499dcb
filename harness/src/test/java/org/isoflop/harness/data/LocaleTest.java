package org.isoflop.harness.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.TestJava;
import org.isoflop.harness.data.formats.CorpusSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A corpus is the same in every locale; each test is a Java of its own, as it has just one. */
final class LocaleTest {

  @TempDir Path folder;

  @BeforeEach
  void writeNames() {
    for (int i = 0; i < 10; i++) {
      TestFiles.text(folder.resolve("in/plain" + i + ".txt"), "plain " + i);
      TestFiles.text(folder.resolve("in/caf\u00e9" + i + ".txt"), "accent " + i);
      TestFiles.text(folder.resolve("in/\u00dcbung/" + i + ".txt"), "folder " + i);
      TestFiles.text(folder.resolve("in/\u6587" + i + ".md"), "other " + i);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"C", "C.UTF-8"})
  void nothingVanishes(String locale) throws IOException {
    assertThat(listed(locale, "in", "**")).isEqualTo("40");
    assertThat(listed(locale, "in", "**/*.txt")).isEqualTo("30");
    assertThat(listed(locale, "in", "**/{caf\u00e9,\u00dc}*/**", "caf?[0-9].*")).isEqualTo("20");
    assertThat(listed(locale, "in/*\u6587*", "none")).isEqualTo("10");
  }

  @Test
  void aNameThatTheLocaleDoesNotHaveIsAnError() throws IOException {
    assertThat(listed("C", "in/\u00dcbung", "**"))
        .contains("cannot be the name of a file here")
        .contains("LC_ALL=C.UTF-8 would");
    assertThat(listed("C.UTF-8", "in/\u00dcbung", "**")).isEqualTo("10");
  }

  private String listed(String locale, String files, String... include) throws IOException {
    ProcessBuilder java =
        new ProcessBuilder(TestJava.command(Child.class, List.of(), escaped(folder + "/" + files)))
            .redirectErrorStream(true);
    for (String glob : include) {
      java.command().add(escaped(glob));
    }
    java.environment().put("LC_ALL", locale);
    Process child = java.start();
    return new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
  }

  /** A command line is in the locale's character set too, unlike the configuration. */
  private static String escaped(String text) {
    return text.chars()
        .mapToObj(c -> c < 0x80 ? Character.toString(c) : "@" + Integer.toHexString(c) + ";")
        .collect(Collectors.joining());
  }

  /** Prints how many documents a corpus has, or why it is refused. */
  static final class Child {

    private Child() {}

    public static void main(String[] arguments) {
      List<String> given =
          List.of(arguments).stream()
              .map(
                  text ->
                      Pattern.compile("@([0-9a-f]+);")
                          .matcher(text)
                          .replaceAll(
                              found -> Character.toString(Integer.parseInt(found.group(1), 16))))
              .toList();
      CorpusSource source =
          new CorpusSource(given.subList(0, 1), given.subList(1, given.size()), "text", "", 0.5);
      try {
        System.out.println(CorpusFiles.of(source, Set.of()).locations().size());
      } catch (BadInputException e) {
        System.out.println(e.getMessage());
      }
    }
  }
}
