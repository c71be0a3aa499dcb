package org.isoflop.harness.sweep;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import org.isoflop.harness.plan.Job;
import org.isoflop.harness.plan.Lineages;

/**
 * The end states of a sweep's trunks: each goes when every job that goes on from it has ended, but
 * for that of a trunk's tip, from which larger budgets can go on.
 */
final class EndStates {

  private final SweepFolder folder;
  private final Lineages lineages;

  EndStates(SweepFolder folder, Lineages lineages) {
    this.folder = folder;
    this.lineages = lineages;
  }

  /** Deletes what a job that has ended was the last to need; one at a time does. */
  void dropFor(Job ended) {
    Optional<Job> unneeded =
        lineages
            .parent(ended)
            .filter(parent -> !isTip(parent))
            .filter(parent -> lineages.children(parent).stream().allMatch(this::hasEnded));
    if (unneeded.isPresent()) {
      try (LockFile.Held held = folder.pointsLock().hold()) {
        folder.job(unneeded.get().id()).deleteEnd();
      } catch (IOException e) {
        throw new UncheckedIOException("cannot lock " + folder.path() + ": " + e.getMessage(), e);
      }
    }
  }

  private boolean isTip(Job stretch) {
    List<Job> children = lineages.children(stretch);
    return children.stream().allMatch(child -> child.horizon().isPresent());
  }

  private boolean hasEnded(Job job) {
    return Files.exists(folder.job(job.id()).result());
  }
}
