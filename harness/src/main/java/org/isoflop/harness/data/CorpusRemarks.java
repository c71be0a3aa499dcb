package org.isoflop.harness.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.data.formats.DocumentLocation;
import org.isoflop.harness.data.formats.LeftOut;
import org.isoflop.harness.data.formats.TextCutter;

/** What is suspicious about a corpus, collected while it is read: one sentence each. */
final class CorpusRemarks {

  /** A larger share of files or documents than this is worth a word. */
  private static final double MOST_UNREADABLE = 0.1;

  private final CorpusFiles files;
  private Optional<String> firstBinary = Optional.empty();
  private Optional<DocumentLocation> firstNotUtf8 = Optional.empty();
  private Optional<DocumentLocation> firstCut = Optional.empty();
  private Optional<String> others = Optional.empty();
  private long cutFiles;
  private long blocks;

  CorpusRemarks(CorpusFiles files) {
    this.files = files;
  }

  void binary(DocumentLocation location, String kind) {
    firstBinary = firstBinary.or(() -> Optional.of(location + " (" + kind + ")"));
  }

  void notUtf8(DocumentLocation location) {
    firstNotUtf8 = firstNotUtf8.or(() -> Optional.of(location));
  }

  void others(String sentence) {
    others = Optional.of(sentence);
  }

  void inBlocks(DocumentLocation location, long documents) {
    if (documents > 1) {
      cutFiles++;
      blocks += documents;
      firstCut = firstCut.or(() -> Optional.of(location));
    }
  }

  /** Returns ", the first X (what it is, what would do)" or nothing. */
  String firstBinary() {
    return firstBinary.map(first -> ", such as " + first).orElse("");
  }

  static String losing(String parts) {
    return say(
        "The tokenizer does not keep all of a text (%s); losses are of what it keeps, in bits per"
            + " byte too, and compare with no other tokenizer's.",
        parts);
  }

  List<String> warnings(Map<LeftOut, Long> leftOut, long documents, long notUtf8) {
    List<String> warnings = new ArrayList<>();
    long binary = leftOut.getOrDefault(LeftOut.BINARY, 0L);
    if (binary > MOST_UNREADABLE * (documents + binary)) {
      warnings.add(
          say(
              "%,d of %,d documents were left out as binary%s.",
              binary, documents + binary, firstBinary()));
    }
    if (notUtf8 > MOST_UNREADABLE * documents) {
      warnings.add(
          say(
              "%,d of %,d documents are not UTF-8, such as %s; bytes trains on them as they stand,"
                  + " any other tokenizer on replacement characters, convert them with iconv.",
              notUtf8, documents, firstNotUtf8.orElseThrow()));
    }
    others.ifPresent(warnings::add);
    firstCut.ifPresent(
        first ->
            warnings.add(
                say(
                    "Cut into %,d blocks of whole lines, about %d KiB each, so that some can be"
                        + " held out: %s; %s would cut between documents.",
                    blocks,
                    TextCutter.BLOCK >> 10,
                    andMore(first, cutFiles),
                    first.isTokens()
                        ? "the tokenizer's end of text"
                        : "a corpus.document_separator")));
    files
        .unfollowedLink()
        .ifPresent(
            link ->
                warnings.add(
                    say(
                        "Not followed, because they lead out of their folder or nowhere, are"
                            + " symbolic links: %s; name what they lead to under corpus.files.",
                        andMore(link, leftOut.get(LeftOut.LINKED)))));
    return warnings;
  }

  private static String andMore(DocumentLocation first, long count) {
    return first + (count == 1 ? "" : say(" and %,d more", count - 1));
  }

  private static String say(String sentence, Object... arguments) {
    return Quantities.format(sentence, arguments);
  }
}
