package org.isoflop.harness.data;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.isoflop.harness.AtomicFiles;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.Cache;
import org.isoflop.harness.Sha256;
import org.isoflop.harness.data.CorpusStatistics.NearDuplicate;
import org.isoflop.harness.data.ParallelEncoding.Made;
import org.isoflop.harness.data.StoreManifest.Shard;
import org.isoflop.harness.data.formats.DocumentLocation;
import org.isoflop.harness.data.formats.DocumentReader;
import org.isoflop.harness.data.formats.LeftOut;
import org.isoflop.harness.data.tokenizers.Tokenizer;

/**
 * A corpus, read once: every document is hashed, put on its side of the split, measured and, where
 * its tokens are to be kept, encoded. Documents are encoded on several threads, and what a corpus
 * comes to does not hang on how many. Of each document some ten bytes stay in memory, so that a
 * corpus may be larger than it.
 *
 * <p>{@link #store} puts the tokens in the order of their documents' hashes, which no file order,
 * file name or archive can change. What was measured is therefore what is stored, whatever happens
 * to the corpus meanwhile.
 */
public final class CorpusReading implements AutoCloseable {

  /** A file that is full, give or take a document: one a person can still copy and check. */
  private static final long SHARD_TOKENS = 1L << 30;

  static final int THREADS = Runtime.getRuntime().availableProcessors();

  private final Tokenizer tokenizer;
  private final boolean keepsTokens;
  private final CorpusFiles files;
  private final HeldOut heldOut;
  private final NearDuplicates near;
  private final boolean inBlocks;
  private final DocumentBuckets kept;
  private final Side train = new Side();
  private final Side validation = new Side();
  private final ByteArrayOutputStream validationHashes = new ByteArrayOutputStream();
  private final BigramCounts bytes = new BigramCounts();
  private final Map<LeftOut, Long> leftOut;
  private final CorpusRemarks remarks;
  private final TokenCheck tokenCheck;
  private final DocumentSet nearLeft = new DocumentSet();
  private final Map<ContentHash, NearDuplicate> nearExamples = new TreeMap<>();
  private long sumOfHashes;
  private long notUtf8;
  private Optional<CorpusStatistics> statistics = Optional.empty();

  /** Hears how far a reading is. */
  public interface Progress {
    /** Where nobody listens. */
    Progress NONE = (bytes, ofBytes, documents, tokens) -> {};

    /**
     * Called often.
     *
     * @param bytes read of the files, as they lie on the disk
     * @param ofBytes that they have
     * @param documents distinct ones so far
     * @param tokens so far
     */
    void at(long bytes, long ofBytes, long documents, long tokens);

    /** Called at first, where so many documents were encoded before, by a reading cut off. */
    default void goesOn(long documents) {}
  }

  private CorpusReading(
      CorpusFiles files,
      NearDuplicates near,
      Tokenizer tokenizer,
      boolean keepsTokens,
      DocumentBuckets kept) {
    this.near = near;
    this.tokenizer = tokenizer;
    this.keepsTokens = keepsTokens;
    this.kept = kept;
    this.files = files;
    this.heldOut = new HeldOut(files);
    this.inBlocks = heldOut.cutsIntoBlocks();
    this.leftOut = new EnumMap<>(LeftOut.class);
    leftOut.putAll(files.leftOut());
    this.remarks = new CorpusRemarks(files);
    this.tokenCheck = new TokenCheck(tokenizer);
  }

  /**
   * Returns the statistics of a corpus, which is read for them unless it is as it was when it was
   * last read; writes nothing else.
   *
   * @param cache remembers what the corpus came to
   * @throws BadInputException where nothing is text, a document cannot be read, or a split is empty
   */
  public static CorpusStatistics measure(CorpusFiles files, Tokenizer tokenizer, Cache cache) {
    CorpusMemory memory = new CorpusMemory(cache, tokenizer, files);
    return memory.recall().orElseGet(() -> read(files, tokenizer, memory));
  }

  private static CorpusStatistics read(
      CorpusFiles files, Tokenizer tokenizer, CorpusMemory memory) {
    Path folder = Path.of(System.getProperty("java.io.tmpdir"));
    NearDuplicates near = NearDuplicates.of(files, tokenizer, folder, Progress.NONE);
    DocumentBuckets kept = DocumentBuckets.withoutName(folder);
    try (CorpusReading reading = new CorpusReading(files, near, tokenizer, false, kept)) {
      reading.readAll(memory, Progress.NONE);
      return reading.statistics();
    }
  }

  /**
   * Reads a corpus and keeps its tokens until it is closed. Needs disk space for them.
   *
   * @param folder where they will be stored; what is kept meanwhile lies near it, on the same disk,
   *     in a file without a name, which no crash can leave behind
   * @param cache remembers what the corpus came to
   * @param progress hears how far it is
   * @throws BadInputException as {@link #measure}
   * @throws UncheckedIOException where the tokens cannot be written, or the disk is full
   */
  public static CorpusReading keeping(
      CorpusFiles files, Tokenizer tokenizer, Path folder, Cache cache, Progress progress) {
    NearDuplicates near = NearDuplicates.of(files, tokenizer, folder, progress);
    DocumentBuckets kept = DocumentBuckets.withoutName(folder);
    return keeping(files, near, tokenizer, kept, cache, progress);
  }

  /**
   * Reads a corpus as {@link #keeping} does, but keeps what is encoded in a file of the folder
   * until it is stored, where a reading that was cut off has left it and this one goes on: the text
   * is read from the start, and what was encoded is not encoded again.
   *
   * @param near what is left out
   * @param folder where the tokens will be stored
   * @throws BadInputException as {@link #measure}, and where another process is at it
   */
  public static CorpusReading goingOn(
      CorpusFiles files,
      NearDuplicates near,
      Tokenizer tokenizer,
      Path folder,
      Cache cache,
      Progress progress) {
    // Tokens that somebody else has made are found by their text, which others may have made too.
    String encoder =
        tokenizer.identity()
            + (files.source().asksForTokens()
                ? " " + files.source() + " " + files.fingerprint()
                : "");
    DocumentBuckets kept = DocumentBuckets.goingOn(folder.resolve(TokenStore.UNFINISHED), encoder);
    return keeping(files, near, tokenizer, kept, cache, progress);
  }

  static CorpusReading keeping(
      CorpusFiles files,
      NearDuplicates near,
      Tokenizer tokenizer,
      DocumentBuckets kept,
      Cache cache,
      Progress progress) {
    try {
      CorpusReading reading = new CorpusReading(files, near, tokenizer, true, kept);
      if (kept.documentsBefore() > 0) {
        progress.goesOn(kept.documentsBefore());
      }
      reading.readAll(new CorpusMemory(cache, tokenizer, files), progress);
      return reading;
    } catch (RuntimeException | Error e) {
      kept.close();
      throw e;
    }
  }

  private void readAll(CorpusMemory memory, Progress progress) {
    List<DocumentLocation> locations = files.locations();
    Made wanted = keepsTokens ? Made.TOKENS : Made.COUNTS;
    try (DocumentReader reader =
            new DocumentReader(files.source(), inBlocks, Optional.of(tokenizer));
        ParallelEncoding encoding =
            new ParallelEncoding(tokenizer, wanted, THREADS, kept::before, this::add)) {
      long before = near == NearDuplicates.NONE ? 0 : files.bytes();
      long ofBytes = before + files.bytes();
      Runnable step =
          () ->
              progress.at(
                  before + reader.bytes(), ofBytes, kept.size(), train.tokens + validation.tokens);
      for (DocumentLocation location : locations) {
        OneFile file = new OneFile(location, encoding, step);
        reader.read(location, file);
        if (file.inBlocks) {
          remarks.inBlocks(location, file.documents);
        }
        step.run();
      }
      encoding.finish();
      tokenCheck.end().ifPresent(remarks::others);
      reader.requireIncluded();
    }
    near.requireSame(kept.size() + nearLeft.size(), sumOfHashes);
    heldOut.requireBothSides(kept, validation.documents, remarks.firstBinary());
    memory.remember(statistics());
  }

  /** The documents of one file on their way in. */
  private final class OneFile implements DocumentReader.Documents {
    private final DocumentLocation location;
    private final ParallelEncoding encoding;
    private final Runnable step;
    private long documents;
    private long ids;
    private boolean inBlocks;

    OneFile(DocumentLocation location, ParallelEncoding encoding, Runnable step) {
      this.location = location;
      this.encoding = encoding;
      this.step = step;
    }

    @Override
    public void text(byte[] text) {
      documents++;
      encoding.add(location, text);
      step.run();
    }

    @Override
    public void tokens(int[] ids) {
      encoding.add(location, ids, TokenCheck.looksAt(documents, this.ids));
      documents++;
      this.ids += ids.length;
      step.run();
    }

    @Override
    public void binary(String kind) {
      leave(LeftOut.BINARY);
      remarks.binary(location, kind);
    }

    @Override
    public void leftOut(LeftOut reason) {
      leave(reason);
    }

    @Override
    public void inBlocks() {
      inBlocks = true;
    }
  }

  private void add(ParallelEncoding.Encoded document) {
    tokenCheck.add(document.location(), document.others());
    if (document.leftOut().isPresent()) {
      leave(document.leftOut().get());
      if (document.leftOut().get() == LeftOut.BINARY) {
        remarks.binary(document.location(), "tokens of a text with NUL bytes");
      }
      return;
    }
    if (near.contains(document.hash())) {
      leaveNear(document);
      return;
    }
    if (!kept.add(document.hash(), document.made())) {
      leave(LeftOut.DUPLICATE);
      return;
    }
    sumOfHashes += document.hash().a();
    if (!document.isUtf8()) {
      notUtf8++;
      remarks.notUtf8(document.location());
    }
    if (heldOut.test(document.location(), document.hash())) {
      validation.add(document);
    } else {
      train.add(document);
      bytes.add(document.text());
    }
  }

  private void leaveNear(ParallelEncoding.Encoded document) {
    ContentHash hash = document.hash();
    if (!nearLeft.add(hash)) {
      leave(LeftOut.DUPLICATE);
      return;
    }
    leave(LeftOut.NEAR_DUPLICATE);
    sumOfHashes += hash.a();
    near.example(hash, document.text()).ifPresent(example -> nearExamples.put(hash, example));
  }

  private void leave(LeftOut reason) {
    leftOut.merge(reason, 1L, Long::sum);
  }

  /** Returns what the corpus comes to. */
  public CorpusStatistics statistics() {
    if (statistics.isEmpty()) {
      MessageDigest hash = Sha256.digest();
      kept.hashes()
          .forEach(
              document -> {
                byte[] bytes = document.bytes();
                hash.update(bytes);
                if (heldOut.test(document)) {
                  validationHashes.writeBytes(bytes);
                }
              });
      CorpusStatistics found =
          new CorpusStatistics(
              kept.size(),
              train.documents,
              validation.documents,
              leftOut,
              notUtf8,
              train.tokens,
              validation.tokens,
              train.bytes,
              validation.bytes,
              bytes.unigramNats(),
              bytes.bigramNats(),
              Sha256.hex(hash),
              Sha256.hex(validationHashes.toByteArray()),
              List.copyOf(nearExamples.values()),
              remarks.warnings(leftOut, kept.size(), notUtf8));
      statistics =
          Optional.of(
              tokenizer.losesText().map(CorpusRemarks::losing).map(found::warnedOf).orElse(found));
    }
    return statistics.get();
  }

  /**
   * Writes the tokens into a token store and opens it. What an earlier one left in the folder is
   * replaced; a process that has the old files mapped keeps them.
   *
   * @param folder made where missing
   * @param tokenizerName what a configuration calls the tokenizer
   * @param hashesInputs whether the files that were read are to be known by their hashes too
   * @throws UncheckedIOException where the folder cannot be written, or the disk is full
   */
  public TokenStore store(Path folder, String tokenizerName, boolean hashesInputs) {
    return store(folder, tokenizerName, hashesInputs, SHARD_TOKENS);
  }

  TokenStore store(Path folder, String tokenizerName, boolean hashesInputs, long shardTokens) {
    CorpusStatistics comesTo = statistics();
    TokenStore.delete(folder);
    StoreWriter writer = new StoreWriter(folder, tokenizer, shardTokens);
    List<Shard> validationShards = writer.write(TokenStore.VALIDATION, kept.sorted(heldOut::test));
    List<Shard> trainShards =
        writer.write(TokenStore.TRAIN, kept.sorted(document -> !heldOut.test(document)));
    AtomicFiles.Content<OutputStream> hashes = validationHashes::writeTo;
    AtomicFiles.write(folder.resolve(EarlierSplit.FILE), hashes);
    new StoreManifest(
            StoreManifest.FORMAT,
            tokenizer.identity(),
            tokenizerName,
            tokenizer.vocabulary(),
            tokenizer.separator(),
            tokenizer.bytesPerToken(),
            files.source(),
            hashesInputs ? CorpusInput.of(files) : List.of(),
            inBlocks,
            files.fingerprint(),
            comesTo,
            trainShards,
            validationShards)
        .write(folder.resolve(TokenStore.MANIFEST));
    TokenStore.deleteUnfinished(folder);
    return TokenStore.open(folder);
  }

  /** Gives the disk space back. */
  @Override
  public void close() {
    kept.close();
  }

  /** What one side of the split comes to. */
  private static final class Side {
    private long documents;
    private long tokens;
    private long bytes;

    void add(ParallelEncoding.Encoded document) {
      documents++;
      tokens += 1 + document.count();
      bytes += document.text().length;
    }
  }
}
