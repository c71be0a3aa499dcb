package org.isoflop.harness.analysis;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.Analysis.ParametricLaw;
import org.isoflop.harness.analysis.Analysis.Part;
import org.isoflop.harness.analysis.Analysis.PointResidual;
import org.isoflop.harness.analysis.isoflop.BudgetCurve;
import org.isoflop.harness.analysis.isoflop.BudgetCurve.Optimum;
import org.isoflop.harness.analysis.isoflop.EfficientFrontier.FrontierPoint;
import org.isoflop.harness.analysis.isoflop.Exponents;
import org.isoflop.harness.analysis.isoflop.Exponents.LocalExponent;
import org.isoflop.harness.analysis.isoflop.LossFrontierFit;
import org.isoflop.harness.analysis.law.Law;
import org.isoflop.harness.analysis.law.LawSample;
import org.isoflop.harness.analysis.output.ResultJson.Row;
import org.isoflop.harness.analysis.output.ResultTable;
import org.isoflop.harness.analysis.output.Words;
import org.isoflop.harness.analysis.points.Convention;
import org.isoflop.harness.analysis.stats.Estimate;
import org.isoflop.harness.analysis.stats.Fitted;

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
    frontier().write(folder.resolve("frontier.csv"), analysis.frontier().drawn());
    frontier().write(folder.resolve("allocation.csv"), analysis.frontier().allocation());
    conventions().write(folder.resolve("conventions.csv"), analysis.conventions().entrySet());
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
        .csv("tokens_per_param", of(AnalysisTables::ratio))
        .number("", "D*/N*", "<i>D</i>*/<i>N</i>*", of(AnalysisTables::ratio), Words.COUNT)
        .estimate("loss", "", LOSS, of(Optimum::loss), Words.LOSS)
        .number("", "loss", "", of(optimum -> optimum.loss().value()), Words.LOSS)
        .number("bits_per_byte", "bits/byte", "Bits per byte", of(Optimum::bitsPerByte), Words.LOSS)
        .json("params_within_noise", of(Optimum::paramsWithinNoise))
        .csv("least_params_within_noise", of(optimum -> optimum.paramsWithinNoise().low()))
        .csv("most_params_within_noise", of(optimum -> optimum.paramsWithinNoise().high()))
        .page(
            "Bias of <i>N</i>*<br>if the law were true",
            curve -> bias(analysis, curve),
            Words.DIFFERENCE)
        .file("bracketed", BudgetCurve::bracketed)
        .text("points", "", "Points", curve -> curve.points().size())
        .file("outliers", curve -> outliers(analysis, curve))
        .file("refused", BudgetCurve::refused);
  }

  private static double ratio(Optimum optimum) {
    return optimum.tokens().value() / optimum.params().value();
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
  public static ResultTable<Map.Entry<Method, Fitted<Exponents>>> methods(Analysis analysis) {
    return new ResultTable<Map.Entry<Method, Fitted<Exponents>>>()
        .page("Method", found -> found.getKey().words())
        .all(slopes("", "", found -> found.getValue().value()))
        .page("Bias of <i>a</i><br>if the law were true", bias(analysis, Bias::a), Words.CHANGE)
        .page("Bias of <i>b</i><br>if the law were true", bias(analysis, Bias::b), Words.CHANGE);
  }

  private static Function<Map.Entry<Method, Fitted<Exponents>>, Optional<?>> bias(
      Analysis analysis, Function<Bias, Double> part) {
    return result ->
        analysis.bias().isEmpty()
            ? Optional.empty()
            : Optional.of(analysis.bias(result.getKey()).<Object>map(part).orElse(UNCHECKED));
  }

  /** The same on a screen, each under a name; one that was refused says only that. */
  static ResultTable<Map.Entry<String, Fitted<Exponents>>> named() {
    return new ResultTable<Map.Entry<String, Fitted<Exponents>>>()
        .text("", "all budgets, N* ~ C^a and D* ~ C^b", "", Map.Entry::getKey)
        .estimate(
            "",
            "a",
            "",
            found -> found.getValue().value().<Object>map(Exponents::a).orElse("refused"),
            Words.EXPONENT)
        .estimate("", "b", "", found -> found.getValue().value().map(Exponents::b), Words.EXPONENT);
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

  /** The same in JSON. */
  static List<Row> json(Part part, List<LocalExponent> found) {
    return new ResultTable<LocalExponent>()
        .json("from", LocalExponent::from)
        .json("to", LocalExponent::to)
        .json(part.support(), LocalExponent::optima)
        .all(slopes("", "", one -> Optional.of(one.exponents())))
        .json(found);
  }

  /** The exponents of all methods and ranges; {@code scope} says which range it is. */
  private static void exponents(Analysis analysis, Path file) {
    record Found(
        Method method,
        Optional<Part> part,
        Optional<LocalExponent> local,
        Fitted<Exponents> exponents) {

      Optional<Integer> support(String what) {
        return part.filter(one -> one.support().equals(what))
            .map(one -> local.orElseThrow().optima());
      }
    }
    List<Found> rows = new ArrayList<>();
    Optional<Part> whole = Optional.empty();
    analysis.methods().forEach((m, all) -> rows.add(new Found(m, whole, Optional.empty(), all)));
    for (Part part : Part.values()) {
      for (LocalExponent one : analysis.part(part)) {
        Fitted<Exponents> exponents = Fitted.of(one.exponents());
        rows.add(new Found(part.method(), Optional.of(part), Optional.of(one), exponents));
      }
    }
    new ResultTable<Found>()
        .csv("method", row -> row.method().key())
        .csv("scope", row -> row.part().map(Part::scope).orElse("global"))
        .csv("from", row -> row.local().map(LocalExponent::from))
        .csv("to", row -> row.local().map(LocalExponent::to))
        .csv("optima", row -> row.support("optima"))
        .csv("points", row -> row.support("points"))
        .all(slopes("a", "b", row -> row.exponents().value()))
        .csv("refused", row -> row.exponents().refused())
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

  /** The compute-optimal frontier at budgets, measured or not. */
  public static ResultTable<FrontierPoint> frontier() {
    Function<FrontierPoint, Double> ratio = at -> at.tokens().value() / at.params().value();
    return new ResultTable<FrontierPoint>()
        .number("budget_flops", "", BUDGET, FrontierPoint::budget, Words.FLOPS)
        .file("decades_beyond", FrontierPoint::decadesBeyond)
        .estimate("params", "", "<i>N</i>*, params", FrontierPoint::params, Words.COUNT)
        .estimate("tokens", "", "<i>D</i>*, tokens", FrontierPoint::tokens, Words.COUNT)
        .csv("tokens_per_param", ratio)
        .page("<i>D</i>*/<i>N</i>*", ratio, Words.COUNT)
        .estimate("loss", "", LOSS, FrontierPoint::loss, Words.LOSS)
        .estimate("a", "", "<i>a</i> there", at -> at.exponents().a(), Words.EXPONENT)
        .estimate("b", "", "<i>b</i> there", at -> at.exponents().b(), Words.EXPONENT);
  }

  /** The headline exponents by convention. */
  public static ResultTable<Map.Entry<Convention, Fitted<Exponents>>> conventions() {
    return new ResultTable<Map.Entry<Convention, Fitted<Exponents>>>()
        .file("params", found -> found.getKey().params().key())
        .file("flops", found -> found.getKey().flops().key())
        .page("Counted as", found -> found.getKey().words())
        .all(slopes("a", "b", found -> found.getValue().value()))
        .file("refused", found -> found.getValue().refused());
  }

  /** ln of every point's loss over its curve and over the law. */
  static ResultTable<PointResidual> residuals() {
    return new ResultTable<PointResidual>()
        .file("budget_flops", residual -> residual.point().budget())
        .file("flops", residual -> residual.point().flops())
        .file("params", residual -> residual.point().params())
        .file("tokens", residual -> residual.point().tokens())
        .file("loss", residual -> residual.point().loss())
        .file("curve", PointResidual::curve)
        .file("law", PointResidual::law)
        .file("outlier", PointResidual::outlier);
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
  public static List<Parameter> parameters(ParametricLaw law) {
    LawSample of = law.sample();
    String floor = "irreducible loss, nats per token";
    return List.of(
        new Parameter("E", "<i>E</i>", floor, of.estimate(Law::e), Words.LOSS),
        new Parameter("A", "<i>A</i>", "of params", of.estimate(Law::a), Words.COEFFICIENT),
        new Parameter("B", "<i>B</i>", "of tokens", of.estimate(Law::b), Words.COEFFICIENT),
        exponent("alpha", "\u03b1", "exponent of params", of.estimate(Law::alpha)),
        exponent("beta", "\u03b2", "exponent of tokens", of.estimate(Law::beta)));
  }

  /** Returns the parameters of loss against compute. */
  public static List<Parameter> parameters(LossFrontierFit.Parameters loss) {
    String floor = "what no compute removes, nats per token";
    return List.of(
        new Parameter("E", "<i>E</i>", floor, loss.e(), Words.LOSS),
        new Parameter("K", "<i>K</i>", "of compute", loss.k(), Words.COEFFICIENT),
        exponent("gamma", "\u03b3", "exponent of compute", loss.gamma()));
  }

  private static Parameter exponent(String key, String symbol, String meaning, Estimate value) {
    return new Parameter(key, symbol, meaning, value, Words.EXPONENT);
  }

  private static ResultTable<Parameter> law() {
    return new ResultTable<Parameter>()
        .csv("parameter", Parameter::key)
        .csv("value", parameter -> parameter.value().value())
        .csv("low", parameter -> parameter.value().interval().low())
        .csv("high", parameter -> parameter.value().interval().high());
  }
}
