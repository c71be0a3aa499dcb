package org.isoflop.harness.analysis.isoflop;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
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
import org.isoflop.harness.analysis.stats.Quantiles;

/**
 * The curves of measured runs, some of which may have gone wrong. A run weighs 1 or 0, so that a
 * sweep without outliers is fitted as if nobody had looked for any, and two rules say which.
 *
 * <p><b>A point is an outlier</b> if chance would leave it so far out in fewer than one sweep of a
 * hundred. The search begins with three quarters of every budget's points, those that lie nearest
 * to one curve, none of them far above the parametric law of all points: the law sees all budgets
 * at once, so it knows a run that went gravely wrong even where most of its budget did. The others
 * are taken back one after another, nearest first, so that several outliers cannot hide each other
 * (forward search; Atkinson and Riani 2000). Every set still out on the way is held against the
 * hypothesis that all belong: an F test of that many free shifts (Cook and Weisberg 1982, section
 * 2.2), times the number of sets of that size. The noise may fall with compute under either
 * hypothesis, as far as its own points say, since errors at small budgets look like such noise.
 * What is found is left out, and the rest tested once more, until no set stands out: beside errors
 * of a half, those of a fiftieth do not.
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

  private static final int LAW_PARAMETERS = 5;

  /** Fits of the law without what is far from it, at most. */
  private static final int ROUNDS = 6;

  /** So many points show the law. */
  private static final int ENOUGH = 2000;

  /** Share of every budget's points that the search begins with. */
  private static final double BEST = 0.75;

  private static final int EXCHANGES = 4;

  /** The second time with the shape of what the first leaves. */
  private static final int SEARCHES = 2;

  /** A curve passes through three points whatever they are. */
  private static final int FEWEST = CurveModel.COEFFICIENTS;

  /** Where no law says how curves look. */
  private static final Shape USUAL = new Shape(0.35, 0.35, 0);

  /** Of more points than this a quarter is taken back at a time. */
  private static final int MANY = 200;

  /** A residual of the law below this is rounding. */
  private static final double NEAR = 1e-6;

  /**
   * Squared residuals below this share of the squared loss are rounding: losses are computed in
   * float32 at best, to 6e-8 of themselves. Without a floor the least residual of a noise-free
   * sweep makes any other look large.
   */
  private static final double ROUNDING = 1e-14;

  /** What is left of the freedom of a point that its curve is bound to pass through. */
  private static final double EXACT = 1e-9;

  private final List<BudgetPoints> budgets;
  private final double[] lnFlops;
  private final boolean lawKnown;
  private final Shape lawShape;

  /** Of ln loss over the law, by budget and point; all 0 without a law. */
  private final double[][] residuals;

  private final double far;

  /** The points near the law; all of a budget where those show no curve. */
  private final boolean[][] near;

  /** The budgets that have too few points near the law. */
  private final boolean[] doubted;

  private Screening(List<BudgetPoints> budgets, Optional<Law> law) {
    this.budgets = budgets;
    lnFlops = budgets.stream().mapToDouble(budget -> Math.log(budget.flops())).toArray();
    lawKnown = law.isPresent();
    lawShape = law.map(found -> new Shape(found.alpha(), found.beta(), 0)).orElse(USUAL);
    residuals =
        budgets.stream()
            .map(
                budget ->
                    budget.points().stream()
                        .mapToDouble(p -> law.map(found -> found.residual(p)).orElse(0.0))
                        .toArray())
            .toArray(double[][]::new);
    far = far(Arrays.stream(residuals).flatMapToDouble(Arrays::stream).toArray());
    doubted = new boolean[residuals.length];
    near = new boolean[residuals.length][];
    for (int k = 0; k < near.length; k++) {
      double[] ofBudget = residuals[k];
      int[] places = IntStream.range(0, ofBudget.length).filter(i -> ofBudget[i] <= far).toArray();
      doubted[k] = budgets.get(k).only(places).sizes() < FEWEST;
      near[k] =
          mask(
              ofBudget.length, doubted[k] ? IntStream.range(0, ofBudget.length).toArray() : places);
    }
  }

  private static boolean[] mask(int size, int[] some) {
    boolean[] mask = new boolean[size];
    Arrays.stream(some).forEach(i -> mask[i] = true);
    return mask;
  }

  private static int count(boolean[] mask) {
    return (int) IntStream.range(0, mask.length).filter(i -> mask[i]).count();
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
      Fit start = CurveModel.of(sound, screening.near).fit(screening.lawShape);
      Optional<BudgetPoints> wild = wildest(start, Optional.of(screening.doubted));
      if (wild.isEmpty()) {
        Fit fit = screening.search(start);
        wild = wildest(fit, Optional.empty());
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
      double far = far(points.stream().mapToDouble(now::residual).toArray());
      List<LossPoint> near = points.stream().filter(p -> now.residual(p) <= far).toList();
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

  private static double far(double[] residuals) {
    return Math.max(NEAR, FAR * Quantiles.robustDeviation(residuals));
  }

  /**
   * Fits with the most likely shape, without the outliers.
   *
   * @param start the fit of all points near the law, with its shape
   */
  private Fit search(Fit start) {
    boolean[][] kept = new boolean[near.length][];
    double[][] all = lawKnown ? residuals : start.standardised();
    for (int k = 0; k < kept.length; k++) {
      // A budget's own level is taken off: the law may have missed it.
      double[] ofBudget = all[k];
      double median = Arrays.stream(ofBudget).sorted().toArray()[ofBudget.length / 2];
      double[] off = Arrays.stream(ofBudget).map(r -> Math.abs(r - median)).toArray();
      kept[k] = nearest(k, off, quorum(k));
    }
    Fit fit = start;
    for (int search = 0; search < SEARCHES; search++) {
      CurveModel model = new CurveModel(budgets, near, fit.smooth());
      for (int k = 0; k < kept.length; k++) {
        kept[k] = core(model, fit.shape(), k, kept[k]);
      }
      kept = belonging(model, fit.shape(), kept);
      fit = ShapePosterior.mode(new CurveModel(budgets, kept, fit.smooth()));
    }
    if (fit.model().size() == budgets.stream().mapToInt(BudgetPoints::size).sum()) {
      return fit;
    }
    boolean[][] found = kept;
    List<BudgetPoints> trusted =
        IntStream.range(0, kept.length).mapToObj(k -> budgets.get(k).alongOnly(found[k])).toList();
    return ShapePosterior.mode(new CurveModel(trusted, kept, fit.smooth()));
  }

  /** Returns how many of a budget's points the search begins with. */
  private int quorum(int k) {
    return Math.max((int) Math.ceil(BEST * count(near[k])), FEWEST + 1);
  }

  /** Returns the so many points near the law that are least far off. */
  private boolean[] nearest(int k, double[] off, int count) {
    int[] least =
        IntStream.range(0, off.length)
            .filter(i -> near[k][i])
            .boxed()
            .sorted(Comparator.comparingDouble(i -> off[i]))
            .limit(count)
            .mapToInt(i -> i)
            .toArray();
    return mask(off.length, least);
  }

  /**
   * Returns the points of a budget that the search begins with: of those given the furthest by its
   * deletion residual goes, one after another, until three quarters are left, which are then
   * exchanged for nearer ones (concentration steps; Rousseeuw and Van Driessen 2006).
   */
  private boolean[] core(CurveModel model, Shape shape, int k, boolean[] from) {
    boolean[] core = from;
    int left = count(from);
    int quorum = Math.min(left, quorum(k));
    for (int exchange = 0; exchange < EXCHANGES; exchange += left == quorum ? 1 : 0) {
      left -= Math.min(left - quorum, 1 + (left - quorum) / 8);
      core = nearest(k, new Curve(model, shape, k, core).distances, left);
    }
    return core;
  }

  /** The curve of some points of a budget. */
  private static final class Curve {

    private final int freedom;

    /** Of the residuals, summed. */
    private final double squares;

    /**
     * Of all points of the budget from the curve, in standard errors but for the budget's noise;
     * those of the curve itself from what it is without them.
     */
    private final double[] distances;

    Curve(CurveModel model, Shape shape, int k, boolean[] kept) {
      BudgetPoints points = model.budgets().get(k);
      LeastSquares.Solution solution = model.solve(shape, k, kept);
      double[] c = solution.coefficients();
      IsoFlopCurve curve = new IsoFlopCurve(points, shape, c[0], c[1], c[2]);
      freedom = count(kept) - FEWEST;
      squares = solution.squares() + ROUNDING * kept.length;
      distances = new double[kept.length];
      for (int i = 0; i < kept.length; i++) {
        double[] row = model.row(shape, k, i);
        double leverage = solution.leverage(row);
        double variance = kept[i] ? Math.max(1 - leverage, EXACT) : 1 + leverage;
        distances[i] = Math.abs(points.loss(i) - curve.lossOf(i)) * row[0] / Math.sqrt(variance);
      }
    }
  }

  private static int[] freedom(List<Curve> curves) {
    return curves.stream().mapToInt(curve -> curve.freedom).toArray();
  }

  private BudgetNoise noise(List<Curve> curves, int[] freedom) {
    double[] squares = curves.stream().mapToDouble(curve -> curve.squares).toArray();
    return new BudgetNoise(squares, freedom, lnFlops);
  }

  /** A point of a curve. */
  private record Place(int curve, int point) {}

  /** The curves once so many points have been taken back. */
  private record Step(int taken, List<Curve> curves) {}

  /** Returns which points belong, by a search with one shape from a start. */
  private boolean[][] belonging(CurveModel model, Shape shape, boolean[][] start) {
    boolean[][] kept = Arrays.stream(start).map(boolean[]::clone).toArray(boolean[][]::new);
    List<Curve> curves = new ArrayList<>();
    List<Place> out = new ArrayList<>();
    for (int k = 0; k < kept.length; k++) {
      int budget = k;
      curves.add(new Curve(model, shape, k, kept[k]));
      IntStream.range(0, kept[k].length)
          .filter(i -> !kept[budget][i])
          .forEach(i -> out.add(new Place(budget, i)));
    }
    List<Place> order = new ArrayList<>();
    List<Step> steps = new ArrayList<>(List.of(new Step(0, List.copyOf(curves))));
    while (!out.isEmpty()) {
      BudgetNoise noise = noise(curves, freedom(curves));
      List<Place> nearest =
          out.stream()
              .sorted(
                  Comparator.comparingDouble(
                      p -> curves.get(p.curve()).distances[p.point()] / noise.scale(p.curve())))
              .limit(out.size() > MANY ? out.size() / 4 : 1)
              .toList();
      out.removeAll(new HashSet<>(nearest));
      nearest.forEach(place -> kept[place.curve()][place.point()] = true);
      nearest.stream()
          .mapToInt(Place::curve)
          .distinct()
          .forEach(k -> curves.set(k, new Curve(model, shape, k, kept[k])));
      order.addAll(nearest);
      steps.add(new Step(order.size(), List.copyOf(curves)));
    }
    int end = steps.size();
    int last = end - 1;
    while (last < end) {
      end = last;
      last = before(steps, order, end);
    }
    order
        .subList(steps.get(last).taken(), order.size())
        .forEach(place -> kept[place.curve()][place.point()] = false);
    return kept;
  }

  /** Returns the step before those points of another's which belong least, or that step itself. */
  private int before(List<Step> steps, List<Place> order, int end) {
    int[] freedom = freedom(steps.get(end).curves());
    int free = Arrays.stream(freedom).sum();
    double all = noise(steps.get(end).curves(), freedom).lnEvidence();
    int before = end;
    double least = Math.log(CHANCE);
    for (int i = 0; i < end; i++) {
      List<Place> shifted = order.subList(steps.get(i).taken(), steps.get(end).taken());
      double gain = noise(steps.get(i).curves(), freedom).lnEvidence() - all;
      int points = free + FEWEST * freedom.length;
      double byCurves = lnChance(free - Shape.EXPONENTS, 2 * gain / free, shifted.size(), points);
      double chance = Math.min(byCurves, lnChanceByLaw(shifted));
      if (chance < least) {
        least = chance;
        before = i;
      }
    }
    return before;
  }

  /** Returns ln of the chance of points so far above the law; 0 where one of them is near it. */
  private double lnChanceByLaw(List<Place> shifted) {
    double[] above = shifted.stream().mapToDouble(p -> residuals[p.curve()][p.point()]).toArray();
    if (Arrays.stream(above).anyMatch(residual -> residual <= far)) {
      return 0;
    }
    int points = Arrays.stream(residuals).mapToInt(ofBudget -> ofBudget.length).sum();
    double floor = ROUNDING * points;
    double all = floor;
    for (double[] ofBudget : residuals) {
      for (double residual : ofBudget) {
        all += residual * residual;
      }
    }
    double without = all;
    for (double residual : above) {
      without -= residual * residual;
    }
    double lnRatio = Math.log(all / Math.max(without, floor));
    return lnChance(points - LAW_PARAMETERS, lnRatio, shifted.size(), points);
  }

  /**
   * Returns ln of the chance that some so many shifts gain so much by noise alone.
   *
   * @param freedom of all points
   * @param lnRatio of the sums of squares with all points and without those shifted
   */
  private static double lnChance(int freedom, double lnRatio, int shifts, int points) {
    int left = freedom - shifts;
    if (left < 1) {
      return 0;
    }
    double f = Math.max(0, Math.expm1(lnRatio)) * left / shifts;
    double tail = chance(f, shifts, left);
    double lnTail =
        tail > 1e-12
            ? Math.log(tail)
            // Far out the tail falls as F^(−freedom/2).
            : Math.min(Math.log(1e-12), -0.5 * left * lnRatio + 2 * shifts);
    // A half of the chance is for sets of one point, a quarter for those of two, and so on.
    double lnSets =
        CombinatoricsUtils.binomialCoefficientLog(points, shifts) + shifts * Math.log(2);
    return lnTail + lnSets;
  }

  /** Returns the chance of a ratio of variances of so many degrees of freedom, or a larger one. */
  private static double chance(double ratio, int freedom, int others) {
    return 1 - new FDistribution(freedom, others).cumulativeProbability(ratio);
  }

  /**
   * Returns the budget whose points scatter far more than those of all others do, if there is one.
   *
   * @param suspected which budgets it may be, where they are held against the others alone; empty
   *     where it may be any
   */
  private static Optional<BudgetPoints> wildest(Fit fit, Optional<boolean[]> suspected) {
    CurveModel model = fit.model();
    int count = model.budgets().size();
    double[] squares = new double[count];
    int[] freedom = new int[count];
    for (int k = 0; k < count; k++) {
      freedom[k] = model.keptOf(k).length - FEWEST;
      // Before the search the suspects themselves would pass for noise that falls with compute.
      double scale = suspected.isPresent() ? 1 : fit.noise().scale(k);
      double floor = ROUNDING * (freedom[k] + FEWEST);
      squares[k] = (fit.solution(k).squares() + floor) / (scale * scale);
    }
    Optional<BudgetPoints> worst = Optional.empty();
    double most = WILD;
    for (int k = 0; k < count; k++) {
      int own = k;
      if (suspected.isPresent() && !suspected.get()[k]) {
        continue;
      }
      int[] others =
          IntStream.range(0, count)
              .filter(j -> suspected.map(them -> !them[j]).orElse(j != own))
              .toArray();
      int free = Arrays.stream(others).map(j -> freedom[j]).sum();
      double sum = Arrays.stream(others).mapToDouble(j -> squares[j]).sum();
      double ratio = squares[k] / freedom[k] / (sum / free);
      if (freedom[k] > 0
          && free > 0
          && ratio > most
          && chance(ratio, freedom[k], free) < CHANCE / count) {
        most = ratio;
        worst = Optional.of(model.budgets().get(k));
      }
    }
    return worst;
  }
}
