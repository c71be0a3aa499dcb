package org.isoflop.harness.analysis.allocation;

import java.util.List;
import java.util.Optional;
import org.isoflop.harness.BitsPerByte;
import org.isoflop.harness.analysis.allocation.Allocation.Question;
import org.isoflop.harness.analysis.allocation.LawAllocation.TrainOptimal;
import org.isoflop.harness.analysis.isoflop.EfficientFrontier;
import org.isoflop.harness.analysis.isoflop.EfficientFrontier.FrontierPoint;
import org.isoflop.harness.analysis.law.LawSample;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.stats.Fitted;

/**
 * Answers how a budget should be divided. The train-optimal allocation comes from the line through
 * the measured optima, which needs no form of the loss; all that asks for the loss away from the
 * optima comes from the parametric law; and where the two contradict each other, the answer says
 * so. At least one of the two answers.
 *
 * @param measured what the points cover
 * @param frontier the line through the optima
 * @param law the answers of the law alone
 * @param lackOfFit why the law does not fit the points, if it does not
 * @param bits what losses come to in bits per byte, where their tokens are not bytes
 * @param warnings what to doubt about the points that all answers rest on, what matters most first
 */
public record Allocator(
    MeasuredRange measured,
    Fitted<EfficientFrontier> frontier,
    Fitted<LawAllocator> law,
    Optional<String> lackOfFit,
    Optional<BitsPerByte> bits,
    List<String> warnings) {

  /** Copies the list. */
  public Allocator {
    warnings = List.copyOf(warnings);
  }

  /**
   * Prepares to answer, by whichever of the two fits there is.
   *
   * @param points that were fitted, at least one
   * @param lackOfFit why the law does not fit them, if it does not: the first caution of every
   *     answer by it
   * @param warnings of the points themselves, which concern every answer
   */
  public static Fitted<Allocator> of(
      List<LossPoint> points,
      Fitted<EfficientFrontier> frontier,
      Fitted<LawSample> sample,
      Optional<String> lackOfFit,
      List<String> warnings) {
    MeasuredRange measured = MeasuredRange.of(points, frontier.value());
    Fitted<LawAllocator> law = sample.flatMap(found -> LawAllocator.of(found, measured));
    if (frontier.value().isEmpty() && law.value().isEmpty()) {
      return Fitted.refused(frontier.refused().orElseThrow() + " " + law.refused().orElseThrow());
    }
    return Fitted.of(
        new Allocator(measured, frontier, law, lackOfFit, LossPoint.bits(points), warnings));
  }

  /** Returns everything the fits say in answer to a question. */
  public Allocation allocate(Question question) {
    Fitted<FrontierPoint> byOptima = frontier.map(found -> found.at(question.budget()));
    Fitted<LawAllocation> byLaw = law.map(found -> found.allocate(question));
    double decadesBeyond = measured.decadesBeyond(question.budget());
    return new Allocation(
        question,
        decadesBeyond,
        byOptima,
        byLaw,
        bits,
        Cautions.of(
            question,
            measured,
            decadesBeyond,
            byOptima,
            byLaw,
            lawAtSame6nd(byOptima),
            lackOfFit,
            bits));
  }

  private Optional<TrainOptimal> lawAtSame6nd(Fitted<FrontierPoint> byOptima) {
    return byOptima
        .value()
        .flatMap(
            optimum ->
                law.value()
                    .map(
                        found ->
                            found.trainOptimal(
                                6 * optimum.params().value() * optimum.tokens().value())));
  }

  /** Returns one answer a budget, in order, of the budgets alone. */
  public List<Allocation> allocate(List<Double> budgets) {
    return budgets.stream().map(Question::of).map(this::allocate).toList();
  }
}
