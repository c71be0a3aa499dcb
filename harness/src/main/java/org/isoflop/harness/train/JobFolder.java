package org.isoflop.harness.train;

import java.nio.file.Path;

/**
 * Where a job keeps its files.
 *
 * @param path {@code jobs/<job-id>} in the sweep's folder
 */
public record JobFolder(Path path) {

  /** Returns the training losses, one row a step. */
  public Path losses() {
    return path.resolve("losses.csv");
  }

  /** Returns the validation losses, one row an evaluation. */
  public Path evaluations() {
    return path.resolve("evaluations.csv");
  }

  /** Returns what happened, in words. */
  public Path log() {
    return path.resolve("job.log");
  }

  /** Returns the result; the only proof that the job is done. */
  public Path result() {
    return path.resolve("result.json");
  }

  /** Returns the final weights. */
  public Path weights() {
    return path.resolve("weights.safetensors");
  }

  /** Returns the folder of the end state, where other jobs go on from it. */
  public Path end() {
    return path.resolve("end");
  }

  /** Deletes the end state, if there is one. */
  public void deleteEnd() {
    Checkpoints.clear(end());
  }

  /** Returns the folder of checkpoints, gone when the job is done. */
  public Path checkpoints() {
    return path.resolve("checkpoint");
  }

  /** Deletes the checkpoints, if there are any. */
  public void deleteCheckpoints() {
    Checkpoints.clear(checkpoints());
  }
}
