package org.isoflop.harness.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.isoflop.harness.AtomicFiles;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.Cache;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.config.CorpusConfig;
import org.isoflop.harness.data.CorpusFiles;
import org.isoflop.harness.data.CorpusReading;
import org.isoflop.harness.data.CorpusStatistics;
import org.isoflop.harness.data.NearDuplicates;
import org.isoflop.harness.data.TokenStore;
import org.isoflop.harness.data.TrainDocuments;
import org.isoflop.harness.data.formats.CorpusSource;
import org.isoflop.harness.data.tokenizers.BpeTrainer;
import org.isoflop.harness.data.tokenizers.ByteTokenizer;
import org.isoflop.harness.data.tokenizers.Tokenizer;
import org.isoflop.harness.data.tokenizers.Tokenizers;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code isoflop tokenize}: text as a folder of tokens, for any number of sweeps. */
@Command(
    name = "tokenize",
    mixinStandardHelpOptions = true,
    description = {
      "Makes a folder of tokens from text, which sweeps then name as corpus: {tokens: DIR}.",
      "The same text gives the same tokens, whatever its files are called and however many"
          + " processors there are."
    })
final class TokenizeCommand implements Callable<Integer> {

  private static final double USUAL_FRACTION = 0.05;
  private static final Duration BETWEEN_LINES = Duration.ofSeconds(10);

  @Parameters(
      arity = "1..*",
      paramLabel = "TEXT",
      description =
          "Files, folders, archives or quoted globs, as under corpus.files of a configuration; also"
              + " files of tokens (.bin, .npy) that --tokenizer has made.")
  private List<String> files;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "The folder to make; what is not finished there is not there.")
  private Path out;

  @Option(
      names = "--tokenizer",
      paramLabel = "NAME|FILE",
      completionCandidates = TokenizerNames.class,
      description = "${COMPLETION-CANDIDATES} or the path of a tokenizer.json. Default: bytes.")
  private Optional<String> tokenizerName;

  @Option(
      names = "--train-bpe",
      paramLabel = "N",
      description =
          "In place of a tokenizer: learn one of N tokens, byte-level BPE, from the text that is"
              + " not held out; DIR/tokenizer.json has it, for other tools too.")
  private Optional<Integer> trainBpe;

  @Option(
      names = "--bpe-sample",
      paramLabel = "N",
      defaultValue = "1e9",
      description = "Bytes of text that are enough to learn from. Default: ${DEFAULT-VALUE}.")
  private double bpeSample;

  @Option(
      names = "--include",
      split = ",",
      paramLabel = "GLOB[,GLOB...]",
      defaultValue = "**",
      description = CorpusConfig.INCLUDE_WORDS)
  private List<String> include;

  @Option(
      names = "--text",
      paramLabel = "FIELD",
      defaultValue = "text",
      description = CorpusConfig.TEXT_WORDS)
  private String text;

  @Option(
      names = "--document-separator",
      paramLabel = "TEXT",
      defaultValue = "",
      description = CorpusConfig.DOCUMENT_SEPARATOR_WORDS)
  private String documentSeparator;

  @Option(
      names = "--validation-fraction",
      paramLabel = "X",
      description = CorpusConfig.VALIDATION_FRACTION_WORDS)
  private Optional<Double> validationFraction;

  @Option(
      names = "--validation-files",
      split = ",",
      paramLabel = "TEXT[,TEXT...]",
      description = CorpusConfig.VALIDATION_FILES_WORDS)
  private List<String> validationFiles = List.of();

  @Option(
      names = "--validation-as-in",
      paramLabel = "DIR",
      defaultValue = "",
      description = CorpusConfig.VALIDATION_AS_IN_WORDS)
  private String validationAsIn;

  @Option(
      names = "--near-duplicates",
      paramLabel = "X",
      defaultValue = "0",
      description = CorpusConfig.NEAR_DUPLICATES_WORDS)
  private double nearDuplicates;

  @Option(names = "--force", description = "Replace the tokens that the folder holds already.")
  private boolean force;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    AtomicFiles.checkFolder(out);
    if (TokenStore.exists(out) && !force) {
      throw BadInputException.of(
          "%s: holds tokens already; use another folder, or --force to replace them", out);
    }
    CorpusSource source =
        new CorpusSource(
            files,
            include,
            text,
            documentSeparator,
            validationFraction.orElse(
                validationFiles.isEmpty() && validationAsIn.isEmpty() ? USUAL_FRACTION : 0),
            validationFiles,
            validationAsIn,
            nearDuplicates);
    Optional<BpeTrainer> trainer = trainer();
    Tokenizer named = Tokenizers.named(tokenizerName.orElse(ByteTokenizer.NAME));
    PrintWriter screen = spec.commandLine().getOut();
    Lines progress = new Lines(screen);
    CorpusFiles files = CorpusFiles.of(source, Set.of(out));
    NearDuplicates near = near(files, named, progress);
    Optional<BpeTrainer.Trained> learned = trainer.map(one -> learned(one, files, near));
    Tokenizer tokenizer = learned.map(Tokenizers::learned).orElse(named);
    screen.printf("tokenize with %s into %s%n", tokenizer.identity(), out);
    screen.flush();
    long began = System.nanoTime();
    try (CorpusReading reading =
        CorpusReading.goingOn(files, near, tokenizer, out, Cache.ofUser(), progress)) {
      double seconds = seconds(began);
      learned.ifPresent(made -> made.write(tokenizerFile()));
      String name =
          learned.isPresent()
              ? tokenizerFile().toString()
              : tokenizerName.orElse(ByteTokenizer.NAME);
      CorpusStatistics corpus = reading.store(out, name, true).statistics();
      print(corpus, seconds, screen);
    }
    screen.printf("Tokens: %s; a sweep takes them by corpus: {tokens: %s}%n", out, out);
    return 0;
  }

  private Path tokenizerFile() {
    return out.resolve("tokenizer.json");
  }

  /** Returns what is to learn a tokenizer, where that is asked for. */
  private Optional<BpeTrainer> trainer() {
    if (trainBpe.isPresent() && tokenizerName.isPresent()) {
      throw new BadInputException("--train-bpe does not go with --tokenizer, use one of them");
    }
    if (!(bpeSample >= 1)) {
      throw BadInputException.of("--bpe-sample: %s is no number of bytes", bpeSample);
    }
    return trainBpe.map(BpeTrainer::new);
  }

  /** Looks for near duplicates, where that is asked for. */
  private NearDuplicates near(CorpusFiles files, Tokenizer tokenizer, Lines progress) {
    if (nearDuplicates > 0) {
      PrintWriter screen = spec.commandLine().getOut();
      screen.printf("look for near duplicates, of a similarity from %s on%n", nearDuplicates);
      screen.flush();
    }
    return NearDuplicates.of(files, tokenizer, out, progress);
  }

  /** Learns a tokenizer; writes nothing. */
  private BpeTrainer.Trained learned(BpeTrainer trainer, CorpusFiles files, NearDuplicates near) {
    PrintWriter screen = spec.commandLine().getOut();
    long began = System.nanoTime();
    TrainDocuments.read(files, near, (long) bpeSample, trainer::add);
    BpeTrainer.Trained trained = trainer.train();
    BpeTrainer.Sample sample = trained.sample();
    screen.println(
        Quantities.format(
            "learned  %,d tokens from %,d documents, %s of text, %,d different words%s, in %s",
            trained.vocabulary(),
            sample.documents(),
            Quantities.bytes((double) sample.bytes()),
            sample.words(),
            sample.rarest() > 1
                ? Quantities.format(" (those seen fewer than %,d times left out)", sample.rarest())
                : "",
            Quantities.duration(seconds(began))));
    if (trained.vocabulary() < trainBpe.orElseThrow()) {
      screen.println("warning  The text has no more pairs to merge: fewer tokens than asked for.");
    }
    return trained;
  }

  private static void print(CorpusStatistics corpus, double seconds, PrintWriter screen) {
    long bytes = corpus.trainBytes() + corpus.validationBytes();
    long tokens = corpus.trainTokens() + corpus.validationTokens();
    screen.println("corpus   " + CorpusText.describe(corpus));
    screen.println(
        Quantities.format(
            "         %s of text, %.3f bytes a token; read and encoded in %s, %.1f MB/s, %s"
                + " tokens/s",
            Quantities.bytes((double) bytes),
            (double) bytes / tokens,
            Quantities.duration(seconds),
            bytes * 1e-6 / seconds,
            Quantities.count(tokens / seconds)));
    corpus
        .nearDuplicates()
        .forEach(
            left ->
                screen.println(
                    Quantities.format(
                        "left out %s, which is %.2f of %s: \"%s\"",
                        left.document(), left.similarity(), left.of(), left.begins())));
    corpus.warnings().forEach(warning -> screen.println("warning  " + warning));
  }

  private static double seconds(long began) {
    return (System.nanoTime() - began) * 1e-9;
  }

  /** A line now and then. */
  private static final class Lines implements CorpusReading.Progress {
    private final PrintWriter screen;
    private final long began = System.nanoTime();
    private long last = began;

    Lines(PrintWriter screen) {
      this.screen = screen;
    }

    @Override
    public void goesOn(long documents) {
      screen.printf(
          Locale.ROOT, "goes on: %,d documents were encoded before it was cut off%n", documents);
      screen.flush();
    }

    @Override
    public void at(long bytes, long ofBytes, long documents, long tokens) {
      if (System.nanoTime() - last < BETWEEN_LINES.toNanos()) {
        return;
      }
      last = System.nanoTime();
      double seconds = seconds(began);
      screen.printf(
          Locale.ROOT,
          "         %s of %s read (%.0f%%), %s documents, %s tokens, about %s left%n",
          Quantities.bytes((double) bytes),
          Quantities.bytes((double) ofBytes),
          100.0 * bytes / ofBytes,
          Quantities.count((double) documents),
          Quantities.count((double) tokens),
          Quantities.duration(seconds * (ofBytes - bytes) / Math.max(bytes, 1)));
      screen.flush();
    }
  }
}
