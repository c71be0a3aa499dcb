package org.isoflop.harness.cli;

import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jline.utils.Signals;

/**
 * Ctrl-C, {@code kill} and a terminal that closes, as a wish to stop: the first is passed on to
 * whoever asks for it, a second one ends the process at once. While nobody asks, because nothing is
 * being trained, the first does.
 *
 * <p>At once means by the signal itself. An exit of Java's, even a halt, runs libtorch's
 * destructors while other threads compute with what they destroy, and the process crashes now and
 * then.
 */
final class StopSignals implements AutoCloseable {

  /** POSIX numbers; a process that a signal ended exits with 128 and the signal's number. */
  private static final Map<String, Integer> NUMBERS = Map.of("HUP", 1, "INT", 2, "TERM", 15);

  /** What became of a sweep that was stopped, whenever that was. */
  static final String GO_ON = "Stopped. The same command goes on from here.";

  /** A step takes longer than this only where a person should know that it is waited for. */
  private static final long SECONDS_WITHOUT_A_WORD = 1;

  private final Map<String, Object> earlierHandlers = new TreeMap<>();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private volatile Consumer<String> screen;
  private volatile boolean heard;
  private volatile int exitCode;

  /** Listens from now on; what a person must know goes to the screen. */
  StopSignals(Consumer<String> screen) {
    this(screen, NUMBERS.keySet());
  }

  /**
   * Listens to {@code kill} alone. Ctrl-C in a terminal goes to all its processes; who started this
   * one gets it as well and passes it on as a {@code kill}, which must not be the second signal.
   */
  static StopSignals ofKillAlone(Consumer<String> screen) {
    return new StopSignals(screen, Set.of("TERM"));
  }

  private StopSignals(Consumer<String> screen, Set<String> heeded) {
    this.screen = screen;
    NUMBERS.forEach(
        (signal, number) -> {
          Runnable handler = heeded.contains(signal) ? () -> received(128 + number) : () -> {};
          earlierHandlers.put(signal, Signals.register(signal, handler));
        });
  }

  /** From now on a signal ends the process as it would end one that knows nothing of signals. */
  static void setDefaults() {
    NUMBERS.keySet().forEach(Signals::registerDefault);
  }

  /** Ends this process by a signal that nothing can hold up, and in no way Java takes part in. */
  static void killThisProcess() {
    try {
      // Java itself raises no signal that it does not handle, and this one cannot be handled.
      new ProcessBuilder("sh", "-c", "kill -KILL " + ProcessHandle.current().pid())
          .start()
          .waitFor();
    } catch (IOException | InterruptedException e) {
      Runtime.getRuntime().halt(128 + 9);
    }
  }

  /** Says on another screen what a person must know. */
  void sayOn(Consumer<String> other) {
    screen = other;
  }

  /** Returns whether to stop; who asks must go on asking until it is so, or call {@link #deaf}. */
  boolean asked() {
    heard = true;
    return exitCode != 0;
  }

  /** Nobody will ask any more, so that a signal ends the process. */
  void deaf() {
    heard = false;
  }

  /** Returns what to exit with after the first signal. */
  int exitCode() {
    return exitCode;
  }

  /** Runs in a thread of the signal's own. */
  private void received(int code) {
    setDefaults();
    exitCode = code;
    if (!heard) {
      screen.accept(GO_ON);
      System.exit(code);
    }
    try {
      if (!stopped.await(SECONDS_WITHOUT_A_WORD, TimeUnit.SECONDS)) {
        screen.accept("Stopping after the step at hand; once more, and it stops at once.");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    stopped.countDown();
    earlierHandlers.forEach(Signals::unregister);
  }
}
