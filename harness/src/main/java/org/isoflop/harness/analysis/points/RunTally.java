package org.isoflop.harness.analysis.points;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.points.Run.Place;

/**
 * Collects the runs of one data set, merges repeats, and counts what was left out and why; makes
 * loss points of what is left, with a sentence on each kind of row that is none.
 */
final class RunTally {

  private static final String EMPTY = "(empty)";

  private final List<Run> runs = new ArrayList<>();
  private final List<Settings.Tried> tried = new ArrayList<>();
  private final List<Run> separate = new ArrayList<>();
  private final List<Run> controls = new ArrayList<>();
  private final Set<Measurement> seen = new HashSet<>();
  private final Map<String, Integer> unfinished = new TreeMap<>();
  private final Map<String, Integer> filled = new TreeMap<>();
  private Optional<Place> firstDiverged = Optional.empty();
  private int diverged;
  private int departed;
  private int tooShort;
  private int shortOfSteps;
  private double mostShort;
  private int merged;

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

  void add(Run run) {
    if (seen.add(Measurement.of(run))) {
      runs.add(run);
    } else {
      merged++;
    }
  }

  /** Notes a setting that a cell was trained with, and that is not its best. */
  void tried(Settings.Tried setting) {
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

  /** Counts a row that was given a count by 6ND. */
  void fill(String what) {
    filled.merge(what, 1, Integer::sum);
  }

  void leaveOutUnfinished(String status) {
    unfinished.merge(status.isEmpty() ? EMPTY : status, 1, Integer::sum);
  }

  void leaveOutDiverged(Place place) {
    firstDiverged = firstDiverged.or(() -> Optional.of(place));
    diverged++;
  }

  void leaveOutDeparted() {
    departed++;
  }

  void leaveOutShort() {
    tooShort++;
  }

  /** Notes that a run had too few steps for its schedule to act. */
  void shortOfSteps(OptionalDouble steps) {
    shortOfSteps++;
    mostShort = Math.max(mostShort, steps.orElse(0));
  }

  /** Returns how many rows could be used, repeats too. */
  int usable() {
    return runs.size() + merged;
  }

  /** Returns how many rows were left out. */
  int leftOut() {
    return unfinished() + diverged + departed + tooShort;
  }

  /** Returns the words for the end of the runs that are not done. */
  Set<String> statuses() {
    return unfinished.keySet();
  }

  private int unfinished() {
    return unfinished.values().stream().mapToInt(Integer::intValue).sum();
  }

  /**
   * Returns the points: of the best setting of every cell, those marked that contradict their
   * budgets or themselves.
   *
   * @throws org.isoflop.harness.BadInputException if only another unit explains the counts
   */
  LossPoints points(PointsFormat format) {
    if (format.units().isEmpty()) {
      Units.check(runs);
    }
    Remarks ofSettings = new Remarks();
    List<Run> best = Settings.best(runs, tried, ofSettings);
    OffBudget off = OffBudget.of(best);
    Remarks remarks = new Remarks();
    off.sentence().ifPresent(remarks::warn);
    best = DataSeen.checked(off.mark(best, Run::offBudget), remarks);
    ofSettings.warnings().forEach(remarks::warn);
    precisions(best, remarks);
    shortOfSteps(remarks);
    leftOut(format, remarks);
    filled.forEach(
        (what, count) ->
            remarks.warn("At " + count + " rows without their own, " + what + ", as 6nd has it."));
    format
        .lossUnit()
        .filter(unit -> unit != PointsFormat.LossUnit.NATS)
        .ifPresent(unit -> remarks.note("Losses are " + unit.words() + "."));
    return LossPoints.of(
        best, separate, controls, remarks.warnings(), remarks.notes(), format.convention());
  }

  private static void precisions(List<Run> runs, Remarks remarks) {
    Map<String, Integer> counts = new TreeMap<>();
    runs.forEach(run -> run.precision().ifPresent(p -> counts.merge(p, 1, Integer::sum)));
    if (counts.size() > 1) {
      remarks.warn(
          "The points mix precisions (%s), which shift the loss as fewer params would (arXiv"
              + " 2411.04330); --group-by precision fits each apart.",
          listed(counts));
    }
  }

  private void shortOfSteps(Remarks remarks) {
    if (shortOfSteps > 0) {
      remarks.warn(
          "In %d of %d rows warm-up or cooldown had too few steps to act (short_of_steps), so"
              + " that losses may say more of that than of the size%s.",
          shortOfSteps,
          usable() + leftOut(),
          mostShort > 0
              ? Quantities.format("; --min-steps %.0f leaves them out", mostShort + 1)
              : "");
    }
  }

  private static String listed(Map<String, Integer> counts) {
    return counts.entrySet().stream()
        .map(entry -> entry.getValue() + " " + entry.getKey())
        .collect(Collectors.joining(", "));
  }

  private void leftOut(PointsFormat format, Remarks remarks) {
    leftOut(unfinished(), remarks, "whose status is not done: %s", listed(unfinished));
    Map<String, Integer> unknown = new TreeMap<>(unfinished);
    unknown
        .keySet()
        .removeIf(
            word -> word.equals(EMPTY) || RunStatus.of(word, format.done()) != RunStatus.UNKNOWN);
    if (!unknown.isEmpty()) {
      remarks.warn(
          "Took rows for not done whose status is none that is known: %s; --done WORD says"
              + " which of these mean done.",
          listed(unknown));
    }
    leftOut(
        diverged,
        remarks,
        "whose loss is empty, NaN or infinite, as of runs that diverged (the first: %s)",
        firstDiverged.map(Place::toString).orElse(""));
    leftOut(
        departed,
        remarks,
        "whose learning rate or batch is more than a factor %s from their cell's own",
        Quantities.digits(format.mostDeparture().orElse(1.0)));
    leftOut(tooShort, remarks, "of fewer than %d steps", format.minSteps().orElse(0L));
    if (merged > 0) {
      remarks.note(
          "Merged %d row%s that repeat%s another exactly (budget, params, tokens, loss and"
              + " seed); a repeat with another seed would have another loss.",
          merged, merged == 1 ? "" : "s", merged == 1 ? "s" : "");
    }
  }

  private void leftOut(int count, Remarks remarks, String which, Object word) {
    if (count > 0) {
      remarks.note(
          "Left out %d of %d rows %s.",
          count, usable() + leftOut(), Quantities.format(which, word));
    }
  }
}
