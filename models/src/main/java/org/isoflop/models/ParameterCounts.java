package org.isoflop.models;

/**
 * Parameters of a decoder by component. The three totals are the three meanings "N" has in the
 * literature; which of them a law was fitted with moves its exponents.
 *
 * @param embedding the token table, V·d
 * @param attention query, key, value and output matrices, 4·d² a layer
 * @param mlp feed-forward matrices, 2·d·h a layer, or 3·d·h where gated
 * @param norm weights of the norms
 * @param head the output matrix, V·d, or 0 where it is tied to the embedding
 */
public record ParameterCounts(long embedding, long attention, long mlp, long norm, long head) {

  /** Returns every parameter there is (Hoffmann et al. 2022). */
  public long total() {
    return embedding + attention + mlp + norm + head;
  }

  /** Returns the parameters of the blocks alone (Kaplan et al. 2020). */
  public long nonEmbedding() {
    return attention + mlp + norm;
  }

  /**
   * Returns the parameters that multiply at every token, non-embedding plus head (Porian et al.
   * 2024); a tied head multiplies too and counts here, though it adds nothing to the total.
   */
  public long matmul() {
    return nonEmbedding() + (head == 0 ? embedding : head);
  }
}
