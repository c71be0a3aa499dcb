package org.isoflop.harness.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CommentedYamlTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "decoder: {shapes: {layers: 1}, tied: true, context: 16, parametrization: mup}",
        "decoder: {shapes: [{layers: 2, width: 32}, {layers: 1, width: 8, heads: 2}]}",
        "training: {learning_rate: 3e-3, batch_tokens: {multipliers: [1, 2]}, control: 0.1}",
        "training: {schedule: {kind: cosine}, seeds: {auto: 0.05}, optimizer: {beta2: 0.99}}",
        "training: {sharing: {verify: [c1e9-d8-l2]}, precision: bfloat16, seed: -7}",
        "evaluation: {tokens: 300000000, every: 0.1}\nlimits: {epochs: 0.5}",
      })
  void readsBackAsWhatItIsOf(String rest) throws IOException {
    String files = "corpus: {files: ['no', 'b: c #.txt', \"tab\\t\", '~/x/**'], include: ['*']}\n";
    for (String grid :
        List.of(
            "{budgets: [1.2e9, 3e29], sizes: {span: 4.5}}",
            "{budgets: [1e10], expected: {from: runs/a b}}",
            "{cells: [{budget: 1e9, params: 2e4, seed: 5, changes: {warmup: 0.1}}]}")) {
      SweepConfig config = read(files + "grid: " + grid + "\n" + rest);
      String yaml = CommentedYaml.of(config, List.of("Head"));

      assertThat(read(yaml)).as(yaml).isEqualTo(config);
    }
  }

  @Test
  void saysWhatIsSetAndOffersALittleMoreEachBelowItsWords() {
    SweepConfig config = SweepConfig.of("name", List.of("a.txt"), List.of(1e10, 3e10));

    List<String> lines = CommentedYaml.of(config, List.of("One line.", "Two.")).lines().toList();

    assertThat(lines).startsWith("# One line.", "# Two.", "");
    assertThat(lines.stream().filter(line -> line.matches(" *[a-z_]+:.*")))
        .containsExactly(
            "corpus:",
            "  files: [\"a.txt\"]",
            "decoder:",
            "  context: 128",
            "grid:",
            "  budgets: [1.0e+10, 3.0e+10]",
            "  sizes:",
            "    per_budget: 7",
            "    span: 16",
            "training:",
            "  seeds: auto",
            "limits:",
            "  epochs: 4");
    assertThat(lines)
        .contains("  # include: [\"**\"]", "  # tokenizer: bytes")
        .contains("  # learning_rate: {rule: auto, multiplier: 1, multipliers: [1]}")
        .allMatch(line -> line.length() <= 100);
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).matches(" *(# )?[a-z_]+: .*")) {
        assertThat(lines.get(i - 1)).as("above " + lines.get(i)).matches(" *# .*");
      }
    }
  }

  private SweepConfig read(String yaml) throws IOException {
    return SweepConfig.read(Files.writeString(folder.resolve("tiny.yaml"), yaml));
  }
}
