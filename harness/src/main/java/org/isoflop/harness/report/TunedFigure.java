package org.isoflop.harness.report;

import java.awt.Color;
import java.awt.Graphics2D;
import java.util.List;
import java.util.stream.DoubleStream;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.stats.Interval;
import org.isoflop.harness.analysis.tuning.TunedLaws;
import org.isoflop.harness.analysis.tuning.TuningRun;

/** Loss against learning rate, a panel for each cell and a colour for each batch. */
final class TunedFigure implements StaticFigure {

  private static final int WIDTH = 1240;
  private static final int PANEL_HEIGHT = 400;
  private static final int COLUMNS = 2;

  /** Runs further above the best of their cell would flatten all others. */
  private static final double HIGHEST = 1.25;

  private static final int CURVE_POINTS = 60;

  private final TunedLaws laws;
  private final List<TuningRun> runs;
  private final List<Double> batches;

  TunedFigure(TunedLaws laws, List<TuningRun> runs) {
    this.laws = laws;
    this.runs =
        runs.stream()
            .filter(run -> run.setting().change().isEmpty())
            .filter(
                run ->
                    laws.cells().stream()
                        .anyMatch(
                            cell ->
                                cell.cell().equals(run.cell())
                                    && run.loss().orElse(Double.MAX_VALUE)
                                        <= HIGHEST * Math.exp(cell.lnLoss())))
            .toList();
    batches = this.runs.stream().map(TuningRun::batchTokens).distinct().sorted().toList();
  }

  private int rows() {
    return (laws.cells().size() + COLUMNS - 1) / COLUMNS;
  }

  private List<LegendStrip.Entry> legend() {
    return batches.stream()
        .map(
            batch ->
                LegendStrip.mark("batch " + Quantities.count(batch), colour(batch), Markers.POINT))
        .toList();
  }

  private Color colour(double batch) {
    return Palette.onLight(batches.indexOf(batch), batches.size());
  }

  @Override
  public int width() {
    return WIDTH;
  }

  @Override
  public int height() {
    return rows() * PANEL_HEIGHT + LegendStrip.height(legend(), WIDTH);
  }

  @Override
  public void paint(Graphics2D g) {
    g.setColor(Color.WHITE);
    g.fillRect(0, 0, width(), height());
    int each = WIDTH / COLUMNS;
    for (int i = 0; i < laws.cells().size(); i++) {
      int x = i % COLUMNS * each;
      int y = i / COLUMNS * PANEL_HEIGHT;
      g.translate(x, y);
      panel(laws.cells().get(i)).paint(g, each, PANEL_HEIGHT);
      g.translate(-x, -y);
    }
    LegendStrip.paint(g, legend(), WIDTH, (double) rows() * PANEL_HEIGHT);
  }

  private Panel panel(TunedLaws.CellFit cell) {
    List<TuningRun> own = runs.stream().filter(run -> run.cell().equals(cell.cell())).toList();
    double params = cell.cell().params();
    var rate = laws.learningRate(params, cell.tokens());
    double best = Math.exp(cell.lnLoss());
    Axis x =
        Axis.log(
            "Learning rate",
            DoubleStream.concat(
                own.stream().mapToDouble(TuningRun::learningRate), DoubleStream.of(rate.value())),
            0.08,
            8,
            Quantities::digits);
    Axis y =
        Axis.linear(
            "Loss (nats per token)",
            DoubleStream.concat(
                own.stream().mapToDouble(run -> run.loss().orElseThrow()), DoubleStream.of(best)),
            0.08,
            6);
    Panel panel =
        new Panel(
            Quantities.format(
                "%s FLOPs, %s params",
                Quantities.flops(cell.cell().budget()), Quantities.count(params)),
            x,
            y,
            false);
    for (double batch : batches) {
      List<TuningRun> ofBatch = own.stream().filter(run -> run.batchTokens() == batch).toList();
      if (!ofBatch.isEmpty()) {
        curve(panel, cell, batch);
        panel.marks(
            ofBatch.stream().mapToDouble(run -> Math.log10(run.learningRate())).toArray(),
            ofBatch.stream().mapToDouble(run -> run.loss().orElseThrow()).toArray(),
            colour(batch),
            Markers.POINT);
      }
    }
    Interval interval = rate.interval();
    panel.lying(best, Math.log10(interval.low()), Math.log10(interval.high()), Panel.INK);
    panel.marks(
        new double[] {Math.log10(rate.value())}, new double[] {best}, Panel.INK, Markers.OPTIMUM);
    return panel;
  }

  /** Draws the fit for a batch, as far as it stays within the panel. */
  private void curve(Panel panel, TunedLaws.CellFit cell, double batch) {
    double low = panel.x().low();
    double high = panel.x().high();
    double[] at =
        DoubleStream.iterate(low, v -> v + (high - low) / CURVE_POINTS)
            .limit(CURVE_POINTS + 1)
            .filter(v -> loss(cell, Math.pow(10, v), batch) <= panel.y().high())
            .toArray();
    if (at.length > 1) {
      panel.line(
          at,
          DoubleStream.of(at).map(v -> loss(cell, Math.pow(10, v), batch)).toArray(),
          colour(batch),
          Ink.LINE);
    }
  }

  private double loss(TunedLaws.CellFit cell, double learningRate, double batch) {
    double rise = laws.rise(cell.cell().params(), cell.tokens(), learningRate, batch);
    return Math.exp(cell.lnLoss()) * (1 + rise);
  }
}
