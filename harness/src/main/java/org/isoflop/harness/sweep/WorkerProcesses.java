package org.isoflop.harness.sweep;

import ai.djl.Device;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.Host;

/**
 * The workers of a sweep as processes of this machine, each {@code isoflop work} on the sweep's
 * folder and pinned to its device. One that dies is replaced at once. Each has a pipe as its
 * standard input that this process never writes to: its end tells a worker that its sweep is no
 * more.
 */
final class WorkerProcesses implements AutoCloseable {

  private static final int BAD_INPUT = 2;

  /** Deaths of a worker while the whole sweep goes nowhere after which it is not replaced. */
  private static final int MOST_DEATHS = 5;

  private static final long BETWEEN_LOOKS_MILLIS = 50;
  private static final String CUDA_DEVICES = "CUDA_VISIBLE_DEVICES";

  private final SweepFolder folder;
  private final List<String> program;
  private final JobQueue queue;
  private final SweepMonitor monitor;
  private final Silence silence;
  private final SweepObserver observer;
  private final BlockingQueue<Slot> ended = new LinkedBlockingQueue<>();
  private final List<Slot> alive = new ArrayList<>();
  private long lookedNanos = System.nanoTime();

  /**
   * Prepares; starts nothing.
   *
   * @param program the command line that runs isoflop, without arguments of its own
   * @param monitor sees what happens to the sweep's jobs
   * @param silence finds the workers that hang
   */
  WorkerProcesses(
      SweepFolder folder,
      List<String> program,
      JobQueue queue,
      SweepMonitor monitor,
      Silence silence,
      SweepObserver observer) {
    this.folder = folder;
    this.program = program;
    this.queue = queue;
    this.monitor = monitor;
    this.silence = silence;
    this.observer = observer;
  }

  /** One worker after the other on one device. */
  private final class Slot {
    private final int number;
    private final Device device;
    private final int onDevice;
    private Process process;
    private long changesBefore;
    private int deaths;

    Slot(int number, Device device, int onDevice) {
      this.number = number;
      this.device = device;
      this.onDevice = onDevice;
    }

    void start() {
      Path log = folder.workerLog(number);
      List<String> command = new ArrayList<>(program);
      command.addAll(List.of("work", folder.path().toString()));
      command.addAll(List.of("--device", device.isGpu() ? "cuda" : "cpu", "--of-a-sweep"));
      command.addAll(List.of("--slots", String.valueOf(onDevice)));
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
      pin(builder.environment(), device);
      try {
        Files.createDirectories(log.getParent());
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        process = builder.start();
      } catch (IOException e) {
        throw new UncheckedIOException("cannot start a worker: " + e.getMessage(), e);
      }
      changesBefore = monitor.changes();
      alive.add(this);
      CompletableFuture<Void> unused = process.onExit().thenRun(() -> ended.add(this));
    }

    String process() {
      return Host.process(process.pid());
    }

    /** Says how the process ended, in words. */
    String end() {
      int code = process.exitValue();
      String how = code > 128 ? "killed by signal " + (code - 128) : "exit code " + code;
      return how + lastWord().map(word -> ": " + word).orElse("");
    }

    /** Returns the last line of the log if it is a complaint of ours, without its beginning. */
    Optional<String> lastWord() {
      try (Stream<String> lines = Files.lines(folder.workerLog(number), StandardCharsets.UTF_8)) {
        return lines
            .reduce((earlier, later) -> later)
            .filter(line -> line.startsWith("isoflop: "))
            .map(line -> line.substring("isoflop: ".length()));
      } catch (IOException | UncheckedIOException e) {
        return Optional.empty();
      }
    }
  }

  /**
   * A worker sees its own GPU alone, so that it holds no memory of another; and computes in one
   * thread, as OpenMP would start its own for some operators.
   */
  private static void pin(Map<String, String> environment, Device device) {
    environment.putIfAbsent("OMP_NUM_THREADS", "1");
    if (device.isGpu()) {
      String visible = environment.get(CUDA_DEVICES);
      environment.put(
          CUDA_DEVICES,
          visible == null
              ? String.valueOf(device.getDeviceId())
              : visible.split(",", -1)[device.getDeviceId()].strip());
    }
  }

  /**
   * Runs until no job is left that could be trained.
   *
   * @param devices one a worker
   * @param stop once true, every worker saves its job and ends
   * @throws DiskFullException if the disk is full
   * @throws BadInputException if the workers say that the input is wrong
   * @throws UncheckedIOException if workers end again and again while nothing is trained
   */
  void run(List<Device> devices, BooleanSupplier stop) {
    List<Device> used = devices.subList(0, Math.min(queue.left(), devices.size()));
    for (int i = 0; i < used.size(); i++) {
      new Slot(i + 1, used.get(i), Collections.frequency(used, used.get(i))).start();
    }
    String lastEnd = "";
    while (!alive.isEmpty()) {
      if (stop.getAsBoolean()) {
        return; // close asks them to
      }
      Optional<Slot> slot = nextEnded();
      if (slot.isPresent()) {
        lastEnd = ended(slot.get());
      }
      killSilent(false);
    }
    if (queue.left() > 0) {
      String problem =
          "the workers end without training anything (the last one: "
              + lastEnd
              + "); their logs in "
              + folder.workerLogs()
              + " may say why";
      throw new UncheckedIOException(problem, new IOException(problem));
    }
  }

  private Optional<Slot> nextEnded() {
    try {
      return Optional.ofNullable(ended.poll(BETWEEN_LOOKS_MILLIS, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** Kills the workers that hang; another takes the place of each as of any that dies. */
  private void killSilent(boolean ending) {
    long now = System.nanoTime();
    if (now - lookedNanos < silence.betweenLooks().toNanos()) {
      return;
    }
    lookedNanos = now;
    List<String> processes = alive.stream().map(Slot::process).toList();
    Map<String, String> silent = silence.look(monitor.seen(), processes, ending);
    for (Slot slot : alive) {
      if (silent.containsKey(slot.process())) {
        observer.remark(
            "worker "
                + slot.number
                + " hangs ("
                + silent.get(slot.process())
                + ": nothing has changed there for far longer than its steps take), it is killed");
        slot.process.destroyForcibly(); // what is stopped hears no SIGTERM
      }
    }
  }

  /** Looks after a worker that has ended, and returns how it did. */
  private String ended(Slot slot) {
    alive.remove(slot);
    int code = slot.process.exitValue();
    if (code == BAD_INPUT) {
      throw new BadInputException(slot.lastWord().orElse(slot.end()));
    }
    if (code == DiskFullException.EXIT_CODE) {
      throw new DiskFullException("disk full: No space left on device for " + folder.path());
    }
    String end = slot.end();
    if (queue.left() > 0) {
      slot.deaths = monitor.changes() > slot.changesBefore ? 1 : slot.deaths + 1;
      if (slot.deaths < MOST_DEATHS) {
        observer.remark("worker " + slot.number + " ended (" + end + "), another takes its place");
        slot.start();
      }
    }
    return end;
  }

  /** Asks every worker to save its job and end, and waits until all have but those that hang. */
  @Override
  public void close() {
    // SIGTERM and no more: Process.destroy also closes the pipe, by whose end a worker that is
    // asked already takes its sweep for dead, and ends without saving.
    alive.forEach(slot -> slot.process.toHandle().destroy());
    while (!alive.isEmpty()) {
      nextEnded().ifPresent(alive::remove);
      killSilent(true);
    }
  }
}
