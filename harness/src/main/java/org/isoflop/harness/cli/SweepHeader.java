package org.isoflop.harness.cli;

import java.io.PrintWriter;
import java.util.Set;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.ScreenLines;
import org.isoflop.harness.data.CorpusStatistics;
import org.isoflop.harness.plan.Horizon;
import org.isoflop.harness.plan.Plan;

/** What a sweep says before it trains. */
class SweepHeader {

  private final PrintWriter out;

  SweepHeader(PrintWriter out) {
    this.out = out;
  }

  /** Returns where it is said. */
  PrintWriter out() {
    return out;
  }

  /** Says what a person waits for. */
  void preparing(String what) {
    out.println("wait    " + what + " ...");
  }

  /**
   * Says what is about to be trained.
   *
   * @param ended ids of the jobs that an earlier run has ended
   */
  void planned(CorpusStatistics corpus, Plan plan, Set<String> ended) {
    ScreenLines lines = new ScreenLines();
    lines.wrap("corpus ", CorpusText.describe(corpus));
    long budgets =
        plan.jobs().stream()
            .flatMap(job -> job.horizon().stream())
            .mapToDouble(Horizon::budget)
            .distinct()
            .count();
    lines.wrap(
        "plan   ",
        "%d jobs at %s, %s FLOPs%s",
        plan.jobs().size(),
        Quantities.plural(budgets, "budget"),
        Quantities.flops(plan.flops()),
        ended.isEmpty() ? "" : ", " + ended.size() + " of them done already");
    plan.control().ifPresent(sentence -> lines.wrap("control", sentence));
    plan.dropped().forEach(cell -> lines.wrap("dropped", cell.words()));
    plan.warnings().forEach(warning -> lines.wrap("warning", warning));
    lines.all().forEach(out::println);
    out.println();
  }
}
