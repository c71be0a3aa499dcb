package org.isoflop.harness.data.formats;

import java.io.IOException;

/**
 * A format that documents lie in. The next format is one class like the others, and one line in
 * {@link DocumentReader}, which asks each in turn.
 */
public interface DocumentSource {

  /** Returns what people call such files and what in them is a document, for a list of formats. */
  String words();

  /** Whether a file is of this format, by its first bytes or, where they say nothing, its name. */
  boolean takes(Content content);

  /**
   * Reads the documents of a file. Their order and number depend on the file alone, and no more of
   * it is held than a document or what the format stores as one piece.
   *
   * @throws org.isoflop.harness.BadInputException where something in it is malformed, which ends
   *     the reading and is never skipped; names the line or row
   * @throws IOException where it cannot be read
   */
  void read(Content content, DocumentReader.Documents documents) throws IOException;
}
