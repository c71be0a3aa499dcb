package org.isoflop.harness.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.sweep.Scheduler;
import org.isoflop.harness.sweep.Schedulers;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Who trains a sweep: this machine, or a cluster that it belongs to, by its scheduler. */
final class ExecutorOptions {

  private static final int MOST_WORKERS = 1000;
  private static final String LOCAL = "local";

  @Option(
      names = "--executor",
      paramLabel = "NAME",
      defaultValue = LOCAL,
      completionCandidates = Names.class,
      description =
          "Who trains, one of ${COMPLETION-CANDIDATES}: this machine, or the scheduler of a cluster"
              + " that it belongs to, which gets workers and an analysis after them"
              + " (docs/cluster.md). Default: ${DEFAULT-VALUE}.")
  private String executor;

  @Option(
      names = "--workers",
      paramLabel = "N",
      description =
          "Workers that a scheduler is to start, each with a processor or a GPU of its own.")
  private Optional<Integer> workers;

  /** The options of each scheduler's own, by it. */
  private final Map<Scheduler, OptionSpec> own = new HashMap<>();

  @Spec(Spec.Target.MIXEE)
  void addTo(CommandSpec command) {
    for (Scheduler one : Schedulers.ALL) {
      OptionSpec option =
          OptionSpec.builder(one.option())
              .paramLabel("OPTIONS")
              .type(List.class)
              .auxiliaryTypes(String.class)
              .description(one.optionWords())
              .build();
      own.put(one, option);
      command.addOption(option);
    }
  }

  private static final class Names extends ArrayList<String> {

    private static final long serialVersionUID = 1L;

    Names() {
      add(LOCAL);
      Schedulers.ALL.forEach(one -> add(one.key()));
    }
  }

  /**
   * Returns the scheduler that is to have the sweep trained; empty where this machine trains it.
   *
   * @throws BadInputException where options do not go together
   */
  Optional<Scheduler> scheduler() {
    Optional<Scheduler> scheduler =
        Schedulers.ALL.stream().filter(one -> one.key().equalsIgnoreCase(executor)).findFirst();
    if (scheduler.isEmpty()) {
      if (!executor.equalsIgnoreCase(LOCAL)) {
        throw BadInputException.of(
            "--executor: '%s' is not known, use %s", executor, String.join(" or ", new Names()));
      }
      workers.ifPresent(count -> refuse("--workers", Schedulers.keys()));
    }
    Schedulers.ALL.stream()
        .filter(other -> !scheduler.equals(Optional.of(other)) && !options(other).isEmpty())
        .forEach(other -> refuse(other.option(), other.key()));
    return scheduler;
  }

  private static void refuse(String option, String executor) {
    throw BadInputException.of(
        "%s: is for --executor %s; on this machine --slots says how many jobs train at once",
        option, executor);
  }

  /**
   * Returns how many workers the scheduler is to start.
   *
   * @throws BadInputException where nobody says, or nobody can mean it
   */
  int workers() {
    int wanted =
        workers.orElseThrow(
            () ->
                BadInputException.of(
                    "--executor %s: needs --workers N, how many train at once", executor));
    if (wanted < 1 || wanted > MOST_WORKERS) {
      throw BadInputException.of(
          "--workers: %d is out of range, use 1 to %d", wanted, MOST_WORKERS);
    }
    return wanted;
  }

  /** Returns the user's options for a scheduler's command. */
  List<String> options(Scheduler of) {
    List<String> given = own.get(of).getValue();
    return given == null ? List.of() : given.stream().map(String::strip).toList();
  }
}
