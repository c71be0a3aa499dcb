package org.isoflop.harness.data.formats;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.data.tokenizers.Tokenizer;

/**
 * Tokens that somebody else has made of documents: nanoGPT's {@code .bin}, llm.c's, numpy's {@code
 * .npy}, see {@link ShardLayout}. A file is one where it is asked for as such, by a name or a glob
 * that ends in {@code .bin} or {@code .npy}: any bytes could be tokens, and in a folder of text a
 * {@code .bin} is most likely a program's.
 *
 * @param tokenizer the one that made them, where there is one
 * @param inBlocks whether there are too few files to split, see {@link ShardCutter}
 */
public record TokenShards(Optional<Tokenizer> tokenizer, boolean inBlocks)
    implements DocumentSource {

  /** What a name, or a glob, of such files ends with; a glob perhaps with others in braces. */
  private static final Pattern NAMED =
      Pattern.compile(
          "(?is).*\\.(bin|npy|\\{[^{}/]*\\b(bin|npy)\\b[^{}/]*\\})(\\.(gz|zst|xz|bz2))?");

  private static final int CHUNK = 1 << 16;

  /** Whether a name is that of a file of tokens, or a glob is for such files. */
  public static boolean isNamed(String name) {
    return NAMED.matcher(name).matches();
  }

  /** Returns which paths are asked for as tokens by globs that everything read matches one of. */
  public static Predicate<String> includedBy(List<String> globs) {
    List<Glob> ofTokens = globs.stream().filter(TokenShards::isNamed).map(Glob::of).toList();
    return path -> isNamed(path) && ofTokens.stream().anyMatch(glob -> glob.matches(path));
  }

  @Override
  public String words() {
    return "tokens that the tokenizer below has made already (nanoGPT's or llm.c's .bin, numpy's"
        + " .npy), where a name or a glob ends in .bin or .npy";
  }

  @Override
  public boolean takes(Content content) {
    return content.isTokens();
  }

  @Override
  public void read(Content content, DocumentReader.Documents documents) throws IOException {
    Tokenizer made =
        tokenizer.orElseThrow(
            () ->
                BadInputException.of(
                    "%s: is asked for as tokens, which no tokenizer can be learned from; the text"
                        + " they were made of would do",
                    content.place()));
    ShardLayout layout = ShardLayout.of(content, made);
    ShardCutter cutter = new ShardCutter(made, inBlocks, documents::tokens);
    long ids = 0;
    try (InputStream in = content.bytes()) {
      in.skipNBytes(layout.header());
      byte[] chunk = new byte[CHUNK];
      ByteBuffer numbers = ByteBuffer.wrap(chunk).order(layout.order());
      int length;
      while ((length = in.readNBytes(chunk, 0, CHUNK)) > 0) {
        for (int at = 0; at + layout.width() <= length; at += layout.width()) {
          long id = layout.id(numbers, at);
          if (id < 0 || id >= made.vocabulary()) {
            throw beyond(content, id, layout, ids, made);
          }
          cutter.add((int) id);
          ids++;
        }
        if (length % layout.width() != 0) {
          throw bad(
              "%s: %,d %d-bit ids, and a part of one more; a whole file would do",
              content.place(), ids, Byte.SIZE * layout.width());
        }
      }
    }
    if (layout.count().orElse(ids) != ids) {
      throw bad(
          "%s: its header says %,d ids, and it has %,d; a whole file would do",
          content.place(), layout.count().getAsLong(), ids);
    }
    if (cutter.end()) {
      documents.inBlocks();
    }
  }

  private static BadInputException beyond(
      Content content, long id, ShardLayout layout, long ids, Tokenizer tokenizer) {
    return bad(
        "%s: id %,d at byte %,d is beyond the vocabulary of %s, %,d tokens, read as %d-bit ids;"
            + " corpus.tokenizer (--tokenizer) names the tokenizer that made a file of tokens",
        content.place(),
        id,
        layout.header() + ids * layout.width(),
        tokenizer.name(),
        tokenizer.vocabulary(),
        Byte.SIZE * layout.width());
  }

  private static BadInputException bad(String format, Object... arguments) {
    return new BadInputException(Quantities.format(format, arguments));
  }
}
