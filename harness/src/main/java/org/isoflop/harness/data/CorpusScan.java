package org.isoflop.harness.data;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.isoflop.harness.BadInputException;

/**
 * The one pass that reads a corpus whole: hashes, splits and measures every document, and keeps of
 * each only its hash and where it lies, a few hundred bytes, so that a corpus may be larger than
 * memory. Documents come out in the order of their hashes, which no file order, file name or
 * archive can change.
 *
 * @param statistics what the corpus comes to
 * @param train documents of the train split, by hash
 * @param validation documents of the validation split, by hash
 */
record CorpusScan(CorpusStatistics statistics, List<Document> train, List<Document> validation) {

  /** A document's identity, and where to read it again. */
  record Document(ContentHash hash, DocumentLocation location) {}

  /**
   * Reads every document of a corpus once.
   *
   * @throws BadInputException where nothing is found, nothing is text, a document cannot be read, a
   *     split is empty, or one is too long to store
   */
  static CorpusScan of(CorpusSource source, Tokenizer tokenizer, DocumentReader reader) {
    List<DocumentLocation> locations = CorpusFiles.of(source, reader);
    Side train = new Side("train", tokenizer);
    Side validation = new Side("validation", tokenizer);
    BigramCounts bigrams = new BigramCounts();
    Set<ContentHash> known = new HashSet<>();
    long skipped = 0;
    long duplicates = 0;
    for (DocumentLocation location : locations) {
      Optional<byte[]> text = reader.read(location);
      if (text.isEmpty()) {
        skipped++;
        continue;
      }
      byte[] bytes = text.get();
      ContentHash hash = ContentHash.of(bytes);
      if (!known.add(hash)) {
        duplicates++;
      } else if (hash.isValidation(source.validationFraction())) {
        validation.add(new Document(hash, location), bytes);
      } else {
        train.add(new Document(hash, location), bytes);
        bigrams.add(bytes);
      }
    }
    requireBothSides(source, train, validation, skipped);
    CorpusStatistics statistics =
        new CorpusStatistics(
            known.size(),
            train.documents.size(),
            validation.documents.size(),
            duplicates,
            skipped,
            train.tokens,
            validation.tokens,
            train.bytes,
            validation.bytes,
            bigrams.unigramNats(),
            bigrams.bigramNats(),
            hash(known));
    return new CorpusScan(statistics, train.sorted(), validation.sorted());
  }

  private static void requireBothSides(
      CorpusSource source, Side train, Side validation, long skipped) {
    int documents = train.documents.size() + validation.documents.size();
    if (documents == 0) {
      throw BadInputException.of(
          "corpus: all %d documents in %s are empty or binary; text would do (archives that lie in a"
              + " folder are not opened: name them, as with folder/**/*.jar)",
          skipped, source.files());
    }
    for (Side side : List.of(validation, train)) {
      if (side.documents.isEmpty()) {
        throw BadInputException.of(
            "corpus: none of %d distinct documents fell to the %s split at validation_fraction %s,"
                + " which goes by content; more documents (one per file), or another fraction, would"
                + " do",
            documents, side.name, source.validationFraction());
      }
    }
  }

  private static String hash(Set<ContentHash> documents) {
    MessageDigest digest = ContentHash.sha256();
    documents.stream().sorted().forEach(hash -> hash.addTo(digest));
    return HexFormat.of().formatHex(digest.digest());
  }

  /**
   * Refuses a split that one buffer cannot hold.
   *
   * @param tokens tokens of the split
   */
  static void requireStorable(String split, long tokens, int bytesPerToken) {
    if (tokens > Integer.MAX_VALUE / bytesPerToken) {
      throw BadInputException.of(
          "corpus: the %s split is longer than 2^31 - 1 bytes (%d tokens of %d bytes); fewer files, or"
              + " a narrower include, would do",
          split, Integer.MAX_VALUE / bytesPerToken, bytesPerToken);
    }
  }

  /** What has been counted of one split. */
  private static final class Side {
    private final String name;
    private final Tokenizer tokenizer;
    private final List<Document> documents = new ArrayList<>();
    private long tokens;
    private long bytes;

    Side(String name, Tokenizer tokenizer) {
      this.name = name;
      this.tokenizer = tokenizer;
    }

    void add(Document document, byte[] text) {
      documents.add(document);
      bytes += text.length;
      tokens++;
      tokenizer.encode(text, token -> tokens++);
      requireStorable(name, tokens, tokenizer.bytesPerToken());
    }

    List<Document> sorted() {
      return documents.stream().sorted(Comparator.comparing(Document::hash)).toList();
    }
  }
}
