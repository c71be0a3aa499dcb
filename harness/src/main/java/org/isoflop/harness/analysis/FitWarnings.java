package org.isoflop.harness.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.isoflop.harness.Quantities;

/**
 * What a careful reader should know about the fits: resamples that gave no optimum, and optima that
 * one straight line does not describe.
 */
final class FitWarnings {

  /** Resamples refused below this share move no end of a 95% interval that matters. */
  private static final double REFUSED = 0.02;

  /** Exponents closer than this differ by rounding at most. */
  private static final double SAME = 1e-6;

  private FitWarnings() {}

  static List<String> of(
      Replicates replicates, Optional<FrontierReplicates> line, List<LocalExponent> local) {
    List<String> warnings = new ArrayList<>();
    refusedResamples(replicates, warnings);
    missingLocal(replicates, local, warnings);
    line.ifPresent(
        found -> {
          if (found.refusedShare() > REFUSED) {
            warnings.add(
                Numbers.percent(found.refusedShare())
                    + " of the resamples keep fewer than 3 optima and give no exponents; the"
                    + " intervals of a and b leave them out and are too narrow.");
          }
          straightness(found, local, warnings);
        });
    return warnings;
  }

  private static void refusedResamples(Replicates replicates, List<String> warnings) {
    int[] affected =
        IntStream.range(0, replicates.curves().size())
            .filter(k -> replicates.refusedShare(k) > REFUSED)
            .toArray();
    if (affected.length == 0) {
      return;
    }
    String where =
        IntStream.of(affected)
            .mapToObj(
                k ->
                    Quantities.flops(replicates.curves().get(k).group().flops())
                        + " ("
                        + Numbers.percent(replicates.refusedShare(k))
                        + ")")
            .collect(Collectors.joining(", "));
    warnings.add(
        "Resamples without an optimum inside the measured sizes at "
            + where
            + " FLOPs: an interval of N* there that reaches the smallest or largest size may go"
            + " beyond it, and the exponents leave that budget out of those resamples.");
  }

  private static void missingLocal(
      Replicates replicates, List<LocalExponent> local, List<String> warnings) {
    int missing = Math.max(replicates.curves().size() - 1, 0) - local.size();
    if (missing > 0) {
      warnings.add(
          String.format(
              Locale.ROOT,
              "No local exponent for %d pair%s of neighbouring budgets: most resamples lose one of"
                  + " the two optima.",
              missing,
              missing == 1 ? "" : "s"));
    }
  }

  private static void straightness(
      FrontierReplicates line, List<LocalExponent> local, List<String> warnings) {
    Exponents global = line.exponents();
    List<String> off = new ArrayList<>();
    for (LocalExponent exponent : local) {
      String between =
          " between "
              + Quantities.flops(exponent.from())
              + " and "
              + Quantities.flops(exponent.to());
      if (disjoint(exponent.aInterval(), global.aInterval())) {
        off.add("a " + Numbers.exponent(exponent.a()) + between);
      } else if (disjoint(exponent.bInterval(), global.bInterval())) {
        off.add("b " + Numbers.exponent(exponent.b()) + between);
      }
    }
    if (!off.isEmpty()) {
      warnings.add(
          "Local exponents disagree with the global line by more than their intervals ("
              + String.join(", ", off)
              + "): where they drift with compute, extrapolate from the top of the range; where they"
              + " alternate, budgets differ by more than the noise within their curves.");
    }
    FrontierReplicates.Scatter scatter = line.scatter();
    if (scatter.significant()) {
      warnings.add(
          String.format(
              Locale.ROOT,
              "The optima scatter about the line by %.2g in ln N* beyond what the noise within"
                  + " their curves explains (%.2g); the global intervals allow"
                  + " for it, the local ones do not.",
              scatter.excess(),
              scatter.explained()));
    }
  }

  private static boolean disjoint(Interval one, Interval other) {
    return one.low() > other.high() + SAME || one.high() < other.low() - SAME;
  }
}
