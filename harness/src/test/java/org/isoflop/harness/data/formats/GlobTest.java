package org.isoflop.harness.data.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.isoflop.harness.BadInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class GlobTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "**/*.java A.java true",
        "**/*.java a/b/A.java true",
        "**/*.java A.kt false",
        "*.java a/A.java false",
        "src/**/*.java src/A.java true",
        "src/**/*.java src/a/b/A.java true",
        "src/**/*.java other/A.java false",
        "src/**/test/**/*.java src/test/A.java true",
        "src/**/test/**/*.java src/x/test/y/A.java true",
        "src/**/test/**/*.java src/x/A.java false",
        "**/**/A.java A.java true",
        "{**/*.java,**/*.kt} A.kt true",
        "{**/*.java,**/*.kt} a/A.java true",
        "src/** src/a/b true",
        "a**/b a/b true",
        "a**/b b false",
        "[ab]?.txt bx.txt true"
      })
  void matchesAsAShellDoes(String glob, String path, boolean matches) {
    assertThat(Glob.of(glob).matches(path)).isEqualTo(matches);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "a[!b-d]e ace false",
        "a[!b-d]e axe true",
        "a[!b]c a/c false",
        "a[&&^]c a&c true",
        "a[b-]c a-c true",
        "a\\*b a*b true",
        "a\\*b axb false",
        "a.b axb false",
        "a}b a}b true",
        "a,b a,b true",
        "x{a,b{c,d}}y xbdy true",
        "*** a/b true",
        "(a|b)+$ (a|b)+$ true"
      })
  void takesNothingForARegularExpression(String glob, String path, boolean matches) {
    assertThat(Glob.of(glob).matches(path)).isEqualTo(matches);
  }

  @Test
  void namesThatCannotBePathsMatchLikeOthers() {
    assertThat(Glob.of("**").matches("a\0b\nc")).isTrue();
    assertThat(Glob.of("*.txt").matches("a\0b.md")).isFalse();
  }

  @Test
  void refusesWrongBracketsAndEndlessFolders() {
    assertThatThrownBy(() -> Glob.of("a[b"))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("'a[b' is not a glob ([ without ])");
    for (String wrong : List.of("{a", "[]", "[z-a]", "a\\")) {
      assertThatThrownBy(() -> Glob.of(wrong))
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("is not a glob");
    }
    assertThatThrownBy(() -> Glob.of("a/**/".repeat(40)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("too many '**/'");
  }
}
