/**
 * What the fits say about spending compute: the train-optimal allocation of a budget, and what
 * changes with tokens to serve, with few unique tokens, or with another size. Owns the optimisation
 * on a given law and the words and JSON of the answer; fits nothing itself.
 *
 * <p>Takes an {@link org.isoflop.harness.analysis.isoflop.EfficientFrontier} and a {@link
 * org.isoflop.harness.analysis.law.LawSample}, either of which may have been refused. Uses {@code
 * stats}, {@code points}, {@code isoflop} and {@code law}, and nothing above them.
 */
package org.isoflop.harness.analysis.allocation;
