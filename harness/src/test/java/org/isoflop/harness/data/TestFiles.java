package org.isoflop.harness.data;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.isoflop.harness.Cache;
import org.isoflop.harness.data.formats.Codec;
import org.isoflop.harness.data.formats.CorpusSource;
import org.isoflop.harness.data.formats.DocumentLocation;
import org.isoflop.harness.data.formats.DocumentReader;
import org.isoflop.harness.data.formats.LeftOut;
import org.isoflop.harness.data.tokenizers.ByteTokenizer;
import org.isoflop.harness.data.tokenizers.Tokenizer;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/** Small corpora for the tests of this package. */
public final class TestFiles {

  /** Keeps nothing. */
  static final Cache NO_CACHE = new Cache(Path.of("/dev/null"));

  private TestFiles() {}

  /** Writes a file, with its folders. */
  public static Path text(Path file, String content) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      return Files.writeString(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes an archive of texts by name. */
  public static Path zip(Path file, Map<String, String> texts) {
    return zip(file, texts, StandardCharsets.UTF_8);
  }

  public static Path zip(Path file, Map<String, String> texts, Charset names) {
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
  public static CorpusSource source(double validationFraction, Path... files) {
    return new CorpusSource(
        Stream.of(files).map(Path::toString).toList(), List.of(), "text", "", validationFraction);
  }

  /** The same, cut at a separator. */
  public static CorpusSource source(String documentSeparator, Path... files) {
    return new CorpusSource(
        Stream.of(files).map(Path::toString).toList(), List.of(), "text", documentSeparator, 0.5);
  }

  /** Takes texts, and of what is no document the reason in brackets. */
  public record Written(Consumer<String> texts) implements DocumentReader.Documents {

    @Override
    public void text(byte[] text) {
      texts.accept(new String(text, StandardCharsets.UTF_8));
    }

    @Override
    public void tokens(int[] ids) {
      texts.accept(Arrays.toString(ids));
    }

    @Override
    public void binary(String kind) {
      texts.accept("<" + kind + ">");
    }

    @Override
    public void leftOut(LeftOut reason) {
      texts.accept("<" + reason.words() + ">");
    }

    @Override
    public void inBlocks() {}
  }

  /** Reads what lies in a place, see {@link Written}. */
  public static List<String> read(
      CorpusSource source, DocumentLocation location, boolean inBlocks) {
    List<String> read = new ArrayList<>();
    try (DocumentReader reader = new DocumentReader(source, inBlocks, Optional.empty())) {
      reader.read(location, new Written(read::add));
    }
    return read;
  }

  /** Returns bytes as a compressed file has them. */
  public static byte[] compressed(Codec codec, byte[] content) {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    try (OutputStream out =
        switch (codec) {
          case GZIP -> new GZIPOutputStream(file);
          case ZSTD -> new ZstdOutputStream(file).setChecksum(true);
          case XZ -> new XZOutputStream(file, new LZMA2Options(0));
          case BZIP2 -> new BZip2CompressorOutputStream(file, 1);
        }) {
      out.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return file.toByteArray();
  }

  /** Returns a tar archive of files by name, folders and a link among them. */
  public static byte[] tar(Map<String, byte[]> files) {
    ByteArrayOutputStream archive = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(archive)) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      tar.putArchiveEntry(new TarArchiveEntry("folder/"));
      tar.closeArchiveEntry();
      TarArchiveEntry link = new TarArchiveEntry("folder/link.txt", TarConstants.LF_SYMLINK);
      link.setLinkName("elsewhere");
      tar.putArchiveEntry(link);
      tar.closeArchiveEntry();
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        TarArchiveEntry entry = new TarArchiveEntry(file.getKey());
        entry.setSize(file.getValue().length);
        tar.putArchiveEntry(entry);
        tar.write(file.getValue());
        tar.closeArchiveEntry();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return archive.toByteArray();
  }

  /** Returns bytes, with something done before each document is encoded. */
  static Tokenizer bytes(Runnable before) {
    ByteTokenizer bytes = new ByteTokenizer();
    return new Tokenizer() {
      @Override
      public String identity() {
        return bytes.identity();
      }

      @Override
      public int vocabulary() {
        return bytes.vocabulary();
      }

      @Override
      public int separator() {
        return bytes.separator();
      }

      @Override
      public void encode(byte[] document, IntConsumer tokens) {
        before.run();
        bytes.encode(document, tokens);
      }

      @Override
      public byte[] decode(int[] tokens) {
        return bytes.decode(tokens);
      }
    };
  }

  public static CorpusStatistics measure(CorpusSource source) {
    return CorpusReading.measure(CorpusFiles.of(source, Set.of()), new ByteTokenizer(), NO_CACHE);
  }

  /** Reads a corpus and stores its tokens. */
  public static TokenStore store(CorpusSource source, Tokenizer tokenizer, Path folder) {
    try (CorpusReading reading = keeping(source, tokenizer, folder)) {
      return reading.store(folder, tokenizer.identity(), false);
    }
  }

  /** Reads a corpus and keeps its tokens. */
  static CorpusReading keeping(CorpusSource source, Tokenizer tokenizer, Path folder) {
    return CorpusReading.keeping(
        CorpusFiles.of(source, Set.of()), tokenizer, folder, NO_CACHE, CorpusReading.Progress.NONE);
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
