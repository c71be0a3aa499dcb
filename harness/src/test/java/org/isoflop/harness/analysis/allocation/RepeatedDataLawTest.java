package org.isoflop.harness.analysis.allocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.isoflop.harness.analysis.allocation.IsoLoss.LnAllocation;
import org.isoflop.harness.analysis.law.Law;
import org.junit.jupiter.api.Test;

/** The data-constrained law against the values its authors print, and against brute force. */
final class RepeatedDataLawTest {

  /** Muennighoff et al. 2023 (arXiv 2305.16264), appendix A; ln E, ln A, ln B as released. */
  private static final Law C4 =
      new Law(Math.exp(0.6254804), Math.exp(6.255414), Math.exp(7.3049974), 0.3526596, 0.3526596);

  @Test
  void reproducesTheLossesOfTheAuthorsTwoModels() {
    // The models of figure 1, right, on 25B unique tokens, as the authors' repository prints them.
    RepeatedDataLaw law = new RepeatedDataLaw(C4, 25e9);

    assertThat(law.loss(6.34e9, 242e9)).isCloseTo(2.2256440889984477, within(1e-12));
    assertThat(law.loss(8.67e9, 178e9)).isCloseTo(2.2269634075087867, within(1e-12));
  }

  @Test
  void reproducesTheAllocationOfTheAuthors() {
    // Their grid search prints 227B tokens, 9.1 epochs, 6.8B parameters.
    LnAllocation at = new RepeatedDataLaw(C4, 25e9).optimum(6 * 8.67e9 * 178e9);

    assertThat(Math.exp(at.lnTokens())).isCloseTo(227e9, within(1e9));
    assertThat(Math.exp(at.lnTokens()) / 25e9).isCloseTo(9.1, within(0.05));
    assertThat(Math.exp(at.lnParams())).isCloseTo(6.8e9, within(0.05e9));
  }

  @Test
  void repetitionIsWorthLessAndLessAndAtMostRStarTimesTheUnique() {
    RepeatedDataLaw law = new RepeatedDataLaw(C4, 1e9);
    double decay = RepeatedDataLaw.TOKENS_DECAY;

    assertThat(law.effectiveTokens(0.7e9)).isEqualTo(0.7e9);
    assertThat(law.effectiveTokens(1e9)).isEqualTo(1e9);
    // Section 3.1: at R_D = R_D* repeated tokens are worth 1 − 1/e of fresh ones on average.
    double repeated = law.effectiveTokens(1e9 * (1 + decay)) - 1e9;
    assertThat(repeated / (1e9 * decay)).isCloseTo(1 - 1 / Math.E, within(1e-12));
    assertThat(law.effectiveTokens(1e20)).isCloseTo(1e9 * (1 + decay), within(1.0));
  }

  @Test
  void paramsCountInFullUpToThoseTheUniqueTokensCallFor() {
    double flops = 1e20;
    double params = C4.optimalParams(flops);
    double tokens = C4.optimalTokens(flops);
    RepeatedDataLaw law = new RepeatedDataLaw(C4, tokens);

    assertThat(law.effectiveParams(0.5 * params, 3 * tokens)).isEqualTo(0.5 * params);
    assertThat(law.effectiveParams(params, tokens)).isCloseTo(params, within(1e-9 * params));
    assertThat(law.effectiveParams(3 * params, tokens))
        .isGreaterThan(2.5 * params)
        .isLessThan(3 * params);
  }

  @Test
  void enoughUniqueTokensChangeNothing() {
    for (double more : new double[] {1.000001, 2, 1e6}) {
      double flops = 1e20;
      RepeatedDataLaw law = new RepeatedDataLaw(C4, more * C4.optimalTokens(flops));
      LnAllocation at = law.optimum(flops);

      assertThat(at).isEqualTo(new IsoLoss(C4, flops).optimum());
      assertThat(law.loss(Math.exp(at.lnParams()), Math.exp(at.lnTokens())))
          .isCloseTo(C4.loss(C4.optimalParams(flops), C4.optimalTokens(flops)), within(1e-13));
    }
  }

  @Test
  void noOtherSplitOfTheBudgetHasALowerLoss() {
    double flops = 1e22;
    for (double share : new double[] {0.9999999, 0.9, 0.5, 0.1, 0.01, 1e-3}) {
      RepeatedDataLaw law = new RepeatedDataLaw(C4, share * C4.optimalTokens(flops));
      LnAllocation at = law.optimum(flops);
      double found = law.loss(Math.exp(at.lnParams()), Math.exp(at.lnTokens()));
      double least = Double.POSITIVE_INFINITY;
      for (int i = -9000; i <= 9000; i++) {
        double params = C4.optimalParams(flops) * Math.exp(i / 1000.0);
        least = Math.min(least, law.loss(params, flops / 6 / params));
      }
      assertThat(found).isLessThanOrEqualTo(least + 1e-12).isCloseTo(least, within(1e-6));
      assertThat(at.lnFlops()).isCloseTo(Math.log(flops), within(1e-10));
    }
  }

  @Test
  void aSingleUniqueTokenStillHasAnAnswer() {
    LnAllocation at = new RepeatedDataLaw(C4, 1).optimum(1e40);

    assertThat(at.lnParams()).isFinite();
    assertThat(at.lnTokens()).isFinite();
  }

  @Test
  void aLimitMustBeAPositiveNumber() {
    assertThatThrownBy(() -> new RepeatedDataLaw(C4, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new RepeatedDataLaw(C4, Double.NaN))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
