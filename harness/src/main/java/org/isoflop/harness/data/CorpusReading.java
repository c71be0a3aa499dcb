package org.isoflop.harness.data;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;
import org.isoflop.harness.AtomicFiles;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.Cache;
import org.isoflop.harness.data.StoreManifest.Shard;

/**
 * A corpus, read once: every document is hashed, put on its side of the split, measured and, where
 * its tokens are to be kept, encoded into a file without a name. Of each document only its hash and
 * the place of its tokens stay in memory, a hundred bytes, so that a corpus may be larger than it.
 *
 * <p>{@link #store} puts the tokens in the order of their documents' hashes, which no file order,
 * file name or archive can change. What was measured is therefore what is stored, whatever happens
 * to the corpus meanwhile.
 */
public final class CorpusReading implements AutoCloseable {

  /** A file that is full, give or take a document: one a person can still copy and check. */
  private static final long SHARD_TOKENS = 1L << 30;

  /** Fewer files than would hold out this many are cut into blocks. */
  private static final double FEWEST_HELD_OUT = 3;

  private final CorpusSource source;
  private final Tokenizer tokenizer;
  private final Optional<FileChannel> kept;
  private final TokenWriter tokens;
  private final CorpusFiles files;
  private final Side train = new Side(TokenStore.TRAIN);
  private final Side validation = new Side(TokenStore.VALIDATION);
  private final BigramCounts bytes = new BigramCounts();
  private final Set<ContentHash> known = new HashSet<>();
  private final Map<LeftOut, Long> leftOut;
  private final CorpusRemarks remarks;
  private long notUtf8;

  /** A document's identity, and where its tokens are kept. */
  private record Document(ContentHash hash, long at, int tokens) {}

  private CorpusReading(
      CorpusSource source, Tokenizer tokenizer, CorpusFiles files, Optional<Path> keepIn) {
    this.source = source;
    this.tokenizer = tokenizer;
    this.files = files;
    this.leftOut = new EnumMap<>(LeftOut.class);
    leftOut.putAll(files.leftOut());
    this.remarks = new CorpusRemarks(files);
    this.kept = keepIn.map(CorpusReading::unnamedFile);
    this.tokens =
        new TokenWriter(
            kept.map(Channels::newOutputStream).orElseGet(OutputStream::nullOutputStream),
            tokenizer);
  }

  /**
   * Returns the statistics of a corpus, which is read for them unless it is as it was when it was
   * last read; writes nothing else.
   *
   * @param own files and folders of the sweep itself, which are no text
   * @param cache remembers what the corpus came to
   * @throws BadInputException where nothing is found, nothing is text, a document cannot be read,
   *     or a split is empty
   */
  public static CorpusStatistics measure(
      CorpusSource source, Tokenizer tokenizer, Set<Path> own, Cache cache) {
    CorpusFiles files = CorpusFiles.of(source, own);
    CorpusMemory memory = new CorpusMemory(cache, source, tokenizer, files);
    return memory.recall().orElseGet(() -> read(source, tokenizer, files, memory));
  }

  private static CorpusStatistics read(
      CorpusSource source, Tokenizer tokenizer, CorpusFiles files, CorpusMemory memory) {
    try (CorpusReading reading = new CorpusReading(source, tokenizer, files, Optional.empty())) {
      reading.readAll(memory);
      return reading.statistics();
    }
  }

  /**
   * Reads a corpus and keeps its tokens until it is closed. Needs disk space for them.
   *
   * @param own files and folders of the sweep itself, which are no text
   * @param folder where they will be stored; what is kept meanwhile lies near it, on the same disk,
   *     in a file without a name, which no crash can leave behind
   * @param cache remembers what the corpus came to
   * @throws BadInputException as {@link #measure}
   * @throws UncheckedIOException where the tokens cannot be written, or the disk is full
   */
  public static CorpusReading keeping(
      CorpusSource source, Tokenizer tokenizer, Set<Path> own, Path folder, Cache cache) {
    CorpusFiles files = CorpusFiles.of(source, own);
    CorpusReading reading = new CorpusReading(source, tokenizer, files, Optional.of(folder));
    try {
      reading.readAll(new CorpusMemory(cache, source, tokenizer, files));
      return reading;
    } catch (RuntimeException | Error e) {
      reading.close();
      throw e;
    }
  }

  /**
   * Returns the {@link CorpusFiles#fingerprint} of a corpus without reading it.
   *
   * @throws BadInputException where nothing is found
   */
  static String fingerprint(CorpusSource source, Set<Path> own) {
    return CorpusFiles.of(source, own).fingerprint();
  }

  private void readAll(CorpusMemory memory) {
    List<DocumentLocation> locations = files.locations();
    boolean inBlocks = locations.size() * source.validationFraction() < FEWEST_HELD_OUT;
    try (DocumentReader reader = new DocumentReader(source, inBlocks)) {
      for (DocumentLocation location : locations) {
        OneFile file = new OneFile(location);
        DocumentReader.Outcome outcome = reader.read(location, file);
        if (file.documents + file.binaries == 0) {
          leave(LeftOut.EMPTY);
        }
        remarks.read(location, outcome, file.documents);
      }
    }
    tokens.flush();
    requireBothSides();
    memory.remember(statistics());
  }

  /** The documents of one file on their way in. */
  private final class OneFile implements DocumentReader.Documents {
    private final DocumentLocation location;
    private long documents;
    private long binaries;

    OneFile(DocumentLocation location) {
      this.location = location;
    }

    @Override
    public void text(byte[] text) {
      documents++;
      ContentHash hash = ContentHash.of(text);
      if (!known.add(hash)) {
        leave(LeftOut.DUPLICATE);
        return;
      }
      if (!DocumentReader.isUtf8(text)) {
        notUtf8++;
        remarks.notUtf8(location);
      }
      boolean heldOut = hash.isValidation(source.validationFraction());
      (heldOut ? validation : train).add(hash, text);
      if (!heldOut) {
        bytes.add(text);
      }
    }

    @Override
    public void binary(String kind) {
      binaries++;
      leave(LeftOut.BINARY);
      remarks.binary(location, kind);
    }
  }

  private void leave(LeftOut reason) {
    leftOut.merge(reason, 1L, Long::sum);
  }

  private void requireBothSides() {
    if (known.isEmpty()) {
      throw BadInputException.of(
          "corpus: all %d files in %s are empty or binary%s; text would do",
          files.locations().size(), source.files(), remarks.firstBinary());
    }
    for (Side side : List.of(validation, train)) {
      if (side.documents.isEmpty()) {
        throw known.size() == 1
            ? BadInputException.of(
                "corpus: %s has one document%s, which cannot be in both splits; more text would do, or"
                    + " a corpus.document_separator that cuts it",
                source.files(), remarks.firstBinary())
            : BadInputException.of(
                "corpus: none of %d distinct documents fell to the %s split at validation_fraction"
                    + " %s, which goes by content%s; more documents would do (one per file, or cut at"
                    + " a corpus.document_separator), or another fraction",
                known.size(), side.name, source.validationFraction(), remarks.firstBinary());
      }
    }
  }

  /** Returns what the corpus comes to. */
  public CorpusStatistics statistics() {
    MessageDigest hash = ContentHash.sha256();
    known.stream().sorted().forEach(document -> document.addTo(hash));
    return new CorpusStatistics(
        known.size(),
        train.documents.size(),
        validation.documents.size(),
        leftOut,
        notUtf8,
        train.tokens(),
        validation.tokens(),
        train.bytes,
        validation.bytes,
        bytes.unigramNats(),
        bytes.bigramNats(),
        HexFormat.of().formatHex(hash.digest()),
        remarks.warnings(leftOut, known.size(), notUtf8));
  }

  /**
   * Writes the tokens into a token store and opens it. What an earlier one left in the folder is
   * replaced; a process that has the old files mapped keeps them.
   *
   * @param folder made where missing
   * @throws UncheckedIOException where the folder cannot be written, or the disk is full
   */
  public TokenStore store(Path folder) {
    return store(folder, SHARD_TOKENS);
  }

  TokenStore store(Path folder, long shardTokens) {
    TokenStore.delete(folder);
    List<Shard> trainShards = train.write(folder, shardTokens);
    List<Shard> validationShards = validation.write(folder, shardTokens);
    new StoreManifest(
            StoreManifest.FORMAT,
            tokenizer.name(),
            tokenizer.vocabulary(),
            tokenizer.separator(),
            tokenizer.bytesPerToken(),
            source,
            files.fingerprint(),
            statistics(),
            trainShards,
            validationShards)
        .write(folder.resolve(TokenStore.MANIFEST));
    return TokenStore.open(folder);
  }

  /** Gives the disk space back. */
  @Override
  public void close() {
    kept.ifPresent(
        file -> {
          try {
            file.close();
          } catch (IOException e) {
            throw new UncheckedIOException("cannot close the tokens kept", e);
          }
        });
  }

  /** Deleted as soon as it is opened, where the system can, and when it is closed, elsewhere. */
  private static FileChannel unnamedFile(Path folder) {
    Path existing = folder.toAbsolutePath();
    while (!Files.isDirectory(existing)) {
      existing = existing.getParent();
    }
    try {
      return FileChannel.open(
          existing.resolve(".isoflop-" + UUID.randomUUID()),
          StandardOpenOption.CREATE_NEW,
          StandardOpenOption.READ,
          StandardOpenOption.WRITE,
          StandardOpenOption.DELETE_ON_CLOSE);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write into " + existing + ": " + e.getMessage(), e);
    }
  }

  /** One side of the split. */
  private final class Side {
    private final String name;
    private final List<Document> documents = new ArrayList<>();
    private long encoded;
    private long bytes;

    Side(String name) {
      this.name = name;
    }

    /** Tokens with the separators. */
    long tokens() {
      return encoded + documents.size();
    }

    void add(ContentHash hash, byte[] text) {
      long start = tokens.count();
      int count = kept.isPresent() ? encode(text) : tokenizer.count(text);
      documents.add(new Document(hash, start, count));
      encoded += count;
      bytes += text.length;
    }

    private int encode(byte[] text) {
      long before = tokens.count();
      tokenizer.encode(text, tokens);
      return Math.toIntExact(tokens.count() - before);
    }

    /** Writes the split's files, each until a document fills it. */
    List<Shard> write(Path folder, long shardTokens) {
      documents.sort(Comparator.comparing(Document::hash));
      List<Shard> shards = new ArrayList<>();
      int next = 0;
      while (next < documents.size()) {
        int first = next;
        long held = 0;
        while (next < documents.size() && held < shardTokens) {
          held += 1 + documents.get(next++).tokens();
        }
        Path file = folder.resolve(TokenStore.file(name, shards.size()));
        shards.add(new Shard(held, write(file, documents.subList(first, next))));
      }
      return shards;
    }

    /** Writes one file and returns its checksum. */
    private String write(Path file, List<Document> part) {
      CRC32C crc = new CRC32C();
      AtomicFiles.write(
          file,
          out -> {
            OutputStream checked =
                new CheckedOutputStream(new BufferedOutputStream(out, 1 << 20), crc);
            for (Document document : part) {
              checked.write(separator());
              copy(document, checked);
            }
            checked.flush();
          });
      return TokenStore.hex(crc);
    }

    private void copy(Document document, OutputStream out) throws IOException {
      long at = document.at() * tokenizer.bytesPerToken();
      long end = at + (long) document.tokens() * tokenizer.bytesPerToken();
      ByteBuffer block = ByteBuffer.allocate((int) Math.min(end - at, 1 << 20));
      while (at < end) {
        block.clear().limit((int) Math.min(block.capacity(), end - at));
        int read = kept.orElseThrow().read(block, at);
        if (read < 0) {
          throw new IOException("the tokens kept are cut off");
        }
        out.write(block.array(), 0, read);
        at += read;
      }
    }

    private byte[] separator() {
      ByteBuffer token =
          ByteBuffer.allocate(tokenizer.bytesPerToken()).order(ByteOrder.LITTLE_ENDIAN);
      Tokens.put(token, tokenizer.bytesPerToken(), tokenizer.separator());
      return token.array();
    }
  }
}
