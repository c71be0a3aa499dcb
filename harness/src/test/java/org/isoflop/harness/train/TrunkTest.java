package org.isoflop.harness.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.config.Schedule;
import org.isoflop.harness.config.Wsd;
import org.isoflop.harness.data.windows.Tokens;
import org.isoflop.harness.plan.EvaluationSteps;
import org.isoflop.harness.plan.Horizon;
import org.isoflop.harness.plan.Job;
import org.isoflop.harness.train.JobResult.Status;
import org.isoflop.models.DecoderConfig;
import org.isoflop.models.DecoderOptions;
import org.isoflop.models.MlpKind;
import org.isoflop.models.NormKind;
import org.isoflop.models.OptimizerSettings;
import org.isoflop.models.Precision;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A trunk of two stretches with two branches, trained for real, against runs of their own. */
final class TrunkTest {

  private static final DecoderConfig DECODER =
      new DecoderConfig(
          new DecoderOptions(16, 32, MlpKind.SWIGLU, NormKind.LAYERNORM, true, false),
          1,
          16,
          2,
          40);

  @TempDir private Path folder;
  private TrainingData data;

  /** What a lineage is named after, and how high its learning rate goes. */
  record Trunk(String name, double peak) {

    Job shortStretch() {
      return stretch("short-trunk", Optional.empty(), 0, 40);
    }

    Job longStretch() {
      return stretch("long-trunk", Optional.of(id("short-trunk")), 40, 80);
    }

    Job shortBranch() {
      return horizon("short", Optional.of(id("short-trunk")), 40, 50);
    }

    Job longBranch() {
      return horizon("long", Optional.of(id("long-trunk")), 80, 100);
    }

    Job longRun() {
      return horizon("run", Optional.empty(), 0, 100);
    }

    private String id(String part) {
      return name + "-" + part;
    }

    private Job stretch(String part, Optional<String> parent, long first, long last) {
      return job(part, new Schedule.Trunk(peak, 5), parent, first, last, Optional.empty());
    }

    private Job horizon(String part, Optional<String> parent, long first, long last) {
      long tokens = last * 64;
      Horizon end = new Horizon(1e9, last, tokens, tokens * DECODER.flopsPerToken());
      return job(
          part, new Wsd.Fitted(peak, 5, last, last / 5), parent, first, last, Optional.of(end));
    }

    private Job job(
        String part,
        Schedule.Fitted schedule,
        Optional<String> parent,
        long first,
        long last,
        Optional<Horizon> end) {
      OptimizerSettings optimizer = new OptimizerSettings(0.9, 0.95, 1e-8, 0.1, 1);
      return new Job(id(part), DECODER, 1, 4, optimizer, schedule, parent, first, last, end);
    }
  }

  private final Trunk trunk = new Trunk("t", 3e-3);

  @BeforeEach
  void makeData() {
    data = repeatingText();
  }

  static TrainingData repeatingText() {
    Tokens text = Tokens.held(1, IntStream.range(0, 4000).map(i -> i * i % 61 % 32).toArray());
    return new TrainingData(
        text,
        text,
        Device.cpu(),
        1.25,
        4.3,
        new Conditions("text", "bytes", 0.1, 3, Precision.FLOAT32, Optional.empty()));
  }

  @Test
  void aBranchEndsAsARunOfItsOwnDoesBitForBit() throws IOException {
    JobResult run = train(trunk.longRun());
    JobResult first = train(trunk.shortStretch());
    JobResult second = train(trunk.shortStretch(), trunk.longStretch());
    JobResult branch = train(trunk.shortStretch(), trunk.longStretch(), trunk.longBranch());

    assertThat(branch.horizon()).isEqualTo(run.horizon());
    assertThat(branch.spikes()).isEqualTo(run.spikes());
    assertThat(Files.readAllBytes(files(trunk.longBranch()).weights()))
        .isEqualTo(Files.readAllBytes(files(trunk.longRun()).weights()));
    assertThat(
            Stream.of(trunk.shortStretch(), trunk.longStretch(), trunk.longBranch())
                .flatMap(this::rows)
                .toList())
        .as("each logs its own stretch and no other")
        .isEqualTo(rows(trunk.longRun()).toList());
    for (JobResult stretch : List.of(first, second)) {
      assertThat(stretch.status()).isEqualTo(Status.DONE);
      assertThat(stretch.horizon()).as("a trunk's loss is no final loss").isEmpty();
    }
    assertThat(second.startStep()).isEqualTo(40);
    assertThat(branch.startStep()).isEqualTo(80);
    assertThat(files(trunk.longStretch()).end()).isDirectory();
    assertThat(files(trunk.longStretch()).checkpoints()).doesNotExist();
    assertThat(files(trunk.longBranch()).end()).doesNotExist();
  }

  @Test
  void stretchesThatWereStoppedGoOnBitForBit() {
    train(trunk.longRun());
    for (Job[] lineage :
        List.of(
            new Job[] {trunk.shortStretch()},
            new Job[] {trunk.shortStretch(), trunk.longStretch()},
            new Job[] {trunk.shortStretch(), trunk.longStretch(), trunk.longBranch()})) {
      Optional<JobResult> result = Optional.empty();
      int runs = 0;
      while (result.isEmpty()) {
        // After its first step, ten times; then it goes to the end.
        AtomicInteger calls = new AtomicInteger(runs < 10 ? 1 : Integer.MAX_VALUE);
        result = train(() -> calls.getAndDecrement() <= 0, new ArrayList<>(), lineage);
        runs++;
      }
      assertThat(runs).isGreaterThan(10);
      Job last = lineage[lineage.length - 1];
      assertThat(result.get().startStep()).isEqualTo(last.firstStep());
    }
    assertThat(result(trunk.longBranch()).horizon()).isEqualTo(result(trunk.longRun()).horizon());
  }

  @Test
  void aDamagedEndStateCostsTheStepsSinceTheOneBefore() throws IOException {
    trainAll();
    Path end = files(trunk.longStretch()).end().resolve("step-80/state.safetensors");
    byte[] bytes = Files.readAllBytes(end);
    bytes[bytes.length / 2] ^= 1;
    Files.write(end, bytes);
    assertAgain(40, "checksum of its tensors does not match");
    Files.write(end, new byte[0]);
    assertAgain(40, "checksum of its tensors does not match");
    files(trunk.longStretch()).deleteEnd();
    assertAgain(40, "");
    files(trunk.shortStretch()).deleteEnd();
    assertAgain(0, "");
  }

  /** Trains the branch once more and finds that it starts there and ends as it did before. */
  private void assertAgain(long start, String note) throws IOException {
    JobResult before = result(trunk.longBranch());
    Files.delete(files(trunk.longBranch()).result());
    Files.delete(files(trunk.longBranch()).losses());
    List<String> notes = new ArrayList<>();
    JobResult again =
        train(() -> false, notes, trunk.shortStretch(), trunk.longStretch(), trunk.longBranch())
            .orElseThrow();
    assertThat(again.startStep()).isEqualTo(start);
    assertThat(again.horizon()).isEqualTo(before.horizon());
    assertThat(again.spikes()).isEqualTo(before.spikes());
    assertThat(rows(trunk.longBranch())).hasSize((int) (100 - start));
    if (note.isEmpty()) {
      assertThat(notes).isEmpty();
    } else {
      assertThat(notes).singleElement().asString().contains(note);
    }
  }

  @Test
  void aTrunksLogThatIsCutOffIsNamedByWhatIsJudgedOnIt() throws IOException {
    train(trunk.shortStretch());
    Path log = files(trunk.shortStretch()).losses();
    byte[] whole = Files.readAllBytes(log);
    for (int length : new int[] {whole.length / 2, 0}) {
      Files.write(log, Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> train(trunk.shortStretch(), trunk.shortBranch()))
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining(log + ", line ")
          .hasMessageContaining("delete " + files(trunk.shortStretch()).path());
    }
    Files.write(log, whole);
    assertThat(train(trunk.shortStretch(), trunk.shortBranch()).horizon()).isPresent();
  }

  @Test
  void anEndStateOfAnotherTrunkIsRefused() throws IOException {
    train(trunk.shortStretch());
    Trunk other = new Trunk("other", 2e-3);
    train(other.shortStretch());
    Files.delete(files(trunk.shortStretch()).result());
    files(trunk.shortStretch()).deleteEnd();
    Files.move(files(other.shortStretch()).end(), files(trunk.shortStretch()).end());
    assertThatThrownBy(() -> train(trunk.shortStretch(), trunk.shortBranch()))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("belongs to another job")
        .hasMessageContaining("delete " + files(trunk.shortStretch()).path());
  }

  @Test
  void whatADivergedTrunkWouldYieldHasDiverged() {
    Trunk wild = new Trunk("wild", 1e38);
    assertThat(train(wild.shortStretch()).status()).isEqualTo(Status.DIVERGED);
    JobResult stretch = train(wild.shortStretch(), wild.longStretch());
    JobResult branch = train(wild.shortStretch(), wild.longStretch(), wild.longBranch());
    for (JobResult result : List.of(stretch, branch)) {
      assertThat(result.status()).isEqualTo(Status.DIVERGED);
      assertThat(result.reason())
          .startsWith("its trunk diverged in wild-short-trunk: loss or gradient not finite");
      assertThat(result.seconds()).isZero();
    }
    assertThat(files(wild.longBranch()).losses()).doesNotExist();
  }

  @Test
  void aBranchIsJudgedOnItsWholeLineage() {
    Trunk high = new Trunk("high", 10);
    JobResult run = train(high.longRun());
    train(high.shortStretch());
    train(high.shortStretch(), high.longStretch());
    JobResult branch = train(high.shortStretch(), high.longStretch(), high.longBranch());
    assertThat(run.status()).isEqualTo(Status.DIVERGED);
    assertThat(branch.status()).isEqualTo(Status.DIVERGED);
    assertThat(branch.reason()).isEqualTo(run.reason());
  }

  private void trainAll() {
    train(trunk.shortStretch());
    train(trunk.shortStretch(), trunk.longStretch());
    train(trunk.shortStretch(), trunk.longStretch(), trunk.longBranch());
  }

  private JobResult train(Job... lineage) {
    return train(() -> false, new ArrayList<>(), lineage).orElseThrow();
  }

  private Optional<JobResult> train(BooleanSupplier stop, List<String> notes, Job... lineage) {
    return new Trainer(
            Stream.of(lineage).map(job -> new Trainer.Stretch(job, files(job))).toList(),
            data,
            new Trainer.Settings(4, Duration.ofDays(1), EvaluationSteps.NONE),
            new Notes(notes))
        .train(stop);
  }

  private JobFolder files(Job job) {
    return new JobFolder(folder.resolve(job.id()));
  }

  private JobResult result(Job job) {
    return JobResult.read(files(job)).orElseThrow();
  }

  /** Returns the rows of a job's log without their speeds. */
  private Stream<String> rows(Job job) {
    try {
      return Files.readAllLines(files(job).losses()).stream()
          .skip(1)
          .map(row -> row.substring(0, row.lastIndexOf(',')));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Remembers what was noted. */
  record Notes(List<String> notes) implements TrainingObserver {

    @Override
    public void started(Job job, long step) {}

    @Override
    public void progressed(Job job, long step, double loss, double tokensPerSecond) {}

    @Override
    public void ended(Job job, JobResult result) {}

    @Override
    public void noted(Job job, String sentence) {
      notes.add(sentence);
    }
  }
}
