package org.isoflop.harness.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.isoflop.models.BaseShape;
import org.isoflop.models.DecoderConfig;
import org.isoflop.models.MlpKind;
import org.isoflop.models.NormKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SweepConfigTest {

  private static final Path CONFIGS = Path.of("..", "configs");

  @TempDir private Path folder;

  @Test
  void fillsInDefaults() throws IOException {
    SweepConfig config = read("corpus: {files: [a.txt]}\ngrid: {budgets: [3e10, 1e11]}\n");

    assertThat(config)
        .isEqualTo(SweepConfig.of("tiny", List.of("a.txt"), List.of(3e10, 1e11)))
        .satisfies(
            read -> {
              assertThat(read.corpus().include()).containsExactly("**");
              assertThat(read.decoder())
                  .isEqualTo(
                      new DecoderSection(
                          128,
                          MlpKind.SWIGLU,
                          NormKind.LAYERNORM,
                          true,
                          false,
                          Shapes.DEFAULT,
                          new Parametrization.Standard()));
              assertThat(read.grid().sizes()).isEqualTo(new Grid.Sizes(7, 16));
              assertThat(read.training().schedule()).isEqualTo(new Wsd(0.2));
              assertThat(read.training().optimizer().beta2()).isEmpty();
            });
  }

  @Test
  void keepsTheDefaultsBesideAKeyThatIsGiven() throws IOException {
    Training training =
        read("""
        corpus: {files: [a.txt]}
        grid: {budgets: [1e10], sizes: {span: 8}}
        training:
          schedule: {kind: cosine}
          learning_rate: {rule: steplaw}
          batch_tokens: 4096
          optimizer: {beta2: 0.97}
        """)
            .training();

    assertThat(training.schedule()).isEqualTo(new Cosine(0.1));
    assertThat(training.learningRate()).isEqualTo(new Hyperparameter.ByRule(Rule.STEPLAW, 1));
    assertThat(training.batchTokens()).isEqualTo(new Hyperparameter.Fixed(4096));
    assertThat(training.optimizer())
        .isEqualTo(new OptimizerConfig(0.9, Optional.of(0.97), 1e-8, 0.1, 1));
  }

  @Test
  void theParametrizationIsOneOfTwo() throws IOException {
    String rest = "corpus: {files: [a.txt]}\ngrid: {budgets: [1e10]}\n";
    SweepConfig standard = read(rest);
    SweepConfig mup = read(rest + "decoder: {parametrization: mup}\n");
    SweepConfig wide =
        read(
            rest + "decoder: {parametrization: {kind: mup, base_width: 128}, shapes: {layers: 3}}");

    assertThat(read(rest + "decoder: {parametrization: standard}")).isEqualTo(standard);
    assertThat(standard.decoder().options(256).base()).isEmpty();
    assertThat(mup.decoder().options(256).base()).contains(new BaseShape(2, 64, 4, 168));
    assertThat(wide.decoder().options(256).base()).contains(new BaseShape(2, 128, 8, 344));
    assertThat(read(mup.toYaml())).isEqualTo(mup);
    assertThat(mup.decoder().ladder(256).rungs())
        .allMatch(rung -> rung.base().width() == 64)
        .extracting(DecoderConfig::shapeName)
        .isEqualTo(
            standard.decoder().ladder(256).rungs().stream().map(DecoderConfig::shapeName).toList());
    assertThat(standard.differences(mup))
        .extracting(ConfigDifference::toString)
        .contains("decoder.parametrization.kind is standard, now mup");
    assertThat(mup.recipe()).contains("parametrization mup of width 64 and 2 layers");
  }

  @ParameterizedTest
  @ValueSource(strings = {"3e10", "3E10", "3.0e+10", "30000000000", "3.0e10", "'3e10'", "+3e+10"})
  void readsEverySpellingOfANumber(String number) throws IOException {
    SweepConfig config =
        read(
            "corpus: {files: [a.txt]}\ngrid: {budgets: ["
                + number
                + "]}\nevaluation: {tokens: 2e5}");

    assertThat(config.grid().budgets()).containsExactly(3e10);
    assertThat(config.evaluation().tokens()).isEqualTo(200_000);
  }

  @Test
  void expandsAGeometricRowOfBudgets() throws IOException {
    assertThat(budgets("{from: 1e12, to: 1e14, ratio: 3.1623}"))
        .containsExactly(1e12, 3.16e12, 1e13, 3.16e13, 1e14);
    assertThat(budgets("{from: 1e15, to: 1e16, ratio: 2}")).containsExactly(1e15, 2e15, 4e15, 8e15);
    assertThat(budgets("{from: 5e15, to: 5e15, ratio: 2}")).containsExactly(5e15);
  }

  @Test
  void readsBackWhatItWrites() throws IOException {
    SweepConfig config =
        read(
            """
            name: other.name-2
            corpus: {files: ["*.txt", "b: c #.txt", "2024", "true", "1e3"], validation_fraction: 0.015}
            decoder: {context: 64, mlp: gelu, norm: rmsnorm, qk_norm: false, tied: true}
            grid: {budgets: {from: 1e12, to: 1e14, ratio: 3.16}, sizes: {per_budget: 4, span: 2.5}}
            training:
              schedule: {kind: cosine, final: 0, warmup: 0.05}
              learning_rate: 3e-3
              batch_tokens: {rule: deepseek, multiplier: 0.5}
              precision: bfloat16
              seed: -7
              optimizer: {beta2: 0.999, epsilon: 1e-10}
            limits: {epochs: 0.5}
            """);

    assertThat(read(config.toYaml())).isEqualTo(config);
    SweepConfig defaults = SweepConfig.of("tiny", List.of("a.txt"), List.of(3e10));
    assertThat(read(defaults.toYaml())).isEqualTo(defaults);
    assertThat(defaults.toYaml())
        .contains("qk_norm: true", "kind: wsd", "warmup: auto", "rule: auto", "beta2: auto")
        .contains("3.0e+10", "epsilon: 1.0e-8", "span: 16\n", "mlp: swiglu", "precision: auto");
  }

  @Test
  void settingsAndSeedsAreReadBack() throws IOException {
    SweepConfig config =
        read(
            """
            corpus: {files: [a.txt]}
            grid: {cells: [{budget: 1e9, params: 1e4, seeds: 2, learning_rate_multipliers: [2, 0.5]},
                           {budget: 1e9, params: 2e4, seed: 5, batch_multipliers: [0.25]},
                           {budget: 1e9, params: 3e4, changes: {weight_decay: 0, beta2: 0.9}},
                           {budget: 1e9, params: 3e4}]}
            training:
              learning_rate: {value: 3e-3, multipliers: [2, 1, 0.5]}
              batch_tokens: {rule: deepseek, multipliers: [4]}
              seed: 9223372036854774807
              seeds: 3
              sharing: {verify: [c1e9-d8-l2-s1]}
            """);
    Training training = config.training();
    assertThat(training.learningRate())
        .isEqualTo(new Hyperparameter.Fixed(0.003, List.of(0.5, 1.0, 2.0)));
    assertThat(training.batchTokens())
        .isEqualTo(new Hyperparameter.ByRule(Rule.DEEPSEEK, 1, List.of(4.0)));
    assertThat(training.allSeeds())
        .containsExactly(9223372036854774807L, 9223372036854774808L, 9223372036854774809L);
    assertThat(training.sharing().verify())
        .isEqualTo(new Sharing.Verify(0, List.of("c1e9-d8-l2-s1")));
    List<GridCell> cells = config.grid().cells();
    assertThat(cells.get(0).seeds(training)).hasSize(2);
    assertThat(cells.get(0).learningRateMultipliers(training)).containsExactly(0.5, 2.0);
    assertThat(cells.get(0).batchMultipliers(training)).containsExactly(4.0);
    assertThat(cells.get(1).seeds(training)).as("a seed of its own is one run").containsExactly(5L);
    assertThat(cells.get(1).batchMultipliers(training)).containsExactly(0.25);
    assertThat(cells.get(2).seeds(training)).hasSize(3);
    assertThat(read(config.toYaml())).isEqualTo(config);
  }

  @Test
  void seedsAreANumberOrLeftToThePlanForAShare() throws IOException {
    String rest = "corpus: {files: [a.txt]}\ngrid: {budgets: [1e10]}\ntraining: {seeds: ";
    assertThat(Training.DEFAULT.seeds()).isEqualTo(Seeds.AUTO);
    assertThat(read(rest + "auto}").training()).isEqualTo(Training.DEFAULT);
    assertThat(Seeds.AUTO.placedShare()).hasValue(0.1);
    SweepConfig share = read(rest + "{auto: 0.05}}");
    assertThat(share.training().seeds().placedShare()).hasValue(0.05);
    assertThat(share.training().seeds().ofEveryCell()).isOne();
    assertThat(read(rest + "4}").training().seeds().placedShare()).isEmpty();
    for (String form : List.of("auto}", "{auto: 0.05}}", "4}")) {
      SweepConfig config = read(rest + form);
      assertThat(read(config.toYaml())).isEqualTo(config);
    }
  }

  @Test
  void shapesAreAListOrARule() throws IOException {
    String rest = "corpus: {files: [a.txt]}\ngrid: {budgets: [1e10]}\ndecoder: {shapes: ";
    SweepConfig listed =
        read(
            rest
                + "[{layers: 2, width: 32}, {layers: 1, width: 40, heads: 2, mlp: 100},"
                + " {layers: 1, width: 8, heads: auto}]}");
    assertThat(listed.decoder().ladder(256).rungs())
        .extracting(DecoderConfig::shapeName)
        .containsExactly("d8-l1", "d40-l1-h2-m100", "d32-l2");
    assertThat(listed.recipe())
        .contains(
            "warmup auto",
            "shapes of a list (layers 1 to 2, aspect 8 to 40, head size 8 to 20, mlp ratio 2.5 to"
                + " 3)");
    assertThat(read(listed.toYaml())).isEqualTo(listed);
    SweepConfig ruled = read(rest + "{layers: 2, head_size: 16, mlp_ratio: 4}}");
    assertThat(ruled.decoder().shapes())
        .isEqualTo(
            new Shapes.ByRule(Optional.empty(), Optional.of(2), Optional.of(16), Optional.of(4.0)));
    assertThat(ruled.decoder().ladder(256).rungs().get(0))
        .isEqualTo(new DecoderConfig(ruled.decoder().options(256), 2, 16, 1, 64));
    assertThat(read(ruled.toYaml())).isEqualTo(ruled);
    assertThat(SweepConfig.of("n", List.of("f"), List.of(1.0)).toYaml()).contains("aspect: auto");
  }

  @Test
  void shippedConfigurationsParse() {
    SweepConfig smoke = SweepConfig.read(CONFIGS.resolve("smoke.yaml"));
    SweepConfig laptop = SweepConfig.read(CONFIGS.resolve("laptop.yaml"));

    assertThat(smoke.name()).isEqualTo("smoke");
    assertThat(smoke.training().optimizer()).isEqualTo(Training.DEFAULT.optimizer());
    assertThat(smoke.training().schedule()).isEqualTo(Training.DEFAULT.schedule());
    assertThat(laptop.name()).isEqualTo("laptop");
    assertThat(laptop.grid().budgets()).containsExactly(1e12, 3.16e12, 1e13, 3.16e13, 1e14);
  }

  private List<Double> budgets(String yaml) throws IOException {
    return read("corpus: {files: [a.txt]}\ngrid: {budgets: " + yaml + "}\n").grid().budgets();
  }

  private SweepConfig read(String yaml) throws IOException {
    return SweepConfig.read(Files.writeString(folder.resolve("tiny.yaml"), yaml));
  }
}
