package org.isoflop.harness.analysis;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.isoflop.harness.analysis.isoflop.BudgetCurve;
import org.isoflop.harness.analysis.isoflop.Exponents;
import org.isoflop.harness.analysis.isoflop.FrontierPoint;
import org.isoflop.harness.analysis.isoflop.LocalExponent;
import org.isoflop.harness.analysis.isoflop.Optimum;
import org.isoflop.harness.analysis.isoflop.PointResidual;
import org.isoflop.harness.analysis.isoflop.Straightness;
import org.isoflop.harness.analysis.points.Convention;
import org.isoflop.harness.analysis.stats.Estimate;
import org.isoflop.harness.analysis.stats.Interval;

/**
 * The analysis as the tree of {@code analysis.json}. An estimate {@code x} stands as {@code x} and
 * {@code x_interval}, the two ends; a key is there whether or not there is a value for it.
 */
final class AnalysisJson {

  static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private AnalysisJson() {}

  static ObjectNode of(Analysis analysis) {
    ObjectNode root = NODES.objectNode().put("points", analysis.points());
    root.set("convention", convention(analysis.convention()));
    rows(root, "optima", analysis.curves(), curve -> optimum(curve, analysis));
    root.set("exponents", exponents(analysis));
    set(root, "top", analysis.top(), part -> part(part, "optima"));
    rows(root, "local", analysis.local(), part -> part(part, "optima"));
    rows(root, "windows", analysis.windows(), part -> part(part, "optima"));
    rows(root, "law_windows", analysis.lawWindows(), part -> part(part, "points"));
    set(root, "straightness", analysis.straightness(), AnalysisJson::straightness);
    set(root, "loss_frontier", analysis.lossFrontier(), AnalysisJson::lossFrontier);
    rows(root, "bias", analysis.bias(), AnalysisJson::bias);
    rows(root, "conventions", analysis.conventions(), AnalysisJson::convention);
    rows(root, "allocation", analysis.allocation(), AnalysisJson::split);
    rows(root, "frontier", analysis.frontier(), AnalysisJson::split);
    rows(root, "residuals", analysis.residuals(), AnalysisJson::residual);
    root.set("noise", noise(analysis.noise()));
    set(root, "separate_runs", analysis.separateRuns(), AnalysisJson::separateRuns);
    set(root, "rate_control", analysis.rateControl(), AnalysisJson::rateControl);
    set(root, "repeated_tokens", analysis.repeatedTokens(), AnalysisJson::repeatedTokens);
    analysis.warnings().forEach(root.putArray("warnings")::add);
    analysis.notes().forEach(root.putArray("notes")::add);
    return root;
  }

  static ObjectNode convention(Convention convention) {
    return NODES
        .objectNode()
        .put("params", convention.params().key())
        .put("flops", convention.flops().key());
  }

  private static ObjectNode convention(ConventionResult result) {
    ObjectNode node = convention(result.convention());
    slopes(node, result.exponents());
    return node.put("refused", result.refused().orElse(null));
  }

  private static ObjectNode optimum(BudgetCurve curve, Analysis analysis) {
    ObjectNode node = NODES.objectNode().put("budget", curve.budget());
    estimate(node, "params", curve.optimum().map(Optimum::params));
    estimate(node, "tokens", curve.optimum().map(Optimum::tokens));
    estimate(node, "loss", curve.optimum().map(Optimum::loss));
    number(
        node,
        "bits_per_byte",
        curve.optimum().map(Optimum::bitsPerByte).orElse(OptionalDouble.empty()));
    curve
        .optimum()
        .map(Optimum::paramsWithinNoise)
        .ifPresentOrElse(
            range -> interval(node, "params_within_noise", range),
            () -> node.putNull("params_within_noise"));
    return node.put("bracketed", curve.bracketed())
        .put("points", curve.points().size())
        .put("outliers", AnalysisTables.outliers(analysis, curve))
        .put("refused", curve.refused().orElse(null));
  }

  private static ObjectNode exponents(Analysis analysis) {
    ObjectNode exponents = NODES.objectNode();
    ObjectNode refused = NODES.objectNode();
    for (Method method : Method.values()) {
      set(exponents, method.key(), analysis.exponents(method), AnalysisJson::slopes);
      analysis
          .method(method)
          .flatMap(MethodResult::refused)
          .ifPresent(reason -> refused.put(method.key(), reason));
    }
    if (exponents.get(Method.PARAMETRIC.key()) instanceof ObjectNode parametric) {
      analysis.law().ifPresent(law -> law(parametric, law));
    }
    exponents.set("refused", refused);
    return exponents;
  }

  private static void law(ObjectNode node, LawResult law) {
    estimate(node, "E", law.e());
    estimate(node, "A", law.a());
    estimate(node, "B", law.b());
    estimate(node, "alpha", law.alpha());
    estimate(node, "beta", law.beta());
    number(node, "objective", law.objective());
    node.put("lack_of_fit", law.lackOfFit().orElse(null));
  }

  private static ObjectNode part(LocalExponent part, String restsOn) {
    ObjectNode node =
        NODES
            .objectNode()
            .put("from", part.from())
            .put("to", part.to())
            .put(restsOn, part.optima());
    slopes(node, Optional.of(part.exponents()));
    return node;
  }

  private static ObjectNode straightness(Straightness found) {
    ObjectNode node = NODES.objectNode();
    number(node, "p_value", found.pValue());
    number(node, "drift_per_decade", found.drift().value());
    interval(node, "drift_interval", found.drift().interval());
    return node.put("straight", found.straight());
  }

  private static ObjectNode lossFrontier(LossFrontier found) {
    ObjectNode node = NODES.objectNode();
    estimate(node, "E", found.e());
    estimate(node, "K", found.k());
    estimate(node, "gamma", found.gamma());
    return node;
  }

  private static ObjectNode bias(Bias bias) {
    ObjectNode node = NODES.objectNode().put("method", bias.method().key());
    number(node, "a", bias.a());
    number(node, "b", bias.b());
    rows(
        node,
        "optima",
        bias.optima(),
        at -> {
          ObjectNode row = NODES.objectNode().put("budget", at.budget());
          number(row, "ln_params", at.lnParams());
          return row;
        });
    return node;
  }

  private static ObjectNode split(FrontierPoint point) {
    ObjectNode node =
        NODES
            .objectNode()
            .put("budget", point.budget())
            .put("decades_beyond", point.decadesBeyond());
    estimate(node, "params", point.params());
    estimate(node, "tokens", point.tokens());
    estimate(node, "loss", point.loss());
    slopes(node, Optional.of(point.exponents()));
    return node;
  }

  private static ObjectNode residual(PointResidual residual) {
    ObjectNode node =
        NODES
            .objectNode()
            .put("budget", residual.point().budget())
            .put("flops", residual.point().flops())
            .put("params", residual.point().params())
            .put("tokens", residual.point().tokens())
            .put("loss", residual.point().loss());
    number(node, "curve", residual.curve());
    number(node, "law", residual.law());
    return node.put("outlier", residual.outlier());
  }

  private static ObjectNode noise(NoiseSources found) {
    ObjectNode node = NODES.objectNode();
    rows(
        node,
        "scatter",
        found.scatter(),
        at -> NODES.objectNode().put("budget", at.budget()).put("deviation", at.deviation()));
    estimate(node, "scatter_exponent", found.exponent());
    set(
        node,
        "scatter_above",
        found.above(),
        above ->
            NODES
                .objectNode()
                .put("from", above.from())
                .put("points", above.points())
                .put("deviation", above.deviation()));
    rows(
        node,
        "seeds",
        found.seeds(),
        at ->
            NODES
                .objectNode()
                .put("budget", at.budget())
                .put("deviation", at.deviation())
                .put("cells", at.cells())
                .put("freedom", at.freedom()));
    number(
        node,
        "left_over",
        found.leftOver().map(NoiseSources.LeftOver::deviation).orElse(Double.NaN));
    number(
        node,
        "left_over_p_value",
        found.leftOver().map(NoiseSources.LeftOver::pValue).orElse(Double.NaN));
    return node;
  }

  private static ObjectNode separateRuns(SeparateRuns found) {
    ObjectNode node = NODES.objectNode();
    rows(
        node,
        "cells",
        found.cells(),
        cell ->
            NODES
                .objectNode()
                .put("budget", cell.branch().budget())
                .put("params", cell.branch().params())
                .put("lineage", cell.branch().lineage())
                .put("branch_loss", cell.branch().loss())
                .put("separate_loss", cell.separate().loss())
                .put("difference", SeparateRuns.difference(cell)));
    estimate(node, "difference", found.difference());
    number(node, "noise", found.noise());
    node.put("noise_of", found.noise().isEmpty() ? null : found.ofSeeds() ? "seeds" : "curves");
    set(node, "with_branches", found.shared(), AnalysisJson::slopes);
    set(node, "with_separate_runs", found.separate(), AnalysisJson::slopes);
    return node;
  }

  private static ObjectNode rateControl(RateControl found) {
    ObjectNode node = NODES.objectNode();
    rows(
        node,
        "runs",
        found.cells().stream()
            .flatMap(
                cell ->
                    cell.others().entrySet().stream()
                        .map(
                            run -> {
                              ObjectNode row =
                                  NODES
                                      .objectNode()
                                      .put("budget", cell.points().get(0).budget())
                                      .put("params", cell.points().get(0).params())
                                      .put("multiplier", run.getKey());
                              number(row, "loss", run.getValue());
                              number(row, "difference", cell.difference(run.getKey()));
                              return row;
                            }))
            .toList(),
        row -> row);
    number(node, "noise", found.noise().orElse(Double.NaN));
    estimate(node, "best_multiplier", found.multiplier());
    estimate(node, "cost", found.cost());
    return node.put("edge", found.edge().orElse(null)).put("certain", found.certain());
  }

  private static ObjectNode repeatedTokens(RepeatedTokens found) {
    ObjectNode node = NODES.objectNode().put("points", found.points());
    number(node, "most_epochs", found.mostEpochs());
    interval(node, "unique_tokens", found.unique());
    set(
        node,
        "top",
        found.top(),
        top -> {
          ObjectNode row = NODES.objectNode().put("budget", top.budget());
          number(row, "tokens", top.tokens());
          number(row, "epochs", top.epochs());
          number(row, "overstated", top.overstated());
          return row;
        });
    return node;
  }

  private static ObjectNode slopes(Exponents found) {
    ObjectNode node = NODES.objectNode();
    slopes(node, Optional.of(found));
    return node;
  }

  private static void slopes(ObjectNode node, Optional<Exponents> found) {
    estimate(node, "a", found.map(Exponents::a));
    estimate(node, "b", found.map(Exponents::b));
  }

  static <T> void rows(ObjectNode node, String key, List<T> rows, Function<T, ObjectNode> row) {
    ArrayNode array = node.putArray(key);
    rows.forEach(one -> array.add(row.apply(one)));
  }

  private static <T> void set(
      ObjectNode node, String key, Optional<T> value, Function<T, ObjectNode> content) {
    node.set(key, value.map(content).orElse(null));
  }

  static void estimate(ObjectNode node, String key, Estimate estimate) {
    number(node, key, estimate.value());
    interval(node, key + "_interval", estimate.interval());
  }

  static void estimate(ObjectNode node, String key, Optional<Estimate> estimate) {
    estimate.ifPresentOrElse(
        found -> estimate(node, key, found), () -> node.putNull(key).putNull(key + "_interval"));
  }

  private static void interval(ObjectNode node, String key, Interval interval) {
    node.putArray(key).add(finite(interval.low())).add(finite(interval.high()));
  }

  private static void number(ObjectNode node, String key, OptionalDouble value) {
    number(node, key, value.orElse(Double.NaN));
  }

  private static void number(ObjectNode node, String key, double value) {
    node.put(key, finite(value));
  }

  /** Returns nothing for what JSON has no number for, which Jackson writes as null. */
  private static Double finite(double value) {
    return Double.isFinite(value) ? value : null;
  }
}
