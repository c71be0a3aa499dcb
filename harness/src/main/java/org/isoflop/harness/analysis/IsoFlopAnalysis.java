package org.isoflop.harness.analysis;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.analysis.Analysis.Checks;
import org.isoflop.harness.analysis.Analysis.Frontier;
import org.isoflop.harness.analysis.Analysis.ParametricLaw;
import org.isoflop.harness.analysis.Analysis.Part;
import org.isoflop.harness.analysis.Analysis.PointResidual;
import org.isoflop.harness.analysis.allocation.Allocator;
import org.isoflop.harness.analysis.envelope.EnvelopeFit;
import org.isoflop.harness.analysis.envelope.EnvelopeFit.Envelope;
import org.isoflop.harness.analysis.envelope.TrainingRun;
import org.isoflop.harness.analysis.isoflop.EfficientFrontier;
import org.isoflop.harness.analysis.isoflop.EfficientFrontier.FrontierPoint;
import org.isoflop.harness.analysis.isoflop.Exponents;
import org.isoflop.harness.analysis.isoflop.Exponents.LocalExponent;
import org.isoflop.harness.analysis.isoflop.Histories;
import org.isoflop.harness.analysis.isoflop.LocalFrontier;
import org.isoflop.harness.analysis.isoflop.LossFrontierFit;
import org.isoflop.harness.analysis.isoflop.RobustIsoFlop;
import org.isoflop.harness.analysis.law.LackOfFit;
import org.isoflop.harness.analysis.law.Law;
import org.isoflop.harness.analysis.law.LawFit;
import org.isoflop.harness.analysis.law.LawFit.Criterion;
import org.isoflop.harness.analysis.law.LawSample;
import org.isoflop.harness.analysis.law.WindowLaw;
import org.isoflop.harness.analysis.points.Convention;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.points.LossPoints;
import org.isoflop.harness.analysis.points.PointSample;
import org.isoflop.harness.analysis.points.Remarks;
import org.isoflop.harness.analysis.points.Remarks.Remark;
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
  private final Fitted<LawFit> fit;
  private final Fitted<LawSample> laws;
  private final RobustIsoFlop robust;
  private final Optional<EfficientFrontier> frontier;
  private final Optional<LackOfFit> lackOfFit;

  private IsoFlopAnalysis(LossPoints input, AnalysisSettings settings) {
    if (input.points().isEmpty()) {
      throw new BadInputException("no loss points to analyse; give at least one finished run");
    }
    this.input = input;
    this.settings = settings;
    List<LossPoint> once = List.copyOf(new LinkedHashSet<>(input.points()));
    fit = LawFit.fit(once, Criterion.HUBER_LOG);
    Optional<Law> law = fit.value().map(LawFit::law);
    histories = Histories.of(once, law);
    points = histories.points();
    laws = fit.flatMap(this::resampled);
    robust = RobustIsoFlop.of(points, law, settings.intervals(), settings.resampling());
    frontier = byOptima().value().or(() -> laws.value().map(this::byLaw));
    lackOfFit = law.map(found -> LackOfFit.of(points, found, robust.residuals()));
  }

  private Fitted<LawSample> resampled(LawFit of) {
    return LawSample.of(points, of, settings.intervals(), settings.resampling());
  }

  private Fitted<EfficientFrontier> byOptima() {
    return robust.frontier().map(found -> found);
  }

  private EfficientFrontier byLaw(LawSample sample) {
    var flops = points.stream().mapToDouble(LossPoint::flops).summaryStatistics();
    return new EfficientFrontier.ByLaw(sample, flops.getMin(), flops.getMax());
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
    IsoFlopAnalysis fits = new IsoFlopAnalysis(input, settings);
    return new WithOptima(fits.all(List.of()), fits.robust);
  }

  /** Analyses loss points from anywhere, in any order, as they are counted. */
  public static Analysis analyze(List<LossPoint> points, AnalysisSettings settings) {
    return analyze(LossPoints.of(points), settings);
  }

  /**
   * Returns what divides any budget: from the optima, and from the parametric law; refused where
   * neither could be fitted.
   *
   * @throws BadInputException if there is no point
   */
  public static Fitted<Allocator> allocator(LossPoints input, AnalysisSettings settings) {
    IsoFlopAnalysis fits = new IsoFlopAnalysis(input, settings);
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
        fits.byOptima(),
        fits.laws,
        fits.lackOfFit.flatMap(LackOfFit::warning),
        remarks.warnings());
  }

  /** What all else rests on comes first. */
  private void warnOfPoints(Remarks remarks) {
    remarks.addAll(input.remarks());
    histories.warning().ifPresent(remarks::warn);
  }

  private Analysis all(List<TrainingRun> training) {
    Fitted<Envelope> envelope = EnvelopeFit.fit(training, settings.resampling());
    List<Bias> bias = bias();
    Map<Method, Fitted<Exponents>> methods = methods(bias, envelope);
    Checks checks = checks();
    Optional<LocalFrontier> byOptima = robust.frontier().value();
    return new Analysis(
        points.size(),
        input.convention(),
        robust.curves(),
        residuals(),
        methods,
        conventions(),
        Map.of(
            Part.TOP, byOptima.map(LocalFrontier::top).stream().toList(),
            Part.LOCAL, robust.neighbours(),
            Part.WINDOWS, byOptima.map(LocalFrontier::windows).orElse(List.of()),
            Part.LAW_WINDOWS, lawWindows()),
        byOptima.map(LocalFrontier::linearity),
        bias,
        laws.value()
            .map(
                sample ->
                    new ParametricLaw(
                        sample,
                        fit.value().orElseThrow().objective(),
                        lackOfFit.flatMap(LackOfFit::warning))),
        new Frontier(
            frontier.map(IsoFlopAnalysis::drawn).orElse(List.of()),
            frontier.map(IsoFlopAnalysis::allocated).orElse(List.of()),
            robust.lossFrontier().value().map(LossFrontierFit::parameters)),
        checks,
        remarks(methods, checks, envelope));
  }

  private Map<Method, Fitted<Exponents>> methods(List<Bias> bias, Fitted<Envelope> envelope) {
    Map<Method, Fitted<Exponents>> found = new EnumMap<>(Method.class);
    for (Method method : Method.values()) {
      method
          .fit()
          .ifPresent(one -> found.put(method, one.exponents(points, settings.resampling())));
    }
    found.put(Method.ISOFLOP, robust.exponents());
    found.put(Method.PARABOLA_CORRECTED, corrected(found.get(Method.PARABOLA), bias));
    found.put(Method.PARAMETRIC, laws.map(Exponents::byLaw));
    found.put(
        Method.PARAMETRIC_SQUARES,
        LawFit.fit(points, Criterion.SQUARES).flatMap(this::resampled).map(Exponents::byLaw));
    settings
        .held()
        .ifPresent(
            a -> {
              found.put(Method.ISOFLOP_HELD, robust.frontier().map(line -> line.holding(a)));
              found.put(
                  Method.PARAMETRIC_HELD,
                  LawFit.fitHolding(points, Criterion.HUBER_LOG, a)
                      .map(held -> new LawSample(held.law(), List.of(held.law()), 0))
                      .map(Exponents::byLaw));
            });
    found.put(Method.ENVELOPE, envelope.map(Envelope::exponents));
    return found;
  }

  private Checks checks() {
    List<LossPoint> belonging =
        points.stream()
            .filter(point -> point.onBudget() && !robust.outliers().contains(point))
            .toList();
    NoiseSources noise = NoiseSources.of(belonging, robust.noise());
    // Fits once more with the separate runs in place of the branches they were made beside.
    Optional<SeparateRuns> separate =
        SeparateRuns.of(
            SeparateRuns.pairs(input),
            points,
            noise,
            robust.exponents().value(),
            replaced -> under(replaced).value());
    return new Checks(
        noise, separate, RateControl.of(RateControl.cells(input), noise), repeatedTokens());
  }

  private List<Remark> remarks(
      Map<Method, Fitted<Exponents>> methods, Checks checks, Fitted<Envelope> envelope) {
    Remarks remarks = new Remarks();
    AnalysisRemarks about = new AnalysisRemarks(remarks);
    warnOfPoints(remarks);
    lackOfFit.flatMap(LackOfFit::warning).ifPresent(remarks::warn);
    checks.repeatedTokens().ifPresent(found -> remarks.add(found.misleading(), found.sentence()));
    about.ofFits(robust, methods, fit);
    checks.separateRuns().ifPresent(found -> remarks.add(found.certain(), found.sentence()));
    checks
        .rateControl()
        .filter(RateControl::certain)
        .ifPresent(found -> remarks.warn("Learning rate: " + found.sentence() + "."));
    settings.held().ifPresent(a -> about.ofHeld(a, methods));
    if (points.size() > MANY_POINTS) {
      remarks.note(
          "Bias, windows of the law and other conventions are of every %dth of the %d points.",
          PointSample.every(points.size(), MANY_POINTS), points.size());
    }
    lackOfFit.flatMap(LackOfFit::note).ifPresent(remarks::note);
    about.ofPoints(points, robust.curves());
    envelope.value().ifPresent(found -> found.notes().forEach(remarks::note));
    return remarks.all();
  }

  private Optional<RepeatedTokens> repeatedTokens() {
    return RepeatedTokens.of(input.runs(), frontier);
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

  private List<Bias> bias() {
    List<LossPoint> fewer = PointSample.of(points, MANY_POINTS);
    return fit.value().stream()
        .flatMap(
            found ->
                Stream.of(Method.PARABOLA, Method.ISOFLOP)
                    .flatMap(method -> Bias.of(fewer, method, found.law()).stream()))
        .toList();
  }

  private Fitted<Exponents> corrected(Fitted<Exponents> parabola, List<Bias> bias) {
    Optional<Bias> own = bias.stream().filter(b -> b.method() == Method.PARABOLA).findFirst();
    return parabola.flatMap(
        found ->
            own.isEmpty() || laws.value().isEmpty()
                ? Fitted.refused(
                    "The parametric law, which would show the bias, could not be fitted.")
                : Fitted.of(
                    own.get()
                        .corrected(
                            found, PointSample.of(points, MANY_POINTS), laws.value().get())));
  }

  private Resampling few() {
    Resampling asked = settings.resampling();
    return new Resampling(asked.seed(), Math.min(FEW_REPLICATES, asked.replicates()));
  }

  private List<LocalExponent> lawWindows() {
    if (fit.value().isEmpty()) {
      return List.of();
    }
    List<List<LossPoint>> all = WindowLaw.windows(PointSample.of(points, MANY_POINTS / 2));
    return PointSample.fromTop(all, MOST_WINDOWS).stream()
        .map(some -> WindowLaw.of(some, Criterion.HUBER_LOG, settings.intervals(), few()))
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

  private Map<Convention, Fitted<Exponents>> conventions() {
    Map<Convention, Fitted<Exponents>> found = new LinkedHashMap<>();
    for (Convention convention : input.conventions()) {
      found.put(
          convention,
          convention.equals(input.convention())
              ? robust.exponents()
              : under(input.in(convention).points()));
    }
    return found;
  }

  private Fitted<Exponents> under(List<LossPoint> counted) {
    List<LossPoint> once = PointSample.of(List.copyOf(new LinkedHashSet<>(counted)), MANY_POINTS);
    Optional<Law> law = LawFit.fit(once, Criterion.HUBER_LOG).value().map(LawFit::law);
    return RobustIsoFlop.of(once, law, settings.intervals(), few()).exponents();
  }

  private List<PointResidual> residuals() {
    Stream<LossPoint> offBudget = points.stream().filter(point -> !point.onBudget());
    return Stream.concat(
            robust.curves().stream().flatMap(curve -> curve.points().stream()), offBudget)
        .map(
            point ->
                new PointResidual(
                    point,
                    robust.residual(point),
                    fit.value().stream()
                        .map(LawFit::law)
                        .mapToDouble(law -> law.residual(point))
                        .findFirst(),
                    !point.onBudget() || robust.outliers().contains(point)))
        .toList();
  }
}
