/**
 * The parametric law L = E + A/N^alpha + B/D^beta (Hoffmann et al. 2022, arXiv 2203.15556, section
 * 3.3, "approach 3"). Uses {@code stats} and {@code points} of the analysis, nothing else of it.
 *
 * <p>{@link org.isoflop.harness.analysis.law.LawFit} searches: {@code LawData} frees the points of
 * their units, {@code LawObjective} polishes all five parameters, and {@code Identifiability} says
 * when the points do not determine them. {@link org.isoflop.harness.analysis.law.LawSample} gives
 * the intervals, {@link org.isoflop.harness.analysis.law.WindowLaw} tells whether one law holds
 * over the whole range, and {@link org.isoflop.harness.analysis.law.LackOfFit} whether it describes
 * the points at all.
 */
package org.isoflop.harness.analysis.law;
