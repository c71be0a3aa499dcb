/**
 * From a configuration to the jobs that run it: budgets × sizes, hyperparameters and schedules
 * fitted to each job's steps, the cells that cannot be had and why, and what all of it will cost.
 *
 * <p>Owns the choice of sizes and what jobs share. Trains nothing and measures nothing: throughput
 * comes in as a function. Uses the configuration, the models, the analysis's design of experiments
 * (for the precision to expect, and to centre a grid on an earlier sweep) and the root.
 */
package org.isoflop.harness.plan;
