package org.isoflop.harness.analysis.points;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** How runs end, in the words of trackers and schedulers, whatever their case. */
enum RunStatus {
  DONE("done finished finish completed complete success succeeded successful ok"),
  NOT_DONE(
      "crashed crash failed failure fail error errored killed running run preempted preempting"
          + " stopped stopping oom outofmemory timeout timedout cancelled"
          + " canceled pending queued scheduled starting interrupted aborted paused suspended"
          + " nodefail nan incomplete unfinished"),
  /** Its loss is no measure of its size, which says something of its setting. */
  DIVERGED("diverged diverging"),
  /** Done, with another setting than the best of its cell. */
  SUPERSEDED("superseded"),
  /** A separate run beside a branch of the same cell. */
  VERIFICATION("verification"),
  /** Another learning rate beside the point of a cell, whether it diverged or not. */
  CONTROL("control"),
  UNKNOWN("");

  private final List<String> words;

  RunStatus(String words) {
    this.words = List.of(words.split(" "));
  }

  /**
   * Returns what a word means; one that is not there says that the run is not done.
   *
   * @param said words that the user has said mean done
   */
  static RunStatus of(String word, Collection<String> said) {
    String plain = plain(word);
    if (said.stream().map(RunStatus::plain).anyMatch(plain::equals)) {
      return DONE;
    }
    return plain.isEmpty()
        ? NOT_DONE
        : Arrays.stream(values())
            .filter(status -> status.words.contains(plain))
            .findFirst()
            .orElse(UNKNOWN);
  }

  private static String plain(String word) {
    return word.strip().toLowerCase(Locale.ROOT).replaceAll("[-_ ]", "");
  }
}
