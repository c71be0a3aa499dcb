package org.isoflop.harness.analysis.design;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.analysis.law.Law;
import org.isoflop.harness.analysis.points.LossPoints;
import org.isoflop.harness.analysis.stats.PowerLaw;

/**
 * What an earlier sweep's analysis says to a plan: its frontier, to centre the sizes on, and its
 * law and noise, to forecast the precision with.
 *
 * @param params N* of C, a line in logarithms through the optima of {@code analysis.json}
 * @param surface the law of {@code exponents.parametric}, where one was fitted, and the noise of
 *     {@code points.csv}, where that lies beside the analysis and tells; else {@link
 *     RunNoise#PRIOR}
 */
public record EarlierSweep(PowerLaw params, Optional<LossSurface> surface) {

  /** One optimum has no slope. */
  private static final int FEWEST_OPTIMA = 2;

  private static final String ANALYSIS = "analysis.json";

  /**
   * Reads the folder of an earlier sweep.
   *
   * @param folder holds {@code analysis.json}
   * @throws BadInputException if there is none, it is no analysis, it counts params or FLOPs
   *     otherwise than a plan does, or it has fewer than two optima
   */
  public static EarlierSweep read(String folder) {
    try {
      return read(Path.of(folder));
    } catch (InvalidPathException e) {
      throw BadInputException.of("grid.expected.from: '%s' cannot be a folder", folder);
    }
  }

  private static EarlierSweep read(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw BadInputException.of(
          "grid.expected.from: %s: there is no such folder, name that of an earlier sweep", folder);
    }
    Path file = folder.resolve(ANALYSIS);
    if (!Files.isRegularFile(file)) {
      throw BadInputException.of(
          "grid.expected.from: %s: has no %s; 'isoflop analyze %s' writes it",
          folder, ANALYSIS, folder);
    }
    JsonNode json = json(file);
    checkConvention(file, json.path("convention"));
    PowerLaw params = frontier(file, json.path("optima"));
    Path points = folder.resolve("points.csv");
    Optional<LossSurface> surface =
        law(file, json.path("exponents").path("parametric"))
            .map(law -> new LossSurface(law, noise(points)));
    return new EarlierSweep(params, surface);
  }

  private static RunNoise noise(Path points) {
    return Files.exists(points)
        ? RunNoise.measured(LossPoints.read(points).points()).orElse(RunNoise.PRIOR)
        : RunNoise.PRIOR;
  }

  private static JsonNode json(Path file) {
    try {
      return new ObjectMapper().readTree(file.toFile());
    } catch (IOException e) {
      String problem = e.getMessage().lines().findFirst().orElse("");
      throw BadInputException.of(
          "%s: is not valid JSON (%s); 'isoflop analyze' writes it anew", file, problem);
    }
  }

  /** A plan counts all params and exact FLOPs, which a budget is. */
  private static void checkConvention(Path file, JsonNode convention) {
    String params = convention.path("params").asText("total");
    String flops = convention.path("flops").asText("budget");
    if (!params.equals("total") || flops.equals("6nd")) {
      throw BadInputException.of(
          "%s: convention: counts %s params and %s FLOPs, while a plan counts total params and"
              + " budgets; analyse the sweep without --params and --flops",
          file, params, flops);
    }
  }

  private static PowerLaw frontier(Path file, JsonNode optima) {
    List<Double> lnFlops = new ArrayList<>();
    List<Double> lnParams = new ArrayList<>();
    for (JsonNode optimum : optima) {
      double budget = optimum.path("budget").asDouble(Double.NaN);
      double params = optimum.path("params").asDouble(Double.NaN);
      if (positive(budget) && positive(params)) {
        lnFlops.add(Math.log(budget));
        lnParams.add(Math.log(params));
      }
    }
    if (lnFlops.stream().distinct().count() < FEWEST_OPTIMA) {
      throw BadInputException.of(
          "%s: optima: %d of %d budgets have an optimum, and a frontier to centre on needs %d; use"
              + " grid.expected.tokens_per_param",
          file, lnFlops.size(), optima.size(), FEWEST_OPTIMA);
    }
    return PowerLaw.fit(
        lnFlops.stream().mapToDouble(Double::doubleValue).toArray(),
        lnParams.stream().mapToDouble(Double::doubleValue).toArray());
  }

  private static Optional<Law> law(Path file, JsonNode fit) {
    if (!fit.isObject()) {
      return Optional.empty();
    }
    double a = number(file, fit, "A");
    double b = number(file, fit, "B");
    Law law =
        new Law(
            number(file, fit, "E"), a, b, number(file, fit, "alpha"), number(file, fit, "beta"));
    // Where params or tokens cost nothing, a law has no optimum to draw sweeps about.
    return a > 0 && b > 0 && law.alpha() > 0 && law.beta() > 0
        ? Optional.of(law)
        : Optional.empty();
  }

  private static double number(Path file, JsonNode fit, String key) {
    double value = fit.path(key).asDouble(Double.NaN);
    if (!(value >= 0) || Double.isInfinite(value)) {
      throw BadInputException.of(
          "%s: exponents.parametric.%s: is %s, not a number a law can have; 'isoflop analyze'"
              + " writes it anew",
          file, key, fit.has(key) ? fit.get(key) : "missing");
    }
    return value;
  }

  private static boolean positive(double value) {
    return value > 0 && !Double.isInfinite(value);
  }
}
