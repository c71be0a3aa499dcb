import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import org.isoflop.harness.data.BpeTrainer;
import org.isoflop.harness.data.Tokenizer;
import org.isoflop.harness.data.Tokenizers;

/**
 * The half of compare_tokenizers.py that is ours: does what each line of its input asks for, on all
 * processors, and answers with the seconds it took.
 *
 * <pre>
 * read FILE               documents of whole lines, 16 KiB and more each
 * train VOCABULARY FILE   of the documents, into a tokenizer.json
 * load TOKENIZER          a name or a tokenizer.json
 * encode                  the documents, tokens kept in memory
 * write FILE              these tokens, one a line
 * </pre>
 */
final class TokenizerSpeed {

  private static final int DOCUMENT = 1 << 14;

  private static List<byte[]> documents = List.of();
  private static List<Ids> encoded = List.of();

  private TokenizerSpeed() {}

  public static void main(String[] arguments) throws IOException {
    BufferedReader asked = new BufferedReader(new InputStreamReader(System.in));
    Tokenizer tokenizer = Tokenizers.named("bytes");
    for (String line = asked.readLine(); line != null; line = asked.readLine()) {
      String[] words = line.split(" ");
      long start = System.nanoTime();
      switch (words[0]) {
        case "read" -> documents = documents(Files.readAllBytes(Path.of(words[1])));
        case "train" -> {
          BpeTrainer trainer = new BpeTrainer(Integer.parseInt(words[1]));
          documents.forEach(trainer::add);
          trainer.train().write(Path.of(words[2]));
        }
        case "load" -> tokenizer = Tokenizers.named(words[1]);
        case "encode" -> {
          Tokenizer loaded = tokenizer;
          encoded = documents.parallelStream().map(document -> new Ids(loaded, document)).toList();
        }
        case "write" -> write(Path.of(words[1]));
        default -> throw new IllegalArgumentException(line);
      }
      System.out.println((System.nanoTime() - start) / 1e9);
    }
  }

  private static List<byte[]> documents(byte[] text) {
    List<byte[]> documents = new ArrayList<>();
    int end;
    for (int start = 0; start < text.length; start = end) {
      end = Math.min(text.length, start + DOCUMENT);
      while (end < text.length && text[end - 1] != '\n') {
        end++;
      }
      documents.add(Arrays.copyOfRange(text, start, end));
    }
    return documents;
  }

  private static void write(Path file) throws IOException {
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      for (Ids document : encoded) {
        for (int i = 0; i < document.count; i++) {
          out.write(document.ids[i] + "\n");
        }
      }
    }
  }

  /** The tokens of a document. */
  private static final class Ids implements IntConsumer {
    private int[] ids = new int[DOCUMENT / 2];
    private int count;

    Ids(Tokenizer tokenizer, byte[] document) {
      tokenizer.encode(document, this);
    }

    @Override
    public void accept(int token) {
      if (count == ids.length) {
        ids = Arrays.copyOf(ids, 2 * count);
      }
      ids[count++] = token;
    }
  }
}
