package org.isoflop.harness;

/**
 * Sweeps of decoders of some thousand parameters in one layer, on this project's own source text.
 */
public final class TinySweep {

  private TinySweep() {}

  /**
   * Returns a configuration.
   *
   * @param budgets in FLOPs, separated by commas
   * @param perBudget sizes at each
   * @param sections the lines that stand beside corpus, decoder and grid
   */
  public static String yaml(String budgets, int perBudget, String... sections) {
    return """
    corpus: {files: ["src/main/java"], include: ["**/*.java"], validation_fraction: 0.1}
    decoder: {context: 16, tied: true, shapes: {layers: 1}}
    grid:
      budgets: [%s]
      sizes: {per_budget: %d, span: 6}
      expected: {tokens_per_param: 1}
    """
            .formatted(budgets, perBudget)
        + String.join("\n", sections)
        + "\n";
  }
}
