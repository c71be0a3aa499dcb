package org.isoflop.harness.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.isoflop.harness.cli.IsoflopProcess.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.isoflop.harness.TinySweep;
import org.isoflop.harness.cli.IsoflopProcess;
import org.isoflop.harness.sweep.SweepStatus.JobStatus;
import org.isoflop.harness.sweep.SweepStatus.State;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A sweep on a real Slurm of one node, which this test starts for itself. */
@Tag("slow")
@Timeout(1800)
final class SlurmClusterTest {

  private static final Pattern WORKERS = Pattern.compile("workers? (?:is|are) job (\\d+)\\.");

  /** What must be installed; Debian's packages are named in the script. */
  private static final List<String> PROGRAMS =
      List.of("slurmctld", "slurmd", "munged", "sbatch", "squeue", "scontrol", "scancel", "sinfo");

  @TempDir private Path folder;
  private Process daemons;
  private SweepFolder sweep;
  private Path config;

  @BeforeEach
  void startSlurm() throws Exception {
    List<String> missing = PROGRAMS.stream().filter(program -> !isInstalled(program)).toList();
    assumeTrue(missing.isEmpty(), "needs Slurm, of which there is no " + missing);
    Path script = Path.of("src/test/resources/slurm/start.sh").toAbsolutePath();
    daemons =
        new ProcessBuilder("sh", script.toString(), slurm().toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String said =
        new BufferedReader(new InputStreamReader(daemons.getInputStream(), StandardCharsets.UTF_8))
            .readLine();
    assertThat(said).as("what the daemons say").isEqualTo("ready");

    config =
        TinySweep.write(
            folder.resolve("tiny.yaml"),
            "1e10, 2e10, 4e10",
            4,
            "training: {learning_rate: 0.01, batch_tokens: 64, seeds: 1, control: none}",
            "evaluation: {tokens: 4000}",
            "limits: {epochs: 1e6}");
    // Blanks and what Slurm replaces in the names of logs.
    sweep = new SweepFolder(folder.resolve("50%A of it"));
  }

  @AfterEach
  void stopSlurm() throws Exception {
    if (daemons != null) {
      daemons.getOutputStream().close();
      daemons.waitFor();
    }
  }

  @Test
  void anArrayEndsInAnAnalysedFolderWithTheLocalPointsWhateverBecomesOfItsTasks() throws Exception {
    assertThat(submit("--partition=none"))
        .startsWith("2 isoflop: --sbatch: Slurm refuses ")
        .contains("workers.sh (", "Invalid partition name specified");

    String array = workers(submit("--partition=p --gres=gpu:1"));
    await(() -> logs().contains(" from step 0"));
    assertThat(submit()).startsWith("0 nothing to submit as yet: Slurm has workers (job " + array);
    assertThat(isoflop("status", sweep.path().toString()))
        .contains("slurm: workers (job " + array + "): ", "analysis (job ", "(Dependency)");

    // Slurm takes a task's node away and has it wait two minutes, which a test will not. A person
    // cancels the other, which would train all that is left meanwhile.
    await(() -> logs().contains("CUDA_VISIBLE_DEVICES=0") && logs().contains("DEVICES=1"));
    slurm("scontrol", "requeue", array + "_0");
    slurm("scancel", array + "_1");
    await(() -> !slurm("squeue", "-h", "-r", "-t", "pending", "-j", array).isEmpty());
    slurm("scontrol", "update", "job", array + "_0", "StartTime=now");
    await(() -> logs().contains("SLURM_ARRAY_TASK_ID=0, SLURM_RESTART_COUNT=1"));

    // Then all are cancelled, and what is missing is submitted again.
    slurm("scancel", "--name=isoflop-50_A_of_it");
    awaitNothingQueued();
    assertThat(states()).contains(State.LEFT).doesNotContain(State.FAILED);
    JobStatus blocked =
        SweepStatus.read(sweep).jobs().stream()
            .filter(job -> job.state() == State.LEFT && !job.id().contains("trunk"))
            .findFirst()
            .orElseThrow();
    Files.writeString(sweep.job(blocked.id()).path(), "in the way");
    String second = workers(submit());
    assertThat(second).isNotEqualTo(array);
    awaitNothingQueued();

    // One job failed, and so the tasks; the rest is analysed all the same.
    assertThat(slurm("scontrol", "-o", "show", "job", second)).contains("JobState=FAILED");
    assertThat(states()).containsOnlyOnce(State.FAILED).doesNotContain(State.LEFT);
    assertThat(Files.readAllLines(sweep.points())).hasSize(12);
    assertThat(sweep.path().resolve("report.html")).exists();
    Files.delete(sweep.job(blocked.id()).path());
    assertThat(submit()).startsWith("0 1 worker is job ");
    awaitNothingQueued();

    assertThat(states()).containsOnly(State.DONE);
    SweepFolder local = new SweepFolder(folder.resolve("local"));
    TinySweep.of(config, local, 1).run(new SweepEvents(), () -> false);
    assertThat(PointsWithoutSeconds.of(sweep.points()))
        .isEqualTo(PointsWithoutSeconds.of(local.points()));
    assertThat(submit()).isEqualTo("0 nothing to submit: every job has ended, and is analysed.\n");
    assertThat(isoflop("status", sweep.path().toString()))
        .contains("slurm: nothing of this sweep is queued or running\n");
  }

  private Path slurm() {
    return folder.resolve("slurm");
  }

  /** Runs a command of Slurm's, and returns what it says. */
  private String slurm(String... command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("SLURM_CONF", slurm().resolve("slurm.conf").toString());
    return new String(builder.start().getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  /** Submits the sweep, and returns the exit code and what is said last. */
  private String submit(String... sbatch) throws Exception {
    List<String> command = new ArrayList<>(List.of("sweep", config.toString()));
    command.addAll(List.of("--out", sweep.path().toString(), "--device", "cpu"));
    command.addAll(List.of("--checkpoint-seconds", "0.1"));
    command.addAll(List.of("--executor", "slurm", "--workers", "2"));
    Stream.of(sbatch).forEach(option -> command.addAll(List.of("--sbatch", option)));
    String said = isoflop(command.toArray(String[]::new));
    int blank = said.lastIndexOf("\n\n");
    return said.substring(0, 2)
        + (blank > 0
            ? said.substring(blank + 2)
            : said.replaceFirst("(?s).*\ndevice [^\n]*\n", ""));
  }

  private static String workers(String submitted) {
    Matcher workers = WORKERS.matcher(submitted);
    assertThat(workers.find()).as(submitted).isTrue();
    return workers.group(1);
  }

  /** Runs the program, and returns its exit code and what it says. */
  private String isoflop(String... arguments) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(IsoflopProcess.command(List.of(), arguments)).redirectErrorStream(true);
    builder.environment().put("SLURM_CONF", slurm().resolve("slurm.conf").toString());
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return process.waitFor() + " " + said;
  }

  private void awaitNothingQueued() throws Exception {
    await(() -> slurm("squeue", "-h", "-r").isEmpty());
  }

  private String logs() throws IOException {
    StringBuilder all = new StringBuilder();
    try (Stream<Path> logs = Files.list(sweep.workerLogs())) {
      for (Path log : logs.toList()) {
        all.append(Files.readString(log));
      }
    }
    return all.toString();
  }

  private List<State> states() {
    return SweepStatus.read(sweep).jobs().stream().map(JobStatus::state).toList();
  }

  private static boolean isInstalled(String program) {
    return Stream.of((System.getenv("PATH") + ":/usr/sbin").split(":", -1))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }
}
