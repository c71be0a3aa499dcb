package org.isoflop.harness.analysis;

/** The ways from loss points to exponents, the headline first. */
public enum Method {
  /** A robust local curve at every budget, then a line through the optima. */
  ISOFLOP("IsoFLOP, robust curves"),
  /** A parabola at every budget, then a line (Hoffmann et al. 2022, "approach 2"). */
  PARABOLA("IsoFLOP, raw parabolas"),
  /** The same less the bias that the fitted law shows on this very grid. */
  PARABOLA_CORRECTED("IsoFLOP, parabolas less bias"),
  /** The parametric law, Huber's loss of ln L (Hoffmann et al. 2022, "approach 3"). */
  PARAMETRIC("parametric law"),
  /** The parametric law, least squares of the loss. */
  PARAMETRIC_SQUARES("parametric law, least squares"),
  /** The lower envelope of the training curves (Hoffmann et al. 2022, "approach 1"). */
  ENVELOPE("envelope of training curves");

  private final String words;

  Method(String words) {
    this.words = words;
  }

  /** Returns its name for a person. */
  public String words() {
    return words;
  }

  /** Returns its name in files: lower case, underscores. */
  public String key() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
