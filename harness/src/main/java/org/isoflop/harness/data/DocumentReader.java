package org.isoflop.harness.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.PushbackInputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.isoflop.harness.BadInputException;

/**
 * Reads the documents of one file or archive entry after the other, each file once from its first
 * byte to its last. An archive stays open until a document of another place is read.
 */
final class DocumentReader implements AutoCloseable {

  /** A binary file shows itself early, so a large one need not be read whole. */
  private static final int FIRST_LOOK = 1 << 16;

  private static final List<Mark> MARKS =
      List.of(
          new Mark("UTF-8", "\u00ef\u00bb\u00bf"),
          new Mark("UTF-32LE", "\u00ff\u00fe\0\0"),
          new Mark("UTF-32BE", "\0\0\u00fe\u00ff"),
          new Mark("UTF-16LE", "\u00ff\u00fe"),
          new Mark("UTF-16BE", "\u00fe\u00ff"));

  private final CorpusSource source;
  private final boolean inBlocks;
  private Optional<OpenArchive> archive = Optional.empty();

  /** A byte order mark, its bytes read as ISO 8859-1. */
  private record Mark(String charset, String bytes) {
    boolean begins(byte[] head) {
      int length = Math.min(bytes.length(), head.length);
      return new String(head, 0, length, StandardCharsets.ISO_8859_1).equals(bytes);
    }
  }

  private record OpenArchive(Path file, ZipFile zip) {}

  /** Takes the documents of a file. */
  interface Documents {

    /**
     * A document.
     *
     * @param text UTF-8 unless the file was in no encoding known; not empty, no byte of it 0
     */
    void text(byte[] text);

    /** A document that is binary; says what it is and what would do. */
    void binary(String kind);
  }

  /**
   * What a file turned out to be.
   *
   * @param jsonLines whether its lines look like JSON objects
   * @param inBlocks whether it was cut into blocks, for want of a separator
   */
  record Outcome(boolean jsonLines, boolean inBlocks) {}

  /**
   * Prepares to read.
   *
   * @param inBlocks whether to cut files into blocks; see {@link TextCutter}
   */
  DocumentReader(CorpusSource source, boolean inBlocks) {
    this.source = source;
    this.inBlocks = inBlocks;
  }

  /**
   * Lists the entries of an archive that are not folders, in the archive's order.
   *
   * @throws BadInputException where the file is not a sound archive
   */
  static List<String> entries(Path archive) {
    try (ZipFile zip = open(archive)) {
      return zip.stream()
          .filter(entry -> !entry.isDirectory())
          .map(ZipEntry::getName)
          .distinct()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot close " + archive, e);
    }
  }

  /**
   * Reads the documents of a file.
   *
   * @throws BadInputException where it cannot be read, is damaged or too long
   */
  Outcome read(DocumentLocation location, Documents documents) {
    return location.isArchived() ? readEntry(location, documents) : readFile(location, documents);
  }

  /** Closes the archive. */
  @Override
  public void close() {
    archive.ifPresent(
        open -> {
          try {
            open.zip().close();
          } catch (IOException e) {
            throw new UncheckedIOException("cannot close " + open.file(), e);
          }
        });
    archive = Optional.empty();
  }

  /** Whether bytes are UTF-8. */
  static boolean isUtf8(byte[] text) {
    if (isAscii(text)) {
      return true;
    }
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer bytes = ByteBuffer.wrap(text);
    CharBuffer characters = CharBuffer.allocate(1 << 12);
    CoderResult result = CoderResult.OVERFLOW;
    while (result.isOverflow()) {
      result = decoder.decode(bytes, characters.clear(), true);
    }
    return !result.isError();
  }

  private static boolean isAscii(byte[] text) {
    for (byte value : text) {
      if (value < 0) {
        return false;
      }
    }
    return true;
  }

  private Outcome readFile(DocumentLocation location, Documents documents) {
    try (InputStream in = Files.newInputStream(location.file())) {
      requireStorable(location, Files.size(location.file()));
      return cut(in, location, documents);
    } catch (IOException e) {
      throw BadInputException.of(
          "%s: cannot be read (%s); a file that you have the right to read would do", location, e);
    }
  }

  private Outcome readEntry(DocumentLocation location, Documents documents) {
    ZipFile zip = archiveOf(location);
    ZipEntry entry = zip.getEntry(location.entry());
    if (entry == null) {
      throw BadInputException.of(
          "%s: is gone since the archive was listed; run again when it stays as it is", location);
    }
    requireStorable(location, entry.getSize());
    try (CheckedInputStream in = new CheckedInputStream(zip.getInputStream(entry), new CRC32())) {
      Outcome outcome = cut(in, location, documents);
      if (in.read() < 0 && entry.getCrc() != in.getChecksum().getValue()) {
        throw new IOException("its checksum is wrong");
      }
      return outcome;
    } catch (IOException e) {
      throw BadInputException.of(
          "%s: cannot be unpacked (%s); a sound archive without a password would do", location, e);
    }
  }

  private static void requireStorable(DocumentLocation location, long bytes) {
    if (bytes > Integer.MAX_VALUE) {
      throw BadInputException.of(
          "%s: longer than 2^31 - 1 bytes, the most that a split holds; a shorter piece would do",
          location);
    }
  }

  private Outcome cut(InputStream in, DocumentLocation location, Documents documents)
      throws IOException {
    byte[] head = in.readNBytes(FIRST_LOOK);
    Optional<Mark> mark = MARKS.stream().filter(known -> known.begins(head)).findFirst();
    Optional<String> kind = mark.isPresent() ? Optional.empty() : FileKind.notText(head);
    if (kind.isPresent()) {
      documents.binary(kind.get());
      return new Outcome(false, false);
    }
    int skipped = mark.map(known -> known.bytes().length()).orElse(0);
    TextCutter cutter =
        new TextCutter(source.documentSeparator(), inBlocks, bytes -> hand(bytes, documents));
    try (cutter) {
      if (skipped == 0 || mark.get().charset().equals("UTF-8")) {
        cutter.write(head, skipped, head.length - skipped);
        in.transferTo(cutter);
      } else {
        PushbackInputStream text = new PushbackInputStream(in, FIRST_LOOK);
        text.unread(head, skipped, head.length - skipped);
        Writer utf8 = new OutputStreamWriter(cutter, StandardCharsets.UTF_8);
        CharsetDecoder decoder = Charset.forName(mark.get().charset()).newDecoder();
        new InputStreamReader(text, decoder).transferTo(utf8);
        utf8.flush();
      }
    } catch (CharacterCodingException e) {
      throw BadInputException.of(
          "%s: is not the %s that its byte order mark says; convert it to UTF-8",
          location, mark.get().charset());
    } catch (TextCutter.TooLongException e) {
      throw BadInputException.of(
          "%s: more than 2^26 bytes without a corpus.document_separator '%s'; one that cuts it into"
              + " documents would do",
          location, source.documentSeparator().replace("\n", "\\n"));
    }
    return new Outcome(FileKind.isJsonLines(head), cutter.isInBlocks());
  }

  private static void hand(byte[] bytes, Documents documents) {
    if (FileKind.hasNul(bytes, bytes.length)) {
      documents.binary("it has NUL bytes, which no text has");
    } else {
      documents.text(bytes);
    }
  }

  private ZipFile archiveOf(DocumentLocation location) {
    if (archive.isPresent() && archive.get().file().equals(location.file())) {
      return archive.get().zip();
    }
    close();
    ZipFile zip = open(location.file());
    archive = Optional.of(new OpenArchive(location.file(), zip));
    return zip;
  }

  private static ZipFile open(Path file) {
    try {
      return sound(file);
    } catch (IOException e) {
      throw BadInputException.of(
          "%s: not a sound zip or jar archive (%s); unpack it, or name a sound one", file, e);
    }
  }

  /** Names that are not UTF-8 come from older tools; no byte is wrong in ISO 8859-1. */
  private static ZipFile sound(Path file) throws IOException {
    try {
      return new ZipFile(file.toFile(), StandardCharsets.UTF_8);
    } catch (ZipException e) {
      return new ZipFile(file.toFile(), StandardCharsets.ISO_8859_1);
    }
  }
}
