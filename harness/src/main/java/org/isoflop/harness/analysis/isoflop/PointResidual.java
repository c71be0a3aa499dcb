package org.isoflop.harness.analysis.isoflop;

import java.util.OptionalDouble;
import org.isoflop.harness.analysis.points.LossPoint;

/**
 * How far one point lies from the fits.
 *
 * @param point the point
 * @param curve ln of its loss over its budget's fitted curve, where there is one
 * @param law ln of its loss over the parametric law, where there is one
 * @param outlier whether the curves leave it out, as far too high or off its budget
 */
public record PointResidual(
    LossPoint point, OptionalDouble curve, OptionalDouble law, boolean outlier) {}
