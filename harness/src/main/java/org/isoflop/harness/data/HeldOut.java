package org.isoflop.harness.data;

import org.isoflop.harness.BadInputException;
import org.isoflop.harness.data.formats.CorpusSource;
import org.isoflop.harness.data.formats.DocumentLocation;

/**
 * Which documents of a corpus are held out: those whose hashes lie below a fraction, those of files
 * of their own, or those that an earlier corpus held out, see {@link CorpusSource}.
 */
final class HeldOut {

  /** Fewer files than would hold out this many are cut into blocks. */
  private static final double FEWEST = 3;

  private final CorpusSource source;
  private final CorpusFiles files;
  private final DocumentSet ofFiles = new DocumentSet();

  HeldOut(CorpusFiles files) {
    this.source = files.source();
    this.files = files;
  }

  /** Whether texts are cut into blocks, so that some of too few files can be held out. */
  boolean cutsIntoBlocks() {
    if (!source.holdsOutByContent()) {
      return files.earlier().map(EarlierSplit::inBlocks).orElse(false);
    }
    long enough = (long) Math.ceil(FEWEST / source.validationFraction()) + 1;
    return files.countUpTo(enough) * source.validationFraction() < FEWEST;
  }

  /** Whether a document read from a place is held out; those of files of their own come first. */
  boolean test(DocumentLocation location, ContentHash document) {
    if (files.heldOut().contains(location)) {
      ofFiles.add(document);
    }
    return test(document);
  }

  /** Whether a document that has been read is held out. */
  boolean test(ContentHash document) {
    return document.isValidation(source.validationFraction())
        || files.earlier().filter(split -> split.contains(document)).isPresent()
        || ofFiles.contains(document);
  }

  /**
   * Checks that there is something on both sides, and all that an earlier corpus held out.
   *
   * @param documents all there are
   * @param validation how many of them are held out
   * @param firstBinary ", such as X" where something was left out as binary
   * @throws BadInputException where there is not
   */
  void requireBothSides(DocumentBuckets documents, long validation, String firstBinary) {
    long all = documents.size();
    if (all == 0) {
      throw BadInputException.of(
          "corpus: all %d files in %s are empty or binary%s; text would do",
          files.locations().size(), source.files(), firstBinary);
    }
    files.earlier().ifPresent(split -> split.requireAll(documents));
    if (source.holdsOutByContent()) {
      requireBothSides(all, validation, firstBinary);
    } else if (validation == 0) {
      throw BadInputException.of(
          "corpus: nothing in validation_files %s is text that could be held out%s; text would do",
          source.validationFiles(), firstBinary);
    } else if (validation == all) {
      throw BadInputException.of(
          "corpus: all text in %s is held out by %s; more text would do",
          source.files(),
          files.earlier().isPresent()
              ? "validation_as_in " + source.validationAsIn()
              : "validation_files " + source.validationFiles());
    }
  }

  private void requireBothSides(long all, long validation, String firstBinary) {
    if (validation > 0 && validation < all) {
      return;
    }
    throw all == 1
        ? BadInputException.of(
            "corpus: %s has one document%s, which cannot be in both splits; more text would do, or"
                + " a corpus.document_separator that cuts it",
            source.files(), firstBinary)
        : BadInputException.of(
            "corpus: none of %d distinct documents fell to the %s split at validation_fraction"
                + " %s, which goes by content%s; more documents would do (one per file, or cut at"
                + " a corpus.document_separator), or another fraction",
            all,
            validation == 0 ? TokenStore.VALIDATION : TokenStore.TRAIN,
            source.validationFraction(),
            firstBinary);
  }
}
