package org.isoflop.harness.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.isoflop.harness.config.SweepConfig;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sound configurations, tables and flags, spoilt at random from a fixed seed, through the whole
 * command line: what cannot be done is said in one line, with nothing written, and soon.
 *
 * <p>{@code -Disoflop.fuzz=1000} tries as many inputs, {@code -Disoflop.fuzz.seed=7} others.
 */
final class BadInputFuzzTest {

  private static final int INPUTS = Integer.getInteger("isoflop.fuzz", 60);

  /** No answer takes longer on a machine that does nothing else. */
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private static final String YAML =
      """
      name: fuzz
      corpus:
        files: ['@/texts']
        include: ['**']
        tokenizer: bytes
        validation_fraction: 0.2
      decoder:
        context: 16
        mlp: swiglu
        norm: layernorm
        qk_norm: true
        tied: true
      grid:
        budgets: [6e8, 2e9]
        sizes: {per_budget: 4, span: 6}
        expected: {tokens_per_param: 1}
      training:
        schedule: {kind: wsd, cooldown: 0.2}
        learning_rate: {rule: porian, multiplier: 1}
        batch_tokens: 256
        precision: auto
        seed: 1
        micro_batch_tokens: 4096
        optimizer: {beta1: 0.9, beta2: auto, epsilon: 1e-8, weight_decay: 0.1, clip_norm: 1}
      evaluation:
        tokens: 400
      limits:
        epochs: 100
      """;

  private static final List<String> COMMANDS =
      List.of("plan", "sweep", "tune", "work", "status", "analyze", "allocate", "suggest", "bench");

  private static final List<String> OPTIONS =
      List.of(
          "--out",
          "--device",
          "--slots",
          "--checkpoint-seconds",
          "--progress",
          "--column",
          "--params",
          "--flops",
          "--group-by",
          "--intervals",
          "--replicates",
          "--seed",
          "--budget",
          "--inference-tokens",
          "--unique-tokens",
          "--json",
          "--force",
          "--sizes",
          "--precision",
          "--context",
          "--batch-tokens",
          "--seconds",
          "--csv",
          "--frobnicate",
          "-x");

  @TempDir private Path folder;

  private final SplittableRandom random =
      new SplittableRandom(Long.getLong("isoflop.fuzz.seed", 1));
  private final Mutants mutants = new Mutants(random);

  private record Input(String description, List<String> arguments) {}

  @BeforeEach
  void laySoundInput() throws IOException {
    for (int i = 0; i < 30; i++) {
      write("texts/" + i + ".txt", ("Text " + i + " has these words. ").repeat(40 + i));
    }
    write("sound.yaml", YAML.replace("@/", folder + "/"));
    write("sound.csv", table());
    write("a-file", "in the way");
    write("sweep/sweep.yaml", SweepConfig.read(folder.resolve("sound.yaml")).toYaml());
    write("sweep/points.csv", table());
  }

  /** Four budgets of five sizes on a smooth surface. */
  private static String table() {
    StringBuilder csv = new StringBuilder("budget_flops,params,tokens,loss,seed,status\n");
    for (double budget = 1e15; budget < 1e17; budget *= 4) {
      for (int i = -2; i <= 2; i++) {
        double params = Math.sqrt(budget / 120) * Math.pow(1.7, i);
        double tokens = budget / (6 * params);
        double loss = 1.7 + 400 / Math.pow(params, 0.34) + 410 / Math.pow(tokens, 0.28);
        csv.append(
            String.format(
                Locale.ROOT, "%.4g,%.6g,%.6g,%.5f,%d,done%n", budget, params, tokens, loss, i));
      }
    }
    return csv.toString();
  }

  @Test
  void isRefusedInOneLineOrDone() throws IOException {
    Map<String, String> before = content();
    List<String> faults = new ArrayList<>();
    int refused = 0;
    for (int i = 0; i < INPUTS; i++) {
      Input input = input(i);
      Map<String, String> laid = content();
      double start = cpuSeconds();
      CommandRun run = run(input);
      double seconds = cpuSeconds() - start;
      boolean wrote = run.exitCode() != 0 && !content().equals(laid);
      refused += run.exitCode() != 0 ? 1 : 0;
      fault(run, seconds, wrote)
          .ifPresent(
              fault -> faults.add(input.description() + "\n" + fault + "\nsaid: " + run.err()));
      cleanUp(before);
    }
    assertThat(faults).as("%d of %d inputs", faults.size(), INPUTS).isEmpty();
    // Neither is everything refused at the first check, nor is nothing wrong.
    assertThat(refused).isBetween(INPUTS / 2, INPUTS - INPUTS / 50);
  }

  /** What all threads have used, which other work on the machine does not stretch. */
  private static double cpuSeconds() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime()
        * 1e-9;
  }

  private static CommandRun run(Input input) {
    return Assertions.assertTimeoutPreemptively(
        LONGEST.multipliedBy(10),
        () -> {
          try {
            return CommandRun.of(input.arguments().toArray(String[]::new));
          } catch (Throwable e) {
            return new CommandRun(-1, "", "an exception that nothing caught: " + e);
          }
        },
        input::description);
  }

  private static Optional<String> fault(CommandRun run, double seconds, boolean wrote) {
    String err = run.err();
    boolean failed = run.exitCode() != 0;
    if (run.exitCode() < 0 || run.exitCode() > 2) {
      return Optional.of("exit code " + run.exitCode());
    }
    if (err.contains("\tat ")) {
      return Optional.of("a stack trace");
    }
    if (failed && (err.lines().count() != 1 || !err.startsWith("isoflop: "))) {
      return Optional.of("not one line");
    }
    if (failed && (err.length() > 1100 || err.strip().chars().anyMatch(Character::isISOControl))) {
      return Optional.of("a line that nobody can read");
    }
    if (wrote) {
      return Optional.of("something was written");
    }
    return seconds > LONGEST.toSeconds()
        ? Optional.of("it took " + Math.round(seconds) + " s")
        : Optional.empty();
  }

  private Input input(int number) throws IOException {
    return switch (number % 5) {
      case 0, 1 -> configuration(number);
      case 2, 3 -> points(number);
      default -> flags(number);
    };
  }

  private Input configuration(int number) throws IOException {
    byte[] yaml = mutants.yaml(YAML.replace("@/", folder + "/"));
    String name = "bad.yaml";
    String command = mutants.pick(List.of("plan", "plan", "plan", "sweep", "tune", "suggest"));
    // A sweep must not train here: its folder cannot be made.
    List<String> arguments =
        switch (command) {
          case "sweep", "tune" ->
              List.of(command, "@/bad.yaml", "--device", "cpu", "--out", "@/a-file/x");
          case "suggest" ->
              List.of("suggest", "@/bad", "--budget", "1e12", "--out", "@/new/n.yaml");
          default -> List.of("plan", "@/bad.yaml", "--device", "cpu", "--out", "@/new");
        };
    if (command.equals("suggest")) {
      name = "bad/sweep.yaml";
      write("bad/points.csv", table());
    }
    return laid(number, name, yaml, arguments);
  }

  private Input points(int number) throws IOException {
    byte[] csv = mutants.csv(table());
    List<String> arguments =
        switch (random.nextInt(4)) {
          case 0 -> List.of("allocate", "@/bad.csv", "--budget", "1e18", "--replicates", "100");
          case 1 ->
              List.of(
                  "analyze", "@/bad.csv", "@/sound.csv", "--out", "@/new", "--replicates", "100");
          default ->
              List.of(
                  "analyze",
                  "@/bad.csv",
                  "--out",
                  "@/new",
                  "--replicates",
                  "100",
                  "--flops",
                  mutants.pick(List.of("budget", "6nd")));
        };
    return laid(number, "bad.csv", csv, arguments);
  }

  private Input flags(int number) {
    String command = mutants.pick(COMMANDS);
    List<String> arguments = new ArrayList<>(List.of(command));
    if (random.nextInt(8) > 0) {
      arguments.add(
          switch (command) {
            case "plan", "sweep", "tune" -> "@/sound.yaml";
            case "work", "status", "suggest" ->
                mutants.pick(List.of("@/sweep", "@/texts", "@/none"));
            case "bench" -> "--sizes=0"; // never times anything
            default -> "@/sound.csv";
          });
    }
    if (command.equals("sweep") || command.equals("tune")) {
      arguments.addAll(List.of("--out", "@/a-file/x"));
    }
    for (int i = random.nextInt(4); i >= 0; i--) {
      String option = mutants.pick(OPTIONS);
      boolean writes = option.equals("--out") || option.equals("--csv");
      arguments.add(option);
      if (random.nextInt(8) > 0) {
        arguments.add(
            writes
                ? mutants.pick(List.of("@/new", "@/a-file", "@/a-file/x", ""))
                : mutants.value());
      }
    }
    if (command.equals("analyze")) {
      arguments.addAll(List.of("--out", "@/new"));
    }
    return input(number, arguments, "");
  }

  private Input laid(int number, String name, byte[] content, List<String> arguments)
      throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, content);
    return input(number, arguments, "\n" + new String(content, StandardCharsets.UTF_8));
  }

  private Input input(int number, List<String> arguments, String content) {
    List<String> placed =
        arguments.stream().map(argument -> argument.replace("@/", folder + "/")).toList();
    String shown = content.length() > 3000 ? content.substring(0, 3000) + "…" : content;
    return new Input("input " + number + ": " + arguments + shown, placed);
  }

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  /** Takes away what an input brought and what came of it. */
  private void cleanUp(Map<String, String> before) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        if (!before.containsKey(folder.relativize(path).toString())) {
          Files.delete(path);
        }
      }
    }
    assertThat(content()).isEqualTo(before);
  }

  /** Every file below the test's folder and the working folder's runs, with a hash of its bytes. */
  private Map<String, String> content() throws IOException {
    Map<String, String> content = new TreeMap<>();
    for (Path root : List.of(folder, Path.of("runs"))) {
      if (!Files.exists(root)) {
        continue;
      }
      try (Stream<Path> all = Files.walk(root)) {
        for (Path path : all.toList()) {
          String hash =
              Files.isDirectory(path) ? "folder" : "" + Arrays.hashCode(Files.readAllBytes(path));
          content.put((root == folder ? "" : "runs/") + root.relativize(path), hash);
        }
      }
    }
    return content;
  }
}
