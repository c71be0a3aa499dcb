package org.isoflop.models;

/** The feed-forward block of a layer. */
public enum MlpKind {
  /** {@code down(gelu(up(x)))}, hidden width 4·d (Radford et al. 2019). */
  GELU,
  /** {@code down(silu(gate(x)) · up(x))}, hidden width about 8/3·d (Shazeer 2020). */
  SWIGLU;

  /** Returns how many d × hidden matrices the block has. */
  public int matrices() {
    return this == GELU ? 2 : 3;
  }

  /**
   * Returns the customary hidden width over the width: 4, or 8/3, so that both kinds have about
   * 8·d² parameters.
   */
  public double ratio() {
    return this == GELU ? 4 : 8 / 3.0;
  }
}
