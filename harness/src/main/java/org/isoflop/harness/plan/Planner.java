package org.isoflop.harness.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.config.SweepConfig;
import org.isoflop.models.SizeLadder;

/** Turns a configuration into a plan: cells, jobs, what they cost, and what must be refused. */
final class Planner {

  /** Cells whose tokens differ by less than this ratio are all at one D. */
  private static final double SMALLEST_TOKEN_RATIO = 1.1;

  /** A forward pass costs a third of a training step. */
  private static final double EVALUATION_SHARE = 1.0 / 3;

  private final SweepConfig config;
  private final DataFacts data;
  private final Throughput throughput;

  Planner(SweepConfig config, DataFacts data, Throughput throughput) {
    this.config = config;
    this.data = data;
    this.throughput = throughput;
  }

  Plan plan() {
    int context = config.decoder().context();
    if (data.trainTokens() <= context) {
      throw refused(
          "corpus: its %d training tokens do not fill one sequence of %d, name more text",
          data.trainTokens(), context);
    }
    List<DroppedCell> dropped = new ArrayList<>();
    List<Cell> cells = cells(dropped);
    checkCellsLeft(cells, dropped);
    checkEpochs(cells);
    checkTokensDiffer(cells);
    // Only now: measuring takes seconds, and what is refused above needs no measurement.
    List<JobForecast> forecasts = cells.stream().map(this::forecast).toList();
    return new Plan(
        forecasts.stream().map(JobForecast::job).toList(),
        dropped,
        new PlanWarnings(config, data, forecasts).all(),
        new PlanForecast(forecasts));
  }

  /**
   * A cell that can be trained.
   *
   * @param targetParams total parameters asked for; the job's decoder is the nearest rung
   */
  private record Cell(Job job, double targetParams) {

    double tokens() {
      return job.horizon().orElseThrow().tokens();
    }
  }

  private List<Cell> cells(List<DroppedCell> dropped) {
    SizeLadder ladder = new SizeLadder(config.decoder().options(data.vocabulary()));
    SizeChoice choice = new SizeChoice(ladder, config.grid(), config.training().seed());
    JobBuilder builder = new JobBuilder(config.training());
    List<Cell> cells = new ArrayList<>();
    for (double budget : config.grid().budgets()) {
      for (SizeChoice.Chosen chosen : choice.at(budget, dropped)) {
        builder
            .build(budget, chosen, dropped)
            .map(job -> new Cell(job, chosen.targetParams()))
            .ifPresent(cells::add);
      }
    }
    return cells;
  }

  private JobForecast forecast(Cell cell) {
    Job job = cell.job();
    Horizon last = job.horizon().orElseThrow();
    int passTokens = passTokens(job);
    double evaluation =
        EVALUATION_SHARE * config.evaluation().tokens() * job.decoder().flopsPerToken();
    double speed = throughput.flopsPerSecond(job.decoder(), passTokens);
    if (!(speed > 0)) {
      throw new IllegalArgumentException("throughput must be positive, is " + speed);
    }
    return new JobForecast(
        job,
        cell.targetParams(),
        (last.flops() + evaluation) / speed,
        job.decoder().parameters().total() > throughput.largestMeasured(),
        MemoryEstimate.bytes(job.decoder(), passTokens),
        epochs(cell),
        Math.min(last.tokens(), data.trainTokens()));
  }

  /** The longest pass of a job: the training program splits a batch evenly. */
  private int passTokens(Job job) {
    int context = job.decoder().options().context();
    int most = config.training().microBatchTokens() / context;
    int passes = (job.batchSequences() - 1) / most + 1;
    return ((job.batchSequences() - 1) / passes + 1) * context;
  }

  private double epochs(Cell cell) {
    return cell.tokens() / data.trainTokens();
  }

  private void checkCellsLeft(List<Cell> cells, List<DroppedCell> dropped) {
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
        Quantities.count((double) data.trainTokens()),
        worst.job().id(),
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
