package org.isoflop.harness.config;

import static org.isoflop.harness.config.Numbers.text;

import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import java.io.IOException;

/**
 * Whether a few cells are trained at half and twice their learning rate too, so that a sweep tells
 * how far its rates are from the best.
 *
 * @param share most of the sweep's FLOPs that those runs may cost, themselves included; 0 for none
 * @param auto whether nobody asked: such a control is planned where a sweep begins, and adds
 *     nothing to one that has begun
 */
@JsonDeserialize(using = Control.Deserializer.class)
public record Control(double share, boolean auto) {

  /** The value of a configuration that does not say. */
  public static final Control AUTO = new Control(0.05, true);

  /** No such runs. */
  public static final Control NONE = new Control(0, false);

  /** Dearer ones are a tuning of their own. */
  private static final double MOST = 0.5;

  private static final String AUTO_KEY = "auto";
  private static final String NONE_KEY = "none";

  /** Refuses shares out of range, with {@link IllegalArgumentException}. */
  void check() {
    Checks.check(
        share >= 0 && share <= MOST,
        "control",
        "%s is not a share of the sweep's FLOPs, use more than 0 and at most %s (0.05 is usual)",
        text(share),
        text(MOST));
  }

  @JsonValue
  Object yaml() {
    return auto ? AUTO_KEY : share == 0 ? NONE_KEY : (Object) share;
  }

  /** Tells the two words from a share. */
  static final class Deserializer extends JsonDeserializer<Control> {

    @Override
    public Control deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      JsonNode node = parser.readValueAsTree();
      if (AUTO_KEY.equals(node.textValue()) || NONE_KEY.equals(node.textValue())) {
        return AUTO_KEY.equals(node.textValue()) ? AUTO : NONE;
      }
      try {
        return new Control(context.readTreeAsValue(node, Double.class), false);
      } catch (MismatchedInputException e) {
        throw MismatchedInputException.from(parser, Control.class, e.getOriginalMessage());
      }
    }
  }
}
