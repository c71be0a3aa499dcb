package org.isoflop.harness.analysis.tuning;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.hipparchus.stat.regression.OLSMultipleLinearRegression;
import org.isoflop.harness.analysis.stats.Estimate;
import org.isoflop.harness.analysis.tuning.TuningRun.Change;
import org.isoflop.harness.analysis.tuning.TuningRun.Trial;

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
      Comparator.comparing((TuningRun run) -> run.setting().change(), Change.ORDER)
          .thenComparing(TuningRun::trial);

  /**
   * What a change does.
   *
   * @param change what was changed
   * @param runs pairs of a run with it and one without
   * @param diverged how many of those with it diverged
   * @param loss what it adds to the loss, as a share of it; empty where nothing can be said
   */
  public record Effect(
      @JsonUnwrapped Change change,
      int runs,
      int diverged,
      @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Estimate> loss) {

    /** Returns whether it lowers the loss beyond the noise. */
    public boolean better() {
      return diverged == 0 && loss.filter(share -> share.interval().high() < 0).isPresent();
    }

    /** Returns whether it raises the loss beyond the noise, or makes runs diverge. */
    public boolean worse() {
      return diverged > 0 || loss.filter(share -> share.interval().low() > 0).isPresent();
    }

    /** Returns what of it is known, for people. */
    @JsonProperty
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

    /** Returns what it adds to the loss; 0 where nothing can be said. */
    double value() {
      return loss.map(Estimate::value).orElse(0.0);
    }
  }

  /** Copies the list. */
  public ChangeEffects {
    effects = List.copyOf(effects);
  }

  /** Returns what the changes among these runs do. */
  public static ChangeEffects of(Collection<TuningRun> runs) {
    Map<Trial, TuningRun> blocks =
        runs.stream()
            .filter(run -> run.unchanged() && run.loss().isPresent())
            .collect(Collectors.toMap(TuningRun::trial, Function.identity(), (one, same) -> same));
    Map<Change, List<TuningRun>> tried =
        runs.stream()
            .filter(run -> !run.unchanged() && blocks.containsKey(run.trial().unchanged()))
            .sorted(ORDER)
            .collect(
                Collectors.groupingBy(
                    run -> run.setting().change().orElseThrow(),
                    LinkedHashMap::new,
                    Collectors.toList()));
    Map<Change, Estimate> losses = losses(blocks, tried);
    List<Effect> effects = new ArrayList<>();
    tried.forEach(
        (change, with) ->
            effects.add(
                new Effect(
                    change,
                    with.size(),
                    (int) with.stream().filter(run -> run.loss().isEmpty()).count(),
                    Optional.ofNullable(losses.get(change)))));
    return new ChangeEffects(effects);
  }

  private static Map<Change, Estimate> losses(
      Map<Trial, TuningRun> blocks, Map<Change, List<TuningRun>> tried) {
    List<TuningRun> with =
        tried.values().stream()
            .flatMap(List::stream)
            .filter(run -> run.loss().isPresent())
            .toList();
    List<Change> changes = with.stream().map(ChangeEffects::change).distinct().toList();
    List<Trial> used = with.stream().map(run -> run.trial().unchanged()).distinct().toList();
    List<TuningRun> rows = Stream.concat(with.stream(), used.stream().map(blocks::get)).toList();
    int columns = changes.size() + used.size();
    if (rows.size() <= columns) {
      return Map.of(); // no residual says what the noise is
    }
    double[][] x = new double[rows.size()][columns];
    double[] y = new double[rows.size()];
    for (int i = 0; i < y.length; i++) {
      TuningRun run = rows.get(i);
      y[i] = Math.log(run.loss().orElseThrow());
      x[i][changes.size() + used.indexOf(run.trial().unchanged())] = 1;
      if (!run.unchanged()) {
        x[i][changes.indexOf(change(run))] = 1;
      }
    }
    OLSMultipleLinearRegression regression = new OLSMultipleLinearRegression();
    regression.setNoIntercept(true); // the blocks have it
    regression.newSampleData(y, x);
    double[] found = regression.estimateRegressionParameters();
    double[] errors = regression.estimateRegressionParametersStandardErrors();
    double level = 1 - LEVEL / changes.size();
    Map<Change, Estimate> losses = new LinkedHashMap<>();
    for (int i = 0; i < changes.size(); i++) {
      Estimate lnLoss = Estimate.student(found[i], errors[i], y.length - columns, level);
      losses.put(changes.get(i), lnLoss.map(Math::expm1));
    }
    return losses;
  }

  private static Change change(TuningRun run) {
    return run.setting().change().orElseThrow();
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
                    (one, other) -> other.value() < one.value() ? other : one));
    return List.copyOf(best.values());
  }
}
