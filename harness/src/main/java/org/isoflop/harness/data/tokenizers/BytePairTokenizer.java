package org.isoflop.harness.data.tokenizers;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.stream.Stream;

/**
 * Byte-pair encoding (Sennrich et al. 2016) of the words of {@link ByteLevel}: of all neighbours
 * that may merge those of the lowest rank do, the leftmost first, until none may.
 *
 * <p>It encodes OpenAI's tokenizers, and those {@code tokenizer.json} that ask for exactly GPT-2's
 * way, as a trained one does; there it takes Hugging Face's library's place, since it is many times
 * faster.
 */
final class BytePairTokenizer implements Tokenizer {

  /** Words whose tokens are remembered; each has one place, where the last one stays. */
  private static final int REMEMBERED = 1 << 16;

  /** Longer words are rare, and not worth the memory. */
  private static final int LONGEST_REMEMBERED = 64;

  /** From here on looking through all neighbours for each merge takes longer than a queue. */
  private static final int LONG = 128;

  private static final long NONE = Long.MAX_VALUE;

  private final String identity;
  private final ByteLevel.Pattern pattern;
  private final byte[][] texts;
  private final int separator;
  private final Set<Integer> borders;
  private final int[] bytes;
  private final PairMap merges;

  /** Never locked: a word that another thread does not see yet is encoded again. */
  private final Word[] remembered = new Word[REMEMBERED];

  private static final class Word {
    private final byte[] text;
    private final int[] tokens;

    Word(byte[] text, int[] tokens) {
      this.text = text;
      this.tokens = tokens;
    }
  }

  /**
   * Takes the tokens of the bytes, and what may merge.
   *
   * @param pattern which words no token crosses
   * @param texts what each token stands for; null where that is nothing
   * @param borders the separator, and others that stand between documents
   * @param bytes the token of each byte
   * @param merges by pair of tokens, see {@link #merge}
   */
  BytePairTokenizer(
      String identity,
      ByteLevel.Pattern pattern,
      byte[][] texts,
      int separator,
      Set<Integer> borders,
      int[] bytes,
      PairMap merges) {
    this.identity = identity;
    this.pattern = pattern;
    this.texts = texts;
    this.separator = separator;
    this.borders = borders;
    this.bytes = bytes;
    this.merges = merges;
  }

  /**
   * Returns a merge as the map holds it: its rank, of which the lowest comes first, and its token.
   */
  static long merge(int rank, int token) {
    return PairMap.pair(rank, token);
  }

  /**
   * Returns the tokenizer of a file that asks for this encoding and nothing else; empty where any
   * part of it does: a normalizer, another pattern, added tokens to be found in the text, bytes
   * without a token.
   */
  static Optional<Tokenizer> of(TokenizerFile file) {
    JsonNode model = file.plain().path("model");
    JsonNode words = file.plain().path("pre_tokenizer");
    boolean plain =
        model.path("type").asText().equals("BPE")
            && Stream.of("continuing_subword_prefix", "end_of_word_suffix")
                .allMatch(key -> model.path(key).asText("").isEmpty())
            && Stream.of("byte_fallback", "ignore_merges")
                .noneMatch(key -> model.path(key).asBoolean())
            && file.plain().path("normalizer").isEmpty()
            && words.path("type").asText().equals("ByteLevel")
            && !words.path("add_prefix_space").asBoolean(true)
            && words.path("use_regex").asBoolean(true)
            && !file.findsTokensInText();
    return plain ? of(file, ByteLevel.Pattern.GPT2) : Optional.empty();
  }

  /** Returns the tokenizer of a file's merges, whatever else it asks for. */
  static Optional<Tokenizer> of(TokenizerFile file, ByteLevel.Pattern pattern) {
    JsonNode model = file.plain().path("model");
    JsonNode vocab = model.path("vocab");
    int[] bytes = new int[ByteLevel.BYTES];
    for (int value = 0; value < bytes.length; value++) {
      bytes[value] = vocab.path(String.valueOf(ByteLevel.letter(value))).asInt(-1);
      if (bytes[value] < 0) {
        return Optional.empty();
      }
    }
    PairMap merges = new PairMap();
    int rank = 0;
    for (JsonNode pair : model.path("merges")) {
      String[] parts =
          pair.isArray()
              ? new String[] {pair.path(0).asText(), pair.path(1).asText()}
              : pair.asText().split(" ", -1);
      int left = vocab.path(parts[0]).asInt(-1);
      int right = parts.length == 2 ? vocab.path(parts[1]).asInt(-1) : -1;
      int token = right < 0 ? -1 : vocab.path(parts[0] + parts[1]).asInt(-1);
      if (left < 0 || token < 0) {
        return Optional.empty(); // the library says what is wrong with it
      }
      merges.put(PairMap.pair(left, right), merge(rank++, token));
    }
    byte[][] texts = new byte[file.vocabulary()][];
    vocab
        .properties()
        .forEach(
            token ->
                ByteLevel.bytes(token.getKey())
                    .ifPresent(text -> texts[token.getValue().intValue()] = text));
    return Optional.of(
        new BytePairTokenizer(
            file.identity(), pattern, texts, file.separator(), file.borders(), bytes, merges));
  }

  @Override
  public String identity() {
    return identity;
  }

  @Override
  public int vocabulary() {
    return texts.length;
  }

  @Override
  public int separator() {
    return separator;
  }

  @Override
  public Set<Integer> borders() {
    return borders;
  }

  @Override
  public void encode(byte[] document, IntConsumer tokens) {
    byte[] text = Utf8.of(document);
    int end;
    for (int start = 0; start < text.length; start = end) {
      end = pattern.wordEnd(text, start);
      for (int token : word(text, start, end)) {
        tokens.accept(token);
      }
    }
  }

  @Override
  public byte[] decode(int[] tokens) {
    int length = 0;
    for (int token : tokens) {
      length = Math.addExact(length, texts[token] == null ? 0 : texts[token].length);
    }
    byte[] text = new byte[length];
    int at = 0;
    for (int token : tokens) {
      if (texts[token] != null) {
        System.arraycopy(texts[token], 0, text, at, texts[token].length);
        at += texts[token].length;
      }
    }
    return text;
  }

  private int[] word(byte[] text, int start, int end) {
    if (end - start > LONGEST_REMEMBERED) {
      return merged(text, start, end);
    }
    int hash = WordCounts.hash(text, start, end) & (REMEMBERED - 1);
    Word known = remembered[hash];
    if (known == null || !Arrays.equals(known.text, 0, known.text.length, text, start, end)) {
      known = new Word(Arrays.copyOfRange(text, start, end), merged(text, start, end));
      remembered[hash] = known;
    }
    return known.tokens;
  }

  private int[] merged(byte[] text, int start, int end) {
    int[] tokens = new int[end - start];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = bytes[Byte.toUnsignedInt(text[start + i])];
    }
    return tokens.length < LONG ? mergeShort(tokens) : mergeLong(tokens);
  }

  private long merge(int[] tokens, int left, int right) {
    return merges.get(PairMap.pair(tokens[left], tokens[right]), NONE);
  }

  private int[] mergeShort(int[] tokens) {
    int count = tokens.length;
    while (true) {
      long best = NONE;
      int at = 0;
      for (int i = 0; i + 1 < count; i++) {
        long merge = merge(tokens, i, i + 1);
        if ((merge >>> 32) < (best >>> 32)) {
          best = merge;
          at = i;
        }
      }
      if (best == NONE) {
        return Arrays.copyOf(tokens, count);
      }
      tokens[at] = (int) best;
      System.arraycopy(tokens, at + 2, tokens, at + 1, --count - at - 1);
    }
  }

  /** A merge that is due at a place, which another may have come before. */
  private record Due(long merge, int at, int left, int right) implements Comparable<Due> {

    @Override
    public int compareTo(Due other) {
      int byRank = Long.compare(merge >>> 32, other.merge >>> 32);
      return byRank != 0 ? byRank : Integer.compare(at, other.at);
    }
  }

  private int[] mergeLong(int[] tokens) {
    int[] next = new int[tokens.length];
    int[] previous = new int[tokens.length];
    PriorityQueue<Due> queue = new PriorityQueue<>();
    for (int i = 0; i < tokens.length; i++) {
      next[i] = i + 1;
      previous[i] = i - 1;
    }
    for (int i = 0; i + 1 < tokens.length; i++) {
      offer(queue, tokens, i, i + 1);
    }
    while (!queue.isEmpty()) {
      Due due = queue.remove();
      int at = due.at;
      int after = next[at];
      if (tokens[at] != due.left || after >= tokens.length || tokens[after] != due.right) {
        continue; // either neighbour has merged with another one
      }
      tokens[at] = (int) due.merge;
      tokens[after] = -1;
      next[at] = next[after];
      if (next[at] < tokens.length) {
        previous[next[at]] = at;
        offer(queue, tokens, at, next[at]);
      }
      if (previous[at] >= 0) {
        offer(queue, tokens, previous[at], at);
      }
    }
    return Arrays.stream(tokens).filter(token -> token >= 0).toArray();
  }

  private void offer(PriorityQueue<Due> queue, int[] tokens, int left, int right) {
    long merge = merge(tokens, left, right);
    if (merge != NONE) {
      queue.add(new Due(merge, left, tokens[left], tokens[right]));
    }
  }
}
