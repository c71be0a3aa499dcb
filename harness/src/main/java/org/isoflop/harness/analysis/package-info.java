/**
 * From loss points to exponents with intervals. Takes points from anywhere (a sweep's {@code
 * points.csv} or anybody's CSV), knows nothing of configuration, planning or training, and uses no
 * other package of the harness but the root's exception and file helper.
 *
 * <p>Top to bottom: {@link org.isoflop.harness.analysis.LossPoints} reads, {@link
 * org.isoflop.harness.analysis.IsoFlopAnalysis} groups the points by budget, fits a curve at each,
 * resamples the curves for intervals and draws the line through the optima, {@link
 * org.isoflop.harness.analysis.AnalysisFiles} and {@link
 * org.isoflop.harness.analysis.AnalysisSummary} hand the result to programs and people. A further
 * method of finding the frontier implements {@code FrontierFit}.
 */
package org.isoflop.harness.analysis;
