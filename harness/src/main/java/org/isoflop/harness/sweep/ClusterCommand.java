package org.isoflop.harness.sweep;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.isoflop.harness.sweep.Scheduler.UnreachableException;

/**
 * What a scheduler's own command said, within a bounded time: where a cluster's controller is down
 * they hang.
 */
record ClusterCommand(int exitCode, String output, String errors) {

  private static final Duration PATIENCE = Duration.ofSeconds(15);

  /**
   * Runs a command.
   *
   * @param hidden variables of the environment that it must not see: a sweep may be submitted from
   *     within a job, whose settings are not those of its tasks
   * @throws UnreachableException if there is no such command, or it does not end in time
   */
  static ClusterCommand run(Predicate<String> hidden, List<String> command)
      throws UnreachableException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(hidden);
    try {
      Process process = builder.start();
      try {
        process.getOutputStream().close();
        CompletableFuture<String> output = text(process.getInputStream());
        CompletableFuture<String> errors = text(process.getErrorStream());
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
          throw new UnreachableException(
              command.get(0) + " has not answered for " + PATIENCE.toSeconds() + " s");
        }
        return new ClusterCommand(
            process.exitValue(), output.get(1, TimeUnit.SECONDS), errors.get(1, TimeUnit.SECONDS));
      } finally {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      throw e instanceof UnreachableException unreachable
          ? unreachable
          : new UnreachableException("there is no " + command.get(0) + " here");
    } catch (ExecutionException | TimeoutException e) {
      throw new UnreachableException(command.get(0) + " has not said anything: " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnreachableException(command.get(0) + " was not waited for");
    }
  }

  private static CompletableFuture<String> text(InputStream stream) {
    return CompletableFuture.supplyAsync(
        () -> {
          try (stream) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  /** Returns the last line of what went wrong, without who says so. */
  String complaint() {
    return errors
        .lines()
        .filter(line -> !line.isBlank())
        .reduce((earlier, later) -> later)
        .map(line -> line.replaceFirst("^\\w+: (error: )?", ""))
        .orElse("exit code " + exitCode);
  }
}
