package org.isoflop.harness.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.config.PrecisionChoice;
import org.isoflop.harness.config.Seeds;
import org.isoflop.harness.config.SweepConfig;
import org.isoflop.models.Precision;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which configuration runs in which folder. */
final class SweepFolderTest {

  @TempDir private Path temporary;

  @Test
  void precisionIsDecidedWhenTheSweepStartsAndKeptOnEveryDevice() throws IOException {
    SweepConfig onCpu = folder().configuration(config(""), Precision.FLOAT32);
    assertThat(onCpu.training().precision()).isEqualTo(PrecisionChoice.FLOAT32);
    assertThat(folder().configuration(config(""), Precision.BFLOAT16).training().precision())
        .isEqualTo(PrecisionChoice.BFLOAT16);

    folder().writeConfig(onCpu);
    assertThat(folder().config()).content().contains("precision: float32");
    for (String asked : new String[] {"", "precision: auto", "precision: float32"}) {
      assertThat(folder().configuration(config(asked), Precision.BFLOAT16)).isEqualTo(onCpu);
    }
    assertThatThrownBy(
            () -> folder().configuration(config("precision: bfloat16"), Precision.BFLOAT16))
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            folder().config()
                + ": was started with another configuration (training.precision is float32, now"
                + " bfloat16); use --out with another folder, or delete this one");
  }

  @Test
  void howASweepIsComputedIsNoPartOfIt() throws IOException {
    start();
    SweepConfig same =
        config("micro_batch_tokens: 128}\nlimits: {epochs: 9}\nname: other\ndecoder: {");
    assertThat(folder().configuration(same, Precision.FLOAT32))
        .isEqualTo(same.on(Precision.FLOAT32));
  }

  @Test
  void everyKeyOfAnotherExperimentIsNamedWithBothValues() throws IOException {
    start();
    assertThatThrownBy(
            () ->
                folder()
                    .configuration(
                        config("seed: 2, batch_tokens: 256, learning_rate: {multiplier: 2}"),
                        Precision.FLOAT32))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(
            "(training.learning_rate.multiplier is 1, now 2; training.batch_tokens is {rule: auto,"
                + " multiplier: 1}, now 256; training.seed is 1, now 2)");
  }

  @Test
  void settingsAndSeedsMayGrowAndNotShrink() throws IOException {
    SweepConfig begun =
        config("seeds: 2, learning_rate: {multipliers: [1, 2]}, batch_tokens: 512")
            .on(Precision.FLOAT32);
    folder().writeConfig(begun);
    SweepConfig grown =
        config(
            "seeds: 3, learning_rate: {multipliers: [0.5, 1, 2]}, batch_tokens: {value: 512,"
                + " multipliers: [1, 4]}");
    assertThat(folder().configuration(grown, Precision.FLOAT32))
        .isEqualTo(grown.on(Precision.FLOAT32));
    assertThatThrownBy(
            () ->
                folder()
                    .configuration(
                        config(
                            "seeds: 1, learning_rate: {multipliers: [1, 4]}, batch_tokens: {value:"
                                + " 512, multipliers: [2]}"),
                        Precision.FLOAT32))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(
            "(training.learning_rate.multipliers: 2; training.batch_tokens.multipliers: 1;"
                + " training.seeds: 2, now 1)");
    assertThatThrownBy(
            () ->
                folder()
                    .configuration(
                        config(
                            "seeds: 2, learning_rate: {multipliers: [1, 2]}, batch_tokens: {value:"
                                + " 256, multipliers: [1, 2]}"),
                        Precision.FLOAT32))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("(training.batch_tokens is 512, now 256)");
  }

  @Test
  void aDefaultAddsNothingToWhatHasBegunButAShareDoes() throws IOException {
    folder().writeConfig(config("seeds: 2").on(Precision.FLOAT32));
    for (String left : List.of("seed: 1", "seeds: auto")) {
      assertThat(folder().configuration(config(left), Precision.FLOAT32).training().seeds())
          .isEqualTo(Seeds.of(2));
    }
    assertThatThrownBy(
            () -> folder().configuration(config("seeds: {auto: 0.2}"), Precision.FLOAT32))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("(training.seeds: 2, now {auto: 0.2})");

    folder().writeConfig(config("seeds: 1").on(Precision.FLOAT32));
    SweepConfig placed = config("seeds: {auto: 0.2}").on(Precision.FLOAT32);
    assertThat(folder().configuration(placed, Precision.FLOAT32)).isEqualTo(placed);

    folder().writeConfig(placed);
    for (String less : List.of("seeds: 2", "seeds: {auto: 0.1}")) {
      assertThatThrownBy(() -> folder().configuration(config(less), Precision.FLOAT32))
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("(training.seeds: {auto: 0.2}, now ");
    }
    for (String more : List.of("seeds: 3", "seeds: {auto: 0.3}")) {
      assertThat(folder().configuration(config(more), Precision.FLOAT32).training().seeds())
          .isEqualTo(config(more).training().seeds());
    }
  }

  @Test
  void aListOfShapesMayGrowAndNotChange() throws IOException {
    String begun = "[{layers: 1, width: 16}, {layers: 2, width: 32}]";
    folder().writeConfig(shaped(begun).on(Precision.FLOAT32));
    for (String same :
        List.of(
            "[{layers: 2, width: 32, heads: 4, mlp: 88}, {layers: 1, width: 16}]",
            "[{layers: 1, width: 16}, {layers: 2, width: 32}, {layers: 3, width: 48}]")) {
      assertThat(folder().configuration(shaped(same), Precision.FLOAT32))
          .isEqualTo(shaped(same).on(Precision.FLOAT32));
    }
    assertThatThrownBy(
            () ->
                folder()
                    .configuration(
                        shaped("[{layers: 1, width: 16}, {layers: 2, width: 32, mlp: 96}]"),
                        Precision.FLOAT32))
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            folder().config()
                + ": has what is asked for no longer (decoder.shapes: {layers: 2, width:"
                + " 32, heads: 4, mlp: 88}); name it too, and only what is new is trained, or use"
                + " --out with another folder");
    assertThatThrownBy(() -> folder().configuration(shaped("{layers: 2}"), Precision.FLOAT32))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("was started with another configuration (decoder.shapes is [{");
  }

  private SweepConfig shaped(String shapes) throws IOException {
    return config("}\ndecoder: {shapes: " + shapes);
  }

  @Test
  void aSweepOfAnEarlierVersionIsRefused() throws IOException {
    folder().writeConfig(config(""));
    assertThatThrownBy(() -> folder().configuration(config(""), Precision.FLOAT32))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("sweep.yaml: was written by an earlier version");
  }

  @Test
  void aDamagedEnvironmentIsFoundBeforeTraining() throws IOException {
    start();
    String whole =
        "{\"precision\": \"float32\", \"corpus\": {\"hash\": \"ab\", \"train_tokens\": 9}}";
    Files.writeString(folder().environment(), whole);
    folder().configuration(config(""), Precision.FLOAT32);
    for (String damaged : List.of("", "null", "[]", "{}", whole.substring(0, 30))) {
      Files.writeString(folder().environment(), damaged);
      assertThatThrownBy(() -> folder().configuration(config(""), Precision.FLOAT32))
          .as(damaged)
          .isInstanceOf(BadInputException.class)
          .hasMessageStartingWith(folder().environment() + ": is damaged");
    }
  }

  private void start() throws IOException {
    folder().writeConfig(folder().configuration(config(""), Precision.FLOAT32));
  }

  private SweepFolder folder() {
    return new SweepFolder(temporary.resolve("run"));
  }

  private SweepConfig config(String training) throws IOException {
    Path yaml = temporary.resolve("tiny.yaml");
    Files.writeString(
        yaml, "corpus: {files: [a]}\ngrid: {budgets: [1e9, 1e10]}\ntraining: {" + training + "}\n");
    return SweepConfig.read(yaml);
  }
}
