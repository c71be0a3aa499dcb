package org.isoflop.harness.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.TestJava;
import org.isoflop.harness.data.formats.CorpusSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A corpus is the same in every locale, asked of a Java of its own, as it has just one. */
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
    List<String> listed =
        listed(
            locale,
            List.of("in", "**"),
            List.of("in", "**/*.txt"),
            List.of("in", "**/{caf\u00e9,\u00dc}*/**", "caf?[0-9].*"),
            List.of("in/*\u6587*", "none"),
            List.of("in/\u00dcbung", "**"));
    assertThat(listed.subList(0, 4)).containsExactly("40", "30", "20", "10");
    if (locale.equals("C")) {
      assertThat(listed.get(4))
          .as("a name that the locale does not have")
          .contains("cannot be the name of a file here")
          .contains("LC_ALL=C.UTF-8 would");
    } else {
      assertThat(listed.get(4)).isEqualTo("10");
    }
  }

  /** Returns a line for each corpus: how many documents some files have that globs include. */
  @SafeVarargs
  private List<String> listed(String locale, List<String>... corpora) throws IOException {
    List<String> arguments = new ArrayList<>();
    for (List<String> corpus : corpora) {
      arguments.add(escaped(folder + "/" + corpus.get(0)));
      corpus.stream().skip(1).map(LocaleTest::escaped).forEach(arguments::add);
      arguments.add(Child.END);
    }
    ProcessBuilder java =
        new ProcessBuilder(
                TestJava.command(Child.class, List.of(), arguments.toArray(String[]::new)))
            .redirectErrorStream(true);
    java.environment().put("LC_ALL", locale);
    Process child = java.start();
    String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    List<String> lines = said.lines().toList();
    assertThat(lines).as(said).hasSize(corpora.length);
    return lines;
  }

  /** A command line is in the locale's character set too, unlike the configuration. */
  private static String escaped(String text) {
    return text.chars()
        .mapToObj(c -> c < 0x80 ? Character.toString(c) : "@" + Integer.toHexString(c) + ";")
        .collect(Collectors.joining());
  }

  /** Prints how many documents each corpus has, or why it is refused. */
  static final class Child {

    /** What stands after the files and globs of each. */
    static final String END = "--";

    private Child() {}

    public static void main(String[] arguments) {
      List<String> corpus = new ArrayList<>();
      for (String argument : arguments) {
        if (argument.equals(END)) {
          list(corpus);
          corpus.clear();
        } else {
          corpus.add(argument);
        }
      }
    }

    private static void list(List<String> escaped) {
      List<String> given =
          escaped.stream()
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
