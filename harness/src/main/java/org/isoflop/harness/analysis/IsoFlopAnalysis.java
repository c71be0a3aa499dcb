package org.isoflop.harness.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.Analysis.ConventionResult;
import org.isoflop.harness.analysis.Analysis.LossFrontier;
import org.isoflop.harness.analysis.Analysis.PointResidual;
import org.isoflop.harness.analysis.allocation.Allocator;
import org.isoflop.harness.analysis.envelope.Envelope;
import org.isoflop.harness.analysis.envelope.EnvelopeFit;
import org.isoflop.harness.analysis.envelope.TrainingRun;
import org.isoflop.harness.analysis.isoflop.BudgetCurve;
import org.isoflop.harness.analysis.isoflop.EfficientFrontier;
import org.isoflop.harness.analysis.isoflop.EfficientFrontier.FrontierPoint;
import org.isoflop.harness.analysis.isoflop.Exponents;
import org.isoflop.harness.analysis.isoflop.Exponents.LocalExponent;
import org.isoflop.harness.analysis.isoflop.Histories;
import org.isoflop.harness.analysis.isoflop.LossFrontierFit;
import org.isoflop.harness.analysis.isoflop.RobustIsoFlop;
import org.isoflop.harness.analysis.law.LackOfFit;
import org.isoflop.harness.analysis.law.Law;
import org.isoflop.harness.analysis.law.LawFit;
import org.isoflop.harness.analysis.law.LawFit.Criterion;
import org.isoflop.harness.analysis.law.WindowLaw;
import org.isoflop.harness.analysis.points.Convention;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.points.LossPoints;
import org.isoflop.harness.analysis.points.PointSample;
import org.isoflop.harness.analysis.points.Remarks;
import org.isoflop.harness.analysis.stats.Fitted;
import org.isoflop.harness.analysis.stats.Resampling;

/**
 * From loss points to optima, local exponents, and every method's exponents beside each other, each
 * with a 95% interval or with the reason there is none.
 */
public final class IsoFlopAnalysis {

  private static final int FRONTIER_POINTS = 41;

  /** The frontier is drawn, and budgets are allocated, so many decades beyond the measured ones. */
  private static final double DRAWN_BEYOND = 1;

  private static final double[] ALLOCATED = {1, Math.sqrt(10), 10, 100};

  /** Windows and conventions are many, and need no more than this for two digits of an interval. */
  private static final int FEW_REPLICATES = 500;

  /** Of more points than this, bias, windows of the law and other conventions take a part. */
  private static final int MANY_POINTS = 1000;

  private static final int MOST_WINDOWS = 8;

  private final LossPoints input;
  private final List<LossPoint> points;
  private final AnalysisSettings settings;
  private final Histories histories;
  private final Laws laws;
  private final RobustIsoFlop robust;
  private final Optional<LackOfFit> lackOfFit;

  private IsoFlopAnalysis(LossPoints input, AnalysisSettings settings) {
    this.input = input;
    this.settings = settings;
    List<LossPoint> once = List.copyOf(new LinkedHashSet<>(input.points()));
    Fitted<LawFit> fit = Laws.fit(once);
    histories = Histories.of(once, fit.value().map(LawFit::law));
    points = histories.points();
    laws = new Laws(points, fit, settings);
    robust = RobustIsoFlop.of(points, laws.law(), settings.intervals(), settings.resampling());
    lackOfFit = laws.law().map(law -> LackOfFit.of(points, law, robust.residuals()));
  }

  /**
   * Analyses points as they were read, in the convention they are in, and passes on the remarks of
   * the reading. Points that repeat another exactly count once.
   *
   * @throws BadInputException if there is no point
   */
  public static Analysis analyze(LossPoints input, AnalysisSettings settings) {
    return analyze(input, List.of(), settings);
  }

  /**
   * Analyses points together with the training curves of their runs, which give the envelope.
   *
   * @param training in the convention of the points; may be empty
   * @throws BadInputException if there is no point
   */
  public static Analysis analyze(
      LossPoints input, List<TrainingRun> training, AnalysisSettings settings) {
    requirePoints(input);
    return new IsoFlopAnalysis(input, settings).all(training);
  }

  /**
   * An analysis with the optima it rests on.
   *
   * @param optima with their draws
   */
  public record WithOptima(Analysis analysis, RobustIsoFlop optima) {}

  /**
   * Analyses points as {@link #analyze(LossPoints, AnalysisSettings)} does, to be compared.
   *
   * @throws BadInputException if there is no point
   */
  public static WithOptima analyzeWithOptima(LossPoints input, AnalysisSettings settings) {
    requirePoints(input);
    IsoFlopAnalysis fits = new IsoFlopAnalysis(input, settings);
    return new WithOptima(fits.all(List.of()), fits.robust);
  }

  /** Analyses loss points from anywhere, in any order, as they are counted. */
  public static Analysis analyze(List<LossPoint> points, AnalysisSettings settings) {
    return analyze(LossPoints.of(points), settings);
  }

  /**
   * Returns what splits any budget: from the optima, and from the parametric law; refused where
   * neither could be fitted.
   *
   * @throws BadInputException if there is no point
   */
  public static Fitted<Allocator> allocator(LossPoints input, AnalysisSettings settings) {
    requirePoints(input);
    IsoFlopAnalysis fits = new IsoFlopAnalysis(input, settings);
    Fitted<EfficientFrontier> optima =
        fits.robust
            .frontier()
            .map(Fitted::of)
            .orElseGet(
                () -> Fitted.refused(fits.robust.exponents().refused().orElse("No optima.")));
    Remarks remarks = new Remarks();
    fits.warnOfPoints(remarks);
    fits.repeatedTokens()
        .filter(RepeatedTokens::misleading)
        .ifPresent(
            found ->
                remarks.warn(
                    found.sentence() + " Part of what repeats cost is in these fits already."));
    return Allocator.of(
        fits.points,
        optima,
        fits.laws.sample(),
        fits.lackOfFit.flatMap(LackOfFit::warning),
        remarks.warnings());
  }

  /** What all else rests on comes first. */
  private void warnOfPoints(Remarks remarks) {
    remarks.addAll(input.remarks());
    histories.warning().ifPresent(remarks::warn);
  }

  private static void requirePoints(LossPoints input) {
    if (input.points().isEmpty()) {
      throw new BadInputException("no loss points to analyse; give at least one finished run");
    }
  }

  private Analysis all(List<TrainingRun> training) {
    List<BudgetCurve> curves = robust.curves();
    NoiseSources noise = noise();
    Optional<EfficientFrontier> frontier = frontier().value();
    List<MethodResult> methods = new ArrayList<>();
    methods.add(MethodResult.of(Method.ISOFLOP, robust.exponents()));
    Map<Method, Fitted<Exponents>> ofPoints = ofPoints();
    ofPoints.forEach((method, found) -> methods.add(MethodResult.of(method, found)));
    List<Bias> bias = bias();
    methods.add(
        MethodResult.of(Method.PARABOLA_CORRECTED, corrected(ofPoints.get(Method.PARABOLA), bias)));
    methods.add(MethodResult.of(Method.PARAMETRIC, laws.exponents()));
    methods.add(MethodResult.of(Method.PARAMETRIC_SQUARES, laws.leastSquares()));
    settings
        .held()
        .ifPresent(
            a -> {
              methods.add(MethodResult.of(Method.ISOFLOP_HELD, robust.exponentsHolding(a)));
              methods.add(MethodResult.of(Method.PARAMETRIC_HELD, laws.holding(a)));
            });
    Optional<LossFrontier> loss = robust.lossFrontier().value().map(IsoFlopAnalysis::loss);
    Remarks remarks = new Remarks();
    warnOfPoints(remarks);
    lackOfFit.flatMap(LackOfFit::warning).ifPresent(remarks::warn);
    Optional<RepeatedTokens> repeated = repeatedTokens();
    repeated.ifPresent(found -> remarks.add(found.misleading(), found.sentence()));
    AnalysisRemarks about = new AnalysisRemarks(remarks);
    about.ofFits(robust, methods, laws);
    Optional<SeparateRuns> separate = separateRuns(noise);
    separate.ifPresent(found -> remarks.add(found.certain(), found.sentence()));
    Optional<RateControl> control =
        RateControl.of(RateControl.cells(input), robust.noise(), noise.seeds());
    control
        .filter(RateControl::certain)
        .ifPresent(found -> remarks.warn("Learning rate: " + found.sentence() + "."));
    settings.held().ifPresent(a -> about.ofHeld(a, methods));
    if (points.size() > MANY_POINTS) {
      remarks.note(
          Quantities.format(
              "Bias, windows of the law and other conventions are of every %dth of the %d points.",
              PointSample.every(points.size(), MANY_POINTS), points.size()));
    }
    lackOfFit.flatMap(LackOfFit::note).ifPresent(remarks::note);
    about.ofPoints(points, curves);
    // After the remarks on fits that disagree: the envelope is of other losses than the points.
    Fitted<Envelope> envelope = EnvelopeFit.fit(training, settings.resampling());
    methods.add(MethodResult.of(Method.ENVELOPE, envelope.map(Envelope::exponents)));
    envelope.value().ifPresent(found -> found.notes().forEach(remarks::note));
    return new Analysis(
        points.size(),
        input.convention(),
        curves,
        robust.top(),
        methods,
        robust.neighbours(),
        robust.windows(),
        lawWindows(),
        robust.linearity(),
        frontier.map(IsoFlopAnalysis::drawn).orElse(List.of()),
        frontier.map(IsoFlopAnalysis::allocated).orElse(List.of()),
        laws.result(lackOfFit.flatMap(LackOfFit::warning)),
        loss,
        bias,
        conventions(),
        residuals(curves),
        noise,
        separate,
        control,
        repeated,
        remarks.all());
  }

  private Map<Method, Fitted<Exponents>> ofPoints() {
    Map<Method, Fitted<Exponents>> found = new EnumMap<>(Method.class);
    for (Method method : Method.values()) {
      method
          .fit()
          .ifPresent(fit -> found.put(method, fit.exponents(points, settings.resampling())));
    }
    return found;
  }

  private Optional<RepeatedTokens> repeatedTokens() {
    return RepeatedTokens.of(input.runs(), frontier().value());
  }

  private Fitted<EfficientFrontier> frontier() {
    if (robust.frontier().isPresent()) {
      return Fitted.of(robust.frontier().get());
    }
    double[] flops = points.stream().mapToDouble(LossPoint::flops).sorted().toArray();
    return laws.sample()
        .map(sample -> new EfficientFrontier.ByLaw(sample, flops[0], flops[flops.length - 1]));
  }

  private static List<FrontierPoint> drawn(EfficientFrontier frontier) {
    double low = frontier.lowest();
    double high = frontier.highest() * Math.pow(10, DRAWN_BEYOND);
    return IntStream.range(0, FRONTIER_POINTS)
        .mapToDouble(i -> low * Math.pow(high / low, (double) i / (FRONTIER_POINTS - 1)))
        .mapToObj(frontier::at)
        .toList();
  }

  private static List<FrontierPoint> allocated(EfficientFrontier frontier) {
    return Arrays.stream(ALLOCATED)
        .mapToObj(times -> frontier.at(frontier.highest() * times))
        .toList();
  }

  private static LossFrontier loss(LossFrontierFit fit) {
    return new LossFrontier(fit.e(), fit.k(), fit.gamma());
  }

  private List<Bias> bias() {
    if (laws.law().isEmpty()) {
      return List.of();
    }
    Law law = laws.law().get();
    List<LossPoint> fewer = PointSample.of(points, MANY_POINTS);
    return List.of(Method.PARABOLA, Method.ISOFLOP).stream()
        .flatMap(method -> Bias.of(fewer, method, law).stream())
        .toList();
  }

  private Fitted<Exponents> corrected(Fitted<Exponents> parabola, List<Bias> bias) {
    Optional<Bias> own = bias.stream().filter(b -> b.method() == Method.PARABOLA).findFirst();
    if (parabola.value().isEmpty()) {
      return Fitted.refused(parabola.refused().orElseThrow());
    }
    if (own.isEmpty() || laws.sample().value().isEmpty()) {
      return Fitted.refused("The parametric law, which would show the bias, could not be fitted.");
    }
    return Fitted.of(
        own.get()
            .corrected(
                parabola.value().get(),
                PointSample.of(points, MANY_POINTS),
                laws.sample().value().get()));
  }

  private Resampling few() {
    Resampling asked = settings.resampling();
    return new Resampling(asked.seed(), Math.min(FEW_REPLICATES, asked.replicates()));
  }

  private List<LocalExponent> lawWindows() {
    if (laws.law().isEmpty()) {
      return List.of();
    }
    List<List<LossPoint>> all = WindowLaw.windows(PointSample.of(points, MANY_POINTS / 2));
    int every = PointSample.every(all.size(), MOST_WINDOWS);
    return IntStream.range(0, all.size())
        // Counted from the top, which matters most.
        .filter(i -> (all.size() - 1 - i) % every == 0)
        .mapToObj(i -> WindowLaw.of(all.get(i), Criterion.HUBER_LOG, laws.scheme(), few()))
        .flatMap(
            window ->
                window.sample().value().stream()
                    .map(
                        sample ->
                            new LocalExponent(
                                window.from(),
                                window.to(),
                                window.points(),
                                Exponents.byLaw(sample))))
        .toList();
  }

  private List<ConventionResult> conventions() {
    List<ConventionResult> results = new ArrayList<>();
    for (Convention convention : input.conventions()) {
      Fitted<Exponents> found =
          convention.equals(input.convention())
              ? robust.exponents()
              : under(input.in(convention).points());
      results.add(new ConventionResult(convention, found.value(), found.refused()));
    }
    return results;
  }

  /** Compares with separate runs, and fits once more with these in place of their branches. */
  private Optional<SeparateRuns> separateRuns(NoiseSources noise) {
    return SeparateRuns.of(
        SeparateRuns.pairs(input),
        points,
        noise.seeds(),
        robust.noise(),
        robust.exponents().value(),
        replaced -> under(replaced).value());
  }

  private NoiseSources noise() {
    List<LossPoint> belonging =
        points.stream()
            .filter(point -> point.onBudget() && !robust.outliers().contains(point))
            .toList();
    return NoiseSources.of(belonging, robust.noise());
  }

  private Fitted<Exponents> under(List<LossPoint> counted) {
    List<LossPoint> once = PointSample.of(List.copyOf(new LinkedHashSet<>(counted)), MANY_POINTS);
    Optional<Law> law = Laws.fit(once).value().map(LawFit::law);
    return RobustIsoFlop.of(once, law, settings.intervals(), few()).exponents();
  }

  private List<PointResidual> residuals(List<BudgetCurve> curves) {
    Stream<LossPoint> offBudget = points.stream().filter(point -> !point.onBudget());
    return Stream.concat(curves.stream().flatMap(curve -> curve.points().stream()), offBudget)
        .map(
            point ->
                new PointResidual(
                    point,
                    robust.residual(point),
                    laws.residual(point),
                    !point.onBudget() || robust.outliers().contains(point)))
        .toList();
  }
}
