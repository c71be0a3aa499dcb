package org.isoflop.harness.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.isoflop.harness.Cache;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.isoflop.RobustFit;
import org.isoflop.harness.config.SweepConfig;
import org.isoflop.harness.data.CorpusStatistics;
import org.isoflop.harness.plan.Plan;
import org.isoflop.harness.plan.PlanText;
import org.isoflop.harness.plan.PrecisionForecast;
import org.isoflop.harness.sweep.Sweep;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code isoflop plan}: what a sweep would train and cost; writes nothing. */
@Command(
    name = "plan",
    mixinStandardHelpOptions = true,
    description = {
      "Shows what a sweep would train, what it costs and what is suspicious about it.",
      "Writes nothing but a cache; times the device for a few seconds to forecast how long it"
          + " takes."
    })
final class PlanCommand implements Callable<Integer> {

  private static final Duration WORTH_A_WORD = Duration.ofMinutes(10);

  @Mixin private SweepOptions options;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    SweepConfig config = options.config();
    Sweep.Settings settings = options.settings();
    Sweep sweep = new Sweep(config, options.configFile(), options.folder(config), settings);
    out.println("device  " + DeviceOption.description(settings.device()));
    SweepHeader header = new SweepHeader(out);
    header.preparing("reading the corpus");
    CorpusStatistics corpus = sweep.corpus();
    out.println("corpus  " + CorpusText.describe(corpus));
    header.preparing("timing the device");
    Plan plan = sweep.plan(corpus);
    if (sweep.speedsAge().compareTo(WORTH_A_WORD) > 0) {
      out.println(
          "speeds  as timed "
              + Quantities.duration(sweep.speedsAge())
              + " ago; ISOFLOP_CACHE=/dev/null times them again");
    }
    out.println();
    PrecisionForecast precision =
        PrecisionForecast.of(
            config, plan, sweep.facts(corpus), RobustFit.ofCleanRuns(), Cache.ofUser());
    out.print(PlanText.render(plan, sweep.machine(), precision));
    out.flush();
    return 0;
  }
}
