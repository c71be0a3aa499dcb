package org.isoflop.harness.analysis.allocation;

import static org.isoflop.harness.analysis.output.ResultJson.rows;

import java.util.Optional;
import org.isoflop.harness.BitsPerByte;
import org.isoflop.harness.analysis.allocation.LawAllocation.EqualLoss;
import org.isoflop.harness.analysis.allocation.LawAllocation.InferenceOptimum;
import org.isoflop.harness.analysis.allocation.LawAllocation.RepeatedOptimum;
import org.isoflop.harness.analysis.allocation.LawAllocation.TrainOptimal;
import org.isoflop.harness.analysis.law.Law;
import org.isoflop.harness.analysis.output.ResultJson.Row;
import org.isoflop.harness.analysis.stats.Estimate;

/**
 * An allocation as JSON, for scripts. An estimate {@code x} stands as {@code x} and {@code
 * x_interval}, the two ends of its 95% interval; an infinite number is {@code null}, and so is an
 * answer that was refused, with the reason in {@code refused} beside it.
 */
public final class AllocationJson {

  private AllocationJson() {}

  /** Returns the measured range: {@code lowest} and {@code highest} in FLOPs, and D/N. */
  public static Row measured(MeasuredRange measured) {
    return new Row()
        .with("lowest_budget", measured.lowest())
        .with("highest_budget", measured.highest())
        .with("fewest_tokens_per_param", measured.fewestTokensPerParam())
        .with("most_tokens_per_param", measured.mostTokensPerParam());
  }

  /** Returns the law that answers, with how many resamples its intervals come from. */
  public static Row law(LawAllocator allocator) {
    Law law = allocator.sample().law();
    return new Row()
        .with("E", law.e())
        .with("A", law.a())
        .with("B", law.b())
        .with("alpha", law.alpha())
        .with("beta", law.beta())
        .with("resamples", allocator.sample().resampled().size())
        .with("refused_resamples", allocator.sample().refused());
  }

  /** Returns one answer. */
  public static Row of(Allocation allocation) {
    TrainOptimal optimum = allocation.trainOptimal();
    double tokens = optimum.tokens().value();
    Row refused = new Row();
    allocation.frontier().refused().ifPresent(why -> refused.put("optima", why));
    allocation.law().refused().ifPresent(why -> refused.put("law", why));
    return new Row()
        .with("budget", allocation.question().budget())
        .with("decades_beyond", allocation.decadesBeyond())
        .with("by", allocation.frontier().value().isPresent() ? "optima" : "law")
        .all(trainOptimal(optimum, allocation.bits()))
        .with("tokens_per_param", tokens / optimum.params().value())
        .with("epochs", tokens / allocation.question().uniqueTokens().orElse(Double.NaN))
        .with("law", allocation.law().map(law -> law(law, allocation.bits())))
        .with("refused", refused)
        .with("cautions", allocation.cautions());
  }

  private static Row law(LawAllocation law, Optional<BitsPerByte> bits) {
    Row row = new Row().with("flops", "6nd").all(trainOptimal(law.trainOptimal(), bits));
    law.inference().ifPresent(found -> row.put("inference", inference(found)));
    law.uniqueTokens().ifPresent(found -> row.put("unique_tokens", uniqueTokens(found, bits)));
    return row.with("equal_loss", rows(law.equalLoss(), AllocationJson::equalLoss));
  }

  private static Row trainOptimal(TrainOptimal found, Optional<BitsPerByte> bits) {
    return new Row()
        .estimate("params", found.params())
        .estimate("tokens", found.tokens())
        .all(found.loss().map(loss -> loss(loss, bits)).orElse(new Row()));
  }

  /** A loss in nats per token and, where tokens are not bytes, in bits per byte beside it. */
  private static Row loss(Estimate nats, Optional<BitsPerByte> bits) {
    Row row = new Row().estimate("loss", nats);
    bits.ifPresent(unit -> row.estimate("bits_per_byte", nats.map(unit::of)));
    return row;
  }

  private static Row inference(InferenceOptimum found) {
    return new Row()
        .with("inference_tokens", found.inferenceTokens())
        .with("decades_beyond", found.decadesBeyond())
        .estimate("params", found.params())
        .estimate("tokens", found.tokens())
        .estimate("training_flops", found.trainingFlops())
        .estimate("inference_flops", found.inferenceFlops())
        .estimate("total_flops", found.totalFlops())
        .estimate("share_of_train_optimal", found.share());
  }

  private static Row uniqueTokens(RepeatedOptimum found, Optional<BitsPerByte> bits) {
    return new Row()
        .with("unique_tokens", found.uniqueTokens())
        .estimate("params", found.params())
        .estimate("tokens", found.tokens())
        .estimate("epochs", found.epochs())
        .all(loss(found.loss(), bits))
        .estimate("loss_cost", found.lossCost());
  }

  private static Row equalLoss(EqualLoss found) {
    return new Row()
        .with("size", found.size())
        .with("reachable", found.reachable())
        .estimate("params", found.params())
        .estimate("tokens", found.tokens())
        .estimate("compute_factor", found.computeFactor());
  }
}
