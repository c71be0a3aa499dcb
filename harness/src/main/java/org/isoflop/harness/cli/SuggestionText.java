package org.isoflop.harness.cli;

import static org.isoflop.harness.Quantities.count;
import static org.isoflop.harness.Quantities.exponent;
import static org.isoflop.harness.Quantities.flops;
import static org.isoflop.harness.Quantities.format;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.isoflop.harness.analysis.design.DesignCell;
import org.isoflop.harness.analysis.design.DesignSearch.Suggestion;
import org.isoflop.harness.analysis.design.DesignSimulation;
import org.isoflop.harness.analysis.design.DesignSimulation.DesignPrecision;
import org.isoflop.harness.analysis.design.RunNoise;
import org.isoflop.harness.analysis.stats.Fitted;

/** The screen of {@code isoflop suggest}: the cells in order of usefulness, then what they do. */
final class SuggestionText {

  private static final String ROW = "  %4s %9s %8s %8s %5s %9s  %s%n";

  private final Suggestion suggestion;
  private final List<Long> seeds;

  /**
   * Takes what to show.
   *
   * @param seeds of the cells, in the suggestion's order
   */
  SuggestionText(Suggestion suggestion, List<Long> seeds) {
    this.suggestion = suggestion;
    this.seeds = seeds;
  }

  /** Returns the table of the cells. */
  String table(List<DesignCell> measured, RunNoise noise) {
    double[] budgets = measured.stream().mapToDouble(DesignCell::budget).sorted().toArray();
    StringBuilder text = new StringBuilder();
    text.append(
        format(
            "%d points measured, noise %s.%nThe next, the most useful for its FLOPs first:%n%n",
            measured.size(), noise.words(budgets[0], budgets[budgets.length - 1])));
    text.append(row("", "C", "N", "D", "seed", "spent", "standard error of the top exponent"));
    text.append(row("", "", "", "", "", "0", error(suggestion.before()) + ", as measured"));
    double spent = 0;
    int cell = 0;
    for (int i = 0; i < suggestion.steps().size(); i++) {
      Suggestion.Step step = suggestion.steps().get(i);
      for (int j = 0; j < step.cells().size(); j++) {
        DesignCell next = step.cells().get(j);
        spent += next.budget();
        boolean last = j == step.cells().size() - 1;
        text.append(
            row(
                j == 0 ? String.valueOf(i + 1) : "",
                flops(next.budget()),
                count(next.params()),
                count(next.tokens()),
                seeds.get(cell),
                flops(spent),
                last ? error(step.standardError()) : "|"));
        cell++;
      }
    }
    return text.toString();
  }

  /** Returns what the simulation says of the cells before and after. */
  String simulated(DesignSimulation simulation, int sweeps, List<DesignCell> measured) {
    List<DesignCell> all = new ArrayList<>(measured);
    all.addAll(suggestion.cells());
    double from = suggestion.top().get(0);
    return format(
        "%nThe top exponent then rests on %d budgets, %s to %s FLOPs. Simulated (%d sweeps),%nits"
            + " standard error is %s as measured and %s with these %d cells, which cost %s FLOPs.%n",
        suggestion.top().size(),
        flops(from),
        flops(suggestion.top().get(suggestion.top().size() - 1)),
        sweeps,
        top(simulation.of(measured, from)),
        top(simulation.of(all, from)),
        suggestion.cells().size(),
        flops(suggestion.flops()));
  }

  private static String top(Fitted<DesignPrecision> precision) {
    return precision.value().map(found -> exponent(found.topStandardError())).orElse("none");
  }

  private static String error(OptionalDouble error) {
    return error.isPresent() ? exponent(error.getAsDouble()) : "none";
  }

  private static String row(Object... cells) {
    return format(ROW, cells).stripTrailing() + System.lineSeparator();
  }
}
