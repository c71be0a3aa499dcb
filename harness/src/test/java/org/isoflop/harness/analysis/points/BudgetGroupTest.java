package org.isoflop.harness.analysis.points;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.isoflop.harness.analysis.Surfaces;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which points share a budget. */
final class BudgetGroupTest {

  private static List<BudgetGroup> group(double... budgets) {
    return BudgetGroup.of(
        DoubleStream.of(budgets).mapToObj(c -> Surfaces.point(c, 1e6, 1e8, 3)).toList());
  }

  @Test
  void equalBudgetsKeepTheirValueToTheLastDigit() {
    assertThat(group(3e18, 1e18, 3e18, 1e18))
        .extracting(BudgetGroup::flops)
        .containsExactly(1e18, 3e18);
  }

  @Test
  void budgetsWithinAPercentAreOneAtTheirGeometricMean() {
    List<BudgetGroup> groups = group(0.99e18, 1.0e18, 1.01e18, 2e18);
    assertThat(groups).hasSize(2);
    assertThat(groups.get(0).flops()).isCloseTo(1e18 * Math.cbrt(0.99 * 1.01), within(1e6));
  }

  @Test
  void budgetsAThirdApartThatRoundToOneDigitStayApart() {
    assertThat(group(0.96e18, 1.44e18, 1.04e18)).hasSize(3);
  }

  @Test
  void aLongChainIsSplitAtItsWidestGap() {
    assertThat(group(1.00, 1.015, 1.03, 1.0495, 1.065, 1.08))
        .extracting(g -> g.points().size())
        .containsExactly(3, 3);
  }

  @Property(tries = 500)
  void cutsWhereSplittingAtTheWidestGapAgainAndAgainCuts(
      @ForAll @Size(min = 1, max = 60) List<@IntRange(min = 0, max = 400) Integer> steps) {
    List<Double> budgets =
        steps.stream().map(step -> 1e15 * Math.exp(step / 400.0)).sorted().toList();
    List<Integer> expected = new ArrayList<>();
    split(budgets, expected);
    double[] given = budgets.stream().mapToDouble(Double::doubleValue).toArray();
    assertThat(group(given)).extracting(g -> g.points().size()).isEqualTo(expected);
  }

  /** The definition itself, quadratic and recursive. */
  private static void split(List<Double> sorted, List<Integer> sizes) {
    int widest = 0;
    double gap = 0;
    for (int i = 1; i < sorted.size(); i++) {
      double here = Math.log(sorted.get(i) / sorted.get(i - 1));
      if (here > gap) {
        widest = i;
        gap = here;
      }
    }
    double spread = Math.log(sorted.get(sorted.size() - 1) / sorted.get(0));
    if (spread <= BudgetGroup.LARGEST_SPREAD && gap <= BudgetGroup.LARGEST_GAP) {
      sizes.add(sorted.size());
    } else {
      split(sorted.subList(0, widest), sizes);
      split(sorted.subList(widest, sorted.size()), sizes);
    }
  }

  /** Gaps that shrink from budget to budget cut one off at a time: the deepest recursion. */
  @Test
  @Timeout(5)
  void aHundredThousandDifferentBudgetsAreGroupedInTheTimeOfSortingThem() {
    double[] budgets = new double[100_000];
    for (int i = 0; i < budgets.length; i++) {
      budgets[i] = 1e18 * Math.exp(100 * Math.log1p(i / 1e5));
    }
    List<BudgetGroup> groups = group(budgets);
    assertThat(groups).hasSizeGreaterThan(1000);
    assertThat(groups)
        .allSatisfy(
            g ->
                assertThat(g.points().get(g.points().size() - 1).budget() / g.flops())
                    .isLessThan(1.05));
  }

  @Test
  void noPointsAreNoGroups() {
    assertThat(group()).isEmpty();
  }

  @Test
  void aThousandDifferentBudgetsAreAThousandGroups() {
    double[] budgets = Surfaces.budgets(1e15, 1.03, 1000);
    assertThat(group(budgets)).hasSize(1000);
  }
}
