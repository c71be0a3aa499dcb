package org.isoflop.harness.analysis;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.isoflop.harness.analysis.isoflop.BudgetCurve;
import org.isoflop.harness.analysis.isoflop.Exponents;
import org.isoflop.harness.analysis.isoflop.FrontierPoint;
import org.isoflop.harness.analysis.isoflop.LocalExponent;
import org.isoflop.harness.analysis.isoflop.Optimum;
import org.isoflop.harness.analysis.isoflop.PointResidual;

/** The analysis as the tables that {@link AnalysisFiles} writes, one CSV each. */
final class AnalysisTables {

  private AnalysisTables() {}

  static List<ResultTable> of(Analysis analysis) {
    return List.of(
        optima(analysis),
        exponents(analysis),
        curves(analysis),
        splits("frontier.csv", analysis.frontier()),
        splits("allocation.csv", analysis.allocation()),
        conventions(analysis),
        residuals(analysis),
        law(analysis));
  }

  /** Returns how many points of a budget the curves leave out. */
  static long outliers(Analysis analysis, BudgetCurve curve) {
    return analysis.residuals().stream()
        .filter(residual -> residual.outlier() && curve.points().contains(residual.point()))
        .count();
  }

  private static ResultTable optima(Analysis analysis) {
    ResultTable table =
        ResultTable.of(
            "optima.csv",
            "budget_flops",
            "params~",
            "tokens~",
            "tokens_per_param",
            "loss~",
            "bits_per_byte",
            "least_params_within_noise",
            "most_params_within_noise",
            "bracketed",
            "points",
            "outliers",
            "refused");
    for (BudgetCurve curve : analysis.curves()) {
      Optional<Optimum> optimum = curve.optimum();
      table.add(
          curve.budget(),
          optimum.map(Optimum::params),
          optimum.map(Optimum::tokens),
          optimum.map(o -> o.tokens().value() / o.params().value()),
          optimum.map(Optimum::loss),
          optimum.map(Optimum::bitsPerByte).orElse(OptionalDouble.empty()),
          optimum.map(o -> o.paramsWithinNoise().low()),
          optimum.map(o -> o.paramsWithinNoise().high()),
          curve.bracketed(),
          curve.points().size(),
          outliers(analysis, curve),
          curve.refused());
    }
    return table;
  }

  /** Lays out the exponents of all methods and ranges; {@code scope} says which range it is. */
  private static ResultTable exponents(Analysis analysis) {
    ResultTable table =
        ResultTable.of(
            "exponents.csv",
            "method",
            "scope",
            "from",
            "to",
            "optima",
            "points",
            "a~",
            "b~",
            "refused");
    for (MethodResult result : analysis.methods()) {
      Optional<Exponents> found = result.exponents();
      table.add(
          result.method().key(),
          "global",
          "",
          "",
          "",
          "",
          found.map(Exponents::a),
          found.map(Exponents::b),
          result.refused());
    }
    analysis.top().ifPresent(part -> part(table, "top", part));
    analysis.local().forEach(part -> part(table, "local", part));
    analysis.windows().forEach(part -> part(table, "window", part));
    for (LocalExponent part : analysis.lawWindows()) {
      Exponents found = part.exponents();
      table.add(
          Method.PARAMETRIC.key(),
          "law_window",
          part.from(),
          part.to(),
          "",
          part.optima(),
          found.a(),
          found.b(),
          "");
    }
    return table;
  }

  private static void part(ResultTable table, String scope, LocalExponent part) {
    table.add(
        Method.ISOFLOP.key(),
        scope,
        part.from(),
        part.to(),
        part.optima(),
        "",
        part.exponents().a(),
        part.exponents().b(),
        "");
  }

  private static ResultTable curves(Analysis analysis) {
    ResultTable table = ResultTable.of("curves.csv", "budget_flops", "params", "loss");
    for (BudgetCurve curve : analysis.curves()) {
      for (Optimum.CurvePoint at : curve.optimum().map(Optimum::curve).orElse(List.of())) {
        table.add(curve.budget(), at.params(), at.loss());
      }
    }
    return table;
  }

  private static ResultTable splits(String file, List<FrontierPoint> points) {
    ResultTable table =
        ResultTable.of(
            file,
            "budget_flops",
            "decades_beyond",
            "params~",
            "tokens~",
            "tokens_per_param",
            "loss~",
            "a~",
            "b~");
    for (FrontierPoint point : points) {
      table.add(
          point.budget(),
          point.decadesBeyond(),
          point.params(),
          point.tokens(),
          point.tokens().value() / point.params().value(),
          point.loss(),
          point.exponents().a(),
          point.exponents().b());
    }
    return table;
  }

  private static ResultTable conventions(Analysis analysis) {
    ResultTable table = ResultTable.of("conventions.csv", "params", "flops", "a~", "b~", "refused");
    for (ConventionResult result : analysis.conventions()) {
      table.add(
          result.convention().params().key(),
          result.convention().flops().key(),
          result.exponents().map(Exponents::a),
          result.exponents().map(Exponents::b),
          result.refused());
    }
    return table;
  }

  /** Lays out ln of every point's loss over its curve and over the law. */
  private static ResultTable residuals(Analysis analysis) {
    ResultTable table =
        ResultTable.of(
            "residuals.csv",
            "budget_flops",
            "flops",
            "params",
            "tokens",
            "loss",
            "curve",
            "law",
            "outlier");
    for (PointResidual residual : analysis.residuals()) {
      table.add(
          residual.point().budget(),
          residual.point().flops(),
          residual.point().params(),
          residual.point().tokens(),
          residual.point().loss(),
          residual.curve(),
          residual.law(),
          residual.outlier());
    }
    return table;
  }

  private static ResultTable law(Analysis analysis) {
    ResultTable table = ResultTable.of("law.csv", "parameter", "value", "low", "high");
    analysis
        .law()
        .ifPresent(
            law -> {
              table.add("E", law.e());
              table.add("A", law.a());
              table.add("B", law.b());
              table.add("alpha", law.alpha());
              table.add("beta", law.beta());
            });
    return table;
  }
}
