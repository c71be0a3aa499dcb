package org.isoflop.models;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.util.cuda.CudaUtils;
import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The memory that jobs on a device share: the machine's, or what a container may use of it, on a
 * CPU; the card's on a GPU.
 *
 * @param totalBytes all there is
 * @param availableBytes what of it nobody uses now
 */
public record DeviceMemory(long totalBytes, long availableBytes) {

  private static final Path MEMINFO = Path.of("/proc/meminfo");

  /** Asks for the memory of a device; empty where it cannot be told. */
  public static Optional<DeviceMemory> of(Device device) {
    return device.isGpu() ? ofGpu(device) : Optional.of(ofMachine());
  }

  private static Optional<DeviceMemory> ofGpu(Device device) {
    try {
      MemoryUsage usage = CudaUtils.getGpuMemory(device);
      return Optional.of(new DeviceMemory(usage.getMax(), usage.getMax() - usage.getCommitted()));
    } catch (EngineException | IllegalArgumentException | LinkageError e) {
      return Optional.empty(); // CUDA's runtime library is not where DJL looks for it
    }
  }

  private static DeviceMemory ofMachine() {
    // Since Java 17 both know of a container's limit.
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    long total = system.getTotalMemorySize();
    return new DeviceMemory(total, Math.min(total, available().orElse(system.getFreeMemorySize())));
  }

  /** Linux counts as available what the page cache would give back; Java does not. */
  private static Optional<Long> available() {
    if (!Files.isReadable(MEMINFO)) {
      return Optional.empty();
    }
    try (Stream<String> lines = Files.lines(MEMINFO)) {
      return lines
          .filter(line -> line.startsWith("MemAvailable:"))
          .map(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
