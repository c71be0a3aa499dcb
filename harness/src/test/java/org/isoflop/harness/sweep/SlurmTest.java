package org.isoflop.harness.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.sweep.Scheduler.Batch;
import org.junit.jupiter.api.Test;

/** What Slurm is asked for, and what of a user's wishes goes where. */
final class SlurmTest {

  private static final Slurm SLURM = new Slurm();

  private static Batch workers(int count, boolean gpu, String... options) {
    return workers(Path.of("/runs/50% of it's"), count, gpu, options);
  }

  private static Batch workers(Path folder, int count, boolean gpu, String... options) {
    return new Batch(
        new SweepFolder(folder),
        List.of("java", "-cp", "a b.jar", "Main"),
        count,
        gpu,
        Duration.ofSeconds(3601),
        Duration.ofMinutes(2),
        List.of(options),
        List.of());
  }

  private static String script(Batch batch) {
    return batch.text(SLURM.lines(batch));
  }

  @Test
  void everyWorkerHasItsPlaceAndTimeToSave() {
    assertThat(script(workers(8, true)))
        .startsWith("#!/bin/sh\n")
        .contains("#SBATCH --job-name=isoflop-50__of_it_s --array=0-7\n", "#SBATCH --gres=gpu:1\n")
        .contains("--time=61\n", "--signal=B:TERM@120 --requeue\n", "--open-mode=append ")
        .contains("--output=\"/runs/50%% of it's/workers/slurm-%A_%a.log\"\n")
        .endsWith("\nexec java -cp 'a b.jar' Main work '/runs/50% of it'\\''s' --device cuda\n");
    assertThat(script(workers(1, false)))
        .contains("--array=0-0\n", "--cpus-per-task=1\n")
        .doesNotContain("gpu")
        .endsWith(" --device cpu\n");
  }

  @Test
  void aUsersOptionsStandAfterOursAsTheyAre() {
    String script = script(workers(2, true, "-p gpu --comment=\"a b\"", "--time=9:00"));
    assertThat(script)
        .contains("#SBATCH -p gpu --comment=\"a b\"\n#SBATCH --time=9:00\n\n")
        .containsSubsequence("--time=61", "--time=9:00");
  }

  @Test
  void aUsersGpusTakeThePlaceOfOurs() {
    for (String gpus : List.of("--gpus-per-task=a100:1", "--gres=gpu:a100:1", "-G 1", "-G1")) {
      assertThat(script(workers(2, true, "--account=x " + gpus)))
          .as(gpus)
          .doesNotContain("--gres=gpu:1\n");
    }
    assertThat(script(workers(2, true, "--gid=5"))).contains("--gres=gpu:1\n");
  }

  @Test
  void theAnalysisIsSubmittedForTheSamePeopleButNeedsNoWorkersRoom() {
    String script =
        script(
            workers(
                    2,
                    true,
                    "-p gpu -A us --qos=night --gres=gpu:a100:1 -t 9:00 --array=0-7%4",
                    "-c8 --comment=\"a -c 3\" -G 2 --exclusive --mem 8G")
                .analysis(List.of("5")));
    assertThat(script.lines().filter(line -> line.startsWith("#SBATCH ")))
        .containsExactly(
            "#SBATCH --job-name=isoflop-50__of_it_s --cpus-per-task=1",
            "#SBATCH --time=30",
            "#SBATCH --output=\"/runs/50%% of it's/slurm/analysis-%j.log\"",
            "#SBATCH -p gpu",
            "#SBATCH -A us",
            "#SBATCH --qos=night",
            "#SBATCH --comment=\"a -c 3\"",
            "#SBATCH --mem 8G");
    assertThat(script).endsWith(" Main analyze '/runs/50% of it'\\''s'\n");
  }

  @Test
  void whatCannotStandInAScriptIsRefused() {
    for (String option : List.of("partition=gpu", "", "--a\nrm -r x")) {
      assertThatThrownBy(() -> SLURM.check(workers(1, false, option)))
          .isInstanceOf(BadInputException.class)
          .hasMessageMatching("--sbatch: '.*' is no option of sbatch, use such as .*");
    }
    for (String folder : List.of("/a\"b", "/a\\b", "/a\nb")) {
      assertThatThrownBy(() -> SLURM.check(workers(Path.of(folder), 1, false)))
          .isInstanceOf(BadInputException.class)
          .hasMessageStartingWith("--out: /a")
          .hasMessageContaining("Slurm cannot have");
    }
  }
}
