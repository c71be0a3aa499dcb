package org.isoflop.harness.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.io.FileUtils;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.TinySweep;
import org.isoflop.harness.sweep.SweepStatus.State;
import org.isoflop.harness.train.JobResult;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** What damaged or foreign files do to a whole sweep, trained for real: one job fails, by name. */
final class DamagedSweepTest {

  @TempDir private static Path temporary;
  private static SweepFolder whole;
  private static List<String> jobs;

  private SweepFolder sweep;

  @BeforeAll
  static void train() throws IOException {
    whole = new SweepFolder(temporary.resolve("whole"));
    SweepEvents events = new SweepEvents();
    assertThat(sweep(whole).run(events, () -> false).failed()).isZero();
    jobs = List.copyOf(events.ended);
    assertThat(jobs).hasSizeGreaterThan(5);
  }

  @BeforeEach
  void copy(TestInfo test) throws IOException {
    sweep = new SweepFolder(temporary.resolve(test.getTestMethod().orElseThrow().getName()));
    FileUtils.copyDirectory(whole.path().toFile(), sweep.path().toFile());
  }

  @Test
  void aResultThatIsDamagedOrAnothersFailsItsJobAlone() throws IOException {
    List<String> before = PointsWithoutSeconds.of(sweep.points());
    String cut = jobs.get(0);
    String again = jobs.get(1);
    String flipped = jobs.get(2);
    String renamed = jobs.get(3);
    String foreign = jobs.get(4);
    Files.writeString(sweep.job(cut).result(), "{\"job\":");
    Files.delete(sweep.job(again).result());
    String text = Files.readString(sweep.job(flipped).result());
    int digit = text.indexOf("\"loss\" : ") + 9;
    Files.writeString(
        sweep.job(flipped).result(),
        text.substring(0, digit) + (text.charAt(digit) ^ 1) % 10 + text.substring(digit + 1));
    Files.writeString(
        sweep.job(renamed).result(), Files.readString(sweep.job(jobs.get(5)).result()));
    JobResult own = JobResult.read(sweep.job(foreign)).orElseThrow();
    new JobResult(
            foreign,
            "of the job of that name in another sweep",
            own.status(),
            own.reason(),
            own.startStep(),
            own.step(),
            own.spikes(),
            own.seconds(),
            own.device(),
            own.precision(),
            own.horizon())
        .write(sweep.job(foreign).result());

    assertThat(SweepStatus.read(sweep).count(State.FAILED)).isEqualTo(4);
    SweepEvents events = new SweepEvents();
    assertThat(sweep(sweep).run(events, () -> false).failed()).isEqualTo(4);
    assertThat(events.failed).containsExactlyInAnyOrder(cut, flipped, renamed, foreign);
    assertThat(events.ended).containsExactly(again);
    assertThat(PointsWithoutSeconds.of(sweep.points()))
        .isEqualTo(
            before.stream()
                .filter(row -> events.failed.stream().noneMatch(job -> row.startsWith(job + ",")))
                .toList());

    for (String job : events.failed) {
      FileUtils.deleteDirectory(sweep.job(job).path().toFile());
    }
    assertThat(sweep(sweep).run(new SweepEvents(), () -> false).failed()).isZero();
    assertThat(PointsWithoutSeconds.of(sweep.points())).isEqualTo(before);
  }

  @Test
  void resultsOfAnotherTextAreNotMixedWithItsOwn() throws IOException {
    Path moved = temporary.resolve("text/0.txt");
    String text = Files.readString(moved);
    try {
      Files.writeString(moved, text + "changed");
      SweepFolder changed = new SweepFolder(temporary.resolve("changed-text"));
      FileUtils.copyDirectory(
          sweep.path().resolve("jobs").toFile(), changed.path().resolve("jobs").toFile());
      Files.copy(sweep.config(), changed.config());
      Files.copy(sweep.plan(), changed.plan());
      SweepEvents events = new SweepEvents();
      assertThat(sweep(changed).run(events, () -> false).failed()).isEqualTo(jobs.size());
      assertThat(Files.readAllLines(changed.points())).as("the header alone").hasSize(1);
    } finally {
      Files.writeString(moved, text);
    }
  }

  @Test
  void aLostPlanIsMadeAgainOrMissed() throws IOException {
    byte[] plan = Files.readAllBytes(sweep.plan());
    List<String> points = PointsWithoutSeconds.of(sweep.points());
    Files.delete(sweep.plan());
    SweepEvents events = new SweepEvents();
    assertThat(sweep(sweep).run(events, () -> false).failed()).isZero();
    assertThat(events.started).isEmpty();

    // Larger sizes are asked for: with its plan the sweep would be extended and keep all it has.
    Files.delete(sweep.plan());
    assertThatThrownBy(() -> sweep(sweep, 0.3).run(new SweepEvents(), () -> false))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(sweep.plan() + ": is gone, and the plan made anew does not hold")
        .hasMessageContaining("put it back from a copy, delete the folders of such jobs");
    assertThat(sweep.plan()).doesNotExist();
    Files.write(sweep.plan(), plan);
    assertThat(sweep(sweep, 0.3).run(new SweepEvents(), () -> false).failed()).isZero();
    assertThat(PointsWithoutSeconds.of(sweep.points()))
        .containsAll(points)
        .hasSizeGreaterThan(points.size());
  }

  private static Sweep sweep(SweepFolder folder) throws IOException {
    return sweep(folder, 1);
  }

  private static Sweep sweep(SweepFolder folder, double tokensPerParam) throws IOException {
    Path yaml =
        TinySweep.write(
            temporary.resolve("tiny.yaml"),
            "1e8, 2e8",
            4,
            "training: {batch_tokens: 128, min_steps: 50, learning_rate: 0.02, sharing: none}",
            "evaluation: {tokens: 1000}",
            "limits: {epochs: 100}");
    String asked = "tokens_per_param: " + tokensPerParam;
    Files.writeString(yaml, Files.readString(yaml).replace("tokens_per_param: 1", asked));
    return TinySweep.of(yaml, folder, 1);
  }
}
