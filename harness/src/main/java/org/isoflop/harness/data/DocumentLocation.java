package org.isoflop.harness.data;

import java.nio.file.Path;

/**
 * Where a document can be read again, so that only its place need be kept in memory.
 *
 * @param file a text file, or an archive
 * @param entry the name inside the archive; empty where the file itself is the document
 */
record DocumentLocation(Path file, String entry) {

  /** The place of a document that is a file of its own. */
  static DocumentLocation ofFile(Path file) {
    return new DocumentLocation(file, "");
  }

  boolean isArchived() {
    return !entry.isEmpty();
  }

  @Override
  public String toString() {
    return isArchived() ? file + "!/" + entry : file.toString();
  }
}
