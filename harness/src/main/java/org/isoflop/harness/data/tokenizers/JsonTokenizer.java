package org.isoflop.harness.data.tokenizers;

import ai.djl.huggingface.tokenizers.jni.LibUtils;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import ai.djl.util.Utils;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntConsumer;
import org.isoflop.harness.BadInputException;

/**
 * A {@code tokenizer.json}, by the library of Hugging Face that defines what it means, in native
 * code that DJL brings along. DJL's own class makes objects of all that the library says about a
 * token; only the ids are asked for here.
 *
 * <p>The library keeps some hundred bytes a token while it encodes a document, outside the heap,
 * and the tokenizer itself as long as the process lives.
 */
final class JsonTokenizer implements Tokenizer {

  static {
    // Else DJL looks for a build for the machine's graphics card, and downloads it.
    if (System.getProperty("RUST_FLAVOR") == null) {
      System.setProperty("RUST_FLAVOR", "cpu");
    }
  }

  private final TokenizerFile file;
  private final long handle;

  private JsonTokenizer(TokenizerFile file, long handle) {
    this.file = file;
    this.handle = handle;
  }

  /**
   * Has the library make a tokenizer of a file.
   *
   * @param path where it was read, for messages
   * @throws BadInputException where it cannot
   */
  static Tokenizer of(TokenizerFile file, Path path) {
    load();
    try {
      long handle = TokenizersLibrary.LIB.createTokenizerFromString(file.plain().toString());
      return new JsonTokenizer(file, handle);
    } catch (RuntimeException e) {
      throw BadInputException.of(
          "%s: Hugging Face's library cannot make a tokenizer of it (%s)", path, e.getMessage());
    }
  }

  private static void load() {
    try {
      LibUtils.checkStatus();
    } catch (RuntimeException | LinkageError e) {
      throw BadInputException.of(
          "corpus.tokenizer: the library that reads a tokenizer.json cannot be unpacked into, or"
              + " loaded from, %s (%s); DJL_CACHE_DIR names another folder (20 MB, writable)",
          Utils.getEngineCacheDir("tokenizers"), e.getMessage());
    }
  }

  @Override
  public String identity() {
    return file.identity();
  }

  @Override
  public int vocabulary() {
    return file.vocabulary();
  }

  @Override
  public int separator() {
    return file.separator();
  }

  @Override
  public Set<Integer> borders() {
    return file.borders();
  }

  @Override
  public Optional<String> losesText() {
    return file.losesText();
  }

  @Override
  public void encode(byte[] document, IntConsumer tokens) {
    for (long token : ids(document)) {
      tokens.accept((int) token);
    }
  }

  @Override
  public byte[] decode(int[] tokens) {
    long[] ids = Arrays.stream(tokens).asLongStream().toArray();
    return TokenizersLibrary.LIB.decode(handle, ids, true).getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public int count(byte[] document) {
    return ids(document).length;
  }

  private long[] ids(byte[] document) {
    String text = new String(document, StandardCharsets.UTF_8);
    long encoding = TokenizersLibrary.LIB.encode(handle, text, false);
    try {
      return TokenizersLibrary.LIB.getTokenIds(encoding);
    } finally {
      TokenizersLibrary.LIB.deleteEncoding(encoding);
    }
  }
}
