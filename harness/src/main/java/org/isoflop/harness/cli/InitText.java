package org.isoflop.harness.cli;

import static org.isoflop.harness.Quantities.count;
import static org.isoflop.harness.Quantities.duration;
import static org.isoflop.harness.Quantities.flops;
import static org.isoflop.harness.Quantities.format;
import static org.isoflop.harness.ScreenLines.wrap;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.config.Expected;
import org.isoflop.harness.config.SweepConfig;
import org.isoflop.harness.plan.JobForecast;
import org.isoflop.harness.plan.PrecisionForecast;
import org.isoflop.harness.sweep.SweepForTime.Found;

/** What {@code isoflop init} says of the sweep that it found, on the screen and in its file. */
final class InitText {

  /** With it a 95% interval of a reaches from .3 to .7. */
  private static final double LARGEST_ERROR = 0.1;

  private final Found found;
  private final double asked;
  private final String devices;
  private final List<JobForecast> points;

  /**
   * Prepares to say it.
   *
   * @param asked the seconds it was to take
   * @param devices that it would train on, as the command line calls them
   */
  InitText(Found found, double asked, String devices) {
    this.found = found;
    this.asked = asked;
    this.devices = devices;
    this.points = found.plan().forecast().points();
  }

  /** Returns the comment at the top of the file. */
  List<String> head() {
    return List.of(
        "Written by 'isoflop init' for " + duration(asked) + ": " + size() + ",",
        takes() + ". Keys that are not here have their defaults.");
  }

  /**
   * Returns the lines of the screen.
   *
   * @param precision of the sweep
   * @param jobs that train at once
   * @param wide the smallest sweep over two decades, where there is one
   */
  List<String> lines(PrecisionForecast precision, int jobs, Supplier<Optional<Found>> wide) {
    List<String> lines = new ArrayList<>();
    lines.add("");
    var budgets = points.stream().mapToDouble(InitText::budget).summaryStatistics();
    var params = points.stream().mapToDouble(InitText::params).summaryStatistics();
    wrap(
        "sweep  ",
        format(
            "%s of decoders of %s to %s params; %s, %d jobs at a time",
            size(), count(params.getMin()), count(params.getMax()), takes(), jobs),
        lines);
    wrap(
        "expect ",
        format(
            "N* from about %s to %s params, where %s tokens per param are best; %s",
            count(optimum(budgets.getMin())),
            count(optimum(budgets.getMax())),
            Quantities.digits(ratio()),
            precision.sentence()),
        lines);
    found.refused().ifPresent(why -> wrap("larger ", "would be refused: " + why, lines));
    if (found.seconds() > asked) {
      wrap(
          "warning",
          format(
              "There is no smaller sweep than this one, which takes longer than %s.",
              duration(asked)),
          lines);
    }
    if (precision.precision().value().filter(a -> a.standardError() <= LARGEST_ERROR).isEmpty()) {
      wrap(
          "warning",
          "This sweep is too small for an exponent that tells anything"
              + wide.get().map(InitText::takesLonger).orElse("")
              + ".",
          lines);
    }
    found.plan().warnings().forEach(warning -> wrap("warning", warning, lines));
    return lines;
  }

  private String size() {
    return format(
        "%d budgets from %s to %s FLOPs, %d loss points",
        found.config().grid().budgets().size(),
        flops(found.config().grid().budgets().get(0)),
        flops(top(found.config())),
        points.size());
  }

  private String takes() {
    return format("about %s on %s", duration(found.seconds()), devices);
  }

  private static String takesLonger(Found wide) {
    return format(
        "; two decades, up to %s FLOPs, take about %s here",
        flops(top(wide.config())), duration(wide.seconds()));
  }

  /** Returns the size of a budget nearest to where the grid expects its optimum. */
  private double optimum(double budget) {
    return points.stream()
        .filter(point -> budget(point) == budget)
        .min(Comparator.comparingDouble(this::fromRatio))
        .map(InitText::params)
        .orElseThrow();
  }

  private double fromRatio(JobForecast point) {
    double tokens = point.job().horizon().orElseThrow().tokens();
    return Math.abs(Math.log(tokens / params(point) / ratio()));
  }

  private double ratio() {
    return ((Expected.TokensPerParam) found.config().grid().expected()).tokensPerParam();
  }

  private static double top(SweepConfig config) {
    List<Double> budgets = config.grid().budgets();
    return budgets.get(budgets.size() - 1);
  }

  private static double budget(JobForecast point) {
    return point.job().horizon().orElseThrow().budget();
  }

  private static double params(JobForecast point) {
    return point.job().decoder().parameters().total();
  }
}
