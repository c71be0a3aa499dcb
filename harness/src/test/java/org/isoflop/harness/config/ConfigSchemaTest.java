package org.isoflop.harness.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * What editors check a configuration by is what isoflop reads. With {@code -Dschema.write} the
 * first test writes the schema and the annotated configuration anew.
 */
final class ConfigSchemaTest {

  private static final Path ROOT = Path.of("..");
  private static final Path CONFIGS = ROOT.resolve("configs");

  private static final Path FILE =
      Path.of("src/main/resources/org/isoflop/harness/config/sweep.schema.json");

  private static final String WRITE =
      "mvn test -pl harness -am -Dtest=ConfigSchemaTest -Dsurefire.failIfNoSpecifiedTests=false"
          + " -Dschema.write=true";

  private static final String DEFAULT = "Default: ";

  private static final JsonMapper JSON = new JsonMapper();

  private static final Schema SCHEMA =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
          .getSchema(ConfigSchema.schema());

  /** Sections whose words say what their keys are. */
  private static final List<String> DESCRIBED_WITH_THEIR_SECTION =
      List.of(
          "decoder.shapes[]",
          "grid.budgets",
          "grid.cells[].changes",
          "training.batch_tokens.law",
          "training.learning_rate.law",
          "training.seeds");

  @TempDir private Path folder;

  @Test
  void theFilesAreThoseOfTheRecordsAndTheirWords() throws IOException {
    DefaultIndenter indent = new DefaultIndenter("  ", "\n");
    JsonNode schema = ConfigSchema.schema();
    String written =
        JSON.writer(new DefaultPrettyPrinter().withObjectIndenter(indent))
                .writeValueAsString(schema)
            + "\n";
    Path smoke = CONFIGS.resolve("smoke.yaml");
    List<String> head =
        Files.readAllLines(smoke).stream()
            .takeWhile(line -> line.startsWith("#"))
            .map(line -> line.replaceFirst("# ?", ""))
            .toList();
    String annotated = CommentedYaml.ofAll(SweepConfig.read(smoke), head, schema);
    Map<Path, String> files =
        Map.of(FILE, written, CONFIGS.resolve("sweep.schema.json"), written, smoke, annotated);
    for (Path file : files.keySet()) {
      if (Boolean.getBoolean("schema.write")) {
        Files.writeString(file, files.get(file));
      }
      assertThat(Files.readString(file))
          .as("%s is out of date; '%s' writes it anew", file, WRITE)
          .isEqualTo(files.get(file));
    }
  }

  @Test
  void everyKeyHasItsWords() {
    Map<String, JsonNode> keys = ConfigSchema.keys(ConfigSchema.schema());
    assertThat(keys).hasSizeGreaterThan(80);
    assertThat(keys.keySet())
        .filteredOn(key -> !keys.get(key).has("description"))
        .isNotEmpty()
        .allMatch(
            key -> DESCRIBED_WITH_THEIR_SECTION.contains(key.substring(0, key.lastIndexOf('.'))));
  }

  /** What the words call a default is one. */
  @Test
  void theWordsNameTheDefaults() {
    assertThat(ConfigSchema.schema().findParents("default"))
        .filteredOn(key -> key.path("description").asText().contains(DEFAULT))
        .hasSizeGreaterThan(30)
        .allSatisfy(
            key -> {
              String words = key.get("description").asText();
              String named = words.substring(words.indexOf(DEFAULT) + DEFAULT.length());
              String first = named.split("\\.?(\\s|$)|,", 2)[0];
              JsonNode value = key.get("default");
              assertThat(value.isNumber() ? (Object) Double.valueOf(first) : first)
                  .as(words)
                  .isEqualTo(value.isNumber() ? value.doubleValue() : value.asText());
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "configs/smoke.yaml",
        "configs/lunch.yaml",
        "configs/laptop.yaml",
        "configs/prose.yaml",
        "runs/reference/sweep.yaml"
      })
  void takesTheRepositorysOwn(String name) throws IOException {
    Path file = ROOT.resolve(name);
    assertThat(errors(Files.readString(file))).isEmpty();
    assertThat(
            Files.readAllLines(file)
                .get(0)
                .equals("# yaml-language-server: $schema=./sweep.schema.json"))
        .isEqualTo(name.startsWith("configs"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "name: other-2",
        "decoder: {parametrization: mup, shapes: {layers: 2, mlp_ratio: auto}}",
        "decoder: {parametrization: {kind: mup, base_width: 32}, tied: true, mlp: gelu}",
        "decoder: {shapes: [{layers: 2, width: 32}, {layers: 1, width: 8, heads: auto, mlp: 24}]}",
        "training: {learning_rate: 3e-3, batch_tokens: 1024, seeds: 3, control: none}",
        "training: {learning_rate: {multiplier: 2}, batch_tokens: {rule: porian}}",
        "training: {learning_rate: {value: 1e-2, multipliers: [1, 2]}, seeds: {auto: 0.05}}",
        "training: {learning_rate: {law: {factor: 1, params_exponent: 0, tokens_exponent: 0,"
            + " params: [1, 2], tokens: [1, 2], tuned_with: [schedule wsd]}, multiplier: 2}}",
        "training: {schedule: {kind: cosine, final: 0}, sharing: none, precision: float32}",
        "training: {schedule: {cooldown: 0.3, warmup: 0.1}, sharing: {verify: [c1e9-d8-l2]}}",
        "training: {sharing: {tolerance: 2, verify: 3}, control: 0.1, optimizer: {beta2: 0.9}}",
        "evaluation: {tokens: 2e5, every: 0.1}\nlimits: {epochs: 2.5}",
      })
  void takesWhatIsRead(String rest) throws IOException {
    String yaml = "corpus: {files: [a.txt]}\ngrid: {budgets: [1e10, 3e10]}\n" + rest;
    assertThat(errors(yaml)).isEmpty();
    SweepConfig read = read(yaml);
    assertThat(errors(read.toYaml())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{budgets: {from: 1e12, to: 1e14, ratio: 3}, expected: {from: runs/earlier}}",
        "{budgets: [1e12], sizes: {per_budget: 5}, expected: {tokens_per_param: 10}}",
        "{cells: [{budget: 1e9, params: 2e4, seed: 5}, {budget: 1e9, params: 1e4, seeds: 2,"
            + " batch_multipliers: [1, 2], learning_rate_multipliers: [0.5], changes: {warmup:"
            + " 0.1}}]}",
      })
  void takesEveryGrid(String grid) throws IOException {
    String yaml = "corpus: {files: [a.txt]}\ngrid: " + grid;
    assertThat(errors(yaml)).isEmpty();
    assertThat(errors(read(yaml).toYaml())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{tokens: runs/tokens} | true",
        "{tokens: runs/tokens, files: [a.txt], tokenizer: gpt2} | true",
        "{files: [a.txt], tokenizer: runs/tokens/tokenizer.json} | true",
        "{files: []} | false",
        "{include: ['**']} | false",
        "{files: [a.txt], include: []} | false",
        "{files: [a.txt], tokenizer: gpt4} | false",
        "{tokens: [a, b]} | false",
      })
  void aCorpusIsTextOrAFolderOfTokens(String corpus, boolean sound) {
    assertThat(errors("corpus: " + corpus + "\ngrid: {budgets: [1e10]}").isEmpty())
        .isEqualTo(sound);
  }

  /** Those that are of a key or a type, not of a range, which only isoflop looks at. */
  static Stream<String> mistakes() {
    Pattern structural =
        Pattern.compile(
            ".* is not a known .*|.* is (?![0-9.]+[eE])[^ ]+, use .*|.* is a (list|section), use .*"
                + "|.* (does not go with training|is missing).*");
    List<String> found =
        BadConfigTest.files()
            .filter(mistake -> structural.matcher((String) mistake.get()[1]).matches())
            .map(mistake -> (String) mistake.get()[0])
            .toList();
    assertThat(found).hasSizeGreaterThan(40);
    return found.stream();
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void refusesEveryWrongKeyAndType(String yaml) {
    assertThat(errors(yaml)).isNotEmpty();
  }

  private SweepConfig read(String yaml) throws IOException {
    return SweepConfig.read(Files.writeString(folder.resolve("tiny.yaml"), yaml));
  }

  private static List<String> errors(String yaml) {
    return SCHEMA.validate(JSON.valueToTree(yaml12().load(yaml))).stream()
        .map(Error::toString)
        .toList();
  }

  /** Reads scalars as editors do: of YAML 1.2, where 3e10 is a number and yes a word. */
  private static Yaml yaml12() {
    LoaderOptions options = new LoaderOptions();
    DumperOptions dumper = new DumperOptions();
    return new Yaml(
        new SafeConstructor(options),
        new Representer(dumper),
        dumper,
        options,
        new Resolver() {
          @Override
          protected void addImplicitResolvers() {
            addImplicitResolver(Tag.BOOL, Pattern.compile("true|false"), "tf");
            addImplicitResolver(Tag.INT, Pattern.compile("[-+]?[0-9]+"), "-+0123456789");
            addImplicitResolver(
                Tag.FLOAT,
                Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?"),
                "-+0123456789.");
            addImplicitResolver(Tag.NULL, Pattern.compile("~|null| *"), "~n\0");
          }
        });
  }
}
