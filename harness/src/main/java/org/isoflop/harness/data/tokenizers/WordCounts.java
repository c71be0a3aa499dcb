package org.isoflop.harness.data.tokenizers;

import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Stream;

/** How often each word occurs: hashing with linear probing, a word copied when it is first seen. */
final class WordCounts {

  private static final int FIRST_CAPACITY = 1 << 12;

  private Word[] table = new Word[FIRST_CAPACITY];
  private int size;
  private long bytes;

  /** A word and how often it occurs. */
  static final class Word {
    private final byte[] text;
    private final int hash;
    private long count;

    private Word(byte[] text, int hash) {
      this.text = text;
      this.hash = hash;
    }

    byte[] text() {
      return text;
    }

    long count() {
      return count;
    }
  }

  /** Returns a hash of a part of a text. */
  static int hash(byte[] text, int start, int end) {
    long hash = (long) end - start;
    for (int i = start; i < end; i++) {
      hash = (hash ^ text[i]) * 0x9e3779b97f4a7c15L;
      hash ^= hash >>> 29;
    }
    return (int) (hash ^ (hash >>> 32));
  }

  /** Counts a word that stands in a text. */
  void add(byte[] text, int start, int end) {
    int hash = hash(text, start, end);
    int slot = slot(text, start, end, hash);
    if (table[slot] == null) {
      insert(slot, new Word(Arrays.copyOfRange(text, start, end), hash)).count = 1;
    } else {
      table[slot].count++;
    }
  }

  /** Adds the counts of others, which are no longer to be used. */
  void addAll(WordCounts others) {
    others
        .words()
        .forEach(
            word -> {
              int slot = slot(word.text, 0, word.text.length, word.hash);
              if (table[slot] == null) {
                insert(slot, word);
              } else {
                table[slot].count += word.count;
              }
            });
  }

  /** Leaves out the words that occur less often. */
  void retain(long atLeast) {
    Word[] all = table;
    table = new Word[all.length];
    size = 0;
    bytes = 0;
    for (Word word : all) {
      if (word != null && word.count >= atLeast) {
        insert(slot(word.text, 0, word.text.length, word.hash), word);
      }
    }
  }

  /** Returns how many different words there are. */
  int size() {
    return size;
  }

  /** Returns how many bytes the different words take. */
  long bytes() {
    return bytes;
  }

  /** Returns the words in no order. */
  Stream<Word> words() {
    return Arrays.stream(table).filter(Objects::nonNull);
  }

  private Word insert(int slot, Word word) {
    table[slot] = word;
    size++;
    bytes += word.text.length;
    if (3 * size > 2 * table.length) {
      Word[] all = table;
      table = new Word[2 * all.length];
      for (Word moved : all) {
        if (moved != null) {
          table[slot(moved.text, 0, moved.text.length, moved.hash)] = moved;
        }
      }
    }
    return word;
  }

  /** Returns where a word is, or may be put. */
  private int slot(byte[] text, int start, int end, int hash) {
    int slot = hash & (table.length - 1);
    while (table[slot] != null
        && !(table[slot].hash == hash
            && Arrays.equals(table[slot].text, 0, table[slot].text.length, text, start, end))) {
      slot = (slot + 1) & (table.length - 1);
    }
    return slot;
  }
}
