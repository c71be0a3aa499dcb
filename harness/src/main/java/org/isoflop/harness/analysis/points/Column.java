package org.isoflop.harness.analysis.points;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** What a column of a CSV can mean to the analysis, whatever its header is called there. */
public enum Column {
  /** Stated budget, FLOPs. */
  BUDGET_FLOPS,
  /** Every parameter. */
  PARAMS,
  /** Training tokens seen. */
  TOKENS,
  /** Validation loss, nats per token. */
  LOSS,
  /** The same loss, bits per byte of text. */
  BITS_PER_BYTE,
  /** The trunk whose seed and data order rows share. */
  LINEAGE,
  /** How the run ended. */
  STATUS("state"),
  /** Of initial weights and data order. */
  SEED,
  /** What the run computed in. */
  PRECISION,
  /** Parameters of the embedding. */
  PARAMS_EMBEDDING,
  /** Parameters of attention. */
  PARAMS_ATTENTION,
  /** Parameters of the MLPs. */
  PARAMS_MLP,
  /** Parameters of the norms. */
  PARAMS_NORM,
  /** Parameters of the head; 0 where it is tied to the embedding. */
  PARAMS_HEAD,
  /** Training FLOPs per token, counted operation by operation. */
  FLOPS_PER_TOKEN,
  /** Training FLOPs of the run, counted operation by operation. */
  FLOPS,
  /** The learning rate over the one that the run's cell would have of its own. */
  LEARNING_RATE_DEPARTURE,
  /** The batch over the one that the run's cell would have of its own. */
  BATCH_DEPARTURE,
  /** Optimiser steps. */
  STEPS,
  /** What of the run's schedule had too few steps to act; empty where nothing. */
  SHORT_OF_STEPS,
  /** Training tokens seen, repeated ones counted once. */
  UNIQUE_TOKENS("num_unique_tokens", "n_unique_tokens", "unique_training_tokens"),
  /** Passes over the training tokens there are; less than 1 where not all were seen. */
  EPOCHS("epoch", "num_epochs", "n_epochs");

  /** The parameters part by part. */
  static final Set<Column> PARTS = EnumSet.range(PARAMS_EMBEDDING, PARAMS_HEAD);

  private final List<String> alsoCalled;

  Column(String... alsoCalled) {
    this.alsoCalled = List.of(alsoCalled);
  }

  /** Returns the header that isoflop itself writes, such as {@code budget_flops}. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns its own header, then those that others write for it, taken where that is not there. */
  Stream<String> called() {
    return Stream.concat(Stream.of(key()), alsoCalled.stream());
  }

  /**
   * Returns the column of a key, in any case.
   *
   * @param flag that names it
   * @throws org.isoflop.harness.BadInputException if it is none
   */
  public static Column parse(String flag, String key) {
    return PointsFormat.parse(flag, key, values(), Column::key);
  }
}
