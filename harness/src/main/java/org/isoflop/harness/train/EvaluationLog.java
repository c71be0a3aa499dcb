package org.isoflop.harness.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.isoflop.harness.AtomicFiles;
import org.isoflop.harness.BadInputException;

/**
 * A job's {@code evaluations.csv}: one row for each validation loss taken in its own stretch, on
 * the way and at its horizon, in step order. Rows are on the disk before anything later is; a run
 * that resumes drops those its checkpoint does not know, and takes them again.
 */
record EvaluationLog(Path file) {

  private static final List<String> COLUMNS =
      List.of("step", "tokens", "flops", "loss", "bits_per_byte");

  private static final String HEADER = String.join(",", COLUMNS) + "\n";

  /**
   * Drops the rows of later steps, the last of which may be half a line.
   *
   * @param startStep the step before the first of the job
   * @param step the last to keep
   * @throws BadInputException where the row of one to keep is damaged
   */
  void keep(long startStep, long step) {
    try {
      if (step == startStep) {
        Files.deleteIfExists(file);
      } else if (Files.exists(file)) {
        String kept = rows(step);
        AtomicFiles.writeText(file, out -> out.write(kept));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot open " + file + ": " + e.getMessage(), e);
    }
  }

  private String rows(long lastStep) throws IOException {
    // Bytes that are not UTF-8 become characters that are no number's.
    String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    List<String> lines = text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    StringBuilder kept = new StringBuilder(HEADER);
    long before = 0;
    for (int i = 1; i < lines.size(); i++) {
      long step = LossLog.step(lines.get(i), COLUMNS.size());
      if (step <= before) {
        throw BadInputException.of(
            "%s, line %d: is not the row of a step after %d; delete %s, and the sweep command trains"
                + " that job again",
            file, i + 1, before, file.getParent());
      }
      if (step > lastStep) {
        break;
      }
      kept.append(lines.get(i)).append('\n');
      before = step;
    }
    return kept.toString();
  }

  /** Appends the losses after a step. */
  void append(long step, long tokens, double flops, double loss, double bitsPerByte) {
    String text = step + "," + tokens + "," + flops + "," + loss + "," + bitsPerByte + "\n";
    try {
      Files.writeString(
          file,
          Files.exists(file) ? text : HEADER + text,
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND,
          StandardOpenOption.DSYNC);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file + ": " + e.getMessage(), e);
    }
  }
}
