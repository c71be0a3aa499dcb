package org.isoflop.harness.analysis.allocation;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.isoflop.harness.analysis.allocation.Allocation.Question;
import org.isoflop.harness.analysis.allocation.IsoLoss.LnAllocation;
import org.isoflop.harness.analysis.allocation.LawAllocation.EqualLoss;
import org.isoflop.harness.analysis.allocation.LawAllocation.InferenceOptimum;
import org.isoflop.harness.analysis.allocation.LawAllocation.RepeatedOptimum;
import org.isoflop.harness.analysis.allocation.LawAllocation.TrainOptimal;
import org.isoflop.harness.analysis.law.Law;
import org.isoflop.harness.analysis.law.LawSample;
import org.isoflop.harness.analysis.stats.Estimate;
import org.isoflop.harness.analysis.stats.Fitted;

/**
 * Allocations of compute that follow from the parametric law, where C = 6ND. Every answer is worked
 * out again for each resampled law, and its interval is that of the answers.
 *
 * @param sample the law and the resamples in use
 * @param measured what the points cover
 */
public record LawAllocator(LawSample sample, MeasuredRange measured) {

  /** Sizes over N* whose cost at equal loss is shown unless others are asked for. */
  private static final double[] SIZES = {0.25, 0.5, 2, 4};

  /** Fewer resamples than this share, and an interval would describe the exceptions. */
  private static final double FEWEST_SHARE = 0.5;

  /**
   * Prepares a law and its resamples; refuses those that cannot trade params for tokens, because
   * one of them does not matter to the law.
   */
  public static Fitted<LawAllocator> of(LawSample sample, MeasuredRange measured) {
    double budget = Math.sqrt(measured.lowest() * measured.highest());
    if (!IsoLoss.hasOptimum(sample.law(), budget)) {
      return Fitted.refused(
          "The fitted law has no optimum: only "
              + (sample.law().a() > 0 ? "params" : "tokens")
              + " lower its loss.");
    }
    List<Law> usable =
        sample.resampled().stream().filter(law -> IsoLoss.hasOptimum(law, budget)).toList();
    int refused = sample.refused() + sample.resampled().size() - usable.size();
    if (usable.size() < FEWEST_SHARE * (usable.size() + refused)) {
      return Fitted.refused(
          refused
              + " of "
              + (usable.size() + refused)
              + " resamples give no law with an optimum, so its answers would have no interval.");
    }
    return Fitted.of(new LawAllocator(new LawSample(sample.law(), usable, refused), measured));
  }

  /** Returns N*, D* and L* at a budget in FLOPs. */
  public TrainOptimal trainOptimal(double flops) {
    Function<Law, LnAllocation> solve = law -> new IsoLoss(law, flops).optimum();
    return new TrainOptimal(
        params(solve), tokens(solve), Optional.of(sample.estimate(law -> lowestLoss(law, flops))));
  }

  /**
   * Returns the cheapest model to train and serve that reaches the loss of the train-optimal one.
   *
   * @param flops training budget C that sets the loss
   * @param inferenceTokens T it will serve, not negative
   */
  public InferenceOptimum withInference(double flops, double inferenceTokens) {
    Function<Law, LnAllocation> solve =
        law -> new IsoLoss(law, flops).cheapestToServe(inferenceTokens);
    Estimate training = positive(law -> solve.apply(law).lnFlops());
    return new InferenceOptimum(
        inferenceTokens,
        params(solve),
        tokens(solve),
        training,
        params(solve).map(n -> 2 * n * inferenceTokens),
        positive(law -> lnTotal(solve.apply(law), inferenceTokens)),
        positive(
            law ->
                lnTotal(solve.apply(law), inferenceTokens)
                    - lnTotal(new IsoLoss(law, flops).optimum(), inferenceTokens)),
        measured.decadesBeyond(training.value()));
  }

  /** Returns ln(6·N·D + 2·N·T). */
  private static double lnTotal(LnAllocation at, double inferenceTokens) {
    double served = inferenceTokens / 3 * Math.exp(-at.lnTokens());
    return at.lnFlops() + Math.log1p(served);
  }

  /**
   * Returns the allocation of lowest loss where only so many tokens are unique.
   *
   * @param flops training budget C
   * @param uniqueTokens U, positive
   */
  public RepeatedOptimum withUniqueTokens(double flops, double uniqueTokens) {
    Function<Law, LnAllocation> solve =
        law -> new RepeatedDataLaw(law, uniqueTokens).optimum(flops);
    ToDoubleFunction<Law> loss =
        law -> {
          LnAllocation at = solve.apply(law);
          return new RepeatedDataLaw(law, uniqueTokens)
              .loss(Math.exp(at.lnParams()), Math.exp(at.lnTokens()));
        };
    Estimate tokens = tokens(solve);
    return new RepeatedOptimum(
        uniqueTokens,
        params(solve),
        tokens,
        tokens.map(d -> d / uniqueTokens),
        sample.estimate(loss),
        // Rounding alone could make it negative.
        sample.estimate(law -> Math.max(0, loss.applyAsDouble(law) - lowestLoss(law, flops))));
  }

  /**
   * Returns what other sizes take to reach the loss of the optimum.
   *
   * @param flops training budget C of the optimum
   * @param sizes params over N*, positive; 1/4, 1/2, 2 and 4 where none are given
   */
  public List<EqualLoss> equalLoss(double flops, double... sizes) {
    return Arrays.stream(sizes.length == 0 ? SIZES : sizes)
        .mapToObj(
            size -> {
              Function<Law, LnAllocation> solve = law -> new IsoLoss(law, flops).ofSize(size);
              return new EqualLoss(
                  size,
                  params(solve),
                  maybeInfinite(law -> solve.apply(law).lnTokens()),
                  maybeInfinite(law -> solve.apply(law).lnFlops() - Math.log(flops)));
            })
        .toList();
  }

  /** Returns everything the law says in answer to a question. */
  public LawAllocation allocate(Question question) {
    double flops = question.budget();
    return new LawAllocation(
        trainOptimal(flops),
        question.inferenceTokens().stream()
            .mapToObj(served -> withInference(flops, served))
            .findAny(),
        question.uniqueTokens().stream()
            .mapToObj(unique -> withUniqueTokens(flops, unique))
            .findAny(),
        equalLoss(flops));
  }

  private static double lowestLoss(Law law, double flops) {
    return law.loss(law.optimalParams(flops), law.optimalTokens(flops));
  }

  private Estimate params(Function<Law, LnAllocation> solve) {
    return positive(law -> solve.apply(law).lnParams());
  }

  private Estimate tokens(Function<Law, LnAllocation> solve) {
    return positive(law -> solve.apply(law).lnTokens());
  }

  private Estimate positive(ToDoubleFunction<Law> lnQuantity) {
    return sample.estimate(lnQuantity).map(Math::exp);
  }

  /** Takes quantiles of the reciprocal, which is 0 where the quantity is infinite. */
  private Estimate maybeInfinite(ToDoubleFunction<Law> lnQuantity) {
    return sample.estimate(law -> Math.exp(-lnQuantity.applyAsDouble(law))).map(x -> 1 / x);
  }
}
