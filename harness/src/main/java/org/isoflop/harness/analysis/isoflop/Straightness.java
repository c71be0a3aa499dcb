package org.isoflop.harness.analysis.isoflop;

import org.isoflop.harness.analysis.stats.Estimate;

/**
 * Whether one straight line describes ln N* against ln C, and ln D*.
 *
 * @param pValue chance of optima this far off a straight line if there were one, by their own noise
 * @param drift how much a changes per decade of compute
 * @param straight whether one line will do, at 5%
 */
public record Straightness(double pValue, Estimate drift, boolean straight) {}
