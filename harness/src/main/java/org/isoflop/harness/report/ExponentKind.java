package org.isoflop.harness.report;

import java.util.List;
import java.util.Optional;
import org.isoflop.harness.analysis.Analysis;
import org.isoflop.harness.analysis.Analysis.Part;
import org.isoflop.harness.analysis.isoflop.Exponents.LocalExponent;
import org.isoflop.harness.report.Canvas.Pen;

/**
 * How local exponents of one kind are drawn, together.
 *
 * @param part which they are
 * @param key its layer
 * @param words what it is, for a legend
 * @param ink its colour
 * @param pen of the bar over the budgets it holds for
 * @param shift of its upright intervals, where they would coincide with others', as a share of the
 *     width
 */
record ExponentKind(Part part, String key, String words, Ink ink, Pen pen, double shift) {

  /** All kinds in the order they are read; the first is painted last, above the others. */
  static final List<ExponentKind> ALL =
      List.of(
          new ExponentKind(
              Part.TOP,
              "top",
              "top of the range, to extrapolate from",
              Ink.BLACK,
              Pen.BROAD_BAR,
              0),
          new ExponentKind(
              Part.LOCAL, "neighbours", "between neighbouring optima", Ink.SOFT, Pen.LINE, 0),
          new ExponentKind(
              Part.WINDOWS, "windows", "sliding windows of optima", Ink.WINDOW, Pen.BAR, 0),
          new ExponentKind(
              Part.LAW_WINDOWS, "by-law", "parametric law in windows", Ink.LAW, Pen.DASHED, 0.015));

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
    List<LocalExponent> found = analysis.part(part);
    return part == Part.WINDOWS ? besideTop(found, analysis) : found;
  }

  /** Returns what one of these exponents rests on. */
  String support(LocalExponent local) {
    return local.optima() + " " + part.support();
  }
}
