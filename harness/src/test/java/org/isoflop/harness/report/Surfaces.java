package org.isoflop.harness.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.isoflop.harness.analysis.Analysis;
import org.isoflop.harness.analysis.Analysis.ParametricLaw;
import org.isoflop.harness.analysis.Analysis.Part;
import org.isoflop.harness.analysis.Method;
import org.isoflop.harness.analysis.isoflop.BudgetCurve;
import org.isoflop.harness.analysis.isoflop.BudgetCurve.Optimum;
import org.isoflop.harness.analysis.isoflop.Exponents;
import org.isoflop.harness.analysis.isoflop.Exponents.LocalExponent;
import org.isoflop.harness.analysis.isoflop.LinearityTest;
import org.isoflop.harness.analysis.law.Law;
import org.isoflop.harness.analysis.law.LawSample;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.stats.Estimate;
import org.isoflop.harness.analysis.stats.Fitted;
import org.isoflop.harness.analysis.stats.Interval;

/** Analyses to report on, from one with everything to ones with almost nothing. */
final class Surfaces {

  /** Of the Chinchilla points, as re-fitted by Besiroglu et al. 2024 (arXiv 2404.10102). */
  static final Law CHINCHILLA = new Law(1.8172, 482.01, 2085.43, 0.3478, 0.3658);

  /** The same form scaled to byte-level models of 2e4 to 1e6 parameters. */
  static final Law BYTES = new Law(0.7, 50, 75, 0.34, 0.28);

  static final String REFUSAL =
      "the lowest loss is at the largest size measured, so the minimum may lie beyond it";

  private static final Bowls SMALL = new Bowls(BYTES, 0.003);

  private Surfaces() {}

  /** Nine budgets of Chinchilla's size, outliers, drift, and every kind of result. */
  static Analysis rich() {
    return RichSurface.analysis();
  }

  static ParametricLaw parametric(Law law) {
    List<Law> resampled = List.of(times(law, 0.94, 0.65, 0.95), times(law, 1.07, 1.42, 1.06));
    return new ParametricLaw(new LawSample(law, resampled, 0), 0.00937, Optional.empty());
  }

  private static Law times(Law law, double floor, double coefficient, double exponent) {
    return new Law(
        floor * law.e(),
        coefficient * law.a(),
        coefficient * law.b(),
        exponent * law.alpha(),
        exponent * law.beta());
  }

  /** Three budgets of five sizes, all with an optimum: what a smoke sweep gives. */
  static Analysis three() {
    return small(curves(5, 1e11, 3e11, 1e12), List.of()).build();
  }

  /** Five budgets of seven sizes; the lowest is off centre and refused. */
  static Analysis fiveWithOneRefused() {
    List<BudgetCurve> curves = new ArrayList<>(List.of(SMALL.refused(1e11, 7, REFUSAL)));
    curves.addAll(curves(7, 3e11, 1e12, 3e12, 1e13));
    AnalysisDraft draft =
        small(
            curves,
            List.of(
                "The budget of 1e11 FLOPs has no optimum and takes no part in the exponents.",
                "The optima span 1.5 decades of compute; beyond 1e13 FLOPs the exponents are an"
                    + " extrapolation."));
    draft.straightness =
        Optional.of(new LinearityTest(0.41, new Estimate(0.004, new Interval(-0.03, 0.04)), true));
    draft.law = Optional.of(parametric(BYTES));
    draft.residuals = SMALL.residuals(curves);
    return draft.build();
  }

  /** Two budgets, one refused: no exponents, no law. */
  static Analysis refused() {
    AnalysisDraft draft = new AnalysisDraft();
    draft.curves = List.of(SMALL.refused(1e11, 5, REFUSAL), SMALL.curve(3e11, 5, 16, 1));
    draft.methods =
        Map.of(
            Method.ISOFLOP,
            Fitted.refused("exponents need at least 3 budgets with an optimum, and there is 1"),
            Method.PARAMETRIC,
            Fitted.refused("The law has 5 parameters; 10 points at 2 budgets leave it open."));
    draft.warnings = List.of("Two budgets cannot show a trend.");
    return draft.build();
  }

  /** Like {@link #three}, but nothing bounds the highest optimum, or the slope at the top. */
  static Analysis endless() {
    Interval open = new Interval(0, Double.POSITIVE_INFINITY);
    Interval line = new Interval(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
    List<BudgetCurve> curves = new ArrayList<>(curves(5, 1e11, 3e11, 1e12));
    BudgetCurve last = curves.remove(2);
    Optimum found = last.optimum().orElseThrow();
    Optimum endless =
        new Optimum(
            new Estimate(found.params().value(), open),
            new Estimate(
                found.tokens().value(),
                new Interval(found.tokens().interval().low(), Double.POSITIVE_INFINITY)),
            found.loss(),
            found.bitsPerByte(),
            found.paramsWithinNoise(),
            found.lostShare(),
            found.curve());
    curves.add(
        new BudgetCurve(
            last.budget(), last.points(), true, Optional.of(endless), Optional.empty()));
    AnalysisDraft draft = small(curves, List.of());
    List<LocalExponent> local = draft.parts.get(Part.LOCAL);
    LocalExponent highest = local.get(1);
    LocalExponent top =
        new LocalExponent(
            highest.from(),
            highest.to(),
            2,
            new Exponents(
                new Estimate(highest.exponents().a().value(), line),
                new Estimate(highest.exponents().b().value(), line)));
    draft.parts = Map.of(Part.LOCAL, local, Part.TOP, List.of(top));
    return draft.build();
  }

  private static List<BudgetCurve> curves(int sizes, double... budgets) {
    return DoubleStream.of(budgets).mapToObj(budget -> SMALL.curve(budget, sizes, 16, 1)).toList();
  }

  private static AnalysisDraft small(List<BudgetCurve> curves, List<String> warnings) {
    List<BudgetCurve> found = curves.stream().filter(c -> c.optimum().isPresent()).toList();
    AnalysisDraft draft = new AnalysisDraft();
    draft.curves = curves;
    draft.methods =
        Map.of(Method.ISOFLOP, Fitted.of(Bowls.exponents(BYTES.paramsExponent(), 0.061)));
    draft.parts = Map.of(Part.LOCAL, Bowls.slopes(found, 2, 0.2));
    draft.frontier = SMALL.frontier(found, 0);
    draft.warnings = warnings;
    return draft;
  }

  /** Runs whose loss falls towards that of the points, with noise. */
  static List<TrainingCurve> training(Analysis analysis) {
    SplittableRandom random = new SplittableRandom(7);
    List<TrainingCurve> training = new ArrayList<>();
    for (BudgetCurve curve : analysis.curves()) {
      for (LossPoint point : curve.points()) {
        List<TrainingCurve.Sample> samples =
            IntStream.rangeClosed(1, 1500)
                .mapToObj(
                    i -> {
                      double tokens = point.tokens() * i / 1500;
                      double noise = 0.03 * (random.nextDouble() + random.nextDouble() - 1);
                      double loss = softMinimum(BYTES.loss(point.params(), tokens), Math.log(256));
                      return new TrainingCurve.Sample(tokens, loss + noise);
                    })
                .toList();
        training.add(
            new TrainingCurve(
                point.lineage(),
                point.lineage(),
                Optional.empty(),
                OptionalDouble.of(point.budget()),
                OptionalDouble.of(point.params()),
                Thinning.thin(samples, TrainingCurves.MOST_SAMPLES),
                List.of(samples.get(749), samples.get(1499))));
      }
    }
    return training;
  }

  /** An untrained model is at ln 256, whatever the surface says of few tokens. */
  private static double softMinimum(double a, double b) {
    return Math.pow(Math.pow(a, -6) + Math.pow(b, -6), -1.0 / 6);
  }
}
