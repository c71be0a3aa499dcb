package org.isoflop.harness.data;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.isoflop.harness.Cache;

/** Small corpora for the tests of this package. */
final class TestFiles {

  /** Keeps nothing. */
  static final Cache NO_CACHE = new Cache(Path.of("/dev/null"));

  private TestFiles() {}

  /** Writes a file, with its folders. */
  static Path text(Path file, String content) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      return Files.writeString(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes an archive of texts by name. */
  static Path zip(Path file, Map<String, String> texts) {
    return zip(file, texts, StandardCharsets.UTF_8);
  }

  static Path zip(Path file, Map<String, String> texts, Charset names) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      try (OutputStream out = Files.newOutputStream(file);
          ZipOutputStream zip = new ZipOutputStream(out, names)) {
        for (Map.Entry<String, String> text : texts.entrySet()) {
          zip.putNextEntry(new ZipEntry(text.getKey()));
          zip.write(text.getValue().getBytes(StandardCharsets.UTF_8));
          zip.closeEntry();
        }
      }
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Everything in these places, with that fraction held out. */
  static CorpusSource source(double validationFraction, Path... files) {
    return new CorpusSource(
        Stream.of(files).map(Path::toString).toList(), List.of(), "", validationFraction);
  }

  /** The same, cut at a separator. */
  static CorpusSource source(String documentSeparator, Path... files) {
    return new CorpusSource(
        Stream.of(files).map(Path::toString).toList(), List.of(), documentSeparator, 0.5);
  }

  static CorpusStatistics measure(CorpusSource source) {
    return CorpusReading.measure(source, new ByteTokenizer(), Set.of(), NO_CACHE);
  }

  /** Reads a corpus and stores its tokens. */
  static TokenStore store(CorpusSource source, Tokenizer tokenizer, Path folder) {
    try (CorpusReading reading =
        CorpusReading.keeping(source, tokenizer, Set.of(), folder, NO_CACHE)) {
      return reading.store(folder);
    }
  }

  /** Runs with a temporary folder, for properties, which JUnit gives none. */
  static <T> T inTemporaryFolder(Function<Path, T> body) {
    try {
      Path folder = Files.createTempDirectory("isoflop-data");
      try {
        return body.apply(folder);
      } finally {
        try (Stream<Path> all = Files.walk(folder)) {
          for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
            Files.delete(path);
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
