package org.isoflop.harness.sweep;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Optional;
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
import org.isoflop.harness.plan.Plan;

/**
 * The largest sweep of the customary kind that ends within a time: budgets half a decade apart over
 * two decades, as far as the smallest decoders reach down. How long one takes is what its plan
 * says, so the search asks for plans.
 */
public final class SweepForTime {

  /** Budgets of a sweep over two decades. */
  private static final int BUDGETS = 5;

  /** Of neighbouring budgets: half a decade. */
  private static final double RATIO = Math.sqrt(10);

  /** Top budget of the smallest sweep: two budgets. */
  private static final double LEAST = 3.2e9;

  /** Top budget of the smallest one whose budgets are all there. */
  private static final double LEAST_OF_TWO_DECADES = 1e12;

  /** No budget is sought beyond. */
  private static final double MOST = 1e24;

  /** Halvings of a decade of top budgets, to 7% of one. */
  private static final int HALVINGS = 5;

  private static final Shapes ONE_LAYER =
      new Shapes.ByRule(Optional.empty(), Optional.of(1), Optional.empty(), Optional.empty());

  private static final MathContext DIGITS = new MathContext(2);

  /**
   * What sweeps of a scale have in common. Below 1e14 they are this project's own: its tests', the
   * smoke sweep, the lunch break's, the laptop's; from there up the context grows.
   *
   * @param below top budgets of this scale, FLOPs
   * @param least budget for which there are decoders to both sides of the expected optimum
   * @param sizes at each budget
   * @param expected where they are centred
   */
  private record Scale(
      double below,
      double least,
      DecoderSection decoder,
      int sizes,
      Expected expected,
      Evaluation evaluation) {

    /** One at the defaults but for its context. */
    Scale(double below, int context) {
      this(
          below,
          0,
          shared(context, DecoderSection.DEFAULT.tied(), DecoderSection.DEFAULT.shapes()),
          Grid.Sizes.DEFAULT.perBudget(),
          Expected.DEFAULT,
          Evaluation.DEFAULT);
    }

    SweepConfig sweep(String name, CorpusConfig corpus, double top) {
      List<Double> budgets =
          IntStream.range(0, BUDGETS)
              .mapToObj(i -> rounded(top / Math.pow(RATIO, BUDGETS - 1 - i)))
              .filter(budget -> budget >= least)
              .toList();
      return new SweepConfig(
          name,
          corpus,
          decoder,
          new Grid(budgets, new Grid.Sizes(sizes, Grid.Sizes.DEFAULT.span()), expected),
          Training.DEFAULT,
          evaluation,
          Limits.DEFAULT);
    }
  }

  private static final List<Scale> SCALES =
      List.of(
          new Scale(6e10, 1e9, tied(16, ONE_LAYER), 5, ratio(4), new Evaluation(20_000, 0)),
          new Scale(1e12, 6e9, tied(64, Shapes.DEFAULT), 5, ratio(10), Evaluation.DEFAULT),
          new Scale(1e13, 128),
          new Scale(1e16, 256),
          new Scale(1e18, 512),
          new Scale(Double.POSITIVE_INFINITY, 1024));

  private final String name;
  private final CorpusConfig corpus;
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
  public record Found(SweepConfig config, Plan plan, double seconds, Optional<String> refused) {}

  /**
   * Prepares to search.
   *
   * @param planner plans a configuration, or refuses it with {@link BadInputException}
   * @param lanes jobs that are as fast at once as one alone
   */
  public SweepForTime(
      String name, CorpusConfig corpus, Function<SweepConfig, Plan> planner, int lanes) {
    this.name = name;
    this.corpus = corpus;
    this.planner = planner;
    this.lanes = lanes;
  }

  /**
   * Returns the largest sweep that ends in time, or the smallest there is where that takes longer.
   *
   * @throws BadInputException if even the smallest cannot be planned
   */
  public Found within(double seconds) {
    Found best = planned(LEAST);
    if (best.seconds() > seconds) {
      return best;
    }
    double low = LEAST;
    double high = LEAST;
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
    return new Found(best.config(), best.plan(), best.seconds(), refused);
  }

  /** Returns the smallest sweep over two decades, if it can be planned. */
  public Optional<Found> overTwoDecades() {
    try {
      return Optional.of(planned(LEAST_OF_TWO_DECADES));
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

  private Found planned(double top) {
    Scale scale = SCALES.stream().filter(some -> top < some.below()).findFirst().orElseThrow();
    SweepConfig config = scale.sweep(name, corpus, top);
    Plan plan = planner.apply(config);
    return new Found(config, plan, plan.forecast().seconds(lanes), Optional.empty());
  }

  private static DecoderSection tied(int context, Shapes shapes) {
    return shared(context, true, shapes);
  }

  private static DecoderSection shared(int context, boolean tied, Shapes shapes) {
    DecoderSection usual = DecoderSection.DEFAULT;
    return new DecoderSection(
        context, usual.mlp(), usual.norm(), usual.qkNorm(), tied, shapes, usual.parametrization());
  }

  private static Expected ratio(double tokensPerParam) {
    return new Expected.TokensPerParam(tokensPerParam);
  }

  private static double rounded(double flops) {
    return new BigDecimal(flops).round(DIGITS).doubleValue();
  }
}
