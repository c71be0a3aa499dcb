package org.isoflop.harness.analysis;

import static org.isoflop.harness.analysis.output.ResultJson.rows;

import java.nio.file.Path;
import java.util.Optional;
import org.isoflop.harness.AtomicFiles;
import org.isoflop.harness.analysis.Comparison.Contrast;
import org.isoflop.harness.analysis.Comparison.Gain;
import org.isoflop.harness.analysis.isoflop.Exponents;
import org.isoflop.harness.analysis.isoflop.FrontierContrast.EqualLoss;
import org.isoflop.harness.analysis.isoflop.FrontierContrast.Pair;
import org.isoflop.harness.analysis.isoflop.FrontierContrast.Slopes;
import org.isoflop.harness.analysis.isoflop.FrontierContrast.Split;
import org.isoflop.harness.analysis.output.ResultJson;
import org.isoflop.harness.analysis.output.ResultJson.Row;

/**
 * {@code compare.json}: a comparison for programs, in the manner of {@code analysis.json}. Of a
 * quantity {@code x} of two sets there stand {@code x_baseline}, {@code x}, and {@code
 * x_difference} (of exponents) or {@code x_ratio} (of all else), each with its {@code _interval};
 * what is refused is {@code null}, its reason under {@code refused}.
 */
public final class ComparisonJson {

  private ComparisonJson() {}

  /**
   * Writes {@code compare.json} into a folder, which is made where missing.
   *
   * @throws java.io.UncheckedIOException if the disk refuses
   */
  public static void write(Comparison comparison, Path folder) {
    AtomicFiles.writeText(
        folder.resolve("compare.json"), out -> ResultJson.writeLines(json(comparison), out));
  }

  private static Row json(Comparison comparison) {
    Comparison.Member baseline = comparison.sets().get(0);
    return new Row()
        .with("baseline", baseline.name())
        .with("convention", baseline.analysis().convention())
        .with("sets", rows(comparison.sets(), ComparisonJson::set))
        .with("contrasts", rows(comparison.contrasts(), ComparisonJson::contrast));
  }

  private static Row set(Comparison.Member set) {
    Analysis analysis = set.analysis();
    return new Row()
        .with("name", set.name())
        .with("points", analysis.points())
        .with("budgets", analysis.curves().size())
        .estimate("a", analysis.isoflop().map(Exponents::a))
        .estimate("b", analysis.isoflop().map(Exponents::b))
        .with("refused", analysis.refused(Method.ISOFLOP))
        .with("warnings", analysis.warnings());
  }

  private static Row contrast(Contrast contrast) {
    return new Row()
        .with("name", contrast.name())
        .with("recipe", contrast.recipes().differences())
        .with("exponents", contrast.exponents().map(all -> rows(all, ComparisonJson::slopes)))
        .with("splits", contrast.splits().map(all -> rows(all, ComparisonJson::split)))
        .with("loss_unit", contrast.gain().value().map(Gain::unit))
        .with("gain", contrast.gain().map(all -> rows(all.shown(), ComparisonJson::equalLoss)))
        .refused()
        .with("cautions", contrast.cautions());
  }

  private static Row slopes(Slopes found) {
    return new Row()
        .with("over", found.common() ? "common" : "all")
        .all(pair("a", Optional.of(found.a()), "difference"))
        .all(pair("b", Optional.of(found.b()), "difference"));
  }

  private static Row split(Split found) {
    return new Row()
        .with("budget", found.budget())
        .with("decades_beyond_baseline", found.baselineBeyond())
        .with("decades_beyond", found.otherBeyond())
        .all(pair("params", Optional.of(found.params()), "ratio"))
        .all(pair("tokens", Optional.of(found.tokens()), "ratio"))
        .all(pair("loss", found.loss(), "ratio"));
  }

  private static Row equalLoss(EqualLoss found) {
    return new Row()
        .with("loss", found.loss())
        .estimate("flops_baseline", found.baseline())
        .estimate("flops", found.other())
        .estimate("gain", found.gain());
  }

  private static Row pair(String key, Optional<Pair> pair, String change) {
    return new Row()
        .estimate(key + "_baseline", pair.map(Pair::baseline))
        .estimate(key, pair.map(Pair::other))
        .estimate(key + "_" + change, pair.map(Pair::change));
  }
}
