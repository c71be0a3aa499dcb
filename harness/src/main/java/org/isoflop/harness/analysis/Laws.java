package org.isoflop.harness.analysis;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.isoflop.harness.analysis.Analysis.LawResult;
import org.isoflop.harness.analysis.isoflop.Exponents;
import org.isoflop.harness.analysis.law.Law;
import org.isoflop.harness.analysis.law.LawFit;
import org.isoflop.harness.analysis.law.LawFit.Criterion;
import org.isoflop.harness.analysis.law.LawSample;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.stats.Fitted;
import org.isoflop.harness.analysis.stats.IntervalScheme;
import org.isoflop.harness.analysis.stats.Resampling;

/** The parametric law of all points, by both criteria, with its resamples. */
final class Laws {

  private final List<LossPoint> points;
  private final Resampling resampling;
  private final IntervalScheme scheme;
  private final Fitted<LawFit> fit;
  private final Fitted<LawSample> sample;

  /** Resamples the law of all points. */
  Laws(List<LossPoint> points, Fitted<LawFit> fit, AnalysisSettings settings) {
    this.points = points;
    this.fit = fit;
    resampling = settings.resampling();
    scheme = settings.intervals();
    sample =
        fit.value().isPresent()
            ? LawSample.of(points, fit.value().get(), scheme, resampling)
            : Fitted.refused(fit.refused().orElseThrow());
  }

  /** Fits the law by the field's criterion. */
  static Fitted<LawFit> fit(List<LossPoint> points) {
    return LawFit.fit(points, Criterion.HUBER_LOG);
  }

  IntervalScheme scheme() {
    return scheme;
  }

  Fitted<LawFit> fit() {
    return fit;
  }

  Optional<Law> law() {
    return fit.value().map(LawFit::law);
  }

  Fitted<LawSample> sample() {
    return sample;
  }

  Fitted<Exponents> exponents() {
    return sample.map(Exponents::byLaw);
  }

  /** Fits by least squares of the loss itself. */
  Fitted<Exponents> leastSquares() {
    Fitted<LawFit> squares = LawFit.fit(points, Criterion.SQUARES);
    if (squares.value().isEmpty()) {
      return Fitted.refused(squares.refused().orElseThrow());
    }
    return LawSample.of(points, squares.value().get(), scheme, resampling).map(Exponents::byLaw);
  }

  /** Fits with a held at a value; its interval is a point. */
  Fitted<Exponents> holding(double a) {
    return LawFit.fitHolding(points, Criterion.HUBER_LOG, a)
        .map(held -> Exponents.byLaw(new LawSample(held.law(), List.of(held.law()), 0)));
  }

  Optional<LawResult> result(Optional<String> lackOfFit) {
    return sample
        .value()
        .map(
            found ->
                new LawResult(
                    found.law(),
                    fit.value().orElseThrow().objective(),
                    found.estimate(Law::e),
                    found.estimate(Law::a),
                    found.estimate(Law::b),
                    found.estimate(Law::alpha),
                    found.estimate(Law::beta),
                    lackOfFit));
  }

  OptionalDouble residual(LossPoint point) {
    return law().isPresent()
        ? OptionalDouble.of(
            Math.log(point.loss() / law().get().loss(point.params(), point.tokens())))
        : OptionalDouble.empty();
  }
}
