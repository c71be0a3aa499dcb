package org.isoflop.harness.config;

import static org.isoflop.harness.config.Checks.check;
import static org.isoflop.harness.config.Checks.checkEither;
import static org.isoflop.harness.config.Checks.checkRange;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.isoflop.models.DecoderConfig;
import org.isoflop.models.SizeLadder;

/** Where the optimum of a budget is expected before anything is trained. */
public sealed interface Expected {

  /** At one ratio of tokens to parameters, whatever the budget. */
  record TokensPerParam(
      @Words("Training tokens per total parameter expected at the optimum. Default: 20")
          double tokensPerParam)
      implements Expected {

    /** Hoffmann et al. 2022 (arXiv 2203.15556). */
    public static final TokensPerParam DEFAULT = new TokensPerParam(20);

    /** Refuses values out of range with {@link IllegalArgumentException}. */
    public TokensPerParam {
      checkRange(
          tokensPerParam > 0 && tokensPerParam <= 1e6,
          "tokens_per_param",
          tokensPerParam,
          "more than 0 and at most 1e6");
    }

    /**
     * Returns the total parameters at which so many tokens per parameter cost exactly the budget,
     * interpolated on logarithmic axes between rungs; beyond the ladder's ends, where the cost is
     * taken to grow as the square of the parameters.
     *
     * @param budget FLOPs
     */
    public double params(double budget, SizeLadder ladder) {
      List<DecoderConfig> rungs = ladder.rungs();
      int above = 0;
      while (above < rungs.size() && cost(rungs.get(above)) < budget) {
        above++;
      }
      if (above == 0 || above == rungs.size()) {
        DecoderConfig end = rungs.get(Math.max(0, above - 1));
        return params(end) * Math.sqrt(budget / cost(end));
      }
      DecoderConfig lower = rungs.get(above - 1);
      DecoderConfig upper = rungs.get(above);
      double share = Math.log(budget / cost(lower)) / Math.log(cost(upper) / cost(lower));
      return params(lower) * Math.pow(params(upper) / params(lower), share);
    }

    private double cost(DecoderConfig rung) {
      return rung.flopsPerToken() * tokensPerParam * params(rung);
    }

    private static double params(DecoderConfig decoder) {
      return decoder.parameters().total();
    }
  }

  /** Where an earlier sweep found its optima, continued as a power law. */
  record Earlier(
      @Words(
              value =
                  "The earlier sweep's folder, whose analysis.json is read; in place of"
                      + " tokens_per_param.",
              example = "runs/earlier")
          String from)
      implements Expected {

    /** Refuses a blank folder with {@link IllegalArgumentException}. */
    public Earlier {
      check(!from.isBlank(), "from", "is blank, name the folder of an earlier sweep");
    }
  }

  /** Tells a ratio from a folder. */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static Expected read(JsonNode node) throws JsonProcessingException {
    checkEither(node, "tokens_per_param", "from");
    node.fieldNames()
        .forEachRemaining(
            key ->
                check(
                    List.of("from", "tokens_per_param").contains(key),
                    key,
                    "is not a known key here, use from or tokens_per_param"));
    return node.has("from")
        ? ConfigMapper.bind(node, Earlier.class)
        : ConfigMapper.bind(node, TokensPerParam.class);
  }
}
