package org.isoflop.harness.analysis;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.isoflop.harness.analysis.isoflop.Exponents;
import org.isoflop.harness.analysis.isoflop.FrontierFit;
import org.isoflop.harness.analysis.isoflop.ParabolaFit;
import org.isoflop.harness.analysis.stats.Fitted;
import org.isoflop.harness.analysis.stats.Interval;

/**
 * The ways from loss points to exponents, the headline first, called by the numbers that Hoffmann
 * et al. 2022 (arXiv 2203.15556, section 3) gave them. A further one that needs the points alone is
 * a {@link FrontierFit} and a constant with it here.
 */
public enum Method {
  /** A curve of the law's form at every budget, robust to outliers, then a line. */
  ISOFLOP("approach 2 (IsoFLOP curves)"),
  /** A parabola in ln N at every budget, then a line, as published. */
  PARABOLA("approach 2 (parabolas)", new ParabolaFit()),
  /** The same less the bias that the fitted law shows on this very grid. */
  PARABOLA_CORRECTED("approach 2 (parabolas less bias)"),
  /** The parametric law, Huber's loss of ln L, as published. */
  PARAMETRIC("approach 3 (parametric law)"),
  /** The parametric law, least squares of the loss. */
  PARAMETRIC_SQUARES("approach 3 (law by least squares)"),
  /** Approach 2 with the exponent held at a value that one names. */
  ISOFLOP_HELD("approach 2, exponent held"),
  /** Approach 3, likewise. */
  PARAMETRIC_HELD("approach 3, exponent held"),
  /** The lower envelope of the training curves. */
  ENVELOPE("approach 1 (envelope)");

  /** Exponents closer than this differ by rounding at most. */
  private static final double SAME = 1e-6;

  private final String words;
  private final Optional<FrontierFit> fit;

  Method(String words, FrontierFit... fit) {
    this.words = words;
    this.fit = Stream.of(fit).findFirst();
  }

  /** Returns the fit of the points alone that it is, if it is one. */
  Optional<FrontierFit> fit() {
    return fit;
  }

  /** Returns whether its exponents were named and not found. */
  public boolean held() {
    return this == ISOFLOP_HELD || this == PARAMETRIC_HELD;
  }

  /**
   * Returns the methods whose interval of a does not meet the headline's. The envelope is none of
   * them: it is of training losses, not of the points.
   *
   * @param found what each method says, the headline too
   */
  public static Map<Method, Exponents> disagreeing(Map<Method, Fitted<Exponents>> found) {
    Map<Method, Exponents> off = new EnumMap<>(Method.class);
    Optional<Interval> headline = found.get(ISOFLOP).value().map(all -> all.a().interval());
    found.forEach(
        (method, exponents) ->
            exponents
                .value()
                .filter(other -> method != ENVELOPE && !method.held())
                .filter(
                    other ->
                        headline.filter(own -> disjoint(own, other.a().interval())).isPresent())
                .ifPresent(other -> off.put(method, other)));
    return off;
  }

  private static boolean disjoint(Interval one, Interval other) {
    return one.low() > other.high() + SAME || one.high() < other.low() - SAME;
  }

  /** Returns its name for a person. */
  public String words() {
    return words;
  }

  /** Returns its name in files: lower case, underscores. */
  @JsonValue
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
