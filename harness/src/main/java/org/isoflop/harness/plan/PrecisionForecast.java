package org.isoflop.harness.plan;

import static org.isoflop.harness.Quantities.exponent;
import static org.isoflop.harness.Quantities.format;
import static org.isoflop.harness.Quantities.percent;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
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

  private static final JsonMapper JSON = JsonMapper.builder().addModule(new Jdk8Module()).build();

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
    ExpectedSurface expected = ExpectedSurface.of(config, data, cells);
    DesignSimulation simulation = new DesignSimulation(expected.surface(), fit, SETTINGS);
    String asked = List.of(expected.surface(), fit.getClass().getName(), SETTINGS).toString();
    String name = "precision-" + config.name();
    Fitted<DesignPrecision> found = simulated(simulation, cells, asked, cache, name + ".json");
    double[] budgets = cells.stream().mapToDouble(DesignCell::budget).sorted().toArray();
    return new PrecisionForecast(
        found,
        repeats.isEmpty()
            ? Optional.empty()
            : simulated(simulation, once, asked, cache, name + "-once.json").value(),
        SETTINGS.replicates(),
        expected.surface().noise(),
        expected.surface().noise().words(budgets[0], budgets[budgets.length - 1]),
        expected.words());
  }

  private static List<DesignCell> cells(List<JobForecast> points) {
    return points.stream().map(forecast -> TrainableCells.cell(forecast.job())).toList();
  }

  /** What a simulation said, in the user's cache. */
  private record Kept(
      String asked, Optional<DesignPrecision> precision, Optional<String> refused) {}

  /**
   * Simulates a design, unless the cache remembers what came of it.
   *
   * @param asked what the simulation is of, beside the design
   */
  private static Fitted<DesignPrecision> simulated(
      DesignSimulation simulation, List<DesignCell> cells, String asked, Cache cache, String file) {
    Optional<Kept> known =
        cache
            .read(file)
            .map(json -> JSON.convertValue(json, Kept.class))
            .filter(kept -> kept.asked().equals(asked + cells));
    if (known.isPresent()) {
      return known
          .get()
          .precision()
          .map(Fitted::of)
          .orElseGet(() -> Fitted.refused(known.get().refused().orElseThrow()));
    }
    Fitted<DesignPrecision> found = simulation.of(cells);
    cache.write(file, JSON.valueToTree(new Kept(asked + cells, found.value(), found.refused())));
    return found;
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
