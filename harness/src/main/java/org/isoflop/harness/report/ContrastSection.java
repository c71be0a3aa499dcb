package org.isoflop.harness.report;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.isoflop.harness.analysis.Comparison;
import org.isoflop.harness.analysis.Comparison.Contrast;
import org.isoflop.harness.analysis.ComparisonText;
import org.isoflop.harness.analysis.output.Words;
import org.isoflop.harness.analysis.stats.Estimate;

/**
 * What the page says of one set held against the baseline.
 *
 * @param baseline its name
 * @param set the other's place among the sets, which decides its colour
 * @param answers the sentences that say what it comes to
 * @param contrast the numbers
 */
record ContrastSection(
    String baseline, int set, List<String> answers, @JsonUnwrapped Contrast contrast) {

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
    List<String> rows = new ArrayList<>();
    for (ComparisonText.Row row : ComparisonText.rows(contrast)) {
      rows.add(
          Html.row(
              List.of(
                  Html.text(row.what()),
                  cell(row.baseline(), "", row.words()),
                  cell(row.other(), "", row.words()),
                  cell(row.change(), row.kind(), row.ofChange()))));
    }
    return rows.isEmpty()
        ? ""
        : Html.table(
            "Both, 95% intervals beneath"
                + contrast.gain().value().map(gain -> "; losses in " + gain.unit()).orElse(""),
            List.of("", Html.text(baseline), Html.text(contrast.name()), "Change"),
            rows);
  }

  private static String cell(Estimate found, String kind, Words words) {
    DoubleFunction<String> typeset = value -> Numbers.minus(words.of(value));
    return Html.estimate(
        Html.text(kind.replace('x', '\u00d7') + typeset.apply(found.value())),
        Html.text(Numbers.ends(found.interval(), typeset)));
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
                    : Html.wordsTable(
                        "What differs between the recipes",
                        List.of("Setting", Html.text(baseline), Html.text(contrast.name())),
                        all.stream()
                            .map(
                                one ->
                                    Html.row(
                                        List.of(
                                            Html.text(one.key()),
                                            Html.text(one.baseline()),
                                            Html.text(one.other()))))
                            .toList()))
        .orElseGet(
            () ->
                "<p class=\"quiet\">What differs between the recipes is not known. "
                    + Html.text(contrast.recipes().differences().refused().orElseThrow())
                    + "</p>\n");
  }
}
