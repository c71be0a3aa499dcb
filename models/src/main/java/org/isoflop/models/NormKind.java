package org.isoflop.models;

/** The normalisation before every block; neither kind has weights. */
public enum NormKind {
  /** Subtracts the mean, divides by the standard deviation; one fused kernel each way. */
  LAYERNORM,
  /** Divides by the root mean square (Zhang and Sennrich 2019). */
  RMSNORM
}
