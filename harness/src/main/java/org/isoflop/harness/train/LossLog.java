package org.isoflop.harness.train;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.csv.CSVPrinter;
import org.isoflop.harness.AtomicFiles;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.CsvFiles;

/**
 * A job's {@code losses.csv}: one row a step of its own stretch, in step order, each step once. A
 * run that resumes first drops the rows its checkpoint does not know, the last of which may be half
 * a line.
 */
final class LossLog implements AutoCloseable {

  static final String[] COLUMNS = {
    "step", "tokens", "flops", "learning_rate", "loss", "gradient_norm", "tokens_per_second"
  };

  private final CSVPrinter printer;

  private LossLog(CSVPrinter printer) {
    this.printer = printer;
  }

  /** Returns the last step that a log holds in a whole row; 0 where there is none. */
  static long lastStep(Path file) {
    if (!Files.exists(file)) {
      return 0;
    }
    try {
      byte[] text = Files.readAllBytes(file); // bytes, because one may be damaged
      long rows = IntStream.range(0, text.length).filter(i -> text[i] == '\n').count() - 1;
      return rows <= 0 ? 0 : startStep(file) + rows;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  /** Returns the step before the first that a log holds; 0 where there is none. */
  private static long startStep(Path file) throws IOException {
    try (BufferedReader reader = reader(file)) {
      String first = reader.lines().skip(1).findFirst().orElse("1,");
      return Long.parseLong(first.substring(0, first.indexOf(','))) - 1;
    } catch (NumberFormatException | StringIndexOutOfBoundsException e) {
      return 0;
    }
  }

  /**
   * Returns the losses of the steps from where a log begins to a last one, in order.
   *
   * @throws BadInputException where the row of one is damaged or missing
   */
  static float[] losses(Path file, long lastStep) {
    int column = List.of(COLUMNS).indexOf("loss");
    try {
      if (!Files.exists(file)) {
        throw BadInputException.of(
            "%s: is gone; delete %s, and the sweep command trains that job again",
            file, file.getParent());
      }
      long startStep = startStep(file);
      if (startStep >= lastStep) {
        return new float[0];
      }
      List<String> rows = rows(file, startStep, lastStep);
      float[] losses = new float[rows.size() - 1];
      for (int i = 0; i < losses.length; i++) {
        losses[i] = Float.parseFloat(rows.get(i + 1).split(",", -1)[column]);
      }
      return losses;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  /**
   * Opens a log to go on after a step, all up to which it must hold.
   *
   * @param startStep the step before the first of this log
   * @param step the last to keep
   * @throws BadInputException where one of them is damaged
   */
  static LossLog open(Path file, long startStep, long step) {
    try {
      List<String> kept =
          step == startStep ? List.of(String.join(",", COLUMNS)) : rows(file, startStep, step);
      AtomicFiles.writeText(
          file,
          out -> {
            for (String line : kept) {
              out.write(line);
              out.write('\n');
            }
          });
      BufferedWriter writer =
          Files.newBufferedWriter(file, StandardCharsets.UTF_8, StandardOpenOption.APPEND);
      return new LossLog(new CSVPrinter(writer, CsvFiles.FORMAT));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot open " + file + ": " + e.getMessage(), e);
    }
  }

  /** Returns the header and the rows of the steps after one, up to another. */
  private static List<String> rows(Path file, long startStep, long lastStep) throws IOException {
    int count = Math.toIntExact(lastStep - startStep);
    List<String> lines;
    try (BufferedReader reader = reader(file)) {
      lines = reader.lines().limit(count + 1L).toList();
    }
    for (int i = 1; i <= count; i++) {
      if (i >= lines.size() || step(lines.get(i), COLUMNS.length) != startStep + i) {
        throw BadInputException.of(
            "%s, line %d: is not the row of step %d; delete %s, and the sweep command trains that"
                + " job again",
            file, i + 1, startStep + i, file.getParent());
      }
    }
    return lines;
  }

  /** Bytes that are not UTF-8 become characters that are no number's. */
  private static BufferedReader reader(Path file) throws IOException {
    return new BufferedReader(
        new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8));
  }

  /** Returns the step of a row of so many numbers; 0 where a line is none. */
  static long step(String line, int columns) {
    String[] fields = line.split(",", -1);
    try {
      for (String field : fields) {
        Double.parseDouble(field);
      }
      return fields.length == columns ? Long.parseLong(fields[0]) : 0;
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /** Appends one step, counted from 1. */
  void append(
      long step,
      long tokens,
      double flops,
      double learningRate,
      float loss,
      float gradientNorm,
      double tokensPerSecond) {
    write(
        () ->
            printer.printRecord(
                step,
                tokens,
                flops,
                (float) learningRate,
                loss,
                gradientNorm,
                Math.round(tokensPerSecond)));
  }

  /** Hands what was appended to the operating system; due before a checkpoint is saved. */
  void flush() {
    write(printer::flush);
  }

  @Override
  public void close() {
    write(() -> printer.close(true));
  }

  /** Writes something. */
  private interface Writing {
    void write() throws IOException;
  }

  private static void write(Writing writing) {
    try {
      writing.write();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write losses.csv: " + e.getMessage(), e);
    }
  }
}
