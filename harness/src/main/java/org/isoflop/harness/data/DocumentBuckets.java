package org.isoflop.harness.data;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Documents' tokens as they are read, given back in the order of their hashes: written once, read
 * once, in a memory that hardly grows with them. A distribution sort: a document goes into one of
 * 256 buckets by the first byte of its hash; what they hold goes to one file whenever it comes to
 * 64 MiB, each bucket's part in one piece; in the end one bucket at a time is sorted, which takes
 * some sixty bytes for each of its documents. What never comes to 64 MiB never sees a disk.
 */
final class DocumentBuckets implements AutoCloseable {

  private static final int COUNT = 1 << Byte.SIZE;
  private static final long MOST_IN_MEMORY = 1 << 26;
  private static final int HEADER = ContentHash.BYTES + Integer.BYTES;

  private final Supplier<FileChannel> files;
  private final int mostInMemory;
  private final List<Bucket> buckets = new ArrayList<>();
  private Optional<FileChannel> file = Optional.empty();
  private long inMemory;

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
   * Prepares to take documents.
   *
   * @param files makes the file, empty, to be read and written; asked at most once
   */
  DocumentBuckets(Supplier<FileChannel> files) {
    this(files, (int) Math.min(MOST_IN_MEMORY, Runtime.getRuntime().maxMemory() / 16));
  }

  DocumentBuckets(Supplier<FileChannel> files, int mostInMemory) {
    this.files = files;
    this.mostInMemory = mostInMemory;
    for (int i = 0; i < COUNT; i++) {
      buckets.add(new Bucket());
    }
  }

  /**
   * Adds a document.
   *
   * @param tokens in their stored form
   * @throws UncheckedIOException where the disk is full
   */
  void add(ContentHash hash, byte[] tokens) {
    buckets.get(hash.firstByte()).add(hash, tokens);
    inMemory += HEADER + tokens.length;
    if (inMemory >= mostInMemory) {
      spill();
    }
  }

  /** Goes through the hashes of all documents, in order; none is added meanwhile. */
  Stream<ContentHash> hashes() {
    return entries().map(Entry::hash);
  }

  /** Goes through all documents by hash; none is added meanwhile. */
  Iterator<Document> sorted() {
    Iterator<Entry> entries = entries().iterator();
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
    return buckets.stream().flatMap(Bucket::sorted);
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
        pieces.add(new Piece(channel.position(), held.position()));
        held.flip();
        while (held.hasRemaining()) {
          channel.write(held);
        }
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
