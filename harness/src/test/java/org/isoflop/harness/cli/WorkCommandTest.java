package org.isoflop.harness.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.isoflop.harness.TinySweep;
import org.isoflop.harness.sweep.SweepFolder;
import org.isoflop.harness.sweep.SweepStatus;
import org.isoflop.harness.sweep.SweepStatus.JobStatus;
import org.isoflop.harness.sweep.SweepStatus.State;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Workers that nobody looks after, as a cluster starts them. */
@Timeout(180)
final class WorkCommandTest {

  @TempDir private Path folder;

  /** One of the two takes this machine for another one, where that can be had. */
  @Test
  void twoWorkersShareWhatASweepHasBegunAndTrainNothingTwice() throws Exception {
    Path config =
        TinySweep.write(
            folder.resolve("tiny.yaml"),
            "3e8",
            4,
            "training: {learning_rate: 0.01, batch_tokens: 128}",
            "evaluation: {tokens: 4000}");
    SweepFolder sweep = new SweepFolder(folder.resolve("out"));
    TinySweep.begin(config, sweep);

    List<String> elsewhere = IsoflopProcess.elsewhere();
    List<Process> workers = List.of(work(sweep, "a", List.of()), work(sweep, "b", elsewhere));
    for (Process worker : workers) {
      assertThat(worker.waitFor()).isZero();
    }
    SweepStatus status = SweepStatus.read(sweep);
    assertThat(status.jobs()).extracting(JobStatus::state).isSubsetOf(State.DONE, State.DIVERGED);
    assertThat(status.running()).isFalse();
    List<String> ended = Stream.concat(ended("a").stream(), ended("b").stream()).sorted().toList();
    assertThat(ended).doesNotHaveDuplicates();
    assertThat(Files.readAllLines(sweep.points())).hasSize(1 + 4);

    assertThat(Files.readString(folder.resolve("b.txt")))
        .contains(" worker on " + (elsewhere.isEmpty() ? "" : "elsewhere, process 1,"));

    CommandRun again =
        CommandRun.of("work", sweep.path().toString(), "--device", "cpu").succeeded();
    assertThat(again.out().lines())
        .singleElement()
        .asString()
        .contains(" worker on ", ", process ", ", cpu");
  }

  private Process work(SweepFolder sweep, String name, List<String> under) throws Exception {
    List<String> command = new ArrayList<>(under);
    command.addAll(
        IsoflopProcess.command(List.of(), "work", sweep.path().toString(), "--device", "cpu"));
    return IsoflopProcess.start(command, folder.resolve(name + ".txt"));
  }

  private List<String> ended(String name) throws Exception {
    return Files.readAllLines(folder.resolve(name + ".txt")).stream()
        .filter(line -> line.contains(" ended at step "))
        .map(line -> line.split(" ", -1)[1])
        .toList();
  }
}
