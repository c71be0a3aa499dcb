/**
 * Design of experiments: how sharp an exponent a grid will give before it is run, and which cells
 * would sharpen a measured one most for their FLOPs.
 *
 * <p>{@link org.isoflop.harness.analysis.design.DesignSimulation} draws sweeps from a surface and
 * fits them as they would be fitted; {@link org.isoflop.harness.analysis.design.DesignSearch}
 * chooses further cells and {@link org.isoflop.harness.analysis.design.RepeatSearch} repeats by the
 * variance that a fit linearised about the surface would have, one greedy search ({@link
 * org.isoflop.harness.analysis.design.FrontierDesign}). The surface is {@link
 * org.isoflop.harness.analysis.design.LossSurface}: a prior before anything is known, an {@link
 * org.isoflop.harness.analysis.design.EarlierSweep}'s or the sweep's own afterwards. Uses the
 * points, the law, the fit of a frontier and the statistics; knows nothing of configuration or
 * decoders.
 */
package org.isoflop.harness.analysis.design;
