package org.isoflop.harness.analysis.design;

import java.util.Comparator;
import java.util.List;
import org.isoflop.harness.analysis.law.Law;

/**
 * The law to plan with while nothing is known: Chinchilla's, moved to where the grid expects its
 * optimum.
 *
 * <p>The law as published has its optimum elsewhere at small budgets, and losses of tens of nats
 * there. So N and D are rescaled: the optimum of the grid's middle budget gets the loss terms that
 * Chinchilla's optimum has at 1e19 FLOPs, inside its own data. Its loss curves are then as bent as
 * those of published sets (half the second derivative of ln L by ln N is 0.021 there; 0.015 to
 * 0.022 in the eight budgets of Llama 3's, arXiv 2407.21783, Figure 2). The unit of the loss does
 * not matter, because the noise is relative.
 */
public final class ChinchillaPrior {

  /** The re-fit of Besiroglu et al. 2024 (arXiv 2404.10102), Table 1. */
  public static final Law PUBLISHED = new Law(1.8172, 482.01, 2085.43, 0.3478, 0.3658);

  /**
   * Noise of a run's loss where no earlier sweep tells: 1%. On this surface it gives the optimum of
   * a budget with 7 sizes over a factor 16 a standard deviation of 0.07 to 0.13 in ln N* over two
   * decades about the middle, as the scatter of 0.11 about a line in a large public set of IsoFLOP
   * curves. Single runs vary by less (0.2% about the curves of Llama 3's Figure 2), but optima
   * scatter for other reasons too, which a forecast from single runs would leave out.
   */
  public static final double NOISE = 0.01;

  private static final double REFERENCE_FLOPS = 1e19;

  private ChinchillaPrior() {}

  /** Returns the law with its optimum at the centre of the middle budget's cells; at least one. */
  public static Law centredOn(List<DesignCell> cells) {
    List<Double> budgets = cells.stream().map(DesignCell::budget).distinct().sorted().toList();
    double middle = budgets.get(budgets.size() / 2);
    List<DesignCell> there =
        cells.stream()
            .filter(cell -> cell.budget() == middle)
            .sorted(Comparator.comparingDouble(DesignCell::params))
            .toList();
    DesignCell least = there.get(0);
    DesignCell most = there.get(there.size() - 1);
    return centredOn(
        Math.sqrt(least.params() * most.params()), Math.sqrt(least.tokens() * most.tokens()));
  }

  /**
   * Returns the law with its optimum there.
   *
   * @param params N*, parameters
   * @param tokens D*, training tokens
   */
  static Law centredOn(double params, double tokens) {
    double ofParams = params / PUBLISHED.optimalParams(REFERENCE_FLOPS);
    double ofTokens = tokens / PUBLISHED.optimalTokens(REFERENCE_FLOPS);
    return new Law(
        PUBLISHED.e(),
        PUBLISHED.a() * Math.pow(ofParams, PUBLISHED.alpha()),
        PUBLISHED.b() * Math.pow(ofTokens, PUBLISHED.beta()),
        PUBLISHED.alpha(),
        PUBLISHED.beta());
  }
}
