package org.isoflop.harness.analysis.points;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleFunction;
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

  /** The rows that state a budget, smallest N first. */
  private final List<Row> rows;

  /** ln N of every row. */
  private final double[] x;

  /** ln of the share of its budget that every row spent. */
  private final double[] share;

  /** What the function that most rows follow says of ln of the share. */
  private final double[] start;

  /** Which rows make up the pattern. */
  private final boolean[] core;

  /**
   * What is asked of a row.
   *
   * @param index among all rows
   * @param place where it stands, where a file has it
   * @param spent FLOPs
   */
  private record Row(
      int index, Optional<Place> place, double budget, double params, double spent) {}

  /**
   * A row that did not spend its budget.
   *
   * @param spent share of it
   * @param expected share of theirs that its like spent
   */
  private record Off(Row row, double spent, double expected) {

    String factor() {
      String usual = Quantities.format("%.2f", expected);
      return Quantities.format("%.2f times", spent)
          + (usual.equals("1.00") ? "" : " where their like spent " + usual);
    }
  }

  private OffBudget(List<Row> sorted) {
    rows = sorted;
    x = sorted.stream().mapToDouble(row -> Math.log(row.params())).toArray();
    share = sorted.stream().mapToDouble(row -> Math.log(row.spent() / row.budget())).toArray();
    start = Arrays.stream(x).map(mostFollowed()).toArray();
    core = new boolean[x.length];
    IntStream.range(0, x.length).forEach(i -> core[i] = Math.abs(share[i] - start[i]) <= NEAR / 2);
  }

  /**
   * Returns runs with those marked that contradict their budgets, and warns of them: at their exact
   * FLOPs where all have them, else at 6ND.
   */
  static List<Run> checked(List<Run> runs, Remarks remarks) {
    boolean exact = runs.stream().allMatch(run -> run.flops().isPresent());
    List<Row> rows = new ArrayList<>();
    for (Run run : runs) {
      double spent = exact ? run.flops().getAsDouble() : 6 * run.params() * run.tokens();
      double budget = run.budget().orElse(Double.NaN);
      rows.add(new Row(rows.size(), Optional.of(run.place()), budget, run.params(), spent));
    }
    return marked(runs, found(rows, exact ? "exact FLOPs" : "6ND", remarks), Run::offBudget);
  }

  /** Returns the same of points that no file has given, at 6ND. */
  static List<LossPoint> checkedPoints(List<LossPoint> points, Remarks remarks) {
    List<Row> rows = new ArrayList<>();
    for (LossPoint p : points) {
      double spent = 6 * p.params() * p.tokens();
      rows.add(new Row(rows.size(), Optional.empty(), p.budget(), p.params(), spent));
    }
    return marked(points, found(rows, "6ND", remarks), LossPoint::offBudget);
  }

  private static <T> List<T> marked(List<T> all, Set<Integer> off, UnaryOperator<T> mark) {
    return IntStream.range(0, all.size())
        .mapToObj(i -> off.contains(i) ? mark.apply(all.get(i)) : all.get(i))
        .toList();
  }

  /** Returns which rows are off, and says by how much. */
  private static Set<Integer> found(List<Row> rows, String counted, Remarks remarks) {
    List<Row> budgeted =
        rows.stream()
            .filter(row -> !Double.isNaN(row.budget()))
            .sorted(Comparator.comparingDouble(Row::params))
            .toList();
    List<Off> off = budgeted.size() < FEWEST_ROWS ? List.of() : new OffBudget(budgeted).off();
    if (!off.isEmpty()) {
      Map<String, List<Row>> alike =
          off.stream()
              .sorted(Comparator.comparingInt(one -> one.row().index()))
              .collect(
                  Collectors.groupingBy(
                      Off::factor,
                      LinkedHashMap::new,
                      Collectors.mapping(Off::row, Collectors.toList())));
      boolean one = off.size() == 1;
      remarks.warn(
          "By %s, %d of %d rows spent more or less than %s: %s%s. Kept off the IsoFLOP curves; the"
              + " law has %s: right if runs ended early or late, wrong if tokens were miscounted.",
          counted,
          off.size(),
          rows.size(),
          one ? "its budget" : "their budgets",
          alike.entrySet().stream()
              .limit(LISTED)
              .map(group -> places(group.getValue()) + " (" + group.getKey() + ")")
              .collect(Collectors.joining("; ")),
          alike.size() > LISTED ? "; …" : "",
          one ? "it as it stands" : "them as they stand");
    }
    return off.stream().map(one -> one.row().index()).collect(Collectors.toSet());
  }

  private static String places(List<Row> rows) {
    List<Place> places = rows.stream().flatMap(row -> row.place().stream()).toList();
    return places.isEmpty()
        ? rows.stream()
            .limit(LISTED)
            .map(r -> Quantities.count(r.params()) + " params at " + Quantities.flops(r.budget()))
            .collect(Collectors.joining(", "))
        : Place.list(places);
  }

  /** Returns ln of the share by ln N as most rows follow it, less its coefficients. */
  private DoubleUnaryOperator mostFollowed() {
    record Candidate(DoubleUnaryOperator lnShare, int coefficients) {}
    int[] tried =
        IntStream.range(0, x.length).filter(i -> i % (1 + x.length / MOST_TRIED) == 0).toArray();
    DoubleUnaryOperator none = lnParams -> 0;
    List<Candidate> candidates = new ArrayList<>(List.of(new Candidate(none, 0)));
    Arrays.stream(tried).forEach(i -> candidates.add(new Candidate(lnParams -> share[i], 1)));
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < TRIPLES; i++) {
      int[] three = random.ints(3, 0, tried.length).map(k -> tried[k]).toArray();
      candidates.add(new Candidate(through(three), 3));
    }
    ToDoubleFunction<Candidate> followers =
        candidate ->
            Arrays.stream(tried)
                    .filter(
                        i -> Math.abs(share[i] - candidate.lnShare.applyAsDouble(x[i])) <= NEAR / 2)
                    .count()
                - candidate.coefficients;
    return candidates.stream()
        .max(Comparator.comparingDouble(followers))
        .filter(best -> followers.applyAsDouble(best) > FEWEST_SHARE * tried.length)
        .map(Candidate::lnShare)
        .orElse(none);
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

  /** Takes in the rows near the pattern, as long as there are some. */
  private void grow() {
    int[] joining = {0};
    for (int round = 0; round < MOST_ROUNDS && joining.length > 0; round++) {
      Neighbours neighbours = new Neighbours();
      joining =
          IntStream.range(0, x.length)
              .filter(i -> !core[i] && Math.abs(share[i] - neighbours.line(i)) <= NEAR)
              .toArray();
      Arrays.stream(joining).forEach(i -> core[i] = true);
    }
  }

  /** Returns the rows off the pattern. */
  private List<Off> off() {
    grow();
    Neighbours neighbours = new Neighbours();
    if (neighbours.members.length < Math.max(FEWEST_ROWS - 1, FEWEST_SHARE * x.length)) {
      return List.of();
    }
    double[] line = IntStream.range(0, x.length).mapToDouble(neighbours::line).toArray();
    double[] sizes =
        IntStream.range(0, x.length)
            .mapToDouble(i -> Math.abs(share[i] - line[i]))
            .sorted()
            .toArray();
    double deviation = sizes[(int) (QUANTILE * (sizes.length - 1))] / QUANTILE_OF_NORMAL;
    double limit = Math.max(SMALLEST, DEVIATIONS * deviation);
    // Beyond the pattern's sizes it may bend by as much as it is to change.
    return IntStream.range(0, x.length)
        .filter(
            i ->
                Math.abs(share[i] - line[i])
                    > Math.max(limit, Math.abs(line[i] - line[neighbours.within(i)])))
        .mapToObj(i -> new Off(rows.get(i), Math.exp(share[i]), Math.exp(line[i])))
        .toList();
  }

  /** The rows of the pattern as it is, sorted by N. */
  private final class Neighbours {

    private final int[] members = IntStream.range(0, x.length).filter(i -> core[i]).toArray();
    private final double[] at = Arrays.stream(members).mapToDouble(i -> x[i]).toArray();

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
