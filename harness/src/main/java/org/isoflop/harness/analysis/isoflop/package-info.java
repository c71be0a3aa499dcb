/**
 * Approach 2 of Hoffmann et al. 2022 (arXiv 2203.15556, section 3.2): IsoFLOP curves, their optima
 * and the lines through those. Uses {@code stats}, {@code points} and {@code law}.
 *
 * <p>{@link org.isoflop.harness.analysis.isoflop.RobustIsoFlop} is the headline, top to bottom. In
 * the order of the method:
 *
 * <ol>
 *   <li>{@code BudgetPoints} prepares the points of a budget; {@code Histories} tells whether they
 *       were planned at common budgets at all.
 *   <li>{@code CurveModel} fits an {@code IsoFlopCurve} to every budget by {@code LeastSquares},
 *       all of one shape, and {@code ShapePosterior} says which shapes are likely.
 *   <li>{@code Screening} leaves out runs and budgets that went wrong; {@code IsoFlopCurve.refusal}
 *       says which of the others show an optimum.
 *   <li>{@code BudgetNoise} is the noise as a power of compute, {@code RandomEffect} what points of
 *       one run or cell share of it, {@code CurveNoise} what is said of both.
 *   <li>{@code OptimaDraws} draws the optima again, {@code Optima} holds them, and {@code
 *       BetweenBudgetVariance} adds what budgets have beyond their noise.
 *   <li>{@link org.isoflop.harness.analysis.isoflop.LocalFrontier} asks every {@code OptimaLine}
 *       through them for exponents of all budgets, of windows and of the top, and for the
 *       allocation at any budget; {@code LinearityTest} says whether one line will do, {@code
 *       LossFrontierFit} the loss.
 *   <li>{@link org.isoflop.harness.analysis.isoflop.FrontierContrast} holds two sweeps against each
 *       other.
 * </ol>
 *
 * <p>{@link org.isoflop.harness.analysis.isoflop.ParabolaFit} is the published method beside it,
 * {@link org.isoflop.harness.analysis.isoflop.RobustFit} the headline without intervals. A further
 * method of finding the frontier implements {@link
 * org.isoflop.harness.analysis.isoflop.FrontierFit}, which knows how few sizes and budgets are too
 * few for any of them.
 */
package org.isoflop.harness.analysis.isoflop;
