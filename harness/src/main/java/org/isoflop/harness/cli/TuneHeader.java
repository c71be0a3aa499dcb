package org.isoflop.harness.cli;

import java.io.PrintWriter;
import java.util.Set;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.data.CorpusStatistics;
import org.isoflop.harness.plan.Plan;

/** What a round of tuning says before it trains: a line, and nothing of a whole sweep's plan. */
final class TuneHeader extends SweepHeader {

  TuneHeader(PrintWriter out) {
    super(out);
  }

  @Override
  void preparing(String what) {}

  @Override
  void planned(CorpusStatistics corpus, Plan plan, Set<String> ended) {
    out()
        .println(
            Quantities.format(
                "round   %d runs, %s FLOPs, %d of them done already",
                plan.jobs().size(), Quantities.flops(plan.flops()), ended.size()));
  }
}
