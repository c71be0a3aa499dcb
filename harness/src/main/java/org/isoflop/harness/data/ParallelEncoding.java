package org.isoflop.harness.data;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.data.formats.DocumentLocation;
import org.isoflop.harness.data.formats.FileKind;
import org.isoflop.harness.data.formats.LeftOut;
import org.isoflop.harness.data.formats.TextCutter;
import org.isoflop.harness.data.tokenizers.Tokenizer;
import org.isoflop.harness.data.tokenizers.Utf8;

/**
 * Hashes and encodes documents on several threads and hands them on in the order in which they
 * came, whatever the threads. Holds some two mebibytes of text for each, or a document that is
 * longer.
 */
final class ParallelEncoding implements AutoCloseable {

  private static final int BATCH_BYTES = 1 << 19;
  private static final int BATCHES_PER_THREAD = 4;

  private final Tokenizer tokenizer;
  private final Made wanted;
  private final Function<ContentHash, OptionalInt> before;
  private final int threads;
  private final Consumer<Encoded> taker;
  private final ExecutorService executor;
  private final Deque<Future<List<Encoded>>> running = new ArrayDeque<>();
  private List<Supplier<Encoded>> batch = new ArrayList<>();
  private int batchBytes;

  /** What is made of each document. */
  enum Made {
    /** Its tokens, in their stored form. */
    TOKENS,
    /** Nothing, its tokens are only counted. */
    COUNTS,
    /** Its {@link MinHash#signature}; its tokens are not counted. */
    SIGNATURES
  }

  /**
   * A document and what was found of it.
   *
   * @param text as it was read, or what the tokens stand for
   * @param hash of the text, without blanks around it and with line ends of one kind
   * @param isUtf8 whether the text is UTF-8
   * @param count its tokens, without the separator
   * @param made of it, see {@link Made}; no tokens where they were encoded before
   * @param leftOut why it is no document, where it is none
   * @param others what a look at tokens that somebody else has made found
   */
  @SuppressWarnings("ArrayRecordComponent") // a carrier between threads, never compared
  record Encoded(
      DocumentLocation location,
      byte[] text,
      ContentHash hash,
      boolean isUtf8,
      int count,
      byte[] made,
      Optional<LeftOut> leftOut,
      TokenCheck.Found others) {}

  /**
   * Starts the threads.
   *
   * @param wanted what is to be made
   * @param before the bytes of the stored tokens of a document that was encoded before; asked by
   *     all threads
   * @param taker takes each document, on the thread that adds them
   */
  ParallelEncoding(
      Tokenizer tokenizer,
      Made wanted,
      int threads,
      Function<ContentHash, OptionalInt> before,
      Consumer<Encoded> taker) {
    this.tokenizer = tokenizer;
    this.wanted = wanted;
    this.before = before;
    this.threads = threads;
    this.taker = taker;
    this.executor =
        Executors.newFixedThreadPool(
            threads,
            task -> {
              Thread thread = new Thread(task, "encoding");
              thread.setDaemon(true);
              return thread;
            });
  }

  /** Adds a document. */
  void add(DocumentLocation location, byte[] text) {
    add(() -> encode(location, text), text.length);
  }

  /**
   * Adds a document as the tokens of it that somebody else has made, which stay what they are.
   *
   * @param looksAt whether to see if they are this tokenizer's, see {@link TokenCheck}
   */
  void add(DocumentLocation location, int[] ids, boolean looksAt) {
    add(() -> decode(location, ids, looksAt), Integer.BYTES * ids.length);
  }

  private void add(Supplier<Encoded> document, int bytes) {
    batch.add(document);
    batchBytes += bytes;
    if (batchBytes >= BATCH_BYTES) {
      submit();
    }
  }

  /** Waits until every document that was added has been handed on. */
  void finish() {
    submit();
    while (!running.isEmpty()) {
      takeFirst();
    }
  }

  /** Ends the threads; what they have not finished is lost. */
  @Override
  public void close() {
    executor.shutdownNow();
  }

  private void submit() {
    List<Supplier<Encoded>> documents = batch;
    running.add(executor.submit(() -> documents.stream().map(Supplier::get).toList()));
    batch = new ArrayList<>();
    batchBytes = 0;
    if (running.size() > BATCHES_PER_THREAD * threads) {
      takeFirst();
    }
  }

  private void takeFirst() {
    try {
      running.remove().get().forEach(taker);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while encoding", e);
    }
  }

  private Encoded encode(DocumentLocation location, byte[] text) {
    ContentHash hash = ContentHash.of(text);
    OptionalInt bytesBefore = before.apply(hash);
    byte[] stored =
        wanted == Made.TOKENS && bytesBefore.isEmpty()
            ? StoredTokens.of(tokenizer, text)
            : new byte[0];
    int count =
        switch (wanted) {
          case TOKENS -> bytesBefore.orElse(stored.length) / tokenizer.bytesPerToken();
          case COUNTS -> tokenizer.count(text);
          case SIGNATURES -> 0;
        };
    return new Encoded(
        location,
        text,
        hash,
        Utf8.isUtf8(text),
        count,
        wanted == Made.SIGNATURES ? MinHash.signature(text) : stored,
        Optional.empty(),
        TokenCheck.Found.NOTHING);
  }

  /** A document is the same whether it came as text or as tokens, so its hash is the text's. */
  private Encoded decode(DocumentLocation location, int[] ids, boolean looksAt) {
    byte[] text = tokenizer.decode(ids);
    byte[] document = document(location, ids, text);
    byte[] stored = wanted == Made.TOKENS ? StoredTokens.of(tokenizer, ids) : new byte[0];
    Optional<LeftOut> leftOut =
        document.length == 0
            ? Optional.of(LeftOut.EMPTY)
            : Optional.of(LeftOut.BINARY).filter(no -> FileKind.hasNul(text, text.length));
    return new Encoded(
        location,
        text,
        ContentHash.of(document),
        Utf8.isUtf8(text),
        ids.length,
        wanted == Made.SIGNATURES ? MinHash.signature(document) : stored,
        leftOut,
        looksAt ? TokenCheck.look(tokenizer, ids, text) : TokenCheck.Found.NOTHING);
  }

  private static byte[] document(DocumentLocation location, int[] ids, byte[] text) {
    try {
      return TextCutter.document(text);
    } catch (TextCutter.TooLongException e) {
      throw BadInputException.of(
          "%s: %d ids without an end of text between them stand for more than 2^26 bytes; a file"
              + " cut into documents would do",
          location, ids.length);
    }
  }
}
