package org.isoflop.harness.report;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.isoflop.harness.analysis.Comparison;
import org.isoflop.harness.analysis.Comparison.Contrast;
import org.isoflop.harness.analysis.ComparisonText;
import org.isoflop.harness.analysis.output.ResultTable;

/**
 * What the page says of one set held against the baseline.
 *
 * @param baseline its name
 * @param set the other's place among the sets, which decides its colour
 * @param answers the sentences that say what it comes to
 * @param contrast the numbers
 */
record ContrastSection(String baseline, int set, List<String> answers, Contrast contrast) {

  /** Returns the sections of a comparison. */
  static List<ContrastSection> of(Comparison comparison) {
    return IntStream.range(0, comparison.contrasts().size())
        .mapToObj(
            i ->
                new ContrastSection(
                    comparison.sets().get(0).name(),
                    i + 1,
                    ComparisonText.answers(comparison, comparison.contrasts().get(i)),
                    comparison.contrasts().get(i)))
        .toList();
  }

  /** Returns the section as HTML. */
  String html() {
    return Template.fill(
        "contrast.html",
        Map.of(
            "id",
            "contrast-" + set,
            "title",
            Html.text(contrast.name() + " against " + baseline),
            "answers",
            answers.stream()
                .map(answer -> "<p class=\"lead\">" + Html.text(answer) + "</p>\n")
                .collect(Collectors.joining()),
            "changes",
            changes(),
            "recipe",
            recipe(),
            "cautions",
            ReportWords.cautions(contrast.cautions())));
  }

  private String changes() {
    return Html.table(
        "Both, 95% intervals beneath"
            + contrast.gain().value().map(gain -> "; losses in " + gain.unit()).orElse(""),
        new ResultTable<ComparisonText.Row>()
            .page("What", ComparisonText.Row::what)
            .page(Html.text(baseline), row -> row.pair().baseline(), ComparisonText.Row::words)
            .page(Html.text(contrast.name()), row -> row.pair().other(), ComparisonText.Row::words)
            .page("Change", ContrastSection::change),
        ComparisonText.rows(contrast));
  }

  private static Html.Markup change(ComparisonText.Row row) {
    return new Html.Markup(
        Html.text(row.kind().replace('x', '\u00d7'))
            + Html.estimate(row.pair().change(), row.ofChange()));
  }

  private String recipe() {
    return contrast
        .recipes()
        .differences()
        .value()
        .map(
            all ->
                all.isEmpty()
                    ? "<p>Their recipes do not differ.</p>\n"
                    : Html.table(
                        "What differs between the recipes",
                        new ResultTable<Comparison.Difference>()
                            .page("Setting", Comparison.Difference::key)
                            .page(Html.text(baseline), Comparison.Difference::baseline)
                            .page(Html.text(contrast.name()), Comparison.Difference::other),
                        all))
        .orElseGet(
            () ->
                "<p class=\"quiet\">What differs between the recipes is not known. "
                    + Html.text(contrast.recipes().differences().refused().orElseThrow())
                    + "</p>\n");
  }
}
