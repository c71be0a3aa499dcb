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
 * A job's {@code losses.csv}: one row a step, in step order, each step once. A run that resumes
 * first drops the rows its checkpoint does not know, the last of which may be half a line.
 */
final class LossLog implements AutoCloseable {

  static final String[] COLUMNS = {
    "step", "tokens", "flops", "learning_rate", "loss", "gradient_norm", "tokens_per_second"
  };

  private final CSVPrinter printer;

  private LossLog(CSVPrinter printer) {
    this.printer = printer;
  }

  /** Returns how many steps a log holds in whole rows; 0 where there is none. */
  static long steps(Path file) {
    if (!Files.exists(file)) {
      return 0;
    }
    try {
      byte[] text = Files.readAllBytes(file); // bytes, because one may be damaged
      return Math.max(0, IntStream.range(0, text.length).filter(i -> text[i] == '\n').count() - 1);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  /**
   * Returns the losses of the first steps, in order.
   *
   * @throws BadInputException where the row of one is damaged
   */
  static float[] losses(Path file, long steps) {
    int column = List.of(COLUMNS).indexOf("loss");
    try {
      List<String> rows = rows(file, Math.toIntExact(steps));
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
   * Opens a log to go on after that many steps, which it must hold.
   *
   * @throws BadInputException where one of them is damaged
   */
  static LossLog open(Path file, long steps) {
    try {
      List<String> kept =
          steps == 0 ? List.of(String.join(",", COLUMNS)) : rows(file, Math.toIntExact(steps));
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

  /** Returns the header and the rows of the first steps. */
  private static List<String> rows(Path file, int steps) throws IOException {
    List<String> lines;
    try (BufferedReader reader =
        new BufferedReader( // bytes that are not UTF-8 become characters that are no number's
            new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8))) {
      lines = reader.lines().limit(steps + 1L).toList();
    }
    for (int step = 1; step <= steps; step++) {
      if (!isRow(lines.get(step), step)) {
        throw BadInputException.of(
            "%s, line %d: is not the row of step %d; delete %s, and the sweep command trains that"
                + " job again",
            file, step + 1, step, file.getParent());
      }
    }
    return lines;
  }

  private static boolean isRow(String line, int step) {
    String[] fields = line.split(",", -1);
    try {
      for (String field : fields) {
        Double.parseDouble(field);
      }
      return fields.length == COLUMNS.length && Integer.parseInt(fields[0]) == step;
    } catch (NumberFormatException e) {
      return false;
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
    try {
      printer.printRecord(
          step,
          tokens,
          flops,
          (float) learningRate,
          loss,
          gradientNorm,
          Math.round(tokensPerSecond));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write losses.csv: " + e.getMessage(), e);
    }
  }

  /** Hands what was appended to the operating system; due before a checkpoint is saved. */
  void flush() {
    try {
      printer.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write losses.csv: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    try {
      printer.close(true);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write losses.csv: " + e.getMessage(), e);
    }
  }
}
