package org.isoflop.harness.analysis.points;

import java.util.Locale;
import java.util.Set;

/** How runs end, in the words of trackers and schedulers, whatever their case. */
enum RunStatus {
  DONE,
  NOT_DONE,
  /** Its loss is no measure of its size, which says something of its setting. */
  DIVERGED,
  /** Done, with another setting than the best of its cell. */
  SUPERSEDED,
  /** A separate run beside a branch of the same cell. */
  VERIFICATION,
  /** Another learning rate beside the point of a cell, whether it diverged or not. */
  CONTROL,
  UNKNOWN;

  private static final Set<String> DONE_WORDS =
      words("done finished finish completed complete success succeeded successful ok");

  private static final Set<String> NOT_DONE_WORDS =
      words(
          "crashed crash failed failure fail error errored killed running run preempted preempting"
              + " stopped stopping oom outofmemory timeout timedout cancelled"
              + " canceled pending queued scheduled starting interrupted aborted paused suspended"
              + " nodefail nan incomplete unfinished");

  private static final Set<String> DIVERGED_WORDS = words("diverged diverging");

  private static final String SUPERSEDED_WORD = "superseded";
  private static final String VERIFICATION_WORD = "verification";
  private static final String CONTROL_WORD = "control";

  private static Set<String> words(String all) {
    return Set.of(all.split(" "));
  }

  /**
   * Returns what a word means; one that is not there says that the run is not done.
   *
   * @param said words that the user has said mean done
   */
  static RunStatus of(String word, Set<String> said) {
    String plain = plain(word);
    if (DONE_WORDS.contains(plain) || said.stream().map(RunStatus::plain).anyMatch(plain::equals)) {
      return DONE;
    }
    if (DIVERGED_WORDS.contains(plain)) {
      return DIVERGED;
    }
    if (plain.equals(SUPERSEDED_WORD)) {
      return SUPERSEDED;
    }
    if (plain.equals(VERIFICATION_WORD)) {
      return VERIFICATION;
    }
    if (plain.equals(CONTROL_WORD)) {
      return CONTROL;
    }
    return plain.isEmpty() || NOT_DONE_WORDS.contains(plain) ? NOT_DONE : UNKNOWN;
  }

  private static String plain(String word) {
    return word.strip().toLowerCase(Locale.ROOT).replaceAll("[-_ ]", "");
  }
}
