package org.isoflop.harness.analysis.points;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.isoflop.harness.analysis.points.Remarks.Remark;
import org.isoflop.harness.analysis.points.Remarks.Severity;

/**
 * The loss points of a sweep or of anybody's CSV under one convention, with what was left out of
 * them, and with the rows they come from, so that the convention can be changed.
 *
 * @param points the usable points, in the order of the input
 * @param remarks what of the rows endangers the answer, and what was left out, merged or taken for
 *     granted
 * @param convention how their params and FLOPs are counted
 * @param runs the row of every point; empty where the points come from elsewhere
 * @param separate the rows of separate runs that were made to compare with points, and are none
 * @param controls the rows of runs at other learning rates than their cells', which are none either
 */
public record LossPoints(
    List<LossPoint> points,
    List<Remark> remarks,
    Convention convention,
    List<Run> runs,
    List<Run> separate,
    List<Run> controls) {

  /** Copies the lists, and refuses rows that are not one for each point. */
  public LossPoints {
    points = List.copyOf(points);
    remarks = List.copyOf(remarks);
    runs = List.copyOf(runs);
    separate = List.copyOf(separate);
    controls = List.copyOf(controls);
    if (!runs.isEmpty() && runs.size() != points.size()) {
      throw new IllegalArgumentException(runs.size() + " rows of " + points.size() + " points");
    }
  }

  /** Takes points that no CSV has given; they stay in the convention they are in. */
  public static LossPoints of(List<LossPoint> points) {
    Remarks remarks = new Remarks();
    List<LossPoint> checked = OffBudget.checkedPoints(points, remarks);
    return new LossPoints(
        checked, remarks.all(), Convention.DEFAULT, List.of(), List.of(), List.of());
  }

  /** Counts rows in a convention that each of them allows. */
  static LossPoints of(
      List<Run> runs,
      List<Run> separate,
      List<Run> controls,
      List<Remark> remarks,
      Convention convention) {
    List<LossPoint> points = runs.stream().map(run -> run.in(convention)).toList();
    return new LossPoints(points, remarks, convention, runs, separate, controls);
  }

  /** Returns what of the rows changes the answer or endangers it, one sentence each. */
  public List<String> warnings() {
    return Remarks.of(Severity.WARNING, remarks);
  }

  /** Returns what was left out, merged or taken for granted, one sentence each. */
  public List<String> notes() {
    return Remarks.of(Severity.NOTE, remarks);
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
   * @throws org.isoflop.harness.BadInputException if a file is missing, is not a CSV with these
   *     columns, has a value that cannot be one, or has no usable row
   */
  public static LossPoints read(List<Path> sources, PointsFormat format) {
    return new PointsReader(sources, format).read();
  }

  /**
   * Reads points and splits them by the value of a column. The name "source" means, where no header
   * has it, the file or folder they come from.
   *
   * @param groupBy a header, in any case
   * @return the points of every value, numbers first and by size, then text by the alphabet; those
   *     of a value without a usable row are empty, and their notes say why
   * @throws org.isoflop.harness.BadInputException as {@link #read(List, PointsFormat)}, and where a
   *     file lacks the column
   */
  public static Map<String, LossPoints> readGroups(
      List<Path> sources, PointsFormat format, String groupBy) {
    return new PointsReader(sources, format).readGroups(groupBy);
  }

  /**
   * Reads the points of every source apart, though with one format for all, as {@link #read(List,
   * PointsFormat)} does.
   *
   * @return the points of every source in the order of the sources, by its name: the whole path
   *     where two have the same
   */
  public static Map<String, LossPoints> readEach(List<Path> sources, PointsFormat format) {
    return new PointsReader(sources, format).readEach();
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
    return runs.isEmpty()
        ? List.of(convention)
        : Convention.all().stream()
            .filter(counted -> runs.stream().allMatch(run -> run.allows(counted)))
            .toList();
  }

  /**
   * Returns the same runs counted in another convention.
   *
   * @throws IllegalArgumentException if it is none of {@link #conventions}
   */
  public LossPoints in(Convention other) {
    if (!conventions().contains(other)) {
      throw new IllegalArgumentException(other.words() + " is none of " + conventions());
    }
    return other.equals(convention) ? this : of(runs, separate, controls, remarks, other);
  }
}
