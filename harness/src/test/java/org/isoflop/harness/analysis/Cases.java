package org.isoflop.harness.analysis;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.isoflop.harness.analysis.points.Column;
import org.isoflop.harness.analysis.points.Convention;
import org.isoflop.harness.analysis.points.LossPoints;
import org.isoflop.harness.analysis.points.PointsFormat;

/**
 * Small tables such as people bring, each with one fault or none; unless said otherwise made from L
 * = 1.69 + 406.4/N^.34 + 410.7/D^.28 with C = 6ND and 0.3% noise, so that a = .4516.
 */
final class Cases {

  private Cases() {}

  static LossPoints stated(String name) {
    return read(name, Map.of(), Convention.DEFAULT);
  }

  static LossPoints sixNd(String name, Map<Column, String> headers) {
    return read(name, headers, new Convention(Convention.Params.TOTAL, Convention.Flops.SIX_ND));
  }

  private static LossPoints read(String name, Map<Column, String> headers, Convention convention) {
    try {
      Path file = Path.of(Cases.class.getResource("/cases/" + name + ".csv").toURI());
      return LossPoints.read(List.of(file), new PointsFormat(headers, convention));
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
