/**
 * What all of the analysis speaks in: estimates with intervals, quantiles, power laws, results that
 * may be refused, and how resampling is set. Uses nothing else of the analysis.
 */
package org.isoflop.harness.analysis.stats;
