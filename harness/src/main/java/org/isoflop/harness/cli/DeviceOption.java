package org.isoflop.harness.cli;

import ai.djl.Device;
import java.util.ArrayList;
import java.util.List;
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
          "Where to compute; auto is the first CUDA device, or the CPU where there is none. A sweep"
              + " takes several: cuda:0,cuda:1. Default: ${DEFAULT-VALUE}.")
  private String name;

  /** Returns the device; one that is not there is wrong input, never the CPU instead. */
  Device device() {
    List<Device> devices = devices();
    if (devices.size() > 1) {
      throw BadInputException.of("--device: %s are several, name one", name);
    }
    return devices.get(0);
  }

  /** Returns the devices that a list with commas names. */
  List<Device> devices() {
    return devices(name);
  }

  /** Returns the devices of an answer to it. */
  static List<Device> devices(String name) {
    List<Device> devices = new ArrayList<>();
    for (String one : name.split(",", -1)) {
      Device device;
      try {
        device = TorchRuntime.device(one.strip());
      } catch (IllegalArgumentException e) {
        throw new BadInputException("--device: " + e.getMessage());
      }
      if (devices.contains(device)) {
        throw BadInputException.of(
            "--device: %s is there twice; --slots says how many jobs share a device",
            TorchRuntime.name(device));
      }
      devices.add(device);
    }
    if (devices.size() > 1 && !devices.stream().allMatch(Device::isGpu)) {
      throw BadInputException.of(
          "--device: '%s' mixes the CPU with others, name the one or the others", name);
    }
    return devices;
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
