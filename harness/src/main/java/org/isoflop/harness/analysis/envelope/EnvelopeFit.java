package org.isoflop.harness.analysis.envelope;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.envelope.LowerBound.Lines;
import org.isoflop.harness.analysis.envelope.LowerBound.LossTable;
import org.isoflop.harness.analysis.isoflop.Exponents;
import org.isoflop.harness.analysis.stats.Estimate;
import org.isoflop.harness.analysis.stats.Fitted;
import org.isoflop.harness.analysis.stats.PowerLaw;
import org.isoflop.harness.analysis.stats.Quantiles;
import org.isoflop.harness.analysis.stats.Resampling;

/**
 * The envelope of the training curves: at each compute the lowest loss of all runs, and power laws
 * through the N and D of the run that has it (Hoffmann et al. 2022, arXiv 2203.15556, section 3.1,
 * "approach 1").
 *
 * <p>It takes the curves for what they would be at a constant distance from the end of a schedule.
 * They are not: before its cooldown or the end of its cosine a run stands above a run of the same
 * size that was decayed by then, so the envelope leans towards small models near their end. How far
 * depends on the lengths of the runs. On the re-fitted Chinchilla law (a = .513), with a cosine
 * whose end is worth 5% of the loss, 12 sizes on equal tokens give a = .40; 7 sizes at each of 5
 * budgets, which end together, give .51, and a constant rate with a cooldown gives .51 on both. It
 * is a check of the other methods, not a headline.
 *
 * <p>Compute at which the best run is the smallest or the largest of those in training there is
 * left out: what lies beyond was not measured. N* moves from size to size in steps; a least-squares
 * line through n whole equal steps has (1 − 1/n²) of their slope, which a warning says where n is
 * small.
 */
public final class EnvelopeFit {

  private static final int FEWEST_SIZES = 4;

  /** Fewer draws than this share, and an interval would describe the exceptions. */
  private static final double FEWEST_SHARE = 0.5;

  /** Draws lost below this share move no end of a 95% interval that matters. */
  private static final double LOST = 0.02;

  /** With fewer sizes than this the steps of N* flatten a by more than 4%. */
  private static final int MANY_SIZES = 5;

  /** Curves of equal size and end are told apart by what they are called. */
  private static final Comparator<SmoothCurve> ORDER =
      Comparator.comparingDouble((SmoothCurve curve) -> curve.run().params())
          .thenComparing(curve -> curve.run().lineage())
          .thenComparingDouble(SmoothCurve::last)
          .thenComparingDouble(SmoothCurve::first);

  private EnvelopeFit() {}

  /**
   * Fits. Intervals are of whole runs drawn with replacement, those of one lineage together. The
   * result depends on the seed, and neither on the order of the runs nor on the number of threads.
   *
   * @param runs in any order; those with fewer than 5 samples behind their warm-up are left out
   * @return the envelope; refused where there are no curves, fewer than 4 sizes, fewer than 3 sizes
   *     on the envelope or half a decade of it, or where most resamples have too little of it
   */
  public static Fitted<Envelope> fit(List<TrainingRun> runs, Resampling settings) {
    List<SmoothCurve> curves =
        runs.stream().flatMap(run -> SmoothCurve.of(run).stream()).sorted(ORDER).toList();
    Optional<String> refusal = refusal(curves);
    if (refusal.isPresent()) {
      return Fitted.refused(refusal.get());
    }
    LossTable table = LossTable.of(curves);
    boolean[] all = new boolean[curves.size()];
    Arrays.fill(all, true);
    LowerBound envelope = LowerBound.of(table, all);
    Fitted<Lines> lines = envelope.lines();
    if (lines.value().isEmpty()) {
      return Fitted.refused(lines.refused().orElseThrow());
    }
    List<Lines> drawn = resample(table, lineages(curves), settings);
    int refused = settings.replicates() - drawn.size();
    if (drawn.size() < FEWEST_SHARE * settings.replicates()) {
      return Fitted.refused(
          Quantities.format(
              "%d of %d resamples of the runs have too little of an envelope for exponents, so those"
                  + " of all runs hang on single runs.",
              refused, settings.replicates()));
    }
    Lines found = lines.value().get();
    Exponents exponents =
        new Exponents(estimate(found, drawn, Lines::params), estimate(found, drawn, Lines::tokens));
    return Fitted.of(
        new Envelope(
            exponents,
            envelope.points(Envelope.MOST_POINTS),
            notes(envelope, refused, settings.replicates())));
  }

  private static Optional<String> refusal(List<SmoothCurve> curves) {
    if (curves.isEmpty()) {
      return Optional.of(
          "No training curves: the envelope needs the losses of runs on their way, as a sweep logs"
              + " them for every job.");
    }
    long sizes = curves.stream().mapToDouble(curve -> curve.run().params()).distinct().count();
    if (sizes < FEWEST_SIZES) {
      return Optional.of(
          Quantities.format(
              "The training curves are of only %d size%s; the envelope needs at least %d.",
              sizes, sizes == 1 ? "" : "s", FEWEST_SIZES));
    }
    return Optional.empty();
  }

  private static List<List<Integer>> lineages(List<SmoothCurve> curves) {
    Map<String, List<Integer>> lineages = new LinkedHashMap<>();
    for (int i = 0; i < curves.size(); i++) {
      lineages.computeIfAbsent(curves.get(i).run().lineage(), lineage -> new ArrayList<>()).add(i);
    }
    return List.copyOf(lineages.values());
  }

  private static List<Lines> resample(
      LossTable table, List<List<Integer>> lineages, Resampling settings) {
    long[] seeds = settings.seeds();
    return IntStream.range(0, seeds.length)
        .parallel()
        .mapToObj(r -> LowerBound.of(table, draw(table, lineages, seeds[r])).lines().value())
        .flatMap(Optional::stream)
        .toList();
  }

  /** Returns which runs are drawn at all: twice the same run is no lower than once. */
  private static boolean[] draw(LossTable table, List<List<Integer>> lineages, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    boolean[] drawn = new boolean[table.runs()];
    for (int i = 0; i < lineages.size(); i++) {
      lineages.get(random.nextInt(lineages.size())).forEach(run -> drawn[run] = true);
    }
    return drawn;
  }

  private static Estimate estimate(Lines found, List<Lines> drawn, Function<Lines, PowerLaw> line) {
    ToDoubleFunction<Lines> exponent = lines -> line.apply(lines).exponent();
    return Quantiles.estimate(
        exponent.applyAsDouble(found), drawn.stream().mapToDouble(exponent).toArray());
  }

  private static List<String> notes(LowerBound envelope, int refused, int replicates) {
    List<String> notes = new ArrayList<>();
    notes.add(
        "Envelope: a loss before the end of its schedule is higher than a decayed one, so the"
            + " envelope leans towards small models near the end of their runs; take it as a"
            + " check of the other methods only.");
    long sizes = envelope.sizes();
    if (sizes < MANY_SIZES) {
      notes.add(
          Quantities.format(
              "Envelope: its N* takes only %d values, and steps as coarse as that lower a by about"
                  + " %s of itself.",
              sizes, Quantities.percent(1.0 / (sizes * sizes))));
    }
    int used = envelope.at().size();
    if (envelope.edges() > used) {
      notes.add(
          Quantities.format(
              "Envelope: over %s of the compute the smallest or the largest size in training has the"
                  + " lowest loss, and only the rest was used.",
              Quantities.percent((double) envelope.edges() / (envelope.edges() + used))));
    }
    if (refused > LOST * replicates) {
      notes.add(
          Quantities.format(
              "Envelope: %d of %d resamples of the runs have too little of it for exponents, and its"
                  + " intervals are of the rest.",
              refused, replicates));
    }
    return notes;
  }
}
