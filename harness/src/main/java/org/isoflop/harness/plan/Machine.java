package org.isoflop.harness.plan;

import static org.isoflop.harness.plan.Checks.check;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.isoflop.harness.BadInputException;
import org.isoflop.harness.Quantities;
import org.isoflop.models.DeviceMemory;

/**
 * What a plan is to run on, and whether it fits there.
 *
 * @param gpus whose jobs share one each; 0 where they run on one processor each
 * @param slots jobs at once, on each GPU where there are some
 * @param processors of the machine
 * @param memory of the device, of the first GPU for all, where that can be told
 */
public record Machine(int gpus, int slots, int processors, Optional<DeviceMemory> memory) {

  /** What Java and libtorch take before any job does (measured: 210 MiB; a corpus, the screen). */
  private static final long PROCESS_BYTES = 300 << 20;

  /** What each of several workers takes besides, being a process of its own (measured: 200 MiB). */
  private static final long WORKER_BYTES = 200 << 20;

  /** Refuses values out of range with {@link IllegalArgumentException}. */
  public Machine {
    check(gpus >= 0, "GPUs must not be negative, are %d", gpus);
    check(slots >= 1, "slots must be at least 1, are %d", slots);
    check(processors >= 1, "processors must be at least 1, are %d", processors);
  }

  private boolean gpu() {
    return gpus > 0;
  }

  /** Returns how many jobs run at once. */
  public int workers() {
    return Math.max(1, gpus) * slots;
  }

  /**
   * Returns how many jobs at once are sure to be as fast as one alone: one a processor, or one on a
   * GPU, where several are faster only as far as each is too small to fill it.
   */
  public int lanes() {
    return gpu() ? gpus : Math.min(slots, processors);
  }

  /** Returns the passes that each of the jobs at once has room for. */
  public Passes passes(Optional<Integer> asked) {
    return Passes.shared(asked, memory, gpu() ? 0 : overhead(slots), slots, gpu());
  }

  /** Returns what is suspicious about running a plan here, one sentence each, with what to do. */
  public List<String> warnings(Plan plan) {
    List<String> warnings = new ArrayList<>();
    if (!gpu() && slots > processors) {
      warnings.add(
          Quantities.format(
              "--slots %d is more than the %d processors here: no faster than --slots %d, and it"
                  + " takes more memory.",
              slots, processors, processors));
    }
    memory.ifPresent(here -> memory(plan, here).ifPresent(warnings::add));
    return warnings;
  }

  /**
   * Checks that every job can be trained here, if only alone; one may plan for another machine.
   *
   * @throws BadInputException if one cannot
   */
  public void checkFits(Plan plan) {
    JobForecast largest =
        plan.forecasts().stream()
            .max(Comparator.comparingLong(JobForecast::memoryBytes))
            .orElseThrow();
    double bytes = needed(List.of(largest), 1);
    memory
        .filter(here -> bytes > Passes.ESTIMATE_ERROR * here.totalBytes())
        .ifPresent(
            here -> {
              throw BadInputException.of(
                  "%s: %s alone needs about %s of memory, and %s has %s; %sleave out such sizes",
                  shortest(largest) ? "grid" : "training.micro_batch_tokens",
                  largest.job().id(),
                  Quantities.bytes(bytes),
                  gpu() ? "this GPU" : "this machine",
                  Quantities.bytes((double) here.totalBytes()),
                  shortest(largest) ? "" : "lower it, or ");
            });
  }

  private Optional<String> memory(Plan plan, DeviceMemory here) {
    List<JobForecast> largest =
        plan.forecasts().stream()
            .sorted(Comparator.comparingLong(JobForecast::memoryBytes).reversed())
            .limit(slots)
            .toList();
    JobForecast one = largest.get(0);
    String place = gpu() ? "this GPU" : "this machine";
    if (needed(largest, largest.size()) <= here.availableBytes()) {
      return Optional.empty();
    }
    int fitting = largest.size();
    while (fitting > 0 && needed(largest, fitting) > here.availableBytes()) {
      fitting--;
    }
    return Optional.of(
        Quantities.format(
            "%s may need about %s of memory, of which %s has %s free; use %s.",
            largest.size() == 1
                ? one.job().id()
                : largest.size() + " jobs at a time (" + one.job().id() + " the largest)",
            Quantities.bytes(needed(largest, largest.size())),
            place,
            Quantities.bytes((double) here.availableBytes()),
            Stream.of(
                    fitting > 0 ? "--slots " + fitting : "",
                    shortest(one) ? "" : "a lower training.micro_batch_tokens",
                    fitting == 0 && shortest(one) ? "smaller sizes" : "")
                .filter(advice -> !advice.isEmpty())
                .collect(Collectors.joining(" or "))));
  }

  private static boolean shortest(JobForecast forecast) {
    return forecast.passTokens() <= forecast.job().decoder().options().context();
  }

  /** Returns the bytes that processes on a CPU take besides their jobs. */
  private static double overhead(int workers) {
    return PROCESS_BYTES + (workers > 1 ? workers * WORKER_BYTES : 0);
  }

  /** Returns the bytes of the first few jobs at once. */
  private double needed(List<JobForecast> largest, int count) {
    double jobs =
        largest.stream().limit(count).mapToDouble(job -> (double) job.memoryBytes()).sum();
    return gpu() ? jobs : overhead(count) + jobs;
  }
}
