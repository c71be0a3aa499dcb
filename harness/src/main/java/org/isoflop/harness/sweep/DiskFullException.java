package org.isoflop.harness.sweep;

import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * The disk had no room for what a job must write. It would have none for any other job either, so
 * none is to blame and all stop.
 */
public final class DiskFullException extends UncheckedIOException {

  private static final long serialVersionUID = 1L;

  /** What a worker exits with: {@code EX_IOERR} of sysexits.h. */
  public static final int EXIT_CODE = 74;

  private static final String ADVICE =
      "; the jobs that ended and the last checkpoints of the others are safe. Free some space, and"
          + " the same command goes on from here";

  /** Takes what could not be written, such as {@code disk full: cannot write a.csv}. */
  DiskFullException(String reason) {
    super(reason + ADVICE, new IOException(reason));
  }
}
