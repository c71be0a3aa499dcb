/**
 * Curves at every budget, their optima, and the lines through those. Uses {@code stats}, {@code
 * points} and {@code law}.
 *
 * <p>{@link org.isoflop.harness.analysis.isoflop.RobustIsoFlop} is the headline, top to bottom:
 * {@code Curve} prepares a budget; {@code BowlFit} fits all curves with one {@code BowlShape}
 * ({@code BowlModel} solves for a given shape, {@code ShapeSearch} finds the likeliest, {@code
 * Trimming}, {@code LawScreen}, {@code Outliers} and {@code SoundCurves} decide what belongs,
 * {@code BudgetNoise} what of their residuals is noise at which budget); {@code NoiseDraws} or
 * {@code ResampledDraws} draw the optima again ({@code ShapePosterior}, {@code TrunkNoise}, {@code
 * CellNoise}); {@code BudgetCurves} accepts or refuses each; {@code Scatter} adds what budgets have
 * beyond their noise; {@code OptimaLine}, {@code LocalFrontier}, {@code Bend} and {@code
 * LossFrontierFit} make lines, slopes, a test and a loss law of them. {@link
 * org.isoflop.harness.analysis.isoflop.ParabolaFit} is the published method beside it. A further
 * method of finding the frontier implements {@link
 * org.isoflop.harness.analysis.isoflop.FrontierFit}.
 */
package org.isoflop.harness.analysis.isoflop;
