package org.isoflop.models;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.StandardCapabilities;
import ai.djl.util.cuda.CudaUtils;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The libtorch this process runs on: set up once, before first use, and asked what it is.
 *
 * <p>One libtorch thread (a decoder small enough for a CPU loses with more; a sweep uses its cores
 * by training several at once), and TorchScript's graph optimiser off: it profiles the first calls
 * and runs other kernels in later ones, so that a resumed run would not repeat an uninterrupted
 * one.
 */
public final class TorchRuntime {

  /** CUDA C++ Programming Guide, "Arithmetic Instructions": bfloat16 from 8.0 up. */
  private static final int NATIVE_BFLOAT16 = 80;

  private static final Pattern CUDA = Pattern.compile("cuda(?::(\\d{1,4}))?");

  static {
    setUnlessGiven("ai.djl.pytorch.num_threads", "1");
    setUnlessGiven("ai.djl.pytorch.graph_optimizer", "false");
    // DJL reports its use to its makers unless told not to; a user's sweep is nobody's business.
    setUnlessGiven("OPT_OUT_TRACKING", "true");
  }

  private TorchRuntime() {}

  /** Returns the libtorch version, such as {@code 2.7.1}. */
  public static String version() {
    return engine().getVersion();
  }

  /** Returns the DJL version, such as {@code 0.35.1}. */
  public static String djlVersion() {
    return Engine.getDjlVersion();
  }

  /** Returns the number of libtorch threads that share one operation on the CPU. */
  public static int threads() {
    return Integer.getInteger("ai.djl.pytorch.num_threads");
  }

  /**
   * Finds a device by name: {@code cpu}, {@code cuda}, {@code cuda:1}, or {@code auto}, the first
   * CUDA device where this libtorch has one and the CPU otherwise.
   *
   * @throws IllegalArgumentException if there is no such device; never another one in its place
   */
  public static Device device(String name) {
    String wanted = name.toLowerCase(Locale.ROOT);
    if (wanted.equals("cpu")) {
      return Device.cpu();
    }
    if (wanted.equals("auto")) {
      return cudaDevices() > 0 ? Device.gpu(0) : Device.cpu();
    }
    Matcher cuda = CUDA.matcher(wanted);
    Checks.check(cuda.matches(), "there is no device '%s', use auto, cpu, cuda or cuda:1", name);
    int index = cuda.group(1) == null ? 0 : Integer.parseInt(cuda.group(1));
    int present = cudaDevices();
    Checks.check(
        index < present,
        "device %s was asked for, but this libtorch (%s) sees %d CUDA devices",
        name,
        version(),
        present);
    return Device.gpu(index);
  }

  /**
   * Returns how a device is called on the command line and in files: {@code cpu}, {@code cuda:0}.
   */
  public static String name(Device device) {
    return device.isGpu() ? "cuda:" + device.getDeviceId() : "cpu";
  }

  /**
   * Returns what a device is, as far as its speed depends on it: the processor's model and how many
   * of them this process may use, or the machine's kinds of cards, and of this one the compute
   * capability and the memory.
   */
  public static String hardware(Device device) {
    return device.isGpu()
        ? cardModels()
            + " "
            + CudaUtils.getComputeCapability(device.getDeviceId())
            + " "
            + DeviceMemory.of(device).map(DeviceMemory::totalBytes).orElse(0L)
        : value(Path.of("/proc/cpuinfo"), "model name")
            + " "
            + System.getProperty("os.arch")
            + " "
            + Runtime.getRuntime().availableProcessors();
  }

  private static String cardModels() {
    try (Stream<Path> cards = Files.list(Path.of("/proc/driver/nvidia/gpus"))) {
      return cards
          .map(card -> value(card.resolve("information"), "Model"))
          .distinct()
          .sorted()
          .collect(Collectors.joining(" "));
    } catch (IOException e) {
      return ""; // another system than Linux
    }
  }

  /** Returns what stands after a name and a colon, the first time; nothing where it does not. */
  private static String value(Path file, String name) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .filter(line -> line.startsWith(name))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("");
    } catch (IOException | UncheckedIOException e) {
      return "";
    }
  }

  /**
   * Returns the fastest precision a device computes in: bfloat16 on GPUs of compute capability 8.0
   * (Ampere) and more. Older ones emulate it, slower than float32; so does a CPU for all but matrix
   * products.
   */
  public static Precision precision(Device device) {
    return device.isGpu()
        ? precision(CudaUtils.getComputeCapability(device.getDeviceId()))
        : Precision.FLOAT32;
  }

  /** The same, of a compute capability as the driver spells it: 75 is 7.5. */
  static Precision precision(String computeCapability) {
    return Integer.parseInt(computeCapability) >= NATIVE_BFLOAT16
        ? Precision.BFLOAT16
        : Precision.FLOAT32;
  }

  /**
   * Starts libtorch, if it has not been started.
   *
   * @throws UnusableLibtorchException if its libraries cannot be loaded, or must not be
   */
  static Engine engine() {
    return Libtorch.start();
  }

  private static int cudaDevices() {
    Engine engine = engine();
    return engine.hasCapability(StandardCapabilities.CUDA) ? engine.getGpuCount() : 0;
  }

  private static void setUnlessGiven(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }
}
