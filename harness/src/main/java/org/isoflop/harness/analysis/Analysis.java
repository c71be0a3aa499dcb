package org.isoflop.harness.analysis;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.IntStream;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.isoflop.BudgetCurve;
import org.isoflop.harness.analysis.isoflop.EfficientFrontier.FrontierPoint;
import org.isoflop.harness.analysis.isoflop.Exponents;
import org.isoflop.harness.analysis.isoflop.Exponents.LocalExponent;
import org.isoflop.harness.analysis.isoflop.LinearityTest;
import org.isoflop.harness.analysis.isoflop.LossFrontierFit;
import org.isoflop.harness.analysis.law.Law;
import org.isoflop.harness.analysis.law.LawSample;
import org.isoflop.harness.analysis.points.Convention;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.points.PointSample;
import org.isoflop.harness.analysis.points.Remarks;
import org.isoflop.harness.analysis.points.Remarks.Remark;
import org.isoflop.harness.analysis.points.Remarks.Severity;
import org.isoflop.harness.analysis.stats.Estimate;
import org.isoflop.harness.analysis.stats.Fitted;

/**
 * Everything the analysis found. {@link AnalysisFiles} writes it for programs.
 *
 * @param points how many loss points were used
 * @param convention how their params and FLOPs are counted
 * @param curves one per budget, lowest budget first
 * @param residuals every point, in the order of the curves
 * @param methods what each method that was tried says of all budgets, the headline first
 * @param conventions the headline exponents under every convention the columns allow
 * @param parts the exponents of every part of the range, lowest budgets first
 * @param straightness whether one line describes the optima, where there are at least three
 * @param bias of the methods on this grid, where the law could be fitted
 * @param law the parametric law, where it could be fitted
 * @param frontier what to train at any budget
 * @param checks of the sweep that the points come from
 * @param remarks on the answer and what it rests on, what matters most first
 */
public record Analysis(
    int points,
    Convention convention,
    List<BudgetCurve> curves,
    List<PointResidual> residuals,
    Map<Method, Fitted<Exponents>> methods,
    Map<Convention, Fitted<Exponents>> conventions,
    Map<Part, List<LocalExponent>> parts,
    Optional<LinearityTest> straightness,
    List<Bias> bias,
    Optional<ParametricLaw> law,
    Frontier frontier,
    Checks checks,
    List<Remark> remarks) {

  /** A part of the range of budgets, or several alike. */
  public enum Part {
    /** The highest budgets, to extrapolate from; one at most. */
    TOP("top"),
    /** Between neighbouring optima. */
    LOCAL("local"),
    /** Sliding windows of optima. */
    WINDOWS("window"),
    /** The parametric law restricted to sliding windows of budgets. */
    LAW_WINDOWS("law_window");

    private final String scope;

    Part(String scope) {
      this.scope = scope;
    }

    /** Returns its name in JSON. */
    String key() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** Returns what a CSV calls one of them. */
    String scope() {
      return scope;
    }

    /** Returns whose exponents these are. */
    Method method() {
      return this == LAW_WINDOWS ? Method.PARAMETRIC : Method.ISOFLOP;
    }

    /** Returns what they rest on: optima, or of the law points. */
    public String support() {
      return this == LAW_WINDOWS ? "points" : "optima";
    }
  }

  /**
   * How far one point lies from the fits.
   *
   * @param point the point
   * @param curve ln of its loss over its budget's fitted curve, where there is one
   * @param law ln of its loss over the parametric law, where there is one
   * @param outlier whether the curves leave it out, as far too high or off its budget
   */
  public record PointResidual(
      LossPoint point, OptionalDouble curve, OptionalDouble law, boolean outlier) {}

  /**
   * The parametric law, L = E + A/N^alpha + B/D^beta.
   *
   * @param sample the fit and its resamples
   * @param objective sum of Huber's loss, δ = 1e-3, of ln L residuals at the fit
   * @param lackOfFit why the law does not fit the points and where, if it does not
   */
  public record ParametricLaw(LawSample sample, double objective, Optional<String> lackOfFit) {

    /** Returns the fit. */
    public Law law() {
      return sample.law();
    }
  }

  /**
   * The compute-optimal frontier.
   *
   * @param drawn over the measured budgets and a decade beyond; empty where refused
   * @param allocation at the highest budget and 1, 3.16, 10, 100 times it; empty where refused
   * @param loss the law of loss at the optimum against compute, where it could be fitted
   */
  public record Frontier(
      List<FrontierPoint> drawn,
      List<FrontierPoint> allocation,
      Optional<LossFrontierFit.Parameters> loss) {

    /** Copies the lists. */
    public Frontier {
      drawn = List.copyOf(drawn);
      allocation = List.copyOf(allocation);
    }
  }

  /**
   * What the points say of the sweep they come from.
   *
   * @param noise of the losses, and where it comes from
   * @param separateRuns how branches differ from separate runs, where there are any
   * @param rateControl how far the learning rate is from its best, where cells were trained at
   *     others
   * @param repeatedTokens what it means for D* that runs saw tokens more than once, where some did
   */
  public record Checks(
      NoiseSources noise,
      Optional<SeparateRuns> separateRuns,
      Optional<RateControl> rateControl,
      Optional<RepeatedTokens> repeatedTokens) {}

  /** Copies lists and maps. */
  public Analysis {
    curves = List.copyOf(curves);
    residuals = List.copyOf(residuals);
    methods = Collections.unmodifiableMap(new LinkedHashMap<>(methods));
    conventions = Collections.unmodifiableMap(new LinkedHashMap<>(conventions));
    parts = Map.copyOf(parts);
    bias = List.copyOf(bias);
    remarks = List.copyOf(remarks);
  }

  /**
   * Returns the same with about so many of its points at most, for drawing; says so if it leaves
   * some out.
   */
  public Analysis thinned(int most) {
    int every = PointSample.every(points, most);
    if (every <= 1) {
      return this;
    }
    List<BudgetCurve> fewer =
        curves.stream().map(curve -> curve.withPoints(everyOf(curve.points(), every))).toList();
    Set<LossPoint> left = new HashSet<>();
    fewer.forEach(curve -> left.addAll(curve.points()));
    List<Remark> said = new ArrayList<>(remarks);
    said.add(
        new Remark(
            Severity.NOTE,
            Quantities.format(
                "Figures and tables show %d of the %d points; residuals.csv has all.",
                left.size(), points)));
    return new Analysis(
        points,
        convention,
        fewer,
        residuals.stream().filter(residual -> left.contains(residual.point())).toList(),
        methods,
        conventions,
        parts,
        straightness,
        bias,
        law,
        frontier,
        checks,
        said);
  }

  /** Returns every m-th of a list, at least its first and last. */
  private static List<LossPoint> everyOf(List<LossPoint> all, int every) {
    return IntStream.range(0, all.size())
        .filter(i -> i % every == 0 || i == all.size() - 1)
        .mapToObj(all::get)
        .toList();
  }

  /** Returns what changes the answer or endangers it, the worst first. */
  public List<String> warnings() {
    return Remarks.of(Severity.WARNING, remarks);
  }

  /** Returns what was done, and in what light to read the numbers. */
  public List<String> notes() {
    return Remarks.of(Severity.NOTE, remarks);
  }

  /** Returns the headline exponents of all budgets, where there are any. */
  public Optional<Exponents> isoflop() {
    return exponents(Method.ISOFLOP);
  }

  /** Returns the exponents of one method, where it gives them. */
  public Optional<Exponents> exponents(Method method) {
    return Optional.ofNullable(methods.get(method)).flatMap(Fitted::value);
  }

  /** Returns why a method gives no exponents, where it was tried and gives none. */
  public Optional<String> refused(Method method) {
    return Optional.ofNullable(methods.get(method)).flatMap(Fitted::refused);
  }

  /** Returns the exponents of a part of the range; none where there are no such. */
  public List<LocalExponent> part(Part part) {
    return parts.getOrDefault(part, List.of());
  }

  /** Returns the exponents to extrapolate from: those of the highest budgets. */
  public Optional<LocalExponent> top() {
    return part(Part.TOP).stream().findFirst();
  }

  /** Returns the bias of a method on this grid, where it is known. */
  public Optional<Bias> bias(Method method) {
    return bias.stream().filter(found -> found.method() == method).findFirst();
  }

  /**
   * Returns a loss in bits per byte of text, in which tokenizers can be compared: where the points
   * say it, and their tokens are not bytes.
   *
   * @param natsPerToken the loss
   */
  public Optional<Estimate> bitsPerByte(Estimate natsPerToken) {
    List<LossPoint> measured = residuals.stream().map(PointResidual::point).toList();
    return LossPoint.bits(measured).map(bits -> natsPerToken.map(bits::of));
  }
}
