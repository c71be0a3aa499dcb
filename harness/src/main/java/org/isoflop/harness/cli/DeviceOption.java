package org.isoflop.harness.cli;

import ai.djl.Device;
import org.isoflop.harness.BadInputException;
import org.isoflop.models.TorchRuntime;
import picocli.CommandLine.Option;

/** The option {@code --device}, shared by the commands that compute. */
final class DeviceOption {

  @Option(
      names = "--device",
      paramLabel = "auto|cpu|cuda[:i]",
      defaultValue = "auto",
      description =
          "Where to compute; auto is the first CUDA device, or the CPU where there is none."
              + " Default: ${DEFAULT-VALUE}.")
  private String name;

  /** Returns the device; one that is not there is wrong input, never the CPU instead. */
  Device device() {
    try {
      return TorchRuntime.device(name);
    } catch (IllegalArgumentException e) {
      throw new BadInputException("--device: " + e.getMessage());
    }
  }

  /** Returns one line that says what computes. */
  static String description(Device device) {
    return TorchRuntime.name(device)
        + ", libtorch "
        + TorchRuntime.version()
        + " by DJL "
        + TorchRuntime.djlVersion()
        + ", "
        + TorchRuntime.threads()
        + (TorchRuntime.threads() == 1 ? " thread" : " threads")
        + " per job";
  }
}
