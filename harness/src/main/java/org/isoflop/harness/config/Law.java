package org.isoflop.harness.config;

import static org.isoflop.harness.config.Checks.check;
import static org.isoflop.harness.config.Numbers.text;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.isoflop.harness.SealedJson;

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

  /** The file of a tuned folder that holds its laws, sealed by a checksum. */
  public static final String FILE = "tuned.json";

  /** What the file's {@code format} says. */
  public static final String FORMAT = "isoflop tuned laws 1";

  /** Steeper than this is no law of a hyperparameter, and would overflow a few decades on. */
  private static final double STEEPEST = 5;

  private static final double LARGEST = 1e100;

  /** Refuses values out of range with {@link IllegalArgumentException}. */
  public Law {
    check(
        factor >= 1 / LARGEST && factor <= LARGEST,
        "factor",
        "%s is out of range, use a positive number",
        text(factor));
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
    check(factor != null, "factor", "is missing, use the value where params and tokens are 1");
    check(paramsExponent != null, "params_exponent", "is missing, use that of the parameters");
    check(tokensExponent != null, "tokens_exponent", "is missing, use that of the tokens");
    check(params != null, "params", "is missing, use [least, largest] of those it was tuned on");
    check(tokens != null, "tokens", "is missing, use [least, largest] of those it was tuned on");
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
    check(
        Math.abs(exponent) <= STEEPEST,
        key,
        "%s is out of range, use -%s to %s",
        text(exponent),
        text(STEEPEST),
        text(STEEPEST));
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
  void checkFor(String key, ScheduleConfig schedule) {
    check(
        !key.equals("batch_tokens") || batchExponent == 0,
        key + ".law.batch_exponent",
        "%s is of a law of the learning rate; the batch's own has none",
        text(batchExponent));
    String kind = schedule.recipe();
    tunedWith.stream()
        .filter(part -> part.startsWith(ScheduleConfig.RECIPE))
        .forEach(
            part ->
                check(
                    part.equals(kind),
                    key + ".law",
                    "was tuned with %s, not with %s, whose best rates are others; tune again, or use"
                        + " that schedule",
                    part,
                    kind));
  }

  /** Refuses a law of rates that was tuned with another parametrisation. */
  void checkFor(Parametrization parametrization) {
    String own = parametrization.recipe();
    String tuned =
        tunedWith.stream()
            .filter(part -> part.startsWith(Parametrization.RECIPE))
            .findFirst()
            .orElse(tunedWith.isEmpty() ? own : new Parametrization.Standard().recipe());
    check(
        tuned.equals(own),
        "training.learning_rate.law",
        "was tuned with %s, not with %s, whose best rates are others; tune again, or use that"
            + " parametrization",
        tuned,
        own);
  }

  /**
   * Reads what a folder that {@code isoflop tune} made says of a hyperparameter.
   *
   * @param folder the folder, or its file
   * @param hyperparameter as the section {@code training} spells it
   * @throws IOException whose message says what is wrong, to stand after the key
   */
  static JsonNode read(String folder, String hyperparameter) throws IOException {
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
