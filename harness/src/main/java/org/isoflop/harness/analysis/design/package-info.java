/**
 * Design of experiments: how sharp an exponent a grid will give before it is run, and which cells
 * would sharpen a measured one most for their FLOPs.
 *
 * <p>{@link org.isoflop.harness.analysis.design.DesignSimulation} draws sweeps from a law and fits
 * them as they would be fitted; {@link org.isoflop.harness.analysis.design.DesignSearch} chooses
 * cells by the variance that a fit linearised about the law would have, which is quick enough to
 * compare thousands of sets. Where the law comes from is the caller's business: {@link
 * org.isoflop.harness.analysis.design.ChinchillaPrior} before anything is known, {@link
 * org.isoflop.harness.analysis.design.EarlierSweep} afterwards. Uses the points, the law, the fit
 * of a frontier and the statistics; knows nothing of configuration or decoders.
 */
package org.isoflop.harness.analysis.design;
