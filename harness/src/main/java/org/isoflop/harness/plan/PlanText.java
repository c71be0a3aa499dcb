package org.isoflop.harness.plan;

import static org.isoflop.harness.Quantities.bytes;
import static org.isoflop.harness.Quantities.count;
import static org.isoflop.harness.Quantities.digits;
import static org.isoflop.harness.Quantities.duration;
import static org.isoflop.harness.Quantities.flops;
import static org.isoflop.harness.Quantities.format;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collector;
import java.util.stream.Collectors;
import org.isoflop.harness.ScreenLines;
import org.isoflop.models.DecoderConfig;

/** The screen of {@code isoflop plan}: what would run, what it costs, what is suspicious. */
public final class PlanText {

  /** A hidden width further from its rule's, as a factor, is another shape. */
  private static final double OTHER_SHAPE = 1.25;

  /** Longer names of decoders push their row to the right. */
  private static final int LONGEST_NAME = 16;

  /** All columns but the decoder's. */
  private static final String ROW = " %7s %5s %7s %9s %7s %7s %8s %6s %7s %8s";

  private final Plan plan;
  private final Lineages lineages;
  private final String row;
  private final ScreenLines lines = new ScreenLines();

  private PlanText(Plan plan) {
    this.plan = plan;
    this.lineages = new Lineages(plan.jobs());
    int longest =
        plan.jobs().stream().mapToInt(job -> job.decoder().shapeName().length()).max().orElse(0);
    this.row = "  %-" + Math.max(10, Math.min(longest, LONGEST_NAME)) + "s" + ROW;
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
    text.rounding();
    text.base();
    text.trunks();
    text.list("dropped", plan.dropped().stream().map(Plan.DroppedCell::words).toList());
    text.list("warnings", plan.warnings());
    text.total(machine);
    text.passes();
    text.lines.hang("precision  ", precision.sentence());
    return text.lines.text();
  }

  private void cells() {
    boolean guessed = plan.forecasts().stream().anyMatch(JobForecast::extrapolated);
    lines.add(
        "off: params against the size asked for; lr: its peak; away: lr or batch from the cell's"
            + " own,");
    lines.add(
        "as a factor; time: on one slot, what it shares counted at the first cell"
            + (guessed ? ", ~ beyond what was timed" : ""));
    Map<Row, List<JobForecast>> rows = new LinkedHashMap<>();
    for (JobForecast forecast : plan.horizons()) {
      Row row = new Row(Place.of(forecast.job()), forecast.job().end().setting());
      rows.computeIfAbsent(row, any -> new ArrayList<>()).add(forecast);
    }
    if (rows.size() < plan.horizons().size()) {
      lines.add("x2: so many seeds, time of all");
    }
    lines.add(
        row,
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
    for (Map.Entry<Row, List<JobForecast>> row : rows.entrySet()) {
      if (row.getKey().place().budget() != budget) {
        budget = row.getKey().place().budget();
        lines.add("budget %s FLOPs", flops(budget));
      }
      cell(row.getValue());
    }
  }

  /** Runs that differ in nothing but their seed. */
  private record Row(Place place, Setting setting) {}

  private void cell(List<JobForecast> seeds) {
    JobForecast forecast = seeds.get(0);
    Job job = forecast.job();
    Horizon horizon = job.end();
    double params = job.decoder().parameters().total();
    double seconds =
        seeds.stream().mapToDouble(one -> one.seconds() + trunkSeconds(one.job())).sum();
    lines.add(
        row,
        job.decoder().shapeName() + times(seeds.size()),
        count(params),
        format("%+.0f%%", 100 * (params / forecast.target().params() - 1)),
        count((double) horizon.tokens()),
        digits(horizon.tokens() / params),
        count((double) horizon.steps()),
        count((double) job.batchTokens()),
        digits(job.schedule().peak()),
        horizon.departure() == 1 ? "-" : format("%.2f", horizon.departure()),
        forecast.epochs() < 0.01 ? "<0.01" : digits(forecast.epochs()),
        (forecast.extrapolated() ? "~" : "") + duration(seconds));
  }

  private static String times(int seeds) {
    return seeds == 1 ? "" : " x" + seeds;
  }

  /** Returns the seconds of the stretch of a trunk whose branch a job is. */
  private double trunkSeconds(Job job) {
    return plan.forecasts().stream()
        .filter(stretch -> job.parent().equals(Optional.of(stretch.job().id())))
        .filter(stretch -> lineages.branch(stretch.job()).equals(job))
        .mapToDouble(JobForecast::seconds)
        .sum();
  }

  /** Says where rounding makes a feed-forward block of another shape than its rule's. */
  private void rounding() {
    ToDoubleFunction<JobForecast> factor =
        cell -> Horizon.factor(cell.job().decoder().mlpWidth() / cell.target().mlpWidth());
    plan.horizons().stream()
        .max(Comparator.comparingDouble(factor))
        .filter(cell -> factor.applyAsDouble(cell) > OTHER_SHAPE)
        .ifPresent(
            cell -> {
              lines.add("");
              lines.hang(
                  "shapes     ",
                  "furthest from their rule: %s with MLP width %d for %s",
                  cell.job().decoder().shapeName(),
                  cell.job().decoder().mlpWidth(),
                  digits(cell.target().mlpWidth()));
            });
  }

  /** Says whose learning rate it is that is shown, and what it is in the cells' blocks. */
  private void base() {
    List<DecoderConfig> sizes =
        plan.jobs().stream()
            .map(Job::decoder)
            .filter(decoder -> decoder.options().base().isPresent())
            .sorted(Comparator.comparingInt(DecoderConfig::width))
            .toList();
    if (sizes.isEmpty()) {
      return;
    }
    DecoderConfig smallest = sizes.get(0);
    DecoderConfig largest = sizes.get(sizes.size() - 1);
    DecoderConfig base = smallest.base();
    lines.add("");
    lines.hang(
        "mup        ",
        "lr is that of the base, %s with %d heads and an MLP of %d; the blocks have it times %s"
            + " in %s to %s in %s",
        base.shapeName(),
        base.heads(),
        base.mlpWidth(),
        digits(smallest.logitScale()),
        smallest.shapeName(),
        digits(largest.logitScale()),
        largest.shapeName());
  }

  /** Names what several horizons share. */
  private void trunks() {
    Map<String, List<Job>> trunks = new LinkedHashMap<>();
    for (Job job : plan.jobs()) {
      if (job.point().isPresent()) {
        trunks.computeIfAbsent(lineages.trunk(job), root -> new ArrayList<>()).add(job);
      }
    }
    Map<List<Object>, Integer> seeds = new LinkedHashMap<>();
    trunks.values().stream()
        .filter(branches -> branches.size() > 1)
        .forEach(branches -> seeds.merge(trunk(branches), 1, Integer::sum));
    List<String> shared = new ArrayList<>();
    seeds.forEach((trunk, count) -> shared.add(trunk.get(0) + times(count) + ", " + trunk.get(1)));
    list("shared trunks", shared);
  }

  /** Returns the name and the rest of a trunk, in words that do not say its seed. */
  private static List<Object> trunk(List<Job> branches) {
    Job first = branches.get(0);
    return List.of(
        first.decoder().shapeName(),
        format(
            "batch %s, lr %s: %s",
            count((double) first.batchTokens()),
            digits(first.schedule().peak()),
            branches.stream()
                .map(job -> flops(job.end().budget()))
                .collect(Collectors.joining(", "))));
  }

  /** Adds sentences under a title, where there are some. */
  private void list(String title, List<String> sentences) {
    if (!sentences.isEmpty()) {
      lines.add("");
      lines.add(title);
      sentences.forEach(sentence -> lines.hang("  ", sentence));
    }
  }

  private void total(Machine machine) {
    lines.add("");
    new RepeatsText(plan, lineages).sentence().ifPresent(words -> lines.hang("repeats    ", words));
    verification();
    plan.control().ifPresent(sentence -> lines.hang("control    ", sentence));
    lines.hang(
        "total      ",
        "%d loss points from %d jobs, %s FLOPs%s, %s with %s; %s of memory for the largest job",
        plan.points().size(),
        plan.jobs().size(),
        flops(plan.flops()),
        shared(),
        duration(plan.seconds(machine.lanes())),
        machine.workers() == 1 ? "one job at a time" : machine.workers() + " jobs at a time",
        bytes(
            plan.forecasts().stream()
                .mapToDouble(job -> (double) job.memoryBytes())
                .max()
                .orElse(0)));
    if (machine.lanes() < machine.workers()) {
      lines.add(
          "           (as fast as %s; %s)",
          machine.lanes() == 1 ? "one" : machine.lanes() + " at a time",
          machine.gpus() > 0
              ? "jobs that share a GPU are faster only where they are small"
              : "there are no more processors");
    }
  }

  /** Names the separate runs beside branches. */
  private void verification() {
    List<Job> runs = plan.runs(Horizon.Use.VERIFICATION).stream().map(JobForecast::job).toList();
    if (!runs.isEmpty()) {
      lines.hang(
          "verifying  ",
          "%d cells are trained as separate runs too, %s FLOPs: %s",
          runs.size(),
          flops(runs.stream().mapToDouble(Job::flops).sum()),
          Place.words(runs.stream().map(Place::of).toList()));
    }
  }

  /** Says which batches take several passes, and why. */
  private void passes() {
    List<JobForecast> several =
        plan.forecasts().stream()
            .filter(forecast -> forecast.passTokens() < forecast.job().batchTokens())
            .toList();
    if (several.isEmpty()) {
      return;
    }
    lines.hang(
        "passes     ",
        "%d jobs split their batches: %s",
        several.size(),
        several.stream()
            .collect(Collectors.groupingBy(this::cutBy, LinkedHashMap::new, shapes()))
            .entrySet()
            .stream()
            .map(cut -> cut.getKey() + " (" + cut.getValue() + ")")
            .collect(Collectors.joining(", ")));
  }

  private String cutBy(JobForecast forecast) {
    String size = count((double) forecast.passTokens()) + " tokens a pass";
    if (plan.passes().asked().isPresent()) {
      return size + " by micro_batch_tokens";
    }
    return plan.passes().cut(forecast.job())
        ? size + " by the " + bytes((double) plan.passes().bytes()) + " of memory for each job"
        : size;
  }

  private static Collector<JobForecast, ?, String> shapes() {
    return Collectors.collectingAndThen(
        Collectors.mapping(
            forecast -> forecast.job().decoder().shapeName(),
            Collectors.toCollection(LinkedHashSet::new)),
        names -> String.join(" ", names));
  }

  private String shared() {
    double separate = plan.separateFlops();
    return plan.flops() >= separate
        ? ""
        : format(
            " (%s as separate runs: %.0f%% less)",
            flops(separate), 100 * (1 - plan.flops() / separate));
  }
}
