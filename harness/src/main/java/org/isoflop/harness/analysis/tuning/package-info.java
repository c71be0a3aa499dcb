/**
 * Laws of the peak learning rate and the batch from runs that tried several of both: what was
 * tried, the fit, and which runs would tell most next. Knows nothing of how runs are made.
 */
package org.isoflop.harness.analysis.tuning;
