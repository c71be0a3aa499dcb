package org.isoflop.harness.analysis.points;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import org.isoflop.harness.Quantities;

/** Collects the runs of one data set, merges repeats, and counts what was left out and why. */
final class RunTally {

  private final List<Run> runs = new ArrayList<>();
  private final Set<Measurement> seen = new HashSet<>();
  private final Map<String, Integer> unfinished = new TreeMap<>();
  private Optional<Place> firstDiverged = Optional.empty();
  private int diverged;
  private int merged;

  /** What makes two rows the same measurement. */
  private record Measurement(
      OptionalDouble budget,
      double params,
      double tokens,
      double loss,
      Optional<String> seed,
      Map<String, String> setting) {}

  void add(Run run) {
    Measurement measurement =
        new Measurement(
            run.budget(), run.params(), run.tokens(), run.loss(), run.seed(), run.setting());
    if (seen.add(measurement)) {
      runs.add(run);
    } else {
      merged++;
    }
  }

  void leaveOutUnfinished(String status) {
    unfinished.merge(status.isEmpty() ? "(empty)" : status, 1, Integer::sum);
  }

  void leaveOutDiverged(Place place) {
    firstDiverged = firstDiverged.or(() -> Optional.of(place));
    diverged++;
  }

  /** Returns how many rows could be used, repeats too. */
  int usable() {
    return runs.size() + merged;
  }

  /** Returns how many rows were left out. */
  int leftOut() {
    return unfinished() + diverged;
  }

  private int unfinished() {
    return unfinished.values().stream().mapToInt(Integer::intValue).sum();
  }

  LossPoints points(Convention convention) {
    Remarks ofSettings = new Remarks();
    List<Run> best = Settings.best(runs, ofSettings);
    OffBudget off = OffBudget.of(best);
    Remarks remarks = new Remarks();
    off.sentence().ifPresent(remarks::warn);
    ofSettings.warnings().forEach(remarks::warn);
    leftOut(remarks);
    return LossPoints.of(off.mark(best, Run::offBudget), remarks, convention);
  }

  private void leftOut(Remarks remarks) {
    int rows = usable() + leftOut();
    if (!unfinished.isEmpty()) {
      List<String> counts = new ArrayList<>();
      unfinished.forEach((status, count) -> counts.add(count + " " + status));
      remarks.note(
          Quantities.format(
              "Left out %d of %d rows whose status is not done: %s.",
              unfinished(), rows, String.join(", ", counts)));
    }
    firstDiverged.ifPresent(
        first ->
            remarks.note(
                Quantities.format(
                    "Left out %d of %d rows whose loss is empty, NaN or infinite, as of runs that"
                        + " diverged (the first: %s).",
                    diverged, rows, first)));
    if (merged > 0) {
      remarks.note(
          Quantities.format(
              "Merged %d row%s that repeat%s another exactly (budget, params, tokens, loss and"
                  + " seed); a repeat with another seed would have another loss.",
              merged, merged == 1 ? "" : "s", merged == 1 ? "s" : ""));
    }
  }
}
