package org.isoflop.harness.data;

import java.util.Optional;
import java.util.function.Consumer;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.data.formats.DocumentLocation;
import org.isoflop.harness.data.formats.DocumentReader;

/** The distinct documents of a corpus that are neither held out nor left out, until enough. */
public final class TrainDocuments implements DocumentReader.Documents {

  private final HeldOut heldOut;
  private final NearDuplicates near;
  private final Consumer<byte[]> taker;
  private final DocumentSet known = new DocumentSet();
  private DocumentLocation location;
  private long left;

  private TrainDocuments(
      HeldOut heldOut,
      NearDuplicates near,
      DocumentLocation first,
      long most,
      Consumer<byte[]> taker) {
    this.heldOut = heldOut;
    this.near = near;
    this.location = first;
    this.left = most;
    this.taker = taker;
  }

  /**
   * Hands over the documents as text, in the order in which they lie.
   *
   * @param near what is left out
   * @param most bytes that are enough; the document that reaches them is the last
   * @throws BadInputException as {@link CorpusReading#measure}, and where there are tokens among
   *     the files
   */
  public static void read(
      CorpusFiles files, NearDuplicates near, long most, Consumer<byte[]> taker) {
    HeldOut heldOut = new HeldOut(files);
    TrainDocuments documents =
        new TrainDocuments(heldOut, near, files.locations().get(0), most, taker);
    try (DocumentReader reader =
        new DocumentReader(files.source(), heldOut.cutsIntoBlocks(), Optional.empty())) {
      for (DocumentLocation location : files.locations()) {
        if (documents.left > 0) {
          documents.location = location;
          reader.read(location, documents);
        }
      }
    }
  }

  @Override
  public void text(byte[] text) {
    ContentHash hash = ContentHash.of(text);
    boolean trains = !heldOut.test(location, hash) && !near.contains(hash);
    if (left > 0 && trains && known.add(hash)) {
      left -= text.length;
      taker.accept(text);
    }
  }

  @Override
  public void tokens(int[] ids) {
    throw new IllegalStateException("there is no tokenizer that could have made them");
  }
}
