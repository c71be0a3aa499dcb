package org.isoflop.harness.sweep;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.Cache;
import org.isoflop.harness.config.CorpusConfig;
import org.isoflop.harness.data.CorpusReading;
import org.isoflop.harness.data.CorpusSource;
import org.isoflop.harness.data.CorpusStatistics;
import org.isoflop.harness.data.TokenStore;
import org.isoflop.harness.data.Tokenizer;
import org.isoflop.harness.data.Tokenizers;

/**
 * The text of a sweep: the tokens it began with or, before it has any, its corpus. A sweep that has
 * begun trains on the text it began with to its end, and on no other.
 */
final class SweepText {

  private final CorpusSource source;
  private final Tokenizer tokenizer;
  private final Set<Path> own;
  private final SweepFolder folder;
  private final Cache cache;

  /**
   * Says where the text is; reads nothing.
   *
   * @param configFile the configuration's file, which is no text, as the sweep's folder is not
   * @param cache remembers what a text came to
   */
  SweepText(CorpusConfig corpus, Path configFile, SweepFolder folder, Cache cache) {
    this.source =
        new CorpusSource(
            corpus.files(),
            corpus.include(),
            corpus.documentSeparator(),
            corpus.validationFraction());
    this.tokenizer = Tokenizers.named(corpus.tokenizer());
    this.own = Set.of(configFile, folder.path());
    this.folder = folder;
    this.cache = cache;
  }

  Tokenizer tokenizer() {
    return tokenizer;
  }

  /**
   * Measures the text, and writes nothing.
   *
   * @throws BadInputException where there is none, it cannot be read, or is not what the sweep
   *     began with
   */
  CorpusStatistics measure() {
    Optional<TokenStore> begun = begun();
    return begun.isPresent()
        ? statistics(begun.get())
        : checked(CorpusReading.measure(source, tokenizer, own, cache));
  }

  /**
   * Opens the tokens, or reads the corpus for them; writes nothing into the sweep's folder.
   *
   * @throws BadInputException as {@link #measure}
   */
  Opened open() {
    Optional<TokenStore> begun = begun();
    if (begun.isPresent()) {
      return new Opened(statistics(begun.get()), begun, Optional.empty());
    }
    CorpusReading reading = CorpusReading.keeping(source, tokenizer, own, folder.tokens(), cache);
    try {
      return new Opened(checked(reading.statistics()), Optional.empty(), Optional.of(reading));
    } catch (RuntimeException e) {
      reading.close();
      throw e;
    }
  }

  /**
   * A text about to be trained on.
   *
   * @param statistics what it comes to
   */
  record Opened(
      CorpusStatistics statistics, Optional<TokenStore> store, Optional<CorpusReading> reading)
      implements AutoCloseable {

    /** Returns the tokens, written into the sweep's folder where they were not yet. */
    TokenStore tokens(Path folder) {
      return store.orElseGet(() -> reading.orElseThrow().store(folder));
    }

    @Override
    public void close() {
      reading.ifPresent(CorpusReading::close);
    }
  }

  private Optional<TokenStore> begun() {
    Path tokens = folder.tokens();
    if (!TokenStore.exists(tokens)) {
      return Optional.empty();
    }
    TokenStore store = TokenStore.open(tokens);
    if (!store.source().equals(source) || !store.tokenizer().equals(tokenizer.name())) {
      throw BadInputException.of(
          "%s: holds the tokens of another corpus (%s); delete it, and they are made again",
          tokens, store.source().files());
    }
    Environment.corpusHash(folder.environment())
        .filter(hash -> !hash.equals(store.statistics().hash()))
        .ifPresent(
            hash -> {
              throw BadInputException.of(
                  "%s: holds the tokens of another text than the one this sweep has trained on (%s"
                      + " has its hash); delete it, and they are made again",
                  tokens, folder.environment());
            });
    return Optional.of(store);
  }

  private CorpusStatistics statistics(TokenStore store) {
    CorpusStatistics stored = store.statistics();
    return store.changedSince(own, cache).map(stored::warnedOf).orElse(stored);
  }

  private CorpusStatistics checked(CorpusStatistics measured) {
    Environment.corpusHash(folder.environment())
        .filter(hash -> !hash.equals(measured.hash()))
        .ifPresent(
            hash -> {
              throw BadInputException.of(
                  "%s: the text has changed since this sweep began, and its tokens are gone; put the"
                      + " text back as it was, use another --out, or delete the folder to start over",
                  folder.path());
            });
    return measured;
  }
}
