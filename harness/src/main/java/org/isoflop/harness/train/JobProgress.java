package org.isoflop.harness.train;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import org.isoflop.harness.BadInputException;

/**
 * How far an unfinished job has come, by its loss log.
 *
 * @param begun whether there is a log
 * @param step last step logged whole
 * @param loss its training loss, nats per token
 * @param tokensPerSecond how fast it was trained
 */
public record JobProgress(
    boolean begun, long step, Optional<Double> loss, Optional<Double> tokensPerSecond) {

  private static final List<String> COLUMNS = List.of(LossLog.COLUMNS);
  private static final int STEP = COLUMNS.indexOf("step");
  private static final int LOSS = COLUMNS.indexOf("loss");
  private static final int TOKENS_PER_SECOND = COLUMNS.indexOf("tokens_per_second");

  /** Of the end of a log, much more than two rows. */
  private static final int TAIL = 4096;

  /**
   * Reads the end of a job's log, which another process may be writing.
   *
   * @throws BadInputException where it does not end in a row, or cannot be read
   */
  public static JobProgress read(JobFolder folder) {
    if (!Files.exists(folder.losses())) {
      return new JobProgress(false, 0, Optional.empty(), Optional.empty());
    }
    try {
      String tail = tail(folder);
      int end = Math.max(0, tail.lastIndexOf('\n'));
      String last = tail.substring(tail.lastIndexOf('\n', end - 1) + 1, end);
      if (last.isEmpty() || last.equals(String.join(",", COLUMNS))) {
        return new JobProgress(true, 0, Optional.empty(), Optional.empty());
      }
      String[] row = last.split(",", -1);
      return new JobProgress(
          true,
          Long.parseLong(row[STEP]),
          Optional.of(Double.valueOf(row[LOSS])),
          Optional.of(Double.valueOf(row[TOKENS_PER_SECOND])));
    } catch (IndexOutOfBoundsException | NumberFormatException e) {
      throw BadInputException.of(
          "%s: its last line is no row of losses; delete %s, and the sweep command trains that job"
              + " again",
          folder.losses(), folder.path());
    } catch (IOException e) {
      throw BadInputException.of("%s: cannot be read (%s)", folder.losses(), e);
    }
  }

  private static String tail(JobFolder folder) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(folder.losses().toFile(), "r")) {
      file.seek(Math.max(0, file.length() - TAIL));
      byte[] bytes = new byte[TAIL];
      int length = 0;
      int count;
      while (length < TAIL && (count = file.read(bytes, length, TAIL - length)) > 0) {
        length += count;
      }
      return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }
  }
}
