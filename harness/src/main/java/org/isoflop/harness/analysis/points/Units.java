package org.isoflop.harness.analysis.points;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.Quantities;

/** Units that counts may stand in, and how to see from the rows that they do. */
public final class Units {

  private static final double PF_DAY = 8.64e19;

  /** 6ND and the budget agree where they are within this factor of each other. */
  private static final double AGREE = 2;

  /** By so much 6ND may be off where N leaves out embedding and head, or C counts attention. */
  private static final double COUNTED_OTHERWISE = 20;

  private static final double USUAL_TOKENS_PER_PARAM = 20;

  /** No language model is smaller; a table without a budget says no more. */
  private static final double FEWEST_PARAMS = 1000;

  private static final Map<String, Double> POWERS =
      Map.of(
          "k", 1e3, "m", 1e6, "b", 1e9, "g", 1e9, "t", 1e12, "p", 1e15, "e", 1e18, "z", 1e21,
          "pfdays", PF_DAY);

  private static final List<String> OF_BUDGET = List.of("1", "T", "P", "E", "Z", "pfdays");
  private static final List<String> OF_PARAMS = List.of("1", "k", "M", "B");
  private static final List<String> OF_TOKENS = List.of("1", "k", "M", "B", "T");

  private Units() {}

  /**
   * Returns the factor of a unit from the command line: k, M, B, T, P, E, Z, pfdays or a number.
   *
   * @throws BadInputException if it is none
   */
  public static double factor(String unit) {
    Double power = POWERS.get(unit.strip().toLowerCase(Locale.ROOT));
    double factor = power == null ? Quantities.parseCount(unit).orElse(0) : power;
    if (factor == 0) {
      throw BadInputException.of(
          "--unit: '%s' is not known, use one of k, M, B, T, P, E, Z, pfdays or a number", unit);
    }
    return factor;
  }

  /** One way to read the three columns. */
  private record Reading(String budget, String params, String tokens) {

    private double lnShare() {
      return Math.log(factor(params) * factor(tokens) / factor(budget));
    }

    private double lnTokensPerParam() {
      return Math.log(factor(tokens) / factor(params));
    }

    private List<String> flags() {
      return Stream.of("budget_flops=" + budget, "params=" + params, "tokens=" + tokens)
          .filter(flag -> !flag.endsWith("=1"))
          .map(flag -> "--unit " + flag)
          .toList();
    }
  }

  /**
   * Refuses rows whose 6ND is so far from their budgets that only another unit explains it, and
   * names that unit.
   *
   * @throws BadInputException if they are so
   */
  static void check(List<Run> runs) {
    double largest = runs.stream().mapToDouble(Run::params).max().orElse(FEWEST_PARAMS);
    List<Run> budgeted = runs.stream().filter(run -> run.budget().isPresent()).toList();
    if (budgeted.isEmpty()) {
      if (largest < FEWEST_PARAMS) {
        throw BadInputException.of(
            "%s: the largest params are %s, too few for a model; if they are in millions, give"
                + " --unit params=M, and --unit tokens=B for tokens in billions",
            runs.get(0).place().file(), Quantities.digits(largest));
      }
      return;
    }
    double lnShare =
        median(
            budgeted,
            run -> Math.log(6 * run.params() * run.tokens() / run.budget().getAsDouble()));
    if (Math.abs(lnShare) <= Math.log(largest < FEWEST_PARAMS ? AGREE : COUNTED_OTHERWISE)) {
      return;
    }
    double lnUsual =
        Math.log(USUAL_TOKENS_PER_PARAM)
            - median(budgeted, run -> Math.log(run.tokens() / run.params()));
    readings()
        .filter(reading -> Math.abs(lnShare + reading.lnShare()) <= Math.log(AGREE))
        .min(
            Comparator.comparingInt((Reading reading) -> reading.flags().size())
                .thenComparingDouble(reading -> Math.abs(reading.lnTokensPerParam() - lnUsual)))
        .ifPresent(
            reading -> {
              throw BadInputException.of(
                  "%s: 6ND is %s times the budget, as if by other units; %s would make them agree,"
                      + " and --unit params=1 takes them as they stand",
                  budgeted.get(0).place().file(),
                  Quantities.flops(Math.exp(lnShare)),
                  String.join(" ", reading.flags()));
            });
  }

  private static double median(List<Run> runs, ToDoubleFunction<Run> quantity) {
    double[] sorted = runs.stream().mapToDouble(quantity).sorted().toArray();
    return sorted[sorted.length / 2];
  }

  /** Returns every way in which at least one column is in another unit. */
  private static Stream<Reading> readings() {
    List<Reading> readings = new ArrayList<>();
    for (String budget : OF_BUDGET) {
      for (String params : OF_PARAMS) {
        OF_TOKENS.forEach(tokens -> readings.add(new Reading(budget, params, tokens)));
      }
    }
    return readings.stream().skip(1);
  }
}
