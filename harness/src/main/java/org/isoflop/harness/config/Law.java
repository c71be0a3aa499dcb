package org.isoflop.harness.config;

import static org.isoflop.harness.config.Checks.check;
import static org.isoflop.harness.config.Checks.checkEither;
import static org.isoflop.harness.config.Checks.checkRange;
import static org.isoflop.harness.config.Checks.checkThere;
import static org.isoflop.harness.config.Checks.text;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.SealedJson;
import org.isoflop.harness.config.Checks.KeyException;

/**
 * A power law of one hyperparameter: {@code factor · N^params_exponent · D^tokens_exponent ·
 * B^batch_exponent}, as {@code isoflop tune} fits it or as anybody writes it. What a configuration
 * names is a folder; what it then holds is the law itself, which is what decides a sweep's numbers.
 *
 * @param factor the hyperparameter where N, D and B are 1: a peak learning rate, or tokens per step
 * @param paramsExponent of N, total parameters
 * @param tokensExponent of D, training tokens
 * @param batchExponent of B, the batch that is trained with, in tokens; 0 in a law of the batch
 * @param params least and largest N that it was tuned on
 * @param tokens least and largest D that it was tuned on
 * @param tunedWith what it was tuned with, see {@link SweepConfig#recipe}; empty where nobody says
 */
public record Law(
    double factor,
    double paramsExponent,
    double tokensExponent,
    double batchExponent,
    List<Double> params,
    List<Double> tokens,
    List<String> tunedWith) {

  /** The key of a hyperparameter's section that names one. */
  static final String KEY = "law";

  /** The file of a tuned folder that holds its laws, sealed by a checksum. */
  public static final String FILE = "tuned.json";

  /** What the file's {@code format} says. */
  public static final String FORMAT = "isoflop tuned laws 1";

  /** Steeper than this is no law of a hyperparameter, and would overflow a few decades on. */
  private static final double STEEPEST = 5;

  private static final double LARGEST = 1e100;

  /** Whole steps and rungs make cells miss their places by about as much. */
  private static final double SLACK = 1.05;

  /** Refuses values out of range with {@link IllegalArgumentException}. */
  public Law {
    checkRange(factor >= 1 / LARGEST && factor <= LARGEST, "factor", factor, "a positive number");
    checkExponent(paramsExponent, "params_exponent");
    checkExponent(tokensExponent, "tokens_exponent");
    checkExponent(batchExponent, "batch_exponent");
    params = range(params, "params");
    tokens = range(tokens, "tokens");
    tunedWith = List.copyOf(tunedWith);
  }

  @JsonCreator
  static Law read(
      @JsonProperty("factor") Double factor,
      @JsonProperty("params_exponent") Double paramsExponent,
      @JsonProperty("tokens_exponent") Double tokensExponent,
      @JsonProperty("batch_exponent") Double batchExponent,
      @JsonProperty("params") List<Double> params,
      @JsonProperty("tokens") List<Double> tokens,
      @JsonProperty("tuned_with") List<String> tunedWith) {
    checkThere(factor, "factor", "use the value where params and tokens are 1");
    checkThere(paramsExponent, "params_exponent", "use that of the parameters");
    checkThere(tokensExponent, "tokens_exponent", "use that of the tokens");
    checkThere(params, "params", "use [least, largest] of those it was tuned on");
    checkThere(tokens, "tokens", "use [least, largest] of those it was tuned on");
    return new Law(
        factor,
        paramsExponent,
        tokensExponent,
        batchExponent == null ? 0 : batchExponent,
        params,
        tokens,
        tunedWith == null ? List.of() : tunedWith);
  }

  private static void checkExponent(double exponent, String key) {
    String most = text(STEEPEST);
    checkRange(Math.abs(exponent) <= STEEPEST, key, exponent, "-" + most + " to " + most);
  }

  private static List<Double> range(List<Double> range, String key) {
    check(
        range.size() == 2 && range.get(0) > 0 && range.get(0) <= range.get(1),
        key,
        "is no range, use [least, largest] of those it was tuned on");
    return List.copyOf(range);
  }

  /**
   * Returns the hyperparameter of a cell.
   *
   * @param params total parameters
   * @param tokens training tokens
   * @param batchTokens tokens per step
   */
  public double at(double params, double tokens, double batchTokens) {
    return Math.exp(
        Math.log(factor)
            + paramsExponent * Math.log(params)
            + tokensExponent * Math.log(tokens)
            + batchExponent * Math.log(batchTokens));
  }

  /** Refuses a law that is not one of the batch, or was tuned with another kind of schedule. */
  void checkFor(String key, Schedule schedule) {
    check(
        !key.equals("batch_tokens") || batchExponent == 0,
        key + ".law.batch_exponent",
        "%s is of a law of the learning rate; the batch's own has none",
        text(batchExponent));
    String own = schedule.recipe();
    checkTunedWith(key + ".law", tunedWith(Schedule.RECIPE).orElse(own), own, "schedule");
  }

  /** Refuses a law of rates that was tuned with another parametrisation. */
  void checkFor(Parametrization parametrization) {
    String own = parametrization.recipe();
    String untold = tunedWith.isEmpty() ? own : new Parametrization.Standard().recipe();
    String tuned = tunedWith(Parametrization.RECIPE).orElse(untold);
    checkTunedWith("training.learning_rate.law", tuned, own, "parametrization");
  }

  private Optional<String> tunedWith(String what) {
    return tunedWith.stream().filter(part -> part.startsWith(what)).findFirst();
  }

  private static void checkTunedWith(String key, String tuned, String own, String what) {
    check(
        tuned.equals(own),
        key,
        "was tuned with %s, not with %s, whose best rates are others; tune again, or use that %s",
        tuned,
        own,
        what);
  }

  /** Returns how far cells lie outside what it was tuned on, and what it was tuned with besides. */
  List<String> warnings(List<Rule.Cell> cells, List<String> recipe) {
    List<String> warnings = new ArrayList<>();
    List<Rule.Cell> outside =
        cells.stream()
            .filter(
                cell ->
                    beyond(cell.params(), params) > SLACK || beyond(cell.tokens(), tokens) > SLACK)
            .toList();
    if (!outside.isEmpty()) {
      warnings.add(
          Quantities.format(
              "%d of %d cells lie outside the range the law was tuned on (%s to %s params and %s to"
                  + " %s tokens), up to a factor %s in params and %s in tokens.",
              outside.size(),
              cells.size(),
              Quantities.count(params.get(0)),
              Quantities.count(params.get(1)),
              Quantities.count(tokens.get(0)),
              Quantities.count(tokens.get(1)),
              Quantities.digits(farthest(outside, Rule.Cell::params, params)),
              Quantities.digits(farthest(outside, Rule.Cell::tokens, tokens))));
    }
    List<String> other = new ArrayList<>(tunedWith);
    other.removeAll(recipe);
    if (!other.isEmpty()) {
      warnings.add(
          Quantities.format(
              "the law was tuned with %s, which this sweep has not; its optimum may be another.",
              String.join(", ", other)));
    }
    return warnings;
  }

  private static double farthest(
      List<Rule.Cell> cells, ToDoubleFunction<Rule.Cell> value, List<Double> range) {
    return cells.stream()
        .mapToDouble(cell -> beyond(value.applyAsDouble(cell), range))
        .max()
        .orElse(1);
  }

  /** Returns how far a value lies outside a range, as a factor; 1 inside. */
  private static double beyond(double value, List<Double> range) {
    return Math.max(1, Math.max(range.get(0) / value, value / range.get(1)));
  }

  /**
   * Puts the law itself where a section names its folder, or the file in it.
   *
   * @param hyperparameter whose section it is
   * @param wanted whether laws are read; else the section is left without
   */
  static void spellOut(ObjectNode section, String hyperparameter, boolean wanted) {
    checkEither(section, "rule", KEY);
    checkEither(section, Hyperparameter.VALUE, KEY);
    if (!wanted) {
      section.remove(KEY);
    } else if (section.path(KEY).isTextual()) {
      try {
        section.set(KEY, read(section.get(KEY).asText(), hyperparameter));
      } catch (IOException e) {
        throw new KeyException(KEY, e.getMessage());
      }
    }
  }

  private static JsonNode read(String folder, String hyperparameter) throws IOException {
    Path file;
    try {
      file = Path.of(folder);
    } catch (InvalidPathException e) {
      throw new IOException("is not a path (" + e.getReason() + ")", e);
    }
    if (!file.endsWith(FILE)) {
      file = file.resolve(FILE);
    }
    if (!Files.isRegularFile(file)) {
      throw new IOException(
          "there is no " + file + ", name the folder of an 'isoflop tune' that has ended");
    }
    ObjectNode tuned;
    try {
      tuned = SealedJson.read(file);
    } catch (IOException e) {
      throw new IOException(
          file + " cannot be read (" + e.getMessage() + "); 'isoflop tune' writes it again", e);
    }
    JsonNode law = tuned.path("laws").path(hyperparameter);
    if (!tuned.path("format").asText().equals(FORMAT) || !law.isObject()) {
      throw new IOException(file + " has no law of it that this version knows; tune again");
    }
    return law;
  }
}
