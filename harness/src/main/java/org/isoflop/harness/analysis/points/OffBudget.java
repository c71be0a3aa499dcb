package org.isoflop.harness.analysis.points;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.points.Run.Place;

/**
 * Finds runs whose budget, params and tokens contradict each other: cut short, counted from where
 * they were requeued, or counted twice.
 *
 * <p>A model costs so many FLOPs per token, so the share of its budget that a run spent, 6ND / C,
 * is over one set of runs a smooth function of N, whatever C counts. It is 1 where C is 6ND. Else
 * its inverse is near c₀ + c₁N^(-1/3) + c₂N^(-2/3), since attention costs as layers × width and the
 * embedding as the width do. Of these functions the one that most rows follow begins the pattern,
 * preferring 1 and then any constant; it then takes in, round by round, the rows on the local line
 * through their nearest neighbours, and so follows any smooth course but crosses no jump. What lies
 * off it by more than the others scatter does not belong.
 */
final class OffBudget {

  /** Rows so near in ln of the share, at most, follow a pattern. */
  private static final double NEAR = 0.05;

  /** Smaller departures, in ln of the share, are counts of two digits and whole steps. */
  private static final double SMALLEST = 0.1;

  /** Departures of more standard deviations of the others are none of them. */
  private static final double DEVIATIONS = 6;

  /** That share of a normal's sizes lies within that many standard deviations. */
  private static final double QUANTILE = 0.3;

  private static final double QUANTILE_OF_NORMAL = 0.3853;

  /** A pattern that fewer rows than this share follow is none. */
  private static final double FEWEST_SHARE = 1.0 / 3;

  private static final int FEWEST_ROWS = 4;
  private static final int NEIGHBOURS = 7;

  /** In squares of ln N: holds the slope through neighbours of all but one size near zero. */
  private static final double FLATTENING = 0.05;

  private static final int MOST_ROUNDS = 100;
  private static final int LISTED = 5;

  /** Enough that three rows of the pattern are among them where half of all rows are off. */
  private static final int TRIPLES = 200;

  /** The pattern is looked for in so many rows at most. */
  private static final int MOST_TRIED = 500;

  private final List<Row> rows;
  private final boolean exact;
  private final double[] x;
  private final double[] share;

  /** What the function that most rows follow says of ln of the share. */
  private double[] start;

  /** Places of the rows, smallest N first. */
  private final int[] order;

  /** Which rows make up the pattern. */
  private final boolean[] core;

  /** ln of the share that every row that is off ought to have spent; NaN for the others. */
  private final double[] expected;

  /**
   * What is asked of a row.
   *
   * @param place where it stands, where a file has it
   * @param budget FLOPs, NaN where none is stated
   * @param spent FLOPs
   */
  private record Row(Optional<Place> place, double budget, double params, double spent) {}

  private OffBudget(List<Row> all, boolean exact) {
    rows = all;
    this.exact = exact;
    x = all.stream().mapToDouble(row -> Math.log(row.params())).toArray();
    share = all.stream().mapToDouble(row -> Math.log(row.spent() / row.budget())).toArray();
    order =
        IntStream.range(0, x.length)
            .filter(i -> !Double.isNaN(share[i]))
            .boxed()
            .sorted(Comparator.comparingDouble(i -> x[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    core = new boolean[x.length];
    expected = new double[x.length];
    Arrays.fill(expected, Double.NaN);
    if (order.length >= FEWEST_ROWS) {
      seed();
      grow();
      judge();
    }
  }

  /** Looks through runs: at their exact FLOPs where all have them, else at 6ND. */
  static OffBudget of(List<Run> runs) {
    boolean exact = runs.stream().allMatch(run -> run.flops().isPresent());
    Function<Run, Row> row =
        run ->
            new Row(
                Optional.of(run.place()),
                run.budget().orElse(Double.NaN),
                run.params(),
                exact ? run.flops().getAsDouble() : 6 * run.params() * run.tokens());
    return new OffBudget(runs.stream().map(row).toList(), exact);
  }

  /** Looks through points that no file has given, at 6ND. */
  static OffBudget ofPoints(List<LossPoint> points) {
    Function<LossPoint, Row> row =
        p -> new Row(Optional.empty(), p.budget(), p.params(), 6 * p.params() * p.tokens());
    return new OffBudget(points.stream().map(row).toList(), false);
  }

  /** Returns the rows that were looked through, those that contradict their budgets marked so. */
  <T> List<T> mark(List<T> all, UnaryOperator<T> marked) {
    return IntStream.range(0, all.size())
        .mapToObj(i -> has(i) ? marked.apply(all.get(i)) : all.get(i))
        .toList();
  }

  private boolean has(int row) {
    return !Double.isNaN(expected[row]);
  }

  /** Returns which rows are off and by how much, where some are. */
  Optional<String> sentence() {
    List<Integer> found = Arrays.stream(order).filter(this::has).sorted().boxed().toList();
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Map<String, List<Integer>> alike = new LinkedHashMap<>();
    found.forEach(row -> alike.computeIfAbsent(factor(row), any -> new ArrayList<>()).add(row));
    String listed =
        alike.entrySet().stream()
            .limit(LISTED)
            .map(group -> places(group.getValue()) + " (" + group.getKey() + ")")
            .collect(Collectors.joining("; "));
    boolean one = found.size() == 1;
    return Optional.of(
        Quantities.format(
            "By %s, %d of %d rows spent more or less than %s: %s%s. Kept off the IsoFLOP curves;"
                + " the law has %s: right if runs ended early or late, wrong if tokens were"
                + " miscounted.",
            exact ? "exact FLOPs" : "6ND",
            found.size(),
            rows.size(),
            one ? "its budget" : "their budgets",
            listed,
            alike.size() > LISTED ? "; …" : "",
            one ? "it as it stands" : "them as they stand"));
  }

  /** Returns how much of its budget a row spent, and how much its like did where not all of it. */
  private String factor(int row) {
    String own = Quantities.format("%.2f times", Math.exp(share[row]));
    String usual = Quantities.format("%.2f", Math.exp(expected[row]));
    return usual.equals("1.00") ? own : own + " where their like spent " + usual;
  }

  private String places(List<Integer> found) {
    List<Place> places = found.stream().flatMap(i -> rows.get(i).place().stream()).toList();
    return places.isEmpty()
        ? found.stream()
            .limit(LISTED)
            .map(
                i ->
                    Quantities.count(rows.get(i).params())
                        + " params at "
                        + Quantities.flops(rows.get(i).budget()))
            .collect(Collectors.joining(", "))
        : Place.list(places);
  }

  /** Begins the pattern with the function that most rows follow, less its coefficients. */
  private void seed() {
    int[] tried =
        IntStream.range(0, order.length)
            .filter(i -> i % (1 + order.length / MOST_TRIED) == 0)
            .map(i -> order[i])
            .toArray();
    record Candidate(DoubleUnaryOperator lnShare, int coefficients) {}
    List<Candidate> candidates = new ArrayList<>();
    candidates.add(new Candidate(lnParams -> 0, 0));
    for (int row : tried) {
      candidates.add(new Candidate(lnParams -> share[row], 1));
    }
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < TRIPLES; i++) {
      int[] three = random.ints(3, 0, tried.length).map(k -> tried[k]).toArray();
      candidates.add(new Candidate(through(three), 3));
    }
    DoubleUnaryOperator best = candidates.get(0).lnShare;
    double most = FEWEST_SHARE * tried.length;
    for (Candidate candidate : candidates) {
      long followers =
          Arrays.stream(tried)
              .filter(i -> Math.abs(share[i] - candidate.lnShare.applyAsDouble(x[i])) <= NEAR / 2)
              .count();
      if (followers - candidate.coefficients > most) {
        most = followers - candidate.coefficients;
        best = candidate.lnShare;
      }
    }
    start = Arrays.stream(x).map(best).toArray();
    Arrays.stream(order).forEach(i -> core[i] = Math.abs(share[i] - start[i]) <= NEAR / 2);
  }

  /** Returns ln of the share as the pattern through three rows has it; NaN where it has none. */
  private DoubleUnaryOperator through(int[] three) {
    double[] u = Arrays.stream(three).mapToDouble(i -> Math.exp(-x[i] / 3)).toArray();
    double[] y = Arrays.stream(three).mapToDouble(i -> Math.exp(-share[i])).toArray();
    double first = (y[1] - y[0]) / (u[1] - u[0]);
    double second = ((y[2] - y[0]) / (u[2] - u[0]) - first) / (u[2] - u[1]);
    return lnParams -> {
      double v = Math.exp(-lnParams / 3);
      return -Math.log(y[0] + (v - u[0]) * (first + (v - u[1]) * second));
    };
  }

  private void grow() {
    for (int round = 0; round < MOST_ROUNDS; round++) {
      Neighbours neighbours = new Neighbours();
      int[] joining =
          Arrays.stream(order)
              .filter(i -> !core[i] && Math.abs(share[i] - neighbours.line(i)) <= NEAR)
              .toArray();
      if (joining.length == 0) {
        return;
      }
      Arrays.stream(joining).forEach(i -> core[i] = true);
    }
  }

  private void judge() {
    Neighbours neighbours = new Neighbours();
    if (neighbours.count() < Math.max(FEWEST_ROWS - 1, FEWEST_SHARE * order.length)) {
      return;
    }
    double[] line = new double[x.length];
    Arrays.stream(order).forEach(i -> line[i] = neighbours.line(i));
    double[] sizes =
        Arrays.stream(order).mapToDouble(i -> Math.abs(share[i] - line[i])).sorted().toArray();
    double deviation = sizes[(int) (QUANTILE * (sizes.length - 1))] / QUANTILE_OF_NORMAL;
    double limit = Math.max(SMALLEST, DEVIATIONS * deviation);
    Arrays.stream(order)
        // Beyond the pattern's sizes it may bend by as much as it is to change.
        .filter(
            i ->
                Math.abs(share[i] - line[i])
                    > Math.max(limit, Math.abs(line[i] - line[neighbours.within(i)])))
        .forEach(i -> expected[i] = line[i]);
  }

  /** The rows of the pattern as it is, sorted by N. */
  private final class Neighbours {

    private final int[] members = Arrays.stream(order).filter(i -> core[i]).toArray();
    private final double[] at = Arrays.stream(members).mapToDouble(i -> x[i]).toArray();

    int count() {
      return members.length;
    }

    /** Returns the row itself where the pattern has smaller and larger N, else its last one. */
    int within(int row) {
      int last = members[members.length - 1];
      return x[row] < at[0] ? members[0] : x[row] > x[last] ? last : row;
    }

    /** Returns what the nearest other rows of the pattern say of a row's ln share. */
    double line(int row) {
      int high = Arrays.binarySearch(at, x[row]);
      high = high < 0 ? -high - 1 : high;
      int low = high - 1;
      double weight = 0;
      double sumX = 0;
      double sumY = 0;
      double sumXx = 0;
      double sumXy = 0;
      while (weight < NEIGHBOURS && (low >= 0 || high < members.length)) {
        boolean down =
            high >= members.length || (low >= 0 && x[row] - at[low] <= at[high] - x[row]);
        int other = down ? members[low--] : members[high++];
        if (other != row) {
          double dx = x[other] - x[row];
          weight++;
          sumX += dx;
          sumY += share[other] - start[other];
          sumXx += dx * dx;
          sumXy += dx * (share[other] - start[other]);
        }
      }
      double spread = sumXx - sumX * sumX / weight;
      double slope = (sumXy - sumX * sumY / weight) / (spread + FLATTENING);
      return start[row] + (sumY - slope * sumX) / weight;
    }
  }
}
