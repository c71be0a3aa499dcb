package org.isoflop.harness.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.isoflop.harness.analysis.design.DesignCell;
import org.isoflop.harness.analysis.design.DesignSearch.Suggestion;
import org.isoflop.harness.config.ConfigDifference;
import org.isoflop.harness.config.GridCell;
import org.isoflop.harness.config.SweepConfig;
import org.isoflop.harness.plan.DataFacts;
import org.isoflop.harness.plan.Job;
import org.isoflop.harness.plan.Plan;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code isoflop suggest} on the sweep that the README shows, and on wrong input. */
final class SuggestCommandTest {

  private static final Path REFERENCE = Path.of("..", "runs", "reference");

  @TempDir private Path folder;

  private Path sweep;

  @BeforeEach
  void layASweep() throws IOException {
    sweep = Files.createDirectories(folder.resolve("reference"));
    for (String file : List.of("sweep.yaml", "points.csv", "environment.json")) {
      Files.copy(REFERENCE.resolve(file), sweep.resolve(file));
    }
  }

  @Test
  void writesWhatExtendsTheSweepAndKeepsToItsFlops() throws IOException {
    Path file = Files.writeString(sweep.resolve("next.yaml"), "keep me");
    CommandRun refused = CommandRun.of("suggest", sweep.toString(), "--budget", "6e14");
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err()).startsWith("isoflop: " + file + ": is there already; use --force");
    assertThat(file).hasContent("keep me");

    CommandRun run =
        CommandRun.of(
            "suggest", sweep.toString(), "--budget", "6e14", "--force", "--replicates", "100");

    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    SweepConfig measured = SweepConfig.read(sweep.resolve("sweep.yaml"));
    SweepConfig next = SweepConfig.read(sweep.resolve("next.yaml"));
    assertThat(next.name()).isEqualTo(measured.name());
    assertThat(measured.differences(next)).allMatch(ConfigDifference::isOfCells);
    List<GridCell> old = next.grid().cells().subList(0, 54);
    List<GridCell> cells = next.grid().cells().subList(54, next.grid().cells().size());
    assertThat(old).allMatch(cell -> cell.seed().isEmpty());
    assertThat(cells.stream().mapToDouble(GridCell::budget).sum()).isBetween(3e14, 6e14);

    DataFacts data = new DataFacts(60_000_000, 3_000_000, 256);
    Plan begun = Plan.of(measured, data, (decoder, tokens) -> 1e9);
    Plan plan = Plan.of(next, data, (decoder, tokens) -> 1e9, begun.jobs());
    assertThat(plan.dropped()).isEmpty();
    assertThat(plan.jobs()).containsAll(begun.jobs());
    List<Job> added =
        plan.jobs().stream()
            .filter(job -> job.horizon().isPresent() && !begun.jobs().contains(job))
            .toList();
    assertThat(added)
        .extracting(
            job -> job.horizon().orElseThrow().budget(),
            job -> (double) job.decoder().parameters().total(),
            Job::seed)
        .containsExactlyInAnyOrderElementsOf(
            cells.stream()
                .map(cell -> tuple(cell.budget(), cell.params(), cell.seed().orElseThrow()))
                .toList());
    assertThat(added).as("on trunks of the sweep").anyMatch(job -> job.seed() == 1);

    assertThat(run.out().lines().filter(line -> !line.startsWith("Configuration: ")))
        .allMatch(line -> line.length() <= 100);
    assertThat(run.out().lines().filter(line -> line.matches(" +\\d+ +\\S+e1[0-4] .*")).count())
        .isEqualTo(cells.size());
    assertThat(run.out())
        .startsWith("148 points measured, noise ")
        .contains("Simulated (100 sweeps)", "Configuration: " + sweep.resolve("next.yaml"))
        .contains(" --out " + sweep + "' trains what is new in it.");
  }

  @Test
  void repeatsThatThePlanHasPlacedAreKeptAndNotAskedForAgain() {
    SweepConfig sweep = SweepConfig.of("placed", List.of("f"), List.of(1e11, 1e12, 1e13));
    List<NextSweep.Run> planned =
        List.of(
            new NextSweep.Run(1e11, 1e4, 1),
            new NextSweep.Run(1e11, 1e4, 2),
            new NextSweep.Run(1e12, 3e4, 1));
    DesignCell again = new DesignCell(1e11, 1e4, 1e6);
    Suggestion suggestion =
        new Suggestion(
            List.of(1e11),
            List.of(new Suggestion.Step(List.of(again), OptionalDouble.empty())),
            OptionalDouble.empty(),
            1);

    NextSweep next = NextSweep.of(sweep, planned, suggestion);

    assertThat(next.seeds()).containsExactly(3L);
    assertThat(next.config().grid().cells())
        .extracting(GridCell::budget, GridCell::seed, GridCell::seeds)
        .containsExactly(
            tuple(1e11, OptionalLong.empty(), OptionalInt.of(2)),
            tuple(1e12, OptionalLong.empty(), OptionalInt.empty()),
            tuple(1e11, OptionalLong.of(3), OptionalInt.empty()));
  }

  static Stream<Refusal> mistakes() {
    return Stream.of(
        Refusal.of("suggest @/reference", "--budget"),
        Refusal.of("suggest --budget 1e12", "DIR"),
        Refusal.of("suggest @/reference --budget lots", "'lots'"),
        Refusal.of("suggest @/reference --budget 0", "--budget: 0.0 is not a number of FLOPs"),
        Refusal.of("suggest @/reference --budget -1e9", "--budget: -1.0E9 is not"),
        Refusal.of("suggest @/reference --budget NaN", "--budget: NaN is not"),
        Refusal.of("suggest @/reference --budget 1e12 --replicates 99", "--replicates: 99 is out"),
        Refusal.of("suggest @/none --budget 1e12", "@/none: is not the folder of a sweep"),
        Refusal.of("suggest @/new --budget 1e12", "@/new: has no points.csv"),
        Refusal.of("suggest @/reference --budget 1e9", "1e9 FLOPs buy no cell that would help"),
        Refusal.of(
            "suggest @/flat --budget 1e12", "@/flat: Every point was trained on 100k tokens"),
        Refusal.of(
            "suggest @/reference --budget 1e12 --out @/reference", "@/reference: is a folder"),
        Refusal.of(
            "suggest @/reference --budget 1e12 --out @/reference/sweep.yaml", "is there already"),
        Refusal.of(
            "suggest @/reference --budget 1e12 --out @/reference/points.csv/x",
            "is a file, use another"));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void oneLineForAMistake(Refusal mistake) throws IOException {
    Files.createDirectories(folder.resolve("new"));
    Files.copy(sweep.resolve("sweep.yaml"), folder.resolve("new/sweep.yaml"));
    Files.createDirectories(folder.resolve("flat"));
    Files.copy(sweep.resolve("sweep.yaml"), folder.resolve("flat/sweep.yaml"));
    Files.writeString(
        folder.resolve("flat/points.csv"), "budget_flops,params,tokens,loss\n1e9,1e3,1e5,3.5\n");

    assertThat(mistake.check(folder).out()).isEmpty();
  }
}
