package org.isoflop.harness.cli;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.Analysis;
import org.isoflop.harness.analysis.AnalysisFiles;
import org.isoflop.harness.analysis.AnalysisSettings;
import org.isoflop.harness.analysis.AnalysisSummary;
import org.isoflop.harness.analysis.IsoFlopAnalysis;
import org.isoflop.harness.analysis.points.LossPoints;
import org.isoflop.harness.report.Fact;
import org.isoflop.harness.report.Report;
import org.isoflop.harness.report.ReportInput;
import org.isoflop.harness.report.TrainingCurve;
import org.isoflop.harness.report.TrainingCurves;
import org.isoflop.harness.sweep.Environment;
import org.isoflop.harness.sweep.SweepFolder;

/**
 * Points → analysis → report, for a sweep's folder or a CSV, with the last screen a person reads.
 */
final class SweepAnalysis {

  /** What the option is for that asks for the whole summary. */
  static final String FULL =
      "Show all that was found: every budget, local exponent, method and convention, the parametric"
          + " law and the notes; without it, the answer on one screen.";

  private static final String LEFT_OUT = "Left out";
  private static final String BIGRAM = "Byte-bigram entropy of the corpus";

  private final String title;
  private final List<Fact> facts;
  private final List<TrainingCurve> curves;
  private final AnalysisSettings settings;

  private SweepAnalysis(
      String title, List<Fact> facts, List<TrainingCurve> curves, AnalysisSettings settings) {
    this.title = title;
    this.facts = facts;
    this.curves = curves;
    this.settings = settings;
  }

  /** Prepares to analyse the points of a sweep. */
  static SweepAnalysis ofSweep(SweepFolder folder, AnalysisSettings settings) {
    List<Fact> facts =
        new ArrayList<>(
            Environment.read(folder.environment()).map(SweepAnalysis::facts).orElse(List.of()));
    List<TrainingCurve> curves =
        TrainingCurves.read(folder.path(), log -> facts.add(new Fact(LEFT_OUT, log)));
    return new SweepAnalysis(name(folder.path()), facts, curves, settings);
  }

  /** Prepares to analyse the points of one sweep, of one CSV, or of several pooled. */
  static SweepAnalysis of(List<Path> sources, AnalysisSettings settings) {
    if (sources.size() == 1 && Files.isDirectory(sources.get(0))) {
      return ofSweep(new SweepFolder(sources.get(0)), settings);
    }
    return new SweepAnalysis(
        sources.stream().map(SweepAnalysis::name).collect(Collectors.joining(" + ")),
        sources.stream().map(source -> new Fact("Points", source.toString())).toList(),
        List.of(),
        settings);
  }

  private static String name(Path source) {
    return String.valueOf(source.toAbsolutePath().normalize().getFileName());
  }

  /** Prepares to analyse a part of these points, which has no training curves of its own. */
  SweepAnalysis ofGroup(String group) {
    return new SweepAnalysis(title + ", " + group, facts, List.of(), settings);
  }

  /**
   * Analyses, writes analysis and report, prints the summary, and returns what the report shows.
   *
   * @param full whether the summary leaves nothing out, or fits one screen
   */
  ReportInput run(LossPoints input, Path out, PrintWriter screen, boolean full) {
    CurvesOfPoints.Curves joined = CurvesOfPoints.join(curves, input);
    Analysis analysis = IsoFlopAnalysis.analyze(input, joined.runs(), settings);
    AnalysisFiles.write(analysis, out);
    List<Fact> shownFacts = new ArrayList<>(facts);
    if (!joined.runs().isEmpty()) {
      String losses = joined.validation() ? "validation losses on the way" : "training losses";
      shownFacts.add(new Fact("Envelope", "of " + losses));
    }
    ReportInput shown = new ReportInput(title, shownFacts, analysis, curves);
    screen.print(full ? AnalysisSummary.fullText(analysis) : AnalysisSummary.text(analysis));
    for (Fact fact : facts) {
      if (fact.label().equals(BIGRAM) || fact.label().equals(LEFT_OUT)) {
        screen.println(fact.label() + ": " + fact.value());
      }
    }
    screen.flush();
    Report.write(shown, out);
    screen.println("Report: " + out.resolve("report.html"));
    return shown;
  }

  private static List<Fact> facts(Environment ran) {
    Environment.Corpus corpus = ran.corpus();
    double bigram = corpus.bigramNatsPerByte();
    return List.of(
        new Fact("Device", ran.device()),
        new Fact("Precision", ran.precision()),
        new Fact("Software", "libtorch " + ran.libtorch() + ", DJL " + ran.djl()),
        new Fact(
            "Corpus",
            Quantities.format(
                "%,d documents, %s train and %s validation tokens (%s)",
                corpus.documents(),
                Quantities.count((double) corpus.trainTokens()),
                Quantities.count((double) corpus.validationTokens()),
                ran.tokenizer())),
        new Fact(
            BIGRAM,
            Quantities.format("%.3f nats, %.3f bits per byte", bigram, bigram / Math.log(2))),
        new Fact("Seed", Long.toString(ran.seed())),
        new Fact("Started", ran.started()));
  }
}
