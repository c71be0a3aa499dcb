package org.isoflop.harness;

import java.util.Optional;

/**
 * Losses in bits per byte of text, in which tokenizers can be compared, where the tokens that a
 * loss is the mean of are not bytes; of byte tokens nats per token say as much.
 *
 * @param perNat bits per byte over nats per token, one number for a tokenizer and a text
 */
public record BitsPerByte(double perNat) {

  private static final double LN_2 = Math.log(2);

  /** A byte with its share of the separators is a little more than a token. */
  private static final double FEWER_TOKENS_THAN_BYTES = 0.95;

  /** Refuses what is no quotient of two losses. */
  public BitsPerByte {
    if (!(perNat > 0) || Double.isInfinite(perNat)) {
      throw new IllegalArgumentException(perNat + " bits per byte for a nat");
    }
  }

  /**
   * Turns a loss into bits per byte of text, whatever the tokens are.
   *
   * @param natsPerToken the loss
   * @param tokensPerByte of the text that it was taken on
   */
  public static double of(double natsPerToken, double tokensPerByte) {
    return natsPerToken * tokensPerByte / LN_2;
  }

  /** Takes the quotient of a loss in bits per byte and in nats; empty where tokens are bytes. */
  public static Optional<BitsPerByte> perNat(double quotient) {
    return quotient > 0 && quotient * LN_2 < FEWER_TOKENS_THAN_BYTES
        ? Optional.of(new BitsPerByte(quotient))
        : Optional.empty();
  }

  /** Returns a loss of so many nats per token. */
  public double of(double natsPerToken) {
    return natsPerToken * perNat;
  }

  /**
   * Returns a loss for a line of progress: in bits per byte first where tokens are not bytes.
   *
   * @param decimals of its nats and bits
   */
  public static String text(double natsPerToken, Optional<BitsPerByte> bits, int decimals) {
    String number = "%." + decimals + "f";
    return bits.map(
            unit ->
                Quantities.format(
                    "loss " + number + " bits per byte (" + number + " nats)",
                    unit.of(natsPerToken),
                    natsPerToken))
        .orElseGet(() -> Quantities.format("loss " + number, natsPerToken));
  }
}
