package org.isoflop.harness.config;

import static org.isoflop.harness.config.Checks.check;
import static org.isoflop.harness.config.Numbers.text;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.isoflop.models.DecoderConfig;
import org.isoflop.models.DecoderOptions;
import org.isoflop.models.ShapeRule;
import org.isoflop.models.SizeLadder;

/** Which depths, widths, heads and feed-forward blocks there are to choose a size from. */
@JsonDeserialize(using = Shapes.Deserializer.class)
public sealed interface Shapes {

  /** As is customary. */
  Shapes DEFAULT =
      new ByRule(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  /** Returns the decoders with these options, at least one. */
  SizeLadder ladder(DecoderOptions options);

  /** Returns the rule that they follow; empty where each is the user's own. */
  Optional<ShapeRule> rule();

  /**
   * Every width that a rule shapes; see {@link ShapeRule}, whose values these are.
   *
   * @param aspect width over layers
   * @param layers of every decoder
   * @param headSize dimensions of a head
   * @param mlpRatio hidden width over width
   */
  @JsonDeserialize(using = JsonDeserializer.None.class)
  record ByRule(
      @JsonSerialize(using = Auto.Writer.class) @JsonDeserialize(using = Auto.Reader.class)
          Optional<Double> aspect,
      @JsonSerialize(using = Auto.Writer.class) @JsonDeserialize(using = Auto.Reader.class)
          Optional<Integer> layers,
      @JsonSerialize(using = Auto.Writer.class) @JsonDeserialize(using = Auto.Reader.class)
          Optional<Integer> headSize,
      @JsonSerialize(using = Auto.Writer.class) @JsonDeserialize(using = Auto.Reader.class)
          Optional<Double> mlpRatio)
      implements Shapes {

    private static final int LARGEST_HEAD = 512;

    /** Refuses values out of range with {@link IllegalArgumentException}. */
    public ByRule {
      aspect.ifPresent(
          ratio ->
              check(
                  ratio >= 1 && ratio <= 1e4,
                  "aspect",
                  "%s is out of range, use 1 to 10000 (64 is customary for large decoders)",
                  text(ratio)));
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
              check(
                  ratio >= 0.1 && ratio <= 100,
                  "mlp_ratio",
                  "%s is out of range, use 0.1 to 100 (4 is customary for gelu, 8/3 for swiglu)",
                  text(ratio)));
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
  record Shape(
      int layers,
      int width,
      @JsonSerialize(using = Auto.Writer.class) Optional<Integer> heads,
      @JsonSerialize(using = Auto.Writer.class) Optional<Integer> mlp) {

    private static final int LARGEST_WIDTH = 1 << 17;
    private static final int LARGEST_MLP = 1 << 20;

    /** Refuses what cannot be built with {@link IllegalArgumentException}. */
    public Shape {
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

    @JsonCreator
    static Shape read(
        @JsonProperty("layers") Integer layers,
        @JsonProperty("width") Integer width,
        @JsonProperty("heads") @JsonDeserialize(using = Auto.Reader.class) Optional<Integer> heads,
        @JsonProperty("mlp") @JsonDeserialize(using = Auto.Reader.class) Optional<Integer> mlp) {
      check(layers != null, "layers", "is missing, use the number of blocks");
      check(width != null, "width", "is missing, use the width of the residual stream");
      return new Shape(layers, width, heads, mlp);
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
  final class Deserializer extends JsonDeserializer<Shapes> {

    @Override
    public Shapes deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      JsonNode node = parser.readValueAsTree();
      return node.isArray()
          ? new Listed(List.of(context.readTreeAsValue(node, Shape[].class)))
          : context.readTreeAsValue(node, ByRule.class);
    }
  }
}
