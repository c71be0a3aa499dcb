package org.isoflop.harness.analysis.allocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.isoflop.harness.analysis.allocation.Allocation.Question;
import org.isoflop.harness.analysis.isoflop.EfficientFrontier;
import org.isoflop.harness.analysis.isoflop.EfficientFrontier.FrontierPoint;
import org.isoflop.harness.analysis.law.Law;
import org.isoflop.harness.analysis.law.LawSample;
import org.isoflop.harness.analysis.stats.Fitted;
import org.junit.jupiter.api.Test;

/** Answers out of optima and law together, and how they read. */
final class AllocatorTest {

  private static final Fitted<EfficientFrontier> FRONTIER =
      Fitted.of(Laws.frontier(Laws.CHINCHILLA));
  private static final Fitted<LawSample> LAW = Fitted.of(Laws.sample(Laws.CHINCHILLA, 0.01, 100));
  private static final Fitted<EfficientFrontier> NO_FRONTIER = Fitted.refused("No optima.");
  private static final Fitted<LawSample> NO_LAW = Fitted.refused("No law.");

  private static Allocator allocator(Fitted<EfficientFrontier> frontier, Fitted<LawSample> law) {
    return Allocator.of(Laws.points(Laws.CHINCHILLA), frontier, law, Optional.empty(), List.of())
        .value()
        .orElseThrow();
  }

  private static List<String> lines(Allocation allocation) {
    return Stream.concat(
            AllocationText.answer(allocation).stream(), AllocationText.details(allocation).stream())
        .toList();
  }

  private static String text(Allocation allocation) {
    return String.join("\n", lines(allocation));
  }

  @Test
  void saysHowFarBeyondTheMeasuredBudgetsTheAnswerLies() {
    List<Allocation> found = allocator(FRONTIER, LAW).allocate(List.of(1e17, 1e19, 1.05e20, 2e21));

    assertThat(found.get(0).decadesBeyond()).isCloseTo(-1, within(1e-9));
    assertThat(found.get(1).decadesBeyond()).isZero();
    assertThat(found.get(3).decadesBeyond()).isCloseTo(1.3, within(0.01));
    assertThat(text(found.get(0))).startsWith("1e17 FLOPs, 1.0 decades below the measured budgets");
    assertThat(text(found.get(1))).startsWith("1e19 FLOPs, inside the measured range: N* ");
    assertThat(text(found.get(2))).startsWith("1.05e20 FLOPs, at the edge of the measured range");
    assertThat(text(found.get(3)))
        .startsWith("2e21 FLOPs, 1.3 decades beyond the measured budgets");
    assertThat(found.get(1).cautions()).isEmpty();
    assertThat(found.get(3).cautions())
        .singleElement()
        .asString()
        .contains("This budget extrapolates by 1.3 decades");
  }

  @Test
  void theOptimaAnswerFirstAndTheLawBesideThem() {
    Law other = new Law(1.8, 482, 4500, 0.3478, 0.3658);
    Allocation found =
        allocator(FRONTIER, Fitted.of(Laws.sample(other, 1e-4, 100))).allocate(Question.of(1e19));

    assertThat(found.trainOptimal().params().value())
        .isEqualTo(Laws.CHINCHILLA.optimalParams(1e19));
    assertThat(found.law().value().orElseThrow().trainOptimal().params().value())
        .isCloseTo(other.optimalParams(1e19), within(1.0));
    assertThat(found.cautions())
        .singleElement()
        .asString()
        .startsWith(
            "At the same 6ND the optima and the law disagree by more than their intervals: N* ")
        .contains("D* ", "L* ");
  }

  @Test
  void eitherFitAnswersWithoutTheOther() {
    Allocation byLaw = allocator(NO_FRONTIER, LAW).allocate(Question.of(1e19));
    Allocation byOptima = allocator(FRONTIER, NO_LAW).allocate(Question.of(1e19));
    Fitted<Allocator> neither =
        Allocator.of(
            Laws.points(Laws.CHINCHILLA), NO_FRONTIER, NO_LAW, Optional.empty(), List.of());

    assertThat(byLaw.trainOptimal()).isEqualTo(byLaw.law().value().orElseThrow().trainOptimal());
    assertThat(byLaw.cautions()).singleElement().asString().endsWith("No optima.");
    assertThat(byOptima.law().refused()).contains("No law.");
    assertThat(byOptima.cautions()).singleElement().asString().endsWith("No law.");
    assertThat(text(byOptima)).contains("N* ").doesNotContain("by the law, ");
    assertThat(neither.refused()).contains("No optima. No law.");
  }

  @Test
  void budgetsThatAreNotSixNdAreSaid() {
    EfficientFrontier exact = new OtherFlops(Laws.frontier(Laws.CHINCHILLA), 1.5);
    Allocation found = allocator(Fitted.of(exact), LAW).allocate(Question.of(1e19));

    // The law and these optima are one and the same, so they must not be said to disagree.
    assertThat(found.cautions())
        .singleElement()
        .asString()
        .startsWith("6ND of the optimum is 0.67 of the budget");
  }

  /** A frontier whose budgets count more FLOPs than 6ND. */
  private record OtherFlops(EfficientFrontier sixNd, double factor) implements EfficientFrontier {
    @Override
    public FrontierPoint at(double budget) {
      FrontierPoint found = sixNd.at(budget / factor);
      return new FrontierPoint(
          budget, found.params(), found.tokens(), found.loss(), found.exponents(), 0);
    }

    @Override
    public double lowest() {
      return sixNd.lowest();
    }

    @Override
    public double highest() {
      return sixNd.highest();
    }
  }

  @Test
  void longTrainingToServeIsFlagged() {
    Allocation found =
        allocator(FRONTIER, LAW)
            .allocate(new Question(1e19, OptionalDouble.of(1e15), OptionalDouble.empty()));

    assertThat(found.cautions()).anyMatch(caution -> caution.contains("tokens per param"));
    assertThat(found.law().value().orElseThrow().inference().orElseThrow().decadesBeyond())
        .isPositive();
  }

  @Test
  void theScreenIsNeverWiderThanAHundredColumns() {
    Allocator allocator = allocator(FRONTIER, Fitted.of(Laws.sample(Laws.CHINCHILLA, 0.1, 100)));
    for (double budget : new double[] {1, 3.16e19, 1.23 * 1e22, 9.99 * 1e30, 1e40}) {
      Allocation found =
          allocator.allocate(
              new Question(budget, OptionalDouble.of(9.99e13), OptionalDouble.of(123e9)));
      assertThat(lines(found)).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(100));
    }
    assertThat(AllocationText.footnotes(allocator, Optional.empty(), true))
        .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(100))
        .first()
        .isEqualTo(
            "The law is L = 1.82 + 482/N^0.348 + 2090/D^0.366, and compute by it is C = 6ND.");
  }

  @Test
  void theScreenSaysEveryAnswer() {
    Allocation found =
        allocator(FRONTIER, LAW)
            .allocate(new Question(1e21, OptionalDouble.of(5e12), OptionalDouble.of(2e9)));

    assertThat(text(found))
        .contains("1e21 FLOPs, 1.0 decades beyond the measured budgets: N* 2.78B [2.5B, 3.06B], D*")
        .contains("train-optimal ")
        .contains("serving 5T ")
        .contains(" of the FLOPs of N*: ")
        .contains("2B unique ")
        .contains("caution: D* is of fresh tokens, and ")
        .contains(" epochs; the limit costs ")
        .contains("1/4 of N* ")
        .contains("4 N* ");
  }

  @Test
  void jsonHoldsTheSameNumbersAndNullForTheInfinite() {
    Allocation found =
        allocator(FRONTIER, LAW)
            .allocate(new Question(1e21, OptionalDouble.of(5e12), OptionalDouble.of(2e9)));
    Allocation steep =
        allocator(FRONTIER, Fitted.of(Laws.sample(new Law(1, 400, 4000, 0.9, 0.9), 0.01, 100)))
            .allocate(Question.of(1e21));

    JsonNode json = AllocationJson.of(found).tree();
    assertThat(json.path("budget").doubleValue()).isEqualTo(1e21);
    assertThat(json.path("decades_beyond").doubleValue()).isCloseTo(1, within(1e-9));
    assertThat(json.path("by").textValue()).isEqualTo("optima");
    assertThat(json.path("params").doubleValue()).isEqualTo(found.trainOptimal().params().value());
    assertThat(json.path("params_interval").get(1).doubleValue())
        .isEqualTo(found.trainOptimal().params().interval().high());
    assertThat(json.at("/law/inference/share_of_train_optimal").doubleValue()).isBetween(0.0, 1.0);
    assertThat(json.at("/law/unique_tokens/epochs").doubleValue()).isGreaterThan(1);
    assertThat(json.at("/law/equal_loss")).hasSize(4);
    JsonNode never = AllocationJson.of(steep).tree().at("/law/equal_loss/0");
    assertThat(never.path("reachable").booleanValue()).isFalse();
    assertThat(never.path("compute_factor").isNull()).isTrue();
    assertThat(never.path("compute_factor_interval").get(1).isNull()).isTrue();
  }
}
