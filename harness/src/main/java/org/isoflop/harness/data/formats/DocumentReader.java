package org.isoflop.harness.data.formats;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.apache.commons.io.input.BoundedInputStream;
import org.apache.commons.io.input.CloseShieldInputStream;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.data.tokenizers.Tokenizer;

/**
 * Reads the documents of one place after the other, each file once from its first byte to its last:
 * unpacks it where it is compressed, see {@link Codec}, and asks the formats, see {@link
 * DocumentSource}, whose it is. A zip archive stays open until a document of another place is read.
 */
public final class DocumentReader implements AutoCloseable {

  private final CorpusSource source;
  private final Predicate<String> include;
  private final Predicate<String> includeAsTokens;
  private final List<DocumentSource> formats;
  private Optional<OpenArchive> archive = Optional.empty();
  private long read;
  private long passedOver;
  private long bytes;

  /** How much has been read of the file at hand, of which the bytes do not know yet. */
  private LongSupplier ofFile = () -> 0;

  private record OpenArchive(Path file, ZipFile zip) {}

  /** Takes the documents of a place; what is none may be of no interest. */
  public interface Documents {

    /**
     * A document.
     *
     * @param text UTF-8 unless the file was in no encoding known; line ends LF, no blanks around
     *     it, not empty, no byte of it 0
     */
    void text(byte[] text);

    /**
     * A document as the tokens of it that somebody else has made.
     *
     * @param ids at least one, each of the vocabulary and none between documents
     */
    void tokens(int[] ids);

    /** A document that is binary; says what it is and what would do. */
    default void binary(String kind) {}

    /** Something that is no document for another reason. */
    default void leftOut(LeftOut reason) {}

    /** The documents of this place are, or would be if longer, blocks for want of a separator. */
    default void inBlocks() {}
  }

  /**
   * Prepares to read.
   *
   * @param inBlocks whether to cut texts into blocks; see {@link TextCutter}
   * @param tokenizer what made the tokens that are read, where there are any
   */
  public DocumentReader(CorpusSource source, boolean inBlocks, Optional<Tokenizer> tokenizer) {
    this.source = source;
    this.include = Glob.anyOf(source.include());
    this.includeAsTokens = TokenShards.includedBy(source.include());
    this.formats = formats(source.text(), source.documentSeparator(), inBlocks, tokenizer);
  }

  /** Returns the formats in the order in which they are asked; the next one is a line here. */
  private static List<DocumentSource> formats(
      String text, String separator, boolean inBlocks, Optional<Tokenizer> tokenizer) {
    return List.of(
        new TokenShards(tokenizer, inBlocks),
        new ParquetText(text),
        new JsonLines(text),
        new DelimitedText(text),
        new PlainText(separator, inBlocks));
  }

  /** Returns what can be read, the most usual first. */
  public static String words() {
    List<String> words =
        new ArrayList<>(
            formats("", "", false, Optional.empty()).stream().map(DocumentSource::words).toList());
    Collections.reverse(words);
    return String.join("; ", words);
  }

  /**
   * Lists the entries of a zip archive that are not folders, in the archive's order.
   *
   * @throws BadInputException where the file is not a sound archive
   */
  public static List<String> entries(Path archive) {
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
   * Reads the documents of a place.
   *
   * @throws BadInputException where it cannot be read, is damaged or malformed
   */
  public void read(DocumentLocation location, Documents documents) {
    if (location.isTar()) {
      readTar(location, documents);
    } else if (location.isArchived()) {
      readEntry(location, documents);
    } else {
      readFile(location, documents);
    }
  }

  /**
   * Refuses what no document was read from because {@code include} matches nothing in its archives.
   *
   * @throws BadInputException there
   */
  public void requireIncluded() {
    if (read == 0 && passedOver > 0) {
      throw source.noneIncluded(source.files(), passedOver);
    }
  }

  /** Returns how many bytes have been read, as they lie on the disk. */
  public long bytes() {
    return bytes + ofFile.getAsLong();
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

  /** Hands on what {@link TextCutter} made of a text. */
  static void hand(byte[] text, Documents documents) {
    if (text.length == 0) {
      documents.leftOut(LeftOut.EMPTY);
    } else if (FileKind.hasNul(text, text.length)) {
      documents.binary("it has NUL bytes, which no text has");
    } else {
      documents.text(text);
    }
  }

  private void readFile(DocumentLocation location, Documents documents) {
    Path file = location.file();
    try (BoundedInputStream in = BoundedInputStream.builder().setPath(file).get()) {
      ofFile = in::getCount;
      readContent(
          in, file.toString(), Optional.of(file), location.isTokens(), new Told("", documents));
      ofFile = () -> 0;
      bytes += Files.size(file); // some formats read it by another way
    } catch (IOException e) {
      throw BadInputException.of(
          "%s: cannot be read (%s); a sound file that you have the right to read would do",
          location, e);
    }
  }

  private void readEntry(DocumentLocation location, Documents documents) {
    ZipFile zip = archiveOf(location);
    ZipEntry entry = zip.getEntry(location.entry());
    if (entry == null) {
      throw BadInputException.of(
          "%s: is gone since the archive was listed; run again when it stays as it is", location);
    }
    try (CheckedInputStream in = new CheckedInputStream(zip.getInputStream(entry), new CRC32())) {
      readContent(
          in, location.toString(), Optional.empty(), location.isTokens(), new Told("", documents));
      if (in.read() < 0 && entry.getCrc() != in.getChecksum().getValue()) {
        throw new IOException("its checksum is wrong");
      }
      bytes += entry.getCompressedSize();
    } catch (IOException e) {
      throw BadInputException.of(
          "%s: cannot be unpacked (%s); a sound archive without a password would do", location, e);
    }
  }

  private void readTar(DocumentLocation location, Documents documents) {
    String place = location.file().toString();
    try (TarEntries entries = new TarEntries(location.file())) {
      while (entries.next()) {
        String name = entries.name();
        place = location.file() + "!/" + name;
        if (FileTree.isHidden(name)) {
          documents.leftOut(LeftOut.HIDDEN);
        } else if (include.test(name)) {
          readContent(
              entries.bytes(),
              place,
              Optional.empty(),
              includeAsTokens.test(name),
              new Told(name + ": ", documents));
        } else {
          passedOver++;
        }
      }
      bytes += Files.size(location.file());
    } catch (IOException e) {
      throw BadInputException.of("%s: cannot be unpacked (%s); a sound archive would do", place, e);
    }
  }

  private void readContent(
      InputStream bytes, String place, Optional<Path> file, boolean isTokens, Told documents)
      throws IOException {
    read++;
    try (InputStream decoded = Codec.decoded(CloseShieldInputStream.wrap(bytes))) {
      boolean asItLies = !(decoded instanceof Codec.Decoded);
      Content content =
          new Content(
              place, Codec.contentName(place), file.filter(path -> asItLies), isTokens, decoded);
      if (content.start().length == 0 && asItLies && Codec.isNamed(place)) {
        throw BadInputException.of(
            "%s: has no bytes at all, and even nothing takes some when compressed; a whole file"
                + " would do",
            place);
      }
      try {
        formats.stream()
            .filter(format -> format.takes(content))
            .findFirst()
            .orElseThrow()
            .read(content, documents);
      } catch (CharacterCodingException e) {
        throw BadInputException.of(
            "%s: is not the %s that its byte order mark says; convert it to UTF-8",
            place, content.markedCharset().orElse("text"));
      } catch (TextCutter.TooLongException e) {
        throw BadInputException.of(
            "%s: holds a text of more than 2^26 bytes; one cut into documents would do", place);
      }
    }
    if (documents.none) {
      documents.leftOut(LeftOut.EMPTY);
    }
  }

  /** Hands on what is told of one file, knows whether that was anything, and says which it is. */
  private static final class Told implements Documents {
    private final String entry;
    private final Documents documents;
    private boolean none = true;

    Told(String entry, Documents documents) {
      this.entry = entry;
      this.documents = documents;
    }

    @Override
    public void text(byte[] text) {
      none = false;
      documents.text(text);
    }

    @Override
    public void tokens(int[] ids) {
      none = false;
      documents.tokens(ids);
    }

    @Override
    public void binary(String kind) {
      none = false;
      documents.binary(entry + kind);
    }

    @Override
    public void leftOut(LeftOut reason) {
      none = false;
      documents.leftOut(reason);
    }

    @Override
    public void inBlocks() {
      documents.inBlocks();
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
