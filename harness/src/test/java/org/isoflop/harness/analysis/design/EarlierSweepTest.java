package org.isoflop.harness.analysis.design;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.analysis.law.Law;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class EarlierSweepTest {

  private static final String OPTIMA =
      "\"optima\": [{\"budget\": 1e9, \"params\": 100}, {\"budget\": 1e11, \"params\": 1000}]";

  @TempDir private Path folder;

  @Test
  void readsFrontierAndLaw() throws IOException {
    EarlierSweep sweep =
        read(
            "{"
                + OPTIMA
                + ", \"exponents\": {\"parametric\": {\"a\": 0.5, \"E\": 1.5, \"A\": 20, \"B\": 30,"
                + " \"alpha\": 0.3, \"beta\": 0.4, \"E_interval\": [1, 2]}}}");

    assertThat(sweep.params().exponent()).isCloseTo(0.5, within(1e-12));
    assertThat(Math.exp(sweep.params().ln(Math.log(1e13)))).isCloseTo(1e4, within(1e-6));
    assertThat(sweep.surface())
        .contains(new LossSurface(new Law(1.5, 20, 30, 0.3, 0.4), RunNoise.PRIOR));
    assertThat(read("{" + OPTIMA + "}").surface()).isEmpty();
  }

  @Test
  void readsTheReference() {
    EarlierSweep sweep = EarlierSweep.read(Path.of("..", "runs", "reference").toString());
    assertThat(Math.exp(sweep.params().ln(Math.log(6.6e10)))).isBetween(2.2e4, 2.8e4);
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
        Arguments.of("{", "analysis.json: is not valid JSON ("),
        Arguments.of("{}", "optima: 0 of 0 budgets have an optimum, and a frontier"),
        Arguments.of(
            "{\"optima\": [{\"budget\": 1e9, \"params\": 100}, {\"budget\": 1e10}]}",
            "optima: 1 of 2 budgets have an optimum"),
        Arguments.of(
            "{\"convention\": {\"params\": \"matmul\", \"flops\": \"budget\"}, " + OPTIMA + "}",
            "convention: counts matmul params and budget FLOPs, while a plan counts total params"),
        Arguments.of(
            "{" + OPTIMA + ", \"exponents\": {\"parametric\": {\"E\": 1, \"A\": \"x\"}}}",
            "exponents.parametric.A: is \"x\", not a number a law can have"),
        Arguments.of(
            "{" + OPTIMA + ", \"exponents\": {\"parametric\": {\"A\": 1, \"B\": 1}}}",
            "exponents.parametric.E: is missing, not a number a law can have"));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void oneLineForAMistake(String json, String words) {
    assertThatThrownBy(() -> read(json))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(folder.resolve("analysis.json") + ": ")
        .hasMessageContaining(words);
  }

  @Test
  void oneLineForAFolderThatIsNotThere() {
    assertThatThrownBy(() -> EarlierSweep.read(folder.resolve("none").toString()))
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            "grid.expected.from: "
                + folder.resolve("none")
                + ": there is no such folder, name that of an earlier sweep");
    assertThatThrownBy(() -> EarlierSweep.read(folder.toString()))
        .hasMessage(
            "grid.expected.from: %1$s: has no analysis.json; 'isoflop analyze %1$s' writes it",
            folder);
    assertThatThrownBy(() -> EarlierSweep.read("no\0where"))
        .isInstanceOf(BadInputException.class)
        .hasMessageEndingWith("cannot be a folder");
  }

  private EarlierSweep read(String json) throws IOException {
    Files.writeString(folder.resolve("analysis.json"), json);
    return EarlierSweep.read(folder.toString());
  }
}
