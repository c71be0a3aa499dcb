package org.isoflop.harness.analysis.isoflop;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.hipparchus.distribution.continuous.FDistribution;
import org.hipparchus.util.CombinatoricsUtils;
import org.isoflop.harness.analysis.isoflop.CurveModel.Fit;
import org.isoflop.harness.analysis.isoflop.CurveModel.Shape;
import org.isoflop.harness.analysis.law.Law;
import org.isoflop.harness.analysis.law.LawFit;
import org.isoflop.harness.analysis.law.LawFit.Criterion;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.points.PointSample;

/**
 * The curves of measured runs, some of which may have gone wrong. A run weighs 1 or 0, so that a
 * sweep without outliers is fitted as if nobody had looked for any, and two rules say which.
 *
 * <p><b>A point is an outlier</b> if chance would leave it so far out in fewer than one sweep of a
 * hundred. The search begins without the points that lie far above the parametric law of all points
 * (it sees all budgets at once, so it knows a run that went wrong even where most of its budget
 * did), and without the quarter of every budget that fits its curve least (the law may be wrong
 * itself, and then knows gross errors only). They are taken back one after another, nearest first,
 * so that several outliers cannot hide each other (forward search; Atkinson and Riani 2000); on the
 * way every set still out is held against the hypothesis that all belong: an F test of that many
 * free shifts (Cook and Weisberg 1982, section 2.2), times the number of sets of that size.
 *
 * <p><b>A budget is refused</b> if its variance about its curve is {@value #WILD} times that of all
 * others, noise that falls with compute allowed for, and chance would not make it: no choice among
 * runs most of which went wrong gives their curve.
 */
final class Screening {

  private static final double CHANCE = 0.01;

  /** A variance so many times that of the other budgets is another kind of noise. */
  private static final double WILD = 25;

  /** Far from the law, in robust standard deviations of all points' residuals about it. */
  private static final double FAR = 6;

  private static final double TO_SIGMA = 1.4826;
  private static final int LAW_PARAMETERS = 5;

  /** Fits of the law without what is far from it, at most. */
  private static final int ROUNDS = 6;

  /** So many points show the law. */
  private static final int ENOUGH = 2000;

  /** Share of every budget's points that the search begins with. */
  private static final double BEST = 0.75;

  private static final int CONCENTRATIONS = 4;

  /** A curve passes through three points whatever they are. */
  private static final int FEWEST = CurveModel.COEFFICIENTS;

  /** Where no law says how curves look. */
  private static final Shape USUAL = new Shape(0.35, 0.35, 0);

  /** More points than this are taken back a quarter at a time. */
  private static final int MANY = 200;

  /** A residual of the law below this is rounding. */
  private static final double NEAR = 1e-6;

  /**
   * Squared residuals below this share of the squared loss are rounding: losses are computed in
   * float32 at best, to 6e-8 of themselves. Without a floor the least residual of a noise-free
   * sweep makes any other look large.
   */
  private static final double ROUNDING = 1e-14;

  private final List<BudgetPoints> budgets;
  private final boolean lawKnown;
  private final Shape lawShape;

  /** Of ln loss over the law, by budget and point; all 0 without a law. */
  private final double[][] residuals;

  private final double far;
  private final int points;

  /** Of the points near the law; of all of a budget where those show no curve. */
  private final Fit start;

  /** The budgets that have too few points near the law. */
  private final boolean[] doubted;

  private Screening(List<BudgetPoints> budgets, Optional<Law> law) {
    this.budgets = budgets;
    lawKnown = law.isPresent();
    lawShape = law.map(found -> new Shape(found.alpha(), found.beta(), 0)).orElse(USUAL);
    residuals =
        budgets.stream()
            .map(
                budget ->
                    budget.points().stream()
                        .mapToDouble(p -> law.map(found -> residual(p, found)).orElse(0.0))
                        .toArray())
            .toArray(double[][]::new);
    double[] all = Arrays.stream(residuals).flatMapToDouble(Arrays::stream).toArray();
    far = far(all);
    points = all.length;
    doubted = new boolean[budgets.size()];
    boolean[][] near = new boolean[doubted.length][];
    for (int k = 0; k < near.length; k++) {
      double[] ofBudget = residuals[k];
      int[] places = IntStream.range(0, ofBudget.length).filter(i -> ofBudget[i] <= far).toArray();
      doubted[k] = places.length < FEWEST || budgets.get(k).only(places).sizes() < FEWEST;
      near[k] = mask(doubted[k] ? IntStream.range(0, ofBudget.length).toArray() : places, k);
    }
    start = CurveModel.of(budgets, near).fit(lawShape);
  }

  private boolean[] mask(int[] some, int k) {
    boolean[] mask = new boolean[budgets.get(k).size()];
    Arrays.stream(some).forEach(i -> mask[i] = true);
    return mask;
  }

  /**
   * Fits budgets of at least four different sizes each; at least one.
   *
   * @param law of all points, which tells where to begin; may be missing
   */
  static Fit fit(List<BudgetPoints> budgets, Optional<Law> law) {
    Optional<Law> clean = law.map(first -> withoutFar(budgets, first));
    List<BudgetPoints> sound = budgets;
    while (true) {
      Screening screening = new Screening(sound, clean);
      Optional<BudgetPoints> wild = screening.wildByLaw();
      if (wild.isEmpty()) {
        Fit fit = screening.search();
        wild = wildest(fit, k -> true, k -> true, fit.noise()::scale);
        if (wild.isEmpty()) {
          return fit;
        }
      }
      BudgetPoints worst = wild.get();
      sound = sound.stream().filter(budget -> !budget.group().equals(worst.group())).toList();
    }
  }

  /**
   * Returns the law of the points that are not far above it: without those it is fitted again,
   * until none is left. Huber's loss alone bounds what an outlier does, but not where it stands at
   * the end of the range and has company.
   */
  private static Law withoutFar(List<BudgetPoints> budgets, Law first) {
    List<LossPoint> points =
        PointSample.of(budgets.stream().flatMap(b -> b.points().stream()).toList(), ENOUGH);
    List<LossPoint> kept = points;
    Law law = first;
    for (int round = 0; round < ROUNDS; round++) {
      Law now = law;
      double far = far(points.stream().mapToDouble(p -> residual(p, now)).toArray());
      List<LossPoint> near = points.stream().filter(p -> residual(p, now) <= far).toList();
      Optional<LawFit> again =
          near.equals(kept) ? Optional.empty() : LawFit.fit(near, Criterion.HUBER_LOG).value();
      if (again.isEmpty()) {
        break;
      }
      kept = near;
      law = again.get().law();
    }
    return law;
  }

  private static double residual(LossPoint point, Law law) {
    return Math.log(point.loss() / law.loss(point.params(), point.tokens()));
  }

  private static double far(double[] residuals) {
    double[] sizes = Arrays.stream(residuals).map(Math::abs).sorted().toArray();
    return Math.max(NEAR, FAR * TO_SIGMA * sizes[sizes.length / 2]);
  }

  /** Returns how far points are from the law, the median of their budget taken off. */
  private double[][] offLaw() {
    return Arrays.stream(residuals)
        .map(
            ofBudget -> {
              double median = Arrays.stream(ofBudget).sorted().toArray()[ofBudget.length / 2];
              return Arrays.stream(ofBudget).map(residual -> residual - median).toArray();
            })
        .toArray(double[][]::new);
  }

  /**
   * Returns the points near the law without the quarter of every budget that is furthest from its
   * curve, until that is settled (concentration steps; Rousseeuw and Van Driessen 2006).
   */
  private boolean[][] concentrated(double[][] begin, Shape shape, double[][] smooth) {
    boolean[][] kept = best(begin);
    for (int step = 0; step < CONCENTRATIONS; step++) {
      Fit fit = new CurveModel(budgets, kept, smooth).fit(shape);
      boolean[][] next = best(fit.standardised());
      if (Arrays.deepEquals(kept, next)) {
        break;
      }
      kept = next;
    }
    return kept;
  }

  /** Returns the three quarters of every budget's points near the law that are least off. */
  private boolean[][] best(double[][] off) {
    boolean[][] best = new boolean[off.length][];
    for (int k = 0; k < off.length; k++) {
      double[] ofBudget = off[k];
      int[] near = start.model().keptOf(k);
      best[k] =
          mask(
              Arrays.stream(near)
                  .boxed()
                  .sorted(Comparator.comparingDouble(i -> Math.abs(ofBudget[i])))
                  .limit(Math.max((int) Math.ceil(BEST * near.length), FEWEST + 1))
                  .mapToInt(i -> i)
                  .toArray(),
              k);
    }
    return best;
  }

  /** Fits with the most likely shape, without the outliers. */
  private Fit search() {
    double[][] off = lawKnown ? offLaw() : start.standardised();
    Shape shape = lawShape;
    double[][] smooth = start.smooth();
    for (boolean again = false; ; again = true) {
      CurveModel model = new CurveModel(budgets, concentrated(off, shape, smooth), smooth);
      // Noise of the three quarters alone is too little known: it made outliers of good points.
      boolean[][] kept = new Forward(model, shape, start.noise()).run();
      Fit fit = ShapePosterior.mode(new CurveModel(budgets, kept, smooth));
      if (again || fit.model().size() == points) {
        List<BudgetPoints> trusted =
            IntStream.range(0, kept.length)
                .mapToObj(k -> budgets.get(k).alongOnly(kept[k]))
                .toList();
        return ShapePosterior.mode(new CurveModel(trusted, kept, fit.smooth()));
      }
      // A second time with the shape of what is left, and how far it is to be trusted.
      off = fit.standardised();
      smooth = fit.smooth();
      shape = fit.shape();
    }
  }

  /** A point of a curve. */
  private record Place(int curve, int point) {}

  /** The search from a start, with one shape. */
  private final class Forward {

    private final CurveModel model;
    private final Shape shape;
    private final BudgetNoise noise;
    private final boolean[][] kept;
    private final LeastSquares.Solution[] solutions;
    private final List<Place> out = new ArrayList<>();

    Forward(CurveModel model, Shape shape, BudgetNoise noise) {
      this.model = model;
      this.shape = shape;
      this.noise = noise;
      kept = model.kept();
      solutions = new LeastSquares.Solution[kept.length];
      for (int k = 0; k < kept.length; k++) {
        solutions[k] = model.solve(shape, k, kept[k]);
        for (int i = 0; i < kept[k].length; i++) {
          if (!kept[k][i]) {
            out.add(new Place(k, i));
          }
        }
      }
    }

    /** Returns which points belong. */
    boolean[][] run() {
      List<Place> order = new ArrayList<>();
      List<Integer> taken = new ArrayList<>(List.of(0));
      List<Double> sums = new ArrayList<>(List.of(sum()));
      while (!out.isEmpty()) {
        List<Place> nearest = nearest();
        out.removeAll(new HashSet<>(nearest));
        nearest.forEach(place -> kept[place.curve()][place.point()] = true);
        nearest.stream()
            .mapToInt(Place::curve)
            .distinct()
            .forEach(k -> solutions[k] = model.solve(shape, k, kept[k]));
        order.addAll(nearest);
        taken.add(order.size());
        sums.add(sum());
      }
      double all = sums.get(sums.size() - 1);
      double least = Math.log(CHANCE);
      int best = order.size();
      for (int step = 0; step < sums.size() - 1; step++) {
        List<Place> shifted = order.subList(taken.get(step), order.size());
        double byCurves =
            lnChance(
                all,
                sums.get(step),
                shifted.size(),
                CurveModel.COEFFICIENTS * kept.length + Shape.EXPONENTS);
        double chance = Math.min(byCurves, lnChanceByLaw(shifted));
        if (chance < least) {
          least = chance;
          best = taken.get(step);
        }
      }
      order
          .subList(best, order.size())
          .forEach(place -> kept[place.curve()][place.point()] = false);
      return kept;
    }

    private double sum() {
      double sum = 0;
      for (int k = 0; k < solutions.length; k++) {
        double floor = ROUNDING * kept[k].length;
        sum += (solutions[k].squares() + floor) / Math.pow(noise.scale(k), 2);
      }
      return sum;
    }

    /**
     * Returns the point out that lies nearest to its curve by its standard error there; where very
     * many are out, a quarter of them at once.
     */
    private List<Place> nearest() {
      Map<Place, Double> distance = new HashMap<>();
      out.forEach(place -> distance.put(place, distance(place.curve(), place.point())));
      return out.stream()
          .sorted(Comparator.comparingDouble(distance::get))
          .limit(out.size() > MANY ? out.size() / 4 : 1)
          .toList();
    }

    private double distance(int k, int i) {
      BudgetPoints points = model.budgets().get(k);
      double[] c = solutions[k].coefficients();
      IsoFlopCurve curve = new IsoFlopCurve(points, shape, c[0], c[1], c[2]);
      double[] row = model.row(shape, k, i);
      double residual = (points.loss(i) - curve.lossOf(i)) * row[0];
      return Math.abs(residual) / noise.scale(k) / Math.sqrt(1 + solutions[k].leverage(row));
    }

    /** Returns ln of the chance of points so far above the law; 0 where one of them is near it. */
    private double lnChanceByLaw(List<Place> shifted) {
      double floor = ROUNDING * points;
      double all = floor;
      for (int k = 0; k < kept.length; k++) {
        for (double residual : residuals[k]) {
          all += Math.pow(residual / noise.scale(k), 2);
        }
      }
      double without = all;
      for (Place place : shifted) {
        double residual = residuals[place.curve()][place.point()];
        if (residual <= far) {
          return 0;
        }
        without -= Math.pow(residual / noise.scale(place.curve()), 2);
      }
      return lnChance(all, Math.max(without, floor), shifted.size(), LAW_PARAMETERS);
    }
  }

  /** Returns ln of the chance that some so many shifts gain so much by noise alone. */
  private double lnChance(double all, double without, int shifts, int parameters) {
    int freedom = points - shifts - parameters;
    if (freedom < 1) {
      return 0;
    }
    double f = Math.max(0, all - without) / shifts / (without / freedom);
    double tail = chance(f, shifts, freedom);
    double lnTail =
        tail > 1e-12
            ? Math.log(tail)
            // Far out the tail falls as F^(−freedom/2).
            : Math.min(Math.log(1e-12), -0.5 * freedom * Math.log(all / without) + 2 * shifts);
    // A half of the chance is for sets of one point, a quarter for those of two, and so on.
    double lnSets =
        CombinatoricsUtils.binomialCoefficientLog(points, shifts) + shifts * Math.log(2);
    return lnTail + lnSets;
  }

  /** Returns the chance of a ratio of variances of so many degrees of freedom, or a larger one. */
  private static double chance(double ratio, int freedom, int others) {
    return 1 - new FDistribution(freedom, others).cumulativeProbability(ratio);
  }

  /** Returns a budget of few points near the law that is wild beside those of enough. */
  private Optional<BudgetPoints> wildByLaw() {
    return wildest(start, k -> doubted[k], k -> !doubted[k], k -> 1);
  }

  /**
   * Returns the budget whose points scatter far more than those of all others do, if there is one.
   *
   * @param doubted which budgets it may be
   * @param trusted which budgets tell, itself not
   * @param scale of each budget's noise
   */
  private static Optional<BudgetPoints> wildest(
      Fit fit, IntPredicate doubted, IntPredicate trusted, IntToDoubleFunction scale) {
    int count = fit.model().budgets().size();
    double[] squares = new double[count];
    int[] own = new int[count];
    double all = 0;
    int freedom = 0;
    for (int k = 0; k < count; k++) {
      int kept = fit.model().keptOf(k).length;
      squares[k] =
          (fit.solution(k).squares() + ROUNDING * kept) / Math.pow(scale.applyAsDouble(k), 2);
      own[k] = kept - CurveModel.COEFFICIENTS;
      all += trusted.test(k) ? squares[k] : 0;
      freedom += trusted.test(k) ? own[k] : 0;
    }
    Optional<BudgetPoints> worst = Optional.empty();
    double most = WILD;
    for (int k = 0; k < count; k++) {
      double others = all - (trusted.test(k) ? squares[k] : 0);
      int free = freedom - (trusted.test(k) ? own[k] : 0);
      if (doubted.test(k) && own[k] > 0 && free > 0) {
        double ratio = squares[k] / own[k] / (others / free);
        if (ratio > most && chance(ratio, own[k], free) < CHANCE / count) {
          most = ratio;
          worst = Optional.of(fit.model().budgets().get(k));
        }
      }
    }
    return worst;
  }
}
