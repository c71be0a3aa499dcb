package org.isoflop.harness.sweep;

import java.util.List;
import java.util.stream.Collectors;

/** The schedulers there are. */
public final class Schedulers {

  /** A line each. */
  public static final List<Scheduler> ALL = List.of(new Slurm());

  private Schedulers() {}

  /** Returns their keys, for a sentence. */
  public static String keys() {
    return ALL.stream().map(Scheduler::key).collect(Collectors.joining(" or "));
  }
}
