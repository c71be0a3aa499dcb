package org.isoflop.harness.analysis;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
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
import org.isoflop.harness.analysis.law.Law;
import org.isoflop.harness.analysis.points.Convention;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.points.PointSample;
import org.isoflop.harness.analysis.points.Remarks;
import org.isoflop.harness.analysis.points.Remarks.Remark;
import org.isoflop.harness.analysis.points.Remarks.Severity;
import org.isoflop.harness.analysis.stats.Estimate;

/**
 * Everything the analysis found, as {@code analysis.json} lays it out.
 *
 * @param points how many loss points were used
 * @param convention how their params and FLOPs are counted
 * @param curves one per budget, lowest budget first
 * @param top the exponents to extrapolate from: those of the highest budgets
 * @param methods what each method says of all budgets, the headline first
 * @param local between neighbouring optima, lowest first
 * @param windows over sliding windows of optima, lowest first
 * @param lawWindows of the parametric law restricted to sliding windows of budgets, lowest first
 * @param straightness whether one line describes the optima, where there are at least three
 * @param frontier the compute-optimal allocation over the measured budgets and a decade beyond;
 *     empty where refused
 * @param allocation the allocation at the highest budget and 1, 3.16, 10, 100 times it
 * @param law the parametric law, where it could be fitted
 * @param lossFrontier loss at the optimum against compute, where it could be fitted
 * @param bias of the methods on this grid, where the law could be fitted
 * @param conventions the headline exponents under every convention the columns allow
 * @param residuals every point, in the order of the curves
 * @param noise of the losses, and where it comes from
 * @param separateRuns how branches differ from separate runs, where there are any
 * @param rateControl how far the learning rate is from its best, where cells were trained at others
 * @param repeatedTokens what it means for D* that runs saw tokens more than once, where some did
 * @param remarks on the answer and what it rests on, what matters most first
 */
public record Analysis(
    int points,
    Convention convention,
    List<BudgetCurve> curves,
    Optional<LocalExponent> top,
    List<MethodResult> methods,
    List<LocalExponent> local,
    List<LocalExponent> windows,
    List<LocalExponent> lawWindows,
    Optional<LinearityTest> straightness,
    List<FrontierPoint> frontier,
    List<FrontierPoint> allocation,
    Optional<LawResult> law,
    Optional<LossFrontier> lossFrontier,
    List<Bias> bias,
    List<ConventionResult> conventions,
    List<PointResidual> residuals,
    NoiseSources noise,
    Optional<SeparateRuns> separateRuns,
    Optional<RateControl> rateControl,
    Optional<RepeatedTokens> repeatedTokens,
    List<Remark> remarks) {

  /**
   * The headline exponents under one convention; exactly one of exponents and refusal is there.
   *
   * @param convention how params and FLOPs are counted
   * @param exponents over all budgets
   * @param refused one sentence that says why there are none
   */
  public record ConventionResult(
      Convention convention, Optional<Exponents> exponents, Optional<String> refused) {}

  /**
   * Loss at the optimum against compute: L*(C) = E + K·C^−gamma.
   *
   * @param e what no compute removes, nats per token
   * @param k of compute
   * @param gamma exponent of compute
   */
  public record LossFrontier(Estimate e, Estimate k, Estimate gamma) {}

  /**
   * The parametric law with the interval of every parameter.
   *
   * @param law the fit
   * @param objective sum of Huber's loss, δ = 1e-3, of ln L residuals at the fit
   * @param e irreducible loss, nats per token
   * @param a of params
   * @param b of tokens
   * @param alpha exponent of params
   * @param beta exponent of tokens
   * @param lackOfFit why the law does not fit the points and where, if it does not
   */
  public record LawResult(
      Law law,
      double objective,
      Estimate e,
      Estimate a,
      Estimate b,
      Estimate alpha,
      Estimate beta,
      Optional<String> lackOfFit) {}

  /** Copies the lists. */
  public Analysis {
    curves = List.copyOf(curves);
    methods = List.copyOf(methods);
    local = List.copyOf(local);
    windows = List.copyOf(windows);
    lawWindows = List.copyOf(lawWindows);
    frontier = List.copyOf(frontier);
    allocation = List.copyOf(allocation);
    bias = List.copyOf(bias);
    conventions = List.copyOf(conventions);
    residuals = List.copyOf(residuals);
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
        curves.stream()
            .map(
                curve ->
                    new BudgetCurve(
                        curve.budget(),
                        everyOf(curve.points(), every),
                        curve.bracketed(),
                        curve.optimum(),
                        curve.refused()))
            .toList();
    Set<LossPoint> left = new HashSet<>();
    fewer.forEach(curve -> left.addAll(curve.points()));
    List<PointResidual> drawn =
        residuals.stream().filter(residual -> left.contains(residual.point())).toList();
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
        top,
        methods,
        local,
        windows,
        lawWindows,
        straightness,
        frontier,
        allocation,
        law,
        lossFrontier,
        bias,
        conventions,
        drawn,
        noise,
        separateRuns,
        rateControl,
        repeatedTokens,
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

  /** Returns why there are no headline exponents, where there are none. */
  public Optional<String> refused() {
    return method(Method.ISOFLOP).flatMap(MethodResult::refused);
  }

  /** Returns what one method says, where it was tried. */
  public Optional<MethodResult> method(Method method) {
    return methods.stream().filter(result -> result.method() == method).findFirst();
  }

  /** Returns the exponents of one method, where it gives them. */
  public Optional<Exponents> exponents(Method method) {
    return method(method).flatMap(MethodResult::exponents);
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
}
