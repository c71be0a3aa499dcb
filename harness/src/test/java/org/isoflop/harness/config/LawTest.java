package org.isoflop.harness.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.SealedJson;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a configuration makes of the folder of a law, and of the law itself. */
final class LawTest {

  private static final Law RATE =
      new Law(
          3.7e-2,
          -0.36,
          0.125,
          0.4,
          List.of(5e3, 6e4),
          List.of(1e5, 2e6),
          List.of("schedule wsd", "context 128"));
  private static final Law BATCH =
      new Law(0.5, 0, 0.5, 0, List.of(5e3, 6e4), List.of(1e5, 2e6), List.of("schedule wsd"));

  @TempDir private Path folder;
  private Path tuned;

  @BeforeEach
  void writesTheFile() {
    tuned = folder.resolve("tuned").resolve(Law.FILE);
    write(RATE);
  }

  private void write(Law rate) {
    ObjectNode file = SealedJson.RECORDS.createObjectNode().put("format", Law.FORMAT);
    ObjectNode laws = file.putObject("laws");
    laws.set("learning_rate", SealedJson.RECORDS.valueToTree(rate));
    laws.set("batch_tokens", SealedJson.RECORDS.valueToTree(BATCH));
    SealedJson.write(tuned, file);
  }

  @Test
  void isReadFromItsFolderAndKeptAsItIs() throws IOException {
    SweepConfig config = named();

    Training training = config.training();
    assertThat(training.learningRate())
        .isEqualTo(new Hyperparameter.ByLaw(RATE, 1, List.of(0.5, 1.0)));
    assertThat(training.batchTokens()).isEqualTo(new Hyperparameter.ByLaw(BATCH, 2, List.of(1.0)));
    Files.delete(tuned);
    assertThat(read(config.toYaml()).training()).as("without the folder").isEqualTo(training);
  }

  @Test
  void isWhatTheSweepIsWhereverItLies() throws IOException {
    SweepConfig begun = named();
    Path elsewhere = folder.resolve("moved");
    Files.move(tuned.getParent(), elsewhere);
    assertThat(begun.differences(named(elsewhere.toString()))).isEmpty();

    tuned = elsewhere.resolve(Law.FILE);
    write(
        new Law(
            RATE.factor(),
            -0.35,
            RATE.tokensExponent(),
            RATE.batchExponent(),
            RATE.params(),
            RATE.tokens(),
            RATE.tunedWith()));
    assertThat(begun.differences(named(elsewhere.toString())))
        .extracting(ConfigDifference::toString)
        .containsExactly("training.learning_rate.law.params_exponent is -0.36, now -0.35");
  }

  @Test
  void isAPowerLaw() {
    assertThat(RATE.at(1, 1, 1)).isCloseTo(3.7e-2, within(1e-15));
    assertThat(RATE.at(2e4, 4e5, 256))
        .isCloseTo(
            3.7e-2 * Math.pow(2e4, -0.36) * Math.pow(4e5, 0.125) * Math.pow(256, 0.4),
            within(1e-12));
  }

  @Test
  void aFileThatIsNotWholeIsRefused() throws IOException {
    String whole = Files.readString(tuned);
    Files.writeString(tuned, whole.replace("-0.36", "-0.26"));
    assertRefused(
        "4: training.learning_rate.law: ", "its checksum does not match", "writes it again");

    Files.writeString(tuned, whole.substring(0, whole.length() / 2));
    assertRefused("4: training.learning_rate.law: ", "it is not whole");

    SealedJson.write(tuned, SealedJson.RECORDS.createObjectNode().put("format", "other"));
    assertRefused("has no law of it that this version knows; tune again");

    Files.delete(tuned);
    assertRefused("there is no " + tuned + ", name the folder of an 'isoflop tune' that has ended");
  }

  @Test
  void aLawOfAnotherScheduleIsRefused() {
    assertThatThrownBy(
            () ->
                read(
                    "corpus: {files: [a.txt]}\ngrid: {budgets: [1e10]}\n"
                        + "training:\n  schedule: {kind: cosine}\n"
                        + "  learning_rate: {law: '"
                        + tuned.getParent()
                        + "'}\n"))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("training.learning_rate.law: was tuned with schedule wsd, not with")
        .hasMessageContaining("schedule cosine, whose best rates are others; tune again");
  }

  /** A rate of the standard parametrisation is none of a base shape; older laws do not say. */
  @Test
  void aLawOfAnotherParametrizationIsRefused() throws IOException {
    assertThatThrownBy(() -> read(sweepOf("mup")))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(
            "training.learning_rate.law: was tuned with parametrization standard, not with"
                + " parametrization mup of width 64 and 2 layers, whose best rates are others;");
    write(tunedWith(List.of("schedule wsd", "parametrization mup of width 64 and 2 layers")));
    assertThat(read(sweepOf("mup")).training().learningRate())
        .isInstanceOf(Hyperparameter.ByLaw.class);
    assertThatThrownBy(() -> read(sweepOf("standard"))).hasMessageContaining("tune again");
    assertThatThrownBy(() -> read(sweepOf("{kind: mup, base_width: 32}")))
        .hasMessageContaining("tune again");
    write(tunedWith(List.of()));
    assertThat(read(sweepOf("mup"))).isNotNull();
  }

  private static Law tunedWith(List<String> recipe) {
    return new Law(
        RATE.factor(),
        RATE.paramsExponent(),
        RATE.tokensExponent(),
        RATE.batchExponent(),
        RATE.params(),
        RATE.tokens(),
        recipe);
  }

  private String sweepOf(String parametrization) {
    return "corpus: {files: [a.txt]}\ngrid: {budgets: [1e10]}\ndecoder: {parametrization: "
        + parametrization
        + "}\ntraining:\n  learning_rate: {law: '"
        + tuned.getParent()
        + "'}\n";
  }

  private void assertRefused(String... parts) {
    assertThatThrownBy(this::named)
        .isInstanceOf(BadInputException.class)
        .satisfies(e -> assertThat(e.getMessage()).contains(parts).doesNotContain("\n"));
  }

  private SweepConfig named() throws IOException {
    return named(tuned.getParent().toString());
  }

  private SweepConfig named(String law) throws IOException {
    return read(
        """
        corpus: {files: [a.txt]}
        grid: {budgets: [1e10]}
        training:
          learning_rate: {law: '%s', multipliers: [1, 0.5]}
          batch_tokens: {law: '%s', multiplier: 2}
        """
            .formatted(law, Path.of(law).resolve(Law.FILE)));
  }

  private SweepConfig read(String yaml) throws IOException {
    Path file = folder.resolve("sweep.yaml");
    Files.writeString(file, yaml);
    return SweepConfig.read(file);
  }
}
