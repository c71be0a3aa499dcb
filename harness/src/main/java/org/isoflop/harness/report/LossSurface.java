package org.isoflop.harness.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.Analysis;
import org.isoflop.harness.analysis.Analysis.ParametricLaw;
import org.isoflop.harness.analysis.law.Law;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.stats.Interval;

/**
 * The parametric law as lines over (ln N, ln D), worked out once for the page and for the static
 * figure.
 *
 * @param params the N shown
 * @param tokens the D shown
 * @param contours lines of equal loss, highest loss first
 * @param frontier where each contour meets its lowest N·D, lowest compute first
 */
record LossSurface(Interval params, Interval tokens, List<Contour> contours, List<Place> frontier) {

  private static final int CONTOURS = 9;
  private static final int STEPS = 60;

  /** Share of the measured range, on a logarithmic axis, to show around it. */
  private static final double MARGIN = 0.08;

  /**
   * The sizes and tokens that reach one loss.
   *
   * @param loss nats per token
   * @param line by falling N, within the N and D shown
   */
  record Contour(double loss, List<Place> line) {}

  /**
   * A place on the surface.
   *
   * @param params N
   * @param tokens D
   */
  record Place(double params, double tokens) {}

  /** Returns the surface around the points, where the law has both of its terms. */
  static Optional<LossSurface> of(Analysis analysis) {
    return analysis
        .law()
        .map(ParametricLaw::law)
        .filter(law -> law.a() > 0 && law.b() > 0)
        .map(
            law ->
                of(law, around(analysis, LossPoint::params), around(analysis, LossPoint::tokens)));
  }

  private static LossSurface of(Law law, Interval params, Interval tokens) {
    double highest = law.loss(params.low(), tokens.low()) - law.e();
    double lowest = law.loss(params.high(), tokens.high()) - law.e();
    List<Contour> contours = new ArrayList<>();
    DoubleStream.iterate(1, i -> i <= CONTOURS, i -> i + 1)
        .map(i -> law.e() + highest * Math.pow(lowest / highest, i / (CONTOURS + 1)))
        .map(loss -> Double.parseDouble(Quantities.format("%.2f", loss)))
        .distinct()
        .mapToObj(loss -> new Contour(loss, contour(law, loss, params, tokens)))
        .filter(contour -> contour.line().size() > 1)
        .forEach(contours::add);
    return new LossSurface(params, tokens, contours, frontier(law, params, tokens));
  }

  /**
   * Walks along a contour by the share s of L − E that the term of N takes: N = (A / s(L − E))^1/α
   * and D = (B / (1 − s)(L − E))^1/β, with s between the values where it leaves the figure.
   */
  private static List<Place> contour(Law law, double loss, Interval params, Interval tokens) {
    double reducible = loss - law.e();
    double from =
        Math.max(ofParams(law, params.high()), reducible - ofTokens(law, tokens.low())) / reducible;
    double to =
        Math.min(ofParams(law, params.low()), reducible - ofTokens(law, tokens.high())) / reducible;
    if (!(reducible > 0 && from > 0 && to < 1 && from < to)) {
      return List.of();
    }
    double logitFrom = Math.log(from / (1 - from));
    double logitTo = Math.log(to / (1 - to));
    return IntStream.rangeClosed(0, STEPS)
        .mapToDouble(i -> 1 / (1 + Math.exp(-(logitFrom + (logitTo - logitFrom) * i / STEPS))))
        .mapToObj(
            s ->
                new Place(
                    Math.pow(law.a() / (s * reducible), 1 / law.alpha()),
                    Math.pow(law.b() / ((1 - s) * reducible), 1 / law.beta())))
        .toList();
  }

  private static double ofParams(Law law, double params) {
    return law.a() * Math.pow(params, -law.alpha());
  }

  private static double ofTokens(Law law, double tokens) {
    return law.b() * Math.pow(tokens, -law.beta());
  }

  private static List<Place> frontier(Law law, Interval params, Interval tokens) {
    double least = 6 * params.low() * tokens.low();
    double most = 6 * params.high() * tokens.high();
    return IntStream.rangeClosed(0, 4 * STEPS)
        .mapToDouble(i -> least * Math.pow(most / least, i / (4.0 * STEPS)))
        .mapToObj(flops -> new Place(law.optimalParams(flops), law.optimalTokens(flops)))
        .filter(at -> holds(params, at.params()) && holds(tokens, at.tokens()))
        .toList();
  }

  private static boolean holds(Interval interval, double value) {
    return interval.low() <= value && value <= interval.high();
  }

  private static Interval around(Analysis analysis, ToDoubleFunction<LossPoint> value) {
    double[] values =
        analysis.curves().stream()
            .flatMap(curve -> curve.points().stream())
            .mapToDouble(value)
            .sorted()
            .toArray();
    double low = values[0];
    double high = values[values.length - 1];
    double pad = Math.max(Math.pow(high / low, MARGIN), 1.2);
    return new Interval(low / pad, high * pad);
  }
}
