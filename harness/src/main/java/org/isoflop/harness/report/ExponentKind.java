package org.isoflop.harness.report;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.isoflop.harness.analysis.Analysis;
import org.isoflop.harness.analysis.isoflop.Exponents.LocalExponent;
import org.isoflop.harness.report.Canvas.Pen;

/**
 * A kind of local exponents, of those that are drawn together.
 *
 * @param key its layer
 * @param words what it is, for a legend
 * @param ink its colour
 * @param pen of the bar over the budgets it holds for
 * @param shift of its upright intervals, where they would coincide with others', as a share of the
 *     width
 * @param exponents of an analysis; may be none
 */
record ExponentKind(
    String key,
    String words,
    Ink ink,
    Pen pen,
    double shift,
    Function<Analysis, List<LocalExponent>> exponents) {

  private static final String LAW = "by-law";

  /** The slope to extrapolate from. */
  static final ExponentKind TOP =
      new ExponentKind(
          "top",
          "top of the range, to extrapolate from",
          Ink.BLACK,
          Pen.BROAD_BAR,
          0,
          analysis -> analysis.top().stream().toList());

  /** All kinds in the order they are read; the first is painted last, above the others. */
  static final List<ExponentKind> ALL =
      List.of(
          TOP,
          new ExponentKind(
              "neighbours", "between neighbouring optima", Ink.SOFT, Pen.LINE, 0, Analysis::local),
          new ExponentKind(
              "windows",
              "sliding windows of optima",
              Ink.WINDOW,
              Pen.BAR,
              0,
              analysis -> besideTop(analysis.windows(), analysis)),
          new ExponentKind(
              LAW, "parametric law in windows", Ink.LAW, Pen.DASHED, 0.015, Analysis::lawWindows));

  /** Returns the exponents but for one over the very budgets of the top, which is drawn once. */
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

  /** Returns what one of these exponents rests on: optima, or of the law points. */
  String support(LocalExponent local) {
    return local.optima() + (key.equals(LAW) ? " points" : " optima");
  }
}
