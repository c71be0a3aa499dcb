package org.isoflop.harness.data;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.zip.CRC32C;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.Sha256;

/**
 * Pieces of bytes on the disk, one behind the other, each with its length and checksum before it.
 * Where the file has a name it is a journal: another process finds the pieces that are whole. Where
 * it has none, no crash can leave it behind.
 */
final class PieceFile implements AutoCloseable {

  private static final int HEADER = 2 * Integer.BYTES;

  private final FileChannel channel;

  /** A piece, without its header. */
  record Piece(long at, int length) {}

  /** Takes a file, open for reading and writing, whose position is its end. */
  PieceFile(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Makes a file without a name.
   *
   * @param folder the file lies in it, or in the first above it that exists
   */
  static PieceFile withoutName(Path folder) {
    return new PieceFile(unnamed(folder));
  }

  /** Deleted as soon as it is opened, where the system can, and when it is closed, elsewhere. */
  static FileChannel unnamed(Path folder) {
    Path existing = folder.toAbsolutePath();
    while (!Files.isDirectory(existing)) {
      existing = existing.getParent();
    }
    try {
      return FileChannel.open(
          existing.resolve(".isoflop-" + UUID.randomUUID()),
          StandardOpenOption.CREATE_NEW,
          StandardOpenOption.READ,
          StandardOpenOption.WRITE,
          StandardOpenOption.DELETE_ON_CLOSE);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write into " + existing + ": " + e.getMessage(), e);
    }
  }

  /**
   * Opens a file with a name, made where missing, and drops what it holds where that is not whose
   * it is to be.
   *
   * @param whose what the pieces hang on
   * @throws BadInputException where another process is writing it
   */
  static PieceFile named(Path path, String whose) {
    try {
      Files.createDirectories(path.toAbsolutePath().getParent());
      FileChannel channel =
          FileChannel.open(
              path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      if (!isLocked(channel)) {
        channel.close();
        throw BadInputException.of(
            "%s: another process is writing it; wait for that, or use another folder", path);
      }
      ByteBuffer owner =
          ByteBuffer.wrap(Sha256.digest().digest(("1 " + whose).getBytes(StandardCharsets.UTF_8)));
      ByteBuffer found = ByteBuffer.allocate(owner.capacity());
      channel.read(found, 0);
      if (!found.flip().equals(owner)) {
        channel.truncate(0);
        channel.write(owner, 0);
      }
      return new PieceFile(channel.position(channel.size()));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + path + ": " + e.getMessage(), e);
    }
  }

  private static boolean isLocked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  /** Hands over the pieces of a file with a name; drops what follows one that is not whole. */
  void find(BiConsumer<Piece, ByteBuffer> pieces) {
    try {
      long size = channel.size();
      long at = ContentHash.BYTES; // behind whose it is
      while (at + HEADER <= size) {
        ByteBuffer header = read(at, HEADER);
        int length = header.getInt();
        if (length <= 0 || length > size - at - HEADER) {
          break;
        }
        Piece piece = new Piece(at + HEADER, length);
        ByteBuffer content = read(piece);
        if (header.getInt() != checksum(content)) {
          break;
        }
        pieces.accept(piece, content);
        at += HEADER + length;
      }
      channel.truncate(at).position(at);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the tokens kept: " + e.getMessage(), e);
    }
  }

  /** Writes all that remains of some bytes as one piece, at the end. */
  Piece append(ByteBuffer content) {
    ByteBuffer header = ByteBuffer.allocate(HEADER);
    header.putInt(content.remaining()).putInt(checksum(content)).flip();
    try {
      Piece piece = new Piece(channel.position() + HEADER, content.remaining());
      write(channel, header);
      write(channel, content);
      return piece;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot keep tokens: " + e.getMessage(), e);
    }
  }

  ByteBuffer read(Piece piece) {
    return read(piece.at(), piece.length());
  }

  /** Reads so many bytes from a place on. */
  ByteBuffer read(long at, int length) {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    try {
      while (bytes.hasRemaining()) {
        if (channel.read(bytes, at + bytes.position()) < 0) {
          throw new EOFException("cut off at " + (at + bytes.position()));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the tokens kept: " + e.getMessage(), e);
    }
    return bytes.flip();
  }

  /** Gives the disk space back, where the file has no name. */
  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot close the tokens kept", e);
    }
  }

  private static int checksum(ByteBuffer piece) {
    CRC32C crc = new CRC32C();
    crc.update(piece.duplicate());
    return (int) crc.getValue();
  }

  /** Writes all that remains. */
  static void write(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
