package org.isoflop.harness.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.isoflop.harness.BadInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Grids by cells, and grids centred on an earlier sweep. */
final class GridTest {

  @TempDir private Path folder;

  @Test
  void readsCellsAndWritesThemBack() throws IOException {
    SweepConfig config =
        read(
            "{cells: [{budget: 1e12, params: 2.5e5, seed: 2}, {budget: 1e11, params: 40000},"
                + " {budget: 1e12, params: 2.5e5, seed: -3}]}");

    assertThat(config.grid().cells())
        .containsExactly(
            new GridCell(1e12, 250_000, OptionalLong.of(2)),
            new GridCell(1e11, 40_000, OptionalLong.empty()),
            new GridCell(1e12, 250_000, OptionalLong.of(-3)));
    assertThat(config.grid().budgets()).containsExactly(1e11, 1e12);
    assertThat(config.toYaml())
        .contains("  cells:\n  - budget: 1.0e+12\n    params: 250000\n    seed: 2\n")
        .doesNotContain("budgets", "sizes", "expected");
    assertThat(reread(config)).isEqualTo(config);
  }

  @Test
  void readsAnEarlierSweepAndWritesItBack() throws IOException {
    SweepConfig config = read("{budgets: [1e12], expected: {from: runs/earlier}}");

    assertThat(config.grid().expected()).isEqualTo(new Expected.Earlier("runs/earlier"));
    assertThat(config.grid().sizes()).isEqualTo(Grid.Sizes.DEFAULT);
    assertThat(config.toYaml())
        .contains("from: \"runs/earlier\"")
        .doesNotContain("tokens_per_param");
    assertThat(reread(config)).isEqualTo(config);
    assertThat(read("{budgets: [1e12], expected: {}}").grid().expected())
        .isEqualTo(new Expected.TokensPerParam(20));
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
        Arguments.of("{cells: []}", "grid.cells: is an empty list, name at least one cell"),
        Arguments.of("{cells: 3}", "grid.cells: is 3, use a list in [brackets]"),
        Arguments.of(
            "{cells: [{params: 3}]}",
            "grid.cells[0].budget: is missing, use the FLOPs the cell may spend"),
        Arguments.of(
            "{cells: [{budget: 1e9}]}",
            "grid.cells[0].params: is missing, use the cell's total parameters"),
        Arguments.of(
            "{cells: [{budget: 1e9, params: 0}]}",
            "grid.cells[0].params: 0 is not a number of parameters, use 1 to 1e15"),
        Arguments.of(
            "{cells: [{budget: -1, params: 10}]}",
            "grid.cells[0].budget: -1 is not a number of FLOPs, use a positive one"),
        Arguments.of(
            "{cells: [{budget: 1e9, params: 10, seed: 1.5}]}",
            "grid.cells[0].seed: is 1.5, use a whole number"),
        Arguments.of(
            "{cells: [{budget: 1e9, params: 10, seeds: 1.5}]}",
            "grid.cells[0].seeds: is 1.5, use a whole number"),
        Arguments.of(
            "{cells: [{budget: 1e9, params: 10, seeds: 0}]}",
            "grid.cells[0].seeds: 0 is not a number of runs, use 1 to 1000"),
        Arguments.of(
            "{cells: [{budget: 1e9, params: 10, batch_multipliers: [-1]}]}",
            "grid.cells[0].batch_multipliers[0]: -1 is out of range, use more than 0 and at most"
                + " 1000"),
        Arguments.of(
            "{cells: [{budget: 1e9, params: 10, size: 3}]}",
            "grid.cells[0].size: is not a known key here, use batch_multipliers, budget, changes,"
                + " learning_rate_multipliers, params, seed or seeds"),
        Arguments.of(
            "{cells: [{budget: 1e9, params: 10}, {budget: 1e9, params: 10}]}",
            "grid.cells[1]: repeats cells[0]; a second run of a cell needs another seed"),
        Arguments.of(
            "{cells: [{budget: 1e9, params: 10}, {budget: 1.05e9, params: 20}]}",
            "grid.cells[1].budget: 1.05e+9 is within a tenth of 1.0e+9, the budget of cells[0]; use"
                + " one of the two for both"),
        Arguments.of(
            "{budgets: [1e9], cells: [{budget: 1e9, params: 10}]}",
            "grid.budgets: does not go with grid.cells, use one of them"),
        Arguments.of(
            "{sizes: {span: 8}, cells: [{budget: 1e9, params: 10}]}",
            "grid.sizes: does not go with grid.cells, use one of them"),
        Arguments.of(
            "{expected: {from: a}, cells: [{budget: 1e9, params: 10}]}",
            "grid.expected: does not go with grid.cells, use one of them"),
        Arguments.of(
            "{budgets: [1e9], expected: {from: a, tokens_per_param: 3}}",
            "grid.expected.tokens_per_param: does not go with grid.expected.from, use one of them"),
        Arguments.of(
            "{budgets: [1e9], expected: {from: ' '}}",
            "grid.expected.from: is blank, name the folder of an earlier sweep"),
        Arguments.of(
            "{budgets: [1e9], expected: {from: 3}}",
            "grid.expected.from: is 3, use a text (in quotes where it looks like a number)"),
        Arguments.of(
            "{budgets: [1e9], expected: 20}",
            "grid.expected: is 20, use a section of 'key: value' lines"),
        Arguments.of(
            "{budgets: [1e9], expected: {form: runs/x}}",
            "grid.expected.form: is not a known key here, use from or tokens_per_param"));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void oneLineForAMistake(String grid, String expected) {
    assertThatThrownBy(() -> read(grid))
        .isInstanceOf(BadInputException.class)
        .hasMessage(folder.resolve("grid.yaml") + ":2: " + expected);
  }

  @Test
  void tooManyCellsAreRefused() {
    String cells = "{budget: 1e9, params: 10},".repeat(1001);
    assertThatThrownBy(() -> read("{cells: [" + cells + "]}"))
        .hasMessageEndingWith("grid.cells: 1001 cells are too many, use at most 1000");
  }

  private SweepConfig reread(SweepConfig config) throws IOException {
    return SweepConfig.read(Files.writeString(folder.resolve("again.yaml"), config.toYaml()));
  }

  private SweepConfig read(String grid) throws IOException {
    String yaml = "corpus: {files: [a.txt]}\ngrid: " + grid + "\n";
    return SweepConfig.read(Files.writeString(folder.resolve("grid.yaml"), yaml));
  }
}
