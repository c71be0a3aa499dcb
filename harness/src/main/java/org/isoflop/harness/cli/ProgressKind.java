package org.isoflop.harness.cli;

import java.io.PrintWriter;
import picocli.CommandLine.Option;

/** How a sweep's progress is shown. */
enum ProgressKind {
  /** Bars on a terminal, lines elsewhere. */
  AUTO,
  /** Bars that are redrawn. */
  BARS,
  /** A line now and then. */
  LINES,
  /** Only what a person must read. */
  NONE;

  /** The launcher says whether a person is watching; Java cannot tell for one stream alone. */
  private static final boolean ON_A_TERMINAL = Boolean.getBoolean("isoflop.terminal");

  /** The option of the commands that train. */
  static final class Asked {

    @Option(
        names = "--progress",
        paramLabel = "auto|bars|lines|none",
        defaultValue = "auto",
        description =
            "How to show kind; auto is bars on a terminal and lines elsewhere. Default:"
                + " ${DEFAULT-VALUE}.")
    private ProgressKind kind;

    SweepDisplay display(SweepHeader header, PrintWriter err) {
      return kind.display(header, err);
    }
  }

  SweepDisplay display(SweepHeader header, PrintWriter err) {
    return switch (this) {
      case BARS -> new BarDisplay(header, err);
      case LINES -> new LineDisplay(header, err, true);
      case NONE -> new LineDisplay(header, err, false);
      case AUTO -> (ON_A_TERMINAL ? BARS : LINES).display(header, err);
    };
  }
}
