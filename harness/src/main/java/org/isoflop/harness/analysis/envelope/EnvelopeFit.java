package org.isoflop.harness.analysis.envelope;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.isoflop.Exponents;
import org.isoflop.harness.analysis.isoflop.FrontierFit;
import org.isoflop.harness.analysis.isoflop.FrontierFit.Frontier;
import org.isoflop.harness.analysis.stats.Fitted;
import org.isoflop.harness.analysis.stats.PowerLaw;
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
  private static final int FEWEST_HOLDERS = 3;
  private static final double LEAST_DECADES = 0.5;

  /** As many values of compute as Hoffmann et al. took. */
  private static final int VALUES = 1500;

  /** A best size needs one on either side. */
  private static final long FEWEST_ALIVE = 3;

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

  /**
   * What the envelope says of the compute-optimal allocation.
   *
   * @param exponents of the lines through it, with intervals over resampled runs
   * @param notes what a careful reader should know of these exponents, one sentence each
   */
  public record Envelope(Exponents exponents, List<String> notes) {

    /** Copies the list. */
    public Envelope {
      notes = List.copyOf(notes);
    }
  }

  /** Smallest size first. */
  private final List<SmoothCurve> curves;

  /** Geometric values of compute where three sizes are in training; none where they never are. */
  private final double[] lnFlops;

  /** Smoothed, by curve and value, so that resampling is cheap; NaN where a curve has none. */
  private final double[][] loss;

  private EnvelopeFit(List<SmoothCurve> curves) {
    this.curves = curves;
    double[] ends =
        curves.stream()
            .flatMapToDouble(curve -> DoubleStream.of(curve.first(), curve.last()))
            .filter(end -> sizesAlive(end) >= FEWEST_ALIVE)
            .sorted()
            .toArray();
    double low = ends.length == 0 ? 0 : ends[0];
    double high = ends.length == 0 ? 0 : ends[ends.length - 1];
    lnFlops = new double[low < high ? VALUES : 0];
    Arrays.setAll(lnFlops, c -> low + (high - low) * c / (VALUES - 1));
    loss =
        curves.parallelStream()
            .map(curve -> Arrays.stream(lnFlops).map(curve::at).toArray())
            .toArray(double[][]::new);
  }

  private long sizesAlive(double at) {
    return curves.stream()
        .filter(curve -> curve.alive(at))
        .mapToDouble(curve -> curve.run().params())
        .distinct()
        .count();
  }

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
    return Fitted.unless(refusal(curves), () -> new EnvelopeFit(curves))
        .flatMap(fit -> fit.envelope(settings));
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

  private Fitted<Envelope> envelope(Resampling settings) {
    boolean[] all = new boolean[curves.size()];
    Arrays.fill(all, true);
    Bound bound = bound(all);
    return bound.lines().flatMap(lines -> envelope(bound, lines, settings));
  }

  private Fitted<Envelope> envelope(Bound bound, Frontier lines, Resampling settings) {
    List<List<Integer>> lineages = lineages();
    List<Frontier> drawn =
        settings
            .draws(random -> bound(draw(lineages, random)).lines().value())
            .flatMap(Optional::stream)
            .toList();
    int refused = settings.replicates() - drawn.size();
    return drawn.size() < FrontierFit.FEWEST_SHARE * settings.replicates()
        ? Fitted.refused(
            Quantities.format(
                "%d of %d resamples of the runs have too little of an envelope for exponents, so"
                    + " those of all runs hang on single runs.",
                refused, settings.replicates()))
        : Fitted.of(
            new Envelope(lines.exponents(drawn), notes(bound, refused, settings.replicates())));
  }

  private List<List<Integer>> lineages() {
    Map<String, List<Integer>> lineages = new LinkedHashMap<>();
    for (int i = 0; i < curves.size(); i++) {
      lineages.computeIfAbsent(curves.get(i).run().lineage(), lineage -> new ArrayList<>()).add(i);
    }
    return List.copyOf(lineages.values());
  }

  /** Returns which runs are drawn at all: twice the same run is no lower than once. */
  private boolean[] draw(List<List<Integer>> lineages, SplittableRandom random) {
    boolean[] drawn = new boolean[curves.size()];
    for (int i = 0; i < lineages.size(); i++) {
      lineages.get(random.nextInt(lineages.size())).forEach(run -> drawn[run] = true);
    }
    return drawn;
  }

  /** Takes the lowest loss at every compute of the runs that are drawn. */
  private Bound bound(boolean[] drawn) {
    List<Place> places = new ArrayList<>();
    int edges = 0;
    for (int c = 0; c < lnFlops.length; c++) {
      int best = -1;
      int smallest = -1;
      int largest = -1;
      for (int run = 0; run < drawn.length; run++) {
        if (drawn[run] && !Double.isNaN(loss[run][c])) {
          smallest = smallest < 0 ? run : smallest;
          largest = run;
          best = best < 0 || loss[run][c] < loss[best][c] ? run : best;
        }
      }
      if (best < 0) {
        continue;
      }
      if (params(best) > params(smallest) && params(best) < params(largest)) {
        places.add(new Place(best, c));
      } else {
        edges++;
      }
    }
    return new Bound(places, edges);
  }

  private double params(int run) {
    return curves.get(run).run().params();
  }

  /** The run that has the lowest loss at a value of compute. */
  private record Place(int run, int at) {}

  /** The envelope of some runs where it lies inside their sizes. */
  private final class Bound {

    private final List<Place> places;
    private final int edges;
    private final long sizes;

    /**
     * Takes the places, by compute.
     *
     * @param edges how many further values of compute were left out because the smallest or the
     *     largest size in training has the lowest loss there
     */
    Bound(List<Place> places, int edges) {
      this.places = places;
      this.edges = edges;
      sizes = places.stream().mapToDouble(place -> params(place.run())).distinct().count();
    }

    /** Fits the lines, or says why this is too little for any. */
    Fitted<Frontier> lines() {
      if (sizes < FEWEST_HOLDERS) {
        return Fitted.refused(
            Quantities.format(
                "Only %d size%s the lowest training loss between smaller and larger ones of equal"
                    + " compute; exponents of the envelope need at least %d.",
                sizes, sizes == 1 ? " has" : "s have", FEWEST_HOLDERS));
      }
      double[] x = places.stream().mapToDouble(place -> lnFlops[place.at()]).toArray();
      double decades = (x[x.length - 1] - x[0]) / Math.log(10);
      if (decades < LEAST_DECADES) {
        return Fitted.refused(
            Quantities.format(
                "The envelope of the training curves lies inside their sizes over only %.2f decades"
                    + " of compute; its exponents need at least %.1f.",
                decades, LEAST_DECADES));
      }
      return Fitted.of(
          new Frontier(
              PowerLaw.fit(
                  x, places.stream().mapToDouble(at -> Math.log(params(at.run()))).toArray()),
              PowerLaw.fit(
                  x,
                  places.stream()
                      .mapToDouble(at -> curves.get(at.run()).lnTokens(lnFlops[at.at()]))
                      .toArray())));
    }
  }

  private static List<String> notes(Bound envelope, int refused, int replicates) {
    List<String> notes = new ArrayList<>();
    notes.add(
        "Envelope: a loss before the end of its schedule is higher than a decayed one, so the"
            + " envelope leans towards small models near the end of their runs; take it as a"
            + " check of the other methods only.");
    long sizes = envelope.sizes;
    if (sizes < MANY_SIZES) {
      notes.add(
          Quantities.format(
              "Envelope: its N* takes only %d values, and steps as coarse as that lower a by about"
                  + " %s of itself.",
              sizes, Quantities.percent(1.0 / (sizes * sizes))));
    }
    int used = envelope.places.size();
    if (envelope.edges > used) {
      notes.add(
          Quantities.format(
              "Envelope: over %s of the compute the smallest or the largest size in training has"
                  + " the lowest loss, and only the rest was used.",
              Quantities.percent((double) envelope.edges / (envelope.edges + used))));
    }
    if (refused > LOST * replicates) {
      notes.add(
          Quantities.format(
              "Envelope: %d of %d resamples of the runs have too little of it for exponents, and"
                  + " its intervals are of the rest.",
              refused, replicates));
    }
    return notes;
  }
}
