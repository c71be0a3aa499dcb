/**
 * From anybody's table to loss points under a stated convention, grouped by budget. Uses {@code
 * analysis.stats} at most, and of the harness the root's exception and words for numbers.
 *
 * <p>Top to bottom: {@link org.isoflop.harness.analysis.points.LossPoints} reads, through {@code
 * PointsCsv} (all files), {@code CsvTable} (one file: {@code Utf8Text}, delimiter, lines; {@code
 * JsonTable} for JSON), {@code CsvHeader} (which cell is which {@link
 * org.isoflop.harness.analysis.points.Column}), {@code RunReader} (one row becomes a {@link
 * org.isoflop.harness.analysis.points.Run}) and {@code RunTally} (what was left out); a {@link
 * org.isoflop.harness.analysis.points.Convention} makes a {@link
 * org.isoflop.harness.analysis.points.LossPoint} of a run; {@code Settings} keeps the best setting
 * of a cell, {@code OffBudget} marks those that contradict their budgets; {@link
 * org.isoflop.harness.analysis.points.BudgetGroup} finds the points that share a budget.
 */
package org.isoflop.harness.analysis.points;
