package org.isoflop.harness.plan;

import org.isoflop.harness.config.Rule;

/**
 * The rules for peak learning rate and batch size, each with its source, its own meaning of N and
 * the range it was validated on. The published ones differ by 2 to 4 times at the same cell, and
 * small sweeps lie outside all of them: far below its range Porian's costs a tenth of the loss.
 */
enum HyperparameterRule implements CellRule {

  /**
   * What this project's study found best at 1e10 to 1e14 FLOPs ({@code docs/recipe.md}), a batch
   * that grows with the tokens and a rate that hangs on the batch besides; and {@link #PORIAN} from
   * where that begins. Between the two, both are interpolated on log axes of C, so that no budget
   * of a sweep meets a jump. The rate is doubled here because rules speak of cosine, and the study
   * trained with wsd. It trained on bytes, so N is that of the same blocks with 256 tokens: a
   * larger vocabulary adds parameters that call for no lower rate.
   */
  AUTO("1e10 to 1e14 FLOPs, and 1.25e16 to 2.6e19 by Porian's rule") {
    private static final double SMALLEST = 1e10;
    private static final double LARGEST = 1e14;

    /** Of 1e5 params, 1e6 tokens and a batch of 256 tokens. */
    private static final double RATE = 2 * 0.004;

    private static final double RATE_PARAMS_EXPONENT = -0.48;
    private static final double RATE_TOKENS_EXPONENT = -0.17;
    private static final double RATE_BATCH_EXPONENT = 0.47;

    /** Of 1e6 tokens. */
    private static final double BATCH = 280;

    private static final double BATCH_EXPONENT = 0.6;

    /** Smaller ones gain nothing that shows, and leave a processor waiting for its next step. */
    private static final double SMALLEST_BATCH = 128;

    @Override
    public double learningRate(Cell cell, double batchTokens) {
      double studied =
          RATE
              * Math.pow(cell.byteParams() / 1e5, RATE_PARAMS_EXPONENT)
              * Math.pow(cell.tokens() / 1e6, RATE_TOKENS_EXPONENT)
              * Math.pow(batchTokens / 256, RATE_BATCH_EXPONENT);
      return joined(cell, studied, PORIAN.learningRate(cell, batchTokens));
    }

    @Override
    public double batchTokens(Cell cell) {
      double studied = BATCH * Math.pow(cell.tokens() / 1e6, BATCH_EXPONENT);
      return joined(cell, Math.max(SMALLEST_BATCH, studied), PORIAN.batchTokens(cell));
    }

    private double joined(Cell cell, double studied, double published) {
      double way = Math.log(cell.flops() / LARGEST) / Math.log(PORIAN_SMALLEST / LARGEST);
      double share = Math.max(0, Math.min(1, way));
      return Math.pow(studied, 1 - share) * Math.pow(published, share);
    }

    @Override
    public boolean validated(Cell cell) {
      boolean studied = cell.flops() >= SMALLEST && cell.flops() <= LARGEST;
      return studied || PORIAN.validated(cell);
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
    public double learningRate(Cell cell, double batchTokens) {
      return RATE_FACTOR * Math.pow(cell.matmulParams(), RATE_EXPONENT);
    }

    @Override
    public double batchTokens(Cell cell) {
      return BATCH_FACTOR * Math.pow(cell.matmulParams(), BATCH_EXPONENT);
    }

    @Override
    public boolean validated(Cell cell) {
      return cell.flops() >= PORIAN_SMALLEST && cell.flops() <= 2.56e19;
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
    public double learningRate(Cell cell, double batchTokens) {
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
    public double learningRate(Cell cell, double batchTokens) {
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

  private static final double PORIAN_SMALLEST = 1.25e16;

  /** The best peak of wsd over the best of cosine (Hägele et al. 2024), which the rules are for. */
  private static final double WSD_PEAK_SHARE = 0.5;

  private final String range;

  HyperparameterRule(String range) {
    this.range = range;
  }

  static HyperparameterRule of(Rule rule) {
    return valueOf(rule.name());
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
