package org.isoflop.harness.analysis.points;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.isoflop.harness.BadInputException;

/**
 * What a user may say about a CSV of their own: how its headers are called, and how to count.
 *
 * @param headers the header of every column that is not called by its {@linkplain Column#key key}
 * @param convention how params and FLOPs are to be counted, which decides the columns needed
 * @param settings headers of what was tuned at every cell, beside those known
 * @param units by which cells of a column are to be multiplied
 * @param lossUnit what the loss is in, where the user says it
 * @param done words of a status that mean done, beside those known
 * @param mostDeparture rows whose learning rate or batch is further from their cell's own, as a
 *     factor, are left out
 * @param minSteps rows of fewer steps are left out
 */
public record PointsFormat(
    Map<Column, String> headers,
    Convention convention,
    List<String> settings,
    Map<Column, Double> units,
    Optional<LossUnit> lossUnit,
    Set<String> done,
    Optional<Double> mostDeparture,
    Optional<Long> minSteps) {

  /** What the loss of a table may be in. */
  public enum LossUnit {
    /** Nats per token, as everything here is. */
    NATS("nats per token", loss -> loss),
    /** Bits per token. */
    BITS("nats per token, ln 2 times the bits given", loss -> loss * Math.log(2)),
    /** Bits per byte of text, whatever the tokens are. */
    BITS_PER_BYTE("nats per byte, ln 2 times the bits per byte given", loss -> loss * Math.log(2)),
    /** The exponential of nats per token. */
    PERPLEXITY("nats per token, ln of the perplexities given", Math::log);

    /** No vocabulary is so large that guessing costs more nats per token. */
    static final double MOST_NATS = 15;

    private final String words;
    private final DoubleUnaryOperator nats;

    LossUnit(String words, DoubleUnaryOperator nats) {
      this.words = words;
      this.nats = nats;
    }

    /**
     * Returns the unit of a word from the command line, in any case.
     *
     * @throws BadInputException if it is none
     */
    public static LossUnit parse(String word) {
      return PointsFormat.parse("--loss-unit", word, values(), LossUnit::key);
    }

    /** Returns the word for it on the command line. */
    public String key() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Returns what losses are after the conversion. */
    String words() {
      return words;
    }

    /** Returns nats. */
    double nats(double loss) {
      return nats.applyAsDouble(loss);
    }
  }

  /** CSV files as isoflop writes them, counted by {@link Convention#DEFAULT}. */
  public static final PointsFormat DEFAULT = new PointsFormat(Map.of(), Convention.DEFAULT);

  /**
   * Copies the collections; spaces about a header mean nothing.
   *
   * @throws BadInputException if the departure is below 1, or the steps are
   */
  public PointsFormat {
    Map<Column, String> stripped = new EnumMap<>(Column.class);
    headers.forEach((column, header) -> stripped.put(column, header.strip()));
    headers = Collections.unmodifiableMap(stripped);
    settings = settings.stream().map(String::strip).toList();
    units = Map.copyOf(units);
    done = Set.copyOf(done);
    mostDeparture
        .filter(factor -> !(factor >= 1))
        .ifPresent(
            factor -> {
              throw BadInputException.of("--departure: %s is no factor, use 1 or more", factor);
            });
    minSteps
        .filter(steps -> steps < 1)
        .ifPresent(
            steps -> {
              throw BadInputException.of(
                  "--min-steps: %d is no number of steps, use 1 or more", steps);
            });
  }

  /** Takes headers and a convention, nothing more. */
  public PointsFormat(Map<Column, String> headers, Convention convention) {
    this(
        headers,
        convention,
        List.of(),
        Map.of(),
        Optional.empty(),
        Set.of(),
        Optional.empty(),
        Optional.empty());
  }

  /** Returns the header that the user gave a column, where they did. */
  Optional<String> mapped(Column column) {
    return Optional.ofNullable(headers.get(column));
  }

  /** Returns every header that means a column, in lower case. */
  Set<String> knownHeaders() {
    Stream<String> given =
        headers.values().stream()
            .map(header -> header.toLowerCase(Locale.ROOT))
            .flatMap(header -> Stream.concat(Stream.of(header), summands(header)));
    return Stream.concat(Arrays.stream(Column.values()).flatMap(Column::called), given)
        .collect(Collectors.toSet());
  }

  /** Returns the headers of {@code a+b}. */
  static Stream<String> summands(String header) {
    return Stream.of(header.split("\\+")).map(String::strip).filter(part -> !part.isEmpty());
  }

  /** Returns which of some values a word from the command line means, in any case. */
  static <T> T parse(String flag, String word, T[] values, Function<T, String> key) {
    return Arrays.stream(values)
        .filter(value -> key.apply(value).equalsIgnoreCase(word))
        .findFirst()
        .orElseThrow(
            () ->
                BadInputException.of(
                    "%s: '%s' is not known, use one of %s",
                    flag, word, Arrays.stream(values).map(key).collect(Collectors.joining(", "))));
  }
}
