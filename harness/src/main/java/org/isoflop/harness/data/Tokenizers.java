package org.isoflop.harness.data;

import org.isoflop.harness.BadInputException;

/** The tokenizers that a configuration can name. */
public final class Tokenizers {

  private Tokenizers() {}

  /**
   * Returns the tokenizer of that name.
   *
   * @throws BadInputException where there is none
   */
  public static Tokenizer named(String name) {
    if (name.equals(ByteTokenizer.NAME)) {
      return new ByteTokenizer();
    }
    throw BadInputException.of(
        "corpus: there is no tokenizer '%s'; %s would do", name, ByteTokenizer.NAME);
  }
}
