package org.isoflop.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class ScreenLinesTest {

  private static List<String> wrapped(String label, String sentence) {
    ScreenLines lines = new ScreenLines();
    lines.wrap(label, sentence);
    return lines.all();
  }

  @Test
  void breaksBetweenWordsButNotWithinBrackets() {
    assertThat(wrapped("label:", "x".repeat(84) + " [0.1, 0.2] end"))
        .containsExactly("label: " + "x".repeat(84), "  [0.1, 0.2] end");
    assertThat(wrapped("", "x".repeat(89) + " [0.1, 0.2]"))
        .singleElement()
        .asString()
        .hasSize(ScreenLines.WIDTH);
  }

  @Test
  void indentsLaterLinesByTwoMoreThanTheFirst() {
    assertThat(wrapped("    ", "x".repeat(96) + " end"))
        .containsExactly("    " + "x".repeat(96), "      end");
    assertThat(wrapped("  row", "x".repeat(94) + " end"))
        .containsExactly("  row " + "x".repeat(94), "    end");
  }

  @Test
  void hangsLaterLinesUnderTheFirstWord() {
    ScreenLines lines = new ScreenLines();
    lines.hang("label  ", "%s end of %d", "x".repeat(93), 1);
    lines.hang("  ", "y".repeat(98) + " end");
    assertThat(lines.all())
        .containsExactly(
            "label  " + "x".repeat(93), "       end of 1", "  " + "y".repeat(98), "    end");
  }
}
