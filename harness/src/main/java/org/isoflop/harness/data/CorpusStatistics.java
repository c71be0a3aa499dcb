package org.isoflop.harness.data;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.isoflop.harness.BitsPerByte;
import org.isoflop.harness.data.formats.CorpusSource;
import org.isoflop.harness.data.formats.DocumentSource;
import org.isoflop.harness.data.formats.LeftOut;
import org.isoflop.harness.data.formats.TextCutter;

/**
 * What a corpus comes to, so that a plan can count epochs and a report can say exactly which text
 * was trained on.
 *
 * <p>A document is a file, an archive's entry, or a piece of one, see {@link TextCutter}, or what a
 * format has as one, a line or a row, see {@link DocumentSource}; its line ends are LF and no
 * blanks stand around it. Documents that are empty or hold a NUL byte are left out; of equal
 * documents one is kept. The SHA-256 of its bytes decides a document's side: read as a number in
 * [0, 1), it is in the validation split where it lies below the fraction held out. So no document
 * is on both sides, none changes sides when others are added, and the fraction holds for the number
 * of documents in the long run, not exactly and not for bytes. Where the validation split is pinned
 * instead, see {@link CorpusSource}, it is a set of such hashes.
 *
 * <p>A split's tokens are those of its documents with one separator before each; its bytes are the
 * documents' own, without separators.
 *
 * @param documents distinct documents kept, in both splits
 * @param trainDocuments documents in the train split
 * @param validationDocuments documents in the validation split
 * @param leftOut what lay in the corpus and was left out, by reason; reasons without any are absent
 * @param notUtf8 documents kept whose bytes are not UTF-8
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
 * @param validationHash the same of the documents held out: losses over equal ones compare,
 *     whatever was trained on
 * @param nearDuplicates a few of those left out
 * @param warnings what is suspicious about the corpus, one sentence each
 */
public record CorpusStatistics(
    long documents,
    long trainDocuments,
    long validationDocuments,
    Map<LeftOut, Long> leftOut,
    long notUtf8,
    long trainTokens,
    long validationTokens,
    long trainBytes,
    long validationBytes,
    double unigramNats,
    double bigramNats,
    String hash,
    String validationHash,
    @JsonSetter(nulls = Nulls.AS_EMPTY) List<NearDuplicate> nearDuplicates,
    List<String> warnings) {

  private static final String SHA_256 = "[0-9a-f]{64}";

  /**
   * A document that is left out because it is nearly another.
   *
   * @param document where it lies
   * @param of where the other lies
   * @param similarity of both, estimated, see {@link MinHash}
   * @param begins its first words
   */
  public record NearDuplicate(String document, String of, double similarity, String begins) {}

  /** Refuses counts that do not add up. */
  public CorpusStatistics {
    leftOut = Collections.unmodifiableMap(new TreeMap<>(leftOut));
    nearDuplicates = List.copyOf(nearDuplicates);
    warnings = List.copyOf(warnings);
    if (trainDocuments < 1
        || validationDocuments < 1
        || documents != trainDocuments + validationDocuments
        || notUtf8 < 0
        || notUtf8 > documents
        || trainBytes < trainDocuments
        || validationBytes < validationDocuments
        || trainTokens < trainDocuments
        || validationTokens < validationDocuments
        || !(bigramNats >= 0)
        || !(unigramNats >= 0)
        || !hash.matches(SHA_256)
        || !validationHash.matches(SHA_256)) {
      throw new IllegalArgumentException("these counts do not belong to one corpus");
    }
  }

  /** Returns the same with a warning before the others. */
  public CorpusStatistics warnedOf(String warning) {
    return new CorpusStatistics(
        documents,
        trainDocuments,
        validationDocuments,
        leftOut,
        notUtf8,
        trainTokens,
        validationTokens,
        trainBytes,
        validationBytes,
        unigramNats,
        bigramNats,
        hash,
        validationHash,
        nearDuplicates,
        Stream.concat(Stream.of(warning), warnings.stream()).toList());
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
    return BitsPerByte.of(natsPerToken, tokensPerByte());
  }
}
