package org.isoflop.harness.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.isoflop.harness.cli.IsoflopProcess.await;
import static org.isoflop.harness.cli.IsoflopProcess.signal;

import ai.djl.Device;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.isoflop.harness.TinySweep;
import org.isoflop.harness.cli.IsoflopProcess;
import org.isoflop.harness.sweep.SweepStatus.JobStatus;
import org.isoflop.harness.sweep.SweepStatus.State;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A worker that is there and does nothing: one that SIGSTOP holds, which hears no SIGTERM. */
@Tag("slow")
@Timeout(300)
final class HungWorkerTest {

  /** Instead of minutes; longer than a busy machine takes to start a worker. */
  private static final Duration SHORTEST = Duration.ofSeconds(8);

  @TempDir private Path folder;
  private SweepFolder sweep;

  @Test
  void isKilledAndReplacedAndKeepsNoSweepFromEnding() throws Exception {
    sweep = new SweepFolder(folder.resolve("out"));
    WorkerPlan plan = planned();
    AtomicBoolean stop = new AtomicBoolean();
    SweepEvents events = new SweepEvents();
    try (SweepMonitor monitor = new SweepMonitor(sweep, plan, events)) {
      CompletableFuture<Void> run =
          CompletableFuture.runAsync(
              () -> {
                try (WorkerProcesses workers =
                    new WorkerProcesses(
                        sweep,
                        IsoflopProcess.program(),
                        new JobQueue(sweep, plan),
                        monitor,
                        new Silence(sweep, plan, SHORTEST),
                        events)) {
                  workers.run(List.of(Device.cpu()), stop::get);
                }
              });
      ProcessHandle first = worker(monitor, 0);
      signal("STOP", first);
      await(() -> !first.isAlive());
      assertThat(events.remarks)
          .anyMatch(line -> line.startsWith("worker 1 hangs (at c") && line.contains(", step "));
      ProcessHandle second = worker(monitor, monitor.seen().jobs().get(0).step());
      assertThat(second).isNotEqualTo(first);

      signal("STOP", second);
      stop.set(true);
      run.join();
      assertThat(second.isAlive()).isFalse();
    }
    assertThat(IsoflopProcess.of(sweep.path())).isEmpty();
    assertThat(SweepStatus.read(sweep).running()).isFalse();
  }

  /** Returns the worker, once it trains the first job and has come further than a step. */
  private ProcessHandle worker(SweepMonitor monitor, long step) throws Exception {
    await(
        () -> {
          JobStatus job = monitor.seen().jobs().get(0);
          return job.state() == State.RUNNING && job.step() > step;
        });
    List<ProcessHandle> workers = IsoflopProcess.of(sweep.path());
    assertThat(workers).hasSize(1);
    return workers.get(0);
  }

  private WorkerPlan planned() throws IOException {
    Path yaml =
        TinySweep.write(
            folder.resolve("tiny.yaml"),
            "1e12",
            4,
            "training: {batch_tokens: 256, learning_rate: 0.001}",
            "evaluation: {tokens: 16}",
            "limits: {epochs: 1e6}");
    TinySweep.begin(yaml, sweep);
    return WorkerPlan.read(sweep);
  }
}
