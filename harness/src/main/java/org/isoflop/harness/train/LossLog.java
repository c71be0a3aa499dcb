package org.isoflop.harness.train;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.apache.commons.csv.CSVPrinter;
import org.isoflop.harness.AtomicFiles;
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
      String text = Files.readString(file);
      return Math.max(0, text.chars().filter(c -> c == '\n').count() - 1);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  /** Opens a log to go on after that many steps, which it must hold. */
  static LossLog open(Path file, long steps) {
    try {
      List<String> kept =
          steps == 0
              ? List.of(String.join(",", COLUMNS))
              : Files.readAllLines(file).subList(0, Math.toIntExact(steps) + 1);
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
