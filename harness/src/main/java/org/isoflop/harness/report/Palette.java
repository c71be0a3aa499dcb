package org.isoflop.harness.report;

import java.awt.Color;
import java.util.Locale;

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
