package org.isoflop.harness.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.Set;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.data.CorpusStatistics;
import org.isoflop.harness.plan.Horizon;
import org.isoflop.harness.plan.Plan;

/** What a sweep says before it trains. */
final class SweepHeader {

  private SweepHeader() {}

  static void print(PrintWriter out, CorpusStatistics corpus, Plan plan, Set<String> ended) {
    out.println("corpus  " + CorpusText.describe(corpus));
    long budgets =
        plan.jobs().stream()
            .flatMap(job -> job.horizons().stream())
            .mapToDouble(Horizon::budget)
            .distinct()
            .count();
    out.printf(
        Locale.ROOT,
        "plan    %d jobs at %d %s, %s FLOPs%s%n",
        plan.jobs().size(),
        budgets,
        budgets == 1 ? "budget" : "budgets",
        Quantities.flops(plan.forecast().flops()),
        ended.isEmpty() ? "" : ", " + ended.size() + " of them done already");
    plan.dropped()
        .forEach(
            cell ->
                out.printf(
                    Locale.ROOT,
                    "dropped %s FLOPs, %s params: %s%n",
                    Quantities.flops(cell.budget()),
                    Quantities.count(cell.params()),
                    cell.reason()));
    plan.warnings().forEach(warning -> out.println("warning " + warning));
    out.println();
  }
}
