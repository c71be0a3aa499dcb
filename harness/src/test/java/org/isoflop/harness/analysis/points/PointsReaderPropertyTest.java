package org.isoflop.harness.analysis.points;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

/** What a CSV looks like does not matter to what it says. */
final class PointsReaderPropertyTest {

  /** Takes numbers that no run has. */
  private static final PointsFormat AS_IT_STANDS =
      new PointsFormat(
          Map.of(),
          Convention.DEFAULT,
          List.of(),
          Map.of(Column.PARAMS, 1.0),
          Optional.of(PointsFormat.LossUnit.NATS),
          Set.of(),
          Optional.empty(),
          Optional.empty());

  private static final List<String> HEADERS =
      List.of("budget_flops", "params", "tokens", "loss", "bits_per_byte", "lineage", "note");

  @Provide
  Arbitrary<List<String>> row() {
    Arbitrary<String> number =
        Arbitraries.doubles().between(1e-3, 1e25).ofScale(3).map(x -> Double.toString(x));
    Arbitrary<String> text = Arbitraries.strings().withChars("ab,;\t\"\n' é").ofMaxLength(5);
    return Combinators.combine(number, number, number, number, number, text, text)
        .as((c, n, d, loss, bits, lineage, note) -> List.of(c, n, d, loss, bits, lineage, note));
  }

  @Property(tries = 100)
  void dialectDoesNotMatter(
      @ForAll @Size(min = 1, max = 12) List<@From("row") List<String>> rows, @ForAll long seed)
      throws IOException {
    Path folder = Files.createTempDirectory("points");
    try {
      Path plain = folder.resolve("a.csv");
      Files.writeString(plain, csv(HEADERS, rows, ",", "\n"));
      LossPoints expected = LossPoints.read(List.of(plain), AS_IT_STANDS);

      Random random = new Random(seed);
      List<List<String>> shuffled = new ArrayList<>(rows);
      Collections.shuffle(shuffled, random);
      List<Integer> columns = new ArrayList<>(List.of(0, 1, 2, 3, 4, 5, 6));
      Collections.shuffle(columns, random);
      String delimiter = List.of(",", ";", "\t").get(random.nextInt(3));
      String text =
          csv(
              pick(HEADERS, columns),
              shuffled.stream().map(row -> pick(row, columns)).toList(),
              delimiter,
              random.nextBoolean() ? "\n" : "\r\n");
      Path other = folder.resolve("b");
      try (OutputStream file = Files.newOutputStream(other);
          OutputStream out = random.nextBoolean() ? new GZIPOutputStream(file) : file) {
        out.write((random.nextBoolean() ? "\ufeff" + text : text).getBytes(StandardCharsets.UTF_8));
      }
      LossPoints found = LossPoints.read(List.of(other), AS_IT_STANDS);

      assertThat(facts(found)).containsExactlyInAnyOrderElementsOf(facts(expected));
      assertThat(found.notes()).isEqualTo(expected.notes());
    } finally {
      delete(folder);
    }
  }

  /**
   * Returns what is known of each point but the line it stands on, and of merged rows the first.
   */
  private static List<List<Object>> facts(LossPoints points) {
    return points.points().stream()
        .map(p -> List.<Object>of(p.budget(), p.flops(), p.params(), p.tokens(), p.loss()))
        .toList();
  }

  private static List<String> pick(List<String> cells, List<Integer> columns) {
    return columns.stream().map(cells::get).toList();
  }

  private static String csv(
      List<String> header, List<List<String>> rows, String delimiter, String lineEnd) {
    List<List<String>> all = new ArrayList<>(rows);
    all.add(0, header);
    return all.stream()
        .map(
            row ->
                row.stream()
                    .map(cell -> cell.matches("[\\w.+-]*") ? cell : quoted(cell))
                    .collect(Collectors.joining(delimiter)))
        .collect(Collectors.joining(lineEnd, "", lineEnd));
  }

  private static String quoted(String cell) {
    return '"' + cell.replace("\"", "\"\"") + '"';
  }

  private static void delete(Path folder) {
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
      Files.delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
