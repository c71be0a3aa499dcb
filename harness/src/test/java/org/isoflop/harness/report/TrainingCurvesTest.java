package org.isoflop.harness.report;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.isoflop.harness.report.TrainingCurve.Sample;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TrainingCurvesTest {

  private static final String HEADER =
      "step,tokens,flops,learning_rate,loss,gradient_norm,tokens_per_second\n";

  @TempDir Path sweep;
  private final List<String> leftOut = new ArrayList<>();

  @Test
  void readsEveryJobThatHasLogged() throws IOException {
    losses("b", HEADER + "1,512,1e6,0.01,5.5,1.2,1000\n2,1024,2e6,0.01,5.25,1.1,1000\n");
    losses("a", HEADER + "1,512,1e6,0.01,5.4,1.2,1000\n");
    Files.writeString(
        sweep.resolve("jobs/b/evaluations.csv"),
        "step,tokens,flops,loss,bits_per_byte\n2,1024,2e6,5.5,7.9\n3,1536,3e6,NaN,NaN\n");
    losses("just-made", "");
    losses("just-begun", HEADER);
    Files.createDirectories(sweep.resolve("jobs/waiting"));
    Files.writeString(
        sweep.resolve("points.csv"),
        "job,budget_flops,params,tokens,loss\nb,1e11,50000,9,2\nb,3e11,50000,9,2\n");

    assertThat(TrainingCurves.read(sweep, leftOut::add))
        .containsExactly(
            new TrainingCurve(
                "b",
                "b",
                Optional.empty(),
                OptionalDouble.of(3e11),
                OptionalDouble.of(50000),
                List.of(new Sample(512, 5.5), new Sample(1024, 5.25)),
                List.of(new Sample(1024, 5.5))),
            new TrainingCurve(
                "a",
                "a",
                Optional.empty(),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                List.of(new Sample(512, 5.4)),
                List.of()));
  }

  @Test
  void aPlanSaysWhichJobsAreOneTrunks() throws IOException {
    losses("b-trunk", HEADER + "1,512,1e6,0.01,5.5,1.2,1000\n");
    losses("b", HEADER + "2,1024,2e6,0.01,5.25,1.1,1000\n");
    Files.writeString(
        sweep.resolve("plan.csv"),
        """
        job,parent,lineage,budget_flops,params
        b-trunk,,b-trunk,1e11,50000
        b,b-trunk,b-trunk,1e11,50000
        """);

    List<TrainingCurve> curves = TrainingCurves.read(sweep, leftOut::add);
    assertThat(curves).extracting(TrainingCurve::job).containsExactly("b", "b-trunk");
    assertThat(curves).extracting(TrainingCurve::lineage).containsOnly("b-trunk");
    assertThat(curves)
        .extracting(TrainingCurve::parent)
        .containsExactly(Optional.of("b-trunk"), Optional.empty());
    assertThat(curves).extracting(TrainingCurve::budget).containsOnly(OptionalDouble.of(1e11));
  }

  @Test
  void leavesOutARowBeingWrittenAndLossesThatAreNotFinite() throws IOException {
    losses("a", HEADER + "1,512,1e6,0.01,5.5,1.2,1000\n2,1024,2e6,0.01,NaN,1.1,9\n3,15");

    assertThat(TrainingCurves.read(sweep, leftOut::add).get(0).samples())
        .containsExactly(new Sample(512, 5.5));
  }

  @Test
  void hasNoCurvesWithoutJobs() {
    assertThat(TrainingCurves.read(sweep, leftOut::add)).isEmpty();
  }

  @Test
  void aDamagedLogIsLeftOutByNameAndTheOthersAreRead() throws IOException {
    losses("whole", HEADER + "1,512,1e6,0.01,5.5,1.2,1000\n");
    Path number =
        losses("number", HEADER + "1,512,1e6,0.01,five,1.2,1000\n2,1024,2e6,0.01,5,1,9\n");
    Path column = losses("column", "step,loss\n1,5\n");
    Path quote = losses("quote", HEADER + "1,512,1e6,0.01,\"5,1.2,1000\n2,1024,2e6,0.01,5,1,9\n");
    Path encoding = losses("encoding", "");
    Files.write(encoding, (HEADER + "1,512,1e6,0.01,5.5\u00ff,1,9\n").getBytes(ISO_8859_1));

    assertThat(TrainingCurves.read(sweep, leftOut::add))
        .extracting(TrainingCurve::job)
        .containsExactly("whole");
    assertThat(leftOut)
        .hasSize(4)
        .contains(
            "no training curve of number: "
                + number
                + ", line 2, column loss: a number is needed, found \"five\"",
            "no training curve of column: "
                + column
                + ", line 1: no column \"tokens\"; found [step, loss]",
            "no training curve of encoding: " + encoding + ": cannot be read (it is not UTF-8)")
        .anyMatch(note -> note.startsWith("no training curve of quote: " + quote));
  }

  private Path losses(String job, String text) throws IOException {
    Path file = sweep.resolve("jobs").resolve(job).resolve("losses.csv");
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }
}
