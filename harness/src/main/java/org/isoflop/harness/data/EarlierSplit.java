package org.isoflop.harness.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.isoflop.harness.BadInputException;

/**
 * What an earlier corpus held out, to be held out again whatever text is added: the file {@value
 * #FILE} beside a store's manifest has the SHA-256 of each document, 32 bytes, in order. The
 * SHA-256 of the file is {@link CorpusStatistics#validationHash}.
 */
final class EarlierSplit {

  static final String FILE = "validation.hashes";

  /** Where a sweep has its token store. */
  private static final String OF_SWEEP = "tokens";

  private final CorpusSource asked;
  private final StoreManifest manifest;
  private final ByteBuffer hashes;

  private EarlierSplit(CorpusSource asked, StoreManifest manifest, ByteBuffer hashes) {
    this.asked = asked;
    this.manifest = manifest;
    this.hashes = hashes;
  }

  /**
   * Reads what a source asks to hold out as an earlier corpus did; empty where it does not.
   *
   * @throws BadInputException where there is no sound token store
   */
  static Optional<EarlierSplit> of(CorpusSource source) {
    if (source.validationAsIn().isEmpty()) {
      return Optional.empty();
    }
    Path named = path(source.validationAsIn());
    Path folder =
        Stream.of(named, named.resolve(OF_SWEEP))
            .filter(TokenStore::exists)
            .findFirst()
            .orElseThrow(
                () ->
                    BadInputException.of(
                        "corpus: validation_as_in: there is no %s in %s; the folder of an 'isoflop"
                            + " tokenize' or of a sweep that has begun would do",
                        TokenStore.MANIFEST, named));
    StoreManifest manifest = StoreManifest.read(folder.resolve(TokenStore.MANIFEST));
    Path file = folder.resolve(FILE);
    byte[] content;
    try {
      content = Files.readAllBytes(file);
    } catch (IOException e) {
      throw BadInputException.of(
          "%s: cannot be read (%s); make the tokens of %s again", file, e, folder);
    }
    String found = ContentHash.hex(content);
    CorpusStatistics statistics = manifest.statistics();
    if (!found.equals(statistics.validationHash())
        || content.length != ContentHash.BYTES * statistics.validationDocuments()) {
      throw BadInputException.of(
          "%s: its SHA-256 is %s, but %s says %s; it is damaged or another corpus's, make the tokens"
              + " of %s again",
          file, found, TokenStore.MANIFEST, statistics.validationHash(), folder);
    }
    return Optional.of(new EarlierSplit(source, manifest, ByteBuffer.wrap(content)));
  }

  private static Path path(String name) {
    try {
      return Path.of(name);
    } catch (InvalidPathException e) {
      throw BadInputException.of(
          "corpus: validation_as_in: '%s' is not a path (%s)", name, e.getReason());
    }
  }

  /** Returns what tells this split from others. */
  String hash() {
    return manifest.statistics().validationHash();
  }

  /** Whether texts were cut into blocks there, and so must be again. */
  boolean inBlocks() {
    return manifest.inBlocks();
  }

  /** Whether a document was held out, by binary search. */
  boolean contains(ContentHash document) {
    int low = 0;
    int high = size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = at(middle).compareTo(document);
      if (order == 0) {
        return true;
      }
      low = order < 0 ? middle + 1 : low;
      high = order < 0 ? high : middle - 1;
    }
    return false;
  }

  /**
   * Checks that all of it has been found again.
   *
   * @param known the documents of the text
   * @throws BadInputException where some has not
   */
  void requireAll(DocumentBuckets known) {
    List<ContentHash> missing =
        IntStream.range(0, size())
            .mapToObj(this::at)
            .filter(document -> !known.contains(document))
            .toList();
    if (!missing.isEmpty()) {
      throw BadInputException.of(
          "corpus: %,d of the %,d documents that %s holds out are not in the text, such as the one"
              + " whose SHA-256 is %s; all of its text (%s), cut as there%s, with more beside it"
              + " would do",
          missing.size(),
          size(),
          asked.validationAsIn(),
          missing.get(0),
          manifest.source().files(),
          otherCut());
    }
  }

  /** Returns what is asked for otherwise than there; nothing where all of it is the same. */
  private String otherCut() {
    CorpusSource there = manifest.source();
    String other =
        (there.text().equals(asked.text()) ? "" : ", text: " + there.text())
            + (there.include().equals(asked.include()) ? "" : ", include: " + there.include())
            + (there.documentSeparator().equals(asked.documentSeparator())
                ? ""
                : ", document_separator: '" + there.documentSeparator() + "'");
    return other.isEmpty() ? "" : " (" + other.substring(2) + ")";
  }

  private int size() {
    return hashes.limit() / ContentHash.BYTES;
  }

  private ContentHash at(int index) {
    return ContentHash.from(hashes.duplicate().position(index * ContentHash.BYTES));
  }
}
