package org.isoflop.harness.analysis.allocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import org.isoflop.harness.analysis.allocation.IsoLoss.LnAllocation;
import org.isoflop.harness.analysis.law.Law;

/** What must hold of any law at any budget. */
final class AllocationPropertiesTest {

  private static final double ROUNDING = 1e-9;

  @Provide
  Arbitrary<Law> laws() {
    Arbitrary<Double> exponents = Arbitraries.doubles().between(0.1, 1);
    Arbitrary<Double> coefficients = Arbitraries.doubles().between(0, 10).map(Math::exp);
    return Combinators.combine(
            Arbitraries.doubles().between(0, 3), coefficients, coefficients, exponents, exponents)
        .as(Law::new);
  }

  private static double loss(Law law, LnAllocation at) {
    return law.loss(Math.exp(at.lnParams()), Math.exp(at.lnTokens()));
  }

  private static double lnTotal(LnAllocation at, double served) {
    return at.lnFlops() + Math.log1p(served / 3 * Math.exp(-at.lnTokens()));
  }

  @Property(tries = 300)
  void moreComputeTrainsMoreParamsOnMoreTokensToALowerLoss(
      @ForAll("laws") Law law,
      @ForAll @DoubleRange(min = 10, max = 25) double decades,
      @ForAll @DoubleRange(min = 0.01, max = 3) double more) {
    LnAllocation less = new IsoLoss(law, Math.pow(10, decades)).optimum();
    LnAllocation larger = new IsoLoss(law, Math.pow(10, decades + more)).optimum();

    assertThat(larger.lnParams()).isGreaterThan(less.lnParams());
    assertThat(larger.lnTokens()).isGreaterThan(less.lnTokens());
    assertThat(loss(law, larger)).isLessThanOrEqualTo(loss(law, less));
  }

  @Property(tries = 300)
  void servingMoreNeverWantsMoreParamsAndNeverCostsMoreThanTheOptimum(
      @ForAll("laws") Law law,
      @ForAll @DoubleRange(min = 10, max = 25) double decades,
      @ForAll @DoubleRange(min = 0, max = 18) double servedDecades,
      @ForAll @DoubleRange(min = 0.1, max = 3) double more) {
    IsoLoss curve = new IsoLoss(law, Math.pow(10, decades));
    double served = Math.pow(10, servedDecades);
    double servedMore = Math.pow(10, servedDecades + more);
    LnAllocation few = curve.cheapestToServe(served);
    LnAllocation many = curve.cheapestToServe(servedMore);

    assertThat(few.lnParams()).isLessThanOrEqualTo(curve.optimum().lnParams());
    assertThat(few.lnTokens()).isGreaterThanOrEqualTo(curve.optimum().lnTokens());
    assertThat(many.lnParams()).isLessThanOrEqualTo(few.lnParams() + ROUNDING);
    assertThat(many.lnTokens()).isGreaterThanOrEqualTo(few.lnTokens() - ROUNDING);
    assertThat(lnTotal(few, served))
        .isLessThanOrEqualTo(lnTotal(curve.optimum(), served) + ROUNDING);
  }

  @Property(tries = 300)
  void moreUniqueTokensNeverHurt(
      @ForAll("laws") Law law,
      @ForAll @DoubleRange(min = 12, max = 25) double decades,
      @ForAll @DoubleRange(min = -6, max = 1) double unique,
      @ForAll @DoubleRange(min = 0.01, max = 3) double more) {
    double flops = Math.pow(10, decades);
    double tokens = law.optimalTokens(flops) * Math.pow(10, unique);
    double scarce = repeatedLoss(new RepeatedDataLaw(law, tokens), flops);
    double plenty = repeatedLoss(new RepeatedDataLaw(law, tokens * Math.pow(10, more)), flops);
    double unlimited = loss(law, new IsoLoss(law, flops).optimum());

    assertThat(plenty).isLessThanOrEqualTo(scarce * (1 + ROUNDING));
    assertThat(plenty).isGreaterThanOrEqualTo(unlimited * (1 - ROUNDING));
  }

  private static double repeatedLoss(RepeatedDataLaw law, double flops) {
    LnAllocation at = law.optimum(flops);
    assertThat(at.lnFlops()).isCloseTo(Math.log(flops), within(ROUNDING));
    return law.loss(Math.exp(at.lnParams()), Math.exp(at.lnTokens()));
  }

  @Property(tries = 300)
  void otherSizesCostMoreTheFurtherTheyAreFromTheOptimum(
      @ForAll("laws") Law law,
      @ForAll @DoubleRange(min = 10, max = 25) double decades,
      @ForAll @DoubleRange(min = 0.02, max = 4) double distance,
      @ForAll @DoubleRange(min = 0.02, max = 2) double further) {
    IsoLoss curve = new IsoLoss(law, Math.pow(10, decades));
    for (int side : new int[] {-1, 1}) {
      double near = curve.ofSize(Math.exp(side * distance)).lnFlops();
      double far = curve.ofSize(Math.exp(side * (distance + further))).lnFlops();

      assertThat(near).isGreaterThan(curve.optimum().lnFlops());
      assertThat(far).isGreaterThanOrEqualTo(near);
    }
  }
}
