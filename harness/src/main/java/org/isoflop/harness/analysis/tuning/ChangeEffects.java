package org.isoflop.harness.analysis.tuning;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.hipparchus.distribution.continuous.TDistribution;
import org.hipparchus.stat.regression.OLSMultipleLinearRegression;
import org.isoflop.harness.analysis.stats.Estimate;
import org.isoflop.harness.analysis.stats.Interval;
import org.isoflop.harness.analysis.tuning.TuningRun.Cell;
import org.isoflop.harness.analysis.tuning.TuningRun.Change;
import org.isoflop.harness.analysis.tuning.TuningRun.Setting;

/**
 * What single changes do to the loss, each against the run of the same cell, learning rate, batch
 * and seed without it: a two-way analysis of variance of ln loss, blocks and changes, whose
 * residuals are the noise. The intervals hold all together in 95% of such analyses (Bonferroni), so
 * that the best of many changes is no find of chance.
 *
 * @param effects of every change that was tried, in the order of the keys and values
 */
public record ChangeEffects(List<Effect> effects) {

  private static final double LEVEL = 0.05;

  private static final Comparator<TuningRun> ORDER =
      Comparator.comparing((TuningRun run) -> run.setting().change().map(Change::key).orElse(""))
          .thenComparingDouble(run -> run.setting().change().map(Change::value).orElse(0.0))
          .thenComparing(TuningRounds.Trial::of);

  /** A run of one block; its change, if it has one. */
  private record Block(Cell cell, Setting setting, long seed) {

    static Block of(TuningRun run) {
      return new Block(run.cell(), run.setting().unchanged(), run.seed());
    }
  }

  /**
   * What a change does.
   *
   * @param change what was changed
   * @param runs pairs of a run with it and one without
   * @param diverged how many of those with it diverged
   * @param loss what it adds to the loss, as a share of it; empty where nothing can be said
   */
  public record Effect(Change change, int runs, int diverged, Optional<Estimate> loss) {

    /** Returns whether it lowers the loss beyond the noise. */
    public boolean better() {
      return diverged == 0 && loss.filter(share -> share.interval().high() < 0).isPresent();
    }

    /** Returns whether it raises the loss beyond the noise, or makes runs diverge. */
    public boolean worse() {
      return diverged > 0 || loss.filter(share -> share.interval().low() > 0).isPresent();
    }

    /** Returns what of it is known, for people. */
    public String verdict() {
      if (diverged > 0) {
        return diverged + " of " + runs + " diverged";
      }
      if (loss.isEmpty()) {
        return "too few runs to tell";
      }
      return better() ? "better" : worse() ? "worse" : "not beyond the noise";
    }

    /** Returns whether it may lower the loss by more than this share, and is not seen to yet. */
    boolean open(double share) {
      return !better()
          && !worse()
          && loss.filter(found -> found.interval().low() >= -share).isEmpty();
    }
  }

  /** Copies the list. */
  public ChangeEffects {
    effects = List.copyOf(effects);
  }

  /** Returns what the changes among these runs do. */
  public static ChangeEffects of(Collection<TuningRun> runs) {
    Map<Block, TuningRun> without = new LinkedHashMap<>();
    runs.stream()
        .filter(run -> run.setting().change().isEmpty() && run.loss().isPresent())
        .sorted(ORDER)
        .forEach(run -> without.put(Block.of(run), run));
    List<TuningRun> with =
        runs.stream()
            .filter(run -> run.setting().change().isPresent())
            .filter(run -> without.containsKey(Block.of(run)))
            .sorted(ORDER)
            .toList();
    Map<Change, Estimate> losses = losses(without, with);
    return new ChangeEffects(
        with.stream()
            .collect(
                Collectors.groupingBy(
                    run -> run.setting().change().orElseThrow(),
                    LinkedHashMap::new,
                    Collectors.toList()))
            .entrySet()
            .stream()
            .map(
                tried ->
                    new Effect(
                        tried.getKey(),
                        tried.getValue().size(),
                        (int) tried.getValue().stream().filter(r -> r.loss().isEmpty()).count(),
                        Optional.ofNullable(losses.get(tried.getKey()))))
            .toList());
  }

  private static Map<Change, Estimate> losses(Map<Block, TuningRun> without, List<TuningRun> with) {
    List<TuningRun> rows = new ArrayList<>(with);
    rows.removeIf(run -> run.loss().isEmpty());
    Set<Block> used =
        rows.stream().map(Block::of).collect(Collectors.toCollection(LinkedHashSet::new));
    used.forEach(block -> rows.add(without.get(block)));
    List<Block> blocks = List.copyOf(used);
    List<Change> changes =
        rows.stream().flatMap(run -> run.setting().change().stream()).distinct().toList();
    int columns = changes.size() + blocks.size();
    if (rows.size() <= columns) {
      return Map.of(); // no residual says what the noise is
    }
    double[][] x = new double[rows.size()][columns];
    double[] y = new double[rows.size()];
    for (int i = 0; i < y.length; i++) {
      TuningRun run = rows.get(i);
      y[i] = Math.log(run.loss().orElseThrow());
      x[i][changes.size() + blocks.indexOf(Block.of(run))] = 1;
      if (run.setting().change().isPresent()) {
        x[i][changes.indexOf(run.setting().change().get())] = 1;
      }
    }
    OLSMultipleLinearRegression regression = new OLSMultipleLinearRegression();
    regression.setNoIntercept(true); // the blocks have it
    regression.newSampleData(y, x);
    double[] found = regression.estimateRegressionParameters();
    double[] errors = regression.estimateRegressionParametersStandardErrors();
    double far =
        new TDistribution((double) y.length - columns)
            .inverseCumulativeProbability(1 - LEVEL / 2 / changes.size());
    Map<Change, Estimate> losses = new LinkedHashMap<>();
    for (int i = 0; i < changes.size(); i++) {
      double half = far * errors[i];
      losses.put(
          changes.get(i),
          new Estimate(found[i], new Interval(found[i] - half, found[i] + half)).map(Math::expm1));
    }
    return losses;
  }

  /**
   * Returns the changes to make: of every key the one that lowers the loss most beyond the noise.
   */
  public List<Effect> better() {
    Map<String, Effect> best = new LinkedHashMap<>();
    effects.stream()
        .filter(Effect::better)
        .forEach(
            effect ->
                best.merge(
                    effect.change().key(),
                    effect,
                    (one, other) -> value(other) < value(one) ? other : one));
    return List.copyOf(best.values());
  }

  private static double value(Effect effect) {
    return effect.loss().orElseThrow().value();
  }
}
