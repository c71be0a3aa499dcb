package org.isoflop.harness;

import java.io.IOException;
import java.util.List;

/** Programs of the operating system that a test asks for help. */
public final class Programs {

  private Programs() {}

  /** Runs a program; returns whether it is there and succeeds, and forgets what it says. */
  public static boolean succeeds(List<String> command) throws InterruptedException {
    try {
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false; // there is no such program
    }
  }

  /** The same with the words of the command one after the other. */
  public static boolean succeeds(String... command) throws InterruptedException {
    return succeeds(List.of(command));
  }
}
