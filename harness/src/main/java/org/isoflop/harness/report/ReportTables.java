package org.isoflop.harness.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.Analysis;
import org.isoflop.harness.analysis.Bias;
import org.isoflop.harness.analysis.Method;
import org.isoflop.harness.analysis.RateControl;
import org.isoflop.harness.analysis.isoflop.BudgetCurve;
import org.isoflop.harness.analysis.isoflop.FrontierPoint;
import org.isoflop.harness.analysis.isoflop.Optimum;
import org.isoflop.harness.analysis.points.LossPoint;
import org.isoflop.harness.analysis.points.LossPoints;

/** The tables of budgets: their optima, what to train at larger ones, and their points. */
final class ReportTables {

  private static final String BUDGET = "Budget <i>C</i>, FLOPs";
  private static final String PARAMS = "<i>N</i>*, params";
  private static final String TOKENS = "<i>D</i>*, tokens";
  private static final String RATIO = "<i>D</i>*/<i>N</i>*";
  private static final String LOSS = "Loss, nats per token";

  private ReportTables() {}

  /** One row per budget: the optimum with its intervals, or why there is none. */
  static String optima(Analysis analysis) {
    boolean bits =
        analysis.curves().stream()
            .anyMatch(curve -> curve.optimum().map(o -> o.bitsPerByte().isPresent()).orElse(false));
    Optional<Bias> bias =
        analysis.bias().stream()
            .filter(b -> b.method() == Method.ISOFLOP && !b.optima().isEmpty())
            .findFirst();
    List<String> heads = new ArrayList<>(List.of(BUDGET, PARAMS, TOKENS, RATIO, LOSS));
    if (bits) {
      heads.add("Bits per byte");
    }
    if (bias.isPresent()) {
      heads.add("Bias of <i>N</i>*<br>if the law were true");
    }
    heads.add("Points");
    List<String> rows = new ArrayList<>();
    for (BudgetCurve curve : analysis.curves()) {
      String budget = Quantities.flops(curve.budget());
      if (curve.optimum().isEmpty()) {
        rows.add(
            Html.wideRow(
                budget,
                ReportWords.refusal("No optimum", curve.refused().orElseThrow()),
                heads.size() - 1));
        continue;
      }
      Optimum optimum = curve.optimum().get();
      List<String> cells =
          new ArrayList<>(
              List.of(
                  budget,
                  Html.count(optimum.params()),
                  Html.count(optimum.tokens()),
                  Quantities.count(optimum.tokens().value() / optimum.params().value()),
                  Html.loss(optimum.loss())));
      if (bits) {
        cells.add(Html.loss(optimum.bitsPerByte()));
      }
      bias.ifPresent(found -> cells.add(bias(found, curve.budget())));
      cells.add(Integer.toString(curve.points().size()));
      rows.add(Html.row(cells));
    }
    return Html.table("The optimum of each budget, 95% intervals beneath", heads, rows);
  }

  /** One row per cell that was trained at other learning rates too, a column per rate. */
  static String rates(RateControl control) {
    SortedSet<Double> multipliers = new TreeSet<>(Set.of(1.0));
    control.cells().forEach(cell -> multipliers.addAll(cell.others().keySet()));
    List<String> heads = new ArrayList<>(List.of(BUDGET, "<i>N</i>, params"));
    multipliers.forEach(m -> heads.add(m == 1 ? "Point" : "\u00d7 " + Quantities.digits(m)));
    List<String> rows = new ArrayList<>();
    for (LossPoints.Controlled cell : control.cells()) {
      LossPoint first = cell.points().get(0);
      List<String> cells =
          new ArrayList<>(
              List.of(Quantities.flops(first.budget()), Quantities.count(first.params())));
      multipliers.forEach(m -> cells.add(m == 1 ? Numbers.loss(cell.loss()) : loss(cell, m)));
      rows.add(Html.row(cells));
    }
    return Html.table(
        "Loss at multiples of the learning rate, above that of the point", heads, rows);
  }

  private static String loss(LossPoints.Controlled cell, double multiplier) {
    Double loss = cell.others().get(multiplier);
    if (loss == null) {
      return Html.NONE;
    }
    return Double.isInfinite(loss)
        ? "diverged"
        : Html.estimate(Numbers.percentDifference(cell.difference(multiplier)), Numbers.loss(loss));
  }

  private static String bias(Bias bias, double budget) {
    return bias.optima().stream()
        .filter(at -> at.budget() == budget)
        .findFirst()
        .map(at -> Numbers.percentDifference(Math.expm1(at.lnParams())))
        .orElse(Html.UNCHECKED);
  }

  /** What to train at the highest budget and beyond; empty where there is no line. */
  static String allocation(Analysis analysis) {
    if (analysis.allocation().isEmpty()) {
      return "";
    }
    boolean loss = analysis.allocation().stream().anyMatch(at -> at.loss().isPresent());
    List<String> heads = new ArrayList<>(List.of(BUDGET, PARAMS, TOKENS, RATIO));
    if (loss) {
      heads.add(LOSS);
    }
    heads.addAll(List.of("<i>a</i> there", "<i>b</i> there", "How far"));
    List<String> rows = new ArrayList<>();
    for (FrontierPoint at : analysis.allocation()) {
      List<String> cells =
          new ArrayList<>(
              List.of(
                  Quantities.flops(at.budget()),
                  Html.count(at.params()),
                  Html.count(at.tokens()),
                  Quantities.count(at.tokens().value() / at.params().value())));
      if (loss) {
        cells.add(at.loss().map(Html::loss).orElse(Html.NONE));
      }
      cells.add(Html.exponent(at.exponents().a()));
      cells.add(Html.exponent(at.exponents().b()));
      cells.add(Numbers.reach(at.decadesBeyond()));
      rows.add(Html.row(cells));
    }
    return Html.table("Allocation: what to train at larger budgets", heads, rows);
  }

  /** Every loss point used. */
  static String points(Analysis analysis) {
    boolean bits =
        analysis.curves().stream()
            .flatMap(curve -> curve.points().stream())
            .anyMatch(point -> point.bitsPerByte().isPresent());
    Set<LossPoint> outliers = Outliers.of(analysis);
    List<String> heads =
        new ArrayList<>(
            List.of(BUDGET, "<i>N</i>, params", "<i>D</i>, tokens", "<i>D</i>/<i>N</i>", LOSS));
    if (bits) {
      heads.add("Bits per byte");
    }
    if (!outliers.isEmpty()) {
      heads.add("Used by the curves");
    }
    List<String> rows = new ArrayList<>();
    for (BudgetCurve curve : analysis.curves()) {
      for (LossPoint point : curve.points()) {
        List<String> cells =
            new ArrayList<>(
                List.of(
                    Quantities.flops(point.budget()),
                    Quantities.count(point.params()),
                    Quantities.count(point.tokens()),
                    Quantities.count(point.tokens() / point.params()),
                    Numbers.loss(point.loss())));
        if (bits) {
          cells.add(Html.loss(point.bitsPerByte()));
        }
        if (!outliers.isEmpty()) {
          cells.add(outliers.contains(point) ? "left out" : "yes");
        }
        rows.add(Html.row(cells));
      }
    }
    return Html.table("The loss points, as they were read", heads, rows);
  }
}
