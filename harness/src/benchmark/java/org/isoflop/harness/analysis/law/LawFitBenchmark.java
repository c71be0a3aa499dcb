package org.isoflop.harness.analysis.law;

import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.isoflop.harness.analysis.law.LawFit.Criterion;
import org.isoflop.harness.analysis.law.LawObjective.Expansion;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.stats.IntervalScheme;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long the parametric law takes on 240 points, the size of the largest public set: a fit from
 * all its starts, one refit to a resample, and one pass over the points with second derivatives.
 *
 * <p>Run with {@code mvn -Pbenchmark -pl harness -am test -DskipTests}; JMH's own options go in
 * {@code -Djmh.options="…"}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class LawFitBenchmark {

  /** What the fit minimises. */
  @Param public Criterion criterion;

  private List<LossPoint> points;
  private LawObjective objective;
  private LawSample.Draws draws;
  private double[] position;
  private final Expansion expansion = new Expansion();
  private long seed;

  /** Makes the points and their fit. */
  @Setup
  public void fitOnce() {
    points = LawData.sorted(LawPoints.noisy240(1));
    LawData data = new LawData(points);
    objective = new LawObjective(data, criterion);
    LawFit fit = LawPoints.fit(points, criterion);
    position = data.position(fit.law());
    draws = new LawSample.Draws(points, fit, IntervalScheme.POINTS);
  }

  /** Fits from all starts. */
  @Benchmark
  public Object fit() {
    return LawFit.fit(points, criterion);
  }

  /** Draws a resample and refits it. */
  @Benchmark
  public Object replicate() {
    return draws.refit(draws.draw(new SplittableRandom(seed++)));
  }

  /** Expands the objective once. */
  @Benchmark
  public double pass() {
    objective.expand(position, LawObjective.HUBER_DELTA, expansion);
    return expansion.value;
  }
}
