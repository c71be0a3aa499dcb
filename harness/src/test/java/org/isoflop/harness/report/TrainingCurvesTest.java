package org.isoflop.harness.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.report.TrainingCurve.Sample;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TrainingCurvesTest {

  private static final String HEADER =
      "step,tokens,flops,learning_rate,loss,gradient_norm,tokens_per_second\n";

  @TempDir Path sweep;

  @Test
  void readsEveryJobThatHasLogged() throws IOException {
    losses("b", HEADER + "1,512,1e6,0.01,5.5,1.2,1000\n2,1024,2e6,0.01,5.25,1.1,1000\n");
    losses("a", HEADER + "1,512,1e6,0.01,5.4,1.2,1000\n");
    losses("just-made", "");
    losses("just-begun", HEADER);
    Files.createDirectories(sweep.resolve("jobs/waiting"));
    Files.writeString(
        sweep.resolve("points.csv"),
        "job,budget_flops,params,tokens,loss\nb,1e11,50000,9,2\nb,3e11,50000,9,2\n");

    assertThat(TrainingCurves.read(sweep))
        .containsExactly(
            new TrainingCurve(
                "b",
                OptionalDouble.of(3e11),
                OptionalDouble.of(50000),
                List.of(new Sample(512, 5.5), new Sample(1024, 5.25))),
            new TrainingCurve(
                "a",
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                List.of(new Sample(512, 5.4))));
  }

  @Test
  void leavesOutARowBeingWrittenAndLossesThatAreNotFinite() throws IOException {
    losses("a", HEADER + "1,512,1e6,0.01,5.5,1.2,1000\n2,1024,2e6,0.01,NaN,1.1,9\n3,15");

    assertThat(TrainingCurves.read(sweep).get(0).samples()).containsExactly(new Sample(512, 5.5));
  }

  @Test
  void hasNoCurvesWithoutJobs() {
    assertThat(TrainingCurves.read(sweep)).isEmpty();
  }

  @Test
  void namesTheFileLineAndColumnOfABadNumber() throws IOException {
    Path file = losses("a", HEADER + "1,512,1e6,0.01,five,1.2,1000\n2,1024,2e6,0.01,5,1,9\n");

    assertThatThrownBy(() -> TrainingCurves.read(sweep))
        .isInstanceOf(BadInputException.class)
        .hasMessage(file + ", line 2, column loss: a number is needed, found \"five\"");
  }

  @Test
  void namesAMissingColumn() throws IOException {
    Path file = losses("a", "step,loss\n1,5\n");

    assertThatThrownBy(() -> TrainingCurves.read(sweep))
        .isInstanceOf(BadInputException.class)
        .hasMessage(file + ", line 1: no column \"tokens\"; found [step, loss]");
  }

  private Path losses(String job, String text) throws IOException {
    Path file = sweep.resolve("jobs").resolve(job).resolve("losses.csv");
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }
}
