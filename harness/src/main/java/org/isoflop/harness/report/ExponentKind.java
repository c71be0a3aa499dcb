package org.isoflop.harness.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.isoflop.harness.analysis.Analysis;
import org.isoflop.harness.analysis.isoflop.LocalExponent;

/**
 * A kind of local exponents, of those that are drawn together.
 *
 * @param key its name in the page's scripts and style
 * @param words what it is, for a legend
 * @param colour in the static figures
 * @param bar in the static figures
 * @param shift of its upright intervals, where they would coincide with others', as a share of the
 *     width
 * @param exponents of an analysis; may be none
 */
record ExponentKind(
    String key,
    String words,
    Color colour,
    BasicStroke bar,
    double shift,
    Function<Analysis, List<LocalExponent>> exponents) {

  private static final String LAW = "law";

  /** Returns what one of these exponents rests on: optima, or of the law points. */
  String support(LocalExponent local) {
    return local.optima() + (key.equals(LAW) ? " points" : " optima");
  }

  /** The slope to extrapolate from. */
  static final ExponentKind TOP =
      new ExponentKind(
          "top",
          "top of the range, to extrapolate from",
          Panel.INK,
          Ink.BROAD_BAR,
          0,
          analysis -> analysis.top().stream().toList());

  /** All kinds in the order they are read; the first is painted last, above the others. */
  static final List<ExponentKind> ALL =
      List.of(
          TOP,
          new ExponentKind(
              "local", "between neighbouring optima", Panel.SOFT, Ink.LINE, 0, Analysis::local),
          new ExponentKind(
              "windows",
              "sliding windows of optima",
              Ink.WINDOW,
              Ink.BAR,
              0,
              ExponentKind::otherWindows),
          new ExponentKind(
              LAW, "parametric law in windows", Ink.LAW, Ink.DASHED, 0.015, Analysis::lawWindows));

  /** The top of the range is often the last window, and is drawn once. */
  private static List<LocalExponent> otherWindows(Analysis analysis) {
    return besideTop(analysis.windows(), analysis);
  }

  /** Returns the exponents but for one over the very budgets of the top. */
  static List<LocalExponent> besideTop(List<LocalExponent> found, Analysis analysis) {
    Optional<LocalExponent> top = analysis.top();
    return found.stream().filter(window -> !same(window, top)).toList();
  }

  private static boolean same(LocalExponent window, Optional<LocalExponent> top) {
    return top.isPresent()
        && window.from() == top.get().from()
        && window.to() == top.get().to()
        && window.optima() == top.get().optima();
  }

  /** Returns the exponents of this kind; may be none. */
  List<LocalExponent> of(Analysis analysis) {
    return exponents.apply(analysis);
  }

  /** Returns its entry in a legend. */
  LegendStrip.Entry legend() {
    return LegendStrip.line(words, colour, bar);
  }

  /** Draws the exponents of this kind. */
  void draw(Panel panel, Analysis analysis, Quantity quantity) {
    ExponentMarks.draw(panel, of(analysis), quantity, colour, bar, shift);
  }
}
