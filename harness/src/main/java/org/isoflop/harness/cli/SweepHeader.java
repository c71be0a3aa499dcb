package org.isoflop.harness.cli;

import static org.isoflop.harness.ScreenLines.wrap;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.data.CorpusStatistics;
import org.isoflop.harness.plan.Horizon;
import org.isoflop.harness.plan.Plan;

/** What a sweep says before it trains. */
final class SweepHeader {

  private SweepHeader() {}

  /** Says what a person waits for. */
  static void printPreparing(PrintWriter out, String what) {
    out.println("wait    " + what + " ...");
  }

  static void print(PrintWriter out, CorpusStatistics corpus, Plan plan, Set<String> ended) {
    List<String> lines = new ArrayList<>();
    wrap("corpus ", CorpusText.describe(corpus), lines);
    long budgets =
        plan.jobs().stream()
            .flatMap(job -> job.horizon().stream())
            .mapToDouble(Horizon::budget)
            .distinct()
            .count();
    wrap(
        "plan   ",
        Quantities.format(
            "%d jobs at %d %s, %s FLOPs%s",
            plan.jobs().size(),
            budgets,
            budgets == 1 ? "budget" : "budgets",
            Quantities.flops(plan.forecast().flops()),
            ended.isEmpty() ? "" : ", " + ended.size() + " of them done already"),
        lines);
    plan.control().ifPresent(sentence -> wrap("control", sentence, lines));
    plan.dropped()
        .forEach(
            cell ->
                wrap(
                    "dropped",
                    Quantities.format(
                        "%s FLOPs, %s params: %s",
                        Quantities.flops(cell.budget()),
                        Quantities.count(cell.params()),
                        cell.reason()),
                    lines));
    plan.warnings().forEach(warning -> wrap("warning", warning, lines));
    lines.forEach(out::println);
    out.println();
  }
}
