package org.isoflop.harness.analysis.allocation;

import org.isoflop.harness.analysis.stats.Estimate;

/**
 * The model that reaches the train-optimal loss of a budget for the least training plus inference
 * FLOPs, 6·N·D + 2·N·T (Sardana et al. 2024, arXiv 2401.00448).
 *
 * @param inferenceTokens T
 * @param params N
 * @param tokens D it is trained on
 * @param trainingFlops 6·N·D, more than the budget
 * @param inferenceFlops 2·N·T
 * @param totalFlops both
 * @param share of what the train-optimal model takes for both, at most 1
 * @param decadesBeyond how far the training FLOPs lie outside the measured budgets
 */
public record InferenceOptimum(
    double inferenceTokens,
    Estimate params,
    Estimate tokens,
    Estimate trainingFlops,
    Estimate inferenceFlops,
    Estimate totalFlops,
    Estimate share,
    double decadesBeyond) {}
