package org.isoflop.harness.data;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;
import org.isoflop.harness.AtomicFiles;
import org.isoflop.harness.data.StoreManifest.Shard;
import org.isoflop.harness.data.tokenizers.Tokenizer;

/**
 * Writes the token files of a store, each until a document fills it.
 *
 * @param folder made where missing
 * @param tokenizer of the tokens, whose separator goes before every document
 * @param shardTokens that fill a file
 */
record StoreWriter(Path folder, Tokenizer tokenizer, long shardTokens) {

  /** Writes the documents of a split, in the order in which they come. */
  List<Shard> write(String split, Iterator<DocumentBuckets.Document> documents) {
    List<Shard> shards = new ArrayList<>();
    while (documents.hasNext()) {
      Path file = folder.resolve(TokenStore.file(split, shards.size()));
      CRC32C crc = new CRC32C();
      long[] tokens = {0};
      AtomicFiles.Content<OutputStream> content =
          out -> tokens[0] = fill(new CheckedOutputStream(out, crc), documents);
      AtomicFiles.write(file, content);
      shards.add(new Shard(tokens[0], TokenStore.hex(crc)));
    }
    return shards;
  }

  /** Returns how many tokens one file has taken. */
  private long fill(OutputStream file, Iterator<DocumentBuckets.Document> documents)
      throws IOException {
    byte[] separator = StoredTokens.of(tokenizer, tokenizer.separator());
    OutputStream out = new BufferedOutputStream(file, 1 << 20);
    long tokens = 0;
    while (documents.hasNext() && tokens < shardTokens) {
      byte[] document = documents.next().tokens();
      out.write(separator);
      out.write(document);
      tokens += 1 + document.length / tokenizer.bytesPerToken();
    }
    out.flush();
    return tokens;
  }
}
