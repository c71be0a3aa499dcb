package org.isoflop.harness.report;

import java.util.List;
import java.util.Objects;
import org.isoflop.harness.analysis.Analysis;

/**
 * Everything a report shows.
 *
 * @param title the heading, the name of the sweep or of the CSV
 * @param facts where the numbers come from, in the order shown; may be empty
 * @param analysis what the analysis found; at least one loss point
 * @param training the training curves; empty where the points came from a bare CSV
 */
public record ReportInput(
    String title, List<Fact> facts, Analysis analysis, List<TrainingCurve> training) {

  /** Returns the same with at most about so many loss points, which a page can draw. */
  ReportInput thinned(int most) {
    return new ReportInput(title, facts, analysis.thinned(most), training);
  }

  /** Returns the same under another heading. */
  public ReportInput called(String other) {
    return new ReportInput(other, facts, analysis, training);
  }

  /** Copies the lists, and refuses an analysis of no points, of which nothing can be drawn. */
  public ReportInput {
    Objects.requireNonNull(title, "title");
    facts = List.copyOf(facts);
    training = List.copyOf(training);
    if (analysis.curves().stream().allMatch(curve -> curve.points().isEmpty())) {
      throw new IllegalArgumentException("a report needs at least one loss point");
    }
  }
}
