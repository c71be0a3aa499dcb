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
   * Returns the customary hidden width of a decoder of that width: 4·d, or 8/3·d to the nearest
   * multiple of 8, so that both kinds have about 8·d² parameters.
   */
  public int hiddenWidth(int width) {
    return this == GELU ? 4 * width : Math.toIntExact(Math.round(width / 3.0)) * 8;
  }
}
