package org.isoflop.harness.cli;

import java.util.Locale;
import org.isoflop.harness.data.CorpusStatistics;

/** A corpus in one line. */
final class CorpusText {

  private CorpusText() {}

  static String describe(CorpusStatistics corpus) {
    return String.format(
        Locale.ROOT,
        "%,d documents (%,d duplicates and %,d empty or binary left out), %.1fM train and %.2fM"
            + " validation tokens",
        corpus.documents(),
        corpus.duplicates(),
        corpus.skipped(),
        corpus.trainTokens() * 1e-6,
        corpus.validationTokens() * 1e-6);
  }

  /** Returns what a table of byte pairs reaches, to hold losses against. */
  static String bigram(CorpusStatistics corpus) {
    return String.format(
        Locale.ROOT,
        "byte-bigram entropy of the corpus: %.3f nats (%.3f bits) per byte",
        corpus.bigramNats(),
        corpus.bigramNats() / Math.log(2));
  }
}
