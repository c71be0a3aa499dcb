package org.isoflop.harness.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.CsvFiles;

/**
 * How far an unfinished job has come, by its loss log.
 *
 * @param begun whether there is a log
 * @param step last step logged whole
 * @param loss its training loss, nats per token
 */
public record JobProgress(boolean begun, long step, Optional<Double> loss) {

  private static final int STEP = List.of(LossLog.COLUMNS).indexOf("step");
  private static final int LOSS = List.of(LossLog.COLUMNS).indexOf("loss");

  /** Reads a job's log, which another process may be writing. */
  public static JobProgress read(JobFolder folder) {
    if (!Files.exists(folder.losses())) {
      return new JobProgress(false, 0, Optional.empty());
    }
    try {
      String text = Files.readString(folder.losses());
      List<String> rows = text.substring(0, text.lastIndexOf('\n') + 1).lines().skip(1).toList();
      if (rows.isEmpty()) {
        return new JobProgress(true, 0, Optional.empty());
      }
      try (CSVParser parser = CSVParser.parse(rows.get(rows.size() - 1), CsvFiles.FORMAT)) {
        CSVRecord last = parser.iterator().next();
        return new JobProgress(
            true, Long.parseLong(last.get(STEP)), Optional.of(Double.valueOf(last.get(LOSS))));
      }
    } catch (IndexOutOfBoundsException | NumberFormatException e) {
      throw BadInputException.of(
          "%s: its last line is no row of losses; delete %s, and the sweep command trains that job"
              + " again",
          folder.losses(), folder.path());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + folder.losses() + ": " + e.getMessage(), e);
    }
  }
}
