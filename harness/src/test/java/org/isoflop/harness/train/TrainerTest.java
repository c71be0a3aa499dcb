package org.isoflop.harness.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.isoflop.harness.BadInputException;
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

/** One job, trained for real on a repeating text. */
final class TrainerTest {

  private static final int STEPS = 60;
  private static final Conditions CONDITIONS =
      new Conditions("text", "bytes", 0.1, 3, Precision.FLOAT32, Optional.empty());
  private static final double UNIGRAM_NATS = 4.3;

  @TempDir private Path folder;
  private Tokens text;
  private TrainingData data;

  @BeforeEach
  void makeData() {
    text = Tokens.held(1, IntStream.range(0, 4000).map(i -> i * i % 61 % 32).toArray());
    data = new TrainingData(text, text, Device.cpu(), 1.25, UNIGRAM_NATS, CONDITIONS);
  }

  @Test
  void learnsAndLogsEveryStepOnce() throws IOException {
    Job job = job(3e-3);
    JobResult result = train(job, "a", never()).orElseThrow();
    assertThat(result.status()).isEqualTo(Status.DONE);
    assertThat(result.step()).isEqualTo(STEPS);
    double loss = result.horizon().orElseThrow().loss();
    assertThat(loss).isBetween(0.0, Math.log(32) - 0.5);
    assertThat(result.horizon().orElseThrow().bitsPerByte()).isEqualTo(loss * 1.25 / Math.log(2));

    List<String> rows = Files.readAllLines(folder("a").losses());
    assertThat(rows).hasSize(STEPS + 1);
    assertThat(rows.get(0)).isEqualTo(String.join(",", LossLog.COLUMNS));
    for (int step = 1; step <= STEPS; step++) {
      assertThat(rows.get(step)).startsWith(step + "," + step * job.batchTokens() + ",");
    }
    assertThat(Files.readAllLines(folder("a").evaluations())).hasSize(2);
    assertThat(
            SafeTensors.read(folder("a").weights()).values().stream()
                .mapToLong(t -> t.values().length)
                .sum())
        .isEqualTo(job.decoder().parameters().total());
    assertThat(JobResult.read(folder("a"))).contains(result);
  }

  @Test
  void aStoppedRunGoesOnBitForBit() throws IOException {
    train(job(3e-3), "whole", never());
    trainInParts(job(3e-3));
    assertThat(withoutSpeed("parts")).isEqualTo(withoutSpeed("whole"));
    assertThat(Files.readAllBytes(folder("parts").weights()))
        .isEqualTo(Files.readAllBytes(folder("whole").weights()));
  }

  @Test
  void aStoppedRunWithABaseShapeGoesOnBitForBit() throws IOException {
    DecoderOptions options = job(3e-3).decoder().options();
    DecoderConfig scaled =
        new DecoderConfig(
            options.scaledFrom(new DecoderConfig(options, 2, 32, 2, 88)), 1, 16, 2, 40);
    train(job(3e-3, scaled), "whole", never());
    train(job(3e-3), "standard", never());
    assertThat(train(job(3e-3, scaled), "parts", afterCalls(1))).isEmpty();
    assertThat(train(job(3e-3, scaled), "parts", never())).isPresent();
    assertThat(withoutSpeed("parts"))
        .isEqualTo(withoutSpeed("whole"))
        .isNotEqualTo(withoutSpeed("standard"));
  }

  @Test
  void aDamagedCheckpointCostsOnlyTheStepsSinceTheOneBefore() throws IOException {
    train(job(3e-3), "whole", never());
    assertThat(train(job(3e-3), "hurt", afterCalls(1))).isEmpty();
    assertThat(train(job(3e-3), "hurt", afterCalls(1))).isEmpty();
    List<Path> checkpoints = list(folder("hurt").checkpoints());
    assertThat(checkpoints).hasSize(2);
    Path newest = checkpoints.get(1).resolve("state.safetensors");
    byte[] bytes = Files.readAllBytes(newest);
    bytes[bytes.length / 2] ^= 1;
    Files.write(newest, bytes);

    List<String> notes = new ArrayList<>();
    Observer observer = new Observer(notes);
    Optional<JobResult> result = trainer(job(3e-3), "hurt", observer).train(() -> false);
    assertThat(result).isPresent();
    assertThat(observer.startedAt).isPositive();
    assertThat(notes).singleElement().asString().contains("checksum of its tensors does not match");
    assertThat(folder("hurt").log()).content().contains("does not match");
    assertThat(withoutSpeed("hurt")).isEqualTo(withoutSpeed("whole"));
  }

  @Test
  void aCheckpointOfAnotherJobIsRefusedAndKept() throws IOException {
    assertThat(train(job(3e-3), "own", afterCalls(1))).isEmpty();
    List<String> before = withoutSpeed("own");
    assertThatThrownBy(() -> train(job(2e-3), "own", never()))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("belongs to another job")
        .hasMessageContaining("delete " + folder("own").path());
    assertThat(withoutSpeed("own")).isEqualTo(before);
    assertThat(train(job(3e-3), "own", never())).isPresent();
  }

  @Test
  void aResultOfAnotherJobOrAnotherTextIsRefusedAndKept() throws IOException {
    JobResult result = train(job(1e38), "own", never()).orElseThrow();
    assertThatThrownBy(() -> train(job(2e-3), "own", never()))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("result.json: cannot be used (it is of a job that was trained on")
        .hasMessageContaining("delete " + folder("own").path());
    data =
        new TrainingData(
            text,
            text,
            Device.cpu(),
            1.25,
            UNIGRAM_NATS,
            new Conditions("other text", "bytes", 0.1, 3, Precision.FLOAT32, Optional.empty()));
    assertThatThrownBy(() -> train(job(1e38), "own", never()))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("trained on another text");
    assertThat(JobResult.read(folder("own"))).contains(result);
  }

  @Test
  void theWidthOfAStoredTokenChangesNothing() throws IOException {
    train(job(3e-3), "bytes", never());
    for (int width : new int[] {2, 4}) {
      String name = width + " bytes";
      Tokens wide = Tokens.held(width, text.read((int) text.count(), 0));
      data = new TrainingData(wide, wide, Device.cpu(), 1.25, UNIGRAM_NATS, CONDITIONS);
      assertThat(train(job(3e-3), name, never()).orElseThrow().horizon())
          .isEqualTo(JobResult.read(folder("bytes")).orElseThrow().horizon());
      assertThat(withoutSpeed(name)).isEqualTo(withoutSpeed("bytes"));
    }
  }

  @Test
  void thePassChangesNothingButRounding() throws IOException {
    double inTwo = train(job(3e-3), "two", never()).orElseThrow().horizon().orElseThrow().loss();
    List<Double> losses = losses("two");
    for (int passSequences : new int[] {1, 3, 4}) {
      String name = "pass-" + passSequences;
      Observer observer = new Observer(new ArrayList<>());
      double loss =
          trainer(job(3e-3), name, passSequences, observer)
              .train(() -> false)
              .orElseThrow()
              .horizon()
              .orElseThrow()
              .loss();
      assertThat(loss).isCloseTo(inTwo, within(1e-3));
      List<Double> other = losses(name);
      assertThat(other).hasSameSizeAs(losses);
      assertThat(other.get(0)).isCloseTo(losses.get(0), within(1e-6));
      for (int step = 0; step < STEPS; step++) {
        assertThat(other.get(step)).isCloseTo(losses.get(step), within(1e-3));
      }
    }
  }

  @Test
  void aStoppedRunGoesOnInSmallerPasses() throws IOException {
    train(job(3e-3), "whole", never());
    assertThat(train(job(3e-3), "less", afterCalls(1))).isEmpty();
    Observer observer = new Observer(new ArrayList<>());
    assertThat(trainer(job(3e-3), "less", 1, observer).train(() -> false)).isPresent();
    assertThat(observer.startedAt).isPositive();
    assertThat(observer.notes).isEmpty();
    List<Double> whole = losses("whole");
    List<Double> less = losses("less");
    assertThat(less).hasSameSizeAs(whole);
    assertThat(less.get(STEPS - 1)).isCloseTo(whole.get(STEPS - 1), within(1e-3));
  }

  /** As the JVM would where its heap is full; libtorch's own way is {@link OutOfMemoryTest}. */
  @Test
  void memoryThatRunsOutCostsTheStepsSinceTheCheckpointAndHalvesThePass() throws IOException {
    train(job(3e-3), "whole", never());
    List<Long> starts = new ArrayList<>();
    Observer observer =
        new Observer(new ArrayList<>()) {
          @Override
          public void started(Job job, long step) {
            starts.add(step);
          }
        };
    int[] calls = {0};
    Optional<JobResult> result =
        trainer(job(3e-3), "short", 4, Duration.ZERO, observer)
            .train(
                () -> {
                  if (calls[0]++ == 1) {
                    throw new OutOfMemoryError("Java heap space");
                  }
                  return false;
                });
    assertThat(result).isPresent();
    assertThat(starts).hasSize(2).startsWith(0L);
    assertThat(starts.get(1)).isPositive();
    assertThat(observer.notes)
        .singleElement()
        .asString()
        .contains(
            "out of memory: Java's heap of ",
            " is full in passes of at most 4 sequences, goes back")
        .endsWith("on in passes of 2");
    assertThat(folder("short").log()).content().contains("passes of 2");
    assertThat(losses("short")).hasSameSizeAs(losses("whole"));
    assertThat(losses("short").get(STEPS - 1))
        .isCloseTo(losses("whole").get(STEPS - 1), within(1e-3));
  }

  @Test
  void memoryThatOneSequenceDoesNotFitInFailsTheJob() {
    Observer observer = new Observer(new ArrayList<>());
    assertThatThrownBy(
            () ->
                trainer(job(3e-3), "none", 4, observer)
                    .train(
                        () -> {
                          throw new OutOfMemoryError("Java heap space");
                        }))
        .isInstanceOf(OutOfMemoryError.class);
    assertThat(observer.notes).hasSize(2).last().asString().endsWith("on in passes of 1");
  }

  @Test
  void aJobWhoseLossIsNotFiniteDiverges() throws IOException {
    JobResult result = train(job(1e38), "wild", never()).orElseThrow();
    assertThat(result.status()).isEqualTo(Status.DIVERGED);
    assertThat(result.step()).isLessThan(STEPS);
    assertThat(result.horizon()).isEmpty();
    assertThat(JobResult.read(folder("wild"))).contains(result);
    assertThat(folder("wild").log()).content().contains("diverged: loss or gradient not finite");
    assertThat(result.reason()).matches("loss or gradient not finite at step \\d+");
    assertThat(Files.readAllLines(folder("wild").losses())).hasSize((int) result.step() + 1);
  }

  @Test
  void aJobThatLearnsLessThanFrequenciesDivergesHoweverOftenItWasStopped() throws IOException {
    JobResult whole = train(job(10), "whole", never()).orElseThrow();
    assertThat(whole.status()).isEqualTo(Status.DIVERGED);
    assertThat(whole.step()).isEqualTo(STEPS);
    assertThat(whole.horizon()).isEmpty();
    assertThat(whole.reason()).startsWith("its ");
    assertThat(folder("whole").log()).content().contains("diverged: its ");
    JobResult parts = trainInParts(job(10));
    assertThat(parts.status()).isEqualTo(Status.DIVERGED);
    assertThat(parts.reason()).isEqualTo(whole.reason());
    assertThat(parts.spikes()).isEqualTo(whole.spikes());
  }

  /** Stops a job a few times, then trains it to its end. */
  private JobResult trainInParts(Job job) {
    for (int stop = 0; stop < 6; stop++) {
      assertThat(train(job, "parts", afterCalls(1))).isEmpty();
    }
    return train(job, "parts", never()).orElseThrow();
  }

  private Optional<JobResult> train(Job job, String name, AtomicInteger callsLeft) {
    return trainer(job, name, new Observer(new ArrayList<>()))
        .train(() -> callsLeft.getAndDecrement() <= 0);
  }

  private Trainer trainer(Job job, String name, TrainingObserver observer) {
    return trainer(job, name, 2, observer);
  }

  private Trainer trainer(Job job, String name, int passSequences, TrainingObserver observer) {
    return trainer(job, name, passSequences, Duration.ofDays(1), observer);
  }

  private Trainer trainer(
      Job job,
      String name,
      int passSequences,
      Duration checkpointEvery,
      TrainingObserver observer) {
    return new Trainer(
        List.of(new Trainer.Stretch(job, folder(name))),
        data,
        new Trainer.Settings(passSequences, checkpointEvery, EvaluationSteps.NONE),
        observer);
  }

  private JobFolder folder(String name) {
    return new JobFolder(folder.resolve(name).resolve("job"));
  }

  private List<String> withoutSpeed(String name) throws IOException {
    return Files.readAllLines(folder(name).losses()).stream()
        .map(row -> row.substring(0, row.lastIndexOf(',')))
        .toList();
  }

  private List<Double> losses(String name) throws IOException {
    int column = List.of(LossLog.COLUMNS).indexOf("loss");
    return Files.readAllLines(folder(name).losses()).stream()
        .skip(1)
        .map(row -> Double.valueOf(row.split(",", -1)[column]))
        .toList();
  }

  private static List<Path> list(Path folder) throws IOException {
    try (var entries = Files.list(folder)) {
      return entries.sorted().toList();
    }
  }

  private static AtomicInteger never() {
    return new AtomicInteger(Integer.MAX_VALUE);
  }

  private static AtomicInteger afterCalls(int calls) {
    return new AtomicInteger(calls);
  }

  private static Job job(double peak) {
    DecoderOptions options =
        new DecoderOptions(16, 32, MlpKind.SWIGLU, NormKind.LAYERNORM, true, false);
    return job(peak, new DecoderConfig(options, 1, 16, 2, 40));
  }

  private static Job job(double peak, DecoderConfig decoder) {
    long tokens = STEPS * 4L * 16;
    return new Job(
        "job",
        decoder,
        1,
        4,
        new OptimizerSettings(0.9, 0.95, 1e-8, 0.1, 1),
        new Wsd.Fitted(peak, 5, STEPS, 12),
        Optional.empty(),
        0,
        STEPS,
        Optional.of(new Horizon(1e9, STEPS, tokens, tokens * decoder.flopsPerToken())));
  }

  /** Remembers notes and where training started. */
  private static class Observer implements TrainingObserver {
    private final List<String> notes;
    private long startedAt = -1;

    Observer(List<String> notes) {
      this.notes = notes;
    }

    @Override
    public void started(Job job, long step) {
      startedAt = step;
    }

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
