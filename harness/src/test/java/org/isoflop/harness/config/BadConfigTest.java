package org.isoflop.harness.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.data.tokenizers.Tokenizers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every mistake in a configuration gives one line with file, line, key, and what would do. */
final class BadConfigTest {

  @TempDir private Path folder;

  /**
   * A mistake in an otherwise good file, whose own lines begin at the third; below it the message.
   */
  private static final String MISTAKES =
      """
      decoder: {contxt: 64}
        3: decoder.contxt: is not a known key here, use context, mlp, norm, parametrization, qk_norm, shapes or tied
      decoder: {parametrization: mu}
        3: decoder.parametrization.kind: 'mu' is not a known kind, use mup or standard
      decoder: {parametrization: 3}
        3: decoder.parametrization: is 3, use a section of 'key: value' lines
      decoder: {parametrization: {base_width: 32}}
        3: decoder.parametrization.base_width: is not a known key here, use kind
      decoder: {parametrization: {kind: mup, base_width: 33}}
        3: decoder.parametrization.base_width: 33 is no width, use an even number from 2 to 131072
      decoder: {parametrization: {kind: mup, base_layers: 0}}
        3: decoder.parametrization.base_layers: 0 is no number of layers, use 1 to 1000
      epochs: 3
        3: epochs: is not a known key here, use corpus, decoder, evaluation, grid, limits, name or training
      training:\\n  seed: 1\\n  learning_rate: {rule: porian, mult: 2}
        5: training.learning_rate.mult: is not a known key here, use multiplier, multipliers or rule
      training:\\n  schedule: {kind: cosine, cooldown: 0.2}
        4: training.schedule.cooldown: is not a known key here, use final or warmup
      training:\\n  schedule: {kind: wsd, warmup: 0.3, cooldown: 0.8}
        4: training.schedule.warmup: 0.3 is out of range, use more than 0 and at most 0.1
      training:\\n  schedule: {kind: cosine, warmup: 0}
        4: training.schedule.warmup: 0 is out of range, use more than 0 and at most 0.5
      training:\\n  schedule: linear
        4: training.schedule.kind: 'linear' is not a known kind, use cosine or wsd
      training:\\n  learning_rate: {rule: porain}
        4: training.learning_rate.rule: is 'porain', use auto, deepseek, porian or steplaw
      training: {learning_rate: fast}
        3: training.learning_rate: is 'fast', use a number
      training: {learning_rate: -1e-3}
        3: training.learning_rate: -0.001 is out of range, use more than 0 and at most 10
      training: {learning_rate: {multiplier: 0}}
        3: training.learning_rate.multiplier: 0 is out of range, use more than 0 and at most 1000
      training: {learning_rate: {multipliers: []}}
        3: training.learning_rate.multipliers: is an empty list, name at least one, such as 1
      training: {batch_tokens: {value: 512, multipliers: [1, 0]}}
        3: training.batch_tokens.multipliers[1]: 0 is out of range, use more than 0 and at most 1000
      training: {batch_tokens: {value: 512, multipliers: [2, 1, 2.01]}}
        3: training.batch_tokens.multipliers[2]: 2.01 is within a hundredth of 2; settings so near are one
      training: {batch_tokens: {value: 192, multipliers: [1, 0.5]}}
        3: training.batch_tokens: 96 is less than one sequence, use decoder.context (128) or more
      training:\\n  learning_rate: {value: 0.01, rule: auto}
        4: training.learning_rate.rule: does not go with training.learning_rate.value, use one of them
      training: {learning_rate: {law: runs/none}}
        3: training.learning_rate.law: there is no runs/none/tuned.json, name the folder of an 'isoflop tune' that has ended
      training: {learning_rate: {law: runs/none, rule: auto}}
        3: training.learning_rate.rule: does not go with training.learning_rate.law, use one of them
      training: {learning_rate: {law: 3}}
        3: training.learning_rate.law: is 3, use a section of 'key: value' lines
      training: {learning_rate: {law: {factor: 3}}}
        3: training.learning_rate.law.params_exponent: is missing, use that of the parameters
      training: {learning_rate: {law: <law> -1}}}
        3: training.learning_rate.law.factor: -1 is out of range, use a positive number
      training: {batch_tokens: {law: <law> 1, batch_exponent: 0.5}}}
        3: training.batch_tokens.law.batch_exponent: 0.5 is of a law of the learning rate; the batch's own has none
      training: {learning_rate: {law: <law> 1, tuned_with: [schedule cosine]}}}
        3: training.learning_rate.law: was tuned with schedule cosine, not with schedule wsd, whose best rates are others; tune again, or use that schedule
      training: {seed: 9223372036854775807}
        3: training.seed: 9223372036854775807 leaves no larger ones for repeats, use at most 9223372036854774807
      training: {seeds: 0}
        3: training.seeds: 0 is not a number of runs, use 1 to 1000
      training: {seeds: many}
        3: training.seeds: is 'many', use a whole number, auto or {auto: 0.1}
      training: {seeds: 2.5}
        3: training.seeds: is 2.5, use a whole number, auto or {auto: 0.1}
      training: {seeds: {auto: some}}
        3: training.seeds.auto: is 'some', use a number
      training: {seeds: {auto: 10}}
        3: training.seeds.auto: 10 is not a share of the sweep's FLOPs, use more than 0 and at most 1 (0.1 is usual)
      training: {seeds: {}}
        3: training.seeds.auto: 0 is not a share of the sweep's FLOPs, use more than 0 and at most 1 (0.1 is usual)
      training: {seeds: {share: 0.1}}
        3: training.seeds.share: is not a known key here, use auto
      training: {seeds: 1000, learning_rate: {multipliers: [1, 2]}}
        2: grid: its cells, with all settings and seeds, are 14000 runs, use at most 10000
      training: {sharing: stem}
        3: training.sharing.kind: is 'stem', use auto, none or trunk
      training:\\n  sharing: {tolerance: 0.5}
        4: training.sharing.tolerance: 0.5 is out of range, use a factor from 1 to 100
      training: {sharing: {kind: none, verify: 3}}
        3: training.sharing.verify: needs cells that share training to compare with, use kind: trunk
      training: {control: always}
        3: training.control: is 'always', use auto, none or a share such as 0.05
      training: {control: 5}
        3: training.control: 5 is not a share of the sweep's FLOPs, use more than 0 and at most 0.5 (0.05 is usual)
      training: {sharing: {verify: 1.5}}
        3: training.sharing.verify: is 1.5, use a whole number
      training: {sharing: {verify: [3]}}
        3: training.sharing.verify[0]: is 3, use a text (in quotes where it looks like a number)
      training: {sharing: {verify: -1}}
        3: training.sharing.verify: -1 is not a number of cells, use 0 to 10000
      training: {schedule: {kind: cosine}, sharing: trunk}
        3: training.sharing: trunk needs a schedule with a constant part, use schedule {kind: wsd} or sharing none
      training: {batch_tokens: 100.5}
        3: training.batch_tokens: 100.5 is not a number of tokens, use a whole one from 1 to 1e9
      training: {batch_tokens: 64}
        3: training.batch_tokens: 64 is less than one sequence, use decoder.context (128) or more
      training: {micro_batch_tokens: 64}
        3: training.micro_batch_tokens: 64 is less than one sequence, use decoder.context (128) or more
      training: {precision: fp16}
        3: training.precision: is 'fp16', use auto, bfloat16 or float32
      training: {precision: 1}
        3: training.precision: is 1, use auto, bfloat16 or float32
      training: {min_steps: 20}
        3: training.min_steps: 20 is out of range, use 50 (fewer whole steps would miss a budget by over a hundredth) to 1000000
      training: {seed: 1.5}
        3: training.seed: is 1.5, use a whole number
      training:\\n  optimizer:\\n    beta2: none
        5: training.optimizer.beta2: is 'none', use a number
      training: {optimizer: {beta2: 1}}
        3: training.optimizer.beta2: 1 is out of range, use 0 or more and less than 1
      training: {optimizer: {epsilon: .nan}}
        3: training.optimizer.epsilon: is .nan, use a finite number
      training: {optimizer: {clip_norm: .inf}}
        3: training.optimizer.clip_norm: is .inf, use a finite number
      decoder: {context: 4}
        3: decoder.context: 4 is too short, use 8 tokens or more
      decoder: {context: 1e99}
        3: decoder.context: is 1.0e+99, use a whole number
      decoder: {mlp: relu}
        3: decoder.mlp: is 'relu', use gelu or swiglu
      decoder: {tied: 'yes'}
        3: decoder.tied: is 'yes', use true or false
      decoder: {tied: 1}
        3: decoder.tied: is 1, use true or false
      decoder: {shapes: {layers: 2, aspect: 32}}
        3: decoder.shapes.layers: does not go with aspect, use one of them
      decoder:\\n  shapes:\\n    head_size: 7
        5: decoder.shapes.head_size: 7 is no size of a head, use an even number from 2 to 512 (rotary positions turn pairs)
      decoder: {shapes: {aspect: 0.5}}
        3: decoder.shapes.aspect: 0.5 is out of range, use 1 to 10000 (64 is customary for large decoders)
      decoder: {shapes: {mlp_ratio: 0}}
        3: decoder.shapes.mlp_ratio: 0 is out of range, use 0.1 to 100 (4 is customary for gelu, 8/3 for swiglu)
      decoder: {shapes: {layers: two}}
        3: decoder.shapes.layers: is 'two', use a whole number
      decoder: {shapes: {depth: 2}}
        3: decoder.shapes.depth: is not a known key here, use aspect, head_size, layers or mlp_ratio
      decoder: {shapes: []}
        3: decoder.shapes: is an empty list, name at least one, such as {layers: 2, width: 32}
      decoder:\\n  shapes:\\n  - {layers: 2, width: 32}\\n  - {layers: 2}
        6: decoder.shapes[1].width: is missing, use the width of the residual stream
      decoder:\\n  shapes:\\n  - {layers: 2, width: 32}\\n  - {layers: 2, width: 32, heads: 2}
        6: decoder.shapes[1]: has as many parameters as shapes[0], so that no size would choose it; use another sweep for other heads
      decoder: {shapes: [{layers: 0, width: 32}]}
        3: decoder.shapes[0].layers: 0 is no number of layers, use 1 to 1000
      decoder: {shapes: [{layers: 1, width: 33}]}
        3: decoder.shapes[0].width: 33 is no width, use an even number from 2 to 131072
      decoder: {shapes: [{layers: 1, width: 32, heads: 3}]}
        3: decoder.shapes[0].heads: 3 heads do not divide a width of 32 into even sizes (rotary positions turn pairs)
      decoder: {shapes: [{layers: 1, width: 32, mlp: 0}]}
        3: decoder.shapes[0].mlp: 0 is no hidden width, use 1 to 1048576
      decoder: {shapes: [{layers: 1, width: 32, mlp_width: 8}]}
        3: decoder.shapes[0].mlp_width: is not a known key here, use heads, layers, mlp or width
      decoder: [64]
        3: decoder: is a list, use a section of 'key: value' lines
      decoder:\\n  tied:\\n
        4: decoder.tied: has no value, give it one or remove it
      decoder: {}\\ndecoder: {}
        4: decoder: stands a second time, first on line 3
      name: a/b
        3: name: 'a/b' cannot be a folder's name, use letters, digits, '.', '_' and '-'
      name: ..
        3: name: '..' cannot be a folder's name, use letters, digits, '.', '_' and '-'
      name: 2024
        3: name: is 2024, use a text (in quotes where it looks like a number)
      evaluation: {tokens: 0}
        3: evaluation.tokens: 0 is not a number of tokens, use 1 to 1000000000000
      limits: {epochs: -1}
        3: limits.epochs: -1 is not positive
      ---\\nname: second
        4: a second document begins here, use one file for each sweep
      """;

  private static final String LAW =
      "{params_exponent: 0, tokens_exponent: 0, params: [1, 2], tokens: [1, 2], factor:";

  private static final String GRIDS =
      """
      {}
        2: grid.budgets: is missing, list the FLOPs to spend, such as [1e15, 3e15, 1e16]
      3
        2: grid: is 3, use a section of 'key: value' lines
      {budgets: []}
        2: grid.budgets: is an empty list, name at least one, such as 1e15
      {budgets: 1e15}
        2: grid.budgets: is 1.0e+15, use a list in [brackets]
      {budgets: [1e15, big]}
        2: grid.budgets[1]: is 'big', use a number
      {budgets: [1e15, .inf]}
        2: grid.budgets[1]: is .inf, use a finite number
      {budgets: [1e400]}
        2: grid.budgets[0]: is 1E+400, use a number
      {budgets: [0]}
        2: grid.budgets[0]: 0 is not a number of FLOPs, use a positive one
      {budgets: [3e10, 1e10]}
        2: grid.budgets[1]: 1.0e+10 does not exceed the budget before it by a tenth or more; list them smallest first
      {budgets: {from: 1e10, to: 1e12}}
        2: grid.budgets.ratio: is missing, use the ratio of neighbouring budgets, such as 2
      {budgets: {from: 1e12, to: 1e10, ratio: 2}}
        2: grid.budgets.to: 1.0e+10 is less than from (1.0e+12)
      {budgets: [1e10], sizes: {per_budget: 3}}
        2: grid.sizes.per_budget: 3 is too few, use 4 or more
      {budgets: [1e10], sizes: {span: 1}}
        2: grid.sizes.span: 1 is out of range, use more than 1 (16 is customary) and at most 1e6
      {budgets: [1e10], expected: {tokens_per_param: 0}}
        2: grid.expected.tokens_per_param: 0 is out of range, use more than 0 and at most 1e6
      """;

  private static final String CORPORA =
      """
      {}
        1: corpus.files: is missing, list the text files to train on
      {files: []}
        1: corpus.files: is an empty list, name at least one file or pattern
      {files: a.txt}
        1: corpus.files: is 'a.txt', use a list in [brackets]
      {files: [' ']}
        1: corpus.files[0]: is blank, name at least one file or pattern
      {files: [a.txt, 3]}
        1: corpus.files[1]: is 3, use a text (in quotes where it looks like a number)
      {files: [a.txt], tokenizer: gpt-2}
        1: corpus.tokenizer: 'gpt-2' is not a known tokenizer, use TOKENIZERS
      {files: [a.txt], text: ' '}
        1: corpus.text: is blank, name the field or column that holds the text
      {files: [a.txt], validation_fraction: 0.1, validation_files: [b.txt]}
        1: corpus.validation_fraction: does not go with corpus.validation_files, use one of them
      {files: [a.txt], validation_as_in: runs/a, validation_files: [b.txt]}
        1: corpus.validation_files: does not go with corpus.validation_as_in, use one of them
      {files: [a.txt], validation_files: b.txt}
        1: corpus.validation_files: is 'b.txt', use a list in [brackets]
      {files: [a.txt], validation_files: [' ']}
        1: corpus.validation_files[0]: is blank, name a file or pattern
      {files: [a.txt], near_duplicates: 80}
        1: corpus.near_duplicates: 80 is out of range, use a similarity from 0.5 to below 1, such as 0.8, or 0 to look for none
      {files: [a.txt], validation_fraction: 0.6}
        1: corpus.validation_fraction: 0.6 is out of range, use more than 0 and at most 0.5
      """;

  /** Every mistake in its file, with what is said of it. */
  static Stream<Arguments> files() {
    String corpus = "corpus: {files: [a.txt]}\n";
    String grid = "grid: {budgets: [1e10]}\n";
    return Stream.of(
            files(MISTAKES, corpus + grid + "%s"),
            files(GRIDS, corpus + "grid: %s\n"),
            files(CORPORA.replace("TOKENIZERS", Tokenizers.wanted()), "corpus: %s\n" + grid))
        .flatMap(all -> all);
  }

  private static Stream<Arguments> files(String table, String file) {
    List<String> lines = table.lines().map(line -> line.replace("<law>", LAW)).toList();
    return IntStream.range(0, lines.size() / 2)
        .mapToObj(
            i ->
                Arguments.of(
                    file.formatted(lines.get(2 * i).replace("\\n", "\n")),
                    lines.get(2 * i + 1).strip()));
  }

  @ParameterizedTest
  @MethodSource("files")
  void oneLineForAMistake(String yaml, String expected) throws IOException {
    check(yaml, ":" + expected);
  }

  @Test
  void oneLineForAFileThatIsNoSection() throws IOException {
    check("", ": is empty; configs/smoke.yaml shows every key");
    check("# only a comment\n", ": is empty; configs/smoke.yaml shows every key");
    check("- a\n- b\n", ": is not made of 'key: value' lines; configs/smoke.yaml shows every key");
    check("hello", ": is not made of 'key: value' lines; configs/smoke.yaml shows every key");
    check("name: x", ":1: corpus.files: is missing, list the text files to train on");
  }

  @ParameterizedTest
  @MethodSource("syntaxErrors")
  void oneLineForASyntaxError(String yaml, int line) throws IOException {
    Path file = Files.writeString(folder.resolve("bad.yaml"), yaml);

    assertThatThrownBy(() -> SweepConfig.read(file))
        .isInstanceOf(BadInputException.class)
        .message()
        .startsWith(file + ":" + line + ": is not valid YAML: ")
        .doesNotContain("\n", "com.fasterxml", "StringReader");
  }

  static Stream<Arguments> syntaxErrors() {
    return Stream.of(
        Arguments.of("corpus: {files: [a.txt]\ngrid: {budgets: [1]}\n", 2),
        Arguments.of("corpus:\n\tfiles: [a]\n", 2),
        Arguments.of("name: 'open\n", 2),
        Arguments.of("corpus:\n  files: [a]\n grid: 3\n", 3));
  }

  @Test
  void oneLineForAFileThatCannotBeRead() throws IOException {
    Path missing = folder.resolve("missing.yaml");
    assertThatThrownBy(() -> SweepConfig.read(missing))
        .isInstanceOf(BadInputException.class)
        .hasMessage(missing + ": there is no such file");
    assertThatThrownBy(() -> SweepConfig.read(folder))
        .isInstanceOf(BadInputException.class)
        .hasMessage(folder + ": is a folder, name a YAML file");
    Path binary = Files.write(folder.resolve("binary.yaml"), new byte[] {(byte) 0xc3, 0x28});
    assertThatThrownBy(() -> SweepConfig.read(binary))
        .isInstanceOf(BadInputException.class)
        .hasMessage(binary + ": is not UTF-8 text");
  }

  @Test
  void aNameFromTheFileIsCheckedToo() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("my sweep.yaml"), "corpus: {files: [a]}\ngrid: {budgets: [1e9]}\n");
    assertThatThrownBy(() -> SweepConfig.read(file))
        .isInstanceOf(BadInputException.class)
        .message()
        .contains("name: 'my sweep' cannot be a folder's name");
  }

  private void check(String yaml, String expected) throws IOException {
    Path file = Files.writeString(folder.resolve("bad.yaml"), yaml);
    assertThatThrownBy(() -> SweepConfig.read(file))
        .isInstanceOf(BadInputException.class)
        .hasMessage(file + expected);
    assertThat(expected).doesNotContain("\n");
  }
}
