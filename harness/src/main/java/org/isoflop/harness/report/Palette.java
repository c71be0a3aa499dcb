package org.isoflop.harness.report;

import java.awt.Color;
import java.util.Locale;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * One colour per budget, lowest to highest, from a sequential palette whose lightness rises evenly,
 * so that the order survives grey printing and most colour blindness.
 *
 * <p>The anchors are those of viridis (Smith and van der Walt 2015, released under CC0). Its two
 * ends are left out on the ground they would vanish on: yellow on white, violet on black.
 */
final class Palette {

  private static final int[] VIRIDIS = {
    0x440154, 0x482878, 0x3e4a89, 0x31688e, 0x26828e, 0x1f9e89, 0x35b779, 0x6dcd59, 0xb4de2c,
    0xfde725
  };

  /**
   * Colours that do not rank, one per data set (Okabe and Ito 2008, darkened for a white ground).
   */
  private static final int[] SETS_ON_LIGHT = {
    0x0072b2, 0xc8501e, 0x00805c, 0xa5478b, 0x9c6b00, 0x4b5563
  };

  private static final int[] SETS_ON_DARK = {
    0x5db4e8, 0xf28d5e, 0x2fc79b, 0xe093c4, 0xe8b84a, 0xaab2bd
  };

  private static final double LIGHT_FROM = 0.02;
  private static final double LIGHT_TO = 0.80;
  private static final double DARK_FROM = 0.30;
  private static final double DARK_TO = 1.00;

  private Palette() {}

  /** Returns colour {@code index} of {@code count} for a white ground. */
  static Color onLight(int index, int count) {
    return at(LIGHT_FROM, LIGHT_TO, index, count);
  }

  /** Returns colour {@code index} of {@code count} for a dark ground. */
  static Color onDark(int index, int count) {
    return at(DARK_FROM, DARK_TO, index, count);
  }

  /** Returns the colour of a data set on a white ground; they repeat after six. */
  static Color setOnLight(int index) {
    return new Color(SETS_ON_LIGHT[index % SETS_ON_LIGHT.length]);
  }

  /** Returns the colour of a data set on a dark ground. */
  static Color setOnDark(int index) {
    return new Color(SETS_ON_DARK[index % SETS_ON_DARK.length]);
  }

  /** Returns a style sheet that declares {@code --<name>-<index>} for both grounds. */
  static String css(String name, int count, IntFunction<Color> onLight, IntFunction<Color> onDark) {
    return ":root {%s }\n@media (prefers-color-scheme: dark) { :root {%s } }"
        .formatted(variables(name, count, onLight), variables(name, count, onDark));
  }

  private static String variables(String name, int count, IntFunction<Color> colour) {
    return IntStream.range(0, count)
        .mapToObj(i -> " --%s-%d: %s;".formatted(name, i, css(colour.apply(i))))
        .collect(Collectors.joining());
  }

  /** Returns a colour as CSS writes it. */
  static String css(Color color) {
    return String.format(Locale.ROOT, "#%06x", color.getRGB() & 0xffffff);
  }

  private static Color at(double from, double to, int index, int count) {
    double share = count == 1 ? 0.4 : (double) index / (count - 1);
    double position = (from + (to - from) * share) * (VIRIDIS.length - 1);
    int below = Math.min((int) position, VIRIDIS.length - 2);
    double weight = position - below;
    Color a = new Color(VIRIDIS[below]);
    Color b = new Color(VIRIDIS[below + 1]);
    return new Color(
        mix(a.getRed(), b.getRed(), weight),
        mix(a.getGreen(), b.getGreen(), weight),
        mix(a.getBlue(), b.getBlue(), weight));
  }

  private static int mix(int a, int b, double weight) {
    return (int) Math.round(a + (b - a) * weight);
  }
}
