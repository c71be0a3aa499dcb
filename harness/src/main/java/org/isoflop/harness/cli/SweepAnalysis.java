package org.isoflop.harness.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.Analysis;
import org.isoflop.harness.analysis.AnalysisFiles;
import org.isoflop.harness.analysis.AnalysisSettings;
import org.isoflop.harness.analysis.AnalysisSummary;
import org.isoflop.harness.analysis.IsoFlopAnalysis;
import org.isoflop.harness.analysis.LossPoints;
import org.isoflop.harness.report.Fact;
import org.isoflop.harness.report.Report;
import org.isoflop.harness.report.ReportInput;
import org.isoflop.harness.report.TrainingCurve;
import org.isoflop.harness.report.TrainingCurves;
import org.isoflop.harness.sweep.SweepFolder;

/**
 * Points → analysis → report, for a sweep's folder or a CSV, with the last screen a person reads.
 */
final class SweepAnalysis {

  private final Path points;
  private final Path out;
  private final String title;
  private final List<Fact> facts;
  private final List<TrainingCurve> curves;
  private final AnalysisSettings settings;

  private SweepAnalysis(
      Path points,
      Path out,
      String title,
      List<Fact> facts,
      List<TrainingCurve> curves,
      AnalysisSettings settings) {
    this.points = points;
    this.out = out;
    this.title = title;
    this.facts = facts;
    this.curves = curves;
    this.settings = settings;
  }

  /** Prepares to analyse the points of a sweep. */
  static SweepAnalysis ofSweep(SweepFolder folder, Path out, AnalysisSettings settings) {
    return new SweepAnalysis(
        folder.points(),
        out,
        folder.path().toAbsolutePath().normalize().getFileName().toString(),
        facts(folder),
        TrainingCurves.read(folder.path()),
        settings);
  }

  /** Prepares to analyse anybody's points. */
  static SweepAnalysis ofCsv(Path csv, Path out, AnalysisSettings settings) {
    return new SweepAnalysis(
        csv,
        out,
        csv.getFileName().toString(),
        List.of(new Fact("Points", csv.toString())),
        List.of(),
        settings);
  }

  /** Analyses, writes analysis and report, prints the summary. */
  void run(PrintWriter screen) {
    LossPoints input = LossPoints.read(points);
    Analysis analysis = IsoFlopAnalysis.analyze(input, settings);
    AnalysisFiles.write(analysis, out);
    Report.write(new ReportInput(title, facts, analysis, curves), out);
    screen.println(AnalysisSummary.text(analysis));
    for (Fact fact : facts) {
      if (fact.label().equals(BIGRAM)) {
        screen.println(fact.label() + ": " + fact.value());
      }
    }
    screen.println("Report: " + out.resolve("report.html"));
  }

  private static final String BIGRAM = "Byte-bigram entropy of the corpus";

  private static List<Fact> facts(SweepFolder folder) {
    if (!Files.exists(folder.environment())) {
      return List.of();
    }
    try {
      JsonNode json = new ObjectMapper().readTree(folder.environment().toFile());
      JsonNode corpus = json.path("corpus");
      List<Fact> facts = new ArrayList<>();
      facts.add(new Fact("Device", json.path("device").asText()));
      facts.add(new Fact("Precision", json.path("precision").asText()));
      facts.add(
          new Fact(
              "Software",
              "libtorch " + json.path("libtorch").asText() + ", DJL " + json.path("djl").asText()));
      facts.add(
          new Fact(
              "Corpus",
              String.format(
                  Locale.ROOT,
                  "%,d documents, %s train and %s validation tokens (%s)",
                  corpus.path("documents").asLong(),
                  Quantities.count(corpus.path("train_tokens").asDouble()),
                  Quantities.count(corpus.path("validation_tokens").asDouble()),
                  json.path("tokenizer").asText())));
      double bigram = corpus.path("bigram_nats_per_byte").asDouble();
      facts.add(
          new Fact(
              BIGRAM,
              String.format(
                  Locale.ROOT, "%.3f nats, %.3f bits per byte", bigram, bigram / Math.log(2))));
      facts.add(new Fact("Seed", json.path("seed").asText()));
      facts.add(new Fact("Started", json.path("started").asText()));
      return facts;
    } catch (IOException e) {
      throw BadInputException.of("%s: cannot be read (%s)", folder.environment(), e.getMessage());
    }
  }
}
