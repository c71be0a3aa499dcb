package org.isoflop.harness.analysis.points;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.isoflop.harness.BadInputException;

/**
 * How params and FLOPs are counted: a choice that alone moves a by up to 0.3 on small models
 * (Porian et al. 2024, arXiv 2406.19146).
 *
 * @param params what N counts
 * @param flops what C is
 */
public record Convention(Params params, Flops flops) {

  /** N total, C as the budget is stated: needs no further columns. */
  public static final Convention DEFAULT = new Convention(Params.TOTAL, Flops.BUDGET);

  /** What N counts. */
  public enum Params {
    /** Every parameter. */
    TOTAL("total"),
    /** Those of attention, MLP and norms: neither embedding nor head. */
    NON_EMBEDDING("non-embedding"),
    /** Those that are multiplied with: attention, MLP and head, a tied head too. */
    MATMUL("matmul");

    private final String key;

    Params(String key) {
      this.key = key;
    }

    private List<Column> columns() {
      return switch (this) {
        case TOTAL -> List.of();
        case NON_EMBEDDING ->
            List.of(Column.PARAMS_ATTENTION, Column.PARAMS_MLP, Column.PARAMS_NORM);
        case MATMUL -> List.of(Column.PARAMS_ATTENTION, Column.PARAMS_MLP, Column.PARAMS_HEAD);
      };
    }

    /** Returns the word for it on the command line and in files. */
    public String key() {
      return key;
    }
  }

  /** What C is. */
  public enum Flops {
    /** The budget as stated. */
    BUDGET("budget", "the stated budget"),
    /** 6·N·D with this convention's N. */
    SIX_ND("6nd", "6ND"),
    /** The FLOPs of the run counted operation by operation. */
    EXACT("exact", "exact FLOPs");

    private final String key;
    private final String words;

    Flops(String key, String words) {
      this.key = key;
      this.words = words;
    }

    private List<Column> columns() {
      return switch (this) {
        case BUDGET -> List.of(Column.BUDGET_FLOPS);
        case SIX_ND -> List.of();
        case EXACT -> List.of(Column.FLOPS);
      };
    }

    /** Returns the word for it on the command line and in files. */
    public String key() {
      return key;
    }
  }

  /**
   * Returns the convention of two words from the command line, in any case.
   *
   * @param params {@code total}, {@code non-embedding} or {@code matmul}
   * @param flops {@code budget}, {@code 6nd} or {@code exact}
   * @throws BadInputException if a word is none of these
   */
  public static Convention parse(String params, String flops) {
    return new Convention(
        parse("--params", params, Params.values(), Params::key),
        parse("--flops", flops, Flops.values(), Flops::key));
  }

  private static <T> T parse(String flag, String word, T[] values, Function<T, String> key) {
    return Arrays.stream(values)
        .filter(value -> key.apply(value).equalsIgnoreCase(word))
        .findFirst()
        .orElseThrow(
            () ->
                BadInputException.of(
                    "%s: '%s' is not known, use one of %s",
                    flag, word, Arrays.stream(values).map(key).collect(Collectors.joining(", "))));
  }

  /** Returns the convention for people, such as {@code N total, C the stated budget}. */
  public String words() {
    return "N " + params.key + ", C " + flops.words;
  }

  /**
   * Returns the columns it counts by beside params and tokens. For {@link Flops#EXACT} it names
   * {@code flops}, in whose place {@code flops_per_token} will do.
   */
  public List<Column> columns() {
    List<Column> columns = new ArrayList<>(flops.columns());
    columns.addAll(params.columns());
    return List.copyOf(columns);
  }

  /** Returns the flag that asks for a column of {@link #columns}. */
  String flag(Column column) {
    return params.columns().contains(column) ? "--params " + params.key : "--flops " + flops.key;
  }
}
