package org.isoflop.harness.train;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.util.Optional;
import org.isoflop.harness.Sha256;
import org.isoflop.harness.plan.Job;
import org.isoflop.models.Precision;

/**
 * What decides the numbers of a sweep's jobs beside the jobs themselves.
 *
 * @param corpus hash of the text
 * @param tokenizer its identity
 * @param validationFraction share of the documents held out by content; 0 where they are pinned
 * @param validationWindows windows a loss is taken over
 * @param precision number format of the passes
 * @param heldOut hash of the documents held out; absent where an earlier version planned
 */
public record Conditions(
    String corpus,
    String tokenizer,
    double validationFraction,
    long validationWindows,
    Precision precision,
    Optional<String> heldOut) {

  private static final String HELD_OUT = "heldOut";

  /**
   * To be raised with every change to the program after which the same job gives other numbers: its
   * initial weights, the order of its data, its passes, its optimiser.
   */
  private static final int NUMERICS = 2;

  /** Doubles as the shortest text that reads back, which not every Java prints. */
  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder().enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER).build())
          .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .addModule(new Jdk8Module())
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(
                  JsonInclude.Include.NON_ABSENT, JsonInclude.Include.NON_ABSENT))
          .build();

  /**
   * Returns what tells a job's result and checkpoints from those of any other job, here or in
   * another sweep: a SHA-256, in hexadecimal, of all that decides its numbers at its last step.
   * Where its lineage is cut into jobs decides none of them.
   */
  public String identity(Job job) {
    ObjectNode all = JSON.createObjectNode();
    all.put("numerics", NUMERICS);
    ObjectNode conditions = JSON.valueToTree(this);
    if (validationFraction > 0) {
      conditions.remove(HELD_OUT); // follows from it and the text
    }
    all.set("conditions", conditions);
    all.set("decoder", JSON.valueToTree(job.decoder()));
    all.put("seed", job.seed());
    all.put("batch_sequences", job.batchSequences());
    all.set("optimizer", JSON.valueToTree(job.optimizer()));
    all.set("schedule", JSON.valueToTree(job.schedule()));
    all.put("last_step", job.lastStep());
    try {
      return Sha256.hex(JSON.writeValueAsBytes(all));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("every job can be hashed", e);
    }
  }
}
