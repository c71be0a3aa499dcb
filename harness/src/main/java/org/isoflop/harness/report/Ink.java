package org.isoflop.harness.report;

import java.util.Locale;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A colour of figures and page, on a white ground and on a dark one.
 *
 * @param name of the variable {@code --name} that holds it on a page
 * @param light on white, red, green and blue a byte each
 * @param dark on a dark ground
 */
record Ink(String name, int light, int dark) {

  static final Ink GROUND = new Ink("ground", 0xffffff, 0x16181b);
  static final Ink BLACK = new Ink("ink", 0x1c1e21, 0xe6e8ea);
  static final Ink SOFT = new Ink("soft", 0x5b6168, 0xa0a6ad);
  static final Ink FRAME = new Ink("line", 0xd0d4d9, 0x3a3f45);
  static final Ink GRID = new Ink("grid", 0xe9ebee, 0x292d31);

  /** What lies behind: measured ranges. */
  static final Ink PALE = new Ink("pale", 0xe4e7ea, 0x2d3237);

  static final Ink CONTOUR = new Ink("contour", 0x9aa1a9, 0x6d747c);

  /** The line through the optima. */
  static final Ink FIT = new Ink("fit", 0xb4532a, 0xe6986f);

  /** Sliding windows of optima. */
  static final Ink WINDOW = new Ink("window", 0x2b6cb0, 0x6fb1ea);

  /** The parametric law. */
  static final Ink LAW = new Ink("law", 0x7a3fa6, 0xc39be6);

  /** Those that every page declares. */
  private static final Stream<Ink> fixed() {
    return Stream.of(GROUND, BLACK, SOFT, FRAME, GRID, PALE, CONTOUR, FIT, WINDOW, LAW);
  }

  /**
   * The anchors of viridis (Smith and van der Walt 2015, released under CC0): its lightness rises
   * evenly, so that the order of the budgets survives grey printing and most colour blindness.
   */
  private static final int[] VIRIDIS = {
    0x440154, 0x482878, 0x3e4a89, 0x31688e, 0x26828e, 0x1f9e89, 0x35b779, 0x6dcd59, 0xb4de2c,
    0xfde725
  };

  /** What of it stands out from its ground: yellow would vanish on white, violet on black. */
  private static final double[] ON_LIGHT = {0.02, 0.80};

  private static final double[] ON_DARK = {0.30, 1.00};

  /**
   * Colours that do not rank, one per data set (Okabe and Ito 2008, darkened for a white ground).
   */
  private static final int[] SETS_ON_LIGHT = {
    0x0072b2, 0xc8501e, 0x00805c, 0xa5478b, 0x9c6b00, 0x4b5563
  };

  private static final int[] SETS_ON_DARK = {
    0x5db4e8, 0xf28d5e, 0x2fc79b, 0xe093c4, 0xe8b84a, 0xaab2bd
  };

  /** Returns the colour of one of {@code count} budgets, lowest first. */
  static Ink budget(int index, int count) {
    double share = count == 1 ? 0.4 : (double) index / (count - 1);
    return new Ink("budget-" + index, viridis(ON_LIGHT, share), viridis(ON_DARK, share));
  }

  /** Returns the colour of a data set; they repeat after six. */
  static Ink set(int index) {
    return new Ink(
        "set-" + index,
        SETS_ON_LIGHT[index % SETS_ON_LIGHT.length],
        SETS_ON_DARK[index % SETS_ON_DARK.length]);
  }

  /** Returns a style sheet that declares the colours of a page, and those of so many others. */
  static String css(int count, IntFunction<Ink> others) {
    return ":root {%s }\n@media (prefers-color-scheme: dark) { :root {%s } }"
        .formatted(variables(count, others, false), variables(count, others, true));
  }

  private static String variables(int count, IntFunction<Ink> others, boolean dark) {
    return Stream.concat(fixed(), IntStream.range(0, count).mapToObj(others))
        .map(ink -> " --%s: %s;".formatted(ink.name, hex(dark ? ink.dark : ink.light)))
        .collect(Collectors.joining());
  }

  /** Returns the colour on white as CSS writes it. */
  String hex() {
    return hex(light);
  }

  private static String hex(int rgb) {
    return String.format(Locale.ROOT, "#%06x", rgb);
  }

  private static int viridis(double[] ends, double share) {
    double position = (ends[0] + (ends[1] - ends[0]) * share) * (VIRIDIS.length - 1);
    int below = Math.min((int) position, VIRIDIS.length - 2);
    int mixed = 0;
    for (int shift = 16; shift >= 0; shift -= 8) {
      int from = VIRIDIS[below] >> shift & 0xff;
      int to = VIRIDIS[below + 1] >> shift & 0xff;
      mixed |= (int) Math.round(from + (to - from) * (position - below)) << shift;
    }
    return mixed;
  }
}
