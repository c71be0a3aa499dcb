package org.isoflop.harness.analysis.law;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.stats.Fitted;

/**
 * The law that fits all points best (Hoffmann et al. 2022, arXiv 2203.15556, approach 3).
 *
 * <p>Every start of {@code LawStarts}' grid is polished to a minimum in all five parameters, and
 * the best is kept. Above {@value #MOST_POINTS} points the starts run on a random part of that
 * size, and the best few minima are polished on all points.
 *
 * @param law the fit
 * @param criterion what it minimises
 * @param objective the minimum: a sum over the points, with Huber's loss ½r² inside δ; for {@link
 *     Criterion#SQUARES} in squared nats
 * @param starts how many starts were polished
 * @param agreeing how many of them ended within 1e-6, relative, of the best
 * @param warnings what to doubt about it, one sentence each
 */
public record LawFit(
    Law law,
    Criterion criterion,
    double objective,
    int starts,
    int agreeing,
    List<String> warnings) {

  /** More points than this are searched by a part of them. */
  static final int MOST_POINTS = 1000;

  private static final int POLISHED_ON_ALL = 3;
  private static final double AGREEMENT = 1e-6;

  /** Minima of a part this close may change places on all points. */
  private static final double UNDECIDED = 0.1;

  /** Objectives this close, for each point in ln L or in mean losses, differ by rounding only. */
  private static final double ROUNDING = 1e-20;

  /** Copies the list. */
  public LawFit {
    warnings = List.copyOf(warnings);
  }

  /**
   * Fits the law, or says why these points have none: too few, all at one N or one D, N and D tied
   * to each other, or a loss that does not fall with one of them. The result does not depend on the
   * order of the points nor on the units of N, D and the loss.
   *
   * @param points any number, from any budgets
   * @param criterion what to minimise
   */
  public static Fitted<LawFit> fit(List<LossPoint> points, Criterion criterion) {
    return fit(LawData.of(LawData.sorted(points)), criterion);
  }

  /**
   * Fits the law with a = beta/(alpha + beta) held at a value.
   *
   * @param held between 0 and 1
   */
  public static Fitted<LawFit> fitHolding(
      List<LossPoint> points, Criterion criterion, double held) {
    return fit(LawData.of(LawData.sorted(points)), criterion, OptionalDouble.of(held));
  }

  static Fitted<LawFit> fit(LawData data, Criterion criterion) {
    return fit(data, criterion, OptionalDouble.empty());
  }

  private static Fitted<LawFit> fit(LawData data, Criterion criterion, OptionalDouble held) {
    Optional<String> refusal = Identifiability.refusal(data);
    if (refusal.isPresent()) {
      return Fitted.refused(refusal.get());
    }
    LawNewton newton = new LawNewton();
    LawData searched = data.size() > MOST_POINTS ? data.part(MOST_POINTS) : data;
    List<Candidate> minima = new ArrayList<>();
    LawObjective objective = new LawObjective(searched, criterion, held);
    for (double[] start : LawStarts.grid(searched, criterion)) {
      minima.add(minimum(newton, objective, objective.onHeld(start)));
    }
    minima.sort(Comparator.comparingDouble(Candidate::value));
    double rounding = ROUNDING * searched.size();
    int agreeing = agreeing(minima, rounding);
    Candidate best = minima.get(0);
    if (searched != data) {
      objective = new LawObjective(data, criterion, held);
      best = polished(newton, objective, minima, rounding);
    }
    Optional<String> noLaw = Identifiability.refusal(data, best.position());
    if (noLaw.isPresent()) {
      return Fitted.refused(noLaw.get());
    }
    return Fitted.of(
        new LawFit(
            data.frame().law(best.position()),
            criterion,
            objective.criterion(best.position()),
            minima.size(),
            agreeing,
            warnings(best, minima.size(), agreeing)));
  }

  private static int agreeing(List<Candidate> sorted, double rounding) {
    double limit = sorted.get(0).value() * (1 + AGREEMENT) + rounding;
    return (int) sorted.stream().filter(m -> m.value() <= limit).count();
  }

  /** Polishes on all points what may be the best minimum of them. */
  private static Candidate polished(
      LawNewton newton, LawObjective objective, List<Candidate> sorted, double rounding) {
    List<Candidate> ends = new ArrayList<>();
    double limit = sorted.get(0).value() * (1 + UNDECIDED) + rounding;
    double last = Double.NEGATIVE_INFINITY;
    for (Candidate minimum : sorted) {
      if (minimum.value() <= limit
          && minimum.value() > last * (1 + AGREEMENT) + rounding
          && ends.size() < POLISHED_ON_ALL) {
        last = minimum.value();
        double[] position = minimum.position().clone();
        ends.add(new Candidate(position, newton.minimizeNear(objective, position)));
      }
    }
    return ends.stream().min(Comparator.comparingDouble(Candidate::value)).orElseThrow();
  }

  private static List<String> warnings(Candidate best, int starts, int agreeing) {
    List<String> warnings = new ArrayList<>();
    if (best.position()[Frame.E] == Double.NEGATIVE_INFINITY) {
      warnings.add(
          "The parametric law fits best with E = 0: the points do not show the loss levelling off.");
    }
    if (agreeing == 1) {
      warnings.add(
          "Only one of the parametric law's "
              + starts
              + " starts reached its best fit, so a better one may exist.");
    }
    return warnings;
  }

  private static Candidate minimum(LawNewton newton, LawObjective objective, double[] start) {
    double[] position = start.clone();
    double value = newton.minimize(objective, position);
    return new Candidate(position, value);
  }
}
