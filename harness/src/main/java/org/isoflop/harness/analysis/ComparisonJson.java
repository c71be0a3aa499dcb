package org.isoflop.harness.analysis;

import static org.isoflop.harness.analysis.AnalysisJson.NODES;
import static org.isoflop.harness.analysis.AnalysisJson.estimate;
import static org.isoflop.harness.analysis.AnalysisJson.rows;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.isoflop.harness.AtomicFiles;
import org.isoflop.harness.analysis.Comparison.Contrast;
import org.isoflop.harness.analysis.isoflop.Exponents;
import org.isoflop.harness.analysis.isoflop.FrontierContrast.EqualLoss;
import org.isoflop.harness.analysis.isoflop.FrontierContrast.Pair;
import org.isoflop.harness.analysis.isoflop.FrontierContrast.Slopes;
import org.isoflop.harness.analysis.isoflop.FrontierContrast.Split;
import org.isoflop.harness.analysis.stats.Fitted;

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
        folder.resolve("compare.json"), out -> JsonLines.write(of(comparison), out));
  }

  static ObjectNode of(Comparison comparison) {
    Comparison.Member baseline = comparison.sets().get(0);
    ObjectNode root = NODES.objectNode().put("baseline", baseline.name());
    root.set("convention", AnalysisJson.convention(baseline.analysis().convention()));
    rows(root, "sets", comparison.sets(), ComparisonJson::set);
    rows(root, "contrasts", comparison.contrasts(), ComparisonJson::contrast);
    return root;
  }

  private static ObjectNode set(Comparison.Member set) {
    Analysis analysis = set.analysis();
    ObjectNode node =
        NODES
            .objectNode()
            .put("name", set.name())
            .put("points", analysis.points())
            .put("budgets", analysis.curves().size());
    estimate(node, "a", analysis.isoflop().map(Exponents::a));
    estimate(node, "b", analysis.isoflop().map(Exponents::b));
    node.put("refused", analysis.refused().orElse(null));
    analysis.warnings().forEach(node.putArray("warnings")::add);
    return node;
  }

  private static ObjectNode contrast(Contrast contrast) {
    ObjectNode node = NODES.objectNode().put("name", contrast.name());
    table(
        node,
        "recipe",
        contrast.recipes().differences(),
        found ->
            NODES
                .objectNode()
                .put("key", found.key())
                .put("baseline", found.baseline())
                .put("other", found.other()));
    table(node, "exponents", contrast.exponents(), ComparisonJson::slopes);
    table(node, "splits", contrast.splits(), ComparisonJson::split);
    node.put("loss_unit", contrast.gain().value().map(Comparison.Gain::unit).orElse(null));
    table(node, "gain", contrast.gain().map(Comparison.Gain::shown), ComparisonJson::equalLoss);
    ObjectNode refused = node.putObject("refused");
    refuse(refused, "recipe", contrast.recipes().differences());
    refuse(refused, "exponents", contrast.exponents());
    refuse(refused, "splits", contrast.splits());
    refuse(refused, "gain", contrast.gain());
    contrast.cautions().forEach(node.putArray("cautions")::add);
    return node;
  }

  private static <T> void table(
      ObjectNode node, String key, Fitted<List<T>> found, Function<T, ObjectNode> row) {
    found.value().ifPresentOrElse(all -> rows(node, key, all, row), () -> node.putNull(key));
  }

  private static void refuse(ObjectNode refused, String key, Fitted<?> found) {
    found.refused().ifPresent(why -> refused.put(key, why));
  }

  private static ObjectNode slopes(Slopes found) {
    ObjectNode node = NODES.objectNode().put("over", found.common() ? "common" : "all");
    pair(node, "a", found.a(), "difference");
    pair(node, "b", found.b(), "difference");
    return node;
  }

  private static ObjectNode split(Split found) {
    ObjectNode node =
        NODES
            .objectNode()
            .put("budget", found.budget())
            .put("decades_beyond_baseline", found.baselineBeyond())
            .put("decades_beyond", found.otherBeyond());
    pair(node, "params", found.params(), "ratio");
    pair(node, "tokens", found.tokens(), "ratio");
    pair(node, "loss", found.loss(), "ratio");
    return node;
  }

  private static ObjectNode equalLoss(EqualLoss found) {
    ObjectNode node = NODES.objectNode().put("loss", found.loss());
    estimate(node, "flops_baseline", found.baseline());
    estimate(node, "flops", found.other());
    estimate(node, "gain", found.gain());
    return node;
  }

  private static void pair(ObjectNode node, String key, Pair pair, String change) {
    pair(node, key, Optional.of(pair), change);
  }

  private static void pair(ObjectNode node, String key, Optional<Pair> pair, String change) {
    estimate(node, key + "_baseline", pair.map(Pair::baseline));
    estimate(node, key, pair.map(Pair::other));
    estimate(node, key + "_" + change, pair.map(Pair::change));
  }
}
