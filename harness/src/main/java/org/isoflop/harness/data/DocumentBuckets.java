package org.isoflop.harness.data;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.Sha256;
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
 * <p>Where the file has a name, see {@link #goingOn}, it is a journal of what was encoded: each
 * piece carries its checksum and is written half a minute after the last at the latest, and another
 * process that reads the same text need not encode what it finds there, whatever else has changed.
 */
final class DocumentBuckets implements AutoCloseable {

  private static final int COUNT = 1 << Byte.SIZE;
  private static final long MOST_IN_MEMORY = 1 << 26;
  private static final int HEADER = ContentHash.BYTES + Integer.BYTES;
  private static final int PIECE_HEADER = 2 * Integer.BYTES;
  private static final Duration LONGEST_IN_MEMORY = Duration.ofSeconds(30);

  private final Supplier<FileChannel> files;
  private final int mostInMemory;
  private final Duration longestInMemory;
  private final List<Bucket> buckets = new ArrayList<>();
  private final DocumentSet known = new DocumentSet();

  /** Bytes of the tokens that an earlier process encoded, by document. */
  private final PairMap before = new PairMap();

  private long documentsBefore;
  private Optional<FileChannel> file = Optional.empty();
  private long inMemory;
  private long spilled = System.nanoTime();

  /**
   * A document given back.
   *
   * @param tokens in their stored form
   */
  @SuppressWarnings("ArrayRecordComponent") // a carrier out of the file, never compared
  record Document(ContentHash hash, byte[] tokens) {}

  /** A part of the file that is one bucket's. */
  private record Piece(long at, int length) {}

  /** Where a document's tokens begin, in the file or in its bucket's memory. */
  private record Entry(ContentHash hash, Optional<ByteBuffer> memory, long at, int length) {}

  /**
   * Prepares to take documents, into a file without a name, which no crash can leave behind.
   *
   * @param folder the file lies in it, or in the first above it that exists
   */
  static DocumentBuckets withoutName(Path folder) {
    return new DocumentBuckets(
        () -> unnamed(folder), mostInMemory(), Duration.ofNanos(Long.MAX_VALUE));
  }

  /**
   * Prepares to take documents.
   *
   * @param files makes the file, empty, to be read and written; asked at most once
   * @param mostInMemory bytes
   * @param longestInMemory after which an addition writes what is there
   */
  DocumentBuckets(Supplier<FileChannel> files, int mostInMemory, Duration longestInMemory) {
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
   * @throws UncheckedIOException where it cannot be read or written
   */
  static DocumentBuckets goingOn(Path path, String tokenizer) {
    return goingOn(path, tokenizer, mostInMemory(), LONGEST_IN_MEMORY);
  }

  static DocumentBuckets goingOn(
      Path path, String tokenizer, int mostInMemory, Duration longestInMemory) {
    ByteBuffer whose =
        ByteBuffer.wrap(
            Sha256.digest().digest(("1 " + tokenizer).getBytes(StandardCharsets.UTF_8)));
    DocumentBuckets buckets =
        new DocumentBuckets(() -> open(path, whose), mostInMemory, longestInMemory);
    if (Files.exists(path)) {
      buckets.file = Optional.of(buckets.files.get());
      try {
        buckets.findPieces();
      } catch (RuntimeException e) {
        buckets.close();
        throw e;
      }
    }
    return buckets;
  }

  /** Deleted as soon as it is opened, where the system can, and when it is closed, elsewhere. */
  static FileChannel unnamed(Path folder) {
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

  /**
   * Opens a file of this tokenizer's documents, empty but for whose it is where it was not that.
   */
  private static FileChannel open(Path path, ByteBuffer whose) {
    try {
      Files.createDirectories(path.toAbsolutePath().getParent());
      FileChannel channel =
          FileChannel.open(
              path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      if (!isLocked(channel)) {
        channel.close();
        throw BadInputException.of(
            "%s: another process is writing it; wait for that, or use another folder", path);
      }
      ByteBuffer found = ByteBuffer.allocate(whose.capacity());
      channel.read(found, 0);
      if (!found.flip().equals(whose.duplicate())) {
        channel.truncate(0);
        channel.write(whose.duplicate(), 0);
      }
      return channel.position(channel.size());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + path + ": " + e.getMessage(), e);
    }
  }

  private static boolean isLocked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  private void findPieces() {
    FileChannel channel = file.orElseThrow();
    try {
      long size = channel.size();
      long at = ContentHash.BYTES;
      while (at + PIECE_HEADER <= size) {
        ByteBuffer header = read(at, ByteBuffer.allocate(PIECE_HEADER));
        int length = header.getInt();
        if (length < HEADER || length > size - at - PIECE_HEADER) {
          break;
        }
        ByteBuffer piece = read(at + PIECE_HEADER, ByteBuffer.allocate(length));
        if (header.getInt() != checksum(piece)) {
          break;
        }
        find(new Piece(at + PIECE_HEADER, length), piece);
        at += PIECE_HEADER + length;
      }
      channel.truncate(at).position(at);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the tokens kept: " + e.getMessage(), e);
    }
  }

  private void find(Piece piece, ByteBuffer content) {
    List<Entry> entries = new ArrayList<>();
    list(content, Optional.empty(), piece.at(), entries);
    buckets.get(entries.get(0).hash().firstByte()).pieces.add(piece);
    entries.forEach(entry -> before.put(key(entry.hash()), entry.length()));
    documentsBefore += entries.size();
  }

  private static int checksum(ByteBuffer piece) {
    CRC32C crc = new CRC32C();
    crc.update(piece.duplicate());
    return (int) crc.getValue();
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
   * @throws UncheckedIOException where the disk is full
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
            .ifPresentOrElse(
                memory -> memory.get((int) entry.at(), tokens),
                () -> read(entry.at(), ByteBuffer.wrap(tokens)));
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
    file.ifPresent(
        channel -> {
          try {
            channel.close();
          } catch (IOException e) {
            throw new UncheckedIOException("cannot close the tokens kept", e);
          }
        });
  }

  private void spill() {
    file = file.or(() -> Optional.of(files.get()));
    try {
      for (Bucket bucket : buckets) {
        bucket.spill(file.get());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot keep tokens: " + e.getMessage(), e);
    }
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

    void spill(FileChannel channel) throws IOException {
      if (held.position() > 0) {
        held.flip();
        ByteBuffer header = ByteBuffer.allocate(PIECE_HEADER);
        header.putInt(held.remaining()).putInt(checksum(held)).flip();
        pieces.add(new Piece(channel.position() + PIECE_HEADER, held.remaining()));
        write(channel, header);
        write(channel, held);
        held = ByteBuffer.allocate(0);
      }
    }

    Stream<Entry> sorted() {
      List<Entry> entries = new ArrayList<>();
      list(held.duplicate().flip(), Optional.of(held), 0, entries);
      for (Piece piece : pieces) {
        list(
            read(piece.at(), ByteBuffer.allocate(piece.length())),
            Optional.empty(),
            piece.at(),
            entries);
      }
      entries.sort(Comparator.comparing(Entry::hash));
      return entries.stream();
    }
  }

  /** Writes all that remains. */
  static void write(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
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

  private ByteBuffer read(long at, ByteBuffer bytes) {
    try {
      while (bytes.hasRemaining()) {
        if (file.orElseThrow().read(bytes, at + bytes.position()) < 0) {
          throw new EOFException("cut off at " + (at + bytes.position()));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the tokens kept: " + e.getMessage(), e);
    }
    return bytes.flip();
  }
}
