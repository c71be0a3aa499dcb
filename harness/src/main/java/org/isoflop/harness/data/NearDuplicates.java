package org.isoflop.harness.data;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.data.CorpusStatistics.NearDuplicate;
import org.isoflop.harness.data.formats.CorpusSource;
import org.isoflop.harness.data.formats.DocumentLocation;
import org.isoflop.harness.data.formats.DocumentReader;
import org.isoflop.harness.data.tokenizers.Tokenizer;

/**
 * Documents of a corpus that differ too little from others, which are left out: found before the
 * corpus is read for its tokens, by a reading of its own.
 *
 * <p>Of each distinct document some 300 bytes go to a file without a name: its hash, its place and
 * its {@link MinHash} signature. Documents that are equal in one band of it at least are candidates
 * (locality-sensitive hashing), and near duplicates where their signatures are as similar as asked
 * for. One band after the other is looked at, in eight bytes of memory for each document: of those
 * that are equal in it the first stays, and each other that is near none of those that stay. Those
 * held out come first, then lower hashes, so that neither the order of files nor threads decide,
 * and no document that is trained on is near one held out.
 */
public final class NearDuplicates {

  /** Where none are looked for. */
  static final NearDuplicates NONE = new NearDuplicates(0, false, List.of());

  private static final int PLACE = ContentHash.BYTES;
  private static final int SIGNATURE = PLACE + Integer.BYTES;
  private static final int RECORD = SIGNATURE + MinHash.BYTES;
  private static final int SEGMENT = (1 << 30) / RECORD;
  private static final int HELD_OUT = 1 << 31;

  /** Of a band's hash and a document's number in one long. */
  private static final int NUMBER_BITS = 31;

  /** Beyond so many that are equal in a band and yet not near, no more are looked at. */
  private static final int MOST_COMPARED = 1000;

  private static final int EXAMPLES = 5;

  /** Characters. */
  private static final int EXCERPT = 80;

  private final double similarity;
  private final boolean pinned;
  private final List<DocumentLocation> places;
  private final DocumentSet distinct = new DocumentSet();
  private final DocumentSet left = new DocumentSet();
  private final TreeMap<ContentHash, NearDuplicate> examples = new TreeMap<>();
  private final List<ByteBuffer> segments = new ArrayList<>();
  private long sum;
  private int count;

  private NearDuplicates(double similarity, boolean pinned, List<DocumentLocation> places) {
    this.similarity = similarity;
    this.pinned = pinned;
    this.places = places;
  }

  /**
   * Looks for what is to be left out; reads nothing where that is nothing.
   *
   * @param tokenizer of tokens that are read as such
   * @param folder near which what is kept meanwhile lies, in a file without a name
   * @param progress hears how far it is
   * @throws BadInputException where a document cannot be read
   */
  public static NearDuplicates of(
      CorpusFiles files, Tokenizer tokenizer, Path folder, CorpusReading.Progress progress) {
    CorpusSource source = files.source();
    if (source.nearDuplicates() == 0) {
      return NONE;
    }
    NearDuplicates found =
        new NearDuplicates(source.nearDuplicates(), !source.holdsOutByContent(), files.locations());
    try (FileChannel file = PieceFile.unnamed(folder)) {
      found.collect(files, tokenizer, file, progress);
      found.map(file);
      int bytes = MinHash.bandBytes(found.similarity);
      BitSet gone = new BitSet(found.count);
      for (int at = 0; at + bytes <= MinHash.BYTES; at += bytes) {
        found.compareBand(at, bytes, gone);
      }
      gone.stream().forEach(document -> found.left.add(found.hash(document)));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot keep signatures: " + e.getMessage(), e);
    }
    found.segments.clear();
    return found;
  }

  /** Whether a document is left out. */
  boolean contains(ContentHash document) {
    return left.contains(document);
  }

  /** Returns a document as an example of those that are left out, where it is to be one. */
  Optional<NearDuplicate> example(ContentHash document, byte[] text) {
    return Optional.ofNullable(examples.get(document))
        .map(
            found ->
                new NearDuplicate(
                    found.document(), found.of(), found.similarity(), beginning(text)));
  }

  /** Returns the first words of a text, on one line. */
  static String beginning(byte[] text) {
    String begins = new String(text, 0, Math.min(text.length, 4 * EXCERPT), UTF_8);
    String line = begins.replaceAll("[\\s\\p{Cntrl}]+", " ");
    int[] characters = line.codePoints().limit(EXCERPT).toArray();
    return new String(characters, 0, characters.length).strip();
  }

  /**
   * Checks that a reading has found the documents that were looked at, and no other.
   *
   * @param documents distinct ones, those left out too
   * @param sumOfHashes of their first longs
   * @throws BadInputException where it has not
   */
  void requireSame(long documents, long sumOfHashes) {
    if (this != NONE && (documents != distinct.size() || sumOfHashes != sum)) {
      throw BadInputException.of(
          "corpus: has changed while it was read for near duplicates (%,d documents then, %,d now);"
              + " run again when it stays as it is",
          distinct.size(), documents);
    }
  }

  private void collect(
      CorpusFiles files, Tokenizer tokenizer, FileChannel file, CorpusReading.Progress progress)
      throws IOException {
    HeldOut heldOut = new HeldOut(files);
    ByteBuffer buffer = ByteBuffer.allocate(RECORD << 12);
    int[] place = {0};
    try (DocumentReader reader =
            new DocumentReader(files.source(), heldOut.cutsIntoBlocks(), Optional.of(tokenizer));
        ParallelEncoding signing =
            new ParallelEncoding(
                tokenizer,
                ParallelEncoding.Made.SIGNATURES,
                CorpusReading.THREADS,
                hash -> OptionalInt.empty(),
                document -> {
                  boolean isHeldOut = heldOut.test(document.location(), document.hash());
                  if (document.leftOut().isPresent() || !distinct.add(document.hash())) {
                    return;
                  }
                  sum += document.hash().a();
                  if (document.made().length > 0) {
                    while (!places.get(place[0]).equals(document.location())) {
                      place[0]++;
                    }
                    document.hash().putInto(buffer);
                    buffer.putInt(place[0] | (isHeldOut ? HELD_OUT : 0)).put(document.made());
                    count++;
                    if (!buffer.hasRemaining()) {
                      write(buffer, file);
                    }
                  }
                })) {
      long all = files.bytes();
      for (DocumentLocation location : places) {
        reader.read(location, new Texts(location, signing));
        progress.at(reader.bytes(), 2 * all, distinct.size(), 0);
      }
      signing.finish();
    }
    write(buffer, file);
  }

  /** Hands texts on, and leaves what is none to the reading to come. */
  private record Texts(DocumentLocation location, ParallelEncoding signing)
      implements DocumentReader.Documents {
    @Override
    public void text(byte[] text) {
      signing.add(location, text);
    }

    @Override
    public void tokens(int[] ids) {
      signing.add(location, ids, false);
    }
  }

  private static void write(ByteBuffer buffer, FileChannel file) {
    try {
      PieceFile.write(file, buffer.flip());
      buffer.clear();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot keep signatures: " + e.getMessage(), e);
    }
  }

  private void map(FileChannel file) throws IOException {
    long size = file.size();
    long most = (long) SEGMENT * RECORD;
    for (long at = 0; at < size; at += most) {
      segments.add(file.map(MapMode.READ_ONLY, at, Math.min(most, size - at)));
    }
  }

  private ByteBuffer segment(int document) {
    return segments.get(document / SEGMENT);
  }

  private static int at(int document) {
    return document % SEGMENT * RECORD;
  }

  private ContentHash hash(int document) {
    return ContentHash.from(segment(document).duplicate().position(at(document)));
  }

  private boolean isHeldOut(int document) {
    return segment(document).getInt(at(document) + PLACE) < 0;
  }

  private DocumentLocation place(int document) {
    return places.get(segment(document).getInt(at(document) + PLACE) & ~HELD_OUT);
  }

  private double similarity(int one, int other) {
    return MinHash.similarity(
        segment(one), at(one) + SIGNATURE, segment(other), at(other) + SIGNATURE);
  }

  /** Leaves out what is near another document that is equal in a band. */
  private void compareBand(int first, int bytes, BitSet gone) {
    long numbers = (1L << NUMBER_BITS) - 1;
    long[] sorted = new long[count];
    for (int document = 0; document < count; document++) {
      long hash = MinHash.bandHash(segment(document), at(document) + SIGNATURE + first, bytes);
      sorted[document] = (hash & ~numbers) | document;
    }
    Arrays.parallelSort(sorted);
    int from = 0;
    for (int to = 1; to <= count; to++) {
      if (to == count || (sorted[to] & ~numbers) != (sorted[from] & ~numbers)) {
        if (to - from > 1) {
          compare(Arrays.stream(sorted, from, to).mapToInt(l -> (int) (l & numbers)), gone);
        }
        from = to;
      }
    }
  }

  private void compare(IntStream candidates, BitSet gone) {
    List<Integer> inOrder =
        candidates
            .filter(document -> !gone.get(document))
            .boxed()
            .sorted(
                Comparator.comparing((Integer document) -> !isHeldOut(document))
                    .thenComparing(this::hash))
            .toList();
    List<Integer> staying = new ArrayList<>();
    for (int document : inOrder) {
      Optional<Integer> near =
          pinned && isHeldOut(document)
              ? Optional.empty()
              : staying.stream()
                  .limit(MOST_COMPARED)
                  .filter(other -> similarity(document, other) >= similarity)
                  .findFirst();
      if (near.isPresent()) {
        gone.set(document);
        remember(document, near.get());
      } else {
        staying.add(document);
      }
    }
  }

  private void remember(int document, int near) {
    examples.put(
        hash(document),
        new NearDuplicate(
            place(document).toString(), place(near).toString(), similarity(document, near), ""));
    if (examples.size() > EXAMPLES) {
      examples.pollLastEntry();
    }
  }
}
