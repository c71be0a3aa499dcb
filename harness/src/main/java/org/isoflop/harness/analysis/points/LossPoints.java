package org.isoflop.harness.analysis.points;

import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.Quantities;

/**
 * The loss points of a sweep or of anybody's CSV under one convention, with what was left out of
 * them, and with the rows they come from, so that the convention can be changed.
 *
 * @param points the usable points, in the order of the input
 * @param warnings what of the rows changes the answer or endangers it, one sentence each
 * @param notes what was left out, merged or taken for granted, one sentence each
 * @param convention how their params and FLOPs are counted
 * @param runs the row of every point; empty where the points come from elsewhere
 * @param separate the rows of separate runs that were made to compare with points, and are none
 * @param controls the rows of runs at other learning rates than their cells', which are none either
 */
public record LossPoints(
    List<LossPoint> points,
    List<String> warnings,
    List<String> notes,
    Convention convention,
    List<Run> runs,
    List<Run> separate,
    List<Run> controls) {

  /**
   * A cell that was trained at other learning rates too, to tell how far its own is from the best.
   *
   * @param points its own, one a seed, at least one
   * @param others losses by what the learning rate is multiplied by, at least one; infinite where
   *     the run diverged
   */
  public record Controlled(List<LossPoint> points, SortedMap<Double, Double> others) {

    /** Copies both. */
    public Controlled {
      points = List.copyOf(points);
      others = Collections.unmodifiableSortedMap(new TreeMap<>(others));
    }

    /** Returns its own loss, the geometric mean of its seeds. */
    public double loss() {
      return Math.exp(points.stream().mapToDouble(p -> Math.log(p.loss())).average().orElseThrow());
    }

    /** Returns ln of the loss at another rate over its own. */
    public double difference(double multiplier) {
      return Math.log(others.get(multiplier) / loss());
    }
  }

  /** A multiplier of two rounded numbers has no more digits than this. */
  private static final MathContext MULTIPLIER_DIGITS = new MathContext(6);

  /**
   * A cell that was trained both ways.
   *
   * @param branch its point, which shares a trunk with others
   * @param separate the same cell as a run of its own
   */
  public record Pair(LossPoint branch, LossPoint separate) {}

  /** Copies the lists, and refuses rows that are not one for each point. */
  public LossPoints {
    points = List.copyOf(points);
    warnings = List.copyOf(warnings);
    notes = List.copyOf(notes);
    runs = List.copyOf(runs);
    separate = List.copyOf(separate);
    controls = List.copyOf(controls);
    if (!runs.isEmpty() && runs.size() != points.size()) {
      throw new IllegalArgumentException(runs.size() + " rows of " + points.size() + " points");
    }
  }

  /** Takes points that no CSV has given; they stay in the convention they are in. */
  public LossPoints(List<LossPoint> points) {
    this(points, OffBudget.ofPoints(points));
  }

  private LossPoints(List<LossPoint> points, OffBudget off) {
    this(
        off.mark(points, LossPoint::offBudget),
        off.sentence().stream().toList(),
        List.of(),
        Convention.DEFAULT,
        List.of(),
        List.of(),
        List.of());
  }

  /** Counts rows in a convention that each of them allows. */
  static LossPoints of(
      List<Run> runs,
      List<Run> separate,
      List<Run> controls,
      List<String> warnings,
      List<String> notes,
      Convention convention) {
    List<LossPoint> points = runs.stream().map(run -> run.in(convention)).toList();
    return new LossPoints(points, warnings, notes, convention, runs, separate, controls);
  }

  /**
   * Returns the points that a separate run was made of too, by budget, params, seed and setting.
   */
  public List<Pair> verified() {
    List<Pair> pairs = new ArrayList<>();
    for (Run alone : separate) {
      for (int i = 0; i < runs.size(); i++) {
        Run branch = runs.get(i);
        if (branch.budget().equals(alone.budget())
            && branch.params() == alone.params()
            && branch.seed().equals(alone.seed())
            && branch.setting().equals(alone.setting())) {
          pairs.add(new Pair(points.get(i), alone.in(convention)));
        }
      }
    }
    return pairs;
  }

  /**
   * Returns the cells that were trained at other learning rates too: those points that agree with a
   * control in budget, params and every setting but one, whose quotient is the multiplier.
   */
  public List<Controlled> controlled() {
    Map<List<Object>, List<LossPoint>> own = new LinkedHashMap<>();
    Map<List<Object>, SortedMap<Double, Double>> others = new HashMap<>();
    for (Run control : controls) {
      List<LossPoint> cell = new ArrayList<>();
      double multiplier = 1;
      for (int i = 0; i < runs.size(); i++) {
        OptionalDouble found = multiplier(control, runs.get(i));
        if (found.isPresent() && runs.get(i).onBudget()) {
          cell.add(points.get(i));
          multiplier = found.getAsDouble();
        }
      }
      if (!cell.isEmpty()) {
        List<Object> place = List.of(control.budget(), control.params());
        own.put(place, cell);
        others
            .computeIfAbsent(place, any -> new TreeMap<>())
            .merge(multiplier, control.loss(), Math::min);
      }
    }
    return own.entrySet().stream()
        .map(cell -> new Controlled(cell.getValue(), others.get(cell.getKey())))
        .toList();
  }

  private static OptionalDouble multiplier(Run control, Run point) {
    if (!control.budget().equals(point.budget()) || control.params() != point.params()) {
      return OptionalDouble.empty();
    }
    Map<String, String> different = new HashMap<>(control.setting());
    different.entrySet().removeAll(point.setting().entrySet());
    if (different.size() != 1) {
      return OptionalDouble.empty();
    }
    Map.Entry<String, String> setting = different.entrySet().iterator().next();
    double other = Quantities.parseNumber(setting.getValue()).orElse(Double.NaN);
    double own =
        Quantities.parseNumber(point.setting().getOrDefault(setting.getKey(), ""))
            .orElse(Double.NaN);
    double ratio = other / own;
    return ratio > 0 && Double.isFinite(ratio)
        ? OptionalDouble.of(new BigDecimal(ratio).round(MULTIPLIER_DIGITS).doubleValue())
        : OptionalDouble.empty();
  }

  /**
   * Reads points as isoflop itself writes them: {@link #read(List, PointsFormat)} of one source
   * with {@link PointsFormat#DEFAULT}.
   */
  public static LossPoints read(Path source) {
    return read(List.of(source), PointsFormat.DEFAULT);
  }

  /**
   * Reads and pools points from CSV files and the {@code points.csv} of sweeps.
   *
   * <p>Cells may be separated by commas, semicolons or tabs and the file compressed by gzip; its
   * content says so, not its name. Needs the columns {@code params,tokens,loss} and those of the
   * convention, and uses every other {@link Column} that is there. Left out are rows with a status
   * other than {@code done} and, where there is no status, rows whose loss is empty, NaN or
   * infinite; rows that repeat another exactly are merged; a note counts each kind. Lineages are of
   * one source only: equal names in two sources are two trunks.
   *
   * @param sources CSV files, or folders that hold {@code points.csv}; at least one
   * @param format which header means which column, and how to count
   * @throws BadInputException if a file is missing, is not a CSV with these columns, has a value
   *     that cannot be one, or has no usable row
   */
  public static LossPoints read(List<Path> sources, PointsFormat format) {
    return PointsReader.read(sources, format);
  }

  /**
   * Reads points and splits them by the value of a column. The name "source" means, where no header
   * has it, the file or folder they come from.
   *
   * @param groupBy a header, in any case
   * @return the points of every value, numbers first and by size, then text by the alphabet; those
   *     of a value without a usable row are empty, and their notes say why
   * @throws BadInputException as {@link #read(List, PointsFormat)}, and where a file lacks the
   *     column
   */
  public static Map<String, LossPoints> readGroups(
      List<Path> sources, PointsFormat format, String groupBy) {
    return PointsReader.readGroups(sources, format, groupBy);
  }

  /**
   * Reads the points of every source apart, though with one format for all, as {@link #read(List,
   * PointsFormat)} does.
   *
   * @return the points of every source in the order of the sources, by its name: the whole path
   *     where two have the same
   */
  public static Map<String, LossPoints> readEach(List<Path> sources, PointsFormat format) {
    return PointsReader.readEach(sources, format);
  }

  /** Returns what a source is called: a folder by its name, a file by its name without endings. */
  public static String nameOf(Path source) {
    return PointsReader.nameOf(source);
  }

  /**
   * Returns every convention that all rows allow; the present one alone where the points come from
   * elsewhere.
   */
  public List<Convention> conventions() {
    if (runs.isEmpty()) {
      return List.of(convention);
    }
    return Arrays.stream(Convention.Params.values())
        .flatMap(
            params ->
                Arrays.stream(Convention.Flops.values())
                    .map(flops -> new Convention(params, flops)))
        .filter(counted -> runs.stream().allMatch(run -> run.allows(counted)))
        .toList();
  }

  /**
   * Returns the same runs counted in another convention.
   *
   * @throws IllegalArgumentException if it is none of {@link #conventions}
   */
  public LossPoints in(Convention other) {
    if (other.equals(convention)) {
      return this;
    }
    if (!conventions().contains(other)) {
      throw new IllegalArgumentException(other.words() + " is none of " + conventions());
    }
    return of(runs, separate, controls, warnings, notes, other);
  }
}
