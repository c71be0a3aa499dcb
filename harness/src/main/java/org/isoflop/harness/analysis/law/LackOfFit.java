package org.isoflop.harness.analysis.law;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.hipparchus.distribution.continuous.FDistribution;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.points.PointSample;
import org.isoflop.harness.analysis.stats.Projection;
import org.isoflop.harness.analysis.stats.Quantiles;

/**
 * Whether the law describes the points at all. Every law has a best fit and an interval, which say
 * nothing of that.
 *
 * <p>Four things can show that it does not: the loss rises with tokens at equal params, which no
 * such law can; residuals follow N and D (an F test of a cubic in their logarithms beside the five
 * parameters); residuals are larger than the noise that repeats of a cell show (the classical test
 * of lack of fit: Draper and Smith 1998, chapter 2), or than that of the IsoFLOP curves, of which
 * the law is the special case with the same terms at every budget. With hundreds of points the
 * tests find what does not matter (all large public sets fail them), so beside a chance below 1 in
 * 1,000 the misfit must be far above the noise before the law is said not to fit; what is smaller
 * is a note.
 *
 * @param warning why the law does not fit and where, if it does not
 * @param note how far its form is off, where that is certain but small
 */
public record LackOfFit(Optional<String> warning, Optional<String> note) {

  private static final double CHANCE = 1e-3;

  /** A misfit of so many standard deviations of the noise is no detail … */
  private static final double FAR = 2.5;

  /** … if it is of so much of the loss: the law is of use where it is right to three digits. */
  private static final double SMALLEST = 0.003;

  /** A certain misfit of less than this share of the loss is not worth a note. */
  private static final double NOTED = 0.001;

  /** Residuals count no further than so many robust standard deviations: outliers are no misfit. */
  private static final double CLIPPED = 4;

  /** A rise of so many standard deviations of the difference of two losses is none by chance. */
  private static final double RISE = 5;

  /** Powers of ln N and ln D in the terms beside the law. */
  private static final int[][] CUBIC = {{2, 0}, {1, 1}, {0, 2}, {3, 0}, {0, 3}};

  private static final int FEWEST_BENDS = 5;
  private static final int FEWEST_RISEN = 3;
  private static final int MOST_POINTS = 1000;
  private static final int PARAMETERS = 5;
  private static final int FEWEST_REPEATS = 3;

  /**
   * The IsoFLOP curves' residuals.
   *
   * @param points that lie on curves, outliers not
   * @param squares sum of squared residuals of ln L about the curves
   * @param freedom points less coefficients
   */
  public record Curves(List<LossPoint> points, double squares, int freedom) {}

  /** A test: the chance of such residuals if the law held, and how large misfit and noise are. */
  private record Test(double chance, double misfit, double noise, String against) {

    private boolean certain() {
      return chance < CHANCE;
    }

    private boolean far() {
      return certain() && misfit > Math.max(FAR * noise, SMALLEST);
    }
  }

  /**
   * Tests a law against the points it was fitted to.
   *
   * @param curves of the same points, where there are some and no trunk's noise is shared
   */
  public static LackOfFit of(List<LossPoint> all, Law law, Optional<Curves> curves) {
    List<LossPoint> points = PointSample.of(all, MOST_POINTS);
    double[] residuals = residuals(points, law);
    List<Test> tests = new ArrayList<>();
    boolean shared = runs(points).size() < points.size();
    OptionalDouble local = shared ? OptionalDouble.empty() : localNoise(points);
    smooth(points, residuals, law, local).ifPresent(tests::add);
    if (!shared) {
      repeats(points, residuals, law).ifPresent(tests::add);
      curves.flatMap(found -> curves(found, law)).ifPresent(tests::add);
    }
    Optional<String> rising = rising(points, localNoise(points));
    Optional<Test> far =
        tests.stream().filter(Test::far).max(Comparator.comparingDouble(Test::misfit));
    if (rising.isPresent() || far.isPresent()) {
      StringBuilder said = new StringBuilder("The parametric law does not fit these points: ");
      rising.ifPresent(said::append);
      if (far.isPresent()) {
        said.append(rising.isPresent() ? "; " : "").append(words(far.get()));
        said.append(where(far.get(), points, residuals));
      }
      return new LackOfFit(
          Optional.of(said.append(". Do not allocate by it.").toString()), Optional.empty());
    }
    return new LackOfFit(
        Optional.empty(),
        tests.stream()
            .filter(test -> test.certain() && test.misfit() > NOTED)
            .max(Comparator.comparingDouble(Test::misfit))
            .map(
                test ->
                    "The parametric law's form is not exact: "
                        + words(test)
                        + where(test, points, residuals)
                        + "."));
  }

  private static String words(Test test) {
    return Quantities.format(
        "it is off by %.2g%% of the loss where %s of %.2g%% (p %s)",
        100 * test.misfit(),
        test.against(),
        100 * test.noise(),
        test.chance() < 1e-4 ? "below 0.0001" : Quantities.format("= %.1g", test.chance()));
  }

  /** Says where the residuals are, in thirds of ln N or ln D, if they are that simple. */
  private static String where(Test test, List<LossPoint> points, double[] residuals) {
    double[] byParams = thirds(points, LossPoint::params, residuals);
    double[] byTokens = thirds(points, LossPoint::tokens, residuals);
    boolean params = spread(byParams) > spread(byTokens);
    double[] found = params ? byParams : byTokens;
    if (spread(found) < test.misfit()) {
      return "";
    }
    return Quantities.format(
        "; on average the losses lie %+.2g, %+.2g and %+.2g%% above it from the %s",
        100 * found[0],
        100 * found[1],
        100 * found[2],
        params ? "smallest to the largest third of the models" : "fewest to the most tokens");
  }

  private static double spread(double[] means) {
    return Arrays.stream(means).max().orElseThrow() - Arrays.stream(means).min().orElseThrow();
  }

  /** Returns the mean residuals of the points with the least, middle and most of a quantity. */
  private static double[] thirds(
      List<LossPoint> points, ToDoubleFunction<LossPoint> quantity, double[] residuals) {
    int size = residuals.length;
    List<Integer> order =
        IntStream.range(0, size)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> quantity.applyAsDouble(points.get(i))))
            .toList();
    return IntStream.range(0, 3)
        .mapToObj(t -> order.subList((t * size + 2) / 3, ((t + 1) * size + 2) / 3))
        .mapToDouble(third -> third.stream().mapToDouble(i -> residuals[i]).average().orElse(0))
        .toArray();
  }

  /** Returns ln of the losses over the law's, those of outliers cut. */
  private static double[] residuals(List<LossPoint> points, Law law) {
    double[] residuals = column(points, law::residual);
    double most = CLIPPED * Quantiles.robustDeviation(residuals);
    return Arrays.stream(residuals).map(r -> Math.max(-most, Math.min(most, r))).toArray();
  }

  /** Returns the residuals less what a small change of the five parameters would take off. */
  private static Projection besideTheLaw(List<LossPoint> points, double[] residuals, Law law) {
    ToDoubleFunction<LossPoint> ofParams = p -> law.a() * Math.pow(p.params(), -law.alpha());
    ToDoubleFunction<LossPoint> ofTokens = p -> law.b() * Math.pow(p.tokens(), -law.beta());
    List<ToDoubleFunction<LossPoint>> slopes =
        List.of(
            p -> law.e(),
            ofParams,
            ofTokens,
            p -> ofParams.applyAsDouble(p) * Math.log(p.params()),
            p -> ofTokens.applyAsDouble(p) * Math.log(p.tokens()));
    Projection left = new Projection(residuals);
    for (ToDoubleFunction<LossPoint> slope : slopes) {
      left.explain(column(points, p -> slope.applyAsDouble(p) / law.loss(p.params(), p.tokens())));
    }
    return left;
  }

  private static double[] column(List<LossPoint> points, ToDoubleFunction<LossPoint> quantity) {
    return points.stream().mapToDouble(quantity).toArray();
  }

  /**
   * Tests for a cubic in ln N and ln D; points of one run count as far as they are independent.
   *
   * @param local noise that neighbours in tokens show, against which misfit is measured where known
   */
  private static Optional<Test> smooth(
      List<LossPoint> points, double[] residuals, Law law, OptionalDouble local) {
    Projection left = besideTheLaw(points, residuals, law);
    double without = left.squares();
    int rank = left.rank();
    double[] n = standardized(column(points, p -> Math.log(p.params())));
    double[] d = standardized(column(points, p -> Math.log(p.tokens())));
    for (int[] powers : CUBIC) {
      double[] term = new double[n.length];
      Arrays.setAll(term, i -> Math.pow(n[i], powers[0]) * Math.pow(d[i], powers[1]));
      left.explain(term);
    }
    int terms = left.rank() - rank;
    Collection<List<Integer>> runs = runs(points);
    double alike = 1;
    int freedom = points.size() - left.rank();
    if (runs.size() < points.size()) {
      alike = designEffect(left.left(), runs);
      freedom = Math.min(freedom, runs.size() - left.rank() / 2);
    }
    if (terms == 0 || freedom < 2) {
      return Optional.empty();
    }
    double noise = left.squares() / (points.size() - left.rank());
    Optional<Test> found =
        test(
            without - left.squares(),
            terms,
            noise * alike,
            freedom,
            points.size(),
            "their scatter is");
    if (local.isEmpty()) {
      return found;
    }
    double misfit = without / (points.size() - rank) - local.getAsDouble() * local.getAsDouble();
    return found.map(
        test ->
            new Test(
                test.chance(),
                Math.sqrt(Math.max(0, misfit)),
                local.getAsDouble(),
                "neighbours in tokens scatter by a standard deviation"));
  }

  private static Optional<Test> test(
      double gained, int terms, double variance, int freedom, int points, String against) {
    if (!(variance > 0)) {
      return Optional.empty();
    }
    double f = Math.max(0, gained) / terms / variance;
    double chance = 1 - new FDistribution(terms, freedom).cumulativeProbability(f);
    double misfit = Math.sqrt(Math.max(0, gained - terms * variance) / points);
    return Optional.of(new Test(chance, misfit, Math.sqrt(variance), against));
  }

  /** Returns 1 + (m − 1)·ρ (Kish 1965), m points a run with a correlation of ρ. */
  private static double designEffect(double[] left, Collection<List<Integer>> runs) {
    double between = 0;
    double all = 0;
    double pairs = 0;
    for (List<Integer> run : runs) {
      double sum = 0;
      double squares = 0;
      for (int i : run) {
        sum += left[i];
        squares += left[i] * left[i];
      }
      all += squares;
      between += sum * sum - squares;
      pairs += (double) run.size() * (run.size() - 1);
    }
    double alike = pairs > 0 && all > 0 ? between / pairs / (all / left.length) : 0;
    double size = (double) left.length / runs.size();
    return 1 + (size - 1) * Math.max(0, Math.min(1, alike));
  }

  private static double[] standardized(double[] values) {
    double mean = Arrays.stream(values).average().orElseThrow();
    double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
    double scale = Math.sqrt(squares / values.length);
    return Arrays.stream(values).map(v -> scale > 0 ? (v - mean) / scale : 0).toArray();
  }

  private static Collection<List<Integer>> runs(List<LossPoint> points) {
    return places(points, LossPoint::lineage).values();
  }

  private static <K> Map<K, List<Integer>> places(
      List<LossPoint> points, Function<LossPoint, K> key) {
    Map<K, List<Integer>> places = new LinkedHashMap<>();
    for (int i = 0; i < points.size(); i++) {
      places.computeIfAbsent(key.apply(points.get(i)), k -> new ArrayList<>()).add(i);
    }
    return places;
  }

  /** Tests against what repeats of one N and D differ by. */
  private static Optional<Test> repeats(List<LossPoint> points, double[] residuals, Law law) {
    double pure = 0;
    int freedom = 0;
    for (List<Integer> cell : places(points, p -> List.of(p.params(), p.tokens())).values()) {
      double mean = cell.stream().mapToDouble(i -> residuals[i]).average().orElseThrow();
      pure += cell.stream().mapToDouble(i -> Math.pow(residuals[i] - mean, 2)).sum();
      freedom += cell.size() - 1;
    }
    Projection left = besideTheLaw(points, residuals, law);
    int terms = points.size() - left.rank() - freedom;
    Curves noise = new Curves(points, pure, freedom);
    return against(noise, left, terms, "repeats differ by a standard deviation");
  }

  private static Optional<Test> curves(Curves curves, Law law) {
    Projection left = besideTheLaw(curves.points(), residuals(curves.points(), law), law);
    int terms = curves.points().size() - PARAMETERS - curves.freedom();
    return against(curves, left, terms, "the IsoFLOP curves leave noise");
  }

  /** Tests what the law leaves against noise that is known without it. */
  private static Optional<Test> against(Curves noise, Projection left, int terms, String words) {
    return noise.freedom() < FEWEST_REPEATS || terms < 1
        ? Optional.empty()
        : test(
            left.squares() - noise.squares(),
            terms,
            noise.squares() / noise.freedom(),
            noise.freedom(),
            noise.points().size(),
            words);
  }

  private static List<List<LossPoint>> bySize(List<LossPoint> points) {
    List<List<LossPoint>> sizes = new ArrayList<>();
    for (List<Integer> places : places(points, LossPoint::params).values()) {
      sizes.add(
          places.stream()
              .map(points::get)
              .sorted(Comparator.comparingDouble(LossPoint::tokens))
              .toList());
    }
    return sizes;
  }

  /** Returns the noise of ln L that neighbours in tokens show at equal params, if there are any. */
  private static OptionalDouble localNoise(List<LossPoint> points) {
    List<Double> bends = new ArrayList<>();
    for (List<LossPoint> size : bySize(points)) {
      for (int i = 1; i + 1 < size.size(); i++) {
        bends.add(bend(size.get(i - 1), size.get(i), size.get(i + 1)));
      }
    }
    // The distance from the chord of two neighbours has the noise of one and a half losses.
    return bends.size() < FEWEST_BENDS
        ? OptionalDouble.empty()
        : OptionalDouble.of(
            Quantiles.robustDeviation(bends.stream().mapToDouble(bend -> bend).toArray())
                / Math.sqrt(1.5));
  }

  /** Says where the loss rises with tokens at equal params. */
  private static Optional<String> rising(List<LossPoint> points, OptionalDouble noise) {
    if (noise.isEmpty()) {
      return Optional.empty();
    }
    List<List<LossPoint>> sizes = bySize(points);
    double least = Math.max(SMALLEST, RISE * Math.sqrt(2) * noise.getAsDouble());
    Set<Double> risen = new HashSet<>();
    int count = 0;
    double most = 0;
    String worst = "";
    for (List<LossPoint> size : sizes) {
      LossPoint lowest = size.get(0);
      for (LossPoint point : size) {
        double rise = Math.log(point.loss() / lowest.loss());
        if (rise > least && point.tokens() > lowest.tokens()) {
          risen.add(point.params());
          count++;
          if (rise > most) {
            most = rise;
            worst =
                Quantities.format(
                    "most at %s params, from %.4g at %s tokens to %.4g at %s",
                    Quantities.count(point.params()),
                    lowest.loss(),
                    Quantities.count(lowest.tokens()),
                    point.loss(),
                    Quantities.count(point.tokens()));
          }
        }
        lowest = point.loss() < lowest.loss() ? point : lowest;
      }
    }
    return count < FEWEST_RISEN
        ? Optional.empty()
        : Optional.of(
            Quantities.format(
                "the loss rises with tokens at %d of %d sizes (%s), which no such law can, as where"
                    + " text is repeated too often",
                risen.size(), sizes.size(), worst));
  }

  private static double bend(LossPoint before, LossPoint point, LossPoint after) {
    double from = Math.log(before.tokens());
    double run = Math.log(after.tokens()) - from;
    double at = run > 0 ? (Math.log(point.tokens()) - from) / run : 0.5;
    double chord = (1 - at) * Math.log(before.loss()) + at * Math.log(after.loss());
    return Math.log(point.loss()) - chord;
  }
}
