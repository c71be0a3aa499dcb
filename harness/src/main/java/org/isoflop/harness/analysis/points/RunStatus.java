package org.isoflop.harness.analysis.points;

import java.util.Locale;
import java.util.Set;

/** How runs end, in the words of trackers and schedulers, whatever their case. */
enum RunStatus {
  DONE,
  NOT_DONE,
  UNKNOWN;

  private static final Set<String> DONE_WORDS =
      words("done finished finish completed complete success succeeded successful ok");

  private static final Set<String> NOT_DONE_WORDS =
      words(
          "crashed crash failed failure fail error errored killed running run preempted preempting"
              + " stopped stopping diverged diverging oom outofmemory timeout timedout cancelled"
              + " canceled pending queued scheduled starting interrupted aborted paused suspended"
              + " nodefail nan incomplete unfinished");

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
    return plain.isEmpty() || NOT_DONE_WORDS.contains(plain) ? NOT_DONE : UNKNOWN;
  }

  private static String plain(String word) {
    return word.strip().toLowerCase(Locale.ROOT).replaceAll("[-_ ]", "");
  }
}
