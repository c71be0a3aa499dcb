package org.isoflop.harness.sweep;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.Cache;
import org.isoflop.harness.config.CorpusConfig;
import org.isoflop.harness.data.CorpusFiles;
import org.isoflop.harness.data.CorpusReading;
import org.isoflop.harness.data.CorpusStatistics;
import org.isoflop.harness.data.TokenStore;
import org.isoflop.harness.data.formats.CorpusSource;
import org.isoflop.harness.data.tokenizers.Tokenizer;
import org.isoflop.harness.data.tokenizers.Tokenizers;

/**
 * The text of a sweep: the tokens it began with or, before it has any, its corpus. A sweep that has
 * begun trains on the text it began with to its end, and on no other.
 */
final class SweepText {

  private final CorpusSource source;
  private final String tokenizerName;
  private final Optional<Path> tokens;
  private final Set<Path> own;
  private final SweepFolder folder;
  private final Cache cache;
  private Optional<Tokenizer> tokenizer = Optional.empty();
  private Optional<TokenStore> begun = Optional.empty();

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
            corpus.text(),
            corpus.documentSeparator(),
            corpus.validationFraction(),
            corpus.validationFiles(),
            corpus.validationAsIn(),
            corpus.nearDuplicates());
    this.tokenizerName = corpus.tokenizer();
    this.tokens = Optional.of(corpus.tokens()).filter(made -> !made.isEmpty()).map(Path::of);
    this.own = Set.of(configFile, folder.path());
    this.folder = folder;
    this.cache = cache;
  }

  /** Returns how many tokens a decoder of this text tells apart. */
  int vocabulary() {
    return tokenizer
        .map(Tokenizer::vocabulary)
        .or(() -> begun().map(TokenStore::vocabulary))
        .orElseGet(() -> tokenizer().vocabulary());
  }

  /** Returns the {@link Tokenizer#identity} of what makes the tokens, or has made them. */
  String tokenizerIdentity() {
    return tokenizer
        .map(Tokenizer::identity)
        .or(() -> begun().map(TokenStore::tokenizer))
        .orElseGet(() -> tokenizer().identity());
  }

  /**
   * Looks for the files, and reads none.
   *
   * @throws BadInputException where there are none
   */
  void find() {
    files();
  }

  private CorpusFiles files() {
    return CorpusFiles.of(source, own);
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
        : checked(CorpusReading.measure(files(), tokenizer(), cache));
  }

  /**
   * Opens the tokens, or reads the corpus for them; writes nothing into the sweep's folder.
   *
   * @throws BadInputException as {@link #measure}
   */
  Opened open() {
    Optional<TokenStore> begun = begun();
    if (begun.isPresent()) {
      TokenStore store = begun.get();
      return new Opened(statistics(store), at -> linked(store, at), () -> {});
    }
    CorpusReading reading =
        CorpusReading.keeping(
            files(), tokenizer(), folder.tokens(), cache, CorpusReading.Progress.NONE);
    try {
      return new Opened(
          checked(reading.statistics()),
          at -> reading.store(at, tokenizerName, false),
          reading::close);
    } catch (RuntimeException e) {
      reading.close();
      throw e;
    }
  }

  /**
   * A text about to be trained on.
   *
   * @param statistics what it comes to
   * @param store puts its tokens into the sweep's folder, where they are not yet
   * @param end when nobody wants them any more
   */
  record Opened(CorpusStatistics statistics, Function<Path, TokenStore> store, Runnable end)
      implements AutoCloseable {

    /** Returns the tokens, put into the sweep's folder where they were not yet. */
    TokenStore tokens(Path folder) {
      return store.apply(folder);
    }

    @Override
    public void close() {
      end.run();
    }
  }

  /**
   * Puts a link where the tokens of a folder that the configuration names are not yet, so that
   * sweeps share them; by the path that holds everywhere.
   */
  private TokenStore linked(TokenStore store, Path at) {
    if (tokens.isPresent() && !TokenStore.exists(at)) {
      try {
        Files.createDirectories(at.toAbsolutePath().getParent());
        Files.deleteIfExists(at);
        Files.createSymbolicLink(at, tokens.get().toRealPath());
      } catch (IOException e) {
        throw new UncheckedIOException("cannot link " + at + " to " + tokens.get(), e);
      }
    }
    return store;
  }

  private Optional<TokenStore> begun() {
    Path at = TokenStore.exists(folder.tokens()) ? folder.tokens() : tokens.orElse(folder.tokens());
    if (begun.isEmpty() && (tokens.isPresent() || TokenStore.exists(at))) {
      TokenStore store = TokenStore.open(at);
      checkBegun(store);
      begun = Optional.of(store);
    }
    return begun;
  }

  private void checkBegun(TokenStore store) {
    Path tokens = this.tokens.orElse(folder.tokens());
    Path environment = folder.environment();
    if (!store.source().equals(source)) {
      throw BadInputException.of(
          "%s: holds the tokens of another corpus (%s); delete it, and they are made again",
          tokens, store.source().files());
    }
    Changed.since(environment, store.statistics(), store.tokenizer())
        .ifPresent(
            changed -> {
              throw new BadInputException(
                  String.format(
                      "%1$s: " + changed.held + "; delete it, and they are made again",
                      tokens,
                      store.tokenizer(),
                      environment));
            });
    if (this.tokens.isEmpty()
        && readable()
            .map(Tokenizer::identity)
            .filter(now -> !now.equals(store.tokenizer()))
            .isPresent()) {
      throw BadInputException.of(
          "%s: this sweep began with another tokenizer (%s) than %s is now (%s); put it back as it"
              + " was, or use another --out",
          tokens, store.tokenizer(), tokenizerName, tokenizer().identity());
    }
  }

  /** What is another than when the sweep began. */
  private enum Changed {
    TEXT(
        "text",
        "holds the tokens of another text than the one this sweep has trained on (%3$s has its"
            + " hash)"),
    HELD_OUT(
        "held-out text",
        "holds out other documents than this sweep has been evaluated on (%3$s has their hash)"),
    TOKENIZER(
        "tokenizer",
        "holds the tokens of another tokenizer (%2$s) than the one this sweep has trained with"
            + " (%3$s names it)");

    private final String what;

    /** What tokens are, by their tokenizer and the environment's file, in which it is. */
    private final String held;

    Changed(String what, String held) {
      this.what = what;
      this.held = held;
    }

    /** Compares what there is with what the environment's file says of the sweep's beginning. */
    static Optional<Changed> since(Path environment, CorpusStatistics now, String tokenizer) {
      return Environment.read(environment)
          .flatMap(
              began ->
                  !began.corpus().hash().equals(now.hash())
                      ? Optional.of(TEXT)
                      : isOther(began.corpus().validationHash(), now.validationHash())
                          ? Optional.of(HELD_OUT)
                          : isOther(began.tokenizerIdentity(), tokenizer)
                              ? Optional.of(TOKENIZER)
                              : Optional.empty());
    }

    private static boolean isOther(Optional<String> then, String now) {
      return then.filter(was -> !was.equals(now)).isPresent();
    }
  }

  private Tokenizer tokenizer() {
    if (tokenizer.isEmpty()) {
      tokenizer = Optional.of(Tokenizers.named(tokenizerName));
    }
    return tokenizer.get();
  }

  /** Returns the tokenizer, which a sweep that has its tokens can do without. */
  private Optional<Tokenizer> readable() {
    try {
      return Optional.of(tokenizer());
    } catch (BadInputException e) {
      return Optional.empty();
    }
  }

  private CorpusStatistics statistics(TokenStore store) {
    CorpusStatistics stored = store.statistics();
    if (tokens.isPresent()) {
      return stored; // made once and for all, whatever becomes of their text and tokenizer
    }
    CorpusStatistics said = store.changedSince(own, cache).map(stored::warnedOf).orElse(stored);
    return readable().isPresent()
        ? said
        : said.warnedOf(
            "The tokenizer this sweep began with ("
                + tokenizerName
                + ") can no longer be read; it goes on with the tokens it has.");
  }

  private CorpusStatistics checked(CorpusStatistics measured) {
    Changed.since(folder.environment(), measured, tokenizer().identity())
        .ifPresent(
            changed -> {
              throw gone(changed.what);
            });
    return measured;
  }

  private BadInputException gone(String what) {
    return BadInputException.of(
        "%s: the %s has changed since this sweep began, and its tokens are gone; put the %s back as"
            + " it was, use another --out, or delete the folder to start over",
        folder.path(), what, what);
  }
}
