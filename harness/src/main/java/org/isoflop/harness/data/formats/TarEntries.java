package org.isoflop.harness.data.formats;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarUtils;

/**
 * The files in a tar archive, compressed or not, one after the other, as they can only be read.
 * Links are passed over: what they lead to is read where it lies.
 */
public final class TarEntries implements AutoCloseable {

  /** What a tar archive may be called; its first bytes then decide. */
  private static final Pattern NAME =
      Pattern.compile("(?i).*\\.(tar|tgz|tzst|txz|tbz2?|gz|zst|xz|bz2)");

  private static final int RECORD = 512;

  private final InputStream file;
  private final Watched bytes;
  private final TarArchiveInputStream tar;
  private TarArchiveEntry entry;

  /** Opens an archive; {@link IOException} where it cannot be read. */
  public TarEntries(Path archive) throws IOException {
    this.file = Files.newInputStream(archive);
    try {
      this.bytes = new Watched(Codec.decoded(file));
      this.tar = new TarArchiveInputStream(bytes, StandardCharsets.UTF_8.name());
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  /** Whether a file that has such a name is a tar archive; false also where it cannot be read. */
  public static boolean isTar(Path archive, String name) {
    if (!NAME.matcher(name).matches()) {
      return false;
    }
    try (InputStream file = Files.newInputStream(archive);
        InputStream bytes = Codec.decoded(file)) {
      return isTar(bytes.readNBytes(RECORD));
    } catch (IOException e) {
      return false; // said when it is read
    }
  }

  /** Whether a file that begins so is a tar archive: the header's checksum is right. */
  static boolean isTar(byte[] head) {
    try {
      return head.length >= RECORD
          && FileKind.hasNul(head, RECORD)
          && TarUtils.verifyCheckSum(Arrays.copyOf(head, RECORD));
    } catch (IllegalArgumentException e) {
      return false; // no number stands where the checksum would
    }
  }

  /**
   * Goes on to the next file.
   *
   * @return whether there is one
   * @throws IOException where the archive is damaged, ends too early, or something stands behind it
   */
  public boolean next() throws IOException {
    do {
      entry = tar.getNextEntry();
      if (entry == null) {
        requireEnd();
        return false;
      }
    } while (!entry.isFile() || entry.isLink() || entry.isSymbolicLink());
    if (!tar.canReadEntryData(entry)) {
      throw new IOException(entry.getName() + " is stored in a way that is not known");
    }
    return true;
  }

  /** Returns the path of the file at hand, without {@code ./} before it. */
  public String name() {
    return FileTree.plain(entry.getName());
  }

  /** Returns the bytes of the file at hand, up to its end. */
  InputStream bytes() {
    return tar;
  }

  @Override
  public void close() throws IOException {
    tar.close();
    file.close();
  }

  /**
   * The library takes a cut header for the archive's end, and passes over what stands behind it, as
   * in archives put together by cat.
   */
  private void requireEnd() throws IOException {
    long end = bytes.count;
    bytes.transferTo(OutputStream.nullOutputStream());
    if (bytes.text > end) {
      throw new IOException("something follows the end of the archive, another one perhaps");
    }
    if (bytes.count % RECORD != 0 || bytes.count - bytes.text < RECORD) {
      throw new IOException("it is cut short: the mark of its end is missing");
    }
  }

  /** Counts bytes, and those up to the last that is not 0. */
  private static final class Watched extends InputStream {
    private final InputStream in;
    private long count;
    private long text;

    Watched(InputStream in) {
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] into, int from, int most) throws IOException {
      int read = in.read(into, from, most);
      int last = read;
      while (last > 0 && into[from + last - 1] == 0) {
        last--;
      }
      text = last > 0 ? count + last : text;
      count += Math.max(0, read);
      return read;
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
