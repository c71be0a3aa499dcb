package org.isoflop.harness.analysis.points;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.isoflop.harness.Quantities;

/**
 * Collects the runs of one data set, merges repeats, and counts what was left out and why; makes
 * loss points of what is left, with a sentence on each kind of row that is none.
 */
final class RunTally {

  /** Why a row is no point, in words about what it or the user said. */
  enum LeftOut {
    UNFINISHED("whose status is not done: %s"),
    DIVERGED("whose loss is empty, NaN or infinite, as of runs that diverged (the first: %s)"),
    DEPARTED("whose learning rate or batch is more than a factor %s from their cell's own"),
    SHORT("of fewer than %s steps");

    private final String words;

    LeftOut(String words) {
      this.words = words;
    }
  }

  private final Map<Measurement, Run> runs = new LinkedHashMap<>();
  private final List<Settings.Tried> tried = new ArrayList<>();
  private final List<Run> separate = new ArrayList<>();
  private final List<Run> controls = new ArrayList<>();
  private final Map<LeftOut, List<String>> leftOut = new EnumMap<>(LeftOut.class);
  private final List<String> unknown = new ArrayList<>();
  private final List<String> filled = new ArrayList<>();
  private final DoubleSummaryStatistics shortOfSteps = new DoubleSummaryStatistics();
  private int merged;

  RunTally() {
    Arrays.stream(LeftOut.values()).forEach(why -> leftOut.put(why, new ArrayList<>()));
  }

  /** What makes two rows the same measurement. */
  private record Measurement(
      OptionalDouble budget,
      double params,
      double tokens,
      double loss,
      Optional<String> seed,
      Map<String, String> setting) {

    static Measurement of(Run run) {
      return new Measurement(
          run.budget(), run.params(), run.tokens(), run.loss(), run.seed(), run.setting());
    }
  }

  /** Returns a cell as a person can see it. */
  static String orEmpty(String cell) {
    return cell.isEmpty() ? "(empty)" : cell;
  }

  void add(Run run) {
    merged += runs.putIfAbsent(Measurement.of(run), run) == null ? 0 : 1;
  }

  /** Adds a setting that a cell was trained with, and that is not its best. */
  void addTried(Settings.Tried setting) {
    tried.add(setting);
  }

  /** Adds a separate run of a cell that has a branch too. */
  void addSeparate(Run run) {
    separate.add(run);
  }

  /** Adds a run at another learning rate of a cell; its loss is infinite where it diverged. */
  void addControl(Run run) {
    controls.add(run);
  }

  /**
   * Counts a row that is no point.
   *
   * @param said its status, its place, or the bound that it does not keep
   */
  void leaveOut(LeftOut why, String said) {
    leftOut.get(why).add(said);
  }

  /** Notes a status that nobody knows. */
  void noteUnknown(String status) {
    unknown.add(status);
  }

  /** Notes that a row was given a count by 6ND. */
  void noteFilled(String what) {
    filled.add(what);
  }

  /** Notes that a run had too few steps for its schedule to act; 0 where it does not say them. */
  void noteShort(double steps) {
    shortOfSteps.accept(steps);
  }

  /** Returns the words for the end of the runs that are not done. */
  Set<String> statuses() {
    return new TreeSet<>(leftOut.get(LeftOut.UNFINISHED));
  }

  /**
   * Returns the points: of the best setting of every cell, those marked that contradict their
   * budgets or themselves.
   *
   * @throws org.isoflop.harness.BadInputException if only another unit explains the counts
   */
  LossPoints points(PointsFormat format) {
    List<Run> all = List.copyOf(runs.values());
    if (format.units().isEmpty()) {
      Units.check(all);
    }
    Remarks ofSettings = new Remarks();
    Remarks remarks = new Remarks();
    List<Run> best = Settings.best(all, tried, ofSettings);
    best = OffBudget.checked(best, remarks);
    best = DataSeen.checked(best, remarks);
    remarks.addAll(ofSettings.all());
    remark(best, format, remarks);
    return LossPoints.of(best, separate, controls, remarks.all(), format.convention());
  }

  private void remark(List<Run> best, PointsFormat format, Remarks remarks) {
    int rows = runs.size() + merged + leftOut.values().stream().mapToInt(List::size).sum();
    List<String> precisions = best.stream().flatMap(run -> run.precision().stream()).toList();
    if (Set.copyOf(precisions).size() > 1) {
      remarks.warn(
          "The points mix precisions (%s), which shift the loss as fewer params would (arXiv"
              + " 2411.04330); --group-by precision fits each apart.",
          listed(precisions));
    }
    if (shortOfSteps.getCount() > 0) {
      remarks.warn(
          "In %d of %d rows warm-up or cooldown had too few steps to act (short_of_steps), so"
              + " that losses may say more of that than of the size%s.",
          shortOfSteps.getCount(),
          rows,
          shortOfSteps.getMax() > 0
              ? Quantities.format("; --min-steps %.0f leaves them out", shortOfSteps.getMax() + 1)
              : "");
    }
    if (!unknown.isEmpty()) {
      remarks.warn(
          "Took rows for not done whose status is none that is known: %s; --done WORD says"
              + " which of these mean done.",
          listed(unknown));
    }
    counts(filled)
        .forEach(
            (what, count) ->
                remarks.warn("At %d rows without their own, %s, as 6nd has it.", count, what));
    leftOut.forEach(
        (why, said) -> {
          if (!said.isEmpty()) {
            String what = why == LeftOut.UNFINISHED ? listed(said) : said.get(0);
            remarks.note(
                "Left out %d of %d rows %s.", said.size(), rows, why.words.formatted(what));
          }
        });
    if (merged > 0) {
      remarks.note(
          "Merged %s that repeat%s another exactly (budget, params, tokens, loss and seed); a"
              + " repeat with another seed would have another loss.",
          Quantities.plural(merged, "row"), merged == 1 ? "s" : "");
    }
    format
        .lossUnit()
        .filter(unit -> unit != PointsFormat.LossUnit.NATS)
        .ifPresent(unit -> remarks.note("Losses are %s.", unit.words()));
  }

  private static Map<String, Long> counts(List<String> words) {
    return words.stream()
        .collect(Collectors.groupingBy(word -> word, TreeMap::new, Collectors.counting()));
  }

  /** Returns how often every word stands there, such as {@code 1 crashed, 2 running}. */
  private static String listed(List<String> words) {
    return counts(words).entrySet().stream()
        .map(entry -> entry.getValue() + " " + entry.getKey())
        .collect(Collectors.joining(", "));
  }
}
