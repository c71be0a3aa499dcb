package org.isoflop.harness.data.formats;

import java.util.Arrays;
import java.util.BitSet;
import java.util.function.Consumer;
import org.isoflop.harness.data.tokenizers.Tokenizer;

/**
 * Turns the ids of one file into documents: it is cut where the end of a text stands, whether
 * before each document or behind it, and what lies between two of them is none.
 *
 * <p>As {@link TextCutter} does with text, a file of one document is cut into blocks of whole lines
 * where there are too few files to split; and so is a document that is too long for the memory.
 */
public final class ShardCutter {

  /** Ids after which a block ends with the line: some 4 KiB of English. */
  public static final int BLOCK = 1 << 10;

  /** A longer text is no document. */
  public static final int LONGEST_DOCUMENT = 1 << 22;

  private final Tokenizer tokenizer;
  private final BitSet borders = new BitSet();
  private final boolean inBlocks;
  private final Consumer<int[]> documents;
  private int[] held = new int[BLOCK];
  private int length;
  private boolean ended;
  private boolean hasDocuments;
  private boolean isTooLong;
  private boolean cutIntoBlocks;

  /**
   * Prepares to cut one file.
   *
   * @param inBlocks whether to cut it into blocks where it is one document
   * @param documents takes each document, none of them empty, in order
   */
  public ShardCutter(Tokenizer tokenizer, boolean inBlocks, Consumer<int[]> documents) {
    this.tokenizer = tokenizer;
    tokenizer.borders().forEach(borders::set);
    this.inBlocks = inBlocks;
    this.documents = documents;
  }

  /** Takes the next id. */
  public void add(int id) {
    if (borders.get(id)) {
      ended = true;
      return;
    }
    if (ended) {
      emit(isTooLong);
      ended = false;
    }
    if (length == LONGEST_DOCUMENT) {
      isTooLong = true;
      cut();
    }
    if (length == held.length) {
      held = Arrays.copyOf(held, 2 * length);
    }
    held[length++] = id;
  }

  /** Ends the last document, and returns whether one was cut into blocks, or would be if longer. */
  public boolean end() {
    emit(isTooLong || (inBlocks && !hasDocuments));
    return cutIntoBlocks;
  }

  private void emit(boolean asBlocks) {
    if (asBlocks) {
      cut();
    }
    if (length > 0) {
      documents.accept(Arrays.copyOf(held, length));
      hasDocuments = true;
    }
    length = 0;
    isTooLong = false;
  }

  /** Hands on the blocks that are whole, and keeps the rest. */
  private void cut() {
    cutIntoBlocks = true;
    int from = 0;
    for (int end = blockEnd(from); end < length; end = blockEnd(from)) {
      documents.accept(Arrays.copyOfRange(held, from, end));
      hasDocuments = true;
      from = end;
    }
    System.arraycopy(held, from, held, 0, length - from);
    length -= from;
  }

  /** Returns where the block that begins here ends, the length at most. */
  private int blockEnd(int from) {
    int end = from + BLOCK;
    while (end < length && !isBlockFull(from, end)) {
      end++;
    }
    return Math.min(end, length);
  }

  private boolean isBlockFull(int from, int end) {
    byte[] last = text(end - 1);
    if (last.length > 0 && last[last.length - 1] == '\n') {
      return true;
    }
    byte[] next = text(end);
    return end - from >= 2 * BLOCK && (next.length == 0 || TextCutter.beginsCharacter(next[0]));
  }

  private byte[] text(int at) {
    return tokenizer.decode(new int[] {held[at]});
  }
}
