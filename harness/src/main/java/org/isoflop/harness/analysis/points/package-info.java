/**
 * From anybody's table to loss points under a stated convention, grouped by budget. Uses {@code
 * analysis.stats} at most, and of the harness the root's exception and words for numbers.
 *
 * <p>In the order in which a row goes: {@link org.isoflop.harness.analysis.points.LossPoints} reads
 * through {@code PointsReader} (all files); {@code TextFile} (bytes become text) and {@code Table}
 * (text becomes rows, CSV or JSON); {@code Header} (which cell is which {@link
 * org.isoflop.harness.analysis.points.Column}); {@code RunReader} (a row becomes a {@link
 * org.isoflop.harness.analysis.points.Run}, or by its {@code RunStatus} none); {@code RunTally}
 * (what a set of runs comes to, and what was left out): {@code Units} refuses counts in other
 * units, {@code Settings} keeps the best setting of a cell, {@code OffBudget} and {@code DataSeen}
 * mark what contradicts itself; a {@link org.isoflop.harness.analysis.points.Convention} makes a
 * {@link org.isoflop.harness.analysis.points.LossPoint} of a run; {@link
 * org.isoflop.harness.analysis.points.BudgetGroup} finds the points that share a budget. What is
 * said on the way is gathered in {@link org.isoflop.harness.analysis.points.Remarks}.
 */
package org.isoflop.harness.analysis.points;
