package org.isoflop.harness.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.Sha256;
import org.isoflop.harness.data.formats.CorpusSource;
import org.isoflop.harness.data.tokenizers.Tokenizer;
import org.isoflop.harness.data.tokenizers.Tokenizers;
import org.isoflop.harness.data.windows.Tokens;

/**
 * What an earlier corpus held out, to be held out again whatever text is added: the file {@value
 * #FILE} beside a store's manifest has the SHA-256 of each document, 32 bytes, in order. The
 * SHA-256 of the file is {@link CorpusStatistics#validationHash}.
 */
final class EarlierSplit {

  static final String FILE = "validation.hashes";

  /** Tokens that are read at once, and enough for a document's first words. */
  private static final int EXCERPT = 1 << 10;

  /** Where a sweep has its token store. */
  private static final String OF_SWEEP = "tokens";

  private final CorpusSource asked;
  private final Path folder;
  private final StoreManifest manifest;
  private final ByteBuffer hashes;

  private EarlierSplit(CorpusSource asked, Path folder, StoreManifest manifest, ByteBuffer hashes) {
    this.asked = asked;
    this.folder = folder;
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
    String found = Sha256.hex(content);
    CorpusStatistics statistics = manifest.statistics();
    if (!found.equals(statistics.validationHash())
        || content.length != ContentHash.BYTES * statistics.validationDocuments()) {
      throw BadInputException.of(
          "%s: its SHA-256 is %s, but %s says %s; it is damaged or another corpus's, make the"
              + " tokens of %s again",
          file, found, TokenStore.MANIFEST, statistics.validationHash(), folder);
    }
    return Optional.of(new EarlierSplit(source, folder, manifest, ByteBuffer.wrap(content)));
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
    int[] missing = IntStream.range(0, size()).filter(i -> !known.contains(at(i))).toArray();
    if (missing.length > 0) {
      throw BadInputException.of(
          "corpus: %,d of the %,d documents that %s holds out are not in the text, such as the one"
              + " %s SHA-256 is %s; all of its text (%s), cut as there%s, with more beside it"
              + " would do",
          missing.length,
          size(),
          asked.validationAsIn(),
          beginning(missing[0]).map(text -> "that begins \"" + text + "\", whose").orElse("whose"),
          at(missing[0]),
          manifest.source().files(),
          otherCut());
    }
  }

  /** Returns the first words of a document, as far as its tokens and their tokenizer are there. */
  private Optional<String> beginning(int index) {
    try {
      Tokenizer tokenizer = Tokenizers.named(manifest.tokenizerName());
      Tokens tokens = TokenStore.open(folder).validation();
      int before = -1;
      for (long at = 0; at < tokens.count(); at += EXCERPT) {
        int[] some = tokens.read((int) Math.min(EXCERPT, tokens.count() - at), at);
        for (int i = 0; i < some.length; i++) {
          before += some[i] == manifest.separator() ? 1 : 0;
          if (before == index && tokenizer.identity().equals(manifest.tokenizer())) {
            long from = at + i + 1;
            int[] first = tokens.read((int) Math.min(EXCERPT, tokens.count() - from), from);
            int length = 0;
            while (length < first.length && first[length] != manifest.separator()) {
              length++;
            }
            byte[] text = tokenizer.decode(Arrays.copyOf(first, length));
            return Optional.of(NearDuplicates.beginning(text));
          }
        }
      }
    } catch (BadInputException e) {
      // Its hash has to do.
    }
    return Optional.empty();
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
