package org.isoflop.harness.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.config.Changes;
import org.isoflop.harness.config.Sharing;
import org.isoflop.harness.config.SweepConfig;
import org.isoflop.models.DecoderConfig;
import org.isoflop.models.MlpKind;
import org.isoflop.models.SizeLadder;

/** Turns a configuration into a plan: cells, jobs, what they cost, and what must be refused. */
final class Planner {

  /** Cells whose tokens differ by less than this ratio are all at one D. */
  private static final double SMALLEST_TOKEN_RATIO = 1.1;

  /** A forward pass costs a third of a training step. */
  private static final double EVALUATION_SHARE = 1.0 / 3;

  private final SweepConfig config;
  private final DataFacts data;
  private final Plan.Throughput throughput;
  private final Passes passes;
  private final JobBuilder builder;
  private final SizeChoice sizes;
  private final List<Job> existing;
  private final long epochTokens;

  Planner(
      SweepConfig config,
      DataFacts data,
      Plan.Throughput throughput,
      Passes passes,
      List<Job> existing) {
    this.config = config;
    this.data = data;
    this.throughput = throughput;
    this.passes = passes;
    this.existing = existing;
    this.epochTokens = data.epochTokens(config);
    this.builder = new JobBuilder(config.training());
    SizeLadder ladder = config.decoder().ladder(data.vocabulary());
    this.sizes = new SizeChoice(ladder, config.grid(), config.training());
  }

  Plan plan() {
    int context = config.decoder().context();
    if (data.trainTokens() <= context) {
      throw refused(
          "corpus: its %d training tokens do not fill one sequence of %d, name more text",
          data.trainTokens(), context);
    }
    List<Plan.DroppedCell> dropped = new ArrayList<>();
    List<Cell> cells = cells(dropped);
    checkCellsLeft(cells, dropped);
    checkEpochs(cells);
    checkTokensDiffer(cells);
    // Only now: measuring takes seconds, and what is refused above needs no measurement.
    Map<String, List<Job>> jobs = jobs(cells);
    ControlRuns.Chosen control =
        new ControlRuns(builder, cells, jobs, sizes::centre)
            .runs(config.training().control(), existing, !config.grid().cells().isEmpty());
    Plan plan =
        new Plan(
            forecasts(cells, jobs, control),
            dropped.stream().distinct().toList(), // not again for every seed
            List.of(),
            control.sentence(),
            passes);
    return plan.warnedOf(new PlanWarnings(config, data, plan.ofFirstSeeds()).all());
  }

  private List<Cell> cells(List<Plan.DroppedCell> dropped) {
    List<Cell> cells = new ArrayList<>();
    for (double budget : config.grid().budgets()) {
      for (SizeChoice.Chosen chosen : sizes.at(budget, dropped)) {
        builder.cell(budget, chosen, dropped).ifPresent(cells::add);
      }
    }
    dropTwins(cells, dropped);
    Set<String> asked = cells.stream().map(Cell::id).collect(Collectors.toSet());
    existing.stream()
        .filter(job -> job.point().isPresent())
        .filter(job -> !asked.contains(job.id()))
        .map(builder::cell)
        .forEach(cells::add); // what has been planned once stays
    cells.addAll(repeats(cells));
    cells.sort(
        Comparator.comparingDouble(Cell::budget)
            .thenComparingDouble(cell -> cell.decoder().parameters().total())
            .thenComparingLong(Cell::seed)
            .thenComparingDouble(cell -> cell.setting().distance()));
    return cells;
  }

  /** Returns the repeats that are left to the plan: of a grid, not of cells that are named. */
  private List<Cell> repeats(List<Cell> cells) {
    OptionalDouble share = config.training().seeds().placedShare();
    if (share.isEmpty() || !config.grid().cells().isEmpty() || cells.isEmpty()) {
      return List.of();
    }
    Repeats repeats =
        new Repeats(
            cells,
            some ->
                jobs(some).values().stream().flatMap(List::stream).mapToDouble(Job::flops).sum());
    return repeats.placed(share.getAsDouble(), ExpectedSurface.of(config, data, repeats.design()));
  }

  /** What two settings of a cell must not share: they would be one run. */
  private record Run(
      double budget,
      DecoderConfig decoder,
      long seed,
      double learningRate,
      int batchSequences,
      Changes changes) {}

  /** Leaves out settings whose batch comes to the same whole sequences as another's. */
  private void dropTwins(List<Cell> cells, List<Plan.DroppedCell> dropped) {
    Set<String> planned = existing.stream().map(Job::id).collect(Collectors.toSet());
    List<Cell> first = new ArrayList<>(cells);
    first.sort(
        Comparator.comparing((Cell cell) -> !planned.contains(cell.id()))
            .thenComparingDouble(cell -> cell.setting().distance()));
    Map<Run, Cell> runs = new HashMap<>();
    for (Cell cell : first) {
      Run run =
          new Run(
              cell.budget(),
              cell.decoder(),
              cell.seed(),
              cell.learningRate(),
              cell.batchSequences(),
              cell.setting().changes());
      Cell twin = runs.putIfAbsent(run, cell);
      if (twin != null) {
        cells.remove(cell);
        dropped.add(
            new Plan.DroppedCell(
                cell.budget(),
                cell.targetParams(),
                Quantities.format(
                    "%s times its batch is the %s tokens of %s times",
                    Quantities.digits(cell.setting().batch()),
                    Quantities.count((double) cell.batchSequences() * config.decoder().context()),
                    Quantities.digits(twin.setting().batch()))));
      }
    }
  }

  /** Forecasts the jobs of all cells, in the order of the cells; a parent comes first. */
  private List<JobForecast> forecasts(
      List<Cell> cells, Map<String, List<Job>> jobs, ControlRuns.Chosen control) {
    Map<String, Job> separate =
        new Verification(builder, cells, jobs)
            .runs(config.training().sharing().verify(), existing, config.name());
    return cells.stream()
        .flatMap(
            cell ->
                Stream.of(
                        jobs.get(cell.id()).stream(),
                        Optional.ofNullable(separate.get(cell.id())).stream(),
                        control.ofCell().getOrDefault(cell.id(), List.of()).stream())
                    .flatMap(own -> own)
                    .map(job -> forecast(cell, job)))
        .toList();
  }

  /** Returns the jobs of every cell by its id. */
  private Map<String, List<Job>> jobs(List<Cell> cells) {
    Sharing sharing = config.training().sharing();
    return sharing.trunks()
        ? new Forest(builder, sharing.tolerance()).jobs(cells, existing)
        : cells.stream().collect(Collectors.toMap(Cell::id, c -> List.of(builder.alone(c))));
  }

  private JobForecast forecast(Cell cell, Job job) {
    int passSequences = passes.trained(job);
    int passTokens = passSequences * job.decoder().options().context();
    int evaluations =
        new EvaluationSteps(config.evaluation().every()).count(job)
            + (job.horizon().isPresent() ? 1 : 0);
    double evaluated = (double) evaluations * data.evaluatedTokens(config);
    double evaluation = EVALUATION_SHARE * evaluated * job.decoder().flopsPerToken();
    double speed = throughput.flopsPerSecond(job.decoder(), passTokens);
    if (!(speed > 0)) {
      throw new IllegalArgumentException("throughput must be positive, is " + speed);
    }
    long tokens = job.lastStep() * job.batchTokens();
    return new JobForecast(
        job,
        target(cell),
        (job.flops() + evaluation) / speed,
        job.decoder().parameters().total() > throughput.largestMeasured(),
        passTokens,
        passes.bytes(job, passSequences),
        (double) tokens / epochTokens,
        Math.min(tokens, epochTokens));
  }

  private JobForecast.Target target(Cell cell) {
    DecoderConfig decoder = cell.decoder();
    MlpKind mlp = decoder.options().mlp();
    return config
        .decoder()
        .shapes()
        .rule()
        .map(
            rule ->
                new JobForecast.Target(
                    cell.targetParams(),
                    rule.layers(decoder.width()),
                    rule.mlpWidth(mlp, decoder.width())))
        .orElse(new JobForecast.Target(cell.targetParams(), decoder.layers(), decoder.mlpWidth()));
  }

  private double epochs(Cell cell) {
    return cell.tokens() / epochTokens;
  }

  private void checkCellsLeft(List<Cell> cells, List<Plan.DroppedCell> dropped) {
    if (cells.isEmpty()) {
      throw refused(
          "grid: none of its %d cells can be trained (the first: %s), use other budgets or sizes",
          dropped.size(), dropped.get(0).reason());
    }
  }

  private void checkEpochs(List<Cell> cells) {
    List<Cell> over =
        cells.stream().filter(cell -> epochs(cell) > config.limits().epochs()).toList();
    if (over.isEmpty()) {
      return;
    }
    Cell worst = over.stream().max(Comparator.comparingDouble(this::epochs)).orElseThrow();
    throw refused(
        "limits.epochs: %d of %d cells need more than %s passes over the %s training tokens, %s"
            + " the most (%s); name more text, lower the budgets or raise the limit",
        over.size(),
        cells.size(),
        Quantities.digits(config.limits().epochs()),
        Quantities.count((double) epochTokens),
        worst.id(),
        Quantities.digits(epochs(worst)));
  }

  private void checkTokensDiffer(List<Cell> cells) {
    if (!config.grid().cells().isEmpty()) {
      return; // They may complete a sweep that has the rest.
    }
    var tokens = cells.stream().collect(Collectors.summarizingDouble(Cell::tokens));
    if (tokens.getMax() < SMALLEST_TOKEN_RATIO * tokens.getMin()) {
      throw refused(
          "grid: all %d cells would see about %s tokens, so nothing can be said of tokens;"
              + " use more sizes or a wider span",
          cells.size(), Quantities.count(tokens.getMax()));
    }
  }

  private BadInputException refused(String problem, Object... arguments) {
    return new BadInputException(
        "sweep " + config.name() + ": " + Quantities.format(problem, arguments));
  }
}
