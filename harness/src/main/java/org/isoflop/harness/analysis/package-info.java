/**
 * From loss points to exponents with intervals. Takes points from anywhere (a sweep's {@code
 * points.csv} or anybody's CSV), knows nothing of configuration, planning or training, and uses no
 * other package of the harness but the root's.
 *
 * <p>This package is the facade and what it returns: {@link
 * org.isoflop.harness.analysis.IsoFlopAnalysis} runs every method on {@link
 * org.isoflop.harness.analysis.points.LossPoints} and gives an {@link
 * org.isoflop.harness.analysis.Analysis}; {@link org.isoflop.harness.analysis.AnalysisFiles} and
 * {@link org.isoflop.harness.analysis.AnalysisSummary} hand it to programs and people, by the
 * tables of {@link org.isoflop.harness.analysis.AnalysisTables} and the sentences of {@link
 * org.isoflop.harness.analysis.Answer}, which the report shows too; {@link
 * org.isoflop.harness.analysis.Comparison} holds several sets against one. Beneath it, each using
 * only those before it: {@code stats}, {@code output}, {@code points}, {@code law}, {@code
 * isoflop}, {@code envelope}, {@code allocation} and {@code design}.
 */
package org.isoflop.harness.analysis;
