package org.isoflop.harness.report;

import java.awt.Color;
import java.awt.Graphics2D;
import java.util.List;

/** A static figure of panels side by side above one legend. */
abstract class PairFigure implements StaticFigure {

  private static final int WIDTH = 1240;
  private static final int PANEL_HEIGHT = 516;

  /** Returns the panels, left first; one or two. */
  abstract List<Panel> panels();

  /** Returns what the legend explains. */
  abstract List<LegendStrip.Entry> legend();

  @Override
  public final int width() {
    return WIDTH;
  }

  @Override
  public final int height() {
    return PANEL_HEIGHT + LegendStrip.height(legend(), WIDTH);
  }

  @Override
  public final void paint(Graphics2D g) {
    g.setColor(Color.WHITE);
    g.fillRect(0, 0, width(), height());
    List<Panel> panels = panels();
    int each = WIDTH / panels.size();
    int room = panels.stream().mapToInt(Panel::room).max().orElseThrow();
    for (int i = 0; i < panels.size(); i++) {
      g.translate(i * each, 0);
      panels.get(i).paint(g, each, PANEL_HEIGHT, room);
      g.translate(-i * each, 0);
    }
    LegendStrip.paint(g, legend(), WIDTH, PANEL_HEIGHT);
  }
}
