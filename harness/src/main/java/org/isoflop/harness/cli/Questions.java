package org.isoflop.harness.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.function.Function;
import org.isoflop.harness.BadInputException;

/**
 * Asks a person for what no flag has said, and again where an answer will not do. Where there is
 * nobody to ask, an answer that is missing or will not do ends the command.
 */
final class Questions {

  private final Optional<BufferedReader> person;
  private final PrintWriter out;
  private boolean ended;

  /**
   * Prepares to ask.
   *
   * @param person where the answers come from; empty where nobody answers
   * @param out where the questions go
   */
  Questions(Optional<Reader> person, PrintWriter out) {
    this.person = person.map(BufferedReader::new);
    this.out = out;
  }

  /** Refuses what no flag says, where there is nobody to ask. */
  void checkAnswerable(String flag, Optional<String> given) {
    if (given.isEmpty() && person.isEmpty()) {
      throw missing(flag, "there is no terminal to ask at");
    }
  }

  /**
   * Returns an answer.
   *
   * @param flag that says it too
   * @param given what the flag says
   * @param question to a person, who answers in a line
   * @param usual the answer of an empty line, and where nobody answers
   * @param reads an answer, or refuses it with {@link BadInputException}
   */
  <T> T answer(
      String flag,
      Optional<String> given,
      String question,
      Optional<String> usual,
      Function<String, T> reads) {
    if (given.isPresent() || person.isEmpty()) {
      checkAnswerable(flag, given.or(() -> usual));
      return reads.apply(given.or(() -> usual).get());
    }
    while (true) {
      out.print(question + usual.map(answer -> " [" + answer + "]").orElse("") + ": ");
      out.flush();
      String line = line(flag).strip();
      if (line.isEmpty() && usual.isEmpty()) {
        continue;
      }
      try {
        return reads.apply(line.isEmpty() ? usual.get() : line);
      } catch (BadInputException e) {
        if (ended) {
          throw e; // of a question within this one
        }
        out.println(e.getMessage());
      }
    }
  }

  private String line(String flag) {
    try {
      String line = person.orElseThrow().readLine();
      if (line == null) {
        out.println();
        ended = true;
        throw missing(flag, "the answers have ended");
      }
      return line;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the answer: " + e.getMessage(), e);
    }
  }

  private static BadInputException missing(String flag, String why) {
    return BadInputException.of("%s: is missing, and %s; give it as a flag", flag, why);
  }
}
