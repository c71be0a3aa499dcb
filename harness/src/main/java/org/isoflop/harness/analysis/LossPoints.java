package org.isoflop.harness.analysis;

import java.nio.file.Path;
import java.util.List;
import org.isoflop.harness.BadInputException;

/**
 * The loss points of a sweep or of anybody's CSV, with what was left out of them.
 *
 * @param points the usable points, in the order of the file
 * @param warnings what was left out or merged, one sentence each
 */
public record LossPoints(List<LossPoint> points, List<String> warnings) {

  /** Copies the lists. */
  public LossPoints {
    points = List.copyOf(points);
    warnings = List.copyOf(warnings);
  }

  /**
   * Reads points from a CSV, or from the {@code points.csv} of a sweep's folder.
   *
   * <p>Needs the columns {@code budget_flops,params,tokens,loss}; uses {@code
   * bits_per_byte,lineage,status} where they are there. Rows with a status other than {@code done}
   * are left out, rows that repeat another exactly are merged, and a warning counts both.
   *
   * @param source a CSV file, or a folder that holds {@code points.csv}
   * @throws BadInputException if the file is missing, is not a CSV with these columns, has a value
   *     that cannot be one, or has no row left
   */
  public static LossPoints read(Path source) {
    return PointsCsv.read(source);
  }
}
