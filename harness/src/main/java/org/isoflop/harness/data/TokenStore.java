package org.isoflop.harness.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import org.isoflop.harness.AtomicFiles;
import org.isoflop.harness.BadInputException;

/**
 * A corpus as tokens on disk, encoded once and mapped by every process that trains on it: {@code
 * train.bin} and {@code validation.bin}, flat tokens without a header, and {@code corpus.json},
 * whose presence proves the two complete.
 *
 * <p>Each split is its documents by content hash, one separator before each. The token files are
 * therefore a function of the documents' content, the tokenizer and the fraction held out alone.
 * The corpus is read twice: once to hash, split and measure it ({@link CorpusStatistics#measure}
 * does the same), keeping only hashes and places; then document by document in the order of the
 * hashes, each checked against its hash, into the files.
 */
public final class TokenStore {

  private static final String MANIFEST = "corpus.json";
  private static final String TRAIN = "train.bin";
  private static final String VALIDATION = "validation.bin";

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
   * Reads a corpus, writes its token store and opens it. What an earlier build left in the folder
   * is replaced; a process that has the old files mapped keeps them. Needs disk space for the
   * tokens, and memory for the longest document and a few hundred bytes per document.
   *
   * @param folder made where missing; nothing is written where the corpus is refused
   * @throws BadInputException where nothing is found, nothing is text, a document cannot be read, a
   *     split is empty, or one is longer than 2^31 − 1 bytes
   * @throws UncheckedIOException where the folder cannot be written, or the disk is full
   */
  public static TokenStore build(CorpusSource source, Tokenizer tokenizer, Path folder) {
    try (DocumentReader reader = new DocumentReader()) {
      CorpusScan scan = CorpusScan.of(source, tokenizer, reader);
      CorpusStatistics statistics = scan.statistics();
      deleteManifest(folder);
      write(folder.resolve(TRAIN), scan.train(), statistics.trainTokens(), tokenizer, reader);
      write(
          folder.resolve(VALIDATION),
          scan.validation(),
          statistics.validationTokens(),
          tokenizer,
          reader);
      StoreManifest.of(source, tokenizer, statistics).write(folder.resolve(MANIFEST));
    }
    return open(folder);
  }

  /**
   * Maps a token store into memory; pages are read when they are touched, and shared between
   * processes.
   *
   * @throws BadInputException where there is no complete store, or a file is damaged
   */
  public static TokenStore open(Path folder) {
    if (!exists(folder)) {
      throw BadInputException.of(
          "%s: no complete token store (%s is missing); build it first", folder, MANIFEST);
    }
    StoreManifest manifest = StoreManifest.read(folder.resolve(MANIFEST));
    CorpusStatistics statistics = manifest.statistics();
    return new TokenStore(
        manifest,
        map(folder.resolve(TRAIN), statistics.trainTokens(), manifest.bytesPerToken()),
        map(folder.resolve(VALIDATION), statistics.validationTokens(), manifest.bytesPerToken()));
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

  /** Returns the name of the tokenizer that encoded the text. */
  public String tokenizer() {
    return manifest.tokenizer();
  }

  /** Returns how many different tokens the tokenizer has. */
  public int vocabulary() {
    return manifest.vocabulary();
  }

  private static void deleteManifest(Path folder) {
    try {
      Files.deleteIfExists(folder.resolve(MANIFEST));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + folder.resolve(MANIFEST), e);
    }
  }

  private static void write(
      Path file,
      List<CorpusScan.Document> documents,
      long expectedTokens,
      Tokenizer tokenizer,
      DocumentReader reader) {
    AtomicFiles.write(
        file,
        out -> {
          TokenWriter tokens = new TokenWriter(out, tokenizer);
          long written;
          try {
            for (CorpusScan.Document document : documents) {
              byte[] text = readAgain(document, reader);
              tokens.accept(tokenizer.separator());
              tokenizer.encode(text, tokens);
            }
            written = tokens.finish();
          } catch (UncheckedIOException e) {
            throw e.getCause();
          }
          if (written != expectedTokens) {
            throw new IllegalStateException(
                "tokenizer "
                    + tokenizer.name()
                    + " does not repeat itself: "
                    + written
                    + " tokens, then "
                    + expectedTokens);
          }
        });
  }

  private static byte[] readAgain(CorpusScan.Document document, DocumentReader reader) {
    Optional<byte[]> text = reader.read(document.location());
    if (text.isEmpty() || !ContentHash.of(text.get()).equals(document.hash())) {
      throw DocumentReader.changed(document.location());
    }
    return text.get();
  }

  private static Tokens map(Path file, long tokens, int bytesPerToken) {
    long expected = tokens * bytesPerToken;
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      if (channel.size() != expected || expected > Integer.MAX_VALUE) {
        throw BadInputException.of(
            "%s: %d bytes, but %s says %d; delete the folder, and the store is built again",
            file, channel.size(), MANIFEST, expected);
      }
      return new Tokens(channel.map(MapMode.READ_ONLY, 0, expected), bytesPerToken, tokens);
    } catch (IOException e) {
      throw BadInputException.of(
          "%s: cannot be mapped (%s); delete the folder, and the store is built again", file, e);
    }
  }
}
