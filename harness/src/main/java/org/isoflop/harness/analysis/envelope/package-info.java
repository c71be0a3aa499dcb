/**
 * The lower envelope of whole training curves ("approach 1" of Hoffmann et al. 2022, arXiv
 * 2203.15556, section 3.1), a third way to the exponents beside optima and parametric law. Uses
 * {@code stats} of the analysis and the record of exponents of {@code isoflop}, nothing else of it.
 *
 * <p>{@link org.isoflop.harness.analysis.envelope.EnvelopeFit} fits: {@code SmoothCurve} takes the
 * noise of single batches and the warm-up out of a {@link
 * org.isoflop.harness.analysis.envelope.TrainingRun}, and {@code LowerBound} is the lowest of those
 * that were drawn, at common values of compute, with its two lines.
 */
package org.isoflop.harness.analysis.envelope;
