package org.isoflop.harness.config;

import static org.isoflop.harness.config.Checks.check;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import org.isoflop.models.BaseShape;
import org.isoflop.models.DecoderOptions;
import org.isoflop.models.ShapeRule;

/** How initial weights and learning rates go with a decoder's width and depth. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
  @JsonSubTypes.Type(Parametrization.Standard.class),
  @JsonSubTypes.Type(Parametrization.Mup.class)
})
public sealed interface Parametrization {

  /** What the part of a recipe begins with that says the kind. */
  String RECIPE = "parametrization ";

  /** Returns it as a part of a recipe. */
  String recipe();

  /** Returns options with the base that they have by it, where shapes are by a rule. */
  DecoderOptions of(DecoderOptions options, ShapeRule rule);

  /** Every matrix of a decoder has the learning rate; the best is another for each decoder. */
  @JsonTypeName("standard")
  @Words("every matrix has the learning rate, and the best is another for each decoder")
  record Standard() implements Parametrization {

    @Override
    public String recipe() {
      return RECIPE + "standard";
    }

    @Override
    public DecoderOptions of(DecoderOptions options, ShapeRule rule) {
      return options;
    }
  }

  /**
   * Learning rates and initial scales follow from those of one shape; see {@link BaseShape}. It is
   * none of a sweep's own, which may get others.
   */
  @JsonTypeName("mup")
  @Words("the learning rate is that of a base shape, and all others' follow, matrix by matrix")
  record Mup(
      @Words(
              "Width of the base shape, mup only; heads and hidden width as shapes has it. Default:"
                  + " 64")
          int baseWidth,
      @Words("Its layers, mup only. Default: 2") int baseLayers)
      implements Parametrization {

    /** Among the sizes of small sweeps. */
    static final Mup DEFAULT = new Mup(64, 2);

    private static final int LARGEST_WIDTH = 1 << 17;
    private static final int MOST_LAYERS = 1000;

    /** Refuses values out of range with {@link IllegalArgumentException}. */
    public Mup {
      check(
          baseWidth >= 2 && baseWidth <= LARGEST_WIDTH && baseWidth % 2 == 0,
          "base_width",
          "%d is no width, use an even number from 2 to %d",
          baseWidth,
          LARGEST_WIDTH);
      check(
          baseLayers >= 1 && baseLayers <= MOST_LAYERS,
          "base_layers",
          "%d is no number of layers, use 1 to %d",
          baseLayers,
          MOST_LAYERS);
    }

    @Override
    public String recipe() {
      return RECIPE + "mup of width " + baseWidth + " and " + baseLayers + " layers";
    }

    @Override
    public DecoderOptions of(DecoderOptions options, ShapeRule rule) {
      return options.scaledFrom(rule.decoder(options, baseLayers, baseWidth));
    }
  }
}
