package org.isoflop.harness.cli;

import java.util.ArrayList;
import org.isoflop.harness.data.tokenizers.Tokenizers;

/** The names of tokenizers, as the help of an option lists them. */
final class TokenizerNames extends ArrayList<String> {

  private static final long serialVersionUID = 1L;

  TokenizerNames() {
    super(Tokenizers.names());
  }
}
