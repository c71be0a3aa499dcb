package org.isoflop.harness.data.formats;

import java.nio.file.Path;

/**
 * Where a document can be read again, so that only its place need be kept in memory.
 *
 * @param file a text file, or an archive
 * @param entry the name inside the archive; empty where the file itself is the document, {@code /}
 *     for all files of a tar archive, which can only be read one after the other
 * @param isTokens whether it is asked for as tokens, see {@link TokenShards}
 */
public record DocumentLocation(Path file, String entry, boolean isTokens) {

  /** The place of text. */
  public DocumentLocation(Path file, String entry) {
    this(file, entry, false);
  }

  /** The place of a document that is a file of its own. */
  public static DocumentLocation ofFile(Path file) {
    return new DocumentLocation(file, "");
  }

  /** The place of all documents in a tar archive. */
  public static DocumentLocation ofTar(Path archive) {
    return new DocumentLocation(archive, "/");
  }

  /** Returns the same place, asked for as tokens. */
  public DocumentLocation asTokens() {
    return new DocumentLocation(file, entry, true);
  }

  public boolean isTar() {
    return entry.equals("/");
  }

  boolean isArchived() {
    return !entry.isEmpty();
  }

  @Override
  public String toString() {
    return isArchived() && !isTar() ? file + "!/" + entry : file.toString();
  }
}
