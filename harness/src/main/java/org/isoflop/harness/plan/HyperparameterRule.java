package org.isoflop.harness.plan;

import org.isoflop.harness.config.Rule;

/**
 * The rules for peak learning rate and batch size, each with its source, its own meaning of N and
 * the range it was validated on. The published ones differ by 2 to 4 times at the same cell, and
 * small sweeps lie outside all of them: far below its range Porian's costs a tenth of the loss.
 */
enum HyperparameterRule implements CellRule {

  /**
   * What this project's study found best at 1e10 to 5e11 FLOPs (two texts, three seeds; its table
   * stands in {@code docs/decisions.md}), with a rate that falls as C^−0.3 and one batch; and
   * {@link #PORIAN} from 1e15 FLOPs up. Between the two, both are interpolated on log axes of C, so
   * that no budget of a sweep meets a jump. The rate is doubled here because rules speak of cosine,
   * and the study trained with wsd.
   */
  AUTO("1e10 to 1e12 FLOPs, and 1.25e16 to 2.6e19 by Porian's rule") {
    private static final double SMALLEST = 1e10;
    private static final double LARGEST_SMALL = 1e12;
    private static final double PORIAN_FROM = 1e15;

    private static final double RATE_AT_1E11 = 0.02;
    private static final double RATE_EXPONENT = -0.3;
    private static final double BATCH = 256;

    @Override
    double learningRate(Cell cell) {
      double small = Math.min(cell.flops(), LARGEST_SMALL);
      return joined(
          cell, RATE_AT_1E11 * Math.pow(small / 1e11, RATE_EXPONENT), PORIAN.learningRate(cell));
    }

    @Override
    public double batchTokens(Cell cell) {
      return joined(cell, BATCH, PORIAN.batchTokens(cell));
    }

    private double joined(Cell cell, double small, double large) {
      double way = Math.log(cell.flops() / LARGEST_SMALL) / Math.log(PORIAN_FROM / LARGEST_SMALL);
      double share = Math.max(0, Math.min(1, way));
      return Math.pow(small, 1 - share) * Math.pow(large, share);
    }

    @Override
    public boolean validated(Cell cell) {
      boolean small = cell.flops() >= SMALLEST && cell.flops() <= LARGEST_SMALL;
      return small || PORIAN.validated(cell);
    }
  },

  /**
   * Porian et al. 2024, "Resolving Discrepancies in Compute-Optimal Scaling of Language Models"
   * (arXiv 2406.19146). N counts the blocks and the head. Fitted on sweeps from 1.25e16 to 8e17
   * FLOPs, and used for the paper's IsoFLOP curves up to 2.56e19.
   */
  PORIAN("1.25e16 to 2.6e19 FLOPs") {
    private static final double RATE_FACTOR = 3.7;
    private static final double RATE_EXPONENT = -0.36;
    private static final double BATCH_FACTOR = 0.7576;
    private static final double BATCH_EXPONENT = 0.703;

    @Override
    double learningRate(Cell cell) {
      return RATE_FACTOR * Math.pow(cell.matmulParams(), RATE_EXPONENT);
    }

    @Override
    public double batchTokens(Cell cell) {
      return BATCH_FACTOR * Math.pow(cell.matmulParams(), BATCH_EXPONENT);
    }

    @Override
    public boolean validated(Cell cell) {
      return cell.flops() >= 1.25e16 && cell.flops() <= 2.56e19;
    }
  },

  /**
   * DeepSeek LLM 2024 (arXiv 2401.02954), section 3.1: both follow from the compute alone, which
   * leaves out the head: C = M·D, M = 72·layers·d² + 12·layers·d·context for an MLP of 8·d². Fitted
   * on budgets from 1e17 to 2e19 FLOPs and validated at 1e20, with a multi-step schedule.
   */
  DEEPSEEK("1e17 to 1e20 FLOPs") {
    private static final double RATE_FACTOR = 0.3118;
    private static final double RATE_EXPONENT = -0.125;
    private static final double BATCH_FACTOR = 0.2920;
    private static final double BATCH_EXPONENT = 0.3271;

    @Override
    double learningRate(Cell cell) {
      return RATE_FACTOR * Math.pow(cell.nonEmbeddingFlops(), RATE_EXPONENT);
    }

    @Override
    public double batchTokens(Cell cell) {
      return BATCH_FACTOR * Math.pow(cell.nonEmbeddingFlops(), BATCH_EXPONENT);
    }

    @Override
    public boolean validated(Cell cell) {
      return cell.nonEmbeddingFlops() >= 1e17 && cell.nonEmbeddingFlops() <= 1e20;
    }
  },

  /**
   * Step Law 2025, "Predictable Scale: Part I" (arXiv 2503.04715), fitted for cosine schedules. N
   * counts the blocks alone. Validated on models of 60M to 1B parameters and 2B to 100B tokens.
   */
  STEPLAW("60M to 1B non-embedding params and 2B to 100B tokens") {
    private static final double RATE_FACTOR = 1.79;
    private static final double RATE_PARAMS_EXPONENT = -0.713;
    private static final double RATE_TOKENS_EXPONENT = 0.307;
    private static final double BATCH_FACTOR = 0.58;
    private static final double BATCH_EXPONENT = 0.571;

    @Override
    double learningRate(Cell cell) {
      return RATE_FACTOR
          * Math.pow(cell.nonEmbeddingParams(), RATE_PARAMS_EXPONENT)
          * Math.pow(cell.tokens(), RATE_TOKENS_EXPONENT);
    }

    @Override
    public double batchTokens(Cell cell) {
      return BATCH_FACTOR * Math.pow(cell.tokens(), BATCH_EXPONENT);
    }

    @Override
    public boolean validated(Cell cell) {
      return cell.nonEmbeddingParams() >= 60e6
          && cell.nonEmbeddingParams() <= 1.1e9
          && cell.tokens() >= 2e9
          && cell.tokens() <= 100e9;
    }
  };

  /** The best peak of wsd over the best of cosine (Hägele et al. 2024), which the rules are for. */
  private static final double WSD_PEAK_SHARE = 0.5;

  private final String range;

  HyperparameterRule(String range) {
    this.range = range;
  }

  static HyperparameterRule of(Rule rule) {
    return valueOf(rule.name());
  }

  /** Returns the best peak learning rate, which no rule lets hang on the batch. */
  abstract double learningRate(Cell cell);

  @Override
  public double learningRate(Cell cell, double batchTokens) {
    return learningRate(cell);
  }

  @Override
  public double wsdShare() {
    return WSD_PEAK_SHARE;
  }

  @Override
  public String validatedRange() {
    return range;
  }
}
