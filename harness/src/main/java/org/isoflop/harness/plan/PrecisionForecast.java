package org.isoflop.harness.plan;

import static org.isoflop.harness.Quantities.exponent;
import static org.isoflop.harness.Quantities.format;
import static org.isoflop.harness.Quantities.percent;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.isoflop.harness.Cache;
import org.isoflop.harness.analysis.design.DesignCell;
import org.isoflop.harness.analysis.design.DesignSimulation;
import org.isoflop.harness.analysis.design.DesignSimulation.DesignPrecision;
import org.isoflop.harness.analysis.design.RunNoise;
import org.isoflop.harness.analysis.isoflop.FrontierFit;
import org.isoflop.harness.analysis.stats.Fitted;
import org.isoflop.harness.analysis.stats.Resampling;
import org.isoflop.harness.config.SweepConfig;

/**
 * How sharp an exponent a plan will give, simulated before it is run.
 *
 * @param precision what the simulation says, or why it says nothing
 * @param once the same of the first seeds alone; empty where there are no others, or nothing to say
 * @param simulated how many sweeps were drawn
 * @param noise of a run's loss
 * @param noiseWords the same, said of the plan's budgets
 * @param surface whose loss surface they were drawn from
 */
public record PrecisionForecast(
    Fitted<DesignPrecision> precision,
    Optional<DesignPrecision> once,
    int simulated,
    RunNoise noise,
    String noiseWords,
    String surface) {

  /** Enough for a standard error to about 6%, and quick. */
  private static final Resampling SETTINGS = new Resampling(1, 200);

  private static final JsonMapper JSON = new JsonMapper();
  private static final String ASKED = "asked";
  private static final String PRECISION = "precision";
  private static final String REFUSED = "refused";

  /** Rarer refusals than this are not worth a word. */
  private static final double FEW_REFUSED = 0.02;

  /**
   * Simulates a plan on its {@link ExpectedSurface}, and once more without its repeats.
   *
   * @param data what the losses will be taken over
   * @param fit how the exponent is found in every simulated sweep; one of its class finds the same
   * @param cache remembers what the simulation of this sweep said
   */
  public static PrecisionForecast of(
      SweepConfig config, Plan plan, DataFacts data, FrontierFit fit, Cache cache) {
    List<JobForecast> repeats = plan.repeats();
    List<JobForecast> points = new ArrayList<>(plan.points());
    points.removeAll(repeats);
    List<DesignCell> once = cells(points);
    // Repeats last: with them and without, the first seeds draw the same noise.
    points.addAll(repeats);
    List<DesignCell> cells = cells(points);
    ExpectedSurface surface = ExpectedSurface.of(config, data, cells);
    DesignSimulation simulation =
        new DesignSimulation(surface.law(), surface.noise(), fit, SETTINGS);
    String asked =
        List.of(surface.law(), surface.noise(), fit.getClass().getName(), SETTINGS).toString();
    Remembered remembered = new Remembered(cache, "precision-" + config.name(), asked);
    Fitted<DesignPrecision> found = remembered.of("", cells, simulation);
    double[] budgets = cells.stream().mapToDouble(DesignCell::budget).sorted().toArray();
    return new PrecisionForecast(
        found,
        repeats.isEmpty() ? Optional.empty() : remembered.of("-once", once, simulation).value(),
        SETTINGS.replicates(),
        surface.noise(),
        surface.noise().words(budgets[0], budgets[budgets.length - 1]),
        surface.words());
  }

  private static List<DesignCell> cells(List<JobForecast> points) {
    return points.stream().map(forecast -> TrainableCells.cell(forecast.job())).toList();
  }

  /** What simulations of a sweep said, in the user's cache. */
  private record Remembered(Cache cache, String name, String of) {

    Fitted<DesignPrecision> of(String which, List<DesignCell> cells, DesignSimulation simulation) {
      String file = name + which + ".json";
      String asked = of + cells;
      Optional<Fitted<DesignPrecision>> known = recall(cache, file, asked);
      Fitted<DesignPrecision> found = known.isPresent() ? known.get() : simulation.of(cells);
      if (known.isEmpty()) {
        remember(cache, file, asked, found);
      }
      return found;
    }
  }

  private static Optional<Fitted<DesignPrecision>> recall(Cache cache, String file, String asked) {
    return cache
        .read(file)
        .filter(kept -> kept.path(ASKED).asText().equals(asked))
        .map(
            kept ->
                kept.has(REFUSED)
                    ? Fitted.refused(kept.get(REFUSED).asText())
                    : Fitted.of(JSON.convertValue(kept.get(PRECISION), DesignPrecision.class)));
  }

  private static void remember(
      Cache cache, String file, String asked, Fitted<DesignPrecision> found) {
    ObjectNode kept = JSON.createObjectNode().put(ASKED, asked);
    found.refused().ifPresent(reason -> kept.put(REFUSED, reason));
    found.value().ifPresent(value -> kept.set(PRECISION, JSON.valueToTree(value)));
    cache.write(file, kept);
  }

  /** Returns the forecast as one line, without its full stop. */
  public String sentence() {
    if (precision.value().isEmpty()) {
      return "no exponents: " + precision.refused().orElseThrow();
    }
    DesignPrecision found = precision.value().orElseThrow();
    return format(
        "standard error of a about %s%s%s (simulated: %d sweeps of this grid, noise %s, %s%s)",
        exponent(found.standardError()),
        once.map(less -> ", without the repeats " + exponent(less.standardError())).orElse(""),
        found.topStandardError() == found.standardError()
            ? ""
            : ", of the top local exponent " + exponent(found.topStandardError()),
        simulated,
        noiseWords,
        surface,
        found.refusedShare() > FEW_REFUSED
            ? "; " + percent(found.refusedShare()) + " gave no exponent"
            : "");
  }
}
