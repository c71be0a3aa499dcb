package org.isoflop.harness.report;

import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.output.Words;
import org.isoflop.harness.analysis.stats.Estimate;
import org.isoflop.harness.analysis.tuning.TunedLaws;
import org.isoflop.harness.analysis.tuning.TunedLaws.CellFit;
import org.isoflop.harness.analysis.tuning.TuningRun;
import org.isoflop.harness.report.Canvas.Pen;
import org.isoflop.harness.report.Legend.Swatch;

/** Loss against learning rate, a plot for each cell and a colour for each batch. */
final class TunedFigure {

  /** Runs further above the best of their cell would flatten all others. */
  private static final double HIGHEST = 1.25;

  private static final int CURVE_POINTS = 60;

  private final TunedLaws laws;
  private final List<TuningRun> runs;
  private final List<Double> batches;

  private TunedFigure(TunedLaws laws, List<TuningRun> runs) {
    this.laws = laws;
    this.runs = runs.stream().filter(this::shown).toList();
    batches = this.runs.stream().map(TuningRun::batchTokens).distinct().sorted().toList();
  }

  static Figure of(TunedLaws laws, List<TuningRun> runs) {
    TunedFigure tuned = new TunedFigure(laws, runs);
    return new Figure(
        "tuned",
        "Loss against learning rate",
        "Loss against learning rate at each cell, coloured by batch; the table of cells has the"
            + " best by the laws.",
        laws.cells().stream().map(tuned::plot).toList(),
        280,
        new Legend(
            "Batch, tokens",
            IntStream.range(0, tuned.batches.size()).mapToObj(tuned::key).toList()),
        "A plot for each cell, a colour for each batch; points are runs, lines the fit, one shape"
            + " for all cells. Diamonds: the best by the laws, with the 95% interval of its"
            + " learning rate. Runs that diverged, or end far above the best, are not drawn.");
  }

  private Swatch key(int batch) {
    return Swatch.mark(
        layer(batch), Quantities.count(batches.get(batch)), ink(batch), Symbol.POINT);
  }

  private boolean shown(TuningRun run) {
    return run.unchanged()
        && laws.cells().stream()
            .anyMatch(
                cell ->
                    cell.cell().equals(run.cell())
                        && run.loss().orElse(Double.MAX_VALUE) <= HIGHEST * cell.loss());
  }

  private static String layer(int batch) {
    return "budget-" + batch;
  }

  private Ink ink(int batch) {
    return Ink.budget(batch, batches.size());
  }

  private Plot plot(CellFit cell) {
    List<TuningRun> own = runs.stream().filter(run -> run.cell().equals(cell.cell())).toList();
    Estimate rate = cell.learningRate();
    double best = cell.loss();
    Plot plot =
        new Plot(
            Quantities.format(
                "%s FLOPs, %s params",
                Quantities.flops(cell.cell().budget()), Quantities.count(cell.cell().params())),
            Axis.log(
                "Learning rate",
                DoubleStream.concat(
                    own.stream().mapToDouble(TuningRun::learningRate),
                    DoubleStream.of(rate.value())),
                0.08,
                8,
                Quantities::digits),
            Axis.linear(
                "Loss (nats per token)",
                DoubleStream.concat(
                    own.stream().mapToDouble(run -> run.loss().orElseThrow()),
                    DoubleStream.of(best)),
                0.08,
                6));
    for (int i = 0; i < batches.size(); i++) {
      double batch = batches.get(i);
      List<TuningRun> ofBatch = own.stream().filter(run -> run.batchTokens() == batch).toList();
      if (!ofBatch.isEmpty()) {
        Plot.Layer layer = plot.layer(layer(i), ink(i));
        curve(plot, layer, cell, batch);
        for (TuningRun run : ofBatch) {
          layer.mark(
              Symbol.POINT,
              run.learningRate(),
              run.loss().orElseThrow(),
              Quantities.format(
                  "Learning rate %s\nbatch %s tokens\n%s nats per token",
                  Quantities.digits(run.learningRate()),
                  Quantities.count(batch),
                  Numbers.of(Words.LOSS, run.loss().orElseThrow())));
        }
      }
    }
    Plot.Layer layer = plot.layer("", Ink.BLACK);
    layer.lying(best, rate.interval());
    layer.mark(
        Symbol.OPTIMUM,
        rate.value(),
        best,
        Quantities.format(
            "Best by the laws\nlearning rate %s %s\nbatch %s tokens\n%s nats per token",
            Quantities.digits(rate.value()),
            rate.interval().text(Quantities::digits),
            Quantities.count(cell.batchTokens().value()),
            Numbers.of(Words.LOSS, best)));
    return plot;
  }

  /** Draws the fit for a batch, as far as it stays within the plot. */
  private void curve(Plot plot, Plot.Layer layer, CellFit cell, double batch) {
    double low = plot.x().low();
    double high = plot.x().high();
    List<Double> rates =
        IntStream.rangeClosed(0, CURVE_POINTS)
            .mapToObj(i -> Math.pow(10, low + (high - low) * i / CURVE_POINTS))
            .filter(rate -> loss(cell, rate, batch) <= plot.y().high())
            .toList();
    layer.line(rates, rate -> rate, rate -> loss(cell, rate, batch), Pen.LINE, "");
  }

  private double loss(CellFit cell, double learningRate, double batch) {
    double rise = laws.rise(cell.cell().params(), cell.tokens(), learningRate, batch);
    return cell.loss() * (1 + rise);
  }
}
