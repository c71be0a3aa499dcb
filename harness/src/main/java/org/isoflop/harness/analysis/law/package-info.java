/**
 * The parametric law L = E + A/N^alpha + B/D^beta (Hoffmann et al. 2022, arXiv 2203.15556, section
 * 3.3, "approach 3"): fitted, resampled, and restricted to windows of compute. Uses {@code stats}
 * and {@code points} of the analysis, nothing else of it.
 *
 * <p>{@link org.isoflop.harness.analysis.law.LawFit} fits: {@code LawData} frees the points of
 * their units, {@code LawStarts} searches (alpha, beta) with the three linear coefficients solved
 * exactly, {@code LawObjective} and {@code LawNewton} polish all five parameters, and {@code
 * Identifiability} says when the points do not determine them. {@link
 * org.isoflop.harness.analysis.law.LawBootstrap} gives the intervals and {@link
 * org.isoflop.harness.analysis.law.LawWindows} tells whether one law holds over the whole range.
 */
package org.isoflop.harness.analysis.law;
