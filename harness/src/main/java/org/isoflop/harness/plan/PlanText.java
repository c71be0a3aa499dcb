package org.isoflop.harness.plan;

import static org.isoflop.harness.Quantities.bytes;
import static org.isoflop.harness.Quantities.count;
import static org.isoflop.harness.Quantities.digits;
import static org.isoflop.harness.Quantities.duration;
import static org.isoflop.harness.Quantities.flops;
import static org.isoflop.harness.Quantities.format;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The screen of {@code isoflop plan}: what would run, what it costs, what is suspicious. */
public final class PlanText {

  /** No line is longer. */
  private static final int COLUMNS = 100;

  private static final String ROW = "  %-10s %7s %5s %7s %9s %7s %7s %8s %6s %7s %8s";

  private final Plan plan;
  private final Lineages lineages;
  private final List<String> lines = new ArrayList<>();

  private PlanText(Plan plan) {
    this.plan = plan;
    this.lineages = new Lineages(plan.jobs());
  }

  /**
   * Returns the screen, lines of at most 100 columns that end in a newline each.
   *
   * @param machine what it is to run on
   * @param precision how sharp an exponent to expect
   */
  public static String render(Plan plan, Machine machine, PrecisionForecast precision) {
    PlanText text = new PlanText(plan);
    text.cells();
    text.trunks();
    text.dropped();
    text.warnings();
    text.total(machine);
    text.wrap("precision  ", precision.sentence());
    return String.join("\n", text.lines) + "\n";
  }

  private void cells() {
    boolean guessed = plan.forecast().jobs().stream().anyMatch(JobForecast::extrapolated);
    add(
        "off: params against the size asked for; lr: its peak; away: lr or batch from the cell's"
            + " own,");
    add(
        "as a factor; time: on one slot, what it shares counted at the first cell"
            + (guessed ? ", ~ beyond what was timed" : ""));
    add(
        ROW,
        "decoder",
        "params",
        "off",
        "tokens",
        "tok/param",
        "steps",
        "batch",
        "lr",
        "away",
        "epochs",
        "time");
    double budget = Double.NaN;
    for (JobForecast forecast : plan.forecast().horizons()) {
      Horizon horizon = forecast.job().horizon().orElseThrow();
      if (horizon.budget() != budget) {
        budget = horizon.budget();
        add("budget %s FLOPs", flops(budget));
      }
      cell(forecast, horizon);
    }
  }

  private void cell(JobForecast forecast, Horizon horizon) {
    Job job = forecast.job();
    double params = job.decoder().parameters().total();
    add(
        ROW,
        job.decoder().shapeName(),
        count(params),
        format("%+.0f%%", 100 * (params / forecast.targetParams() - 1)),
        count((double) horizon.tokens()),
        digits(horizon.tokens() / params),
        count((double) horizon.steps()),
        count((double) job.batchTokens()),
        digits(job.schedule().peak()),
        horizon.departure() == 1 ? "-" : format("%.2f", horizon.departure()),
        forecast.epochs() < 0.01 ? "<0.01" : digits(forecast.epochs()),
        (forecast.extrapolated() ? "~" : "") + duration(forecast.seconds() + trunkSeconds(job)));
  }

  /** Returns the seconds of the stretch of a trunk whose branch a job is. */
  private double trunkSeconds(Job job) {
    return plan.forecast().jobs().stream()
        .filter(stretch -> job.parent().equals(Optional.of(stretch.job().id())))
        .filter(stretch -> lineages.branch(stretch.job()).equals(job))
        .mapToDouble(JobForecast::seconds)
        .sum();
  }

  /** Names what several horizons share. */
  private void trunks() {
    Map<String, List<Job>> trunks = new LinkedHashMap<>();
    for (Job job : plan.jobs()) {
      if (job.horizon().isPresent()) {
        trunks.computeIfAbsent(lineages.trunk(job), root -> new ArrayList<>()).add(job);
      }
    }
    trunks.values().removeIf(branches -> branches.size() == 1);
    if (trunks.isEmpty()) {
      return;
    }
    add("");
    add("shared trunks");
    trunks.forEach(
        (root, branches) -> {
          Job first = branches.get(0);
          wrap(
              "  ",
              format(
                  "%s-s%d, batch %s, lr %s: %s",
                  first.decoder().shapeName(),
                  first.seed(),
                  count((double) first.batchTokens()),
                  digits(first.schedule().peak()),
                  branches.stream()
                      .map(job -> flops(job.horizon().orElseThrow().budget()))
                      .collect(Collectors.joining(", "))));
        });
  }

  private void dropped() {
    if (plan.dropped().isEmpty()) {
      return;
    }
    add("");
    add("dropped");
    for (DroppedCell cell : plan.dropped()) {
      wrap(
          "  ",
          format("%s, %s params: ", flops(cell.budget()), count(cell.params())) + cell.reason());
    }
  }

  private void warnings() {
    if (plan.warnings().isEmpty()) {
      return;
    }
    add("");
    add("warnings");
    for (String warning : plan.warnings()) {
      wrap("  ", warning);
    }
  }

  private void total(Machine machine) {
    PlanForecast forecast = plan.forecast();
    add("");
    wrap(
        "total      ",
        format(
            "%d loss points from %d jobs, %s FLOPs%s, %s with %s; %s of memory for the largest job",
            forecast.horizons().size(),
            plan.jobs().size(),
            flops(forecast.flops()),
            shared(forecast),
            duration(forecast.seconds(machine.lanes())),
            machine.workers() == 1 ? "one job at a time" : machine.workers() + " jobs at a time",
            bytes(
                forecast.jobs().stream()
                    .mapToDouble(job -> (double) job.memoryBytes())
                    .max()
                    .orElse(0))));
    if (machine.lanes() < machine.workers()) {
      add(
          "           (as fast as %s; %s)",
          machine.lanes() == 1 ? "one" : machine.lanes() + " at a time",
          machine.gpus() > 0
              ? "jobs that share a GPU are faster only where they are small"
              : "there are no more processors");
    }
  }

  private static String shared(PlanForecast forecast) {
    double separate = forecast.separateFlops();
    return forecast.flops() >= separate
        ? ""
        : format(
            " (%s as separate runs: %.0f%% less)",
            flops(separate), 100 * (1 - forecast.flops() / separate));
  }

  /** Adds a label and a text, broken between words; later lines begin under the second column. */
  private void wrap(String label, String text) {
    String indent = " ".repeat(label.isBlank() ? label.length() + 2 : label.length());
    StringBuilder line = new StringBuilder(label);
    for (String word : text.split(" ", -1)) {
      if (line.length() + word.length() + 1 > COLUMNS) {
        lines.add(line.toString().stripTrailing());
        line = new StringBuilder(indent);
      }
      line.append(word).append(' ');
    }
    lines.add(line.toString().stripTrailing());
  }

  private void add(String format, Object... arguments) {
    lines.add(format(format, arguments));
  }
}
