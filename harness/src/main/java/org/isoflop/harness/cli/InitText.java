package org.isoflop.harness.cli;

import static org.isoflop.harness.Quantities.count;
import static org.isoflop.harness.Quantities.duration;
import static org.isoflop.harness.Quantities.flops;
import static org.isoflop.harness.Quantities.format;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.ScreenLines;
import org.isoflop.harness.ShellWords;
import org.isoflop.harness.config.CorpusConfig;
import org.isoflop.harness.config.Expected;
import org.isoflop.harness.data.tokenizers.Tokenizer;
import org.isoflop.harness.plan.JobForecast;
import org.isoflop.harness.plan.PrecisionForecast;
import org.isoflop.harness.sweep.SweepForTime;
import org.isoflop.harness.sweep.SweepForTime.Found;

/** What {@code isoflop init} says of the sweep that it found, on the screen and in its file. */
final class InitText {

  /** With it a 95% interval of a reaches from .3 to .7. */
  private static final double LARGEST_ERROR = 0.1;

  private static final int BYTES = Tokenizer.ONE_BYTE_VOCABULARY;

  private final Found found;
  private final double asked;
  private final String devices;
  private final List<JobForecast> points;

  /**
   * Prepares to say it.
   *
   * @param asked the seconds it was to take
   * @param devices that it would train on, as the command line calls them
   */
  InitText(Found found, double asked, String devices) {
    this.found = found;
    this.asked = asked;
    this.devices = devices;
    this.points = found.plan().points();
  }

  /** Returns the comment at the top of the file. */
  List<String> head() {
    return List.of(
        "Written by 'isoflop init' for " + duration(asked) + ": " + size() + ",",
        takes() + ". Keys that are not here have their defaults.");
  }

  /**
   * Returns the lines of the screen.
   *
   * @param precision of the sweep
   * @param jobs that train at once
   * @param wide the smallest sweep over two decades, where there is one
   */
  List<String> lines(PrecisionForecast precision, int jobs, Supplier<Optional<Found>> wide) {
    ScreenLines lines = new ScreenLines();
    lines.add("");
    var budgets = points.stream().mapToDouble(InitText::budget).summaryStatistics();
    var params = points.stream().mapToDouble(InitText::params).summaryStatistics();
    lines.wrap(
        "sweep  ",
        "%s of decoders of %s to %s params on up to %s epochs; %s, %d jobs at a time",
        size(),
        count(params.getMin()),
        count(params.getMax()),
        Quantities.digits(epochs()),
        takes(),
        jobs);
    lines.wrap(
        "expect ",
        "N* from about %s to %s params, where %s tokens per param are best; %s",
        count(optimum(budgets.getMin())),
        count(optimum(budgets.getMax())),
        Quantities.digits(ratio()),
        precision.sentence());
    found.refused().ifPresent(why -> lines.wrap("larger ", "would be refused: " + why));
    if (found.seconds() > asked) {
      lines.wrap(
          "warning",
          "There is no smaller sweep than this one%s, which takes longer than %s.",
          vocabulary() == BYTES ? "" : format(" for %,d tokens", vocabulary()),
          duration(asked));
    }
    if (precision.precision().value().filter(a -> a.standardError() <= LARGEST_ERROR).isEmpty()) {
      lines.wrap(
          "warning",
          "This sweep is too small for an exponent that tells anything"
              + wide.get().map(InitText::takesLonger).orElse("")
              + ".");
    }
    found.plan().warnings().forEach(warning -> lines.wrap("warning", warning));
    return lines.all();
  }

  /**
   * Returns lines on a smaller vocabulary, with the commands that make and use it; none where there
   * is no need for one.
   *
   * @param to where the sweep is written
   */
  List<String> advice(SweepForTime search, Path to, String device) {
    double budget = found.top() * Math.min(1, asked / found.seconds());
    OptionalInt smaller = search.smallerVocabulary(budget);
    ScreenLines lines = new ScreenLines();
    smaller.ifPresent(
        tokens -> {
          lines.wrap(
              "advice ",
              "At the %s FLOPs per run that there is time for, embedding and head would hold %s"
                  + " of the params where the optimum is expected; %s leave more to the"
                  + " blocks:",
              flops(budget),
              Quantities.percent(search.embeddingShare(budget)),
              tokens == BYTES
                  ? "bytes"
                  : format("%,d tokens learned from the text itself", tokens));
          commands(tokens, to, device).forEach(command -> lines.add("          " + command));
        });
    return lines.all();
  }

  /** Returns what makes tokens of a vocabulary learned from the text, and a sweep of them. */
  private List<String> commands(int vocabulary, Path to, String device) {
    CorpusConfig corpus = found.config().corpus();
    String name = found.config().name() + "-" + vocabulary;
    List<String> init = words("isoflop", "init", to.resolveSibling(name + ".yaml").toString());
    init.addAll(List.of("--device", device, "--time", duration(asked).replace(" ", "")));
    if (vocabulary == BYTES && corpus.tokens().isEmpty()) {
      init.addAll(List.of("--corpus", String.join(",", corpus.files())));
      init.addAll(which(corpus));
      return List.of(ShellWords.line(init));
    }
    String tokens = SweepOptions.RUNS.resolve(name + "-tokens").toString();
    init.addAll(List.of("--corpus", tokens));
    List<String> tokenize = words("isoflop", "tokenize");
    tokenize.addAll(corpus.files());
    tokenize.addAll(which(corpus));
    if (!corpus.tokens().isEmpty()) {
      tokenize.addAll(List.of("--validation-as-in", corpus.tokens())); // so that losses compare
    }
    tokenize.addAll(
        vocabulary == BYTES
            ? List.of("--tokenizer", "bytes")
            : List.of("--train-bpe", String.valueOf(vocabulary)));
    tokenize.addAll(List.of("--out", tokens));
    return List.of(ShellWords.line(tokenize), ShellWords.line(init));
  }

  /** Returns the flags that say which of the files are text, and what in them. */
  private static List<String> which(CorpusConfig corpus) {
    CorpusConfig usual = CorpusConfig.of(corpus.files());
    List<String> flags = new ArrayList<>();
    if (!corpus.include().equals(usual.include())) {
      flags.addAll(List.of("--include", String.join(",", corpus.include())));
    }
    if (!corpus.text().equals(usual.text())) {
      flags.addAll(List.of("--text", corpus.text()));
    }
    if (corpus.nearDuplicates() > 0) {
      flags.addAll(List.of("--near-duplicates", String.valueOf(corpus.nearDuplicates())));
    }
    if (!corpus.documentSeparator().isEmpty()) {
      flags.addAll(List.of("--document-separator", corpus.documentSeparator()));
    }
    return flags;
  }

  private static List<String> words(String... words) {
    return new ArrayList<>(List.of(words));
  }

  private String size() {
    return format(
        "%d budgets from %s to %s FLOPs, %d loss points",
        found.config().grid().budgets().size(),
        flops(found.config().grid().budgets().get(0)),
        flops(found.top()),
        points.size());
  }

  private String takes() {
    return format("about %s on %s", duration(found.seconds()), devices);
  }

  private static String takesLonger(Found wide) {
    return format(
        "; two decades, up to %s FLOPs, take about %s here",
        flops(wide.top()), duration(wide.seconds()));
  }

  /** Returns the size of a budget nearest to where the grid expects its optimum. */
  private double optimum(double budget) {
    return points.stream()
        .filter(point -> budget(point) == budget)
        .min(Comparator.comparingDouble(this::fromRatio))
        .map(InitText::params)
        .orElseThrow();
  }

  private double fromRatio(JobForecast point) {
    double tokens = point.job().horizon().orElseThrow().tokens();
    return Math.abs(Math.log(tokens / params(point) / ratio()));
  }

  private double ratio() {
    return ((Expected.TokensPerParam) found.config().grid().expected()).tokensPerParam();
  }

  private int vocabulary() {
    return points.get(0).job().decoder().options().vocabulary();
  }

  private double epochs() {
    return points.stream().mapToDouble(JobForecast::epochs).max().orElseThrow();
  }

  private static double budget(JobForecast point) {
    return point.job().horizon().orElseThrow().budget();
  }

  private static double params(JobForecast point) {
    return point.job().decoder().parameters().total();
  }
}
