package org.isoflop.harness.cli;

import java.util.List;
import java.util.Optional;
import org.isoflop.harness.BadInputException;
import picocli.CommandLine.Option;

/** Who trains a sweep: this machine, or a Slurm cluster that it belongs to. */
final class ExecutorOptions {

  private static final int MOST_WORKERS = 1000;

  /** Where workers run. */
  private enum Executor {
    LOCAL,
    SLURM
  }

  @Option(
      names = "--executor",
      paramLabel = "local|slurm",
      defaultValue = "local",
      description =
          "Who trains: this machine, or the Slurm cluster that it belongs to, which gets an array of"
              + " workers and an analysis after them (docs/cluster.md). Default: ${DEFAULT-VALUE}.")
  private Executor executor;

  @Option(
      names = "--workers",
      paramLabel = "N",
      description = "Workers in Slurm's array, each with a processor or a GPU of its own.")
  private Optional<Integer> workers;

  @Option(
      names = "--sbatch",
      paramLabel = "OPTIONS",
      description =
          "Options for sbatch, such as --sbatch=\"--partition=gpu --account=x\"; may be repeated. They"
              + " are above those that isoflop sets itself.")
  private List<String> sbatch = List.of();

  /**
   * Returns how many workers Slurm is to have; empty where this machine trains.
   *
   * @throws BadInputException where options do not go together
   */
  Optional<Integer> slurmWorkers() {
    if (executor == Executor.LOCAL) {
      if (workers.isPresent() || !sbatch.isEmpty()) {
        throw BadInputException.of(
            "%s: is for --executor slurm; on this machine --slots says how many jobs train at once",
            workers.isPresent() ? "--workers" : "--sbatch");
      }
      return Optional.empty();
    }
    int wanted =
        workers.orElseThrow(
            () ->
                BadInputException.of(
                    "--executor slurm: needs --workers N, how many train at once"));
    if (wanted < 1 || wanted > MOST_WORKERS) {
      throw BadInputException.of(
          "--workers: %d is out of range, use 1 to %d", wanted, MOST_WORKERS);
    }
    return Optional.of(wanted);
  }

  /** Returns the options for {@code sbatch}. */
  List<String> sbatch() {
    return sbatch.stream().map(String::strip).toList();
  }
}
