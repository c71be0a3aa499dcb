/**
 * The lower envelope of whole training curves ("approach 1" of Hoffmann et al. 2022, arXiv
 * 2203.15556, section 3.1), a third way to the exponents beside optima and parametric law. Uses
 * {@code stats} of the analysis and the lines and exponents of {@code isoflop}, nothing else of it.
 *
 * <p>{@link org.isoflop.harness.analysis.envelope.EnvelopeFit} fits the lowest of the curves that
 * {@code SmoothCurve} makes of a {@link org.isoflop.harness.analysis.envelope.TrainingRun} without
 * the noise of single batches and the warm-up.
 */
package org.isoflop.harness.analysis.envelope;
