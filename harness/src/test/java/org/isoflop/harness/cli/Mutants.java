package org.isoflop.harness.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.zip.GZIPOutputStream;

/** Makes of sound input what people, editors and half-finished copies make of it. */
final class Mutants {

  /** Values that fit no key, or only some; numbers at the edges of every type. */
  private static final List<String> VALUES =
      List.of(
          "-1",
          "0",
          "1",
          "-0.0",
          "0.5",
          "1e-320",
          "1e-9",
          "1e9",
          "1e30",
          "1e300",
          "1e309",
          "-1e300",
          "1e999999999",
          "1e-999999999",
          "127",
          "1000000",
          "2147483647",
          "2147483648",
          "9223372036854775807",
          "9223372036854775808",
          "-9223372036854775808",
          "1".repeat(400),
          ".nan",
          ".inf",
          "-.inf",
          "NaN",
          "Infinity",
          "0x7f",
          "0o17",
          "1_000",
          "1:30:00",
          "2026-11-25",
          "1e9, 1e10",
          "3.2B",
          "12,5",
          "true",
          "no",
          "null",
          "~",
          "''",
          "\"\"",
          "' '",
          "auto",
          "text",
          "[]",
          "{}",
          "[[]]",
          "[1]",
          "[1, 2, 3]",
          "[1e9, 1e10, 1e11]",
          "{a: 1}",
          "{kind: wsd}",
          "{from: 1, to: 1e300, ratio: 1.1}",
          "{from: 1e9, to: 1e10, ratio: 1}",
          "{rule: porian, multiplier: 1e300}",
          "\"a\\0b\"",
          "\"\\e[31mred\"",
          "'\u2028'",
          "'ünïcödé 😀'",
          "'\u202egnp.exe'",
          "../../..",
          "/",
          "/dev/null",
          "'*'",
          "'**'",
          "'[a'",
          "'{a'",
          "%n",
          "%s",
          "&a [*a]",
          "*nowhere",
          "!!binary aGk=",
          "!!java.net.URL [x]",
          "? x",
          "|",
          ">-",
          "-",
          "@x",
          "`x",
          "x: y: z",
          "x".repeat(20_000),
          "[".repeat(60),
          "[".repeat(3000),
          "{a: ".repeat(500));

  /** Pieces that editors, terminals and other formats leave in a text. */
  private static final List<String> PIECES =
      List.of(
          "\t",
          " ",
          "\n",
          "\r",
          "\0",
          "\u001b[31m",
          "\ufeff",
          "\u2028",
          "\u00a0",
          "😀",
          "\"",
          "'",
          ",",
          ";",
          ":",
          ": ",
          "- ",
          "#",
          "---\n",
          "...\n",
          "&a ",
          "*a",
          "!!",
          "%",
          "{",
          "}",
          "[",
          "]",
          "<<<<<<< HEAD\n",
          "\\",
          "|",
          "\u007f",
          "\u0085",
          "=1+1",
          "\n\n\n");

  private final SplittableRandom random;

  Mutants(SplittableRandom random) {
    this.random = random;
  }

  /** Returns one of a list. */
  <T> T pick(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  /** Returns a value such as no key expects. */
  String value() {
    return pick(VALUES);
  }

  /** Returns a YAML of one key a line with one to three things wrong. */
  byte[] yaml(String sound) {
    List<UnaryOperator<String>> ways =
        List.of(
            yaml -> changedLine(yaml, line -> line.replaceFirst(":.*", ": " + value())),
            yaml -> changedLine(yaml, line -> line.replaceFirst("[^ ,:\\[]+(?=[,\\]]|$)", value())),
            yaml -> changedLine(yaml, line -> ""),
            yaml -> changedLine(yaml, line -> line + "\n" + line),
            yaml -> changedLine(yaml, line -> "  " + line),
            yaml -> changedLine(yaml, line -> line.replaceFirst("^ +", "")),
            yaml -> changedLine(yaml, line -> line.replaceAll("[\\[\\]{}'\"]", "")),
            yaml -> changedLine(yaml, line -> line.replaceFirst("(\\w+):", "$1_: ")),
            yaml -> changedLine(yaml, line -> line.replaceFirst(":", "")),
            yaml ->
                changedLine(
                    yaml, line -> line.replaceFirst(":.*", ":\n" + " ".repeat(6) + line.strip())),
            yaml -> yaml + bomb(),
            this::shuffled);
    return encoded(mutated(sound, ways));
  }

  /** Returns a CSV with one to three things wrong. */
  byte[] csv(String sound) {
    List<UnaryOperator<String>> ways =
        List.of(
            this::changedCell,
            this::changedCell,
            this::changedCell,
            csv -> column(csv, (cells, i) -> cells.set(i, value())),
            csv -> column(csv, (cells, i) -> cells.remove(i)),
            csv -> column(csv, (cells, i) -> cells.add(i, cells.get(i))),
            csv ->
                column(
                    csv,
                    (cells, i) ->
                        cells.set(
                            i,
                            cells.get(i) + pick(List.of("e300", "e-300", "B", " M", "%", ",5")))),
            csv -> column(csv, (cells, i) -> Collections.swap(cells, 0, i)),
            csv -> changedLine(csv, line -> ""),
            csv -> changedLine(csv, line -> line + "\n" + line),
            csv -> changedLine(csv, line -> line + ",".repeat(1 + random.nextInt(3))),
            csv -> changedLine(csv, line -> "\"" + line),
            csv -> csv.replace(',', pick(List.of(';', '\t', '|', ' '))),
            csv -> csv.replace("\n", pick(List.of("\r\n", "\r", "\n\n", ""))),
            csv -> csv.substring(csv.indexOf('\n') + 1),
            csv -> csv.substring(0, csv.indexOf('\n') + 1),
            csv -> csv + "x".repeat(200_000),
            this::shuffled);
    return encoded(mutated(sound, ways));
  }

  private String mutated(String sound, List<UnaryOperator<String>> ways) {
    String text = sound;
    for (int i = random.nextInt(3); i >= 0; i--) {
      text = random.nextInt(5) == 0 ? damaged(text) : pick(ways).apply(text);
    }
    return text;
  }

  /** Puts a piece in, takes one out, or ends the text early. */
  private String damaged(String text) {
    int at = random.nextInt(text.length() + 1);
    int end = Math.min(text.length(), at + 1 + random.nextInt(20));
    return switch (random.nextInt(3)) {
      case 0 -> text.substring(0, at) + pick(PIECES) + text.substring(at);
      case 1 -> text.substring(0, at) + text.substring(end);
      default -> text.substring(0, at);
    };
  }

  private String changedLine(String text, UnaryOperator<String> change) {
    List<String> lines = new ArrayList<>(Arrays.asList(text.split("\n", -1)));
    int index = random.nextInt(lines.size());
    lines.set(index, change.apply(lines.get(index)));
    return String.join("\n", lines);
  }

  private String shuffled(String text) {
    List<String> lines = new ArrayList<>(Arrays.asList(text.split("\n", -1)));
    Collections.swap(lines, random.nextInt(lines.size()), random.nextInt(lines.size()));
    return String.join("\n", lines);
  }

  private String changedCell(String csv) {
    return changedLine(
        csv,
        line -> {
          List<String> cells = new ArrayList<>(Arrays.asList(line.split(",", -1)));
          cells.set(random.nextInt(cells.size()), value());
          return String.join(",", cells);
        });
  }

  /** What is done to one column. */
  private interface ColumnChange {
    void apply(List<String> cells, int index);
  }

  private String column(String csv, ColumnChange change) {
    int index = random.nextInt(4);
    int first = random.nextInt(2); // with the header or without
    List<String> lines = new ArrayList<>(Arrays.asList(csv.split("\n", -1)));
    for (int i = first; i < lines.size(); i++) {
      List<String> cells = new ArrayList<>(Arrays.asList(lines.get(i).split(",", -1)));
      if (index < cells.size()) {
        change.apply(cells, index);
        lines.set(i, String.join(",", cells));
      }
    }
    return String.join("\n", lines);
  }

  /** Nine lists of nine of the list before: 10^9 values in 300 bytes. */
  private static String bomb() {
    StringBuilder bomb = new StringBuilder("\na0: &a0 [x, x]\n");
    for (int i = 1; i < 10; i++) {
      String before = "*a" + (i - 1);
      bomb.append(
          "a" + i + ": &a" + i + " [" + String.join(", ", Collections.nCopies(9, before)) + "]\n");
    }
    return bomb.toString();
  }

  private byte[] encoded(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return switch (random.nextInt(24)) {
      case 0 -> text.getBytes(StandardCharsets.UTF_16);
      case 1 -> ("é" + text).getBytes(StandardCharsets.ISO_8859_1);
      case 2 -> gzip(bytes, bytes.length);
      case 3 -> gzip(bytes, 1 + random.nextInt(40));
      case 4 -> binary();
      case 5 -> new byte[random.nextInt(3)];
      default -> bytes;
    };
  }

  private byte[] binary() {
    byte[] bytes = new byte[1 + random.nextInt(4000)];
    random.nextBytes(bytes);
    return bytes;
  }

  private static byte[] gzip(byte[] bytes, int kept) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Arrays.copyOf(out.toByteArray(), Math.min(kept, out.size()));
  }
}
