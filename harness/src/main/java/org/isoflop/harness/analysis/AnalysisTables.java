package org.isoflop.harness.analysis;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.Analysis.ConventionResult;
import org.isoflop.harness.analysis.Analysis.LawResult;
import org.isoflop.harness.analysis.Analysis.LossFrontier;
import org.isoflop.harness.analysis.Analysis.PointResidual;
import org.isoflop.harness.analysis.isoflop.BudgetCurve;
import org.isoflop.harness.analysis.isoflop.BudgetCurve.Optimum;
import org.isoflop.harness.analysis.isoflop.EfficientFrontier.FrontierPoint;
import org.isoflop.harness.analysis.isoflop.Exponents;
import org.isoflop.harness.analysis.isoflop.Exponents.LocalExponent;
import org.isoflop.harness.analysis.output.ResultTable;
import org.isoflop.harness.analysis.output.Words;
import org.isoflop.harness.analysis.stats.Estimate;

/** The tables of an analysis, each described once for its CSV, the screen and the page. */
public final class AnalysisTables {

  /** Heads of a page. */
  public static final String BUDGET = "Budget <i>C</i>, FLOPs";

  public static final String LOSS = "Loss, nats per token";

  private static final String UNCHECKED = "not checked";

  private AnalysisTables() {}

  /** Writes every table that has a CSV into a folder. */
  static void write(Analysis analysis, Path folder) {
    optima(analysis).write(folder.resolve("optima.csv"), analysis.curves());
    exponents(analysis, folder.resolve("exponents.csv"));
    curves(analysis, folder.resolve("curves.csv"));
    splits().write(folder.resolve("frontier.csv"), analysis.frontier());
    splits().write(folder.resolve("allocation.csv"), analysis.allocation());
    conventions().write(folder.resolve("conventions.csv"), analysis.conventions());
    residuals().write(folder.resolve("residuals.csv"), analysis.residuals());
    law()
        .write(
            folder.resolve("law.csv"),
            analysis.law().map(AnalysisTables::parameters).orElse(List.of()));
  }

  /** Returns how many points of a budget the curves leave out. */
  static long outliers(Analysis analysis, BudgetCurve curve) {
    return analysis.residuals().stream()
        .filter(residual -> residual.outlier() && curve.points().contains(residual.point()))
        .count();
  }

  /** The optimum of each budget. */
  public static ResultTable<BudgetCurve> optima(Analysis analysis) {
    return new ResultTable<BudgetCurve>()
        .number("budget_flops", "C", BUDGET, BudgetCurve::budget, Words.FLOPS)
        .estimate("params", "N*", "<i>N</i>*, params", of(Optimum::params), Words.COUNT)
        .estimate("tokens", "D*", "<i>D</i>*, tokens", of(Optimum::tokens), Words.COUNT)
        .number(
            "tokens_per_param",
            "D*/N*",
            "<i>D</i>*/<i>N</i>*",
            of(optimum -> optimum.tokens().value() / optimum.params().value()),
            Words.COUNT)
        .estimate("loss", "", LOSS, of(Optimum::loss), Words.LOSS)
        .number("", "loss", "", of(optimum -> optimum.loss().value()), Words.LOSS)
        .number("bits_per_byte", "bits/byte", "Bits per byte", of(Optimum::bitsPerByte), Words.LOSS)
        .csv("least_params_within_noise", of(optimum -> optimum.paramsWithinNoise().low()))
        .csv("most_params_within_noise", of(optimum -> optimum.paramsWithinNoise().high()))
        .page(
            "Bias of <i>N</i>*<br>if the law were true",
            curve -> bias(analysis, curve),
            Words.DIFFERENCE)
        .csv("bracketed", BudgetCurve::bracketed)
        .text("points", "", "Points", curve -> curve.points().size())
        .csv("outliers", curve -> outliers(analysis, curve))
        .csv("refused", BudgetCurve::refused);
  }

  private static Function<BudgetCurve, Optional<?>> of(Function<Optimum, ?> value) {
    return curve -> curve.optimum().map(value);
  }

  private static Optional<?> bias(Analysis analysis, BudgetCurve curve) {
    return analysis
        .bias(Method.ISOFLOP)
        .filter(bias -> !bias.optima().isEmpty())
        .map(
            bias ->
                bias.optima().stream()
                    .filter(at -> at.budget() == curve.budget())
                    .findFirst()
                    .<Object>map(at -> Math.expm1(at.lnParams()))
                    .orElse(UNCHECKED));
  }

  /** What each method says of all budgets. */
  public static ResultTable<MethodResult> methods(Analysis analysis) {
    return new ResultTable<MethodResult>()
        .text("", "all budgets, N* ~ C^a and D* ~ C^b", "Method", found -> found.method().words())
        .all(slopes("a", "b", MethodResult::exponents))
        .page("Bias of <i>a</i><br>if the law were true", bias(analysis, Bias::a), Words.CHANGE)
        .page("Bias of <i>b</i><br>if the law were true", bias(analysis, Bias::b), Words.CHANGE);
  }

  private static Function<MethodResult, Optional<?>> bias(
      Analysis analysis, Function<Bias, Double> part) {
    return result ->
        analysis.bias().isEmpty()
            ? Optional.empty()
            : Optional.of(analysis.bias(result.method()).<Object>map(part).orElse(UNCHECKED));
  }

  private static <R> ResultTable<R> slopes(
      String a, String b, Function<R, Optional<Exponents>> found) {
    return new ResultTable<R>()
        .estimate(
            "a",
            a,
            "<i>a</i>, of <i>N</i>*",
            row -> found.apply(row).map(Exponents::a),
            Words.EXPONENT)
        .estimate(
            "b",
            b,
            "<i>b</i>, of <i>D</i>*",
            row -> found.apply(row).map(Exponents::b),
            Words.EXPONENT);
  }

  /**
   * Exponents over parts of the range.
   *
   * @param head of a screen's first column
   * @param restsOn what one of them rests on, in words
   */
  public static ResultTable<LocalExponent> parts(
      String head, Function<LocalExponent, String> restsOn) {
    return new ResultTable<LocalExponent>()
        .text("", head, "Budgets, FLOPs", part -> Quantities.range(part.from(), part.to()))
        .page("Rests on", restsOn)
        .all(slopes("a of N*", "", part -> Optional.of(part.exponents())));
  }

  /** The exponents of all methods and ranges; {@code scope} says which range it is. */
  private static void exponents(Analysis analysis, Path file) {
    record Row(
        Method method,
        String scope,
        Optional<LocalExponent> part,
        Optional<Exponents> exponents,
        Optional<String> refused) {

      static Stream<Row> of(String scope, Method method, Stream<LocalExponent> parts) {
        return parts.map(
            part ->
                new Row(
                    method,
                    scope,
                    Optional.of(part),
                    Optional.of(part.exponents()),
                    Optional.empty()));
      }
    }
    List<Row> rows =
        Stream.of(
                analysis.methods().stream()
                    .map(
                        all ->
                            new Row(
                                all.method(),
                                "global",
                                Optional.empty(),
                                all.exponents(),
                                all.refused())),
                Row.of("top", Method.ISOFLOP, analysis.top().stream()),
                Row.of("local", Method.ISOFLOP, analysis.local().stream()),
                Row.of("window", Method.ISOFLOP, analysis.windows().stream()),
                Row.of("law_window", Method.PARAMETRIC, analysis.lawWindows().stream()))
            .flatMap(all -> all)
            .toList();
    new ResultTable<Row>()
        .csv("method", row -> row.method().key())
        .csv("scope", Row::scope)
        .csv("from", row -> row.part().map(LocalExponent::from))
        .csv("to", row -> row.part().map(LocalExponent::to))
        .csv(
            "optima",
            row ->
                row.part()
                    .filter(part -> row.method() == Method.ISOFLOP)
                    .map(LocalExponent::optima))
        .csv(
            "points",
            row ->
                row.part()
                    .filter(part -> row.method() != Method.ISOFLOP)
                    .map(LocalExponent::optima))
        .all(slopes("a", "b", Row::exponents))
        .csv("refused", Row::refused)
        .write(file, rows);
  }

  private static void curves(Analysis analysis, Path file) {
    record Place(double budget, Optimum.CurvePoint at) {}
    List<Place> places = new ArrayList<>();
    for (BudgetCurve curve : analysis.curves()) {
      curve
          .optimum()
          .ifPresent(
              optimum -> optimum.curve().forEach(at -> places.add(new Place(curve.budget(), at))));
    }
    new ResultTable<Place>()
        .csv("budget_flops", Place::budget)
        .csv("params", place -> place.at().params())
        .csv("loss", place -> place.at().loss())
        .write(file, places);
  }

  /** The compute-optimal allocation at budgets, measured or not. */
  public static ResultTable<FrontierPoint> splits() {
    return new ResultTable<FrontierPoint>()
        .number("budget_flops", "", BUDGET, FrontierPoint::budget, Words.FLOPS)
        .csv("decades_beyond", FrontierPoint::decadesBeyond)
        .estimate("params", "", "<i>N</i>*, params", FrontierPoint::params, Words.COUNT)
        .estimate("tokens", "", "<i>D</i>*, tokens", FrontierPoint::tokens, Words.COUNT)
        .number(
            "tokens_per_param",
            "",
            "<i>D</i>*/<i>N</i>*",
            at -> at.tokens().value() / at.params().value(),
            Words.COUNT)
        .estimate("loss", "", LOSS, FrontierPoint::loss, Words.LOSS)
        .estimate("a", "", "<i>a</i> there", at -> at.exponents().a(), Words.EXPONENT)
        .estimate("b", "", "<i>b</i> there", at -> at.exponents().b(), Words.EXPONENT);
  }

  /** The headline exponents by convention. */
  public static ResultTable<ConventionResult> conventions() {
    return new ResultTable<ConventionResult>()
        .csv("params", found -> found.convention().params().key())
        .csv("flops", found -> found.convention().flops().key())
        .page("Counted as", found -> found.convention().words())
        .all(slopes("a", "b", ConventionResult::exponents))
        .csv("refused", ConventionResult::refused);
  }

  /** ln of every point's loss over its curve and over the law. */
  private static ResultTable<PointResidual> residuals() {
    return new ResultTable<PointResidual>()
        .csv("budget_flops", residual -> residual.point().budget())
        .csv("flops", residual -> residual.point().flops())
        .csv("params", residual -> residual.point().params())
        .csv("tokens", residual -> residual.point().tokens())
        .csv("loss", residual -> residual.point().loss())
        .csv("curve", PointResidual::curve)
        .csv("law", PointResidual::law)
        .csv("outlier", PointResidual::outlier);
  }

  /**
   * A parameter of a law.
   *
   * @param key in files
   * @param symbol on a page, HTML
   * @param meaning in words
   */
  public record Parameter(String key, String symbol, String meaning, Estimate value, Words words) {}

  /** Returns the parameters of the parametric law. */
  public static List<Parameter> parameters(LawResult law) {
    return List.of(
        new Parameter("E", "<i>E</i>", "irreducible loss, nats per token", law.e(), Words.LOSS),
        new Parameter("A", "<i>A</i>", "of params", law.a(), Words.COEFFICIENT),
        new Parameter("B", "<i>B</i>", "of tokens", law.b(), Words.COEFFICIENT),
        new Parameter("alpha", "\u03b1", "exponent of params", law.alpha(), Words.EXPONENT),
        new Parameter("beta", "\u03b2", "exponent of tokens", law.beta(), Words.EXPONENT));
  }

  /** Returns the parameters of loss against compute. */
  public static List<Parameter> parameters(LossFrontier loss) {
    return List.of(
        new Parameter(
            "E", "<i>E</i>", "what no compute removes, nats per token", loss.e(), Words.LOSS),
        new Parameter("K", "<i>K</i>", "of compute", loss.k(), Words.COEFFICIENT),
        new Parameter("gamma", "\u03b3", "exponent of compute", loss.gamma(), Words.EXPONENT));
  }

  private static ResultTable<Parameter> law() {
    return new ResultTable<Parameter>()
        .csv("parameter", Parameter::key)
        .csv("value", parameter -> parameter.value().value())
        .csv("low", parameter -> parameter.value().interval().low())
        .csv("high", parameter -> parameter.value().interval().high());
  }
}
