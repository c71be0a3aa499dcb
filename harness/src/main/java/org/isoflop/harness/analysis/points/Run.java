package org.isoflop.harness.analysis.points;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One usable row of a CSV with every count it gives, before anyone has chosen how N and C are
 * counted.
 *
 * @param place file and line
 * @param budget stated FLOPs
 * @param params every parameter
 * @param tokens training tokens seen
 * @param dataSeen how often it saw them
 * @param loss validation loss, nats per token
 * @param bitsPerByte the same loss in bits per byte of text
 * @param flops training FLOPs of the run counted operation by operation
 * @param parts its parameters part by part, as far as the input says
 * @param lineage the trunk it shares with others; its own where the input does not say
 * @param seed as the input spells it
 * @param setting what was tuned at its cell: column and cell
 * @param precision what it computed in, as the input spells it
 * @param onBudget whether its budget, params and tokens agree, as far as others of its set show,
 *     and its tokens with what it says of repeats
 */
public record Run(
    Place place,
    OptionalDouble budget,
    double params,
    double tokens,
    DataSeen dataSeen,
    double loss,
    OptionalDouble bitsPerByte,
    OptionalDouble flops,
    Map<Column, Double> parts,
    String lineage,
    Optional<String> seed,
    Map<String, String> setting,
    Optional<String> precision,
    boolean onBudget) {

  /**
   * Where a row stands, for messages.
   *
   * @param file as the user named it, or its folder
   * @param line from 1
   */
  public record Place(String file, long line) {

    private static final int MOST_STRETCHES = 12;

    @Override
    public String toString() {
      return file + ", line " + line;
    }

    /** Returns places in few words, such as {@code a.csv, lines 2-6, 9; b.csv, line 3}. */
    static String list(List<Place> places) {
      Map<String, List<Long>> lines = new LinkedHashMap<>();
      places.forEach(p -> lines.computeIfAbsent(p.file, any -> new ArrayList<>()).add(p.line));
      List<String> files = new ArrayList<>();
      lines.forEach(
          (file, all) ->
              files.add(file + (all.size() == 1 ? ", line " : ", lines ") + stretches(all)));
      return String.join("; ", files);
    }

    /** Returns ascending lines as stretches of neighbours. */
    private static String stretches(List<Long> lines) {
      List<String> stretches = new ArrayList<>();
      int start = 0;
      for (int i = 1; i <= lines.size(); i++) {
        if (i == lines.size() || lines.get(i) > lines.get(i - 1) + 1) {
          String end = i - start > 1 ? "-" + lines.get(i - 1) : "";
          stretches.add(lines.get(start) + end);
          start = i;
        }
      }
      int shown = Math.min(stretches.size(), MOST_STRETCHES);
      return String.join(", ", stretches.subList(0, shown))
          + (shown < stretches.size() ? ", …" : "");
    }
  }

  /** Fewer epochs, by rounded counts, repeat nothing to speak of. */
  private static final double REPEATING = 1.005;

  /** Returns the same run, known to contradict its budget or itself. */
  Run offBudget() {
    return with(dataSeen, false);
  }

  /** Returns the same run, of which it is not known how often it saw its data. */
  Run withoutDataSeen() {
    return with(DataSeen.UNKNOWN, onBudget);
  }

  private Run with(DataSeen seen, boolean agrees) {
    return new Run(
        place,
        budget,
        params,
        tokens,
        seen,
        loss,
        bitsPerByte,
        flops,
        parts,
        lineage,
        seed,
        setting,
        precision,
        agrees);
  }

  /** Returns how often it saw its data, where its row says; at most 1 without repeats. */
  public OptionalDouble epochs() {
    OptionalDouble unique = uniqueTokens();
    return dataSeen.epochs().isPresent() || unique.isEmpty()
        ? dataSeen.epochs()
        : OptionalDouble.of(tokens / unique.getAsDouble());
  }

  /** Returns whether it saw tokens more than once. */
  public boolean repeats() {
    return epochs().orElse(0) > REPEATING;
  }

  /** Returns the tokens seen with repeated ones counted once, where its row says how many. */
  public OptionalDouble uniqueTokens() {
    return dataSeen.unique(tokens);
  }

  /** Returns whether its counts give N and C in a convention. */
  public boolean allows(Convention convention) {
    return params(convention.params()).isPresent() && flops(convention).isPresent();
  }

  /**
   * Returns what the analysis needs of it in a convention. Its budget is the stated one, by which
   * runs are grouped, and where none is stated its own FLOPs.
   *
   * @throws java.util.NoSuchElementException if it does not {@linkplain #allows allow} that
   */
  public LossPoint in(Convention convention) {
    double c = flops(convention).orElseThrow();
    return new LossPoint(
        budget.orElse(c),
        c,
        params(convention.params()).orElseThrow(),
        tokens,
        loss,
        bitsPerByte,
        lineage,
        onBudget);
  }

  private OptionalDouble params(Convention.Params counted) {
    return positive(counted.count(OptionalDouble.of(params), parts));
  }

  private OptionalDouble flops(Convention convention) {
    return switch (convention.flops()) {
      case BUDGET -> budget;
      case EXACT -> flops;
      case SIX_ND -> {
        OptionalDouble n = params(convention.params());
        yield n.isEmpty() ? n : positive(OptionalDouble.of(6 * n.getAsDouble() * tokens));
      }
    };
  }

  private static OptionalDouble positive(OptionalDouble count) {
    boolean usable =
        count.isPresent() && count.getAsDouble() > 0 && Double.isFinite(count.getAsDouble());
    return usable ? count : OptionalDouble.empty();
  }
}
