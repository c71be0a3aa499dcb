package org.isoflop.harness.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import org.isoflop.harness.Cache;
import org.isoflop.harness.Sha256;
import org.isoflop.harness.data.tokenizers.Tokenizer;

/**
 * What a corpus came to when it was last read, so that it need not be read again while it is as it
 * was: the same files, left as they were, see {@link CorpusFiles#state}.
 */
final class CorpusMemory {

  private static final String STATE = "state";
  private static final String STATISTICS = "statistics";

  private final Cache cache;
  private final String name;
  private final Optional<String> state;

  /** Knows a corpus by what was asked for, and from where, and by what was found. */
  CorpusMemory(Cache cache, Tokenizer tokenizer, CorpusFiles files) {
    MessageDigest asked = Sha256.digest();
    String text = StoreManifest.JSON.valueToTree(files.source()).toString();
    for (Object part : List.of(Path.of("").toAbsolutePath(), text, tokenizer.identity())) {
      Sha256.update(asked, part + "\0");
    }
    this.cache = cache;
    this.name = "corpus-" + Sha256.hex(asked).substring(0, 16) + ".json";
    this.state = files.state();
  }

  /** Returns what the corpus came to; empty where it may have changed since, or is not known. */
  Optional<CorpusStatistics> recall() {
    return cache
        .read(name)
        .filter(kept -> state.equals(Optional.of(kept.path(STATE).asText())))
        .flatMap(
            kept -> {
              try {
                return Optional.of(
                    StoreManifest.JSON.treeToValue(kept.get(STATISTICS), CorpusStatistics.class));
              } catch (JsonProcessingException e) {
                return Optional.empty(); // never so, in what this build wrote
              }
            });
  }

  /** Keeps what the corpus has come to, unless it may go on changing unnoticed. */
  void remember(CorpusStatistics statistics) {
    state.ifPresent(
        of -> {
          ObjectNode kept = StoreManifest.JSON.createObjectNode().put(STATE, of);
          kept.set(STATISTICS, StoreManifest.JSON.valueToTree(statistics));
          cache.write(name, kept);
        });
  }
}
