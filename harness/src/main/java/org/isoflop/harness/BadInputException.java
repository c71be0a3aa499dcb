package org.isoflop.harness;

import com.google.errorprone.annotations.FormatMethod;

/**
 * The user's input is wrong, and nothing has been written: a configuration, a CSV, a corpus, a
 * folder or a flag. The command line prints the message as one line and exits with 2.
 *
 * <p>The message names the file, the key or line, what was found and what would do.
 */
public final class BadInputException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Takes the one line the user reads. */
  public BadInputException(String message) {
    super(message.replaceAll("\\s*\\R\\s*", " "));
  }

  /** Takes the one line the user reads, formatted as {@link String#format} does. */
  @FormatMethod
  public static BadInputException of(String format, Object... arguments) {
    return new BadInputException(String.format(format, arguments));
  }
}
