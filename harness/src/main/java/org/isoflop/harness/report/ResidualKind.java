package org.isoflop.harness.report;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.isoflop.harness.analysis.Analysis;
import org.isoflop.harness.analysis.isoflop.PointResidual;

/** The fits whose residuals are drawn. */
enum ResidualKind {
  CURVE("the curves"),
  LAW("the parametric law");

  private final String words;

  ResidualKind(String words) {
    this.words = words;
  }

  /** Returns those that an analysis has a residual of. */
  static List<ResidualKind> of(Analysis analysis) {
    return Stream.of(values())
        .filter(kind -> analysis.residuals().stream().anyMatch(r -> kind.of(r).isPresent()))
        .toList();
  }

  /** Returns its name in the page's scripts. */
  String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns what was fitted. */
  String words() {
    return words;
  }

  /** Returns ln of a point's loss over the fit, where there is one. */
  OptionalDouble of(PointResidual point) {
    return this == CURVE ? point.curve() : point.law();
  }
}
