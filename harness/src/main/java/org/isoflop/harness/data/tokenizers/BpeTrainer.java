package org.isoflop.harness.data.tokenizers;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.isoflop.harness.AtomicFiles;
import org.isoflop.harness.BadInputException;

/**
 * Learns a byte-level BPE tokenizer (Sennrich et al. 2016; Radford et al. 2019) from documents: of
 * all pairs of neighbouring tokens within the words of {@link ByteLevel} the most frequent one
 * becomes a token, of equally frequent ones that of the lower ids, until there are enough.
 *
 * <p>These are the merges that Hugging Face's {@code BpeTrainer} learns from the same documents
 * with all 256 bytes for an alphabet, and the file is the one it writes; a test holds them equal.
 * Neither the order of the documents nor the number of threads matters.
 *
 * <p>Kept are the different words and how often each occurs, not the text: up to a million words of
 * 16 MiB together. Above that the rarest go, those that occurred once so far, then twice, and so
 * on, which few merges hang on; {@link Sample} says so. Training takes some 400 MB then.
 */
public final class BpeTrainer {

  /** The separator and the bytes: no vocabulary is smaller. */
  public static final int SMALLEST_VOCABULARY = 1 + ByteLevel.BYTES;

  private static final String SEPARATOR = "<|endoftext|>";
  private static final int SEPARATOR_ID = 0;
  private static final int MOST_WORDS = 1 << 20;
  private static final int BYTES_PER_WORD = 1 << 4;
  private static final int BATCH_BYTES = 1 << 24;

  private final int vocabulary;
  private final int mostWords;
  private final int enoughForBatch;
  private final WordCounts counts = new WordCounts();
  private final List<byte[]> batch = new ArrayList<>();
  private long batchBytes;
  private long documents;
  private long bytes;
  private long rarest = 1;

  /**
   * What a tokenizer was learned from.
   *
   * @param documents how many
   * @param bytes of these documents
   * @param words different words that were counted to the end
   * @param rarest words that seldom may have been left out; 1 where none was
   */
  public record Sample(long documents, long bytes, int words, long rarest) {}

  /**
   * A tokenizer as it was learned.
   *
   * @param json its {@code tokenizer.json}
   * @param vocabulary its tokens, less than were asked for where the sample has no more pairs
   * @param sample what it was learned from
   */
  public record Trained(String json, int vocabulary, Sample sample) {

    /** Writes the {@code tokenizer.json}, whole or not at all. */
    public void write(Path file) {
      AtomicFiles.writeText(file, out -> out.write(json));
    }
  }

  /**
   * Starts without a document.
   *
   * @param vocabulary tokens wanted, the 256 bytes and {@code <|endoftext|>} among them
   * @throws BadInputException where these alone are more
   */
  public BpeTrainer(int vocabulary) {
    this(vocabulary, MOST_WORDS, BATCH_BYTES);
  }

  BpeTrainer(int vocabulary, int mostWords, int enoughForBatch) {
    if (vocabulary < SMALLEST_VOCABULARY) {
      throw BadInputException.of(
          "a BPE vocabulary of %d is too small, its 256 bytes and %s are %d; 1024, 4096 or 16384"
              + " would do",
          vocabulary, SEPARATOR, SMALLEST_VOCABULARY);
    }
    this.vocabulary = vocabulary;
    this.mostWords = mostWords;
    this.enoughForBatch = enoughForBatch;
  }

  /** Takes a document into the sample; on all processors, once there are some. */
  public void add(byte[] document) {
    batch.add(document);
    batchBytes += document.length;
    documents++;
    bytes += document.length;
    if (batchBytes >= enoughForBatch) {
      count();
    }
  }

  private void count() {
    counts.addAll(
        batch.parallelStream()
            .collect(WordCounts::new, BpeTrainer::countWords, WordCounts::addAll));
    batch.clear();
    batchBytes = 0;
    while (counts.size() > mostWords || counts.bytes() > (long) BYTES_PER_WORD * mostWords) {
      counts.retain(++rarest);
    }
  }

  private static void countWords(WordCounts counts, byte[] document) {
    byte[] text = Utf8.of(document);
    int end;
    for (int start = 0; start < text.length; start = end) {
      end = ByteLevel.Pattern.GPT2.wordEnd(text, start);
      counts.add(text, start, end);
    }
  }

  /** Learns the tokenizer from the documents so far. */
  public Trained train() {
    count();
    Merging merging = new Merging(counts);
    while (merging.tokens.size() < vocabulary && merging.mergeMostFrequent()) {
      // one more
    }
    return new Trained(
        json(merging.tokens, merging.merges),
        merging.tokens.size(),
        new Sample(documents, bytes, counts.size(), rarest));
  }

  /** The words as they are cut into tokens so far, and the pairs in them. */
  private static final class Merging {
    private final List<String> tokens = new ArrayList<>();
    private final Map<String, Integer> ids = new HashMap<>();
    private final List<Long> merges = new ArrayList<>();
    private final int[] symbols;
    private final int[] starts;
    private final int[] lengths;
    private final long[] wordCounts;
    private final PairMap pairCounts = new PairMap();
    private final PriorityQueue<Candidate> queue =
        new PriorityQueue<>(
            Comparator.comparingLong((Candidate candidate) -> -candidate.count)
                .thenComparingLong(candidate -> candidate.pair));

    /** Pairs that have come up since the queue was last filled. */
    private final Map<Long, Places> places = new HashMap<>();

    Merging(WordCounts counts) {
      name(SEPARATOR);
      int[] letters = ByteLevel.letters().sorted().toArray();
      Arrays.stream(letters).forEach(letter -> name(Character.toString(letter)));
      WordCounts.Word[] words = counts.words().toArray(WordCounts.Word[]::new);
      symbols = new int[(int) counts.bytes()];
      starts = new int[words.length];
      lengths = new int[words.length];
      wordCounts = new long[words.length];
      int[] idOfByte = new int[ByteLevel.BYTES];
      Arrays.setAll(idOfByte, value -> ids.get(String.valueOf(ByteLevel.letter(value))));
      int at = 0;
      for (int word = 0; word < words.length; word++) {
        starts[word] = at;
        lengths[word] = words[word].text().length;
        wordCounts[word] = words[word].count();
        for (byte value : words[word].text()) {
          symbols[at++] = idOfByte[Byte.toUnsignedInt(value)];
        }
        for (int i = starts[word]; i + 1 < at; i++) {
          found(symbols[i], symbols[i + 1], word);
        }
      }
      enqueue();
    }

    private int name(String token) {
      ids.put(token, tokens.size());
      tokens.add(token);
      return tokens.size() - 1;
    }

    /** Makes a token of the most frequent pair; false where no pair is left. */
    boolean mergeMostFrequent() {
      Candidate top = queue.poll();
      while (top != null && top.count != pairCounts.get(top.pair, 0)) {
        queue.add(new Candidate(top.pair, pairCounts.get(top.pair, 0), top.places));
        top = queue.poll();
      }
      if (top == null || top.count < 1) {
        return false;
      }
      int left = PairMap.first(top.pair);
      int right = PairMap.second(top.pair);
      String name = tokens.get(left) + tokens.get(right);
      // Two ways of cutting a word can lead to one token.
      int token = ids.containsKey(name) ? ids.get(name) : name(name);
      merges.add(top.pair);
      for (int i = 0; i < top.places.size; i++) {
        merge(top.places.words[i], left, right, token);
      }
      enqueue();
      return true;
    }

    private void merge(int word, int left, int right, int token) {
      int start = starts[word];
      int end = start + lengths[word];
      for (int i = start; i + 1 < end; i++) {
        if (symbols[i] == left && symbols[i + 1] == right) {
          if (i > start) {
            lost(symbols[i - 1], left, word);
            found(symbols[i - 1], token, word);
          }
          symbols[i] = token;
          System.arraycopy(symbols, i + 2, symbols, i + 1, end - i - 2);
          end--;
          if (i + 1 < end) {
            lost(right, symbols[i + 1], word);
            found(token, symbols[i + 1], word);
          }
        }
      }
      lengths[word] = end - start;
    }

    private void found(int left, int right, int word) {
      long pair = PairMap.pair(left, right);
      pairCounts.put(pair, pairCounts.get(pair, 0) + wordCounts[word]);
      places.computeIfAbsent(pair, added -> new Places()).add(word);
    }

    private void lost(int left, int right, int word) {
      long pair = PairMap.pair(left, right);
      pairCounts.put(pair, pairCounts.get(pair, 0) - wordCounts[word]);
    }

    private void enqueue() {
      places.forEach(
          (pair, words) -> {
            long count = pairCounts.get(pair, 0);
            if (count > 0) {
              queue.add(new Candidate(pair, count, words));
            }
          });
      places.clear();
    }
  }

  /** A pair, how often it occurred when it was put into the queue, and in which words. */
  private record Candidate(long pair, long count, Places places) {}

  /** Words, each once, added in order. */
  private static final class Places {
    private int[] words = new int[2];
    private int size;

    void add(int word) {
      if (size > 0 && words[size - 1] == word) {
        return;
      }
      if (size == words.length) {
        words = Arrays.copyOf(words, 2 * size);
      }
      words[size++] = word;
    }
  }

  private static String json(List<String> tokens, List<Long> merges) {
    ObjectNode json = TokenizerFile.JSON.createObjectNode();
    json.put("version", "1.0").putNull("truncation").putNull("padding");
    json.putArray("added_tokens")
        .addObject()
        .put("id", SEPARATOR_ID)
        .put("content", SEPARATOR)
        .put("single_word", false)
        .put("lstrip", false)
        .put("rstrip", false)
        .put("normalized", false)
        .put("special", true);
    json.putNull("normalizer");
    byteLevel(json.putObject("pre_tokenizer"), false);
    json.putNull("post_processor");
    byteLevel(json.putObject("decoder"), true);
    ObjectNode model = json.putObject("model").put("type", "BPE");
    model.putNull("dropout").putNull("unk_token");
    model.putNull("continuing_subword_prefix").putNull("end_of_word_suffix");
    model.put("fuse_unk", false).put("byte_fallback", false).put("ignore_merges", false);
    ObjectNode vocab = model.putObject("vocab");
    for (int id = 0; id < tokens.size(); id++) {
      vocab.put(tokens.get(id), id);
    }
    ArrayNode pairs = model.putArray("merges");
    for (long pair : merges) {
      pairs.addArray().add(tokens.get(PairMap.first(pair))).add(tokens.get(PairMap.second(pair)));
    }
    return json.toPrettyString() + "\n";
  }

  private static void byteLevel(ObjectNode part, boolean addPrefixSpace) {
    part.put("type", "ByteLevel")
        .put("add_prefix_space", addPrefixSpace)
        .put("trim_offsets", true)
        .put("use_regex", true);
  }
}
