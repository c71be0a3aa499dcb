package org.isoflop.harness.sweep;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.config.CorpusConfig;
import org.isoflop.harness.config.DecoderSection;
import org.isoflop.harness.config.Evaluation;
import org.isoflop.harness.config.Expected;
import org.isoflop.harness.config.Grid;
import org.isoflop.harness.config.Limits;
import org.isoflop.harness.config.Shapes;
import org.isoflop.harness.config.SweepConfig;
import org.isoflop.harness.config.Training;
import org.isoflop.harness.data.tokenizers.Tokenizer;
import org.isoflop.harness.plan.Plan;
import org.isoflop.models.DecoderConfig;
import org.isoflop.models.ParameterCounts;
import org.isoflop.models.SizeLadder;

/**
 * The largest sweep of the customary kind that ends within a time: budgets half a decade apart over
 * two decades, as far as the smallest decoders reach down. How long one takes is what its plan
 * says, so the search asks for plans.
 */
public final class SweepForTime {

  /** Budgets of a sweep over two decades. */
  private static final int BUDGETS = 5;

  /** Fewest budgets. */
  private static final int FEWEST_BUDGETS = 2;

  /** Of neighbouring budgets: half a decade. */
  private static final double RATIO = Math.sqrt(10);

  /** No budget is sought beyond. */
  private static final double MOST = 1e24;

  /** Halvings of a decade of top budgets. */
  private static final int HALVINGS = 5;

  /** What they come to, as a factor. */
  private static final double STEP = Math.pow(10, 1.0 / (1 << HALVINGS));

  /** The smallest budget's optimum over the smallest decoder, so that there are sizes below it. */
  private static final double LEAST_ROOM = 2.2;

  /** A larger share of the params in embedding and head, and these are one matrix. */
  private static final double MOST_UNTIED = 0.25;

  /** A larger share of the params in embedding and head is worth a smaller vocabulary. */
  private static final double MOST_EMBEDDING = 0.5;

  private static final int BYTES = Tokenizer.ONE_BYTE_VOCABULARY;

  /** The vocabularies to learn that are advised, largest first; below them there are bytes. */
  private static final List<Integer> LEARNED = List.of(16_384, 8192, 4096, 2048, 1024);

  private static final Shapes ONE_LAYER =
      new Shapes.ByRule(Optional.empty(), Optional.of(1), Optional.empty(), Optional.empty());

  private static final MathContext DIGITS = new MathContext(2);

  /**
   * What sweeps of a scale have in common. Below 1e14 they are this project's own: its tests', the
   * smoke sweep, the lunch break's, the laptop's; from there up the context grows. Whether
   * embedding and head are one matrix is a matter of the vocabulary too, see {@link #decoders}.
   *
   * @param below top budgets of this scale, FLOPs
   * @param sizes at each budget
   * @param tiedRatio tokens per param expected where embedding and head are one matrix
   */
  private record Scale(
      double below,
      int context,
      Shapes shapes,
      int sizes,
      double tiedRatio,
      Evaluation evaluation) {

    Scale(double below, int context, int sizes) {
      this(below, context, Shapes.DEFAULT, sizes, 10, Evaluation.DEFAULT);
    }
  }

  private static final List<Scale> SCALES =
      List.of(
          new Scale(6e10, 16, ONE_LAYER, 5, 4, new Evaluation(20_000, 0)),
          new Scale(1e12, 64, 5),
          new Scale(1e13, 128, 7),
          new Scale(1e16, 256, 7),
          new Scale(1e18, 512, 7),
          new Scale(Double.POSITIVE_INFINITY, 1024, 7));

  private final String name;
  private final CorpusConfig corpus;
  private final int vocabulary;
  private final Function<SweepConfig, Plan> planner;
  private final int lanes;

  /** Why the last sweep that was too large is refused; empty where it takes too long. */
  private Optional<String> refused = Optional.empty();

  /**
   * A sweep that was found.
   *
   * @param plan of the configuration
   * @param seconds that it is expected to take
   * @param refused why a larger one, for which there is time, is refused; empty where there is none
   */
  public record Found(SweepConfig config, Plan plan, double seconds, Optional<String> refused) {

    /** Returns the largest budget, in FLOPs. */
    public double top() {
      return config.grid().budgets().stream().mapToDouble(budget -> budget).max().orElseThrow();
    }
  }

  /** Decoders and where their optimum is expected. */
  private record Decoders(DecoderSection section, double ratio, SizeLadder ladder) {

    Decoders(DecoderSection section, double ratio, int vocabulary) {
      this(section, ratio, section.ladder(vocabulary));
    }

    /** Returns the FLOPs of a decoder's training where it is the optimum. */
    double budget(DecoderConfig decoder) {
      return decoder.flopsPerToken() * ratio * decoder.parameters().total();
    }

    /** Returns the budget below which there are no sizes to both sides of the optimum. */
    double least() {
      double params = LEAST_ROOM * ladder.rungs().get(0).parameters().total();
      DecoderConfig nearest = ladder.nearest(params);
      return budget(nearest) * Math.pow(params / nearest.parameters().total(), 2);
    }

    /** Returns which share of the params is embedding and head at the optimum of a budget. */
    double embeddingShare(double budget) {
      ParameterCounts optimum =
          ladder.rungs().stream()
              .min(Comparator.comparingDouble(rung -> Math.abs(Math.log(budget(rung) / budget))))
              .orElseThrow()
              .parameters();
      return 1 - (double) optimum.nonEmbedding() / optimum.total();
    }
  }

  /**
   * Prepares to search.
   *
   * @param vocabulary distinct tokens of the corpus
   * @param planner plans a configuration, or refuses it with {@link BadInputException}
   * @param lanes jobs that are as fast at once as one alone
   */
  public SweepForTime(
      String name,
      CorpusConfig corpus,
      int vocabulary,
      Function<SweepConfig, Plan> planner,
      int lanes) {
    this.name = name;
    this.corpus = corpus;
    this.vocabulary = vocabulary;
    this.planner = planner;
    this.lanes = lanes;
  }

  /**
   * Returns the largest sweep that ends in time, or the smallest there is where that takes longer.
   *
   * @throws BadInputException if even the smallest cannot be planned
   */
  public Found within(double seconds) {
    double least = leastTop(FEWEST_BUDGETS);
    double low = least;
    Found best = planned(low);
    if (best.seconds() > seconds) {
      return best;
    }
    double high = low;
    while (high == low && high < MOST) {
      high = 10 * low;
      Optional<Found> larger = inTime(high, seconds);
      if (larger.isPresent()) {
        best = larger.get();
        low = high;
      }
    }
    for (int i = 0; i < HALVINGS; i++) {
      double middle = Math.sqrt(low * high);
      Optional<Found> larger = inTime(middle, seconds);
      if (larger.isPresent()) {
        best = larger.get();
        low = middle;
      } else {
        high = middle;
      }
    }
    // Speeds that were measured meanwhile count too: this is what 'plan' will say.
    best = planned(best.config());
    while (best.seconds() > seconds && low > least) {
      low = Math.max(least, low / STEP);
      best = planned(low);
    }
    return new Found(best.config(), best.plan(), best.seconds(), refused);
  }

  /** Returns the smallest sweep over two decades, if it can be planned. */
  public Optional<Found> overTwoDecades() {
    try {
      return Optional.of(planned(leastTop(BUDGETS)));
    } catch (BadInputException e) {
      return Optional.empty();
    }
  }

  /** Returns the sweep of a top budget, unless it is refused or takes longer. */
  private Optional<Found> inTime(double top, double seconds) {
    try {
      Found found = planned(top);
      if (found.seconds() <= seconds) {
        return Optional.of(found);
      }
      refused = Optional.empty();
    } catch (BadInputException e) {
      refused = Optional.of(e.getMessage());
    }
    return Optional.empty();
  }

  /**
   * Returns a smaller vocabulary for the same text, where embedding and head hold more than half of
   * the params that are expected at the optimum of a budget: the largest of those with which they
   * do not; 256, which are bytes, where none is small enough.
   *
   * @param budget the largest that there is time for, in FLOPs
   */
  public OptionalInt smallerVocabulary(double budget) {
    if (vocabulary <= BYTES || embeddingShare(budget, vocabulary) <= MOST_EMBEDDING) {
      return OptionalInt.empty();
    }
    return OptionalInt.of(
        LEARNED.stream()
            .filter(smaller -> smaller < vocabulary)
            .filter(smaller -> embeddingShare(budget, smaller) <= MOST_EMBEDDING)
            .findFirst()
            .orElse(BYTES));
  }

  /** Returns the share of the params in embedding and head at the optimum of a budget. */
  public double embeddingShare(double budget) {
    return embeddingShare(budget, vocabulary);
  }

  private static double embeddingShare(double budget, int vocabulary) {
    return decoders(scale(budget), budget, vocabulary).embeddingShare(budget);
  }

  /** Returns the smallest top budget for which so many budgets have decoders to train. */
  private double leastTop(int budgets) {
    double span = Math.pow(RATIO, budgets - 1);
    double top = 0;
    for (Scale scale : SCALES) {
      double least = span * decoders(scale, top, vocabulary).least();
      while (top < least && least < scale.below()) {
        top = least;
        least = span * decoders(scale, top, vocabulary).least(); // untied from here on, perhaps
      }
      if (least <= top) {
        return top;
      }
      top = scale.below();
    }
    throw new IllegalStateException("the last scale has no end");
  }

  private static Scale scale(double top) {
    return SCALES.stream().filter(some -> top < some.below()).findFirst().orElseThrow();
  }

  /** Returns a scale's decoders: embedding and head are one matrix where two would be too much. */
  private static Decoders decoders(Scale scale, double top, int vocabulary) {
    double ratio = Expected.TokensPerParam.DEFAULT.tokensPerParam();
    Decoders untied = new Decoders(section(scale, false), ratio, vocabulary);
    return untied.embeddingShare(top) <= MOST_UNTIED
        ? untied
        : new Decoders(section(scale, true), scale.tiedRatio(), vocabulary);
  }

  private static DecoderSection section(Scale scale, boolean tied) {
    DecoderSection usual = DecoderSection.DEFAULT;
    return new DecoderSection(
        scale.context(),
        usual.mlp(),
        usual.norm(),
        usual.qkNorm(),
        tied,
        scale.shapes(),
        usual.parametrization());
  }

  private Found planned(double top) {
    Scale scale = scale(top);
    Decoders decoders = decoders(scale, top, vocabulary);
    List<Double> budgets =
        IntStream.range(0, BUDGETS)
            .mapToObj(i -> rounded(top / Math.pow(RATIO, BUDGETS - 1 - i)))
            .filter(budget -> budget >= rounded(decoders.least()))
            .toList();
    return planned(
        new SweepConfig(
            name,
            corpus,
            decoders.section(),
            new Grid(
                budgets,
                new Grid.Sizes(scale.sizes(), Grid.Sizes.DEFAULT.span()),
                new Expected.TokensPerParam(decoders.ratio())),
            Training.DEFAULT,
            scale.evaluation(),
            Limits.DEFAULT));
  }

  private Found planned(SweepConfig config) {
    Plan plan = planner.apply(config);
    return new Found(config, plan, plan.seconds(lanes), Optional.empty());
  }

  private static double rounded(double flops) {
    return new BigDecimal(flops).round(DIGITS).doubleValue();
  }
}
