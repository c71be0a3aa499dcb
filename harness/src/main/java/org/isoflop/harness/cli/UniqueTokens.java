package org.isoflop.harness.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.output.ResultJson.Row;
import org.isoflop.harness.analysis.points.LossPoints;
import org.isoflop.harness.analysis.points.Run;
import org.isoflop.harness.config.SweepConfig;
import org.isoflop.harness.plan.DataFacts;
import org.isoflop.harness.sweep.Environment;
import org.isoflop.harness.sweep.SweepFolder;
import picocli.CommandLine.ITypeConverter;

/**
 * How many tokens there are to train on before any is repeated: as asked, else those of the corpus
 * that the points come from, as far as it is known.
 *
 * @param count U; empty where nobody says, or it is unlimited
 * @param words where that comes from, or why it is not known; empty where there is nothing to say
 */
record UniqueTokens(OptionalDouble count, String words) {

  private static final String FLAG = "--unique-tokens";
  private static final String UNLIMITED = "unlimited";

  /** One text in windows of another length has a few tokens more or less. */
  private static final double SAME = 0.01;

  /** A count, or infinity for {@code unlimited}. */
  static final class Converter implements ITypeConverter<Double> {

    private final CountConverter counts = new CountConverter();

    @Override
    public Double convert(String text) {
      return text.strip().equalsIgnoreCase(UNLIMITED)
          ? Double.POSITIVE_INFINITY
          : counts.convert(text);
    }
  }

  /**
   * Finds out.
   *
   * @param asked by the user; infinite for as many as one likes
   * @param sources folders of sweeps and tables, which are pooled
   * @param input their points
   */
  static UniqueTokens of(Optional<Double> asked, List<Path> sources, LossPoints input) {
    if (asked.isPresent()) {
      return asked.get().isInfinite()
          ? new UniqueTokens(OptionalDouble.empty(), "")
          : new UniqueTokens(OptionalDouble.of(asked.get()), FLAG);
    }
    List<Double> known = new ArrayList<>();
    for (Path source : sources) {
      OptionalDouble own = ofSweep(source);
      own = own.isPresent() ? own : ofTable(source, input.runs());
      own.ifPresent(known::add);
    }
    if (known.isEmpty()) {
      return new UniqueTokens(OptionalDouble.empty(), "");
    }
    double most = known.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    boolean alike = known.stream().allMatch(count -> count > (1 - SAME) * most);
    if (known.size() < sources.size() || !alike) {
      return new UniqueTokens(
          OptionalDouble.empty(),
          "How many unique tokens there are is not assumed: "
              + (alike
                  ? "not all sources say"
                  : "the sources have "
                      + known.stream().map(Quantities::count).collect(Collectors.joining(", ")))
              + "; --unique-tokens U says it.");
    }
    return new UniqueTokens(
        OptionalDouble.of(most), sources.get(0) + (sources.size() > 1 ? " and the others" : ""));
  }

  /** Returns the tokens of one epoch of a sweep, where its folder says on what it trained. */
  private static OptionalDouble ofSweep(Path source) {
    SweepFolder folder = new SweepFolder(source);
    if (!folder.exists()) {
      return OptionalDouble.empty();
    }
    try {
      OptionalLong train = Environment.trainTokens(folder.environment());
      int context = SweepConfig.read(folder.config()).decoder().context();
      long epoch = DataFacts.epochTokens(train.orElse(0), context);
      return epoch > 0 ? OptionalDouble.of((double) epoch) : OptionalDouble.empty();
    } catch (BadInputException e) {
      return OptionalDouble.empty(); // of another version: its points are sound all the same
    }
  }

  /**
   * Returns the most unique tokens of any row; without repeats there may be more than were seen.
   */
  private static OptionalDouble ofTable(Path source, List<Run> runs) {
    List<Run> own =
        runs.stream().filter(run -> Path.of(run.place().file()).startsWith(source)).toList();
    return own.stream().anyMatch(run -> run.onBudget() && run.repeats())
        ? own.stream()
            .filter(Run::onBudget)
            .flatMapToDouble(run -> run.uniqueTokens().stream())
            .max()
        : OptionalDouble.empty();
  }

  /** Returns a line for the foot of the screen; nothing where there is nothing to say. */
  Optional<String> text(boolean repeats) {
    if (count.isEmpty()) {
      return Optional.of(words).filter(why -> !why.isEmpty());
    }
    String unique = Quantities.count(count.getAsDouble()) + " (" + words + ")";
    return Optional.of(
        !repeats
            ? "No answer repeats tokens: " + unique + " are unique."
            : words.equals(FLAG)
                ? "Unique tokens: " + unique + "."
                : "Unique tokens: "
                    + unique
                    + "; "
                    + FLAG
                    + " takes another number, or "
                    + UNLIMITED
                    + ".");
  }

  /** Returns the same for a script; nothing where the count is not known. */
  Optional<Row> json() {
    return count.isEmpty()
        ? Optional.empty()
        : Optional.of(new Row().with("count", count.getAsDouble()).with("of", words));
  }
}
