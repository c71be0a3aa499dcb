package org.isoflop.harness.data.formats;

import java.io.IOException;
import java.util.Optional;
import org.isoflop.harness.BadInputException;

/**
 * Text that is a document as it stands, cut by {@link TextCutter}; and any file that is of no
 * format known, which is told from text by its first bytes.
 *
 * @param separator stands between documents; empty for none
 * @param inBlocks whether to cut into blocks where there is no separator
 */
record PlainText(String separator, boolean inBlocks) implements DocumentSource {

  @Override
  public String words() {
    return "Plain text, where each file is a document";
  }

  @Override
  public boolean takes(Content content) {
    return true;
  }

  @Override
  public void read(Content content, DocumentReader.Documents documents) throws IOException {
    Optional<String> kind =
        content.markedCharset().isPresent() ? Optional.empty() : FileKind.notText(content.head());
    if (kind.isPresent()) {
      documents.binary(
          kind.get()
              + (TokenShards.isNamed(content.name())
                  ? "; if it has tokens, corpus.files or corpus.include must name *.bin or *.npy"
                  : ""));
      return;
    }
    TextCutter cutter =
        new TextCutter(separator, inBlocks, bytes -> DocumentReader.hand(bytes, documents));
    try (cutter) {
      content.text().transferTo(cutter);
    } catch (TextCutter.TooLongException e) {
      throw BadInputException.of(
          "%s: more than 2^26 bytes without a corpus.document_separator '%s'; one that cuts it into"
              + " documents would do",
          content.place(), separator.replace("\n", "\\n"));
    }
    if (cutter.isInBlocks()) {
      documents.inBlocks();
    }
  }
}
