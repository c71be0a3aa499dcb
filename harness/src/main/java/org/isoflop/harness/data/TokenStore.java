package org.isoflop.harness.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.Cache;
import org.isoflop.harness.data.StoreManifest.Shard;
import org.isoflop.harness.data.formats.CorpusSource;
import org.isoflop.harness.data.tokenizers.ByteTokenizer;
import org.isoflop.harness.data.tokenizers.Tokenizer;
import org.isoflop.harness.data.tokenizers.Tokenizers;
import org.isoflop.harness.data.windows.Tokens;

/**
 * A corpus as tokens on disk, encoded once and mapped by every process that trains on it: the files
 * {@code train-0.bin}, {@code train-1.bin} and so on, {@code validation-0.bin} and so on, flat
 * tokens without a header, the hashes of the documents held out, see {@link EarlierSplit}, and
 * {@code corpus.json}, whose presence proves them complete.
 *
 * <p>Each split is its documents by content hash, one separator before each. The token files are
 * therefore a function of the documents' content, the tokenizer and what is held out alone. {@link
 * CorpusReading} writes them; their checksums are compared whenever they are opened.
 */
public final class TokenStore {

  static final String MANIFEST = "corpus.json";
  static final String UNFINISHED = "unfinished.tokens";
  static final String TRAIN = "train";
  static final String VALIDATION = "validation";

  private final StoreManifest manifest;
  private final Tokens train;
  private final Tokens validation;

  private TokenStore(StoreManifest manifest, Tokens train, Tokens validation) {
    this.manifest = manifest;
    this.train = train;
    this.validation = validation;
  }

  /** Tells whether the folder holds a complete token store. */
  public static boolean exists(Path folder) {
    return Files.isRegularFile(folder.resolve(MANIFEST));
  }

  /**
   * Maps a token store into memory, shared between processes, and reads it once for its checksums.
   *
   * @throws BadInputException where there is no complete store, or a file is damaged or another's
   */
  public static TokenStore open(Path folder) {
    if (!exists(folder)) {
      throw BadInputException.of(
          "%s: no complete token store (%s is missing); build it first", folder, MANIFEST);
    }
    StoreManifest manifest = StoreManifest.read(folder.resolve(MANIFEST));
    return new TokenStore(
        manifest,
        map(folder, TRAIN, manifest.train(), manifest.bytesPerToken()),
        map(folder, VALIDATION, manifest.validation(), manifest.bytesPerToken()));
  }

  /** Returns the tokens to train on, mapped read-only. */
  public Tokens train() {
    return train;
  }

  /** Returns the tokens held out, mapped read-only. */
  public Tokens validation() {
    return validation;
  }

  /** Returns what the corpus comes to. */
  public CorpusStatistics statistics() {
    return manifest.statistics();
  }

  /** Returns where the text came from, as it was configured. */
  public CorpusSource source() {
    return manifest.source();
  }

  /** Returns the {@link Tokenizer#identity} of what encoded the text. */
  public String tokenizer() {
    return manifest.tokenizer();
  }

  /** Returns the {@link Tokenizer#vocabulary} of what encoded the text. */
  public int vocabulary() {
    return manifest.vocabulary();
  }

  /**
   * Tells whether the corpus is still the text these tokens were made of: by the names, sizes and
   * modification times of its files, and where those differ by reading it.
   *
   * @param own files and folders of the sweep itself, which are no text
   * @param cache remembers what the corpus came to
   * @return one sentence on what has changed, if anything has
   */
  public Optional<String> changedSince(Set<Path> own, Cache cache) {
    try {
      CorpusFiles files = CorpusFiles.of(source(), own);
      if (files.fingerprint().equals(manifest.listing())) {
        return Optional.empty();
      }
      // The hash is that of the text, which only tokens need a tokenizer to be read as.
      Tokenizer reader =
          source().asksForTokens()
              ? Tokenizers.named(manifest.tokenizerName())
              : new ByteTokenizer();
      CorpusStatistics now = CorpusReading.measure(files, reader, cache);
      if (!now.hash().equals(statistics().hash())) {
        return Optional.of(
            String.format(
                Locale.ROOT,
                "The text has changed since this sweep began (%,d documents then, %,d now); it goes"
                    + " on with the tokens it has, and another --out would train on the new text.",
                statistics().documents(),
                now.documents()));
      }
      return now.validationHash().equals(statistics().validationHash())
          ? Optional.empty()
          : Optional.of(
              "What is held out has changed since this sweep began; it goes on with the tokens it"
                  + " has, and another --out would hold out what is asked for now.");
    } catch (BadInputException e) {
      return Optional.of(
          "The text this sweep began with can no longer be read ("
              + e.getMessage()
              + "); it goes on with the tokens it has.");
    }
  }

  /** Deletes what a store in this folder consists of, its manifest first. */
  static void delete(Path folder) {
    try {
      Files.deleteIfExists(folder.resolve(MANIFEST));
      Files.deleteIfExists(folder.resolve(EarlierSplit.FILE));
      if (Files.isDirectory(folder)) {
        try (Stream<Path> files = Files.list(folder)) {
          for (Path file : files.filter(TokenStore::isShard).toList()) {
            Files.delete(file);
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete the tokens in " + folder, e);
    }
  }

  /** Deletes what a reading that was cut off has left. */
  static void deleteUnfinished(Path folder) {
    try {
      Files.deleteIfExists(folder.resolve(UNFINISHED));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + folder.resolve(UNFINISHED), e);
    }
  }

  static String hex(CRC32C crc) {
    return String.format("%08x", crc.getValue());
  }

  /** Returns the name of a split's file, which are counted from 0. */
  static String file(String split, int shard) {
    return split + "-" + shard + ".bin";
  }

  private static boolean isShard(Path file) {
    return file.getFileName().toString().matches("(" + TRAIN + "|" + VALIDATION + ")-\\d+\\.bin");
  }

  private static Tokens map(Path folder, String split, List<Shard> shards, int bytesPerToken) {
    List<ByteBuffer> segments = new ArrayList<>();
    for (int i = 0; i < shards.size(); i++) {
      segments.addAll(map(folder.resolve(file(split, i)), shards.get(i), bytesPerToken));
    }
    return new Tokens(segments, bytesPerToken);
  }

  private static List<ByteBuffer> map(Path file, Shard shard, int bytesPerToken) {
    long expected = Math.multiplyExact(shard.tokens(), (long) bytesPerToken);
    try {
      List<ByteBuffer> mapped = Tokens.map(file);
      long found = mapped.stream().mapToLong(ByteBuffer::remaining).sum();
      if (found != expected) {
        throw BadInputException.of(
            "%s: %d bytes, but %s says %d; delete its folder, and the tokens are made again",
            file, found, MANIFEST, expected);
      }
      CRC32C crc = new CRC32C();
      mapped.forEach(segment -> crc.update(segment.duplicate()));
      if (!hex(crc).equals(shard.crc32c())) {
        throw BadInputException.of(
            "%s: its checksum is %s, but %s says %s; it is damaged or another corpus's, delete its"
                + " folder, and the tokens are made again",
            file, hex(crc), MANIFEST, shard.crc32c());
      }
      return mapped;
    } catch (IOException e) {
      throw BadInputException.of(
          "%s: cannot be mapped (%s); delete its folder, and the tokens are made again", file, e);
    }
  }
}
