package org.isoflop.harness.data.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.data.CorpusFiles;
import org.isoflop.harness.data.CorpusStatistics;
import org.isoflop.harness.data.TestFiles;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The same texts in every format and compression; src/test/resources/corpora has its own README.
 */
final class FormatsTest {

  private static final Path CORPORA = Path.of("src/test/resources/corpora");
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Some are null, and some blank. */
  private static final List<String> ROWS = new ArrayList<>();

  private static String hash;

  @TempDir private Path folder;

  @BeforeAll
  static void hashOfPlainFiles(@TempDir Path plain) throws IOException {
    for (JsonNode row : JSON.readTree(CORPORA.resolve("rows.json").toFile())) {
      ROWS.add(row.textValue());
    }
    for (int i = 0; i < ROWS.size(); i++) {
      if (ROWS.get(i) != null) {
        Files.writeString(plain.resolve("text" + i), ROWS.get(i));
      }
    }
    hash = TestFiles.measure(TestFiles.source(0.5, plain)).hash();
  }

  /** Files' bytes by name, without that of a compression. */
  private static Map<String, byte[]> formats() throws IOException {
    StringBuilder lines = new StringBuilder();
    StringWriter csv = new StringWriter();
    StringWriter tsv = new StringWriter();
    Map<String, byte[]> files = new LinkedHashMap<>();
    try (CSVPrinter commas = new CSVPrinter(csv, CSVFormat.EXCEL);
        CSVPrinter tabs =
            new CSVPrinter(tsv, CSVFormat.DEFAULT.builder().setDelimiter('\t').get())) {
      commas.printRecord("n", "text");
      tabs.printRecord("text", "n");
      for (int i = 0; i < ROWS.size(); i++) {
        String row = ROWS.get(i);
        lines.append(JSON.createObjectNode().put("n", i).put("text", row)).append('\n');
        commas.printRecord(i, row);
        tabs.printRecord(row, i);
        if (row != null) {
          files.put("in/" + i + ".md", utf8(row));
        }
      }
    }
    byte[] wide = ("\ufeff" + lines).getBytes(StandardCharsets.UTF_16LE);
    String array = "[\n" + lines.toString().strip().replace("}\n{", "},\n{") + "]";
    return Map.of(
        "lines.jsonl", utf8(lines.toString()),
        "lines.txt", utf8(lines.toString()),
        "lines.ndjson", utf8(lines.toString().replace("\n", "\r\n")),
        "marked.jsonl", utf8("\ufeff" + lines),
        "wide.jsonl", wide,
        "array.json", utf8(array),
        "table.csv", utf8(csv.toString()),
        "marked.csv", utf8("\ufeff" + csv),
        "table.tsv", utf8(tsv.toString()),
        "archive.tar", TestFiles.tar(files));
  }

  private static Stream<Arguments> everyFormatAndCompression() throws IOException {
    List<Arguments> all = new ArrayList<>();
    for (Map.Entry<String, byte[]> format : new TreeMap<>(formats()).entrySet()) {
      all.add(Arguments.of(format.getKey(), format.getValue()));
      for (Codec codec : Codec.values()) {
        // The suffix is that of one compression and the bytes may be of another.
        all.add(
            Arguments.of(format.getKey() + ".zst", TestFiles.compressed(codec, format.getValue())));
      }
    }
    return all.stream();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("everyFormatAndCompression")
  void theSameDocumentsWhateverTheFormat(String name, byte[] bytes) throws IOException {
    Path file = Files.write(folder.resolve(name), bytes);
    CorpusStatistics measured = TestFiles.measure(TestFiles.source(0.5, file));
    assertThat(measured.hash()).isEqualTo(hash);
    assertThat(measured.warnings()).isEmpty();
    if (!name.startsWith("archive")) {
      // A null, an empty and a blank text; and the first text again.
      assertThat(measured.leftOut()).isEqualTo(Map.of(LeftOut.EMPTY, 3L, LeftOut.DUPLICATE, 1L));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pyarrow-snappy-groups.parquet",
        "pyarrow-large-zstd-v2.parquet",
        "pyarrow-dictionary-gzip.parquet",
        "pyarrow-binary-lz4.parquet",
        "pyarrow-none-delta.parquet",
        "duckdb-snappy.parquet",
        "duckdb-zstd.parquet",
        "duckdb.tsv",
        "datasets.jsonl",
        "datasets.jsonl.gz",
        "datasets-array.json",
        "datasets.csv",
        "datasets.parquet"
      })
  void filesOfOtherLibrariesInTheirOrder(String name) {
    assertThat(read(CORPORA.resolve(name), "text")).isEqualTo(documents());
    assertThat(TestFiles.measure(TestFiles.source(0.5, CORPORA.resolve(name))).hash())
        .isEqualTo(hash);
  }

  private static List<String> documents() {
    return ROWS.stream()
        .map(row -> row == null || row.isBlank() ? "<empty>" : row.strip().replace("\r\n", "\n"))
        .toList();
  }

  @Test
  void aFieldOrColumnMayLieInAnother() throws IOException {
    assertThat(read(CORPORA.resolve("pyarrow-struct.parquet"), "doc.text")).isEqualTo(documents());
    assertThat(read(CORPORA.resolve("pyarrow-snappy-groups.parquet"), "meta.text"))
        .hasSize(ROWS.size())
        .startsWith("not the text 0", "not the text 1");
    assertThat(read(CORPORA.resolve("datasets.jsonl"), "meta.text"))
        .startsWith("not the text 0", "not the text 1");
    Path lines = folder.resolve("a.jsonl");
    Files.writeString(
        lines, "{\"a\": {\"c\": [1], \"b\": \"in\"}, \"d\": {}}\n{\"a.b\": \"dotted\"}");
    assertThat(read(lines, "a.b")).containsExactly("in", "dotted");
  }

  @Test
  void aTextThatIsNotUtf8StaysWhatItIsInACell() throws IOException {
    byte[] bytes = "text\n\"\u00fcber, alles\"\n".getBytes(StandardCharsets.ISO_8859_1);
    Path latin = Files.write(folder.resolve("latin.csv"), bytes);
    assertThat(read(latin, "text")).containsExactly("\ufffdber, alles");
    CorpusStatistics measured =
        TestFiles.measure(TestFiles.source(0.5, latin, CORPORA.resolve("datasets.csv")));
    assertThat(measured.notUtf8()).isEqualTo(1);
  }

  @Test
  void textThatOnlyLooksAlikeIsPlain() throws IOException {
    for (String text :
        List.of(
            "{\"a\": 1}", "{\n  \"a\": 1,\n  \"b\": {\"c\": 2}\n}", "[1, 2]", "[\"a\"]", "{}")) {
      Path file = Files.writeString(folder.resolve("package.json"), text);
      assertThat(read(file, "text")).containsExactly(text);
    }
    Path semicolons = Files.writeString(folder.resolve("x.csv"), "id;text\n1;a, b\n2;c\n");
    assertThat(read(semicolons, "text")).containsExactly("a, b", "c");
    assertThat(read(Files.writeString(folder.resolve("y.csv"), " \n"), "text"))
        .containsExactly("<empty>");
    assertThat(read(Files.writeString(folder.resolve("y.jsonl"), ""), "text"))
        .containsExactly("<empty>");
    assertThat(read(Files.writeString(folder.resolve("z.csv"), "text\n"), "text"))
        .containsExactly("<empty>");
    assertThat(
            read(
                Files.writeString(folder.resolve("nul.jsonl"), "{\"text\": \"a\\u0000b\"}"),
                "text"))
        .containsExactly("<it has NUL bytes, which no text has>");
  }

  @Test
  void aFolderMayBeCalledAsAFileIs() throws IOException {
    TestFiles.text(folder.resolve("x.jsonl/1.jsonl"), "{\"text\": \"one\"}\n");
    TestFiles.text(folder.resolve("x.jsonl/2.txt"), "two");
    CorpusFiles files = CorpusFiles.of(TestFiles.source(0.5, folder.resolve("x.jsonl")), Set.of());
    assertThat(files.locations()).hasSize(2);
    assertThat(read(folder.resolve("x.jsonl/1.jsonl"), "text")).containsExactly("one");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'text': 'a'}~~{'texts': 'b', 'id': 1}|line 3: no field 'text' (but texts, id)",
        "{}|line 1: no field 'text' (but none)",
        "{'text': 'a'}~{'text': 3}|line 2: field 'text' is 3; a text",
        "{'text': ['a']}|line 1: field 'text' is an array",
        "{'text': {'text': 'a'}}|line 1: field 'text' is an object",
        "{'text': 'a', 'text': 'b'}|line 1: two fields 'text'",
        "{'text': 'a'}~'b'|line 2: is a text; an object",
        "{'text': 'a'}~[{'text': 'b'}]|line 2: is an array; an object",
        "[{'text': 'a'}, 4]|line 1: is 4; an object",
        "[{'text': 'a'}|line 1: is not well-formed JSON",
        "[{'text': 'a'}]~{'text': 'b'}|line 2: goes on after the end of its array",
        "{'text': 'a'}~{'text': 'b|line 2: is not well-formed JSON",
        "{'text': 'a'}~{'text'|line 2: is not well-formed JSON",
        "{'text': 'a'}~once upon a time|line 2: is not well-formed JSON",
        "{'text': 'a'}~{'text': 'b^'}|line 2: is not well-formed JSON (Invalid UTF-8",
        "{'text': 'a'}~{'id': '^', 'text': 'b'}|line 2: is not well-formed JSON (Invalid UTF-8",
        "{'text': 'a'}~{'text': 'b\\ud83d'}|line 2: field 'text' has half of a surrogate pair",
      })
  void jsonThatIsMalformedIsRefusedWithItsLine(String text, String message) throws IOException {
    String json = text.replace('\'', '"').replace('~', '\n').replace('^', '\u00fc');
    refused("x.jsonl", json.getBytes(StandardCharsets.ISO_8859_1), ", " + message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "id,texts~1,a|line 1: no column 'text' (but id, texts); corpus.text names",
        "id;texts~1;a|line 1: no column 'text' (but id, texts)",
        "text,id,text~a,1,b|line 1: 2 columns are called 'text'",
        "id,text~1,a~2|line 3: found 1 cells under 2 columns",
        "id,text~1,'a~b'~2,c,d|line 4: found 3 cells under 2 columns",
        "id,text~1,a~2,'b~3,c~|line 3: not well-formed CSV",
        "id,text~1,'a' b|line 2: not well-formed CSV",
        "'id,text~1,a|line 1: no column 'text'",
      })
  void csvThatIsMalformedIsRefusedWithItsLine(String text, String message) {
    refused("x.csv", utf8(text.replace('\'', '"').replace('~', '\n')), ", " + message);
  }

  @Test
  void parquetThatIsDamagedOrOfAnotherShapeIsRefused() throws IOException {
    byte[] sound = Files.readAllBytes(CORPORA.resolve("pyarrow-dictionary-gzip.parquet"));
    for (int length = 4; length < sound.length; length += 97) {
      refused("x.parquet", Arrays.copyOf(sound, length), "damaged or cut short");
    }
    byte[] flipped = sound.clone();
    flipped[700] ^= 1;
    refused("x.parquet", flipped, ", row group 1: is a Parquet file that is damaged");
    refused("x.parquet", new byte[0], "is called .parquet and does not begin as such");
    refused("x.parquet", utf8("text"), "is called .parquet and does not begin as such");
    refused("x.gz", TestFiles.compressed(Codec.GZIP, sound), "a Parquet file in an archive");
    refused("x.tar", TestFiles.tar(Map.of("a.txt", sound)), "x.tar!/a.txt: a Parquet file in an");
    refused("duckdb-brotli.parquet", "compressed by BROTLI; zstd, snappy, gzip");
    refused("pyarrow-list.parquet", "no column 'text' (but text.list.element)");
    refused("pyarrow-struct.parquet", "no column 'text' (but id, doc.text, doc.n)");
    assertThatThrownBy(() -> read(CORPORA.resolve("pyarrow-list.parquet"), "text.list.element"))
        .hasMessageContaining("column 'text.list.element' is 'optional binary element (STRING)'");
    assertThatThrownBy(() -> read(CORPORA.resolve("pyarrow-struct.parquet"), "doc.n"))
        .hasMessageContaining("column 'doc.n' is 'optional int64 n'");
  }

  private static List<String> read(Path file, String text) {
    CorpusSource source = new CorpusSource(List.of(file.toString()), List.of(), text, "", 0.5);
    return TestFiles.read(source, CorpusFiles.of(source, Set.of()).locations().get(0), false);
  }

  private void refused(String name, byte[] bytes, String message) {
    assertThatThrownBy(() -> read(Files.write(folder.resolve(name), bytes), "text"))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(name)
        .hasMessageContaining(message);
  }

  private static void refused(String name, String message) {
    assertThatThrownBy(() -> read(CORPORA.resolve(name), "text"))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(name)
        .hasMessageContaining(message);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
