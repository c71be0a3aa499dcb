package org.isoflop.harness.cli;

import ai.djl.Device;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.config.SweepConfig;
import org.isoflop.harness.sweep.Scheduler;
import org.isoflop.harness.sweep.Sweep;
import org.isoflop.harness.sweep.SweepFolder;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What {@code plan} and {@code sweep} take alike: a configuration, where to, and on what. */
final class SweepOptions {

  /** Where the folders of sweeps are that say nothing else. */
  static final Path RUNS = Path.of("runs");

  @Parameters(paramLabel = "CONFIG", description = "The sweep's configuration, a YAML file.")
  private Path configFile;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "The sweep's folder. Default: runs/<name>.")
  private Optional<Path> out;

  @Mixin private DeviceOption device;

  @Option(
      names = "--slots",
      paramLabel = "N",
      description =
          "Jobs trained at once on each device, each by a worker, a process of one thread. Default:"
              + " the processors on the CPU, 1 on a GPU.")
  private Optional<Integer> slots;

  @Option(
      names = "--checkpoint-seconds",
      paramLabel = "S",
      defaultValue = "30",
      description =
          "Least time between a job's checkpoints; where saving takes long there is more, so that"
              + " it stays below 2%% of the time. Default: ${DEFAULT-VALUE}.")
  private double checkpointSeconds;

  /** Returns where the configuration stands. */
  Path configFile() {
    return configFile;
  }

  /** Reads the configuration. */
  SweepConfig config() {
    return SweepConfig.read(configFile);
  }

  /** Returns the folder of a sweep. */
  SweepFolder folder(SweepConfig config) {
    return folder(config, "");
  }

  /** Returns the folder of something about a sweep, which is called after it. */
  SweepFolder folder(SweepConfig config, String what) {
    return new SweepFolder(out.orElseGet(() -> RUNS.resolve(config.name() + what)));
  }

  /** Returns how the sweep is to be run by a cluster's workers. */
  Sweep.Settings onCluster(Scheduler scheduler, int workers) {
    if (slots.isPresent()) {
      throw BadInputException.of(
          "--slots: is for jobs that share a device of this machine; with --executor %s, --workers"
              + " says how many train at once",
          scheduler.key());
    }
    try {
      return settings(List.of(device.device()), workers);
    } catch (BadInputException e) {
      throw BadInputException.of(
          "%s; start --executor %s where there is a device such as its workers have",
          e.getMessage(), scheduler.key());
    }
  }

  /** Refuses a number of workers on one device that nobody can mean. */
  static void checkSlots(int slots) {
    if (slots < 1 || slots > 1024) {
      throw BadInputException.of("--slots: %d is out of range, use 1 to 1024", slots);
    }
  }

  /** Returns how the sweep is to be run. */
  Sweep.Settings settings() {
    slots.ifPresent(SweepOptions::checkSlots);
    List<Device> devices = device.devices();
    return settings(devices, slots.orElseGet(() -> usualSlots(devices)));
  }

  /** Returns how many jobs are trained at once on each device where nobody says. */
  static int usualSlots(List<Device> devices) {
    return devices.get(0).isGpu() ? 1 : Runtime.getRuntime().availableProcessors();
  }

  private Sweep.Settings settings(List<Device> devices, int jobsAtOnce) {
    if (!(checkpointSeconds >= 0 && checkpointSeconds <= 86_400)) {
      throw BadInputException.of(
          "--checkpoint-seconds: %s is out of range, use 0 to 86400", checkpointSeconds);
    }
    return new Sweep.Settings(
        devices,
        jobsAtOnce,
        Duration.ofMillis(Math.round(checkpointSeconds * 1000)),
        Isoflop::program);
  }
}
