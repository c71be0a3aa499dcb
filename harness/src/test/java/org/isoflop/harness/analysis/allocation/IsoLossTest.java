package org.isoflop.harness.analysis.allocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.isoflop.harness.analysis.allocation.IsoLoss.LnAllocation;
import org.isoflop.harness.analysis.law.Law;
import org.junit.jupiter.api.Test;

/** Allocations of equal loss against printed values, closed forms and brute force. */
final class IsoLossTest {

  /** Hoffmann et al. 2022 (arXiv 2203.15556), appendix D.3, as Sardana et al. 2024 use it. */
  private static final Law HOFFMANN = new Law(1.69, 406.4, 410.7, 0.336, 0.283);

  private static final Law SYMMETRIC = new Law(1.5, 300, 300, 0.3, 0.3);

  private static double compute(LnAllocation at) {
    return Math.exp(at.lnFlops());
  }

  /** Returns the C at which this many params are train-optimal. */
  private static double budgetOf(Law law, double params) {
    return Math.pow(params / law.optimalParams(1), 1 / law.paramsExponent());
  }

  @Test
  void aModelOf13BillionThatServesTwoTrillionTokensBecomesOneOfSeven() {
    // Sardana et al. 2024 (arXiv 2401.00448), figure 1: 7B in place of 13B saves 1.7e22 FLOPs, 17%.
    double flops = budgetOf(HOFFMANN, 13e9);
    LnAllocation optimum = new IsoLoss(HOFFMANN, flops).optimum();
    LnAllocation served = new IsoLoss(HOFFMANN, flops).cheapestToServe(2e12);

    double before = compute(optimum) + 2 * 13e9 * 2e12;
    double after = compute(served) + 2 * Math.exp(served.lnParams()) * 2e12;

    assertThat(Math.exp(served.lnParams())).isCloseTo(7e9, within(0.5e9));
    assertThat(before - after).isCloseTo(1.7e22, within(0.1e22));
    assertThat(1 - after / before).isCloseTo(0.17, within(0.01));
  }

  @Test
  void halfTheParamsCostAFifthMoreComputeAndThirtyPerCentTwiceIt() {
    // De Vries 2023, "Go smol or go home": 20% at half the size, 188% at a quarter.
    double flops = 1e22;
    IsoLoss curve = new IsoLoss(HOFFMANN, flops);

    assertThat(compute(curve.ofSize(0.5)) / flops).isCloseTo(1.20, within(0.015));
    assertThat(compute(curve.ofSize(0.3)) / flops).isCloseTo(2.0, within(0.06));
    assertThat(compute(curve.ofSize(0.25)) / flops).isCloseTo(2.88, within(0.03));
  }

  @Test
  void ofASymmetricLawEqualLossHasAClosedForm() {
    // A/N^α + A/D^α = 2·A/N*^α gives (C/C*)^−α = 1 − (1 − k^−α)².
    IsoLoss curve = new IsoLoss(SYMMETRIC, 6e18);
    for (double size : new double[] {0.2, 0.5, 0.9, 1, 1.5, 4, 100}) {
      double expected = Math.pow(1 - Math.pow(1 - Math.pow(size, -0.3), 2), -1 / 0.3);
      assertThat(compute(curve.ofSize(size)) / 6e18).isCloseTo(expected, within(1e-9 * expected));
    }
  }

  @Test
  void tooFewParamsNeverReachTheLoss() {
    // Of a symmetric law half of what is above E is the params': k^−α = 2 takes it all.
    double smallest = Math.pow(2, -1 / 0.3);
    IsoLoss curve = new IsoLoss(SYMMETRIC, 6e18);

    assertThat(curve.ofSize(1.01 * smallest).lnTokens()).isFinite();
    assertThat(curve.ofSize(0.99 * smallest).lnTokens()).isEqualTo(Double.POSITIVE_INFINITY);
  }

  @Test
  void everySplitReachesTheLossOfTheOptimum() {
    IsoLoss curve = new IsoLoss(HOFFMANN, 1e21);
    double target = loss(curve.optimum());
    for (double tokens : new double[] {1e6, 1e10, 1e12, 1e15, 1e20}) {
      assertThat(loss(curve.cheapestToServe(tokens))).isCloseTo(target, within(1e-12));
    }
    for (double size : new double[] {0.4, 0.9, 3, 50}) {
      assertThat(loss(curve.ofSize(size))).isCloseTo(target, within(1e-12));
    }
  }

  private static double loss(LnAllocation at) {
    return HOFFMANN.loss(Math.exp(at.lnParams()), Math.exp(at.lnTokens()));
  }

  @Test
  void noOtherSizeIsCheaperToTrainAndServe() {
    IsoLoss curve = new IsoLoss(HOFFMANN, 1e21);
    for (double tokens : new double[] {1e9, 1e11, 1e13, 1e16}) {
      double best = total(curve.cheapestToServe(tokens), tokens);
      double least = Double.POSITIVE_INFINITY;
      for (int i = -4000; i <= 0; i++) {
        least = Math.min(least, total(curve.ofSize(Math.exp(i / 1000.0)), tokens));
      }
      assertThat(best)
          .isLessThanOrEqualTo(least * (1 + 1e-12))
          .isCloseTo(least, within(1e-5 * least));
    }
  }

  private static double total(LnAllocation at, double served) {
    return compute(at) + 2 * Math.exp(at.lnParams()) * served;
  }

  @Test
  void nothingToServeChangesNothing() {
    IsoLoss curve = new IsoLoss(HOFFMANN, 1e21);
    assertThat(curve.cheapestToServe(0)).isEqualTo(curve.optimum());
    assertThat(curve.cheapestToServe(1e-9).lnParams())
        .isCloseTo(curve.optimum().lnParams(), within(1e-12));
  }

  @Test
  void aLawOfOneTermHasNoOptimum() {
    assertThat(IsoLoss.hasOptimum(HOFFMANN, 1e20)).isTrue();
    assertThat(IsoLoss.hasOptimum(new Law(1, 0, 400, 0.3, 0.3), 1e20)).isFalse();
    assertThat(IsoLoss.hasOptimum(new Law(1, 400, 0, 0.3, 0.3), 1e20)).isFalse();
    assertThat(IsoLoss.hasOptimum(new Law(1, 400, 1e-300, 0.3, 0.1), 1e20)).isFalse();
  }
}
