package org.isoflop.harness.data.formats;

import com.github.luben.zstd.ZstdInputStream;
import com.google.errorprone.annotations.Immutable;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * The compressions a file may have, told by its first bytes, whatever it is called. Several members
 * or frames in a row are one content, as {@code cat} makes of several files; anything else behind
 * them is an error.
 */
public enum Codec {
  GZIP("\\x1f\\x8b\\x08", in -> new GzipCompressorInputStream(in, true)),
  /** Also with a window of 2 GiB ({@code zstd --long=31}), which is then held outside the heap. */
  ZSTD(
      "\\x28\\xb5\\x2f\\xfd|[\\x50-\\x5f]\\x2a\\x4d\\x18",
      in -> new ZstdInputStream(in).setLongMax(31)),
  /** With at most 256 MiB; {@code xz -9} takes 65. */
  XZ("\\xfd7zXZ\\x00", in -> new XZInputStream(in, 1 << 18)),
  BZIP2("BZh[1-9](1AY&SY|\\x17rE8P\\x90)", in -> new BZip2CompressorInputStream(in, true));

  private static final int LONGEST_MAGIC = 10;
  private static final int BUFFER = 1 << 16;

  /** What such a file's name ends with, beyond the name of what it holds. */
  private static final Pattern SUFFIX = Pattern.compile("(?i)\\.(gz|zst|xz|bz2)$");

  private final Pattern magic;
  private final Decoder decoder;

  @Immutable
  private interface Decoder {
    InputStream open(InputStream compressed) throws IOException;
  }

  Codec(String magic, Decoder decoder) {
    this.magic = Pattern.compile(magic);
    this.decoder = decoder;
  }

  /**
   * Returns a file's content: what its bytes stand for where they are compressed, else the bytes.
   *
   * @throws IOException here or while it is read, naming the compression, where they are damaged or
   *     end too early
   */
  static InputStream decoded(InputStream file) throws IOException {
    BufferedInputStream in = new BufferedInputStream(file, BUFFER);
    in.mark(LONGEST_MAGIC);
    Optional<Codec> codec = of(in.readNBytes(LONGEST_MAGIC));
    in.reset();
    return codec.isPresent() ? codec.get().new Decoded(in) : in;
  }

  /** Returns the compression of a file that begins so. */
  static Optional<Codec> of(byte[] head) {
    int length = Math.min(head.length, LONGEST_MAGIC);
    String beginning = new String(head, 0, length, StandardCharsets.ISO_8859_1);
    return Stream.of(values())
        .filter(codec -> codec.magic.matcher(beginning).lookingAt())
        .findFirst();
  }

  /** Whether a file of this name should be compressed. */
  static boolean isNamed(String name) {
    return SUFFIX.matcher(name).find();
  }

  /** Returns the name of what a file holds. */
  static String contentName(String name) {
    return SUFFIX.matcher(name).replaceFirst("");
  }

  /** Says of damaged bytes what they should have been. */
  final class Decoded extends InputStream {
    private final InputStream content;

    Decoded(InputStream compressed) throws IOException {
      try {
        content = decoder.open(compressed);
      } catch (IOException | RuntimeException e) {
        throw damaged(e);
      }
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] bytes, int from, int count) throws IOException {
      try {
        return content.read(bytes, from, count);
      } catch (IOException | RuntimeException e) {
        throw damaged(e);
      }
    }

    @Override
    public void close() throws IOException {
      content.close();
    }

    private IOException damaged(Exception reason) {
      String said = reason.getMessage() == null ? "" : ": " + reason.getMessage();
      return new IOException(
          "its " + name().toLowerCase(Locale.ROOT) + " data are damaged or cut short" + said,
          reason);
    }
  }
}
