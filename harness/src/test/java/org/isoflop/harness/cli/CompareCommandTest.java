package org.isoflop.harness.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.isoflop.harness.analysis.Comparison.Difference;
import org.isoflop.harness.analysis.Comparison.Recipes;
import org.isoflop.harness.analysis.Surfaces;
import org.isoflop.harness.analysis.points.LossPoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code isoflop compare} on the reference sweep's folder, copies of it, and tables. */
final class CompareCommandTest {

  private static final Path SWEEP = Path.of("../runs/reference");

  @TempDir private Path folder;

  /** Copies what the reference sweep keeps, with another configuration and another environment. */
  private Path copy(String name, UnaryOperator<String> config, UnaryOperator<String> environment)
      throws IOException {
    Path copy = Files.createDirectories(folder.resolve(name));
    Files.copy(SWEEP.resolve("points.csv"), copy.resolve("points.csv"));
    Files.writeString(
        copy.resolve("sweep.yaml"), config.apply(Files.readString(SWEEP.resolve("sweep.yaml"))));
    Files.writeString(
        copy.resolve("environment.json"),
        environment.apply(Files.readString(SWEEP.resolve("environment.json"))));
    return copy;
  }

  private Path table(String name, String header) throws IOException {
    StringBuilder text = new StringBuilder(header + "\n");
    for (LossPoint p : Surfaces.sampleBowls(0.5, Surfaces.budgets(1e17, 10, 3), 5, 4)) {
      text.append(
          String.format(
              Locale.ROOT, "%s,%s,%s,%s%n", p.budget(), p.params(), p.tokens(), p.loss()));
    }
    return Files.writeString(folder.resolve(name), text);
  }

  private CommandRun compare(Object... arguments) {
    String[] all = new String[arguments.length + 5];
    all[0] = "compare";
    all[1] = "--replicates";
    all[2] = "100";
    all[3] = "--out";
    all[4] = folder.resolve("out").toString();
    for (int i = 0; i < arguments.length; i++) {
      all[i + 5] = arguments[i].toString();
    }
    return CommandRun.of(all);
  }

  private JsonNode contrast() throws IOException {
    return new ObjectMapper()
        .readTree(folder.resolve("out/compare.json").toFile())
        .at("/contrasts/0");
  }

  @Test
  void sweepsOfOneTextAreComparedInLossAndRecipe() throws IOException {
    Path other = copy("other", text -> text.replace("qk_norm: true", "qk_norm: false"), e -> e);
    CommandRun run = compare(SWEEP, other);
    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .contains(
            "== other against reference ==",
            "a differs by +0.000 [",
            "noise alone explains it",
            "a compute-equivalent gain of 1.00 [",
            "recipe: decoder.qk_norm is false, was true",
            "caution: Both were trained with seed 1")
        .doesNotContain("Nothing says on which text");
    assertThat(contrast().path("refused")).isEmpty();
    assertThat(contrast().at("/gain/0/gain").asDouble()).isEqualTo(1);
    assertThat(folder.resolve("out/compare.html"))
        .content()
        .contains("other against reference", "Compute at equal loss", "decoder.qk_norm");
    assertThat(folder.resolve("out/figures/gain.svg")).exists();
    assertThat(other.resolve("analysis.json")).doesNotExist();
  }

  @Test
  void sweepsOfOtherTextAreComparedInAllButLoss() throws IOException {
    Path other =
        copy("other", c -> c, e -> e.replaceAll("\"hash\" : \"\\w+\"", "\"hash\" : \"0a\""));
    CommandRun run = compare(SWEEP, other.resolve("points.csv"));
    assertThat(run.err()).isEmpty();
    assertThat(run.out().replaceAll("\\s+", " "))
        .contains("No loss compared. The losses of reference and points cannot be compared");
    assertThat(contrast().path("gain").isNull()).isTrue();
    assertThat(contrast().at("/splits/0/loss").isNull()).isTrue();
    assertThat(contrast().at("/exponents/0/a_difference").isNumber()).isTrue();
  }

  /** What is said of the reference sweep beside another, without an analysis. */
  private static Recipes recipes(Path other) {
    return SweepRecipe.of("one", SWEEP).against(SweepRecipe.of("two", other));
  }

  @Test
  void lossesAreOfOneTextWhereItsHashAndWhatIsHeldOutAndReadAreEqual() throws IOException {
    String why = "The losses of one and two cannot be compared: ";
    Path same = copy("same", c -> c.replaceFirst("(?m)^name: .*$", "name: same"), e -> e);
    assertThat(recipes(same).sameText()).isTrue();
    assertThat(recipes(same).differences().value().orElseThrow()).isEmpty();
    assertThat(recipes(same).cautions()).singleElement().asString().contains("seed 1");

    Path text = copy("text", c -> c, e -> e.replaceAll("\"hash\" : \"\\w+\"", "\"hash\" : \"0a\""));
    assertThat(recipes(text).otherText())
        .contains(
            why
                + "their corpora are of other text (hashes 4937e94a… and 0a…), and so is what they"
                + " hold out; corpus.validation_as_in holds out the same.");
    Path held =
        copy(
            "held",
            c -> c,
            e -> e.replace("validation_documents\" : 356", "validation_documents\" : 357"));
    assertThat(recipes(held).otherText())
        .contains(why + "they hold out 356 and 357 documents of their corpus, not the same ones.");
    Path share =
        copy("share", c -> c.replaceFirst("(?m)^  tokens: \\d+$", "  tokens: 100000"), e -> e);
    assertThat(recipes(share).otherText())
        .contains(
            why
                + "they are taken over 7.2% and 3.6% of the held-out text; evaluation.tokens:"
                + " 200000 in two would take the same.");
    assertThat(recipes(share).sameText()).isFalse();
    Path nearly =
        copy("nearly", c -> c.replaceFirst("(?m)^  tokens: \\d+$", "  tokens: 199000"), e -> e);
    assertThat(recipes(nearly).otherText()).isEmpty();
  }

  @Test
  void lossesOverTheSameHeldOutTextCompareWhateverWasTrainedOn() throws IOException {
    UnaryOperator<String> saying =
        e -> e.replace("\"hash\"", "\"validation_hash\" : \"5e\", \"hash\"");
    UnaryOperator<String> grown = e -> e.replaceAll("\"hash\" : \"\\w+\"", "\"hash\" : \"0a\"");
    Path one = copy("one", c -> c, saying);
    Path two =
        copy(
            "two",
            c -> c.replaceFirst("validation_fraction: .*", "validation_as_in: runs/one"),
            e -> saying.apply(grown.apply(e)));
    Recipes pinned = SweepRecipe.of("one", one).against(SweepRecipe.of("two", two));
    assertThat(pinned.otherText()).isEmpty();
    assertThat(pinned.sameText()).isTrue();
    assertThat(pinned.differences().value().orElseThrow()).isEmpty();

    Path other = copy("other", c -> c, e -> saying.apply(e).replace("\"5e\"", "\"6f\""));
    assertThat(SweepRecipe.of("one", one).against(SweepRecipe.of("o", other)).otherText())
        .as("as many documents of the same text, but not the same")
        .hasValueSatisfying(why -> assertThat(why).contains("not the same ones"));
  }

  @Test
  void aConfigurationThatCannotBeReadLeavesThePointsComparable() throws IOException {
    Path later = copy("later", c -> c + "\nnew_section: {key: 1}\n", e -> e);
    assertThat(recipes(later).differences().refused().orElseThrow()).contains("new_section");
    assertThat(recipes(later).otherText()).isEmpty();
    assertThat(recipes(later).sameText()).isFalse();
  }

  @Test
  void seedsAndSettingsOfACellAreDifferencesToo() throws IOException {
    Path repeated =
        copy("repeated", c -> c.replace("seed: 1\n  seeds: auto", "seed: 7\n  seeds: 3"), e -> e);
    assertThat(recipes(repeated).differences().value().orElseThrow())
        .extracting(Difference::key)
        .containsExactly("training.seed", "training.seeds");
    assertThat(recipes(repeated).cautions()).isEmpty();
  }

  @Test
  void tablesOfOtherHeadersAreHeldAgainstTheFirstInTheOrderGiven() throws IOException {
    Path second = table("a.csv", "budget_flops,params,tokens,loss");
    Path first = table("b.csv", "budget_flops,n params,tokens,loss");
    CommandRun run = compare(first, second, "--column", "params=n params", "--budget", "1e18,1e20");
    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .contains(
            "== a against b ==",
            "N* at 1e18",
            "N* at 1e20",
            "recipe: unknown: b is a table",
            "caution: 1e20 FLOPs are 1.0 decades beyond what b has measured.",
            "caution: Nothing says on which text");
  }

  @Test
  void oneSetOrTheSameTwiceIsRefused() throws IOException {
    Path table = table("a.csv", "budget_flops,params,tokens,loss");
    compare(table).refused("a.csv: is alone, name at least one more");
    compare(table, table).refused("is named twice");
    assertThat(folder.resolve("out")).doesNotExist();
    List<String> noFolder =
        List.of("compare", SWEEP.toString(), table.toString(), "--out", SWEEP + "");
    CommandRun over = CommandRun.of(noFolder.toArray(String[]::new));
    assertThat(over.err()).contains("holds a sweep, whose report would be overwritten");
  }
}
