package org.isoflop.harness.data.formats;

import com.github.luben.zstd.Zstd;
import io.airlift.compress.lz4.Lz4Decompressor;
import io.airlift.compress.snappy.SnappyDecompressor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.ColumnPath;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.isoflop.harness.BadInputException;

/**
 * The rows of a Parquet file, each a document whose text is one of its columns; a null is an empty
 * text. Of a file, a row group's share of the column is held as it is stored, compressed.
 *
 * @param column name of the column; dots lead into structs
 */
record ParquetText(String column) implements DocumentSource {

  private static final String MAGIC = "PAR1";

  /** What a text may be called; older writers say nothing. */
  private static final Set<Optional<LogicalTypeAnnotation>> TEXTS =
      Set.of(
          Optional.empty(),
          Optional.of(LogicalTypeAnnotation.stringType()),
          Optional.of(LogicalTypeAnnotation.enumType()),
          Optional.of(LogicalTypeAnnotation.jsonType()));

  @Override
  public String words() {
    return "Parquet, where each row is one";
  }

  @Override
  public boolean takes(Content content) {
    return content.begins(MAGIC) || content.isNamed(".parquet");
  }

  @Override
  public void read(Content content, DocumentReader.Documents documents) {
    if (!content.begins(MAGIC)) {
      throw BadInputException.of(
          "%s: is called .parquet and does not begin as such a file does; a sound one would do, or"
              + " the name of what it is",
          content.place());
    }
    Path path =
        content
            .file()
            .orElseThrow(
                () ->
                    BadInputException.of(
                        "%s: a Parquet file in an archive, or compressed as a whole, cannot be"
                            + " read, since reading begins at its end; unpack it",
                        content.place()));
    try (Rows rows = new Rows(content.place(), path)) {
      for (Optional<byte[]> text = rows.next(); text.isPresent(); text = rows.next()) {
        DocumentReader.hand(TextCutter.document(text.get()), documents);
      }
    }
  }

  /** The texts of a file, one after the other. */
  private final class Rows implements AutoCloseable {
    private final String place;
    private final ParquetFileReader file;
    private final MessageType schema;
    private final ColumnDescriptor texts;
    private ColumnReader values;
    private long left;
    private int group;

    Rows(String place, Path path) {
      this.place = place;
      try {
        ParquetReadOptions options =
            ParquetReadOptions.builder(new PlainParquetConfiguration())
                .withCodecFactory(new PageCodecs())
                .usePageChecksumVerification()
                .build();
        this.file = ParquetFileReader.open(new LocalInputFile(path), options);
      } catch (IOException | RuntimeException e) {
        throw damaged(e);
      }
      this.schema = file.getFileMetaData().getSchema();
      this.texts = find();
      file.setRequestedSchema(List.of(texts));
    }

    private ColumnDescriptor find() {
      ColumnDescriptor found =
          schema.getColumns().stream()
              .filter(leaf -> path(leaf).equals(column))
              .findFirst()
              .orElseThrow(
                  () ->
                      BadInputException.of(
                          "%s: no column '%s' (but %s); corpus.text names the one that holds the"
                              + " text",
                          place,
                          column,
                          schema.getColumns().stream()
                              .map(Rows::path)
                              .collect(Collectors.joining(", "))));
      PrimitiveType type = found.getPrimitiveType();
      if (found.getMaxRepetitionLevel() > 0
          || type.getPrimitiveTypeName() != PrimitiveType.PrimitiveTypeName.BINARY
          || !TEXTS.contains(Optional.ofNullable(type.getLogicalTypeAnnotation()))) {
        throw BadInputException.of(
            "%s: column '%s' is '%s'; one text a row would do", place, column, type);
      }
      return found;
    }

    private static String path(ColumnDescriptor leaf) {
      return String.join(".", leaf.getPath());
    }

    /** Returns the next row's text, empty where it is null, or nothing at the end. */
    Optional<byte[]> next() {
      try {
        while (left == 0) {
          if (group == file.getRowGroups().size()) {
            return Optional.empty();
          }
          openGroup(file.getRowGroups().get(group++));
        }
        left--;
        boolean isNull = values.getCurrentDefinitionLevel() < texts.getMaxDefinitionLevel();
        byte[] text = isNull ? new byte[0] : values.getBinary().getBytes();
        values.consume();
        return Optional.of(text);
      } catch (IOException | RuntimeException e) {
        throw damaged(e);
      }
    }

    private void openGroup(BlockMetaData stored) throws IOException {
      long bytes =
          stored.getColumns().stream()
              .filter(chunk -> chunk.getPath().equals(ColumnPath.get(texts.getPath())))
              .mapToLong(ColumnChunkMetaData::getTotalSize)
              .sum();
      long heap = Runtime.getRuntime().maxMemory();
      if (bytes > heap / 2) {
        throw BadInputException.of(
            "%s, row group %d: its column '%s' takes %d MiB, over half of the heap of %d MiB;"
                + " smaller row groups would do (pyarrow's row_group_size), or more heap"
                + " (ISOFLOP_JAVA_OPTIONS=-Xmx...)",
            place, group, column, bytes >> 20, heap >> 20);
      }
      PageReadStore pages = file.readNextRowGroup();
      values =
          new ColumnReadStoreImpl(
                  pages, new Unconverted(), schema, file.getFileMetaData().getCreatedBy())
              .getColumnReader(texts);
      left = pages.getRowCount();
    }

    private BadInputException damaged(Exception reason) {
      return reason instanceof BadInputException said
          ? said
          : BadInputException.of(
              "%s%s: is a Parquet file that is damaged or cut short (%s); a sound one would do",
              place, group == 0 ? "" : ", row group " + group, beginning(reason.getMessage()));
    }

    /** The library may add all it knows of the file. */
    private static String beginning(String message) {
      return message == null || message.length() <= 200 ? message : message.substring(0, 200) + "…";
    }

    @Override
    public void close() {
      try {
        file.close();
      } catch (IOException e) {
        throw new UncheckedIOException("cannot close " + place, e);
      }
    }
  }

  /** Values are taken from their column one by one, not gathered into records. */
  private static final class Unconverted extends GroupConverter {
    @Override
    public Converter getConverter(int field) {
      return this;
    }

    @Override
    public PrimitiveConverter asPrimitiveConverter() {
      return new PrimitiveConverter() {};
    }

    @Override
    public void start() {}

    @Override
    public void end() {}
  }

  /** Decompresses pages without Hadoop's codecs, which would take 30 MB of libraries more. */
  private static final class PageCodecs implements CompressionCodecFactory {

    private interface Decoder {
      long decode(byte[] compressed, byte[] page) throws IOException;
    }

    @Override
    public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
      return switch (codec) {
        case UNCOMPRESSED -> new Decompressor(PageCodecs::copy);
        case SNAPPY -> decompressor(new SnappyDecompressor());
        case LZ4_RAW -> decompressor(new Lz4Decompressor());
        case ZSTD ->
            new Decompressor(
                (compressed, page) ->
                    Zstd.decompressByteArray(
                        page, 0, page.length, compressed, 0, compressed.length));
        case GZIP ->
            new Decompressor(
                (compressed, page) ->
                    new GZIPInputStream(new ByteArrayInputStream(compressed))
                        .readNBytes(page, 0, page.length));
        default ->
            throw new UnsupportedOperationException(
                "its pages are compressed by "
                    + codec
                    + "; zstd, snappy, gzip or lz4_raw would do");
      };
    }

    private static long copy(byte[] stored, byte[] page) {
      System.arraycopy(stored, 0, page, 0, page.length);
      return stored.length;
    }

    private static Decompressor decompressor(io.airlift.compress.Decompressor library) {
      return new Decompressor(
          (compressed, page) ->
              library.decompress(compressed, 0, compressed.length, page, 0, page.length));
    }

    @Override
    public BytesInputCompressor getCompressor(CompressionCodecName codec) {
      throw new UnsupportedOperationException("nothing is written");
    }

    @Override
    public void release() {}

    private record Decompressor(Decoder decoder) implements BytesInputDecompressor {

      @Override
      public BytesInput decompress(BytesInput compressed, int size) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(Math.toIntExact(compressed.size()));
        compressed.writeAllTo(bytes);
        return BytesInput.from(page(bytes.toByteArray(), size));
      }

      @Override
      public void decompress(ByteBuffer compressed, int length, ByteBuffer page, int size)
          throws IOException {
        byte[] bytes = new byte[length];
        compressed.get(bytes);
        page.put(page(bytes, size));
      }

      private byte[] page(byte[] compressed, int size) throws IOException {
        byte[] page = new byte[size];
        long decoded = decoder.decode(compressed, page);
        if (decoded != size) {
          throw new IOException("a page of " + size + " bytes came to " + decoded);
        }
        return page;
      }

      @Override
      public void release() {}
    }
  }
}
