package org.isoflop.harness.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

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

  @Test
  void aThousandDifferentBudgetsAreAThousandGroups() {
    double[] budgets = Surfaces.budgets(1e15, 1.03, 1000);
    assertThat(group(budgets)).hasSize(1000);
  }
}
