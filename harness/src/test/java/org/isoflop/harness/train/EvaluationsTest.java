package org.isoflop.harness.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.plan.EvaluationSteps;
import org.isoflop.harness.plan.Job;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Validation losses on the way of real, tiny runs. */
final class EvaluationsTest {

  private static final EvaluationSteps HALVES = new EvaluationSteps(0.5);
  private static final List<Long> OF_A_RUN = List.of(5L, 8L, 12L, 18L, 27L, 41L, 62L, 93L, 100L);

  @TempDir private Path folder;
  private final TrainingData data = TrunkTest.repeatingText();
  private final TrunkTest.Trunk trunk = new TrunkTest.Trunk("t", 3e-3);

  @Test
  void changeNoNumberOfTheTraining() throws IOException {
    Job run = trunk.longRun();
    train("plain", EvaluationSteps.NONE, run);
    train("watched", HALVES, run);
    assertThat(steps("watched", run)).isEqualTo(OF_A_RUN);
    assertThat(steps("plain", run)).containsExactly(100L);
    assertThat(Files.readAllBytes(files("watched", run).weights()))
        .isEqualTo(Files.readAllBytes(files("plain", run).weights()));
    assertThat(trainingLosses("watched", run)).isEqualTo(trainingLosses("plain", run));
    assertThat(last(rows("watched", run))).isEqualTo(last(rows("plain", run)));
  }

  @Test
  void areThoseOfARunOfItsOwnWhereverTheLineageIsCut() throws IOException {
    train("run", HALVES, trunk.longRun());
    train("forest", HALVES, trunk.shortStretch());
    JobResult stretch = train("forest", HALVES, trunk.shortStretch(), trunk.longStretch());
    train("forest", HALVES, trunk.shortStretch(), trunk.longStretch(), trunk.longBranch());
    List<String> lineage = new ArrayList<>();
    for (Job job : List.of(trunk.shortStretch(), trunk.longStretch(), trunk.longBranch())) {
      lineage.addAll(rows("forest", job));
    }
    assertThat(lineage).isEqualTo(rows("run", trunk.longRun()));
    assertThat(stretch.horizon()).as("a trunk's loss is no final loss").isEmpty();
  }

  @Test
  void areAllThereOnceHoweverOftenTheRunStops() throws IOException {
    Job run = trunk.longRun();
    train("whole", HALVES, run);
    Path log = files("parts", run).evaluations();
    int runs = 0;
    while (true) {
      AtomicInteger calls = new AtomicInteger(2);
      if (train("parts", () -> calls.getAndDecrement() <= 0, HALVES, run).isPresent()) {
        break;
      }
      // What a killed run leaves behind its checkpoint: a row that it took again, and half of one.
      long step = LossLog.lastStep(files("parts", run).losses());
      Files.writeString(log, (step + 1) + ",1,2,3,4\n12", StandardOpenOption.APPEND);
      runs++;
    }
    assertThat(runs).isGreaterThan(2);
    assertThat(Files.readString(log))
        .isEqualTo(Files.readString(files("whole", run).evaluations()));
  }

  @Test
  void aDamagedRowIsRefused() throws IOException {
    Job run = trunk.longRun();
    AtomicInteger calls = new AtomicInteger(3);
    assertThat(train("hurt", () -> calls.getAndDecrement() <= 0, HALVES, run)).isEmpty();
    Path log = files("hurt", run).evaluations();
    for (String damage : List.of("5,x", "7", "-1")) {
      String whole = Files.readString(log);
      Files.writeString(log, whole.replaceFirst("\n5,3", "\n" + damage));
      assertThatThrownBy(() -> train("hurt", HALVES, run))
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("evaluations.csv, line ")
          .hasMessageContaining("delete " + files("hurt", run).path());
      Files.writeString(log, whole);
    }
    assertThat(train("hurt", HALVES, run).horizon()).isPresent();
  }

  private JobResult train(String name, EvaluationSteps evaluations, Job... lineage) {
    return train(name, () -> false, evaluations, lineage).orElseThrow();
  }

  private Optional<JobResult> train(
      String name, BooleanSupplier stop, EvaluationSteps evaluations, Job... lineage) {
    return new Trainer(
            Stream.of(lineage).map(job -> new Trainer.Stretch(job, files(name, job))).toList(),
            data,
            new Trainer.Settings(4, Duration.ofDays(1), evaluations),
            new TrunkTest.Notes(new ArrayList<>()))
        .train(stop);
  }

  private JobFolder files(String name, Job job) {
    return new JobFolder(folder.resolve(name).resolve(job.id()));
  }

  private List<String> rows(String name, Job job) throws IOException {
    return Files.readAllLines(files(name, job).evaluations()).stream().skip(1).toList();
  }

  private List<Long> steps(String name, Job job) throws IOException {
    return rows(name, job).stream().map(row -> Long.valueOf(row.split(",", -1)[0])).toList();
  }

  private List<String> trainingLosses(String name, Job job) throws IOException {
    return Files.readAllLines(files(name, job).losses()).stream()
        .map(row -> row.substring(0, row.lastIndexOf(',')))
        .toList();
  }

  private static <T> T last(List<T> list) {
    return list.get(list.size() - 1);
  }
}
