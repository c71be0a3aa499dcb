package org.isoflop.harness.config;

import static org.isoflop.harness.config.Checks.check;
import static org.isoflop.harness.config.Checks.checkRange;
import static org.isoflop.harness.config.Checks.checkThere;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import org.isoflop.models.DecoderConfig;
import org.isoflop.models.DecoderOptions;
import org.isoflop.models.ShapeRule;
import org.isoflop.models.SizeLadder;

/** Which depths, widths, heads and feed-forward blocks there are to choose a size from. */
public sealed interface Shapes {

  /** As is customary. */
  Shapes DEFAULT =
      new ByRule(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  /** Returns the decoders with these options, at least one. */
  SizeLadder ladder(DecoderOptions options);

  /** Returns the rule that they follow; empty where each is the user's own. */
  Optional<ShapeRule> rule();

  /** Every width that a rule shapes; see {@link ShapeRule}, whose values these are. */
  record ByRule(
      @Words(
              "Width over layers, or auto: 64 from width 512 up, below it layers are √(width/8)."
                  + " The nearest whole number of layers, 2 at least. Default: auto")
          Optional<Double> aspect,
      @Words(
              "Layers of every decoder, in place of an aspect, 1 if you like; or auto. Default:"
                  + " auto")
          Optional<Integer> layers,
      @Words(
              "Dimensions of a head, an even number; widths come in steps of it. auto: 8, from"
                  + " width 64 up 16, from 256 up 32, from 512 up 64, but widths in steps of 4 up"
                  + " to 32. Default: auto")
          Optional<Integer> headSize,
      @Words(
              "Hidden width of the feed-forward block over the width, met to the nearest multiple"
                  + " of 8. auto: 4 with gelu, 8/3 with swiglu. Default: auto")
          Optional<Double> mlpRatio)
      implements Shapes {

    private static final int LARGEST_HEAD = 512;

    /** Refuses values out of range with {@link IllegalArgumentException}. */
    public ByRule {
      aspect.ifPresent(
          ratio ->
              checkRange(
                  ratio >= 1 && ratio <= 1e4,
                  "aspect",
                  ratio,
                  "1 to 10000 (64 is customary for large decoders)"));
      layers.ifPresent(Shapes::checkLayers);
      check(
          aspect.isEmpty() || layers.isEmpty(),
          "layers",
          "does not go with aspect, use one of them");
      headSize.ifPresent(
          size ->
              check(
                  size >= 2 && size <= LARGEST_HEAD && size % 2 == 0,
                  "head_size",
                  "%d is no size of a head, use an even number from 2 to %d (rotary positions turn"
                      + " pairs)",
                  size,
                  LARGEST_HEAD));
      mlpRatio.ifPresent(
          ratio ->
              checkRange(
                  ratio >= 0.1 && ratio <= 100,
                  "mlp_ratio",
                  ratio,
                  "0.1 to 100 (4 is customary for gelu, 8/3 for swiglu)"));
    }

    @Override
    public SizeLadder ladder(DecoderOptions options) {
      return new SizeLadder(options, asked());
    }

    @Override
    public Optional<ShapeRule> rule() {
      return Optional.of(asked());
    }

    private ShapeRule asked() {
      return new ShapeRule(aspect, layers, headSize, mlpRatio);
    }
  }

  /**
   * The user's own, which may become more later.
   *
   * @param shapes each once, in any order
   */
  record Listed(@JsonValue List<Shape> shapes) implements Shapes {

    private static final int MOST = 1000;

    /** Copies the list. */
    public Listed {
      shapes = List.copyOf(shapes);
    }

    /** Refuses none, too many, and two of which no size would ever choose the second. */
    void check(DecoderOptions options) {
      Checks.check(
          !shapes.isEmpty(),
          "shapes",
          "is an empty list, name at least one, such as {layers: 2, width: 32}");
      Checks.check(
          shapes.size() <= MOST,
          "shapes",
          "%d shapes are too many, use at most %d",
          shapes.size(),
          MOST);
      for (int i = 0; i < shapes.size(); i++) {
        for (int j = 0; j < i; j++) {
          DecoderConfig one = shapes.get(i).decoder(options);
          DecoderConfig other = shapes.get(j).decoder(options);
          Checks.check(
              one.layers() != other.layers()
                  || one.width() != other.width()
                  || one.mlpWidth() != other.mlpWidth(),
              "shapes[" + i + "]",
              "has as many parameters as shapes[%d], so that no size would choose it; use another"
                  + " sweep for other heads",
              j);
        }
      }
    }

    @Override
    public SizeLadder ladder(DecoderOptions options) {
      return new SizeLadder(shapes.stream().map(shape -> shape.decoder(options)).toList());
    }

    @Override
    public Optional<ShapeRule> rule() {
      return Optional.empty();
    }
  }

  /**
   * One shape.
   *
   * @param layers number of blocks
   * @param width of the residual stream
   * @param heads of attention; what is customary at that width where there are none
   * @param mlp hidden width of the feed-forward block; the same
   */
  record Shape(Integer layers, Integer width, Optional<Integer> heads, Optional<Integer> mlp) {

    private static final int LARGEST_WIDTH = 1 << 17;
    private static final int LARGEST_MLP = 1 << 20;

    /** Refuses what cannot be built with {@link IllegalArgumentException}. */
    public Shape {
      checkThere(layers, "layers", "use the number of blocks");
      checkThere(width, "width", "use the width of the residual stream");
      checkLayers(layers);
      check(
          width >= 2 && width <= LARGEST_WIDTH && width % 2 == 0,
          "width",
          "%d is no width, use an even number from 2 to %d",
          width,
          LARGEST_WIDTH);
      int stream = width;
      heads.ifPresent(
          count ->
              check(
                  count >= 1 && stream % (2L * count) == 0,
                  "heads",
                  "%d heads do not divide a width of %d into even sizes (rotary positions turn"
                      + " pairs)",
                  count,
                  stream));
      mlp.ifPresent(
          hidden ->
              check(
                  hidden >= 1 && hidden <= LARGEST_MLP,
                  "mlp",
                  "%d is no hidden width, use 1 to %d",
                  hidden,
                  LARGEST_MLP));
    }

    DecoderConfig decoder(DecoderOptions options) {
      DecoderConfig customary = ShapeRule.CUSTOMARY.decoder(options, layers, width);
      return new DecoderConfig(
          options,
          layers,
          width,
          heads.orElse(customary.heads()),
          mlp.orElse(customary.mlpWidth()));
    }
  }

  private static void checkLayers(int layers) {
    check(
        layers >= 1 && layers <= 1000,
        "layers",
        "%d is no number of layers, use 1 to 1000",
        layers);
  }

  /** Tells a list from a rule. */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static Shapes read(JsonNode node) throws JsonProcessingException {
    return node.isArray()
        ? new Listed(ConfigMapper.bindList(node, Shape.class))
        : ConfigMapper.bind(node, ByRule.class);
  }
}
