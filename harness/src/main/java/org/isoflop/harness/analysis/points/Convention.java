package org.isoflop.harness.analysis.points;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Stream;

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
    TOTAL("total", "params"),
    /** Those of attention, MLP and norms: neither embedding nor head. */
    NON_EMBEDDING(
        "non-embedding",
        "params_attention, params_mlp and params_norm with a sum above 0",
        Column.PARAMS_ATTENTION,
        Column.PARAMS_MLP,
        Column.PARAMS_NORM),
    /** Those that are multiplied with: attention, MLP and head, a tied head too. */
    MATMUL(
        "matmul",
        "params_attention, params_mlp and params_head with a sum above 0 (for a head of 0, which is"
            + " tied, params_embedding too)",
        Column.PARAMS_ATTENTION,
        Column.PARAMS_MLP,
        Column.PARAMS_HEAD);

    private final String key;
    private final String wanted;
    private final List<Column> columns;

    Params(String key, String wanted, Column... columns) {
      this.key = key;
      this.wanted = wanted;
      this.columns = List.of(columns);
    }

    /** Returns the word for it on the command line and in files. */
    @JsonValue
    public String key() {
      return key;
    }

    /** Returns N of a model by its total and its parts, where what it takes is there. */
    OptionalDouble count(OptionalDouble total, Map<Column, Double> parts) {
      if (this == TOTAL) {
        return total;
      }
      double sum = 0;
      for (Column column : columns) {
        boolean tied = column == Column.PARAMS_HEAD && parts.getOrDefault(column, 1.0) == 0;
        Double part = parts.get(tied ? Column.PARAMS_EMBEDDING : column);
        if (part == null) {
          return OptionalDouble.empty();
        }
        sum += part;
      }
      return OptionalDouble.of(sum);
    }
  }

  /** What C is. */
  public enum Flops {
    /** The budget as stated. */
    BUDGET("budget", "the stated budget", "", Column.BUDGET_FLOPS),
    /** 6·N·D with this convention's N. */
    SIX_ND("6nd", "6ND", ", and a finite 6ND"),
    /** The FLOPs of the run counted operation by operation. */
    EXACT("exact", "exact FLOPs", ", and flops or flops_per_token", Column.FLOPS);

    private final String key;
    private final String words;
    private final String wanted;
    private final List<Column> columns;

    Flops(String key, String words, String wanted, Column... columns) {
      this.key = key;
      this.words = words;
      this.wanted = wanted;
      this.columns = List.of(columns);
    }

    /** Returns the word for it on the command line and in files. */
    @JsonValue
    public String key() {
      return key;
    }
  }

  /**
   * Returns the convention of two words from the command line, in any case.
   *
   * @param params {@code total}, {@code non-embedding} or {@code matmul}
   * @param flops {@code budget}, {@code 6nd} or {@code exact}
   * @throws org.isoflop.harness.BadInputException if a word is none of these
   */
  public static Convention parse(String params, String flops) {
    return new Convention(
        PointsFormat.parse("--params", params, Params.values(), Params::key),
        PointsFormat.parse("--flops", flops, Flops.values(), Flops::key));
  }

  /** Returns every combination. */
  static List<Convention> all() {
    return Arrays.stream(Params.values())
        .flatMap(n -> Arrays.stream(Flops.values()).map(c -> new Convention(n, c)))
        .toList();
  }

  /** Returns the convention for people, such as {@code N total, C the stated budget}. */
  public String words() {
    return "N " + params.key + ", C " + flops.words;
  }

  /** Returns what a row has to have for it, in words. */
  String wanted() {
    return params.wanted + flops.wanted;
  }

  /**
   * Returns the columns it counts by beside params and tokens. For {@link Flops#EXACT} it names
   * {@code flops}, in whose place {@code flops_per_token} will do.
   */
  List<Column> columns() {
    return Stream.of(flops.columns, params.columns).flatMap(List::stream).toList();
  }

  /** Returns the flag that asks for a column of {@link #columns}. */
  String flag(Column column) {
    return params.columns.contains(column) ? "--params " + params.key : "--flops " + flops.key;
  }
}
