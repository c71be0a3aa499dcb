package org.isoflop.harness.analysis;

import java.util.ArrayList;
import java.util.List;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.ScreenLines;
import org.isoflop.harness.analysis.Comparison.Contrast;
import org.isoflop.harness.analysis.Comparison.Difference;
import org.isoflop.harness.analysis.isoflop.FrontierContrast.EqualLoss;
import org.isoflop.harness.analysis.isoflop.FrontierContrast.Pair;
import org.isoflop.harness.analysis.isoflop.FrontierContrast.Slopes;
import org.isoflop.harness.analysis.isoflop.FrontierContrast.Split;
import org.isoflop.harness.analysis.output.Words;
import org.isoflop.harness.analysis.stats.Estimate;
import org.isoflop.harness.analysis.stats.Fitted;
import org.isoflop.harness.analysis.stats.Interval;

/** A comparison as plain text of at most 100 columns, the answers first. */
public final class ComparisonText {

  /** Of a column's head: three columns of numbers leave no more room. */
  private static final int LONGEST_NAME = 26;

  private final Comparison comparison;
  private final String baseline;
  private final ScreenLines lines = new ScreenLines();

  private ComparisonText(Comparison comparison) {
    this.comparison = comparison;
    baseline = comparison.sets().get(0).name();
  }

  /** Returns the screen: what every set is, then each against the baseline. */
  public static String text(Comparison comparison) {
    return new ComparisonText(comparison).all();
  }

  private String all() {
    for (Comparison.Member set : comparison.sets()) {
      Analysis found = set.analysis();
      lines.wrap(
          "",
          "%s: %d loss points at %d budgets%s",
          set.name(),
          found.points(),
          found.curves().size(),
          set.name().equals(baseline) ? "; the baseline" : "");
      found.warnings().forEach(warning -> lines.wrap("  warning:", warning));
    }
    lines.wrap(
        "",
        comparison.sets().get(0).analysis().convention().words() + "; 95% intervals in brackets");
    comparison.contrasts().forEach(this::contrast);
    return lines.text();
  }

  private void contrast(Contrast contrast) {
    lines.add("");
    lines.add("== " + contrast.name() + " against " + baseline + " ==");
    answers(comparison, contrast).forEach(answer -> lines.wrap("", answer));
    List<List<String>> cells = new ArrayList<>();
    cells.add(List.of("", cut(baseline), cut(contrast.name()), "change"));
    for (Row row : rows(contrast)) {
      cells.add(
          List.of(
              row.what(),
              row.words().of(row.pair().baseline()),
              row.words().of(row.pair().other()),
              row.kind() + row.ofChange().of(row.pair().change())));
    }
    if (cells.size() > 1) {
      lines.addAll(ScreenLines.table("llll", cells));
    }
    recipes(contrast.recipes().differences());
    contrast.cautions().forEach(caution -> lines.wrap("caution:", caution));
  }

  /**
   * Returns what the comparison comes to, one sentence each: whether the exponents differ and what
   * the set gains, or why that cannot be said.
   */
  public static List<String> answers(Comparison comparison, Contrast contrast) {
    List<String> answers = new ArrayList<>();
    contrast
        .exponents()
        .value()
        .map(found -> found.get(found.size() - 1))
        .ifPresent(found -> answers.add(exponents(found)));
    contrast
        .gain()
        .value()
        .map(gain -> gain(comparison.sets().get(0).name(), contrast.name(), gain))
        .ifPresent(answers::add);
    refusal("No exponents compared.", contrast.exponents(), answers);
    if (contrast.exponents().value().isPresent()) {
      refusal("No split compared.", contrast.splits(), answers);
      refusal("No loss compared.", contrast.gain(), answers);
    } else {
      contrast.recipes().otherText().ifPresent(answers::add);
    }
    return answers;
  }

  private static void refusal(String label, Fitted<?> fitted, List<String> answers) {
    fitted.refused().ifPresent(why -> answers.add(label + " " + why));
  }

  private static String exponents(Slopes found) {
    Estimate change = found.a().change();
    return "a differs by "
        + Words.CHANGE.of(change)
        + (found.common() ? " over the budgets that both have measured" : "")
        + noise(change.interval(), 0)
        + ".";
  }

  private static String gain(String baseline, String name, Comparison.Gain gain) {
    EqualLoss most = gain.shown().get(0);
    return Quantities.format(
        "The lowest loss in both measured ranges, %s %s, takes %s %s FLOPs and %s %s: a"
            + " compute-equivalent gain of %s%s.",
        Words.LOSS.of(most.loss()),
        gain.unit(),
        baseline,
        Quantities.flops(most.baseline().value()),
        name,
        Quantities.flops(most.other().value()),
        Words.FACTOR.of(most.gain()),
        noise(most.gain().interval(), 1));
  }

  private static String noise(Interval interval, double none) {
    return interval.low() <= none && none <= interval.high()
        ? ": noise alone explains it"
        : ": more than noise alone explains";
  }

  /**
   * One quantity of both sets.
   *
   * @param what it is
   * @param words how it is said
   * @param kind what a change is: nothing of differences, {@code x} or {@code gain} of ratios
   * @param ofChange how a change is said
   */
  public record Row(String what, Pair pair, Words words, String kind, Words ofChange) {}

  /** Returns the rows of the table: exponents, splits, and compute at equal loss. */
  public static List<Row> rows(Contrast contrast) {
    List<Row> rows = new ArrayList<>();
    for (Slopes found : contrast.exponents().value().orElse(List.of())) {
      String over = found.common() ? ", common budgets" : ", all budgets";
      rows.add(new Row("a" + over, found.a(), Words.EXPONENT, "", Words.CHANGE));
      rows.add(new Row("b" + over, found.b(), Words.EXPONENT, "", Words.CHANGE));
    }
    for (Split found : contrast.splits().value().orElse(List.of())) {
      String at = " at " + Quantities.flops(found.budget());
      rows.add(new Row("N*" + at, found.params(), Words.COUNT, "x", Words.FACTOR));
      rows.add(new Row("D*" + at, found.tokens(), Words.COUNT, "x", Words.FACTOR));
      found
          .loss()
          .map(Pair::relative)
          .ifPresent(
              loss -> rows.add(new Row("loss" + at, loss, Words.LOSS, "", Words.DIFFERENCE)));
    }
    contrast.gain().value().map(Comparison.Gain::shown).orElse(List.of()).stream()
        .map(
            found ->
                new Row(
                    "C for loss " + Words.LOSS.of(found.loss()),
                    new Pair(found.baseline(), found.other(), found.gain()),
                    Words.FLOPS,
                    "gain ",
                    Words.FACTOR))
        .forEach(rows::add);
    return rows;
  }

  private void recipes(Fitted<List<Difference>> found) {
    found
        .value()
        .ifPresentOrElse(
            differences -> {
              if (differences.isEmpty()) {
                lines.add("recipe: no difference");
              }
              differences.forEach(
                  one ->
                      lines.wrap(
                          "recipe:", one.key() + " is " + one.other() + ", was " + one.baseline()));
            },
            () -> lines.wrap("recipe: unknown:", found.refused().orElseThrow()));
  }

  /** Returns the end of a name that is too long for a column, which tells paths apart. */
  private static String cut(String name) {
    return name.length() <= LONGEST_NAME
        ? name
        : "…" + name.substring(name.length() - LONGEST_NAME + 1);
  }
}
