package org.isoflop.harness.analysis.allocation;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import org.isoflop.harness.BitsPerByte;
import org.isoflop.harness.analysis.allocation.Allocation.Question;
import org.isoflop.harness.analysis.allocation.LawAllocation.EqualLoss;
import org.isoflop.harness.analysis.allocation.LawAllocation.InferenceOptimum;
import org.isoflop.harness.analysis.allocation.LawAllocation.RepeatedOptimum;
import org.isoflop.harness.analysis.allocation.LawAllocation.TrainOptimal;
import org.isoflop.harness.analysis.law.Law;
import org.isoflop.harness.analysis.stats.Estimate;
import org.isoflop.harness.analysis.stats.Fitted;

/**
 * An allocation as JSON, for scripts. An estimate {@code x} stands as {@code x} and {@code
 * x_interval}, the two ends of its 95% interval; an infinite number is {@code null}, and so is an
 * answer that was refused, with the reason in {@code refused} beside it.
 */
public final class AllocationJson {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private AllocationJson() {}

  /** Returns the measured range: {@code lowest} and {@code highest} in FLOPs, and D/N. */
  public static ObjectNode measured(MeasuredRange measured) {
    return NODES
        .objectNode()
        .put("lowest_budget", measured.lowest())
        .put("highest_budget", measured.highest())
        .put("fewest_tokens_per_param", measured.fewestTokensPerParam())
        .put("most_tokens_per_param", measured.mostTokensPerParam());
  }

  /** Returns the law that answers, with how many resamples its intervals come from. */
  public static ObjectNode law(LawAllocator allocator) {
    Law law = allocator.sample().law();
    return NODES
        .objectNode()
        .put("E", law.e())
        .put("A", law.a())
        .put("B", law.b())
        .put("alpha", law.alpha())
        .put("beta", law.beta())
        .put("resamples", allocator.sample().resampled().size())
        .put("refused_resamples", allocator.sample().refused());
  }

  /** Returns one answer. */
  public static ObjectNode of(Allocation allocation) {
    Question question = allocation.question();
    ObjectNode node =
        NODES
            .objectNode()
            .put("budget", question.budget())
            .put("decades_beyond", allocation.decadesBeyond());
    TrainOptimal optimum = allocation.trainOptimal();
    node.put("by", allocation.frontier().value().isPresent() ? "optima" : "law");
    trainOptimal(node, optimum, allocation.bits());
    node.put("tokens_per_param", optimum.tokens().value() / optimum.params().value());
    put(
        node,
        "epochs",
        question.uniqueTokens().isPresent()
            ? optimum.tokens().value() / question.uniqueTokens().getAsDouble()
            : Double.NaN);
    ObjectNode refused = NODES.objectNode();
    refuse(refused, "optima", allocation.frontier());
    refuse(refused, "law", allocation.law());
    allocation
        .law()
        .value()
        .ifPresentOrElse(
            law -> node.set("law", law(law, allocation.bits())), () -> node.putNull("law"));
    node.set("refused", refused);
    ArrayNode cautions = node.putArray("cautions");
    allocation.cautions().forEach(cautions::add);
    return node;
  }

  private static void refuse(ObjectNode refused, String what, Fitted<?> fitted) {
    fitted.refused().ifPresent(reason -> refused.put(what, reason));
  }

  private static ObjectNode law(LawAllocation law, Optional<BitsPerByte> bits) {
    ObjectNode node = NODES.objectNode().put("flops", "6nd");
    trainOptimal(node, law.trainOptimal(), bits);
    law.inference().ifPresent(found -> node.set("inference", inference(found)));
    law.uniqueTokens().ifPresent(found -> node.set("unique_tokens", uniqueTokens(found, bits)));
    ArrayNode sizes = node.putArray("equal_loss");
    law.equalLoss().forEach(found -> sizes.add(equalLoss(found)));
    return node;
  }

  private static void trainOptimal(
      ObjectNode node, TrainOptimal found, Optional<BitsPerByte> bits) {
    put(node, "params", found.params());
    put(node, "tokens", found.tokens());
    found.loss().ifPresent(loss -> loss(node, loss, bits));
  }

  /** A loss in nats per token and, where tokens are not bytes, in bits per byte beside it. */
  private static void loss(ObjectNode node, Estimate nats, Optional<BitsPerByte> bits) {
    put(node, "loss", nats);
    bits.ifPresent(unit -> put(node, "bits_per_byte", nats.map(unit::of)));
  }

  private static ObjectNode inference(InferenceOptimum found) {
    ObjectNode node =
        NODES
            .objectNode()
            .put("inference_tokens", found.inferenceTokens())
            .put("decades_beyond", found.decadesBeyond());
    put(node, "params", found.params());
    put(node, "tokens", found.tokens());
    put(node, "training_flops", found.trainingFlops());
    put(node, "inference_flops", found.inferenceFlops());
    put(node, "total_flops", found.totalFlops());
    put(node, "share_of_train_optimal", found.share());
    return node;
  }

  private static ObjectNode uniqueTokens(RepeatedOptimum found, Optional<BitsPerByte> bits) {
    ObjectNode node = NODES.objectNode().put("unique_tokens", found.uniqueTokens());
    put(node, "params", found.params());
    put(node, "tokens", found.tokens());
    put(node, "epochs", found.epochs());
    loss(node, found.loss(), bits);
    put(node, "loss_cost", found.lossCost());
    return node;
  }

  private static ObjectNode equalLoss(EqualLoss found) {
    ObjectNode node =
        NODES.objectNode().put("size", found.size()).put("reachable", found.reachable());
    put(node, "params", found.params());
    put(node, "tokens", found.tokens());
    put(node, "compute_factor", found.computeFactor());
    return node;
  }

  private static void put(ObjectNode node, String name, Estimate estimate) {
    put(node, name, estimate.value());
    ArrayNode ends = node.putArray(name + "_interval");
    add(ends, estimate.interval().low());
    add(ends, estimate.interval().high());
  }

  private static void put(ObjectNode node, String name, double value) {
    if (Double.isFinite(value)) {
      node.put(name, value);
    } else {
      node.putNull(name);
    }
  }

  private static void add(ArrayNode ends, double value) {
    if (Double.isFinite(value)) {
      ends.add(value);
    } else {
      ends.addNull();
    }
  }
}
