package org.isoflop.harness.data;

/**
 * What a corpus comes to, so that a plan can count epochs and a report can say exactly which text
 * was trained on.
 *
 * <p>A document is a file or an archive's entry. Documents without bytes, or with a NUL byte, are
 * left out; of documents with equal bytes one is kept. The SHA-256 of its bytes decides a
 * document's side: read as a number in [0, 1), it is in the validation split where it lies below
 * the fraction held out. So no document is on both sides, none changes sides when others are added,
 * and the fraction holds for the number of documents in the long run, not exactly and not for
 * bytes.
 *
 * <p>A split's tokens are those of its documents with one separator before each; its bytes are the
 * documents' own, without separators.
 *
 * @param documents distinct documents kept, in both splits
 * @param trainDocuments documents in the train split
 * @param validationDocuments documents in the validation split
 * @param duplicates documents left out because another has the same bytes
 * @param skipped documents left out because they are empty or binary
 * @param trainTokens tokens of the train split, with separators
 * @param validationTokens tokens of the validation split, with separators
 * @param trainBytes bytes of the train split, without separators
 * @param validationBytes bytes of the validation split, without separators
 * @param unigramNats entropy of a byte, in nats per byte of the train split, separators counted as
 *     bytes: what the bytes' frequencies alone reach
 * @param bigramNats entropy of the next byte given the one before, in nats per byte of the train
 *     split, separators counted as bytes: what a table of byte pairs reaches
 * @param hash SHA-256, in hexadecimal, of the sorted SHA-256 of all documents kept: equal for equal
 *     text, whatever its files are called and wherever they lie
 */
public record CorpusStatistics(
    long documents,
    long trainDocuments,
    long validationDocuments,
    long duplicates,
    long skipped,
    long trainTokens,
    long validationTokens,
    long trainBytes,
    long validationBytes,
    double unigramNats,
    double bigramNats,
    String hash) {

  private static final double LN_2 = Math.log(2);

  /** Refuses counts that do not add up. */
  public CorpusStatistics {
    if (trainDocuments < 1
        || validationDocuments < 1
        || documents != trainDocuments + validationDocuments
        || duplicates < 0
        || skipped < 0
        || trainBytes < trainDocuments
        || validationBytes < validationDocuments
        || trainTokens < trainDocuments
        || validationTokens < validationDocuments
        || !(bigramNats >= 0)
        || !(unigramNats >= 0)
        || !hash.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException("these counts do not belong to one corpus");
    }
  }

  /**
   * Measures a corpus without writing anything; gives exactly what {@link TokenStore#build} stores.
   * Reads the whole corpus once, one document in memory at a time.
   *
   * @throws org.isoflop.harness.BadInputException where {@link TokenStore#build} would refuse
   */
  public static CorpusStatistics measure(CorpusSource source, Tokenizer tokenizer) {
    try (DocumentReader reader = new DocumentReader()) {
      return CorpusScan.of(source, tokenizer, reader).statistics();
    }
  }

  /** Returns the tokens, separators included, per byte of text of the validation split. */
  public double tokensPerByte() {
    return (double) validationTokens / validationBytes;
  }

  /**
   * Turns a validation loss into bits per byte of text, which survives a change of tokenizer; what
   * separators cost is shared out over the bytes.
   *
   * @param natsPerToken mean loss over the tokens of the validation split
   */
  public double bitsPerByte(double natsPerToken) {
    return natsPerToken * tokensPerByte() / LN_2;
  }
}
