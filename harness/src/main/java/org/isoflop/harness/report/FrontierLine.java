package org.isoflop.harness.report;

import java.util.ArrayList;
import java.util.List;
import org.isoflop.harness.analysis.isoflop.FrontierPoint;

/**
 * The frontier cut where the measured budgets end, because what is extrapolated must not look like
 * what was measured.
 *
 * @param measured over the measured budgets, lowest first
 * @param outside the parts below and beyond, each with the point where it leaves the measured one
 */
record FrontierLine(List<FrontierPoint> measured, List<List<FrontierPoint>> outside) {

  /** Cuts a frontier given lowest budget first. */
  static FrontierLine of(List<FrontierPoint> frontier) {
    List<FrontierPoint> below = new ArrayList<>();
    List<FrontierPoint> measured = new ArrayList<>();
    List<FrontierPoint> beyond = new ArrayList<>();
    for (FrontierPoint point : frontier) {
      (point.decadesBeyond() < 0 ? below : point.decadesBeyond() > 0 ? beyond : measured)
          .add(point);
    }
    if (!measured.isEmpty()) {
      below.add(measured.get(0));
      beyond.add(0, measured.get(measured.size() - 1));
    }
    List<List<FrontierPoint>> outside = new ArrayList<>(List.of(below, beyond));
    outside.removeIf(part -> part.size() < 2);
    return new FrontierLine(measured, outside);
  }
}
