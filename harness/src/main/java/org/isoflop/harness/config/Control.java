package org.isoflop.harness.config;

import static org.isoflop.harness.config.Checks.text;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;

/**
 * Whether a few cells are trained at half and twice their learning rate too, so that a sweep tells
 * how far its rates are from the best.
 *
 * @param share most of the sweep's FLOPs that those runs may cost, themselves included; 0 for none
 * @param auto whether nobody asked: such a control is planned where a sweep begins, and adds
 *     nothing to one that has begun or whose cells are named
 */
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

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static Control read(JsonNode node) throws JsonProcessingException {
    return switch (node.asText()) {
      case AUTO_KEY -> AUTO;
      case NONE_KEY -> NONE;
      default -> new Control(ConfigMapper.bindOr(node, Double.class, Control.class), false);
    };
  }

  @JsonValue
  Object yaml() {
    return auto ? AUTO_KEY : share == 0 ? NONE_KEY : (Object) share;
  }
}
