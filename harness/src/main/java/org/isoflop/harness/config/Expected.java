package org.isoflop.harness.config;

import static org.isoflop.harness.config.Checks.check;
import static org.isoflop.harness.config.Numbers.text;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import java.io.IOException;
import java.util.List;

/** Where the optimum of a budget is expected before anything is trained. */
@JsonDeserialize(using = Expected.Deserializer.class)
public sealed interface Expected {

  /** Hoffmann et al. 2022 (arXiv 2203.15556). */
  TokensPerParam DEFAULT = new TokensPerParam(20);

  /**
   * At one ratio of tokens to parameters, whatever the budget.
   *
   * @param tokensPerParam training tokens per total parameter at the optimum
   */
  @JsonDeserialize(using = JsonDeserializer.None.class)
  record TokensPerParam(double tokensPerParam) implements Expected {

    /** Refuses values out of range with {@link IllegalArgumentException}. */
    public TokensPerParam {
      check(
          tokensPerParam > 0 && tokensPerParam <= 1e6,
          "tokens_per_param",
          "%s is out of range, use more than 0 and at most 1e6",
          text(tokensPerParam));
    }
  }

  /**
   * Where an earlier sweep found its optima, continued as a power law.
   *
   * @param from the folder of the earlier sweep's analysis, seen from where the command runs
   */
  @JsonDeserialize(using = JsonDeserializer.None.class)
  record Earlier(String from) implements Expected {

    /** Refuses a blank folder with {@link IllegalArgumentException}. */
    public Earlier {
      check(!from.isBlank(), "from", "is blank, name the folder of an earlier sweep");
    }
  }

  /** Tells a ratio from a folder. */
  final class Deserializer extends JsonDeserializer<Expected> {

    private static final List<String> KEYS = List.of("from", "tokens_per_param");

    @Override
    public Expected deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      JsonNode node = parser.readValueAsTree();
      for (String key : (Iterable<String>) node::fieldNames) {
        if (!KEYS.contains(key)) {
          throw UnrecognizedPropertyException.from(parser, Expected.class, key, List.copyOf(KEYS));
        }
      }
      Class<? extends Expected> kind = node.has("from") ? Earlier.class : TokensPerParam.class;
      return context.readTreeAsValue(node, kind);
    }
  }
}
