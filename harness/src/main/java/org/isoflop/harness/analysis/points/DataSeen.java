package org.isoflop.harness.analysis.points;

import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.points.Run.Place;

/**
 * How often a run saw its training tokens, as far as its row says; of D tokens in e epochs over U
 * unique ones D = U·max(1, e), since a run of less than one epoch sees no token twice.
 *
 * @param uniqueTokens the tokens seen with repeated ones counted once, positive
 * @param epochs the tokens seen over those there are, 0 or more
 */
record DataSeen(OptionalDouble uniqueTokens, OptionalDouble epochs) {

  static final DataSeen UNKNOWN = new DataSeen(OptionalDouble.empty(), OptionalDouble.empty());

  /** Smaller departures, in ln of the tokens, are counts of two digits, as in {@link OffBudget}. */
  private static final double SMALLEST = 0.1;

  /** Where a larger share of the rows contradict themselves, the columns are of something else. */
  private static final double MOST_CONTRADICTING = 0.5;

  private static final int LISTED = 5;

  /** Returns U of D tokens, where either of the two says it. */
  OptionalDouble unique(double tokens) {
    return uniqueTokens.isPresent() || epochs.isEmpty()
        ? uniqueTokens
        : OptionalDouble.of(tokens / Math.max(1, epochs.getAsDouble()));
  }

  /** Returns what contradicts D tokens, in a few words; empty where nothing does. */
  private static String contradiction(Run run) {
    double unique = run.dataSeen().uniqueTokens.orElse(Double.NaN);
    double epochs = run.dataSeen().epochs.orElse(Double.NaN);
    if (unique > run.tokens() * Math.exp(SMALLEST)) {
      return Quantities.format(
          "%s unique of %s tokens", Quantities.count(unique), Quantities.count(run.tokens()));
    }
    double said = unique * Math.max(1, epochs);
    return Math.abs(Math.log(said / run.tokens())) > SMALLEST
        ? Quantities.format(
            "%s epochs of %s unique in %s tokens",
            Quantities.digits(epochs), Quantities.count(unique), Quantities.count(run.tokens()))
        : "";
  }

  /**
   * Returns runs with those marked whose tokens contradict what they say of repeats: one of the
   * numbers is wrong, perhaps the tokens. Where most do, what they all say of repeats is dropped.
   */
  static List<Run> checked(List<Run> runs, Remarks remarks) {
    List<Run> off = runs.stream().filter(run -> !contradiction(run).isEmpty()).toList();
    if (off.isEmpty()) {
      return runs;
    }
    long saying = runs.stream().filter(run -> run.dataSeen().uniqueTokens().isPresent()).count();
    boolean other = off.size() > MOST_CONTRADICTING * saying;
    remarks.warn(
        "In %d of %d rows tokens contradict unique_tokens%s: %s (%s%s). %s: unique_tokens are"
            + " the tokens that a run saw with repeated ones counted once, and times epochs,"
            + " where these are more than 1, they are its tokens.",
        off.size(),
        saying,
        off.stream().anyMatch(run -> run.dataSeen().epochs().isPresent()) ? " and epochs" : "",
        Place.list(off.stream().map(Run::place).toList()),
        off.stream()
            .limit(LISTED)
            .map(DataSeen::contradiction)
            .distinct()
            .collect(Collectors.joining("; ")),
        off.size() > LISTED ? "; …" : "",
        other
            ? "Taken for something else, and not used"
            : "Kept off the IsoFLOP curves; the law has them as they stand");
    return runs.stream()
        .map(
            other
                ? Run::withoutDataSeen
                : run -> contradiction(run).isEmpty() ? run : run.offBudget())
        .toList();
  }
}
