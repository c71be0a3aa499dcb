package org.isoflop.harness.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.isoflop.harness.BadInputException;

/**
 * Reads one document at a time, from a file or straight from an archive. Archives stay open between
 * documents, because the second pass over a corpus goes by content hash and so jumps between them.
 */
final class DocumentReader implements AutoCloseable {

  /** A binary file shows itself early, so a large one need not be read whole. */
  private static final int FIRST_LOOK = 1 << 16;

  /** A document is held in memory whole, and more than this cannot be told from a mistake. */
  private static final int LONGEST_DOCUMENT = 1 << 30;

  private static final int MOST_OPEN_ARCHIVES = 256;

  /** By last use, oldest first. */
  private final Map<Path, ZipFile> archives = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * Lists the entries of an archive that are not folders, in the archive's order.
   *
   * @throws BadInputException where the file is not a sound archive
   */
  List<String> entries(Path archive) {
    return open(archive).stream()
        .filter(entry -> !entry.isDirectory())
        .map(ZipEntry::getName)
        .distinct()
        .toList();
  }

  /**
   * Reads a document; empty where it has no bytes, or a NUL byte, which no text has.
   *
   * @throws BadInputException where it cannot be read, is damaged or is over 1 GiB
   */
  Optional<byte[]> read(DocumentLocation location) {
    return location.isArchived() ? readEntry(location) : readFile(location);
  }

  /** Closes the archives. */
  @Override
  public void close() {
    archives.values().forEach(DocumentReader::close);
    archives.clear();
  }

  private static Optional<byte[]> readFile(DocumentLocation location) {
    try (InputStream in = Files.newInputStream(location.file())) {
      return text(in, location);
    } catch (IOException e) {
      throw BadInputException.of(
          "%s: cannot be read (%s); a file that you have the right to read would do", location, e);
    }
  }

  private Optional<byte[]> readEntry(DocumentLocation location) {
    ZipFile archive = open(location.file());
    ZipEntry entry = archive.getEntry(location.entry());
    if (entry == null) {
      throw changed(location);
    }
    try (InputStream in = archive.getInputStream(entry)) {
      Optional<byte[]> document = text(in, location);
      if (document.isPresent() && entry.getCrc() != crc(document.get())) {
        throw new IOException("its checksum is wrong");
      }
      return document;
    } catch (IOException e) {
      throw BadInputException.of(
          "%s: cannot be unpacked (%s); a sound archive without a password would do", location, e);
    }
  }

  /** The exception for a document that is not what it was when the corpus was first read. */
  static BadInputException changed(DocumentLocation location) {
    return BadInputException.of(
        "%s: changed while the corpus was being read; run again when it stays as it is", location);
  }

  private static Optional<byte[]> text(InputStream in, DocumentLocation location)
      throws IOException {
    byte[] head = in.readNBytes(FIRST_LOOK);
    if (head.length == 0 || hasNul(head)) {
      return Optional.empty();
    }
    if (head.length < FIRST_LOOK) {
      return Optional.of(head);
    }
    byte[] tail = in.readNBytes(LONGEST_DOCUMENT - FIRST_LOOK + 1);
    if (hasNul(tail)) {
      return Optional.empty();
    }
    if (tail.length > LONGEST_DOCUMENT - FIRST_LOOK) {
      throw BadInputException.of(
          "%s: longer than 2^30 bytes; split it into one file per document", location);
    }
    byte[] document = new byte[head.length + tail.length];
    System.arraycopy(head, 0, document, 0, head.length);
    System.arraycopy(tail, 0, document, head.length, tail.length);
    return Optional.of(document);
  }

  private static boolean hasNul(byte[] bytes) {
    for (byte value : bytes) {
      if (value == 0) {
        return true;
      }
    }
    return false;
  }

  private static long crc(byte[] document) {
    CRC32 crc = new CRC32();
    crc.update(document);
    return crc.getValue();
  }

  private ZipFile open(Path file) {
    ZipFile known = archives.get(file);
    if (known != null) {
      return known;
    }
    if (archives.size() == MOST_OPEN_ARCHIVES) {
      Iterator<ZipFile> byLastUse = archives.values().iterator();
      close(byLastUse.next());
      byLastUse.remove();
    }
    try {
      ZipFile opened = sound(file);
      archives.put(file, opened);
      return opened;
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

  private static void close(ZipFile archive) {
    try {
      archive.close();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot close " + archive.getName(), e);
    }
  }
}
