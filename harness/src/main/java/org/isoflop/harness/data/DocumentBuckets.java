package org.isoflop.harness.data;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.data.PieceFile.Piece;
import org.isoflop.harness.data.tokenizers.PairMap;
import org.isoflop.harness.data.tokenizers.Tokenizer;

/**
 * Distinct documents' tokens as they are read, given back in the order of their hashes: written
 * once, read once, in a memory that hardly grows with them. A distribution sort: a document goes
 * into one of 256 buckets by the first byte of its hash; what they hold goes to one file whenever
 * it comes to 64 MiB, each bucket's part in one piece; in the end one bucket at a time is sorted,
 * which takes some sixty bytes for each of its documents. What never comes to 64 MiB never sees a
 * disk.
 *
 * <p>Where the file has a name, see {@link #goingOn}, it is a journal of what was encoded, written
 * every half a minute at least: another process that reads the same text need not encode what it
 * finds there, whatever else has changed.
 */
final class DocumentBuckets implements AutoCloseable {

  private static final int COUNT = 1 << Byte.SIZE;
  private static final long MOST_IN_MEMORY = 1 << 26;
  private static final int HEADER = ContentHash.BYTES + Integer.BYTES;
  private static final Duration LONGEST_IN_MEMORY = Duration.ofSeconds(30);

  private final Supplier<PieceFile> files;
  private final int mostInMemory;
  private final Duration longestInMemory;
  private final List<Bucket> buckets = new ArrayList<>();
  private final DocumentSet known = new DocumentSet();

  /** Bytes of the tokens that an earlier process encoded, by document. */
  private final PairMap before = new PairMap();

  private long documentsBefore;
  private Optional<PieceFile> file = Optional.empty();
  private long inMemory;
  private long spilled = System.nanoTime();

  /**
   * A document given back.
   *
   * @param tokens in their stored form
   */
  @SuppressWarnings("ArrayRecordComponent") // a carrier out of the file, never compared
  record Document(ContentHash hash, byte[] tokens) {}

  /** Where a document's tokens begin, in the file or in its bucket's memory. */
  private record Entry(ContentHash hash, Optional<ByteBuffer> memory, long at, int length) {}

  /**
   * Prepares to take documents, into a file without a name, which no crash can leave behind.
   *
   * @param folder the file lies in it, or in the first above it that exists
   */
  static DocumentBuckets withoutName(Path folder) {
    return new DocumentBuckets(
        () -> PieceFile.withoutName(folder), mostInMemory(), Duration.ofNanos(Long.MAX_VALUE));
  }

  /**
   * Prepares to take documents.
   *
   * @param files makes the file, empty, to be read and written; asked at most once
   * @param mostInMemory bytes
   * @param longestInMemory after which an addition writes what is there
   */
  DocumentBuckets(Supplier<PieceFile> files, int mostInMemory, Duration longestInMemory) {
    this.files = files;
    this.mostInMemory = mostInMemory;
    this.longestInMemory = longestInMemory;
    for (int i = 0; i < COUNT; i++) {
      buckets.add(new Bucket());
    }
  }

  private static int mostInMemory() {
    return (int) Math.min(MOST_IN_MEMORY, Runtime.getRuntime().maxMemory() / 16);
  }

  /**
   * Prepares to take documents into a file with a name, and finds what an earlier process left
   * there. What follows a piece that is not whole is dropped, and so is all where it is another
   * tokenizer's.
   *
   * @param path made where missing, as soon as there is something to write
   * @param tokenizer the {@link Tokenizer#identity} of what encodes the documents, and what else
   *     their tokens hang on
   * @throws BadInputException where another process is writing it
   * @throws java.io.UncheckedIOException where it cannot be read or written
   */
  static DocumentBuckets goingOn(Path path, String tokenizer) {
    return goingOn(path, tokenizer, mostInMemory(), LONGEST_IN_MEMORY);
  }

  static DocumentBuckets goingOn(
      Path path, String tokenizer, int mostInMemory, Duration longestInMemory) {
    DocumentBuckets buckets =
        new DocumentBuckets(() -> PieceFile.named(path, tokenizer), mostInMemory, longestInMemory);
    if (Files.exists(path)) {
      PieceFile file = buckets.files.get();
      buckets.file = Optional.of(file);
      try {
        file.find(buckets::find);
      } catch (RuntimeException e) {
        buckets.close();
        throw e;
      }
    }
    return buckets;
  }

  private void find(Piece piece, ByteBuffer content) {
    List<Entry> entries = new ArrayList<>();
    list(content, Optional.empty(), piece.at(), entries);
    buckets.get(entries.get(0).hash().firstByte()).pieces.add(piece);
    entries.forEach(entry -> before.put(key(entry.hash()), entry.length()));
    documentsBefore += entries.size();
  }

  /** Of the bits that {@link DocumentSet} tells documents by, all but one. */
  private static long key(ContentHash hash) {
    return hash.b() >>> 1;
  }

  /** Returns how many documents an earlier process encoded. */
  long documentsBefore() {
    return documentsBefore;
  }

  /**
   * Returns the bytes of the tokens of a document that an earlier process encoded, where it did.
   * May be asked by several threads.
   */
  OptionalInt before(ContentHash hash) {
    long length = before.get(key(hash), -1);
    return length < 0 ? OptionalInt.empty() : OptionalInt.of((int) length);
  }

  /**
   * Adds a document and returns whether it is new here.
   *
   * @param tokens in their stored form; not looked at where an earlier process encoded it
   * @throws java.io.UncheckedIOException where the disk is full
   */
  boolean add(ContentHash hash, byte[] tokens) {
    if (!known.add(hash)) {
      return false;
    }
    if (before(hash).isEmpty()) {
      buckets.get(hash.firstByte()).add(hash, tokens);
      inMemory += HEADER + tokens.length;
      if (inMemory >= mostInMemory || System.nanoTime() - spilled > longestInMemory.toNanos()) {
        spill();
      }
    }
    return true;
  }

  /** Returns whether a document was added. */
  boolean contains(ContentHash hash) {
    return known.contains(hash);
  }

  /** Returns how many documents were added. */
  long size() {
    return known.size();
  }

  /** Goes through the hashes of all documents, in order; none is added meanwhile. */
  Stream<ContentHash> hashes() {
    return entries().map(Entry::hash);
  }

  /**
   * Goes through some of the documents by hash; none is added meanwhile. Tokens of others are not
   * read.
   */
  Iterator<Document> sorted(Predicate<ContentHash> which) {
    Iterator<Entry> entries = entries().filter(entry -> which.test(entry.hash())).iterator();
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return entries.hasNext();
      }

      @Override
      public Document next() {
        Entry entry = entries.next();
        byte[] tokens = new byte[entry.length()];
        entry
            .memory()
            .map(memory -> memory.duplicate().clear().position((int) entry.at()))
            .orElseGet(() -> file.orElseThrow().read(entry.at(), entry.length()))
            .get(tokens);
        return new Document(entry.hash(), tokens);
      }
    };
  }

  private Stream<Entry> entries() {
    if (file.isPresent()) {
      spill();
    }
    return buckets.stream().flatMap(Bucket::sorted).filter(entry -> known.contains(entry.hash()));
  }

  /** Gives the disk space back. */
  @Override
  public void close() {
    file.ifPresent(PieceFile::close);
  }

  private void spill() {
    PieceFile into = file.orElseGet(files);
    file = Optional.of(into);
    buckets.forEach(bucket -> bucket.spill(into));
    inMemory = 0;
    spilled = System.nanoTime();
  }

  /** The documents whose hashes begin with the same byte. */
  private final class Bucket {
    private ByteBuffer held = ByteBuffer.allocate(0);
    private final List<Piece> pieces = new ArrayList<>();

    void add(ContentHash hash, byte[] tokens) {
      int needed = Math.addExact(held.position(), Math.addExact(HEADER, tokens.length));
      if (needed > held.capacity()) {
        int room = (int) Math.max(Math.min(2L * held.capacity(), mostInMemory), needed);
        held = ByteBuffer.allocate(room).put(held.flip());
      }
      hash.putInto(held);
      held.putInt(tokens.length).put(tokens);
    }

    void spill(PieceFile file) {
      if (held.position() > 0) {
        pieces.add(file.append(held.flip()));
        held = ByteBuffer.allocate(0);
      }
    }

    Stream<Entry> sorted() {
      List<Entry> entries = new ArrayList<>();
      list(held.duplicate().flip(), Optional.of(held), 0, entries);
      for (Piece piece : pieces) {
        list(file.orElseThrow().read(piece), Optional.empty(), piece.at(), entries);
      }
      entries.sort(Comparator.comparing(Entry::hash));
      return entries.stream();
    }
  }

  private static void list(
      ByteBuffer piece, Optional<ByteBuffer> memory, long at, List<Entry> entries) {
    while (piece.hasRemaining()) {
      ContentHash hash = ContentHash.from(piece);
      int length = piece.getInt();
      entries.add(new Entry(hash, memory, at + piece.position(), length));
      piece.position(piece.position() + length);
    }
  }
}
