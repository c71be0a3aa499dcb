package org.isoflop.harness.cli;

import java.util.stream.Collectors;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.data.CorpusStatistics;

/** A corpus in one line. */
final class CorpusText {

  private CorpusText() {}

  static String describe(CorpusStatistics corpus) {
    String leftOut =
        corpus.leftOut().entrySet().stream()
            .map(reason -> Quantities.format("%,d %s", reason.getValue(), reason.getKey().words()))
            .collect(Collectors.joining(", "));
    return Quantities.format(
        "%,d documents%s, %s train and %s validation tokens",
        corpus.documents(),
        leftOut.isEmpty() ? "" : " (left out: " + leftOut + ")",
        Quantities.count((double) corpus.trainTokens()),
        Quantities.count((double) corpus.validationTokens()));
  }
}
