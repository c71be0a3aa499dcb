package org.isoflop.harness.data;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Hashes and encodes documents on several threads and hands them on in the order in which they
 * came, whatever the threads. Holds some two mebibytes of text for each, or a document that is
 * longer.
 */
final class ParallelEncoding implements AutoCloseable {

  private static final int BATCH_BYTES = 1 << 19;
  private static final int BATCHES_PER_THREAD = 4;

  private final Tokenizer tokenizer;
  private final boolean keepsTokens;
  private final Function<ContentHash, OptionalInt> before;
  private final int threads;
  private final Consumer<Encoded> taker;
  private final ExecutorService executor;
  private final Deque<Future<List<Encoded>>> running = new ArrayDeque<>();
  private List<Unencoded> batch = new ArrayList<>();
  private int batchBytes;

  @SuppressWarnings("ArrayRecordComponent") // a carrier between threads, never compared
  private record Unencoded(DocumentLocation location, byte[] text) {}

  /**
   * A document and what was found of it.
   *
   * @param text as it was read
   * @param hash of the text
   * @param isUtf8 whether the text is UTF-8
   * @param count its tokens, without the separator
   * @param tokens in their stored form; empty where they are not kept, or were encoded before
   */
  @SuppressWarnings("ArrayRecordComponent") // a carrier between threads, never compared
  record Encoded(
      DocumentLocation location,
      byte[] text,
      ContentHash hash,
      boolean isUtf8,
      int count,
      byte[] tokens) {}

  /**
   * Starts the threads.
   *
   * @param keepsTokens whether the tokens are wanted, or only how many they are
   * @param before the bytes of the stored tokens of a document that was encoded before; asked by
   *     all threads
   * @param taker takes each document, on the thread that adds them
   */
  ParallelEncoding(
      Tokenizer tokenizer,
      boolean keepsTokens,
      int threads,
      Function<ContentHash, OptionalInt> before,
      Consumer<Encoded> taker) {
    this.tokenizer = tokenizer;
    this.keepsTokens = keepsTokens;
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
    batch.add(new Unencoded(location, text));
    batchBytes += text.length;
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
    List<Unencoded> documents = batch;
    running.add(executor.submit(() -> documents.stream().map(this::encode).toList()));
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

  private Encoded encode(Unencoded document) {
    byte[] text = document.text();
    ContentHash hash = ContentHash.of(text);
    OptionalInt bytesBefore = before.apply(hash);
    byte[] tokens =
        keepsTokens && bytesBefore.isEmpty() ? StoredTokens.of(tokenizer, text) : new byte[0];
    int count =
        keepsTokens
            ? bytesBefore.orElse(tokens.length) / tokenizer.bytesPerToken()
            : tokenizer.count(text);
    return new Encoded(document.location(), text, hash, DocumentReader.isUtf8(text), count, tokens);
  }
}
