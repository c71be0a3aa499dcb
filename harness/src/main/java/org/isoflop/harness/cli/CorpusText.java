package org.isoflop.harness.cli;

import java.util.Locale;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.data.CorpusStatistics;

/** A corpus in one line. */
final class CorpusText {

  private CorpusText() {}

  static String describe(CorpusStatistics corpus) {
    return String.format(
        Locale.ROOT,
        "%,d documents (%,d duplicates and %,d empty or binary left out), %s train and %s"
            + " validation tokens",
        corpus.documents(),
        corpus.duplicates(),
        corpus.skipped(),
        Quantities.count((double) corpus.trainTokens()),
        Quantities.count((double) corpus.validationTokens()));
  }
}
