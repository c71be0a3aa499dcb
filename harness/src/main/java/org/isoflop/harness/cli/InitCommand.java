package org.isoflop.harness.cli;

import ai.djl.Device;
import java.io.Console;
import java.io.PrintWriter;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.isoflop.harness.AtomicFiles;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.Cache;
import org.isoflop.harness.Quantities;
import org.isoflop.harness.analysis.isoflop.RobustFit;
import org.isoflop.harness.config.CommentedYaml;
import org.isoflop.harness.config.CorpusConfig;
import org.isoflop.harness.config.SweepConfig;
import org.isoflop.harness.data.CorpusStatistics;
import org.isoflop.harness.data.tokenizers.Tokenizer;
import org.isoflop.harness.plan.Plan;
import org.isoflop.harness.plan.PrecisionForecast;
import org.isoflop.harness.sweep.Sweep;
import org.isoflop.harness.sweep.SweepFolder;
import org.isoflop.harness.sweep.SweepForTime;
import org.isoflop.models.TorchRuntime;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code isoflop init}: a configuration for a corpus, a device and the time one has. */
@Command(
    name = "init",
    mixinStandardHelpOptions = true,
    description = {
      "Writes a commented configuration of the largest customary sweep that ends in the time you"
          + " have.",
      "On a terminal it asks for what its flags do not say; it reads the corpus and times the"
          + " device for a few seconds."
    })
final class InitCommand implements Callable<Integer> {

  private static final String FILE = "mine.yaml";
  private static final String AUTO = "auto";

  private static final double LONGEST_DAYS = 100;

  @Parameters(
      paramLabel = "FILE",
      arity = "0..1",
      description =
          "The configuration to write, which must not be there yet. Default: " + FILE + ".")
  private Optional<String> file;

  @Mixin private InitCorpus corpus;

  @Option(
      names = "--device",
      paramLabel = "auto|cpu|cuda[:i]",
      description =
          "Where the sweep will train; auto is the first CUDA device, or the CPU where there is"
              + " none. Several: cuda:0,cuda:1. Default, where nobody is asked: auto.")
  private Optional<String> device;

  @Option(
      names = "--time",
      paramLabel = "TIME",
      description = "How long the sweep may take, such as 30m, 2h or 1d12h.")
  private Optional<String> time;

  @Spec private CommandSpec spec;

  private final Optional<Reader> person;

  InitCommand() {
    this(Optional.ofNullable(System.console()).map(Console::reader));
  }

  /** Takes answers from elsewhere than this process's terminal. */
  InitCommand(Optional<Reader> person) {
    this.person = person;
  }

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    Questions questions = new Questions(person, out);
    // A flag that is wrong or missing is said before anything is read.
    corpus.check(questions);
    questions.checkAnswerable("--time", time);
    time.ifPresent(InitCommand::seconds);
    Path path =
        questions.answer(
            "FILE", file, "Configuration to write", Optional.of(FILE), InitCommand::newFile);
    List<Device> devices =
        questions.answer(
            "--device",
            device,
            "Device to train on: auto, cpu, cuda",
            Optional.of(AUTO),
            DeviceOption::devices);
    Target to = new Target(path, devices);
    out.println("device  " + DeviceOption.description(devices.get(0)));
    Text text =
        corpus.asked(
            questions,
            found -> to.sweep(minimal(to.name(), found)).findCorpus(),
            found -> read(found, to));
    out.println("corpus  " + CorpusText.describe(text.statistics()));
    double seconds =
        questions.answer(
            "--time",
            time,
            "Time you have for it, such as 30m or 2h",
            Optional.empty(),
            InitCommand::seconds);
    new SweepHeader(out).preparing("timing the device and planning sweeps");
    SweepForTime search =
        new SweepForTime(
            to.name(),
            text.config(),
            text.vocabulary(),
            config -> to.plan(config, text.statistics()),
            to.sweep(minimal(to.name(), text.config())).machine().lanes());
    write(found(search, seconds, text.vocabulary()), seconds, search, text.statistics(), to);
    return 0;
  }

  /** Finds the sweep; where even the smallest will not do, says what else would. */
  private static SweepForTime.Found found(SweepForTime search, double seconds, int vocabulary) {
    try {
      return search.within(seconds);
    } catch (BadInputException e) {
      if (vocabulary <= Tokenizer.ONE_BYTE_VOCABULARY) {
        throw e;
      }
      throw BadInputException.of(
          "%s; no sweep of %s tokens is smaller, but --tokenizer bytes needs less text, and so does"
              + " a vocabulary that 'isoflop tokenize --train-bpe 1024' learns from it",
          e.getMessage(), Quantities.format("%,d", vocabulary));
    }
  }

  /** Says what was found, and writes it. */
  private void write(
      SweepForTime.Found found,
      double asked,
      SweepForTime search,
      CorpusStatistics corpus,
      Target target) {
    Sweep sweep = target.sweep(found.config());
    Path to = target.file();
    PrecisionForecast precision =
        PrecisionForecast.of(
            found.config(),
            found.plan(),
            sweep.facts(corpus),
            RobustFit.ofCleanRuns(),
            Cache.ofUser());
    String on = target.devices().stream().map(TorchRuntime::name).collect(Collectors.joining(","));
    InitText text = new InitText(found, asked, on);
    List<String> lines =
        new ArrayList<>(text.lines(precision, sweep.machine().workers(), search::overTwoDecades));
    lines.addAll(text.advice(search, to, on));
    newFile(to.toString()); // nobody has made it meanwhile
    List<String> head = new ArrayList<>();
    schema(to).ifPresent(path -> head.add("yaml-language-server: $schema=" + path));
    head.addAll(text.head());
    AtomicFiles.writeText(to, writer -> writer.write(CommentedYaml.of(found.config(), head)));
    boolean usual = target.devices().equals(List.of(TorchRuntime.device(AUTO)));
    String it = to + (usual ? "" : " --device " + on);
    lines.add("");
    lines.add("wrote   " + to);
    lines.add("next    isoflop plan " + it + "     shows every cell and what it costs");
    lines.add("        isoflop sweep " + it + "    trains them");
    PrintWriter out = spec.commandLine().getOut();
    lines.forEach(out::println);
    out.flush();
  }

  /**
   * A text as it is asked for, and what it comes to.
   *
   * @param statistics of it
   * @param vocabulary of its tokens
   */
  private record Text(CorpusConfig config, CorpusStatistics statistics, int vocabulary) {}

  private Text read(CorpusConfig text, Target to) {
    new SweepHeader(spec.commandLine().getOut()).preparing("reading the corpus");
    Sweep sweep = to.sweep(minimal(to.name(), text));
    CorpusStatistics statistics = sweep.corpus();
    return new Text(text, statistics, sweep.facts(statistics).vocabulary());
  }

  /** Where a sweep is written, and what it is to train on. */
  private record Target(Path file, List<Device> devices) {

    String name() {
      return InitCommand.name(file);
    }

    Sweep sweep(SweepConfig config) {
      Sweep.Settings settings =
          new Sweep.Settings(
              devices, SweepOptions.usualSlots(devices), Duration.ZERO, Isoflop::program);
      return new Sweep(config, file, folder(name()), settings);
    }

    Plan plan(SweepConfig config, CorpusStatistics corpus) {
      Sweep sweep = sweep(config);
      Plan plan = sweep.plan(corpus);
      sweep.machine().checkFits(plan);
      return plan;
    }
  }

  private static SweepFolder folder(String name) {
    return new SweepFolder(SweepOptions.RUNS.resolve(name));
  }

  /** Returns a sweep of a text, for what hangs on nothing else. */
  private static SweepConfig minimal(String name, CorpusConfig text) {
    SweepConfig any = SweepConfig.of(name, text.files(), List.of(1e10));
    return new SweepConfig(
        name, text, any.decoder(), any.grid(), any.training(), any.evaluation(), any.limits());
  }

  /** Returns a file that can be written and read back as a sweep of its own. */
  private static Path newFile(String name) {
    Path path;
    try {
      path = Path.of(name);
      minimal(name(path), CorpusConfig.of(List.of("any")));
    } catch (InvalidPathException e) {
      throw BadInputException.of("%s: is not a path (%s), name another", name, e.getReason());
    } catch (IllegalArgumentException e) {
      throw BadInputException.of("%s: %s", name, e.getMessage());
    }
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      throw BadInputException.of("%s: is there already, name a new file", name);
    }
    AtomicFiles.checkFile(path);
    SweepFolder folder = folder(name(path));
    if (Files.exists(folder.path())) {
      throw BadInputException.of(
          "%s: is there already, where the sweep of %s would go; name another file",
          folder.path(), name);
    }
    return path;
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName()).replaceFirst("\\.[^.]*$", "");
  }

  private static double seconds(String time) {
    double seconds =
        Quantities.parseDuration(time)
            .orElseThrow(
                () ->
                    BadInputException.of(
                        "--time: '%s' is not a time with its unit, such as 45s, 30m, 2h or 1d12h",
                        time));
    if (seconds < 1 || seconds > LONGEST_DAYS * 86_400) {
      throw BadInputException.of("--time: %s is out of range, use 1s to 100d", time);
    }
    return seconds;
  }

  /** Returns where the schema lies, seen from a file, if the launcher says where isoflop does. */
  private static Optional<String> schema(Path file) {
    return Optional.ofNullable(System.getProperty("isoflop.home"))
        .map(home -> Path.of(home).resolve("configs").resolve(CommentedYaml.SCHEMA_FILE))
        .filter(Files::isRegularFile)
        .map(
            schema -> {
              Path from = file.toAbsolutePath().normalize().getParent();
              Path home = schema.getParent().getParent();
              return (from.startsWith(home) ? from.relativize(schema) : schema)
                  .toString()
                  .replace('\\', '/');
            });
  }
}
