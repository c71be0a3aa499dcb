package org.isoflop.harness.analysis.design;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.isoflop.FrontierFit;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.stats.Fitted;
import org.isoflop.harness.analysis.stats.PowerLaw;
import org.isoflop.harness.analysis.stats.Quantiles;
import org.isoflop.harness.analysis.stats.Resampling;

/**
 * How sharp an exponent a design gives, found by running it many times on paper: losses drawn from
 * a law with noise, fitted as the measured ones will be.
 *
 * <p>A replicate draws from its own generator, so the result does not depend on the number of
 * threads. The noise is normal, relative to the loss and independent between runs, but for the part
 * that repeats of a cell share.
 */
public final class DesignSimulation {

  private final LossSurface surface;
  private final FrontierFit fit;
  private final Resampling settings;

  /**
   * Prepares to simulate.
   *
   * @param surface the truth
   * @param fit how the exponent will be found
   * @param settings seed and number of simulated sweeps
   */
  public DesignSimulation(LossSurface surface, FrontierFit fit, Resampling settings) {
    this.surface = surface;
    this.fit = fit;
    this.settings = settings;
  }

  /** Returns the precision of a design, its top the highest half of the budgets, or a refusal. */
  public Fitted<DesignPrecision> of(List<DesignCell> cells) {
    List<CurveDesign> usable = usable(cells);
    return of(cells, usable.isEmpty() ? 0 : FrontierDesign.topFrom(usable));
  }

  private List<CurveDesign> usable(List<DesignCell> cells) {
    return CurveDesign.of(surface, cells).stream().filter(CurveDesign::usable).toList();
  }

  /**
   * Returns the precision of a design, or why it gives no exponent.
   *
   * @param topFrom lower end of the top, FLOPs; it reaches further down where it would hold fewer
   *     than three budgets
   */
  public Fitted<DesignPrecision> of(List<DesignCell> cells, double topFrom) {
    List<CurveDesign> usable = usable(cells);
    if (usable.size() < FrontierFit.FEWEST_BUDGETS) {
      return Fitted.refused(
          String.format(
              "%d of the budgets have the %d sizes to both sides of the expected optimum that a"
                  + " curve needs, and exponents need %d such budgets.",
              usable.size(), FrontierFit.FEWEST_SIZES, FrontierFit.FEWEST_BUDGETS));
    }
    List<CurveDesign> top = new FrontierDesign(usable, topFrom).top();
    List<DesignCell> topCells = top.stream().flatMap(b -> b.cells().stream()).toList();
    double[] all = exponents(cells);
    double[] atTop = topCells.size() == cells.size() ? all : exponents(topCells);
    double kept = (double) Math.min(all.length, atTop.length) / settings.replicates();
    if (kept < FrontierFit.FEWEST_SHARE) {
      return Fitted.refused(
          Quantities.percent(1 - kept)
              + " of the simulated sweeps gave no exponent; the noise hides the optima.");
    }
    double truth =
        PowerLaw.fit(
                usable.stream().mapToDouble(CurveDesign::lnBudget).toArray(),
                usable.stream().mapToDouble(CurveDesign::lnOptimum).toArray())
            .exponent();
    return Fitted.of(
        new DesignPrecision(
            deviation(all), Quantiles.of(all, 50) - truth, deviation(atTop), 1 - kept));
  }

  /** Returns a of every replicate that has one. */
  private double[] exponents(List<DesignCell> cells) {
    return settings
        .draws(random -> fit.fit(draw(cells, random)).value())
        .flatMap(Optional::stream)
        .mapToDouble(found -> found.params().exponent())
        .filter(Double::isFinite)
        .toArray();
  }

  private List<LossPoint> draw(List<DesignCell> cells, SplittableRandom random) {
    double[] off = new double[cells.size()];
    for (int i = 0; i < off.length; i++) {
      off[i] = surface.noise().at(cells.get(i).budget()) * random.nextGaussian();
    }
    share(cells, off, random);
    return IntStream.range(0, off.length)
        .mapToObj(
            i -> {
              DesignCell cell = cells.get(i);
              double loss = surface.law().loss(cell.params(), cell.tokens());
              // Normal on the logarithm, so that no loss is negative however large the noise.
              return cell.measured(loss * Math.exp(off[i]), "run-" + i);
            })
        .toList();
  }

  /** Gives the runs of every repeated cell one draw of what they have in common. */
  private void share(List<DesignCell> cells, double[] off, SplittableRandom random) {
    Map<List<Double>, List<Integer>> repeats =
        IntStream.range(0, off.length)
            .boxed()
            .collect(
                Collectors.groupingBy(
                    i -> List.of(cells.get(i).budget(), cells.get(i).params()),
                    LinkedHashMap::new,
                    Collectors.toList()));
    RunNoise noise = surface.noise();
    for (List<Integer> runs : repeats.values()) {
      double budget = cells.get(runs.get(0)).budget();
      if (runs.size() > 1 && noise.ofCell(budget) > 0) {
        double common = noise.ofCell(budget) * random.nextGaussian();
        double own = noise.ofSeed(budget) / noise.at(budget);
        runs.forEach(i -> off[i] = own * off[i] + common);
      }
    }
  }

  private static double deviation(double[] values) {
    return (Quantiles.of(values, Quantiles.PLUS_ONE_SIGMA)
            - Quantiles.of(values, Quantiles.MINUS_ONE_SIGMA))
        / 2;
  }

  /**
   * How sharply a design shows the exponent a of N* ∝ C^a.
   *
   * @param standardError of a over all budgets: half the width of the middle 68% of the simulated
   * @param bias of a: the simulated median less the law's own slope over the same budgets
   * @param topStandardError of a at the top of the range, a line through the highest half of the
   *     budgets, at least three, unless asked for otherwise
   * @param refusedShare share of the simulated sweeps that gave no exponent, from 0 to 1
   */
  public record DesignPrecision(
      double standardError, double bias, double topStandardError, double refusedShare) {}
}
