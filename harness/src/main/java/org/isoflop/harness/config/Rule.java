package org.isoflop.harness.config;

import java.util.Locale;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import org.isoflop.models.DecoderConfig;
import org.isoflop.models.ParameterCounts;

/**
 * The published rules for peak learning rate and batch size that a configuration may name, each
 * with its source, its own meaning of N and the range it was validated on. They differ by 2 to 4
 * times at the same cell, and small sweeps lie outside all of them: far below its range Porian's
 * costs a tenth of the loss. All speak of a cosine schedule.
 */
public enum Rule {

  /**
   * What this project's study found best at 1e10 to 1e14 FLOPs ({@code docs/recipe.md}), a batch
   * that grows with the tokens and a rate that hangs on the batch besides; and {@link #PORIAN} from
   * where that begins. Between the two, both are interpolated on log axes of C, so that no budget
   * of a sweep meets a jump. The rate is doubled because rules speak of cosine, and the study
   * trained with wsd. It trained on bytes, so N is that of the same blocks with 256 tokens: a
   * larger vocabulary adds parameters that call for no lower rate. Batches of less than 128 tokens
   * gain nothing that shows, and leave a processor waiting for its next step.
   */
  @Words("this project's study at 1e10 to 1e14 FLOPs, porian from 1.25e16 up, see docs/recipe.md")
  AUTO(
      (cell, batch) ->
          joined(
              cell,
              2
                  * 0.004
                  * Math.pow(cell.byteParams() / 1e5, -0.48)
                  * Math.pow(cell.tokens() / 1e6, -0.17)
                  * Math.pow(batch / 256, 0.47),
              published().learningRate(cell, batch)),
      cell ->
          joined(
              cell,
              Math.max(128, 280 * Math.pow(cell.tokens() / 1e6, 0.6)),
              published().batchTokens(cell)),
      "1e10 to 1e14 FLOPs, and 1.25e16 to 2.6e19 by Porian's rule",
      cell ->
          (cell.flops() >= 1e10 && cell.flops() <= Rule.STUDY_LARGEST)
              || published().validated(cell)),

  /**
   * Porian et al. 2024, "Resolving Discrepancies in Compute-Optimal Scaling of Language Models"
   * (arXiv 2406.19146). N counts the blocks and the head. Fitted on sweeps from 1.25e16 to 8e17
   * FLOPs, and used for the paper's IsoFLOP curves up to 2.56e19.
   */
  @Words("arXiv 2406.19146")
  PORIAN(
      (cell, batch) -> 3.7 * Math.pow(cell.matmulParams(), -0.36),
      cell -> 0.7576 * Math.pow(cell.matmulParams(), 0.703),
      "1.25e16 to 2.6e19 FLOPs",
      cell -> cell.flops() >= Rule.PORIAN_SMALLEST && cell.flops() <= 2.56e19),

  /**
   * DeepSeek LLM 2024 (arXiv 2401.02954), section 3.1: both follow from the compute alone, which
   * leaves out the head: C = M·D, M = 72·layers·d² + 12·layers·d·context for an MLP of 8·d². Fitted
   * on budgets from 1e17 to 2e19 FLOPs and validated at 1e20, with a multi-step schedule.
   */
  @Words("arXiv 2401.02954")
  DEEPSEEK(
      (cell, batch) -> 0.3118 * Math.pow(cell.nonEmbeddingFlops(), -0.125),
      cell -> 0.2920 * Math.pow(cell.nonEmbeddingFlops(), 0.3271),
      "1e17 to 1e20 FLOPs",
      cell -> cell.nonEmbeddingFlops() >= 1e17 && cell.nonEmbeddingFlops() <= 1e20),

  /**
   * Step Law 2025, "Predictable Scale: Part I" (arXiv 2503.04715), fitted for cosine schedules. N
   * counts the blocks alone. Validated on models of 60M to 1B parameters and 2B to 100B tokens.
   */
  @Words("arXiv 2503.04715")
  STEPLAW(
      (cell, batch) ->
          1.79 * Math.pow(cell.nonEmbeddingParams(), -0.713) * Math.pow(cell.tokens(), 0.307),
      cell -> 0.58 * Math.pow(cell.tokens(), 0.571),
      "60M to 1B non-embedding params and 2B to 100B tokens",
      cell ->
          cell.nonEmbeddingParams() >= 60e6
              && cell.nonEmbeddingParams() <= 1.1e9
              && cell.tokens() >= 2e9
              && cell.tokens() <= 100e9);

  private static final double STUDY_LARGEST = 1e14;
  private static final double PORIAN_SMALLEST = 1.25e16;

  private final Rate rate;
  private final ToDoubleFunction<Cell> batch;
  private final String validatedRange;
  private final Predicate<Cell> validated;

  Rule(Rate rate, ToDoubleFunction<Cell> batch, String validatedRange, Predicate<Cell> validated) {
    this.rate = rate;
    this.batch = batch;
    this.validatedRange = validatedRange;
    this.validated = validated;
  }

  /** A formula of the learning rate. */
  @FunctionalInterface
  private interface Rate {
    double at(Cell cell, double batchTokens);
  }

  /** Returns the rule that {@link #AUTO} goes on with. */
  private static Rule published() {
    return PORIAN;
  }

  /** Returns what lies between both on log axes of C: the study's below, the published above. */
  private static double joined(Cell cell, double studied, double published) {
    double way = Math.log(cell.flops() / STUDY_LARGEST) / Math.log(PORIAN_SMALLEST / STUDY_LARGEST);
    double share = Math.max(0, Math.min(1, way));
    return Math.pow(studied, 1 - share) * Math.pow(published, share);
  }

  /**
   * Returns the best peak learning rate with cosine.
   *
   * @param batchTokens tokens per step that the cell is trained with
   */
  public double learningRate(Cell cell, double batchTokens) {
    return rate.at(cell, batchTokens);
  }

  /** Returns the best batch, in tokens per step. */
  public double batchTokens(Cell cell) {
    return batch.applyAsDouble(cell);
  }

  /** Returns whether the rule was validated on cells such as this one. */
  public boolean validated(Cell cell) {
    return validated.test(cell);
  }

  /** Returns the range the rule was validated on, for a person. */
  public String validatedRange() {
    return validatedRange;
  }

  /** Returns the name as the YAML has it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * What a rule may ask of a cell.
   *
   * @param params total parameters
   * @param byteParams those of the same blocks and width with a vocabulary of bytes
   * @param matmulParams parameters of the blocks and the head
   * @param nonEmbeddingParams parameters of the blocks
   * @param tokens training tokens, D
   * @param flops training FLOPs, C
   */
  public record Cell(
      double params,
      double byteParams,
      double matmulParams,
      double nonEmbeddingParams,
      double tokens,
      double flops) {

    private static final int BYTES = 256;

    /** Returns the cell of a decoder that is trained for a budget in FLOPs. */
    public static Cell of(double budget, DecoderConfig decoder) {
      ParameterCounts params = decoder.parameters();
      double aToken =
          (double) (params.total() - params.nonEmbedding()) / decoder.options().vocabulary();
      return new Cell(
          params.total(),
          params.nonEmbedding() + aToken * BYTES,
          params.matmul(),
          params.nonEmbedding(),
          budget / decoder.flopsPerToken(),
          budget);
    }

    /** Returns the training FLOPs of the blocks: all but those of the head. */
    double nonEmbeddingFlops() {
      return flops - 6 * (matmulParams - nonEmbeddingParams) * tokens;
    }
  }
}
