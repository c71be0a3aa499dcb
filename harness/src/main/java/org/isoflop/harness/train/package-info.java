/**
 * Trains one job: losses, evaluations, checkpoints and the result on disk, and going on where an
 * earlier run stopped. Uses plan for what to train, data for which windows, models to train them.
 */
package org.isoflop.harness.train;
