package org.isoflop.harness.analysis.points;

import java.util.Locale;

/** What the loss of a table may be in. */
public enum LossUnit {
  /** Nats per token, as everything here is. */
  NATS("nats per token"),
  /** Bits per token. */
  BITS("nats per token, ln 2 times the bits given"),
  /** Bits per byte of text, whatever the tokens are. */
  BITS_PER_BYTE("nats per byte, ln 2 times the bits per byte given"),
  /** The exponential of nats per token. */
  PERPLEXITY("nats per token, ln of the perplexities given");

  /** No vocabulary is so large that guessing costs more nats per token. */
  static final double MOST_NATS = 15;

  private final String words;

  LossUnit(String words) {
    this.words = words;
  }

  /** Returns the word for it on the command line. */
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Returns what losses are after the conversion. */
  String words() {
    return words;
  }

  /** Returns nats. */
  double nats(double loss) {
    return switch (this) {
      case NATS -> loss;
      case BITS, BITS_PER_BYTE -> loss * Math.log(2);
      case PERPLEXITY -> Math.log(loss);
    };
  }
}
